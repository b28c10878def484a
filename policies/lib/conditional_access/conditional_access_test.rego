package lib.conditional_access_test

import data.lib.conditional_access as ca

_assume := {
	"A1": "yes", "A3": "no", "U1": "unknown", "U2": "unknown", "U3": "yes", "U4": "unknown", "U5": "unknown",
	"U6": "unknown", "U7": "unknown", "U8": "unknown", "U9": "yes", "U10": "unknown", "U11": "unknown",
	"U12": "unknown", "U13": "unknown", "U14": "unknown",
}

_three := {"yes": "yes", "unknown": "maybe", "no": "no"}

_assuming(name, value) := {"assume": object.union(_assume, {name: value})}

_tenant := {"assume": _assume}

_policy := {
	"id": "p",
	"state": "enabled",
	"conditions": {
		"users": {"includeUsers": ["All"]},
		"applications": {"includeApplications": ["All"]},
		"clientAppTypes": ["all"],
	},
}

_guest := {
	"kind": "b2bCollaborationGuest",
	"id": "Anna",
	"home_tenant": "Home",
	"identity_provider": "entra",
	"groups": {"Sure": "yes", "perhaps": "maybe", "gone": "deleted"},
	"roles": {"Sure": "yes", "perhaps": "maybe", "gone": "deleted"},
	"trust": {"mfa": "no", "compliant": "no", "hybrid": "no"},
}

_signin := {
	"user": _guest,
	"resource": {
		"type": "app",
		"id": "app",
		"names": {"Office365": "yes", "other": "maybe", "MicrosoftAdminPortals": "no"},
	},
	"client": "browser",
	"platform": "windows",
	"locations": {"Office": "yes", "roaming": "maybe", "gone": "deleted"},
	"trusted": "no",
	"device": {"registered": false, "compliant": false, "hybrid": false},
	"device_filters": {"p": "maybe"},
	"sign_in_risk": "low",
	"user_risk": "none",
	"insider_risk": "minor",
	"flow": "none",
}

_as(kind) := {"user": {"kind": kind}}

_truth(tenant, policy, signin) := "yes" if {
	ca.applies(tenant, policy, signin, "must")
	ca.applies(tenant, policy, signin, "may")
} else := "maybe" if {
	not ca.applies(tenant, policy, signin, "must")
	ca.applies(tenant, policy, signin, "may")
} else := "no" if {
	not ca.applies(tenant, policy, signin, "must")
}

_given(tenant, conditions, signin) := _truth(
	tenant,
	object.union(_policy, {"conditions": conditions}),
	object.union(_signin, signin),
)

_all(wanted, tenant, list, signin) if {
	every conditions in list {
		_given(tenant, conditions, signin) == wanted
	}
}

_users(users) := {"users": object.union({"includeUsers": []}, users)}

_applications(applications) := {"applications": object.union({"includeApplications": []}, applications)}

test_only_an_enabled_policy_applies if {
	_truth(_tenant, _policy, _signin) == "yes"
	every state in ["disabled", "enabledForReportingButNotEnforced", "Enabled", null, 1] {
		_truth(_tenant, object.union(_policy, {"state": state}), _signin) == "no"
	}
	_truth(_tenant, object.remove(_policy, ["state"]), _signin) == "no"
}

test_a_policy_without_users_or_for_workloads_applies_to_nobody if {
	_truth(_tenant, {"id": "p", "state": "enabled"}, _signin) == "no"
	_all("no", _tenant, [{"users": null}, {"users": "All"}, _users({}), _users({"includeUsers": ["None"]})], {})
	_given(_tenant, {"clientApplications": {"includeServicePrincipals": ["x"]}}, {}) == "no"
	_given(_tenant, {"clientApplications": {"includeServicePrincipals": []}}, {}) == "yes"
}

test_users_are_included_by_id_class_group_and_role if {
	_all(
		"yes", _tenant, [
			_users({"includeUsers": "x, anna"}),
			_users({"includeUsers": ["ANNA "]}),
			_users({"includeUsers": ["GuestsOrExternalUsers"]}),
			_users({"includeGroups": ["sure"]}),
			_users({"includeRoles": ["sure"]}),
		],
		{},
	)
	_all("maybe", _tenant, [_users({"includeGroups": ["Perhaps"]}), _users({"includeRoles": ["perhaps"]})], {})
	_all(
		"no", _tenant, [
			_users({"includeUsers": ["x", 1, ""]}),
			_users({"includeGroups": ["x"]}),
			_users({"includeUsers": ["sure"]}),
		],
		{},
	)
	_given(_tenant, _users({"includeUsers": ["GuestsOrExternalUsers"]}), _as("internalMember")) == "no"
	_given(_tenant, _users({"includeUsers": ["null"]}), {"user": {"id": null}}) == "no"
}

test_users_are_excluded_in_the_other_reading if {
	_all(
		"no", _tenant, [
			{"users": {"excludeUsers": ["anna"]}},
			{"users": {"excludeUsers": ["All"]}},
			{"users": {"excludeGroups": ["x", "sure"]}},
			{"users": {"excludeRoles": ["sure"]}},
			{"users": {"excludeGuestsOrExternalUsers": {"guestOrExternalUserTypes": "internalGuest, b2bCollaborationGuest"}}},
		],
		{},
	)
	_given(_tenant, {"users": {"excludeGroups": ["perhaps"]}}, {}) == "maybe"
	_all("yes", _tenant, [{"users": {"excludeGroups": ["gone"]}}, {"users": {"excludeUsers": null}}], {})
}

test_a1_all_reaches_users_without_an_object if {
	every value, truth in _three {
		_all(truth, _assuming("A1", value), [{}], _as("serviceProvider"))
		_all(truth, _assuming("A1", value), [{}], _as("b2bDirectConnectUser"))
		_all("yes", _assuming("A1", value), [{}], _as("otherExternalUser"))
	}
}

test_u2_a_deleted_group_or_role_is_included if {
	every value, truth in _three {
		_all(truth, _assuming("U2", value), [_users({"includeGroups": ["gone"]}), _users({"includeRoles": ["gone"]})], {})
		_all("yes", _assuming("U2", value), [{"users": {"excludeRoles": ["gone"]}}], {})
	}
}

_from(types, tenants) := _users({"includeGuestsOrExternalUsers": {
	"guestOrExternalUserTypes": types,
	"externalTenants": tenants,
}})

_enumerated := {"membershipKind": "enumerated", "members": ["x", "HOME"]}

test_guests_are_included_by_kind_and_tenant if {
	types := "internalGuest, b2bCollaborationGuest"
	_all(
		"yes", _tenant, [
			_from(types, null),
			_from([types, "b2bCollaborationGuest"], {"membershipKind": "all"}),
			_from(types, {"membershipKind": null, "members": null}),
			_from(types, _enumerated),
		],
		{},
	)
	_all(
		"no", _tenant, [
			_from("internalGuest", null),
			_from("none", null),
			_from("", null),
			_from(types, {"membershipKind": "enumerated", "members": ["x"]}),
			_users({"includeGuestsOrExternalUsers": {}}),
		],
		{},
	)
	_all("maybe", _tenant, [_from("unknownFutureValue", null), _from(types, {"membershipKind": "some"})], {})
	_given(_tenant, _from("internalMember", null), _as("internalMember")) == "maybe"
}

test_a_tenant_that_is_not_known_may_be_enumerated if {
	every provider in ["entra", "unknown"] {
		who := {"user": {"home_tenant": null, "identity_provider": provider}}
		_given(_tenant, _from("b2bCollaborationGuest", _enumerated), who) == "maybe"
		_given(_tenant, _from("b2bCollaborationGuest", {"membershipKind": "enumerated"}), who) == "no"
	}
}

test_a3_and_u1_enumerated_tenants_reach_guests_without_one if {
	every value, truth in _three {
		from := _from("b2bCollaborationGuest,internalGuest", _enumerated)
		_given(_assuming("A3", value), from, {"user": {"identity_provider": "other"}}) == truth
		_given(_assuming("U1", value), from, _as("internalGuest")) == truth
	}
}

test_u6_exchange_activesync_spares_nobody if {
	eas := {"clientAppTypes": ["exchangeActiveSync"], "users": {"excludeUsers": ["anna"]}}
	kinds := [
		"internalGuest",
		"b2bCollaborationGuest",
		"b2bCollaborationMember",
		"b2bDirectConnectUser",
		"otherExternalUser",
		"serviceProvider",
	]
	every value, truth in _three {
		every users in [
			{},
			{"includeUsers": ["GuestsOrExternalUsers"]},
			{"includeUsers": [], "includeRoles": ["sure"]},
			_from(kinds, null).users,
		] {
			conditions := object.union(eas, {"users": users})
			_given(_assuming("U6", value), conditions, {"client": "exchangeActiveSync"}) == truth
			_given(_assuming("U6", value), conditions, {"client": "easSupported"}) == truth
		}
	}
	yes := _assuming("U6", "yes")
	_given(yes, object.union(eas, {"clientAppTypes": ["all"]}), {"client": "exchangeActiveSync"}) == "no"
	_given(yes, object.union(eas, _users({"includeGroups": ["sure"]})), {"client": "easSupported"}) == "no"
	_given(yes, object.union(eas, _from(kinds, _enumerated)), {"client": "easSupported"}) == "no"
	_given(yes, object.union(eas, {"clientAppTypes": ["exchangeActiveSync", "browser"]}), {}) == "no"
}

test_applications_are_chosen_by_id_and_name if {
	_all(
		"yes", _tenant, [
			_applications({"includeApplications": ["APP"]}),
			_applications({"includeApplications": "x, office365"}),
			{"applications": {"excludeApplications": ["x", "MicrosoftAdminPortals"]}},
		],
		{},
	)
	_all(
		"maybe", _tenant, [
			_applications({"includeApplications": ["other"]}),
			{"applications": {"excludeApplications": ["Other"]}},
		],
		{},
	)
	_all(
		"no", _tenant, [
			{"applications": null},
			_applications({"includeApplications": ["None"]}),
			_applications({"includeApplications": ["MicrosoftAdminPortals"]}),
			{"applications": {"excludeApplications": ["app"]}},
			{"applications": {"excludeApplications": ["Office365"]}},
			{"applications": {"excludeApplications": ["All"]}},
		],
		{},
	)
}

test_applications_are_chosen_by_filter if {
	include := _applications({"applicationFilter": {"mode": "include", "rule": "r"}})
	exclude := {"applications": {"applicationFilter": {"mode": "exclude", "rule": "r"}}}
	every truth, opposite in {"yes": "no", "maybe": "maybe", "no": "yes"} {
		_given(_tenant, include, {"resource": {"filters": {"p": truth}}}) == truth
		_given(_tenant, exclude, {"resource": {"filters": {"p": truth}}}) == opposite
		some value, wanted in _three
		wanted == truth
		_given(_assuming("U4", value), include, {}) == truth
		_given(_assuming("U4", value), exclude, {}) == opposite
		nameless := object.remove(object.union(_policy, {"conditions": include}), ["id"])
		_truth(_assuming("U4", value), nameless, _signin) == truth
	}
}

test_u3_baseline_scopes if {
	basic := {"resource": {"type": "baseline_scopes"}}
	directory := "00000002-0000-0000-C000-000000000000"
	every value, truth in _three {
		tenant := object.union(_assuming("U3", value), {"assume": {"U4": "no"}})
		_all("yes", tenant, [{}], basic)
		_all(
			truth, tenant, [
				{"applications": {"excludeApplications": ["x"]}},
				{"applications": {"applicationFilter": {"mode": "exclude", "rule": "r"}}},
				_applications({"includeApplications": [directory]}),
			],
			basic,
		)
		_all(
			"no", tenant, [
				{"applications": {"excludeApplications": [directory]}},
				_applications({"includeApplications": ["app", "Office365"]}),
				_applications({}),
			],
			basic,
		)
	}
}

test_user_actions_and_contexts_are_resources_of_their_own if {
	action := {"resource": {"type": "user_action", "id": "urn:user:registersecurityinfo"}}
	context := {"resource": {"type": "authentication_context", "id": "c1"}}
	_given(_tenant, _applications({"includeUserActions": ["urn:user:registersecurityinfo"]}), action) == "yes"
	_given(_tenant, _applications({"includeUserActions": ["urn:user:registerdevice"]}), action) == "no"
	_given(_tenant, _applications({"includeAuthenticationContextClassReferences": ["C1", "c2"]}), context) == "yes"
	_given(_tenant, _applications({"includeAuthenticationContextClassReferences": ["c2"]}), context) == "no"
	_all("no", _tenant, [{}], action)
	_all("no", _tenant, [{}], context)
	_given(_tenant, _applications({"includeUserActions": ["app"]}), {}) == "no"
}

test_clients if {
	_all("yes", _tenant, [{"clientAppTypes": ["browser"]}, {"clientAppTypes": "other, browser"}], {})
	_all("no", _tenant, [{"clientAppTypes": ["other", "exchangeActiveSync"]}], {})
	_all("maybe", _tenant, [{"clientAppTypes": ["unknownFutureValue"]}, {"clientAppTypes": ["other", "Browser"]}], {})
	_given(_tenant, {"clientAppTypes": ["exchangeActiveSync"]}, {"client": "easSupported"}) == "yes"
	_given(_tenant, {"clientAppTypes": ["easSupported"]}, {"client": "exchangeActiveSync"}) == "no"
	every value, truth in _three {
		_all(truth, _assuming("U5", value), [{"clientAppTypes": []}, {"clientAppTypes": null}, {"clientAppTypes": ""}], {})
	}
}

test_the_registration_of_a_device_has_no_client_and_no_device if {
	registration := {"resource": {"type": "user_action", "id": "urn:user:registerdevice"}}
	conditions := object.union(_applications({"includeUserActions": ["urn:user:RegisterDevice"]}), {
		"clientAppTypes": ["other"],
		"devices": {"deviceFilter": {"mode": "include", "rule": "r"}},
	})
	_given(_tenant, conditions, registration) == "yes"
	_given(_tenant, object.union(conditions, {"platforms": {"includePlatforms": ["iOS"]}}), registration) == "no"
}

test_platforms if {
	_all(
		"yes", _tenant, [
			{"platforms": null},
			{"platforms": {"includePlatforms": ["all"], "excludePlatforms": ["iOS"]}},
			{"platforms": {"includePlatforms": "iOS,windows"}},
		],
		{},
	)
	_all(
		"maybe", _tenant, [
			{"platforms": {}},
			{"platforms": {"includePlatforms": null, "excludePlatforms": []}},
			{"platforms": {"includePlatforms": ["hololens"]}},
			{"platforms": {"includePlatforms": ["all"], "excludePlatforms": ["unknownFutureValue"]}},
		],
		{},
	)
	_all(
		"no", _tenant, [
			{"platforms": {"includePlatforms": ["linux"]}},
			{"platforms": {"excludePlatforms": ["linux"]}},
			{"platforms": {"includePlatforms": ["windows"], "excludePlatforms": ["all"]}},
		],
		{},
	)
	_given(_tenant, {"platforms": {"includePlatforms": ["android", "windows"]}}, {"platform": "unknown"}) == "no"
	_given(_tenant, {"platforms": {"includePlatforms": ["all"]}}, {"platform": "unknown"}) == "yes"
}

test_locations if {
	_all(
		"yes", _tenant, [
			{"locations": null},
			{"locations": {"includeLocations": ["office"]}},
			{"locations": {"includeLocations": ["All"], "excludeLocations": ["AllTrusted", "x"]}},
		],
		{},
	)
	_all(
		"maybe", _tenant, [
			{"locations": {"includeLocations": null}},
			{"locations": {"includeLocations": ["Roaming"]}},
			{"locations": {"includeLocations": ["All"], "excludeLocations": ["roaming"]}},
		],
		{},
	)
	_all(
		"no", _tenant, [
			{"locations": {"includeLocations": ["x", "AllTrusted"]}},
			{"locations": {"includeLocations": ["All"], "excludeLocations": ["OFFICE"]}},
			{"locations": {"includeLocations": ["All"], "excludeLocations": ["All"]}},
			{"locations": {"excludeLocations": ["x"]}},
		],
		{},
	)
	every truth in ["yes", "maybe", "no"] {
		_given(_tenant, {"locations": {"includeLocations": ["AllTrusted"]}}, {"trusted": truth}) == truth
	}
}

test_u7_a_deleted_location_matches if {
	every value, truth in _three {
		_given(_assuming("U7", value), {"locations": {"includeLocations": ["gone"]}}, {}) == truth
		excluding := {"locations": {"includeLocations": ["All"], "excludeLocations": ["gone"]}}
		_given(_assuming("U7", value), excluding, {}) == _opposite[truth]
	}
}

_opposite := {"yes": "no", "maybe": "maybe", "no": "yes"}

test_device_filters if {
	every truth, opposite in _opposite {
		matching := {"device_filters": {"p": truth}}
		_given(_tenant, {"devices": {"deviceFilter": {"mode": "include", "rule": "r"}}}, matching) == truth
		_given(_tenant, {"devices": {"deviceFilter": {"mode": "exclude", "rule": "r"}}}, matching) == opposite
	}
	_given(_tenant, {"devices": null}, {}) == "yes"
	_all(
		"maybe", _tenant, [
			{"devices": {"deviceFilter": null}},
			{"devices": {"deviceFilter": {"mode": null, "rule": null}}},
			{"devices": {"deviceFilter": {"mode": "both", "rule": "r"}}},
			{"devices": {"deviceFilter": {"rule": "r"}}},
		],
		{},
	)
}

test_risks if {
	every name, level in {"signInRiskLevels": "low", "userRiskLevels": "none"} {
		_all("yes", _tenant, [{name: null}, {name: []}, {name: [level, "high"]}, {name: $"high,{level}"}], {})
		_all("maybe", _tenant, [{name: ["extreme"]}], {})
		_all("no", _tenant, [{name: ["medium", "hidden"]}], {})
	}
}

test_u8_insider_risk if {
	every value, truth in _three {
		_all("yes", _assuming("U8", value), [{"insiderRiskLevels": null}, {"insiderRiskLevels": ""}], {})
		_all(truth, _assuming("U8", value), [{"insiderRiskLevels": "minor, moderate"}, {"insiderRiskLevels": ["minor"]}], {})
		_all("no", _assuming("U8", value), [{"insiderRiskLevels": "elevated"}], {})
		_all("maybe", _assuming("U8", value), [{"insiderRiskLevels": "huge"}], {})
		_all("yes", _assuming("U8", value), [{"insiderRiskLevels": "minor"}], _as("internalMember"))
		_all("no", _assuming("U8", value), [{"insiderRiskLevels": "elevated"}], _as("internalMember"))
	}
}

test_flows if {
	every methods in [null, "", []] {
		_given(_tenant, {"authenticationFlows": {"transferMethods": methods}}, {}) == "maybe"
	}
	_given(_tenant, {"authenticationFlows": {"transferMethods": "none"}}, {}) == "yes"
	_given(_tenant, {"authenticationFlows": null}, {}) == "yes"
	flows := {"authenticationFlows": {"transferMethods": "deviceCodeFlow, none"}}
	_given(_tenant, flows, {}) == "no"
	_given(_tenant, flows, {"flow": "deviceCodeFlow"}) == "yes"
	_given(_tenant, flows, {"flow": "authenticationTransfer"}) == "no"
	_given(_tenant, {"authenticationFlows": {"transferMethods": "qrFlow"}}, {}) == "maybe"
}

test_u14_what_the_model_does_not_know if {
	every patch in [
		{"partialEnablementStrategy": "x"},
		{"conditions": {"times": {"all": true}}},
		{"conditions": {"servicePrincipalRiskLevels": ["high"]}},
		{"conditions": {"users": {"includeAgents": ["x"]}}},
		{"conditions": {"applications": {"networkAccess": {"x": 1}}}},
		{"conditions": {"platforms": 1}},
		{"conditions": {"locations": ["x"]}},
		{"conditions": {"devices": {"deviceFilter": {"mode": null, "rule": "r"}}}},
		{"conditions": {"users": {"excludeUsers": 1}}},
		{"conditions": {"users": {"excludeUsers": ["x", 1]}}},
		{"conditions": {"users": {"excludeGroups": {"x": 1}}}},
		{"grantControls": 1},
		{"grantControls": {"operator": 1}},
		{"grantControls": {"authenticationStrength": "x"}},
		{"grantControls": {"other": ["x"]}},
		{"sessionControls": true},
	] {
		every value, truth in _three {
			_truth(_assuming("U14", value), object.union(_policy, patch), _signin) == truth
		}
	}
}

test_what_is_empty_or_an_annotation_is_no_unknown if {
	every patch in [
		{"@odata.type": "#microsoft.graph.conditionalAccessPolicy", "displayName": "x", "templateId": 1},
		{"unheardOf": null},
		{"unheardOf": [], "unheard": "", "un": {}, "u": {"x": {"y": null}, "z": []}},
		{"conditions": {"authenticationStrength@odata.context": "x"}},
		{"sessionControls": {"unheardOf": true}},
		{"grantControls": {"operator": null, "authenticationStrength": {"id": "x", "unheardOf": 1}}},
		{"conditions": {"users": {"excludeGuestsOrExternalUsers": {"guestOrExternalUserTypes": "none", "unheardOf": 1}}}},
		{"conditions": {"users": {"excludeUsers": [null], "excludeGroups": "x"}}},
	] {
		_truth(_tenant, object.union(_policy, patch), _signin) == "yes"
	}
}

test_what_is_no_policy_stops_nobody if {
	every policies in [null, "x", [], [null], ["x"], [[]], [{}], {"x": 1}] {
		ca.decision(object.union(_tenant, {"policies": policies}), _signin, {"require": ["mfa"]}) == "open"
	}
	ca.decision(_tenant, _signin, {"require": ["mfa"]}) == "open"
}

test_an_assumption_that_is_missing_is_unknown if {
	_truth({}, object.union(_policy, {"conditions": {"clientAppTypes": []}}), _signin) == "maybe"
}

test_tenants_that_are_no_object_may_be_any if {
	_all("maybe", _tenant, [_from("b2bCollaborationGuest", true)], {})
	_all("yes", _tenant, [_from("b2bCollaborationGuest", {"membershipKind": null})], {})
	_all("maybe", _tenant, [_from("b2bCollaborationGuest", {"membershipKind": "future"})], {})
}
