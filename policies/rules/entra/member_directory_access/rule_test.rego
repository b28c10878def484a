package rules.entra.member_directory_access_test

import data.rules.entra.member_directory_access as rule

_path := ["entra", "authorizationPolicy", "defaultUserRolePermissions", "allowedToReadOtherUsers"]

test_a_broken_directory_is_reported if {
	rule.findings == {{
		"path": _path,
		"message": "members cannot read other users, which does not hold guests back (allowedToReadOtherUsers is false)",
	}} with input.entra.authorizationPolicy.defaultUserRolePermissions.allowedToReadOtherUsers as false
	rule.notes == set() with input.entra.authorizationPolicy.defaultUserRolePermissions.allowedToReadOtherUsers as false
}

test_the_default_passes_with_a_note if {
	rule.findings == set() with input.entra.authorizationPolicy.defaultUserRolePermissions.allowedToReadOtherUsers as true
	rule.notes == {{
		"path": _path,
		"message": "this setting is about members; what guests see is decided by guestUserRoleId",
	}} with input.entra.authorizationPolicy.defaultUserRolePermissions.allowedToReadOtherUsers as true
}

test_a_missing_value_is_never_a_finding_of_its_own if {
	rule.findings == set() with input as {}
	rule.notes == set() with input as {}
}
