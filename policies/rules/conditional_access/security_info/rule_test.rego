package rules.conditional_access.security_info_test

import data.rules.conditional_access.security_info as rule

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

_action := {"applications": {"includeApplications": [], "includeUserActions": ["urn:user:registersecurityinfo"]}}

test_any_proof_or_a_block_covers if {
	every controls in [["mfa"], ["compliantDevice"], ["block"], ["mfa", "domainJoinedDevice"]] {
		tenant := _tenant([_policy(_action, _grant(controls))])
		rule.findings == set() with input as tenant
		rule.unknowns == set() with input as tenant
	}
	noted := rule.notes with input as _tenant([_policy(_action, _grant(["mfa"]))])
	"A1" in {note.key | some note in noted}
}

# It is a target of its own.
test_a_policy_for_all_apps_does_not_reach_it if {
	found := rule.findings with input as _tenant([_policy({}, _grant(["mfa"]))])
	some one in found
	one.path == _place(["conditions", "applications"])
	startswith(one.message, "outsiders register security information with a password alone: ")
	contains(one.message, ": 2 existing accounts")
}

test_terms_prove_nothing if {
	terms := {"grantControls": {"operator": "OR", "builtInControls": [], "termsOfUse": ["t1"]}}
	found := rule.findings with input as _tenant([_policy(_action, terms)])
	some one in found
	one.path == _place(["grantControls", "termsOfUse"])
}

_hq := {
	"@odata.type": "#microsoft.graph.ipNamedLocation",
	"id": "hq",
	"displayName": "HQ",
	"isTrusted": true,
	"ipRanges": [{"cidrAddress": "198.51.100.0/24"}],
}

_outside(trusted) := object.union(
	_tenant([_policy(
		object.union(_action, {"locations": {"includeLocations": ["All"], "excludeLocations": ["hq"]}}),
		_grant(["mfa"]),
	)]),
	{"conditionalAccess": {"namedLocations": [object.union(_hq, {"isTrusted": trusted})]}},
)

test_approved_places_are_left_out if {
	rule.findings == set() with input as _outside(true)
	rule.unknowns == set() with input as _outside(true)
	found := rule.findings with input as _outside(false)
	some one in found
	one.path == _place(["conditions", "locations", "excludeLocations", 0])
}

test_an_external_member_is_left_out if {
	policy := _policy(object.union(_action, {"users": {"excludeUsers": ["ext"]}}), _grant(["mfa"]))
	found := rule.findings with input as _tenant([policy])
	some one in found
	one.path == _place(["conditions", "users", "excludeUsers", 0])
}

# The snapshot does not tell who is in the group.
test_an_excluded_group_that_was_not_collected_is_unknown if {
	policy := _policy(object.union(_action, {"users": {"excludeGroups": ["g1"]}}), _grant(["mfa"]))
	tenant := object.union(_tenant([policy]), {"groups": null})
	rule.findings == set() with input as tenant
	unknown := rule.unknowns with input as tenant
	some one in unknown
	one.path == _place(["conditions", "users", "excludeGroups", 0])
}
