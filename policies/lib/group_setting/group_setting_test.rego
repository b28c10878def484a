package lib.group_setting_test

import data.lib.group_setting

_unified(values) := {"id": "s1", "templateId": "62375ab9-6b52-47ed-826b-58e47e0e304b", "values": values}

_other := {
	"id": "s0",
	"templateId": "08d542b9-071f-4e16-94b0-74abb372e3d9",
	"values": [{"name": "AllowToAddGuests", "value": "false"}],
}

test_values_are_read_in_any_case if {
	group_setting.switch("AllowToAddGuests", "true") == {{
		"state": "off",
		"path": ["entra", "groupSettings", 0, "values", 0, "value"],
		"text": "False",
	}} with input.entra.groupSettings as [_unified([{"name": "AllowToAddGuests", "value": "False"}])]
	group_setting.switch("allowtoaddguests", "false") == {{
		"state": "on",
		"path": ["entra", "groupSettings", 0, "values", 1, "value"],
		"text": "TRUE",
	}} with input.entra.groupSettings as [_unified([
		{"name": "EnableMIPLabels", "value": ""},
		{"name": "AllowToAddGuests", "value": "TRUE"},
	])]
}

test_an_absent_object_means_the_default if {
	group_setting.switch("AllowToAddGuests", "true") == {{
		"state": "on",
		"path": ["entra", "groupSettings"],
		"text": "not set, which means true",
	}} with input.entra.groupSettings as []
}

test_settings_that_were_not_read_mean_nothing if {
	not group_setting.switch("AllowToAddGuests", "true") with input as {}
}

test_an_absent_value_means_the_default if {
	group_setting.switch("EnableMIPLabels", "false") == {{
		"state": "off",
		"path": ["entra", "groupSettings", 1, "values"],
		"text": "not set, which means false",
	}} with input.entra.groupSettings as [_other, _unified([{"name": "AllowToAddGuests", "value": "true"}])]
}

test_other_templates_are_not_read if {
	group_setting.switch("AllowToAddGuests", "true") == {{
		"state": "on",
		"path": ["entra", "groupSettings"],
		"text": "not set, which means true",
	}} with input.entra.groupSettings as [_other]
}

test_what_is_neither_true_nor_false_is_unknown if {
	group_setting.switch("AllowToAddGuests", "true") == {{
		"state": "unknown",
		"path": ["entra", "groupSettings", 0, "values", 0, "value"],
		"text": "null",
	}} with input.entra.groupSettings as [_unified([{"name": "AllowToAddGuests", "value": null}])]
	_states == {"unknown"} with input.entra.groupSettings as [_unified([{"name": "AllowToAddGuests"}])]
	_states == {"unknown"} with input.entra.groupSettings as [_unified([{"name": "AllowToAddGuests", "value": "yes"}])]
}

test_an_object_whose_values_were_not_read_is_unknown if {
	every odd in [object.remove(_unified([]), ["values"]), _unified(null)] {
		group_setting.switch("AllowGuestsToBeGroupOwner", "false") == {{
			"state": "unknown",
			"path": ["entra", "groupSettings", 1, "values"],
			"text": "(not read)",
		}} with input.entra.groupSettings as [_other, odd]
	}
}

test_a_value_sent_twice_is_seen_twice if {
	_states == {"on", "off"} with input.entra.groupSettings as [
		_unified([{"name": "AllowToAddGuests", "value": "true"}]),
		_unified([{"name": "AllowToAddGuests", "value": "false"}]),
	]
}

_states := {switch.state | some switch in group_setting.switch("AllowToAddGuests", "true")}

_guide := "https://intranet.example/guests"

test_a_text_is_read if {
	group_setting.words("UsageGuidelinesUrl") == {{
		"state": "set",
		"path": ["entra", "groupSettings", 1, "values", 0, "value"],
		"text": _guide,
	}} with input.entra.groupSettings as [_other, _unified([{"name": "usageguidelinesurl", "value": _guide}])]
}

test_a_text_of_nothing_is_empty if {
	every nothing in ["", "  "] {
		group_setting.words("UsageGuidelinesUrl") == {{
			"state": "empty",
			"path": ["entra", "groupSettings", 0, "values", 0, "value"],
			"text": nothing,
		}} with input.entra.groupSettings as [_unified([{"name": "UsageGuidelinesUrl", "value": nothing}])]
	}
}

test_an_absent_text_is_empty if {
	group_setting.words("UsageGuidelinesUrl") == {{
		"state": "empty",
		"path": ["entra", "groupSettings"],
		"text": "",
	}} with input.entra.groupSettings as [_other]
	group_setting.words("UsageGuidelinesUrl") == {{
		"state": "empty",
		"path": ["entra", "groupSettings", 0, "values"],
		"text": "",
	}} with input.entra.groupSettings as [_unified([])]
}

test_a_text_that_was_not_read_is_unknown if {
	group_setting.words("UsageGuidelinesUrl") == {{
		"state": "unknown",
		"path": ["entra", "groupSettings", 0, "values", 0, "value"],
		"text": "null",
	}} with input.entra.groupSettings as [_unified([{"name": "UsageGuidelinesUrl"}])]
	group_setting.words("UsageGuidelinesUrl") == {{
		"state": "unknown",
		"path": ["entra", "groupSettings", 0, "values"],
		"text": "(not read)",
	}} with input.entra.groupSettings as [_unified(null)]
	not group_setting.words("UsageGuidelinesUrl") with input as {}
}
