package rules.power_bi.guest_invitations_test

import data.rules.power_bi.guest_invitations as rule

_with(setting) := {"tenantSettings": [object.union({"settingName": "ExternalSharingV2"}, setting)]}

_groups := [{"graphId": "c0ffee00-0000-4000-8000-000000000061", "name": "Fabric guests"}]

_finding(whom) := {
	"path": ["powerBI", "tenantSettings", 0, "enabled"],
	"message": $"everybody may invite guests by sharing an item (ExternalSharingV2 is on for {whom})",
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

test_off_or_limited_to_groups_passes if {
	every setting in [{"enabled": false}, {"enabled": true, "enabledSecurityGroups": _groups}] {
		rule.findings == set() with input.powerBI as _with(setting)
		rule.unknowns == set() with input.powerBI as _with(setting)
	}
}

test_what_was_not_read_is_unknown if {
	rule.unknowns == {{
		"path": ["powerBI", "tenantSettings", 0],
		"message": "ExternalSharingV2 is neither on nor off",
	}} with input.powerBI as _with({"enabled": null})
	rule.findings == set() with input.powerBI as _with({"enabled": null})
	rule.unknowns == {{
		"path": ["powerBI", "tenantSettings"],
		"message": "ExternalSharingV2 is not among the settings that were read",
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
	paused := object.union(dynamic, {"membershipRuleProcessingState": "Paused"})
	rule.unknowns == {{
		"path": ["powerBI", "tenantSettings", 0, "enabledSecurityGroups"],
		"message": concat("", [
			"ExternalSharingV2: whether the rule of group c0ffee00-0000-4000-8000-000000000061",
			" takes in everybody is open",
		]),
	}} with input.powerBI as limited
		with input.groups as [paused]
}
