package rules.sharepoint.sharing_level_test

import data.rules.sharepoint.sharing_level as rule

_path := ["sharePoint", "tenant", "SharingCapability"]

test_anyone_is_reported if {
	rule.findings == {{
		"path": _path,
		"message": "content may be shared with anyone who holds a link (SharingCapability is 2)",
	}} with input.sharePoint.tenant.SharingCapability as 2
}

test_one_step_above_the_limit_is_reported if {
	rule.findings == {{
		"path": _path,
		"message": "content may be shared with new guests (SharingCapability is 1)",
	}} with input.sharePoint.tenant.SharingCapability as 1
}

test_at_the_limit_passes if {
	rule.findings == set() with input.sharePoint.tenant.SharingCapability as 3
}

test_stricter_than_the_limit_passes if {
	rule.findings == set() with input.sharePoint.tenant.SharingCapability as 0
}

test_graph_gives_the_level_by_name if {
	rule.findings == {{
		"path": ["sharePoint", "settings", "sharingCapability"],
		"message": "content may be shared with new guests (sharingCapability is externalUserSharingOnly)",
	}} with input.sharePoint.settings.sharingCapability as "externalUserSharingOnly"
	rule.findings == set() with input.sharePoint.settings.sharingCapability as "disabled"
}

test_a_setting_opens_the_limit if {
	rule.findings == set() with input.sharePoint.tenant.SharingCapability as 1
		with data.settings.sharepoint.sharing_level as "externalUserSharingOnly"
}

test_a_setting_closes_the_limit if {
	rule.findings == {{
		"path": _path,
		"message": "content may be shared with guests who are in the directory already (SharingCapability is 3)",
	}} with input.sharePoint.tenant.SharingCapability as 3
		with data.settings.sharepoint.sharing_level as "disabled"
}

test_an_unheard_of_value_is_unknown if {
	rule.findings == set() with input.sharePoint.tenant.SharingCapability as 99
	rule.unknowns == {{
		"path": _path,
		"message": "SharingCapability is 99, which this version does not know",
	}} with input.sharePoint.tenant.SharingCapability as 99
}

test_a_known_value_is_not_unknown if {
	rule.unknowns == set() with input.sharePoint.tenant.SharingCapability as 2
}

test_a_missing_value_is_never_a_finding_of_its_own if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
}
