package rules.entra.sharing_guidelines_test

import data.rules.entra.sharing_guidelines as rule

_settings(people, guests) := [{
	"id": "s1",
	"templateId": "62375ab9-6b52-47ed-826b-58e47e0e304b",
	"values": [
		{"name": "UsageGuidelinesUrl", "value": people},
		{"name": "GuestUsageGuidelinesUrl", "value": guests},
	],
}]

_path(j) := ["entra", "groupSettings", 0, "values", j, "value"]

_good := "https://intranet.contoso.example/guests"

_blocked := ["sharePoint", "tenant", "CustomizedExternalSharingServiceUrl"]

_people(path) := {
	"path": path,
	"key": "UsageGuidelinesUrl",
	"message": "people who make groups are shown no rules for sharing (UsageGuidelinesUrl is empty)",
}

_guests(path) := {
	"path": path,
	"key": "GuestUsageGuidelinesUrl",
	"message": "guests are shown no rules for sharing (GuestUsageGuidelinesUrl is empty)",
}

test_empty_links_are_reported if {
	rule.findings == {_people(_path(0)), _guests(_path(1))} with input.entra.groupSettings as _settings("", " ")
	rule.findings == {_guests(_path(1))} with input.entra.groupSettings as _settings(_good, "")
	rule.findings == {_people(_path(0))} with input.entra.groupSettings as _settings("", _good)
}

test_a_tenant_that_never_set_them_is_reported if {
	place := ["entra", "groupSettings"]
	rule.findings == {_people(place), _guests(place)} with input.entra.groupSettings as []
	rule.unknowns == set() with input.entra.groupSettings as []
}

test_links_pass if {
	every link in [
		_good, "https://contoso.example", "HTTPS://Contoso.Example:8443/a?b=c#d", "https://intranet/rules",
		" https://a.example/ ", "https://müller.example/régles",
	] {
		rule.findings == set() with input.entra.groupSettings as _settings(link, link)
		rule.unknowns == set() with input.entra.groupSettings as _settings(link, link)
	}
}

test_what_is_no_https_address_is_reported if {
	every link in [
		"http://contoso.example/rules", "javascript:alert(1)", "contoso.example", "https://", "https:///rules",
		"https://contoso.example@evil.example/", "https://contoso.example\\@evil.example", "https://contoso.example/a b",
		"https://contoso.example/\na", "https://-contoso.example", "//contoso.example", "https://contoso.example/\u202e",
		"ask your manager",
	] {
		rule.findings == {{
			"path": _path(1),
			"key": "GuestUsageGuidelinesUrl",
			"message": "what guests are shown is no https address (GuestUsageGuidelinesUrl)",
		}} with input.entra.groupSettings as _settings(_good, link)
	}
}

test_a_value_that_was_not_read_is_unknown if {
	rule.findings == set() with input.entra.groupSettings as _settings(_good, null)
	rule.unknowns == {{
		"path": _path(1),
		"key": "GuestUsageGuidelinesUrl",
		"message": "GuestUsageGuidelinesUrl was not read",
	}} with input.entra.groupSettings as _settings(_good, null)
}

test_the_link_of_sharepoint_is_a_note_where_it_is_missing if {
	every nothing in [null, ""] {
		rule.findings == set() with input.entra.groupSettings as _settings(_good, _good)
			with input.sharePoint.tenant.CustomizedExternalSharingServiceUrl as nothing
		rule.notes == {{
			"path": _blocked,
			"message": concat(" ", [
				"people whose sharing was blocked are shown no link to your rules",
				"(CustomizedExternalSharingServiceUrl is empty)",
			]),
		}} with input.sharePoint.tenant.CustomizedExternalSharingServiceUrl as nothing
	}
	rule.notes == set() with input.sharePoint.tenant as {}
}

test_the_link_of_sharepoint_must_be_an_https_address if {
	rule.findings == {{
		"path": _blocked,
		"message": concat(" ", [
			"what people are shown whose sharing was blocked is no https address",
			"(CustomizedExternalSharingServiceUrl)",
		]),
	}} with input.entra.groupSettings as _settings(_good, _good)
		with input.sharePoint.tenant.CustomizedExternalSharingServiceUrl as "http://contoso.example"
	rule.findings == set() with input.entra.groupSettings as _settings(_good, _good)
		with input.sharePoint.tenant.CustomizedExternalSharingServiceUrl as _good
}

test_what_was_not_read_is_never_a_finding_of_its_own if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
	rule.notes == set() with input as {}
}
