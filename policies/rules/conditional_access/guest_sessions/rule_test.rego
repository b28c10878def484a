package rules.conditional_access.guest_sessions_test

import data.rules.conditional_access.guest_sessions as rule

_place(rest) := array.concat(["conditionalAccess", "policies", 0], rest)

_base := {
	"id": "p1",
	"displayName": "P",
	"state": "enabled",
	"conditions": {
		"users": {"includeUsers": ["All"]},
		"applications": {"includeApplications": ["All"]},
		"clientAppTypes": ["all"],
	},
}

_policy(conditions, rest) := object.union(object.union(_base, {"conditions": conditions}), rest)

_grant(controls) := {"grantControls": {"operator": "OR", "builtInControls": controls}}

# Guests and an external member of fabrikam.
_tenant(policies) := {
	"conditionalAccess": {"policies": policies, "namedLocations": []},
	"entra": {"identitySecurityDefaultsEnforcementPolicy": {"isEnabled": false}},
	"guests": [_account("ext", "Member"), _account("guest", "Guest")],
	"groups": [{"id": "g1", "displayName": "Partners", "externalMembers": ["ext"]}],
}

_account(id, type) := {
	"id": id,
	"userPrincipalName": sprintf("%s_fabrikam.com#EXT#@contoso.com", [id]),
	"userType": type,
	"identities": [{"signInType": "federated", "issuer": "ExternalAzureAD"}],
}

test_a_missing_section_is_nothing if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
	rule.notes == set() with input as {}
}

_session(hours) := {"sessionControls": {
	"signInFrequency": {"isEnabled": true, "type": "hours", "value": hours, "frequencyInterval": "timeBased"},
	"persistentBrowser": {"isEnabled": true, "mode": "never"},
}}

test_both_sides_of_the_limit if {
	rule.findings == set() with input as _tenant([_policy({}, _session(24))])
	rule.unknowns == set() with input as _tenant([_policy({}, _session(24))])
	found := rule.findings with input as _tenant([_policy({}, _session(25))])
	some one in found
	one.path == _place(["sessionControls", "signInFrequency"])
	contains(one.message, "'P' does not stop it, because it asks to sign in again after 25 hours only: ")
	rule.findings == set() with input as _tenant([_policy({}, _session(25))])
		with data.settings.conditional_access.session_max_hours as 25
}

test_every_time_is_often_enough if {
	policy := _policy({}, object.union(_session(24), {"sessionControls": {"signInFrequency": {
		"frequencyInterval": "everyTime",
		"type": null,
		"value": null,
	}}}))
	rule.findings == set() with input as _tenant([policy])
}

test_a_frequency_of_the_second_factor_alone_is_none if {
	control := {"isEnabled": true, "type": "hours", "value": 12, "authenticationType": "secondaryAuthentication"}
	policy := _policy({}, {"sessionControls": {
		"signInFrequency": control,
		"persistentBrowser": {"isEnabled": true, "mode": "never"},
	}})
	found := rule.findings with input as _tenant([policy])
	count(found) > 0
	both := json.patch(policy, [{
		"op": "replace",
		"path": "sessionControls/signInFrequency/authenticationType",
		"value": "primaryAndSecondaryAuthentication",
	}])
	rule.findings == set() with input as _tenant([both])
}

test_two_policies_share_the_work if {
	frequency := _policy({}, {"sessionControls": {"signInFrequency": {"isEnabled": true, "type": "days", "value": 1}}})
	never := _policy({"clientAppTypes": ["browser"]}, {
		"id": "p2",
		"sessionControls": {"persistentBrowser": {"isEnabled": true, "mode": "never"}},
	})
	rule.findings == set() with input as _tenant([frequency, never])
	found := rule.findings with input as _tenant([frequency])
	some one in found
	endswith(one.message, "; browsers remember them")
}

# A peer wants a frequency of this one.
test_who_is_blocked_has_no_session if {
	rule.findings == set() with input as _tenant([_policy({}, _grant(["block"]))])
}

test_no_policy_is_one_finding if {
	found := rule.findings with input as _tenant([])
	count(found) == 1
	some one in found
	contains(one.message, ": no policy comes near (and 1 more at this place): ")
}

test_a_control_that_is_off_is_none if {
	off := _policy({}, {"sessionControls": {
		"signInFrequency": {"isEnabled": false, "type": "hours", "value": 1},
		"persistentBrowser": {"isEnabled": false, "mode": "never"},
	}})
	found := rule.findings with input as _tenant([off])
	count(found) > 0
}

test_an_external_member_is_left_out if {
	policy := _policy({"users": {"excludeGroups": ["g1"]}}, _session(1))
	found := rule.findings with input as _tenant([policy])
	some one in found
	one.path == _place(["conditions", "users", "excludeGroups", 0])
}

test_what_it_rests_on_is_noted if {
	noted := rule.notes with input as _tenant([_policy({}, _session(1))])
	"U9" in {note.key | some note in noted}
}

test_direct_connect_alone_has_no_sessions if {
	reasons := rule.not_applicable with input as _tenant([])
		with data.settings.conditional_access.guest_kinds as ["b2bDirectConnectUser"]
	reasons == {"no kind of outsiders in the settings supports session controls"}
	rule.not_applicable == set() with input as _tenant([])
	rule.findings == set() with input as _tenant([])
		with data.settings.conditional_access.guest_kinds as ["b2bDirectConnectUser"]
}

# The snapshot does not tell who is in the group.
test_an_excluded_group_that_was_not_collected_is_unknown if {
	policy := _policy({"users": {"excludeGroups": ["g1"]}}, _session(1))
	tenant := object.union(_tenant([policy]), {"groups": null})
	rule.findings == set() with input as tenant
	unknown := rule.unknowns with input as tenant
	some one in unknown
	one.path == _place(["conditions", "users", "excludeGroups", 0])
}
