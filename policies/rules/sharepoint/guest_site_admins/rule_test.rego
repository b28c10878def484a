package rules.sharepoint.guest_site_admins_test

import data.rules.sharepoint.guest_site_admins as rule

_core := ["sharePoint", "tenant", "CoreBlockGuestsAsSiteAdmin"]

_onedrive := ["sharePoint", "tenant", "OneDriveBlockGuestsAsSiteAdmin"]

test_off_and_unspecified_are_reported if {
	rule.findings == {
		{
			"path": _core,
			"message": concat(" ", [
				"making a guest administrator of a site is left to the site's owner",
				"(CoreBlockGuestsAsSiteAdmin is 0)",
			]),
		},
		{
			"path": _onedrive,
			"message": "making a guest administrator of a site is allowed (OneDriveBlockGuestsAsSiteAdmin is 2)",
		},
	} with input as _tenant(1, 1, 0, 2)
}

test_on_passes if {
	rule.findings == set() with input as _tenant(1, 1, 1, 1)
	rule.unknowns == set() with input as _tenant(1, 1, 1, 1)
	rule.not_applicable == set() with input as _tenant(1, 1, 1, 1)
}

test_a_closed_onedrive_needs_no_switch if {
	rule.findings == set() with input as _tenant(1, 0, 1, 2)
	rule.unknowns == set() with input as _tenant(1, 0, 1, 99)
}

test_with_sharing_off_the_rule_does_not_apply if {
	rule.not_applicable == {"external sharing is off"} with input as _tenant(0, 0, 0, 99)
	rule.findings == set() with input as _tenant(0, 0, 0, 99)
	rule.unknowns == set() with input as _tenant(0, 0, 0, 99)
}

test_an_unheard_of_value_is_unknown if {
	rule.findings == set() with input as _tenant(1, 1, 99, 1)
	rule.unknowns == {{
		"path": _core,
		"message": "CoreBlockGuestsAsSiteAdmin is 99, which this version does not know",
	}} with input as _tenant(1, 1, 99, 1)
}

test_a_missing_value_is_never_a_finding_of_its_own if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
}

_tenant(sharepoint, onedrive, core_switch, onedrive_switch) := {"sharePoint": {"tenant": {
	"SharingCapability": sharepoint,
	"ODBSharingCapability": onedrive,
	"CoreBlockGuestsAsSiteAdmin": core_switch,
	"OneDriveBlockGuestsAsSiteAdmin": onedrive_switch,
}}}
