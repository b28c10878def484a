package rules.entra.guest_group_access_test

import data.rules.entra.guest_group_access as rule

_settings(values) := [{
	"id": "s1",
	"templateId": "62375ab9-6b52-47ed-826b-58e47e0e304b",
	"values": [{"name": name, "value": value} | some name, value in values],
}]

# Objects are walked in the order of their names.
_path(i) := ["entra", "groupSettings", 0, "values", i, "value"]

_absent := ["entra", "groupSettings"]

test_denied_access_that_is_on_is_reported_switch_by_switch if {
	rule.findings == {
		{"path": _path(0), "key": "AllowGuestsToAccessGroups", "message": _can_use("True")},
		{"path": _path(1), "key": "AllowToAddGuests", "message": _can_be_added("true")},
	} with input.entra.groupSettings as _settings({"AllowGuestsToAccessGroups": "True", "AllowToAddGuests": "true"})
		with data.settings.entra.guest_group_access as "deny"
	rule.findings == {{
		"path": _path(1),
		"key": "AllowToAddGuests",
		"message": _can_be_added("true"),
	}} with input.entra.groupSettings as _settings({"AllowGuestsToAccessGroups": "False", "AllowToAddGuests": "true"})
		with data.settings.entra.guest_group_access as "deny"
}

_can_use(value) := $"guests can use the groups they are in (AllowGuestsToAccessGroups is {value})"

_can_be_added(value) := $"guests can be added to groups (AllowToAddGuests is {value})"

test_denied_access_that_is_not_set_is_on if {
	rule.findings == {
		{
			"path": _absent,
			"key": "AllowGuestsToAccessGroups",
			"message": _can_use("not set, which means true"),
		},
		{
			"path": _absent,
			"key": "AllowToAddGuests",
			"message": _can_be_added("not set, which means true"),
		},
	} with input.entra.groupSettings as []
		with data.settings.entra.guest_group_access as "deny"
}

test_denied_access_that_is_off_passes if {
	off := _settings({"AllowGuestsToAccessGroups": "False", "AllowToAddGuests": "false"})
	rule.findings == set() with input.entra.groupSettings as off with data.settings.entra.guest_group_access as "deny"
	rule.unknowns == set() with input.entra.groupSettings as off with data.settings.entra.guest_group_access as "deny"
}

test_allowed_access_is_a_decision if {
	rule.findings == set() with input.entra.groupSettings as []
		with data.settings.entra.guest_group_access as "allow"
	rule.unknowns == set() with input.entra.groupSettings as _settings({"AllowToAddGuests": "maybe"})
		with data.settings.entra.guest_group_access as "allow"
}

test_stricter_than_labels_passes if {
	off := _settings({"AllowToAddGuests": "False"})
	rule.findings == set() with input.entra.groupSettings as off
	rule.unknowns == set() with input.entra.groupSettings as off
}

test_labels_that_are_off_are_reported if {
	rule.findings == {{
		"path": _absent,
		"key": "EnableMIPLabels",
		"message": concat(" ", [
			"guests can be added and no sensitivity label can forbid it",
			"(EnableMIPLabels is not set, which means false)",
		]),
	}} with input.entra.groupSettings as []
	rule.unknowns == set() with input.entra.groupSettings as []
	rule.findings == {{
		"path": _path(1),
		"key": "EnableMIPLabels",
		"message": "guests can be added and no sensitivity label can forbid it (EnableMIPLabels is False)",
	}} with input.entra.groupSettings as _settings({"AllowToAddGuests": "True", "EnableMIPLabels": "False"})
		with data.settings.entra.no_guest_labels as ["l1"]
}

test_labels_that_close_nothing_are_reported if {
	rule.findings == {{
		"path": ["entra", "groupSettings", 0, "values"],
		"key": "AllowToAddGuests",
		"message": concat(" ", [
			"guests can be added and no label closes a group to them",
			"(AllowToAddGuests is not set, which means true)",
		]),
	}} with input.entra.groupSettings as _settings({"EnableMIPLabels": "True"})
}

test_labels_that_close_groups_are_unknown if {
	labels := _settings({"EnableMIPLabels": "True"})
	rule.findings == set() with input.entra.groupSettings as labels with data.settings.entra.no_guest_labels as ["l1"]
	rule.unknowns == {{
		"path": ["entra", "groupSettings", 0, "values"],
		"key": "AllowToAddGuests",
		"message": "labels decide about guests; whether the groups that they close refuse guests is not in the snapshot",
	}} with input.entra.groupSettings as labels with data.settings.entra.no_guest_labels as ["l1"]
}

test_values_that_say_nothing_are_unknown if {
	rule.findings == set() with input.entra.groupSettings as _settings({"AllowToAddGuests": "maybe"})
	rule.unknowns == {{
		"path": _path(0),
		"key": "AllowToAddGuests",
		"message": "AllowToAddGuests has the value maybe, which is neither true nor false",
	}} with input.entra.groupSettings as _settings({"AllowToAddGuests": "maybe"})
	unread := _settings({"EnableMIPLabels": ""})
	_unknown == {"EnableMIPLabels"} with input.entra.groupSettings as unread
	_unknown == {"AllowGuestsToAccessGroups"} with data.settings.entra.guest_group_access as "deny"
		with input.entra.groupSettings as _settings({"AllowGuestsToAccessGroups": "maybe", "AllowToAddGuests": "false"})
}

test_missing_settings_are_never_a_finding_of_their_own if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
}

_unknown := {unknown.key | some unknown in rule.unknowns}
