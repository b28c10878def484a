package rules.privileges.group_ownership_test

import data.rules.privileges.group_ownership as rule

_tenant := {
	"guests": [{"id": "g1", "userType": "Guest"}, {"id": "m1", "userType": "Member"}, {"id": "g2", "userType": "Guest"}],
	"groups": [
		{"id": "a", "displayName": "Partners", "externalMembers": ["g2"], "externalOwners": ["g1", "m1"]},
		{"id": "b", "displayName": "Inviters", "externalMembers": [], "externalOwners": []},
	],
	"roles": {
		"definitions": [{"id": "r", "templateId": "r", "displayName": "Guest Inviter"}],
		"assignments": [{"id": "1", "principalId": "b", "roleDefinitionId": "r", "directoryScopeId": "/"}],
	},
	"governance": {"pim": {"groupEligibility": [{"id": "2", "groupId": "b", "principalId": "g1", "accessId": "owner"}]}},
}

test_owners_are_found_guests_and_members_alike if {
	rule.findings == {
		{"path": ["guests", 0], "key": "a", "message": "'Partners': owner of the group"},
		{
			"path": ["guests", 0],
			"key": "b",
			"message": "'Inviters': can activate ownership of the group, which holds Guest Inviter",
		},
		{"path": ["guests", 1], "key": "a", "message": "'Partners': owner of the group"},
	} with input as _tenant
	rule.unknowns == set() with input as _tenant
}

test_members_are_no_owners if {
	rule.findings == set() with input as _tenant with input.guests as [{"id": "g2"}]
}

test_a_group_whose_owners_are_not_told_is_unknown if {
	rule.unknowns == {{
		"path": ["groups"],
		"message": "what outsiders own is not known without groups.externalOwners",
	}} with input as _tenant with input.groups as [{"id": "a", "externalMembers": []}]
}
