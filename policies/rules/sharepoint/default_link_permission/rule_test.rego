package rules.sharepoint.default_link_permission_test

import data.rules.sharepoint.default_link_permission as rule

_older := ["sharePoint", "tenant", "DefaultLinkPermission"]

test_edit_is_reported if {
	rule.findings == {{
		"path": _older,
		"message": "by default a new link lets people edit (DefaultLinkPermission is 2)",
	}} with input as _tenant(2, 0, 0)
}

test_no_choice_is_edit if {
	rule.findings == {{
		"path": _older,
		"message": "by default a new link lets people edit (DefaultLinkPermission is 0)",
	}} with input as _tenant(0, 0, 0)
}

test_view_passes if {
	rule.findings == set() with input as _tenant(1, 0, 0)
}

test_the_newer_properties_replace_the_older_one if {
	rule.findings == set() with input as _tenant(2, 1, 1)
	rule.findings == {
		{
			"path": ["sharePoint", "tenant", "CoreDefaultShareLinkRole"],
			"message": "by default a new link lets people edit (CoreDefaultShareLinkRole is 2)",
		},
		{
			"path": ["sharePoint", "tenant", "OneDriveDefaultShareLinkRole"],
			"message": "by default a new link lets people comment (OneDriveDefaultShareLinkRole is 6)",
		},
	} with input as _tenant(1, 2, 6)
}

test_the_older_one_stays_in_force_for_the_other_service if {
	rule.findings == {{
		"path": _older,
		"message": "by default a new link lets people edit (DefaultLinkPermission is 2)",
	}} with input as _tenant(2, 1, 0)
}

test_view_without_download_passes if {
	rule.findings == set() with input as _tenant(2, 7, 7)
}

test_a_link_for_those_who_have_access_passes if {
	rule.findings == set() with input as object.union(_tenant(2, 0, 0), {"sharePoint": {"tenant": {
		"CoreDefaultLinkToExistingAccess": true,
		"OneDriveDefaultLinkToExistingAccess": true,
	}}})
}

test_an_unheard_of_value_is_unknown if {
	rule.findings == set() with input as _tenant(99, 3, 0)
	rule.unknowns == {
		{"path": _older, "message": "DefaultLinkPermission is 99, which this version does not know"},
		{
			"path": ["sharePoint", "tenant", "CoreDefaultShareLinkRole"],
			"message": "CoreDefaultShareLinkRole is 3, which this version does not know",
		},
	} with input as _tenant(99, 3, 0)
}

test_a_known_value_is_not_unknown if {
	rule.unknowns == set() with input as _tenant(2, 1, 6)
}

test_a_missing_value_is_never_a_finding_of_its_own if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
}

_tenant(older, core, onedrive) := {"sharePoint": {"tenant": {
	"DefaultLinkPermission": older,
	"CoreDefaultShareLinkRole": core,
	"OneDriveDefaultShareLinkRole": onedrive,
	"CoreDefaultLinkToExistingAccess": false,
	"OneDriveDefaultLinkToExistingAccess": false,
}}}
