package rules.privileges.applications_test

import data.rules.privileges.applications as rule

_tenant := {
	"guests": [{"id": "g1", "userType": "Guest"}, {"id": "m1", "userType": "Member"}, {"id": "g2", "userType": "Guest"}],
	"groups": [{"id": "a", "displayName": "Partners", "externalMembers": ["m1"], "memberGroups": []}],
	"applications": {
		"servicePrincipals": [
			{"id": "s1", "appId": "app1", "displayName": "Invoices"},
			{"id": "s2", "appId": "app2", "displayName": "Planner tool"},
		],
		"assignments": [
			{"id": "1", "principalId": "a", "principalType": "Group", "resourceId": "s1"},
			{"id": "2", "principalId": "g1", "principalType": "User", "resourceId": "s3"},
		],
		"grants": [
			{"id": "3", "clientId": "s2", "principalId": "g1", "consentType": "Principal", "scope": " User.Read Files.Read.All"},
			{"id": "4", "clientId": "s2", "principalId": "m1", "consentType": "Principal", "scope": "openid user.read"},
			{"id": "5", "clientId": "s2", "principalId": null, "consentType": "AllPrincipals", "scope": "Mail.Read"},
		],
	},
	"governance": {"pim": {"groupEligibility": []}},
}

test_assignments_and_grants_are_found if {
	rule.findings == {
		{"path": ["guests", 0], "key": "assigned s3", "message": "reaches the application s3: assigned directly"},
		{
			"path": ["guests", 0],
			"key": "granted s2",
			"message": "lets the application Planner tool act in their name: Files.Read.All",
		},
		{
			"path": ["guests", 1],
			"key": "assigned s1",
			"message": "reaches the application Invoices: member of 'Partners', which is assigned to it",
		},
	} with input as _tenant
	rule.unknowns == set() with input as _tenant
}

test_those_in_a_group_within_the_assigned_one_are_not_assigned if {
	groups := [
		{"id": "a", "displayName": "Sales apps", "externalMembers": [], "memberGroups": ["b"]},
		{"id": "b", "displayName": "Partners", "externalMembers": ["g2", "m1"], "memberGroups": []},
	]
	tenant := object.union(_tenant, {"groups": groups})
	rule.findings == set() with input as tenant with input.guests as [{"id": "g2"}, {"id": "m1", "userType": "Member"}]
}

test_membership_that_can_be_activated_counts if {
	pim := {"pim": {"groupEligibility": [{"id": "5", "groupId": "a", "principalId": "g2", "accessId": "member"}]}}
	rule.findings == {{
		"path": ["guests", 0],
		"key": "assigned s1",
		"message": "reaches the application Invoices: can activate membership of 'Partners', which is assigned to it",
	}} with input as _tenant with input.guests as [{"id": "g2"}] with input.governance as pim
}

test_allowed_ones_are_left_alone if {
	count(rule.findings) == 1 with input as _tenant
		with data.settings.privileges.allowed_applications as ["APP1"]
		with data.settings.privileges.allowed_grants as ["app2"]
}

test_a_grant_for_nobody_knows_what_is_found if {
	rule.findings == {{
		"path": ["guests", 0],
		"key": "granted s9",
		"message": "lets the application s9 act in their name: (not told)",
	}} with input as _tenant
		with input.guests as [{"id": "g2"}]
		with input.applications.grants as [{"id": "3", "clientId": "s9", "principalId": "g2"}]
}

test_outsiders_without_applications_pass if {
	rule.findings == set() with input as _tenant with input.guests as [{"id": "g2"}]
}

test_what_was_not_collected_is_unknown if {
	every source in ["applications.grants", "governance.pim.groupEligibility"] {
		rule.unknowns == {{
			"path": ["applications"],
			"message": $"the applications of outsiders are not known without {source}",
		}} with input as json.remove(_tenant, [replace(source, ".", "/")])
	}
}
