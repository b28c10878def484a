package rules.entitlement.outsider_approval_test

import data.rules.entitlement.outsider_approval as rule

_policies := ["governance", "entitlementManagement", "assignmentPolicies"]

_sponsor := {"@odata.type": "#microsoft.graph.internalSponsors"}

_colleague := {"@odata.type": "#microsoft.graph.externalSponsors"}

_user(id) := {"@odata.type": "#microsoft.graph.singleUser", "userId": id}

_stage(primary, fallback) := {
	"isEscalationEnabled": false,
	"primaryApprovers": primary,
	"fallbackPrimaryApprovers": fallback,
	"escalationApprovers": [],
	"fallbackEscalationApprovers": [],
}

_policy(scope, settings) := {
	"id": "p1",
	"displayName": "Partners",
	"allowedTargetScope": scope,
	"requestApprovalSettings": settings,
	"accessPackage": {"id": "a1", "displayName": "Project"},
}

_staged(stages) := [_policy("allExternalUsers", {"isApprovalRequiredForAdd": true, "stages": stages})]

_at(name, message) := {{
	"path": array.concat(_policies, [0, "requestApprovalSettings", name]),
	"message": $"'Partners' of 'Project'{message}",
}}

_document(policies) := {
	"governance": {
		"entitlementManagement": {"assignmentPolicies": policies, "connectedOrganizations": []},
		"pim": {"groupEligibility": []},
	},
	"groups": [{"id": "g1", "externalMembers": []}, {"id": "g2", "externalMembers": ["x2"]}],
	"guests": [{"id": "x1", "userType": "Guest"}, {"id": "x2", "userType": "Member"}],
}

_found(policies) := found if {
	found := rule.findings with input as _document(policies)
}

_asked(policies) := asked if {
	asked := rule.unknowns with input as _document(policies)
}

_of_group(id) := {"@odata.type": "#microsoft.graph.groupMembers", "groupId": id}

test_approval_by_external_users_is_reported if {
	every who in [_user("x1"), _user("x2"), _of_group("g2")] {
		stages := _staged([_stage([_sponsor, who], [])])
		_found(stages) == _at("stages", ": outsiders alone can approve requests")
		_asked(stages) == set()
	}
}

test_approvers_who_cannot_be_looked_up_are_unknown if {
	every who, missing in {_user("u1"): "guests", _of_group("g1"): "groups"} {
		stages := _staged([_stage([who], [])])
		document := object.remove(_document(stages), [missing])
		rule.findings == set() with input as document
		rule.unknowns == _at("stages", ": the snapshot does not tell who approves") with input as document
	}
}

test_access_without_approval_is_reported if {
	every scope, whom in {
		"allExternalUsers": "anybody on the internet",
		"allConfiguredConnectedOrganizationUsers": "people of every connected organisation",
		"specificConnectedOrganizationUsers": "people of connected organisations",
		"allDirectoryUsers": "guests of the directory",
	} {
		policies := [_policy(scope, {"isApprovalRequiredForAdd": false, "stages": []})]
		_found(policies) == _at("isApprovalRequiredForAdd", $" is granted to {whom} without anybody's approval")
		_asked(policies) == set()
	}
}

test_policies_for_others_are_not_judged if {
	policies := [
		_policy("allMemberUsers", {"isApprovalRequiredForAdd": false, "stages": []}),
		_policy("notSpecified", {"isApprovalRequiredForAdd": false, "stages": []}),
	]
	_found(policies) == set()
	rule.not_applicable == {"no access package can be requested by outsiders"}
		with input.governance.entitlementManagement.assignmentPolicies as policies
}

test_a_stage_of_insiders_passes if {
	every stages in [
		[_stage([_sponsor], [])],
		[_stage([], [_user("u1")])],
		[_stage([_user("u1")], [{"@odata.type": "#microsoft.graph.groupMembers", "groupId": "g1"}])],
		[_stage([_colleague], []), _stage([_sponsor], [_user("u1")])],
		[_stage([{"@odata.type": "#microsoft.graph.zzz"}], []), _stage([_sponsor], [])],
	] {
		_found(_staged(stages)) == set()
		_asked(_staged(stages)) == set()
	}
	rule.not_applicable == set()
		with input.governance.entitlementManagement.assignmentPolicies as _staged([_stage([_sponsor], [])])
}

test_approval_by_nobody_is_reported if {
	every stages in [[], [_stage([], [])]] {
		_found(_staged(stages)) == _at("stages", ": approval is required, but nobody approves")
		_asked(_staged(stages)) == set()
	}
}

test_approval_by_outsiders_is_reported if {
	every stages in [
		[_stage([_colleague], [])],
		[_stage([_colleague], [_user("u1")])],
		[_stage([_sponsor, _colleague], [])],
		[_stage([_colleague], []), _stage([], [])],
	] {
		_found(_staged(stages)) == _at("stages", ": outsiders alone can approve requests")
		_asked(_staged(stages)) == set()
	}
}

test_alternate_approvers_count if {
	stage := object.union(_stage([_sponsor], []), {"isEscalationEnabled": true, "escalationApprovers": [_colleague]})
	_found(_staged([stage])) == _at("stages", ": outsiders alone can approve requests")
	_found(_staged([object.union(stage, {"isEscalationEnabled": false})])) == set()
}

test_a_person_who_is_known_as_an_outsider_is_reported if {
	management := {
		"assignmentPolicies": _staged([_stage([_user("G1")], [])]),
		"connectedOrganizations": [{"id": "o1", "externalSponsors": [{"id": "g1"}]}],
	}
	rule.findings == _at("stages", ": outsiders alone can approve requests")
		with input.governance.entitlementManagement as management
}

# An external member holds a package; the name alone tells.
test_an_external_member_is_an_outsider if {
	management := {
		"assignmentPolicies": _staged([_stage([_user("m1")], [])]),
		"assignments": [{"id": "x", "target": {
			"objectId": "m1",
			"principalName": "mia_fabrikam.com#EXT#@contoso.onmicrosoft.com",
		}}],
	}
	rule.findings == _at("stages", ": outsiders alone can approve requests")
		with input.governance.entitlementManagement as management
}

test_approval_that_cannot_be_read_is_unknown if {
	every settings in [null, {}, {"isApprovalRequiredForAdd": null, "stages": [_stage([_sponsor], [])]}] {
		policies := [_policy("allExternalUsers", settings)]
		_found(policies) == set()
		_asked(policies) == _at(
			"isApprovalRequiredForAdd",
			": the snapshot does not tell whether requests are approved",
		)
	}
}

test_approvers_who_cannot_be_read_are_unknown if {
	odd := _stage([{"@odata.type": "#microsoft.graph.zzz"}], [])
	every stages in [null, [odd], [_stage(null, [])], [odd, _stage([_colleague], [])], [{}]] {
		_found(_staged(stages)) == set()
		_asked(_staged(stages)) == _at("stages", ": the snapshot does not tell who approves")
	}
}

test_a_scope_unheard_of_is_unknown if {
	policies := [_policy("zzz", {"isApprovalRequiredForAdd": true, "stages": [_stage([_sponsor], [])]})]
	count(_asked(policies)) == 1
	_found(policies) == set()
}

test_missing_policies_say_nothing if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
	rule.not_applicable == set() with input as {}
}
