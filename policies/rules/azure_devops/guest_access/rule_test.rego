package rules.azure_devops.guest_access_test

import data.rules.azure_devops.guest_access as rule

_with(policy) := {"policies": [object.union({"organization": "contoso"}, policy)]}

test_an_organisation_that_lets_guests_in_is_reported if {
	rule.findings == {{
		"path": ["azureDevOps", "policies", 0, "effectiveValue"],
		"message": "organisation contoso lets guests in (DisallowAadGuestUserAccess is false)",
	}} with input.azureDevOps as _with({"effectiveValue": false})
	rule.unknowns == set() with input.azureDevOps as _with({"effectiveValue": false})
}

test_one_that_bars_them_passes if {
	rule.findings == set() with input.azureDevOps as _with({"effectiveValue": true})
	rule.unknowns == set() with input.azureDevOps as _with({"effectiveValue": true})
}

test_one_that_is_meant_for_guests_passes if {
	every policy in [{"effectiveValue": false}, {}] {
		rule.findings == set() with input.azureDevOps as _with(policy)
			with data.settings.azure_devops.guest_organizations as ["Contoso"]
		rule.unknowns == set() with input.azureDevOps as _with(policy)
			with data.settings.azure_devops.guest_organizations as ["Contoso"]
	}
	count(rule.findings) == 1 with input.azureDevOps as _with({"effectiveValue": false})
		with data.settings.azure_devops.guest_organizations as ["fabrikam"]
}

test_what_was_not_read_is_unknown if {
	every policy in [{}, {"effectiveValue": null}, {"value": true}] {
		rule.findings == set() with input.azureDevOps as _with(policy)
		rule.unknowns == {{
			"path": ["azureDevOps", "policies", 0],
			"message": "whether organisation contoso lets guests in was not read",
		}} with input.azureDevOps as _with(policy)
	}
	rule.unknowns == {{
		"path": ["azureDevOps", "policies", 0],
		"message": "the organisation's name was not read",
	}} with input.azureDevOps as {"policies": [{"effectiveValue": false}]}
	rule.unknowns == {{
		"path": ["azureDevOps", "policies"],
		"message": "no organisation was read",
	}} with input.azureDevOps as {"policies": []}
}
