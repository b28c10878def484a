package rules.privileges.ownership_test

import data.rules.privileges.ownership as rule

_tenant := {
	"guests": [{"id": "g1", "userType": "Guest"}, {"id": "m1", "userType": "Member"}, {"id": "g2", "userType": "Guest"}],
	"groups": [
		{"id": "a", "displayName": "Partners", "externalMembers": ["g2"], "externalOwners": ["g1", "m1"]},
		{"id": "b", "displayName": "Inviters", "externalMembers": [], "externalOwners": []},
	],
	"roles": {
		"definitions": [{"id": "r", "templateId": "r", "displayName": "Guest Inviter"}],
		"assignments": [
			{"id": "1", "principalId": "b", "roleDefinitionId": "r", "directoryScopeId": "/"},
			{"id": "2", "principalId": "s", "roleDefinitionId": "r", "directoryScopeId": "/"},
		],
	},
	"applications": {"servicePrincipals": [{"id": "s", "appId": "app", "displayName": "Robot"}], "owners": []},
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

test_owners_of_applications_are_found if {
	registration := {"ownerId": "m1", "resourceType": "application", "resourceId": "a1", "appId": "app"}
	principal := {"ownerId": "g1", "resourceType": "servicePrincipal", "resourceId": "s", "appId": "app"}
	plain := {"ownerId": "m1", "resourceType": "application", "resourceId": "a2", "resourceDisplayName": "Plain"}
	theirs := object.union(plain, {"ownerId": "somebody else"})
	rule.findings == {
		{"path": ["guests", 0], "key": "a1", "message": "'Robot': owner of the application, which holds Guest Inviter"},
		{"path": ["guests", 0], "key": "a2", "message": "'Plain': owner of the application"},
		{
			"path": ["guests", 1],
			"key": "s",
			"message": "'Robot': owner of the enterprise application, which holds Guest Inviter",
		},
	} with input as _tenant
		with input.groups as []
		with input.governance.pim.groupEligibility as []
		with input.guests as [{"id": "m1", "userType": "Member"}, {"id": "g1", "userType": "Guest"}]
		with input.applications.owners as [registration, principal, plain, theirs]
}

test_owners_of_applications_that_are_not_told_are_unknown if {
	unknown := {{
		"path": ["applications"],
		"message": "what outsiders own is not known without applications.owners",
	}}
	rule.unknowns == unknown with input as json.remove(_tenant, ["applications/owners"])
	rule.unknowns == unknown with input as _tenant with input.applications.owners as null
	rule.unknowns == unknown with input as _tenant with input.applications.owners as [{"id": "1", "ownerId": "g1"}]
}

test_a_group_whose_owners_are_not_told_is_unknown if {
	rule.unknowns == {{
		"path": ["groups"],
		"message": "what outsiders own is not known without groups.externalOwners",
	}} with input as _tenant with input.groups as [{"id": "a", "externalMembers": []}]
}
