package rules.entitlement.assignment_expiry_test

import data.rules.entitlement.assignment_expiry as rule

_management := ["governance", "entitlementManagement"]

_policy(change) := object.union(
	{
		"id": "p1",
		"displayName": "Partners",
		"allowedTargetScope": "allExternalUsers",
		"expiration": {"type": "afterDuration", "duration": "P90D"},
		"requestorSettings": {"enableTargetsToSelfUpdateAccess": true},
		"requestApprovalSettings": {"isApprovalRequiredForUpdate": true},
		"accessPackage": {"id": "a1", "displayName": "Project"},
	},
	change,
)

_held(change) := object.union(
	{
		"id": "x1",
		"state": "delivered",
		"target": {"objectId": "g1", "displayName": "Adele Vance", "principalName": "adele.vance@fabrikam.com"},
		"schedule": {"expiration": {"type": "afterDateTime", "endDateTime": "2026-12-20T08:00:00Z"}},
		"accessPackage": {"id": "a1", "displayName": "Project"},
	},
	change,
)

_document(policies, assignments) := {
	"collection": {"collectedAt": "2026-11-20T08:00:00Z"},
	"tenant": {"organization": {"verifiedDomains": [{"name": "contoso.com"}]}},
	"governance": {"entitlementManagement": {"assignmentPolicies": policies, "assignments": assignments}},
}

_found(policies, assignments) := found if {
	found := rule.findings with input as _document(policies, assignments)
}

_asked(policies, assignments) := asked if {
	asked := rule.unknowns with input as _document(policies, assignments)
}

_of_policy(steps, message) := {{
	"path": array.concat(_management, array.concat(["assignmentPolicies", 0], steps)),
	"message": $"'Partners' of 'Project': {message}",
}}

_of_assignment(steps, message) := {{
	"path": array.concat(_management, array.concat(["assignments", 0], steps)),
	"message": message,
}}

test_access_without_an_end_is_reported if {
	every type in ["noExpiration", "notSpecified"] {
		policies := [_policy({"expiration": {"type": type, "duration": null}})]
		_found(policies, []) == _of_policy(["expiration"], "access never ends")
		_asked(policies, []) == set()
	}
}

test_a_late_end_is_reported if {
	policies := [_policy({"expiration": {"duration": "P366D"}})]
	_found(policies, []) == _of_policy(["expiration"], "access ends after 366 days; 365 are allowed")
	_found([_policy({"expiration": {"duration": "P365DT1H"}})], []) == _found(policies, [])
	_found([_policy({"expiration": {"duration": "P365D"}})], []) == set()
	rule.findings == set() with input as _document(policies, [])
		with data.settings.access_packages.max_assignment_days as 366
}

test_a_date_is_an_end if {
	far := {"type": "afterDateTime", "endDateTime": "2027-11-21T08:00:00Z"}
	_found([_policy({"expiration": far})], []) == _of_policy(
		["expiration"],
		"access ends after 366 days; 365 are allowed",
	)
	near := {"type": "afterDateTime", "endDateTime": "2027-11-20T08:00:00Z"}
	_found([_policy({"expiration": near})], []) == set()
}

test_an_end_in_time_passes if {
	_found([_policy({})], [_held({})]) == set()
	_asked([_policy({})], [_held({})]) == set()
	rule.not_applicable == set() with input as _document([_policy({})], [_held({})])
}

test_an_end_that_cannot_be_read_is_unknown if {
	every expiration in [{"type": null}, {"type": "zzz"}, {"duration": "P1Y"}] {
		policies := [_policy({"expiration": expiration})]
		_found(policies, []) == set()
		_asked(policies, []) == _of_policy(["expiration"], "the snapshot does not tell when access ends")
	}
	count(_asked([object.remove(_policy({}), ["expiration"])], [])) == 1
}

test_extension_without_approval_is_reported if {
	steps := ["requestApprovalSettings", "isApprovalRequiredForUpdate"]
	policies := [_policy({"requestApprovalSettings": {"isApprovalRequiredForUpdate": false}})]
	_found(policies, []) == _of_policy(steps, "outsiders extend their access without approval")
	_asked(policies, []) == set()
	rule.findings == set() with input as _document(policies, [])
		with data.settings.access_packages.self_extension_allowed as true
	closed := object.union(policies[0], {"requestorSettings": {"enableTargetsToSelfUpdateAccess": false}})
	_found([closed], []) == set()
	_asked([closed], []) == set()
	endless := object.union(policies[0], {"expiration": {"type": "noExpiration"}})
	_found([endless], []) == _of_policy(["expiration"], "access never ends")
}

test_extension_that_cannot_be_read_is_unknown if {
	steps := ["requestApprovalSettings", "isApprovalRequiredForUpdate"]
	every change in [
		{"requestApprovalSettings": null},
		{"requestorSettings": null, "requestApprovalSettings": {"isApprovalRequiredForUpdate": false}},
		{"requestorSettings": null, "requestApprovalSettings": null},
	] {
		policies := [_policy(change)]
		_found(policies, []) == set()
		_asked(policies, []) == _of_policy(
			steps,
			"the snapshot does not tell whether outsiders extend without approval",
		)
	}
	_asked([_policy({"requestorSettings": null})], []) == set()
}

test_what_outsiders_hold_without_an_end_is_reported if {
	every type in ["noExpiration", "notSpecified"] {
		assignments := [_held({"schedule": {"expiration": {"type": type}}})]
		_found([], assignments) == _of_assignment(
			["schedule", "expiration"],
			"Adele Vance holds 'Project' without an end",
		)
		_asked([], assignments) == set()
		rule.not_applicable == set() with input as _document([], assignments)
	}
}

test_external_members_count if {
	target := {"principalName": "adele_fabrikam.com#EXT#@contoso.com"}
	assignments := [_held({"target": target, "schedule": {"expiration": {"type": "noExpiration"}}})]
	count(_found([], assignments)) == 1
}

test_what_outsiders_hold_for_too_long_is_reported if {
	late := [_held({"schedule": {"expiration": {"endDateTime": "2027-11-21T08:00:00Z"}}})]
	_found([], late) == _of_assignment(
		["schedule", "expiration"],
		"Adele Vance holds 'Project' for another 366 days; 365 are allowed",
	)
	in_time := [_held({"schedule": {"expiration": {"endDateTime": "2027-11-20T08:00:00Z"}}})]
	_found([], in_time) == set()
	_asked([], in_time) == set()
}

test_what_insiders_hold_is_not_judged if {
	endless := {"schedule": {"expiration": {"type": "noExpiration"}}}
	inside := _held(object.union(endless, {"target": {"principalName": "ann@contoso.com"}}))
	program := _held(object.union(endless, {"target": {"subjectType": "servicePrincipal"}}))
	past := [_held(object.union(endless, {"state": state})) | some state in ["expired", "deliveryFailed"]]
	assignments := array.concat([inside, program], past)
	_found([], assignments) == set()
	_asked([], assignments) == set()
	rule.not_applicable == {"no access package can be requested by outsiders, and none holds one"}
		with input as _document([], assignments)
}

test_a_state_that_is_not_known_is_judged if {
	endless := _held({"schedule": {"expiration": {"type": "noExpiration"}}})
	every state in [null, "zzz", "delivering", "partiallyDelivered"] {
		count(_found([], [object.union(endless, {"state": state})])) == 1
	}
	count(_found([], [object.remove(endless, ["state"])])) == 1
}

test_an_assignment_that_does_not_tell_its_end_is_unknown if {
	every schedule in [null, {"expiration": null}, {"expiration": {"type": "zzz"}}] {
		assignments := [object.union(_held({}), {"schedule": schedule})]
		_found([], assignments) == set()
		_asked([], assignments) == _of_assignment(
			["schedule", "expiration"],
			"Adele Vance holds 'Project'; the snapshot does not tell until when",
		)
	}
}

test_somebody_who_may_be_an_outsider_is_unknown if {
	who := "without an end in time; the snapshot does not tell whether that is an outsider"
	endless := {"schedule": {"expiration": {"type": "noExpiration"}}}
	nameless := _held(object.union(endless, {"target": {"principalName": null}}))
	_found([], [nameless]) == set()
	_asked([], [nameless]) == _of_assignment(["target"], $"Adele Vance holds 'Project' {who}")
	nobody := object.remove(_held(endless), ["target"])
	_asked([], [nobody]) == _of_assignment(["target"], $"something without a name holds 'Project' {who}")
	in_time := _held({"target": {"principalName": null}})
	_asked([], [in_time]) == set()
	rule.not_applicable == set() with input as _document([], [in_time])
}

test_a_null_target_is_unknown if {
	endless := _held({"schedule": {"expiration": {"type": "noExpiration"}}})
	count(_asked([], [object.union(endless, {"target": null})])) == 1
}

test_a_scope_unheard_of_is_unknown if {
	count(_asked([_policy({"allowedTargetScope": "zzz"})], [])) == 1
}

test_missing_sections_say_nothing if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
	rule.not_applicable == set() with input as {}
}
