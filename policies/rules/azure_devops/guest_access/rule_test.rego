package rules.azure_devops.guest_access_test

import data.rules.azure_devops.guest_access as rule

_with(policy) := {"policies": [object.union({"organization": "contoso"}, policy)]}

_open := {"value": false, "effectiveValue": true}

_closed := {"value": true, "effectiveValue": false}

test_an_organisation_that_lets_guests_in_is_reported if {
	rule.findings == {{
		"path": ["azureDevOps", "policies", 0, "value"],
		"message": "organisation contoso lets guests in (DisallowAadGuestUserAccess is stored as false)",
	}} with input.azureDevOps as _with(_open)
	rule.unknowns == set() with input.azureDevOps as _with(_open)
}

test_one_that_bars_them_passes if {
	rule.findings == set() with input.azureDevOps as _with(_closed)
	rule.unknowns == set() with input.azureDevOps as _with(_closed)
}

test_one_that_is_meant_for_guests_passes if {
	every policy in [_open, {}] {
		rule.findings == set() with input.azureDevOps as _with(policy)
			with data.settings.azure_devops.guest_organizations as ["Contoso"]
		rule.unknowns == set() with input.azureDevOps as _with(policy)
			with data.settings.azure_devops.guest_organizations as ["Contoso"]
	}
	count(rule.findings) == 1 with input.azureDevOps as _with(_open)
		with data.settings.azure_devops.guest_organizations as ["fabrikam"]
}

test_what_was_not_read_or_does_not_agree_is_unknown if {
	every policy in [
		{},
		{"effectiveValue": null},
		{"value": true},
		{"effectiveValue": false},
		{"value": true, "effectiveValue": true},
		{"value": false, "effectiveValue": false},
	] {
		rule.findings == set() with input.azureDevOps as _with(policy)
		rule.unknowns == {{
			"path": ["azureDevOps", "policies", 0],
			"message": concat("", [
				"whether organisation contoso lets guests in is open:",
				" value and effectiveValue do not agree, or are missing",
			]),
		}} with input.azureDevOps as _with(policy)
	}
	rule.unknowns == {{
		"path": ["azureDevOps", "policies", 0],
		"message": "the organisation's name was not read",
	}} with input.azureDevOps as {"policies": [_open]}
	rule.unknowns == {{
		"path": ["azureDevOps", "policies"],
		"message": "no organisation was read",
	}} with input.azureDevOps as {"policies": []}
}
