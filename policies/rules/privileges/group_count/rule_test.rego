package rules.privileges.group_count_test

import data.rules.privileges.group_count as rule

_tenant := {
	"guests": [{"id": "g1", "userType": "Guest"}, {"id": "m1", "userType": "Member"}],
	"groups": [
		{
			"id": "a",
			"displayName": "Falcon",
			"externalMembers": ["g1"],
			"memberGroups": [],
			"resourceProvisioningOptions": ["Team"],
		},
		{"id": "b", "displayName": "Partners", "externalMembers": ["m1"], "memberGroups": ["a", "c"]},
		{"id": "c", "displayName": "Circle", "externalMembers": [], "memberGroups": ["b"]},
	],
	"governance": {"pim": {"groupEligibility": []}},
}

test_the_limit_is_exact_and_nested_groups_count if {
	rule.findings == set() with input as _tenant with data.settings.privileges.max_groups as 3
	rule.findings == {{
		"path": ["guests", 0],
		"message": "reaches 3 groups, of which 1 are teams; at most 2",
	}} with input as _tenant with data.settings.privileges.max_groups as 2
	count(rule.findings) == 2 with input as _tenant with data.settings.privileges.max_groups as 1
	rule.findings == set() with input as _tenant
	rule.unknowns == set() with input as _tenant
}

test_groups_that_are_not_told_are_unknown if {
	rule.unknowns == {{
		"path": ["groups"],
		"message": "the groups that outsiders reach are not known without groups.externalMembers",
	}} with input as _tenant with input.groups as [{"id": "a"}]
}
