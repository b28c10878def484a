package rules.privileges.directory_roles_test

import data.rules.privileges.directory_roles as rule

_global := "62e90394-69f5-4237-9190-012177145e10"

_inviter := "95e79109-95c0-4d8e-aee3-d01accf2d47b"

_tenant := {
	"guests": [{"id": "g1", "userType": "Guest"}, {"id": "m1", "userType": "Member"}, {"id": "g2", "userType": "Guest"}],
	"groups": [
		{"id": "a", "displayName": "Partners", "externalMembers": ["m1"], "memberGroups": []},
		{"id": "b", "displayName": "Admins", "externalMembers": [], "memberGroups": ["a"]},
	],
	"roles": {
		"definitions": [
			{"id": _global, "templateId": _global, "displayName": "Global Administrator", "isBuiltIn": true},
			{"id": _inviter, "templateId": _inviter, "displayName": "Guest Inviter", "isBuiltIn": true},
			{"id": "own", "templateId": "own", "displayName": "Helpers", "isBuiltIn": false},
		],
		"assignments": [
			{"id": "1", "principalId": "g1", "roleDefinitionId": _inviter, "directoryScopeId": "/"},
			{"id": "2", "principalId": "b", "roleDefinitionId": _global, "directoryScopeId": "/"},
			{"id": "3", "principalId": "somebody", "roleDefinitionId": _global, "directoryScopeId": "/"},
		],
		"eligibility": [{
			"id": "4",
			"principalId": "g1",
			"roleDefinitionId": "own",
			"directoryScopeId": "/administrativeUnits/u",
			"endDateTime": null,
		}],
	},
	"governance": {"pim": {"groupEligibility": []}},
}

test_direct_eligible_and_nested_roles_are_found_of_guests_and_members if {
	rule.findings == {
		{
			"path": ["guests", 0],
			"key": $"{_inviter} / active g1",
			"message": "has the role Guest Inviter: holds it directly",
		},
		{
			"path": ["guests", 0],
			"key": "own /administrativeUnits/u eligible g1",
			"message": "has the custom role Helpers within /administrativeUnits/u: can activate it directly",
		},
		{
			"path": ["guests", 1],
			"key": $"{_global} / active b",
			"message": concat("", [
				"has the privileged role Global Administrator: member of 'Partners', ",
				"which is a member of 'Admins', which holds it",
			]),
		},
	} with input as _tenant
	rule.unknowns == set() with input as _tenant
}

test_membership_that_can_be_activated_counts if {
	pim := {"pim": {"groupEligibility": [{"id": "5", "groupId": "b", "principalId": "g2", "accessId": "member"}]}}
	rule.findings == {{
		"path": ["guests", 0],
		"key": $"{_global} / eligible b",
		"message": concat("", [
			"has the privileged role Global Administrator: ",
			"can activate membership of 'Admins', which holds it",
		]),
	}} with input as _tenant with input.guests as [{"id": "g2"}] with input.governance as pim
}

test_tolerated_roles_are_left_alone if {
	count(rule.findings) == 1 with input as _tenant
		with data.settings.privileges.tolerated_roles as [upper(_global), _inviter]
}

test_nobody_with_a_role_passes if {
	rule.findings == set() with input as _tenant with input.guests as [{"id": "g2"}]
	rule.unknowns == set() with input as _tenant with input.guests as [{"id": "g2"}]
}

test_what_was_not_collected_is_unknown if {
	tenant := object.remove(_tenant, {"governance"})
	rule.unknowns == {{
		"path": ["roles"],
		"message": "roles that outsiders may have are not known without governance.pim.groupEligibility",
	}} with input as tenant
	rule.unknowns == set() with input as tenant with input.licences.servicePlans as []
}
