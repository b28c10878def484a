package rules.power_bi.publish_to_web_test

import data.rules.power_bi.publish_to_web as rule

_with(setting) := {"tenantSettings": [object.union({"settingName": "PublishToWeb"}, setting)]}

_groups := [{"graphId": "c0ffee00-0000-4000-8000-000000000061", "name": "Fabric guests"}]

_finding(whom) := {
	"path": ["powerBI", "tenantSettings", 0, "enabled"],
	"message": $"reports may be published on the internet for anybody (PublishToWeb is on for {whom})",
}

test_for_everybody_is_reported if {
	rule.findings == {_finding("the whole organisation")} with input.powerBI as _with({"enabled": true})
	rule.unknowns == set() with input.powerBI as _with({"enabled": true})
}

test_a_group_that_holds_everybody_is_reported if {
	limited := _with({"enabled": true, "enabledSecurityGroups": _groups})
	rule.findings == {_finding("the whole organisation")} with input.powerBI as limited
		with data.settings.power_bi.everyone_groups as ["Fabric guests"]
}

test_groups_are_reported_unless_they_are_allowed if {
	limited := _with({"enabled": true, "enabledSecurityGroups": _groups})
	rule.findings == {_finding("some groups")} with input.powerBI as limited
	rule.findings == set() with input.powerBI as limited with data.settings.power_bi.publish_to_web_by_groups as true
	rule.findings == {_finding("the whole organisation")} with input.powerBI as _with({"enabled": true})
		with data.settings.power_bi.publish_to_web_by_groups as true
}

test_off_passes if {
	rule.findings == set() with input.powerBI as _with({"enabled": false})
	rule.unknowns == set() with input.powerBI as _with({"enabled": false})
}

test_what_was_not_read_is_unknown if {
	rule.unknowns == {{
		"path": ["powerBI", "tenantSettings", 0],
		"message": "PublishToWeb is neither on nor off",
	}} with input.powerBI as _with({"enabled": null})
	rule.findings == set() with input.powerBI as _with({"enabled": null})
	rule.unknowns == {{
		"path": ["powerBI", "tenantSettings"],
		"message": "PublishToWeb is not among the settings that were read",
	}} with input.powerBI as {"tenantSettings": []}
}

test_a_group_whose_rule_takes_in_all_is_reported if {
	limited := _with({"enabled": true, "enabledSecurityGroups": _groups})
	dynamic := {
		"id": "c0ffee00-0000-4000-8000-000000000061",
		"groupTypes": ["DynamicMembership"],
		"membershipRule": "user.userType -eq \"Member\"",
		"membershipRuleProcessingState": "On",
	}
	rule.findings == {_finding("group c0ffee00-0000-4000-8000-000000000061, whose rule takes in all colleagues")}
		with input.powerBI as limited
		with input.groups as [dynamic]
		with data.settings.power_bi.publish_to_web_by_groups as true
	paused := object.union(dynamic, {"membershipRuleProcessingState": "Paused"})
	rule.unknowns == {{
		"path": ["powerBI", "tenantSettings", 0, "enabledSecurityGroups"],
		"message": concat("", [
			"PublishToWeb: whether the rule of group c0ffee00-0000-4000-8000-000000000061",
			" takes in everybody is open",
		]),
	}} with input.powerBI as limited
		with input.groups as [paused]
		with data.settings.power_bi.publish_to_web_by_groups as true
}
