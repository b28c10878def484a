package rules.teams.third_party_storage_test

import data.rules.teams.third_party_storage as rule

_off := {
	"AllowDropBox": false,
	"AllowBox": false,
	"AllowGoogleDrive": false,
	"AllowShareFile": false,
	"AllowEgnyte": false,
}

_with(changes) := object.union(_off, changes)

_found(service) := {
	"path": ["teams", "clientConfiguration", concat("", ["Allow", service])],
	"message": $"files in {service} can be added to Teams (Allow{service} is true)",
}

test_every_service_that_is_on_is_reported if {
	rule.findings == {_found(service) |
		some service in ["DropBox", "Box", "GoogleDrive", "ShareFile", "Egnyte"]
	} with input.teams.clientConfiguration as {name: true | some name, _ in _off}
}

test_one_service_that_is_on_is_reported if {
	rule.findings == {{
		"path": ["teams", "clientConfiguration", "AllowGoogleDrive"],
		"message": "files in GoogleDrive can be added to Teams (AllowGoogleDrive is true)",
	}} with input.teams.clientConfiguration as _with({"AllowGoogleDrive": true})
}

test_no_service_passes if {
	rule.findings == set() with input.teams.clientConfiguration as _off
	rule.unknowns == set() with input.teams.clientConfiguration as _off
}

test_an_approved_service_passes_and_no_other if {
	rule.findings == {_found("DropBox")} with input.teams.clientConfiguration as _with({
		"AllowBox": true,
		"AllowDropBox": true,
	})
		with data.settings.teams.allowed_storage_services as ["Box"]
}

test_a_value_that_is_no_switch_is_unknown if {
	client := _with({"AllowBox": null, "AllowEgnyte": "off"})
	rule.findings == set() with input.teams.clientConfiguration as client
	rule.unknowns == {
		{"path": ["teams", "clientConfiguration", "AllowBox"], "message": "AllowBox is neither true nor false"},
		{"path": ["teams", "clientConfiguration", "AllowEgnyte"], "message": "AllowEgnyte is neither true nor false"},
	} with input.teams.clientConfiguration as client
}

test_a_missing_section_is_never_a_finding_of_its_own if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
}
