package rules.sharepoint.guest_reach_test

import data.rules.sharepoint.guest_reach as rule

_share := {
	"path": ["sharePoint", "tenant", "AllowGuestUserShareToUsersNotInSiteCollection"],
	"message": concat(" ", [
		"guests may share with people who are not in the site",
		"(AllowGuestUserShareToUsersNotInSiteCollection is true)",
	]),
}

_storage := {
	"path": ["sharePoint", "tenant", "OneDriveForGuestsEnabled"],
	"message": "guests may be given a OneDrive (OneDriveForGuestsEnabled is true)",
}

test_both_switches_are_reported if {
	rule.findings == {_share, _storage} with input as _tenant(true, true)
}

test_each_switch_is_reported_alone if {
	rule.findings == {_share} with input as _tenant(true, false)
	rule.findings == {_storage} with input as _tenant(false, true)
}

test_both_off_passes if {
	rule.findings == set() with input as _tenant(false, false)
}

test_a_missing_value_is_never_a_finding_of_its_own if {
	rule.findings == set() with input as {}
	rule.findings == set() with input as _tenant(null, null)
}

_tenant(share, storage) := {"sharePoint": {"tenant": {
	"AllowGuestUserShareToUsersNotInSiteCollection": share,
	"OneDriveForGuestsEnabled": storage,
}}}
