package rules.entra.guest_directory_access_test

import data.rules.entra.guest_directory_access as rule

_path := ["entra", "authorizationPolicy", "guestUserRoleId"]

_member := "a0b1b346-4d3e-4e8b-98f8-753987be4970"

_limited := "10dae51f-b6af-4016-8d66-8c2a99b929b3"

_restricted := "2af84b1e-32c8-42b7-82bc-daa82404023b"

_note := {{"path": _path, "message": "external members (userType Member) are not held back by this setting"}}

test_the_rights_of_members_are_reported if {
	rule.findings == {{
		"path": _path,
		"message": "guests see as much of the directory as members: guestUserRoleId is a0b1b346-4d3e-4e8b-98f8-753987be4970",
	}} with input.entra.authorizationPolicy.guestUserRoleId as _member
}

test_the_default_is_reported if {
	rule.findings == {{
		"path": _path,
		"message": concat("", [
			"guests can look up users and see the members of groups (limited access): ",
			"guestUserRoleId is 10dae51f-b6af-4016-8d66-8c2a99b929b3",
		]),
	}} with input.entra.authorizationPolicy.guestUserRoleId as _limited
}

test_restricted_access_passes_with_a_note if {
	rule.findings == set() with input.entra.authorizationPolicy.guestUserRoleId as _restricted
	rule.unknowns == set() with input.entra.authorizationPolicy.guestUserRoleId as _restricted
	rule.notes == _note with input.entra.authorizationPolicy.guestUserRoleId as _restricted
}

test_ids_are_compared_without_case if {
	rule.findings == set() with input.entra.authorizationPolicy.guestUserRoleId as upper(_restricted)
	rule.unknowns == set() with input.entra.authorizationPolicy.guestUserRoleId as upper(_restricted)
}

test_a_looser_setting_accepts_the_default if {
	rule.findings == set() with input.entra.authorizationPolicy.guestUserRoleId as _limited
		with data.settings.entra.guest_directory_access as "limited"
	count(rule.findings) == 1 with input.entra.authorizationPolicy.guestUserRoleId as _member
		with data.settings.entra.guest_directory_access as "limited"
}

test_stricter_than_the_setting_passes if {
	rule.findings == set() with input.entra.authorizationPolicy.guestUserRoleId as _restricted
		with data.settings.entra.guest_directory_access as "member"
}

test_a_role_unheard_of_is_unknown if {
	rule.findings == set() with input.entra.authorizationPolicy.guestUserRoleId as "62e90394-69f5-4237-9190-012177145e10"
	rule.unknowns == {{
		"path": _path,
		"message": concat("", [
			"guestUserRoleId has the value 62e90394-69f5-4237-9190-012177145e10, ",
			"which this version does not know",
		]),
	}} with input.entra.authorizationPolicy.guestUserRoleId as "62e90394-69f5-4237-9190-012177145e10"
	rule.notes == set() with input.entra.authorizationPolicy.guestUserRoleId as "62e90394-69f5-4237-9190-012177145e10"
}

test_a_missing_value_is_never_a_finding_of_its_own if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
}
