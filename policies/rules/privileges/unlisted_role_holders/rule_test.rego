package rules.privileges.unlisted_role_holders_test

import data.rules.privileges.unlisted_role_holders as rule

_principal(kind, name) := {
	"@odata.type": "#microsoft.graph.user",
	"displayName": name,
	"userType": kind,
	"userPrincipalName": $"{name}@contoso.com",
}

_held(id, principal) := {
	"id": id,
	"principalId": id,
	"roleDefinitionId": "r",
	"directoryScopeId": "/",
	"principal": principal,
}

_roles(assignments) := {
	"definitions": [{"id": "r", "templateId": "r", "displayName": "Reader"}],
	"assignments": assignments,
	"eligibility": [],
}

_tenant := {"tenant": {"organization": {"id": "t"}}, "guests": [{"id": "listed"}]}

test_outsiders_who_are_not_listed_are_found if {
	partner := object.union(_held("p", null), {"principalOrganizationId": "other"})
	rule.findings == {
		{
			"path": ["roles", "assignments", 0],
			"message": "ann, who is not on the list of external users, holds the role Reader",
		},
		{
			"path": ["roles", "assignments", 1],
			"message": "bob_fabrikam.com#EXT#, who is not on the list of external users, holds the role Reader",
		},
		{"path": ["roles", "assignments", 2], "message": "p, of the organisation other, holds the role Reader"},
	} with input as _tenant with input.roles as _roles([
		_held("a", _principal("Guest", "ann")),
		_held("b", _principal("Member", "bob_fabrikam.com#EXT#")),
		partner,
	])
}

test_listed_people_and_our_own_pass if {
	roles := _roles([
		_held("listed", _principal("Guest", "ann")),
		_held("b", _principal("Member", "bob")),
		_held("c", {"@odata.type": "#microsoft.graph.group"}),
	])
	rule.findings == set() with input as _tenant with input.roles as roles
	rule.unknowns == set() with input as _tenant with input.roles as roles
}

test_tolerated_roles_are_left_alone if {
	rule.findings == set() with input as _tenant with input.roles as _roles([_held("a", _principal("Guest", "ann"))])
		with data.settings.privileges.tolerated_roles as ["R"]
}

test_a_principal_that_says_nothing_is_unknown if {
	roles := _roles([_held("a", {"id": "a", "userType": "Member"}), _held("b", null)])
	rule.findings == set() with input as _tenant with input.roles as roles
	rule.unknowns == {
		{
			"path": ["roles", "assignments", 0],
			"message": "a holds the role Reader, and nothing tells who that is",
		},
		{
			"path": ["roles", "assignments", 1],
			"message": "b holds the role Reader, and nothing tells who that is",
		},
	} with input as _tenant with input.roles as roles
}

test_what_was_not_collected_is_unknown if {
	rule.unknowns == {{
		"path": ["roles"],
		"message": "who can activate a role is not known without roles.eligibility",
	}} with input as _tenant with input.roles as object.remove(_roles([]), {"eligibility"})
}
