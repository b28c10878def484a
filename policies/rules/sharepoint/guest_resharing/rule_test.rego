package rules.sharepoint.guest_resharing_test

import data.rules.sharepoint.guest_resharing as rule

test_resharing_is_reported if {
	rule.findings == {{
		"path": ["sharePoint", "tenant", "PreventExternalUsersFromResharing"],
		"message": "guests may share what is not theirs (PreventExternalUsersFromResharing is false)",
	}} with input as _tenant(1, false)
}

test_no_resharing_passes if {
	rule.findings == set() with input as _tenant(1, true)
	rule.not_applicable == set() with input as _tenant(1, true)
}

test_graph_asks_the_other_way_round if {
	rule.findings == {{
		"path": ["sharePoint", "settings", "isResharingByExternalUsersEnabled"],
		"message": "guests may share what is not theirs (isResharingByExternalUsersEnabled is true)",
	}} with input as _settings("externalUserSharingOnly", true)
	rule.findings == set() with input as _settings("externalUserSharingOnly", false)
}

test_null_in_the_administration_api_leaves_the_answer_to_graph if {
	rule.findings == {{
		"path": ["sharePoint", "settings", "isResharingByExternalUsersEnabled"],
		"message": "guests may share what is not theirs (isResharingByExternalUsersEnabled is true)",
	}} with input as object.union(_tenant(1, null), _settings("externalUserSharingOnly", true))
}

test_the_source_that_says_yes_counts if {
	every document in [
		[_tenant(1, true), _settings("externalUserSharingOnly", true)],
		[_tenant(0, true), _settings("externalUserSharingOnly", true)],
	] {
		rule.findings == {{
			"path": ["sharePoint", "settings", "isResharingByExternalUsersEnabled"],
			"message": "guests may share what is not theirs (isResharingByExternalUsersEnabled is true)",
		}} with input as object.union(document[0], document[1])
	}
	both := object.union(_tenant(1, false), _settings("externalUserSharingOnly", true))
	{found.path[2] | some found in rule.findings} == {"PreventExternalUsersFromResharing"} with input as both
}

test_every_level_but_off_counts if {
	every level in [1, 2, 3, 99] {
		count(rule.findings) == 1 with input as _tenant(level, false)
	}
}

test_with_sharing_off_the_rule_does_not_apply if {
	every off in [_tenant(0, false), _settings("disabled", true)] {
		rule.not_applicable == {"external sharing is off"} with input as off
		rule.findings == set() with input as off
	}
}

test_a_missing_value_is_never_a_finding_of_its_own if {
	rule.findings == set() with input as {}
}

_tenant(level, prevented) := {"sharePoint": {"tenant": {
	"SharingCapability": level,
	"PreventExternalUsersFromResharing": prevented,
}}}

_settings(level, enabled) := {"sharePoint": {"settings": {
	"sharingCapability": level,
	"isResharingByExternalUsersEnabled": enabled,
}}}
