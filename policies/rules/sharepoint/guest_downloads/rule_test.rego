package rules.sharepoint.guest_downloads_test

import data.rules.sharepoint.guest_downloads as rule

_path := ["sharePoint", "tenant", "BlockDownloadOfAllFilesForGuests"]

test_downloads_are_reported if {
	rule.findings == {{
		"path": _path,
		"message": "guests may download every file that they can open (BlockDownloadOfAllFilesForGuests is false)",
	}} with input as _tenant(1, false, false)
}

test_the_weaker_switch_is_not_enough if {
	rule.findings == {{
		"path": _path,
		"message": "guests may download files that the browser cannot show (BlockDownloadOfAllFilesForGuests is false)",
	}} with input as _tenant(1, false, true)
}

test_no_download_passes if {
	rule.findings == set() with input as _tenant(1, true, false)
	rule.findings == set() with input as _tenant(1, true, true)
	rule.not_applicable == set() with input as _tenant(1, true, true)
}

test_every_level_but_off_counts if {
	every level in [1, 2, 3, 99] {
		count(rule.findings) == 1 with input as _tenant(level, false, false)
	}
}

test_with_sharing_off_the_rule_does_not_apply if {
	rule.not_applicable == {"external sharing is off"} with input as _tenant(0, false, false)
	rule.findings == set() with input as _tenant(0, false, false)
}

test_a_missing_value_is_never_a_finding_of_its_own if {
	rule.findings == set() with input as {}
}

_tenant(level, all, viewable) := {"sharePoint": {"tenant": {
	"SharingCapability": level,
	"BlockDownloadOfAllFilesForGuests": all,
	"BlockDownloadOfViewableFilesForGuests": viewable,
}}}
