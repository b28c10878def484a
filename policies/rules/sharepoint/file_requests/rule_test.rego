package rules.sharepoint.file_requests_test

import data.rules.sharepoint.file_requests as rule

_core := {
	"path": ["sharePoint", "tenant", "CoreRequestFilesLinkEnabled"],
	"message": "anyone may be asked to upload files to SharePoint (CoreRequestFilesLinkEnabled is true)",
}

_onedrive := {
	"path": ["sharePoint", "tenant", "OneDriveRequestFilesLinkEnabled"],
	"message": "anyone may be asked to upload files to OneDrive (OneDriveRequestFilesLinkEnabled is true)",
}

test_file_requests_are_reported if {
	rule.findings == {_core, _onedrive} with input as _tenant({})
}

test_no_file_requests_pass if {
	none := _tenant({"CoreRequestFilesLinkEnabled": false, "OneDriveRequestFilesLinkEnabled": false})
	rule.findings == set() with input as none
	rule.not_applicable == set() with input as none
}

test_a_service_without_anyone_links_has_no_file_requests if {
	rule.findings == {_core} with input as _tenant({"ODBSharingCapability": 1})
	rule.not_applicable == set() with input as _tenant({"ODBSharingCapability": 1})
}

test_a_setting_allows_links_that_expire if {
	rule.findings == set() with input as _tenant({})
		with data.settings.sharepoint.file_requests_allowed as true
}

test_allowed_links_must_expire_in_time if {
	rule.findings == {
		_late("Core", "SharePoint", 31),
		_late("OneDrive", "OneDrive", 0),
	} with input as _tenant({
		"CoreRequestFilesLinkExpirationInDays": 31,
		"OneDriveRequestFilesLinkExpirationInDays": 0,
	})
		with data.settings.sharepoint.file_requests_allowed as true
}

test_a_setting_moves_the_limit if {
	rule.findings == set() with input as _tenant({"CoreRequestFilesLinkExpirationInDays": 60})
		with data.settings.sharepoint.file_requests_allowed as true
		with data.settings.sharepoint.file_request_max_days as 60
}

test_without_anyone_links_the_rule_does_not_apply if {
	every level in [0, 1, 3] {
		closed := _tenant({"SharingCapability": level, "ODBSharingCapability": 0})
		rule.not_applicable == {"no link can work for anyone"} with input as closed
		rule.findings == set() with input as closed
	}
}

test_without_folders_to_add_to_the_rule_does_not_apply if {
	rule.not_applicable == {
		"links that work for anyone may not add to folders (FolderAnonymousLinkType is 1)",
	} with input as _tenant({"FolderAnonymousLinkType": 1})
	rule.findings == set() with input as _tenant({"FolderAnonymousLinkType": 1})
}

test_unheard_of_values_count_as_open if {
	rule.findings == {_core, _onedrive} with input as _tenant({
		"SharingCapability": 99,
		"ODBSharingCapability": 99,
		"FolderAnonymousLinkType": 99,
	})
}

test_a_missing_value_is_never_a_finding_of_its_own if {
	rule.findings == set() with input as {}
	rule.not_applicable == set() with input as {}
}

_late(service, name, days) := {
	"path": ["sharePoint", "tenant", $"{service}RequestFilesLinkExpirationInDays"],
	"message": concat(" ", [
		$"links of file requests in {name} do not expire within 30 days",
		$"({service}RequestFilesLinkExpirationInDays is {days})",
	]),
}

_tenant(changes) := {"sharePoint": {"tenant": object.union(
	{
		"SharingCapability": 2,
		"ODBSharingCapability": 2,
		"FolderAnonymousLinkType": 2,
		"CoreRequestFilesLinkEnabled": true,
		"CoreRequestFilesLinkExpirationInDays": 30,
		"OneDriveRequestFilesLinkEnabled": true,
		"OneDriveRequestFilesLinkExpirationInDays": 1,
	},
	changes,
)}}
