package rules.sharepoint.guest_site_expiration_test

import data.rules.sharepoint.guest_site_expiration as rule

test_access_without_end_is_reported if {
	rule.findings == {{
		"path": ["sharePoint", "tenant", "ExternalUserExpirationRequired"],
		"message": concat(" ", [
			"the access of guests to a site never ends by itself",
			"(ExternalUserExpirationRequired is false)",
		]),
	}} with input as _tenant(1, false, 30)
}

test_one_day_above_the_limit_is_reported if {
	rule.findings == _late(30, 31) with input as _tenant(1, true, 31)
}

test_a_number_of_days_that_cannot_be_is_reported if {
	rule.findings == _late(30, 0) with input as _tenant(1, true, 0)
}

test_at_the_limit_and_below_passes if {
	every days in [30, 29, 1] {
		rule.findings == set() with input as _tenant(1, true, days)
		rule.not_applicable == set() with input as _tenant(1, true, days)
	}
}

test_a_setting_moves_the_limit if {
	rule.findings == set() with input as _tenant(1, true, 90)
		with data.settings.sharepoint.guest_expiration_max_days as 90
	rule.findings == _late(90, 91) with input as _tenant(1, true, 91)
		with data.settings.sharepoint.guest_expiration_max_days as 90
}

test_every_level_but_off_counts if {
	every level in [1, 2, 3, 99] {
		count(rule.findings) == 1 with input as _tenant(level, false, 30)
	}
}

test_with_sharing_off_the_rule_does_not_apply if {
	rule.not_applicable == {"external sharing is off"} with input as _tenant(0, false, 60)
	rule.findings == set() with input as _tenant(0, false, 60)
}

test_a_missing_value_is_never_a_finding_of_its_own if {
	rule.findings == set() with input as {}
}

_late(limit, days) := {{
	"path": ["sharePoint", "tenant", "ExternalUserExpireInDays"],
	"message": concat(" ", [
		$"the access of guests to a site does not end within {limit} days",
		$"(ExternalUserExpireInDays is {days})",
	]),
}}

_tenant(level, required, days) := {"sharePoint": {"tenant": {
	"SharingCapability": level,
	"ExternalUserExpirationRequired": required,
	"ExternalUserExpireInDays": days,
}}}
