package rules.sharepoint.default_link_type_test

import data.rules.sharepoint.default_link_type as rule

_older := ["sharePoint", "tenant", "DefaultSharingLinkType"]

test_a_link_for_anyone_is_reported if {
	rule.findings == {{
		"path": _older,
		"message": "by default a new link works for anyone who holds it (DefaultSharingLinkType is 3)",
	}} with input as _tenant(3, -1, -1)
}

test_no_choice_is_the_widest_link if {
	rule.findings == {{
		"path": _older,
		"message": "by default a new link works for as many as the sharing level allows (DefaultSharingLinkType is 0)",
	}} with input as _tenant(0, -1, -1)
}

test_links_for_the_organisation_and_for_named_people_pass if {
	rule.findings == set() with input as _tenant(2, -1, -1)
	rule.findings == set() with input as _tenant(1, -1, -1)
}

test_a_setting_accepts_named_people_alone if {
	rule.findings == {{
		"path": _older,
		"message": "by default a new link works for the whole organisation (DefaultSharingLinkType is 2)",
	}} with input as _tenant(2, -1, -1)
		with data.settings.sharepoint.default_link_types as ["direct"]
	rule.findings == set() with input as _tenant(1, -1, -1)
		with data.settings.sharepoint.default_link_types as ["direct"]
}

test_the_newer_properties_replace_the_older_one if {
	rule.findings == set() with input as _tenant(3, 1, 2)
	rule.findings == {
		{
			"path": ["sharePoint", "tenant", "CoreDefaultShareLinkScope"],
			"message": "by default a new link works for anyone who holds it (CoreDefaultShareLinkScope is 0)",
		},
		{
			"path": ["sharePoint", "tenant", "OneDriveDefaultShareLinkScope"],
			"message": "by default a new link works for anyone who holds it (OneDriveDefaultShareLinkScope is 0)",
		},
	} with input as _tenant(1, 0, 0)
}

test_the_older_one_stays_in_force_for_the_other_service if {
	rule.findings == {{
		"path": _older,
		"message": "by default a new link works for anyone who holds it (DefaultSharingLinkType is 3)",
	}} with input as _tenant(3, 2, -1)
}

test_a_link_for_those_who_have_access_passes if {
	rule.findings == set() with input as object.union(_tenant(3, -1, -1), {"sharePoint": {"tenant": {
		"CoreDefaultLinkToExistingAccess": true,
		"OneDriveDefaultLinkToExistingAccess": true,
	}}})
}

test_an_unheard_of_value_is_unknown if {
	rule.findings == set() with input as _tenant(99, 7, -1)
	rule.unknowns == {
		{"path": _older, "message": "DefaultSharingLinkType is 99, which this version does not know"},
		{
			"path": ["sharePoint", "tenant", "CoreDefaultShareLinkScope"],
			"message": "CoreDefaultShareLinkScope is 7, which this version does not know",
		},
	} with input as _tenant(99, 7, -1)
}

test_a_known_value_is_not_unknown if {
	rule.unknowns == set() with input as _tenant(3, 0, 1)
}

test_a_missing_value_is_never_a_finding_of_its_own if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
}

_tenant(older, core, onedrive) := {"sharePoint": {"tenant": {
	"DefaultSharingLinkType": older,
	"CoreDefaultShareLinkScope": core,
	"OneDriveDefaultShareLinkScope": onedrive,
	"CoreDefaultLinkToExistingAccess": false,
	"OneDriveDefaultLinkToExistingAccess": false,
}}}
