package rules.sharepoint.onedrive_sharing_level_test

import data.rules.sharepoint.onedrive_sharing_level as rule

_path := ["sharePoint", "tenant", "ODBSharingCapability"]

test_anyone_is_reported if {
	rule.findings == {{
		"path": _path,
		"message": "OneDrive files may be shared with anyone who holds a link (ODBSharingCapability is 2)",
	}} with input.sharePoint.tenant.ODBSharingCapability as 2
}

test_one_step_above_the_limit_is_reported if {
	rule.findings == {{
		"path": _path,
		"message": "OneDrive files may be shared with new guests (ODBSharingCapability is 1)",
	}} with input.sharePoint.tenant.ODBSharingCapability as 1
}

test_at_the_limit_passes if {
	rule.findings == set() with input.sharePoint.tenant.ODBSharingCapability as 3
}

test_stricter_than_the_limit_passes if {
	rule.findings == set() with input.sharePoint.tenant.ODBSharingCapability as 0
}

test_a_setting_closes_onedrive if {
	rule.findings == {{
		"path": _path,
		"message": "OneDrive files may be shared with guests who are in the directory already (ODBSharingCapability is 3)",
	}} with input.sharePoint.tenant.ODBSharingCapability as 3
		with data.settings.sharepoint.onedrive_sharing_level as "disabled"
	rule.findings == set() with input.sharePoint.tenant.ODBSharingCapability as 0
		with data.settings.sharepoint.onedrive_sharing_level as "disabled"
}

test_an_unheard_of_value_is_unknown if {
	rule.findings == set() with input.sharePoint.tenant.ODBSharingCapability as 99
	rule.unknowns == {{
		"path": _path,
		"message": "ODBSharingCapability is 99, which this version does not know",
	}} with input.sharePoint.tenant.ODBSharingCapability as 99
}

test_a_known_value_is_not_unknown if {
	rule.unknowns == set() with input.sharePoint.tenant.ODBSharingCapability as 2
}

test_a_missing_value_is_never_a_finding_of_its_own if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
}
