package rules.entra.guest_group_ownership_test

import data.rules.entra.guest_group_ownership as rule

_settings(value) := [{
	"id": "s1",
	"templateId": "62375ab9-6b52-47ed-826b-58e47e0e304b",
	"values": [{"name": "AllowGuestsToBeGroupOwner", "value": value}],
}]

_path := ["entra", "groupSettings", 0, "values", 0, "value"]

test_guest_owners_are_reported if {
	rule.findings == {{
		"path": _path,
		"message": "guests can be made owners of groups (AllowGuestsToBeGroupOwner is True)",
	}} with input.entra.groupSettings as _settings("True")
}

test_no_guest_owners_passes if {
	rule.findings == set() with input.entra.groupSettings as _settings("False")
	rule.unknowns == set() with input.entra.groupSettings as _settings("false")
}

test_the_service_default_passes if {
	rule.findings == set() with input.entra.groupSettings as []
	rule.unknowns == set() with input.entra.groupSettings as []
}

test_missing_settings_are_never_a_finding_of_their_own if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
}

test_settings_of_single_groups_are_not_read if {
	other := [object.union(_settings("true")[0], {"templateId": "08d542b9-071f-4e16-94b0-74abb372e3d9"})]
	rule.findings == set() with input.entra.groupSettings as other
}

test_a_value_that_says_nothing_is_unknown if {
	rule.findings == set() with input.entra.groupSettings as _settings("maybe")
	rule.unknowns == {{
		"path": _path,
		"message": "AllowGuestsToBeGroupOwner has the value maybe, which is neither true nor false",
	}} with input.entra.groupSettings as _settings("maybe")
	count(rule.unknowns) == 1 with input.entra.groupSettings as _settings(null)
}
