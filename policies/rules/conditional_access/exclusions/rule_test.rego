package rules.conditional_access.exclusions_test

import data.rules.conditional_access.exclusions as rule

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

_users(users) := _policy({"users": users}, _grant(["mfa"]))

_group := ["conditions", "users", "excludeGroups", 0]

test_no_exclusion_is_no_gap if {
	rule.findings == set() with input as _tenant([_users({})])
	rule.unknowns == set() with input as _tenant([_users({})])
}

test_a_group_with_an_external_member if {
	found := rule.findings with input as _tenant([_users({"excludeGroups": ["g1"]})])
	{one.path | some one in found} == {_place(_group)}
	some one in found
	startswith(one.message, concat("", [
		"an exclusion lets outsiders escape a policy: 'P' does not stop it, because it excludes group 'Partners', ",
		"1 account",
	]))
	contains(one.message, ": 1 existing account (ext_fabrikam.com")
}

test_a_group_whom_another_policy_asks_the_same_is_noted if {
	again := object.union(_users({"includeUsers": [], "includeGroups": ["g1"]}), {"id": "p2", "displayName": "Partners"})
	tenant := _tenant([_users({"excludeGroups": ["g1"]}), again])
	rule.findings == set() with input as tenant
	rule.unknowns == set() with input as tenant
	noted := rule.notes with input as tenant
	{
		"path": _place(_group),
		"message": "'P' leaves out the group 'Partners', which holds outsiders: 1",
	} in noted
}

# Maester and Prowler do not look at kinds of guests.
test_a_kind_of_guests_that_is_left_out if {
	found := rule.findings with input as _tenant([_users({"excludeGuestsOrExternalUsers": {
		"guestOrExternalUserTypes": "b2bCollaborationMember",
		"externalTenants": {"membershipKind": "all"},
	}})])
	{one.path | some one in found} == {_place(["conditions", "users", "excludeGuestsOrExternalUsers"])}
}

# Microsoft's advice.
test_guests_need_no_managed_device if {
	policy := _policy({"users": {"excludeUsers": ["GuestsOrExternalUsers"]}}, _grant(["compliantDevice"]))
	rule.findings == set() with input as _tenant([policy])
}

test_an_allow_list_of_tenants_is_noted if {
	policy := _policy(
		{"users": {"excludeGuestsOrExternalUsers": {
			"guestOrExternalUserTypes": "b2bCollaborationGuest",
			"externalTenants": {"membershipKind": "enumerated", "members": ["t1", "t2"]},
		}}},
		_grant(["block"]),
	)
	rule.findings == set() with input as _tenant([policy])
	noted := rule.notes with input as _tenant([policy])
	{
		"path": _place(["conditions", "users", "excludeGuestsOrExternalUsers"]),
		"message": "'P' is an allow-list of tenants: t1, t2",
	} in noted
}

test_a_group_that_is_gone if {
	found := rule.findings with input as _tenant([_users({"excludeGroups": ["g9"]})])
	found == {{
		"path": _place(_group),
		"message": "'P' names the group g9, which no longer exists",
	}}
}

test_groups_that_were_not_collected_are_unknown if {
	tenant := object.union(_tenant([_users({"excludeGroups": ["g1"]})]), {"groups": null})
	rule.findings == set() with input as tenant
	unknown := rule.unknowns with input as tenant
	{
		"path": _place(_group),
		"message": "whether the group g1, which 'P' names, exists is not in the snapshot",
	} in unknown
	count(unknown) == 2
}

test_an_employee_who_is_left_out_is_unknown_unless_the_settings_name_him if {
	tenant := _tenant([_users({"includeUsers": ["All", "e2"], "excludeUsers": ["e1"]})])
	rule.findings == set() with input as tenant
	unknown := rule.unknowns with input as tenant
	{one.path | some one in unknown} == {_place(["conditions", "users", "excludeUsers", 0])}
	rule.unknowns == set() with input as tenant with data.settings.conditional_access.emergency_accounts as ["E1"]
}

test_what_is_null_is_passed_over if {
	users := {"users": {"excludeGuestsOrExternalUsers": {
		"guestOrExternalUserTypes": "b2bCollaborationGuest",
		"externalTenants": null,
	}}}
	found := rule.findings with input as _tenant([_policy(users, _grant(["block"]))])
	{one.path | some one in found} == {_place(["conditions", "users", "excludeGuestsOrExternalUsers"])}
	noted := rule.notes with input as _tenant([_policy(users, _grant(["block"]))])
	every note in noted {
		not contains(note.message, "allow-list")
	}
}
