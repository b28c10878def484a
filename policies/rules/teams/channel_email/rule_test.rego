package rules.teams.channel_email_test

import data.rules.teams.channel_email as rule

_path := ["teams", "clientConfiguration", "AllowEmailIntoChannel"]

_found := {{"path": _path, "message": "channels take e-mail from outside Teams (AllowEmailIntoChannel is true)"}}

test_mail_to_channels_is_reported if {
	every senders in [null, "", " "] {
		client := {"AllowEmailIntoChannel": true, "RestrictedSenderList": senders}
		rule.findings == _found with input.teams.clientConfiguration as client
		rule.notes == set() with input.teams.clientConfiguration as client
	}
}

test_mail_from_some_senders_is_reported_and_they_are_noted if {
	client := {"AllowEmailIntoChannel": true, "RestrictedSenderList": "contoso.com;fabrikam.com"}
	rule.findings == _found with input.teams.clientConfiguration as client
	rule.notes == {{
		"path": ["teams", "clientConfiguration", "RestrictedSenderList"],
		"message": "only contoso.com;fabrikam.com may write to channels",
	}} with input.teams.clientConfiguration as client
}

test_no_mail_to_channels_passes if {
	client := {"AllowEmailIntoChannel": false, "RestrictedSenderList": "contoso.com"}
	rule.findings == set() with input.teams.clientConfiguration as client
	rule.unknowns == set() with input.teams.clientConfiguration as client
	rule.notes == set() with input.teams.clientConfiguration as client
}

test_a_value_that_is_no_switch_is_unknown if {
	rule.findings == set() with input.teams.clientConfiguration.AllowEmailIntoChannel as "off"
	rule.unknowns == {{
		"path": _path,
		"message": "AllowEmailIntoChannel is neither true nor false",
	}} with input.teams.clientConfiguration.AllowEmailIntoChannel as "off"
}

test_a_missing_section_is_never_a_finding_of_its_own if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
	rule.notes == set() with input as {}
}
