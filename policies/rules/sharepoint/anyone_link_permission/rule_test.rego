package rules.sharepoint.anyone_link_permission_test

import data.rules.sharepoint.anyone_link_permission as rule

_file := ["sharePoint", "tenant", "FileAnonymousLinkType"]

_folder := ["sharePoint", "tenant", "FolderAnonymousLinkType"]

_file_message := "links that work for anyone may let people change files (FileAnonymousLinkType is 2)"

_folder_message := concat(" ", [
	"links that work for anyone may let people change and add files in folders",
	"(FolderAnonymousLinkType is 2)",
])

test_editing_is_reported_for_files_and_folders if {
	rule.findings == {
		{"path": _file, "message": _file_message},
		{"path": _folder, "message": _folder_message},
	} with input as _tenant(2, 2, 2, 2)
}

test_editing_of_folders_alone_is_reported if {
	rule.findings == {{"path": _folder, "message": _folder_message}} with input as _tenant(2, 0, 1, 2)
}

test_viewing_passes if {
	rule.findings == set() with input as _tenant(2, 2, 1, 1)
	rule.unknowns == set() with input as _tenant(2, 2, 1, 1)
	rule.not_applicable == set() with input as _tenant(2, 2, 1, 1)
}

test_anyone_links_in_onedrive_count if {
	rule.findings == {{"path": _file, "message": _file_message}} with input as _tenant(1, 2, 2, 1)
}

test_without_anyone_links_the_rule_does_not_apply if {
	every level in [0, 1, 3] {
		rule.not_applicable == {"no link can work for anyone"} with input as _tenant(level, 0, 2, 99)
		rule.findings == set() with input as _tenant(level, 0, 2, 99)
		rule.unknowns == set() with input as _tenant(level, 0, 2, 99)
	}
}

test_an_unheard_of_value_is_unknown if {
	rule.findings == set() with input as _tenant(2, 0, 0, 99)
	rule.unknowns == {
		{"path": _file, "message": "FileAnonymousLinkType is 0, which this version does not know"},
		{"path": _folder, "message": "FolderAnonymousLinkType is 99, which this version does not know"},
	} with input as _tenant(2, 0, 0, 99)
}

test_an_unheard_of_level_is_unknown_unless_links_only_view if {
	rule.findings == set() with input as _tenant(99, 0, 2, 1)
	rule.unknowns == {{
		"path": _file,
		"message": $"whether links can work for anyone is unknown; {_file_message}",
	}} with input as _tenant(99, 0, 2, 1)
	rule.unknowns == set() with input as _tenant(99, 0, 1, 1)
}

test_a_missing_value_is_never_a_finding_of_its_own if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
}

_tenant(sharepoint, onedrive, file, folder) := {"sharePoint": {"tenant": {
	"SharingCapability": sharepoint,
	"ODBSharingCapability": onedrive,
	"FileAnonymousLinkType": file,
	"FolderAnonymousLinkType": folder,
}}}
