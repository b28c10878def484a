package rules.conditional_access.app_allow_list_test

import data.rules.conditional_access.app_allow_list as rule

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

_but(apps) := _policy({"applications": {"excludeApplications": apps}}, _grant(["block"]))

test_all_but_office_is_blocked if {
	rule.findings == set() with input as _tenant([_but(["Office365"])])
	rule.unknowns == set() with input as _tenant([_but(["Office365"])])
	noted := rule.notes with input as _tenant([_but(["Office365"])])
	"U3" in {note.key | some note in noted}
}

test_fewer_apps_than_allowed_pass if {
	rule.findings == set() with input as _tenant([_but([])])
}

test_one_app_more_is_a_finding if {
	tenant := object.union(_tenant([_but(["Office365", "app1"])]), {"applications": {"servicePrincipals": [{
		"id": "sp1",
		"appId": "app1",
		"appOwnerOrganizationId": "own",
		"displayName": "Invoices",
	}]}})
	found := rule.findings with input as tenant
	some one in found
	one.path == _place(["conditions", "applications", "excludeApplications", 1])
	contains(one.message, "app: Invoices")
	rule.findings == set() with input as tenant with data.settings.conditional_access.allowed_apps as ["Office365", "app1"]
}

# A list of what is blocked is no list of what is allowed.
test_a_block_list_is_no_allow_list if {
	list := _policy({"applications": {"includeApplications": ["app1", "app2"]}}, _grant(["block"]))
	found := rule.findings with input as _tenant([list])
	some one in found
	one.path == _place(["conditions", "applications", "includeApplications"])
	contains(one.message, "any other app")
}

test_an_external_member_is_left_out if {
	policy := object.union(_but(["Office365"]), {"conditions": {"users": {"excludeUsers": ["ext"]}}})
	found := rule.findings with input as _tenant([policy])
	some one in found
	one.path == _place(["conditions", "users", "excludeUsers", 0])
	startswith(one.message, "outsiders reach apps that are not approved: ")
	contains(one.message, ": 1 existing account (ext_fabrikam.com")
	accepted := rule.findings with input as _tenant([policy])
		with data.settings.conditional_access.emergency_accounts as ["ext"]
	accepted == set()
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
