package rules.conditional_access.authentication_flows_test

import data.rules.conditional_access.authentication_flows as rule

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

test_a_block_of_both_flows if {
	tenant := _tenant([_policy(
		{"authenticationFlows": {"transferMethods": "deviceCodeFlow,authenticationTransfer"}},
		_grant(["block"]),
	)])
	rule.findings == set() with input as tenant
	rule.unknowns == set() with input as tenant
	noted := rule.notes with input as tenant
	"A1" in {note.key | some note in noted}
}

test_one_flow_is_not_both if {
	policy := _policy({"authenticationFlows": {"transferMethods": "deviceCodeFlow"}}, _grant(["block"]))
	found := rule.findings with input as _tenant([policy])
	some one in found
	one.path == _place(["conditions", "authenticationFlows"])
	contains(one.message, ": 'P' does not stop it, because it is for deviceCodeFlow: ")
	endswith(one.message, "flow: authenticationTransfer")
}

# The victim passes MFA on the attacker's behalf.
test_mfa_is_no_block if {
	found := rule.findings with input as _tenant([_policy({}, _grant(["mfa"]))])
	some one in found
	one.path == _place(["grantControls", "builtInControls"])
}

test_a_block_of_everything_covers if {
	rule.findings == set() with input as _tenant([_policy({}, _grant(["block"]))])
}

test_an_external_member_is_left_out if {
	conditions := {
		"authenticationFlows": {"transferMethods": "deviceCodeFlow,authenticationTransfer"},
		"users": {"excludeUsers": ["ext"]},
	}
	found := rule.findings with input as _tenant([_policy(conditions, _grant(["block"]))])
	some one in found
	one.path == _place(["conditions", "users", "excludeUsers", 0])
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
