package rules.sharepoint.code_reauthentication_test

import data.rules.sharepoint.code_reauthentication as rule

test_codes_that_last_for_ever_are_reported if {
	rule.findings == {{
		"path": ["sharePoint", "tenant", "EmailAttestationRequired"],
		"message": "people who came with a mailed code never need another (EmailAttestationRequired is false)",
	}} with input as _tenant(1, false, false, 30)
}

test_one_day_above_the_limit_is_reported if {
	rule.findings == _late(15, 16) with input as _tenant(1, false, true, 16)
}

test_a_number_of_days_that_cannot_be_is_reported if {
	rule.findings == _late(15, 0) with input as _tenant(1, false, true, 0)
}

test_at_the_limit_and_below_passes if {
	every days in [15, 1] {
		rule.findings == set() with input as _tenant(1, false, true, days)
		rule.not_applicable == set() with input as _tenant(1, false, true, days)
	}
}

test_a_setting_moves_the_limit if {
	rule.findings == set() with input as _tenant(1, false, true, 30)
		with data.settings.sharepoint.reauthentication_max_days as 30
	rule.findings == _late(7, 15) with input as _tenant(1, false, true, 15)
		with data.settings.sharepoint.reauthentication_max_days as 7
}

test_every_level_but_off_counts if {
	every level in [1, 2, 3, 99] {
		count(rule.findings) == 1 with input as _tenant(level, false, false, 15)
	}
}

test_with_sharing_off_the_rule_does_not_apply if {
	rule.not_applicable == {"external sharing is off"} with input as _tenant(0, false, false, 30)
	rule.findings == set() with input as _tenant(0, false, false, 30)
}

test_with_the_integration_the_rule_does_not_apply if {
	rule.not_applicable == {
		"all who are invited become guests of the directory (EnableAzureADB2BIntegration is true)",
	} with input as _tenant(1, true, false, 30)
	rule.findings == set() with input as _tenant(1, true, false, 30)
}

test_a_missing_value_is_never_a_finding_of_its_own if {
	rule.findings == set() with input as {}
	rule.not_applicable == set() with input as {}
}

_late(limit, days) := {{
	"path": ["sharePoint", "tenant", "EmailAttestationReAuthDays"],
	"message": concat(" ", [
		$"a mailed code is not asked for again within {limit} days",
		$"(EmailAttestationReAuthDays is {days})",
	]),
}}

_tenant(level, integrated, required, days) := {"sharePoint": {"tenant": {
	"SharingCapability": level,
	"EnableAzureADB2BIntegration": integrated,
	"EmailAttestationRequired": required,
	"EmailAttestationReAuthDays": days,
}}}
