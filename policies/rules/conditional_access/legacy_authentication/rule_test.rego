package rules.conditional_access.legacy_authentication_test

import data.rules.conditional_access.legacy_authentication as rule

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

test_a_block_of_legacy_clients_covers if {
	tenant := _tenant([_policy({"clientAppTypes": ["exchangeActiveSync", "other"]}, _grant(["block"]))])
	rule.findings == set() with input as tenant
	rule.unknowns == set() with input as tenant
}

# Peers want a block; but who cannot show a page cannot satisfy this either.
test_mfa_for_all_clients_covers if {
	tenant := _tenant([_policy({}, _grant(["mfa"]))])
	rule.findings == set() with input as tenant
	rule.unknowns == set() with input as tenant
}

test_a_block_without_exchange_activesync if {
	found := rule.findings with input as _tenant([_policy({"clientAppTypes": ["other"]}, _grant(["block"]))])
	{one.path | some one in found} == {_place(["conditions", "clientAppTypes"])}
	some one in found
	startswith(one.message, concat("", [
		"outsiders can use legacy authentication: 'P' does not stop it, because it is for other: ",
		"2 existing accounts (ext_fabrikam.com",
	]))
	endswith(one.message, "client: exchangeActiveSync, easSupported")
}

test_a_group_with_an_external_member_is_left_out if {
	users := {"users": {"excludeGroups": ["g1"]}, "clientAppTypes": ["other", "exchangeActiveSync"]}
	found := rule.findings with input as _tenant([_policy(users, _grant(["block"]))])
	some one in found
	one.path == _place(["conditions", "users", "excludeGroups", 0])
	contains(one.message, "excludes group 'Partners', 1 account")
}

test_report_only_is_nothing if {
	found := rule.findings with input as _tenant([_policy({}, object.union(
		_grant(["block"]),
		{"state": "enabledForReportingButNotEnforced"},
	))])
	{one.path | some one in found} == {_place(["state"])}
}

test_what_rests_on_an_assumption_is_noted if {
	notes := rule.notes with input as _tenant([_policy({}, _grant(["mfa"]))])
	"A1" in {note.key | some note in notes}
}

# The snapshot does not tell who is in the group.
test_an_excluded_group_that_was_not_collected_is_unknown if {
	policy := _policy({"users": {"excludeGroups": ["g1"]}}, _grant(["block"]))
	tenant := object.union(_tenant([policy]), {"groups": null})
	rule.findings == set() with input as tenant
	unknown := rule.unknowns with input as tenant
	some one in unknown
	one.path == _place(["conditions", "users", "excludeGroups", 0])
}
