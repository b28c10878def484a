package rules.sharepoint.anyone_link_expiration_test

import data.rules.sharepoint.anyone_link_expiration as rule

_path := ["sharePoint", "tenant", "RequireAnonymousLinksExpireInDays"]

test_links_that_never_expire_are_reported if {
	every days in [-1, 0] {
		rule.findings == _late(days) with input as _tenant(2, 0, days)
	}
}

test_one_day_above_the_limit_is_reported if {
	rule.findings == _late(31) with input as _tenant(2, 0, 31)
}

test_at_the_limit_and_below_passes if {
	every days in [30, 7, 1] {
		rule.findings == set() with input as _tenant(2, 2, days)
		rule.not_applicable == set() with input as _tenant(2, 2, days)
	}
}

test_anyone_links_in_onedrive_count if {
	rule.findings == _late(-1) with input as _tenant(1, 2, -1)
}

test_a_setting_moves_the_limit if {
	rule.findings == set() with input as _tenant(2, 2, 60)
		with data.settings.sharepoint.anyone_link_max_days as 60
	rule.findings == {{
		"path": _path,
		"message": "links that work for anyone do not expire within 7 days (RequireAnonymousLinksExpireInDays is 30)",
	}} with input as _tenant(2, 2, 30)
		with data.settings.sharepoint.anyone_link_max_days as 7
}

test_without_anyone_links_the_rule_does_not_apply if {
	every level in [0, 1, 3] {
		rule.not_applicable == {"no link can work for anyone"} with input as _tenant(level, 0, -1)
		rule.findings == set() with input as _tenant(level, 0, -1)
		rule.unknowns == set() with input as _tenant(level, 0, -1)
	}
}

test_an_unheard_of_level_is_unknown_unless_links_expire if {
	rule.findings == set() with input as _tenant(99, 0, -1)
	rule.unknowns == {{"path": _path, "message": concat(" ", [
		"whether links can work for anyone is unknown, and they do not expire within 30 days",
		"(RequireAnonymousLinksExpireInDays is -1)",
	])}} with input as _tenant(99, 0, -1)
	rule.unknowns == set() with input as _tenant(99, 0, 30)
	rule.not_applicable == set() with input as _tenant(99, 0, 30)
}

test_a_missing_value_is_never_a_finding_of_its_own if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
}

_late(days) := {{"path": _path, "message": concat(" ", [
	"links that work for anyone do not expire within 30 days",
	$"(RequireAnonymousLinksExpireInDays is {days})",
])}}

_tenant(sharepoint, onedrive, days) := {"sharePoint": {"tenant": {
	"SharingCapability": sharepoint,
	"ODBSharingCapability": onedrive,
	"RequireAnonymousLinksExpireInDays": days,
}}}
