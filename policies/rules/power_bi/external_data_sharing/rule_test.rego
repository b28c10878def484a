package rules.power_bi.external_data_sharing_test

import data.rules.power_bi.external_data_sharing as rule

_models := "EnableDatasetInPlaceSharing"

_onelake := "AllowExternalDataSharingSwitch"

_with(setting) := {"tenantSettings": [
	object.union({"settingName": _models}, setting),
	{"settingName": _onelake, "enabled": false},
]}

_onelake_with(setting) := {"tenantSettings": [
	{"settingName": _models, "enabled": false},
	object.union({"settingName": _onelake}, setting),
]}

_onelake_finding(whom) := {
	"path": ["powerBI", "tenantSettings", 1, "enabled"],
	"message": concat("", [
		"everybody may share files and tables of OneLake with other tenants",
		$" (AllowExternalDataSharingSwitch is on for {whom})",
	]),
}

_groups := [{"graphId": "c0ffee00-0000-4000-8000-000000000061", "name": "Fabric guests"}]

_finding(whom) := {
	"path": ["powerBI", "tenantSettings", 0, "enabled"],
	"message": $"everybody may let other tenants use data models (EnableDatasetInPlaceSharing is on for {whom})",
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

test_onelake_for_everybody_is_reported if {
	rule.findings == {_onelake_finding("the whole organisation")} with input.powerBI as _onelake_with({"enabled": true})
	rule.unknowns == set() with input.powerBI as _onelake_with({"enabled": true})
	limited := _onelake_with({"enabled": true, "enabledSecurityGroups": _groups})
	rule.findings == set() with input.powerBI as limited
	rule.findings == {_onelake_finding("the whole organisation")} with input.powerBI as limited
		with data.settings.power_bi.everyone_groups as ["Fabric guests"]
}

_not_read(name) := {
	"path": ["powerBI", "tenantSettings"],
	"message": $"{name} is not among the settings that were read",
}

test_what_was_not_read_is_unknown if {
	rule.unknowns == {{
		"path": ["powerBI", "tenantSettings", 0],
		"message": "EnableDatasetInPlaceSharing is neither on nor off",
	}} with input.powerBI as _with({"enabled": null})
	rule.findings == set() with input.powerBI as _with({"enabled": null})
	rule.unknowns == {{
		"path": ["powerBI", "tenantSettings", 1],
		"message": "AllowExternalDataSharingSwitch is neither on nor off",
	}} with input.powerBI as _onelake_with({"enabled": null})
	rule.unknowns == {_not_read(_models), _not_read(_onelake)} with input.powerBI as {"tenantSettings": []}
	models := {"tenantSettings": [{"settingName": _models, "enabled": false}]}
	rule.unknowns == {_not_read(_onelake)} with input.powerBI as models
}

test_that_data_of_others_is_accepted_is_noted if {
	every on in [true, false, null] {
		setting := {"settingName": "AllowExternalDataSharingReceiverSwitch", "enabled": on}
		settings := array.concat([setting], _with({"enabled": false}).tenantSettings)
		want := {note |
			on == true
			note := {
				"path": ["powerBI", "tenantSettings", 0, "enabled"],
				"message": concat("", [
					"colleagues may accept data that other tenants share",
					" (AllowExternalDataSharingReceiverSwitch is on)",
				]),
			}
		}
		rule.notes == want with input.powerBI as {"tenantSettings": settings}
		rule.findings == set() with input.powerBI as {"tenantSettings": settings}
	}
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
			"EnableDatasetInPlaceSharing: whether the rule of group c0ffee00-0000-4000-8000-000000000061",
			" takes in everybody is open",
		]),
	}} with input.powerBI as limited
		with input.groups as [paused]
}
