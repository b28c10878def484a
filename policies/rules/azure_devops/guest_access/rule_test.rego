package rules.azure_devops.guest_access_test

import data.rules.azure_devops.guest_access as rule

_policy := "Policy.DisallowAadGuestUserAccess"

_with(policy) := {"policies": [object.union({"organization": "contoso", "name": _policy}, policy)]}

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
		"path": ["azureDevOps", "policies"],
		"message": "no organisation's Policy.DisallowAadGuestUserAccess was read",
	}} with input.azureDevOps as {"policies": []}
	rule.notes == set() with input.azureDevOps as {"policies": []}
}

test_an_organisation_without_a_name_is_reported_and_unknown if {
	every organization in [{}, {"organization": null}] {
		policy := object.union(object.union({"name": _policy}, _open), organization)
		rule.findings == {{
			"path": ["azureDevOps", "policies", 0, "value"],
			"message": "organisation without a name lets guests in (DisallowAadGuestUserAccess is stored as false)",
		}} with input.azureDevOps as {"policies": [policy]}
		rule.unknowns == {{
			"path": ["azureDevOps", "policies", 0],
			"message": "the organisation's name was not read",
		}} with input.azureDevOps as {"policies": [policy]}
	}
}

_other_policy := {"name": "Policy.DisallowOAuthAuthentication"}

_none_read := {
	"path": ["azureDevOps", "policies"],
	"message": "no organisation's Policy.DisallowAadGuestUserAccess was read",
}

test_another_policy_decides_nothing if {
	every values in [_open, _closed] {
		other := _with(object.union(values, _other_policy))
		rule.findings == set() with input.azureDevOps as other
		rule.unknowns == {
			{
				"path": ["azureDevOps", "policies", 0],
				"message": concat("", [
					"whether organisation contoso lets guests in is open:",
					" its Policy.DisallowAadGuestUserAccess was not read",
				]),
			},
			_none_read,
		} with input.azureDevOps as other
	}
	nameless := _with(object.union(_closed, {"name": null}))
	rule.unknowns == {{"path": ["azureDevOps", "policies", 0], "message": "the policy's name was not read"}, _none_read}
		with input.azureDevOps as nameless
}

test_another_policy_beside_the_one_that_decides_is_of_no_matter if {
	guests := object.union({"organization": "contoso", "name": lower(_policy)}, _closed)
	other := object.union({"organization": "contoso"}, _other_policy)
	rule.findings == set() with input.azureDevOps as {"policies": [other, guests]}
	rule.unknowns == set() with input.azureDevOps as {"policies": [other, guests]}
}

test_the_organisations_that_were_read_are_noted if {
	labs := object.union({"organization": "contoso-labs", "name": _policy}, _closed)
	policies := array.concat([labs], _with(_open).policies)
	rule.notes == {{
		"path": ["azureDevOps", "policies"],
		"message": "organisations that were read, and no others: contoso, contoso-labs",
	}} with input.azureDevOps as {"policies": policies}
}
