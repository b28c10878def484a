package rules.entra.guest_invitations_test

import data.rules.entra.guest_invitations as rule

_path := ["entra", "authorizationPolicy", "allowInvitesFrom"]

test_everyone_is_reported if {
	rule.findings == {{
		"path": _path,
		"message": "everybody, guests included, may invite guests (allowInvitesFrom is everyone)",
	}} with input.entra.authorizationPolicy.allowInvitesFrom as "everyone"
}

test_one_step_above_the_limit_is_reported if {
	rule.findings == {{
		"path": _path,
		"message": "every member may invite guests (allowInvitesFrom is adminsGuestInvitersAndAllMembers)",
	}} with input.entra.authorizationPolicy.allowInvitesFrom as "adminsGuestInvitersAndAllMembers"
}

test_at_the_limit_passes if {
	rule.findings == set() with input.entra.authorizationPolicy.allowInvitesFrom as "adminsAndGuestInviters"
}

test_stricter_than_the_limit_passes if {
	rule.findings == set() with input.entra.authorizationPolicy.allowInvitesFrom as "none"
}

test_a_stricter_setting_reports_the_recommended_value if {
	rule.findings == {{
		"path": _path,
		"message": "administrators and Guest Inviters may invite guests (allowInvitesFrom is adminsAndGuestInviters)",
	}} with input.entra.authorizationPolicy.allowInvitesFrom as "adminsAndGuestInviters"
		with data.settings.entra.guest_invitations_from as "none"
}

test_an_unheard_of_value_is_unknown if {
	rule.findings == set() with input.entra.authorizationPolicy.allowInvitesFrom as "somebody"
	rule.unknowns == {{
		"path": _path,
		"message": "allowInvitesFrom has the value somebody, which this version does not know",
	}} with input.entra.authorizationPolicy.allowInvitesFrom as "somebody"
}

test_a_known_value_is_not_unknown if {
	rule.unknowns == set() with input.entra.authorizationPolicy.allowInvitesFrom as "everyone"
}

test_a_missing_value_is_never_a_finding_of_its_own if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
}
