package lib.power_bi_test

import data.lib.power_bi

_group := {"graphId": "c0ffee00-0000-4000-8000-000000000061", "name": "Fabric guests"}

_is(setting, everyone, want) if power_bi.reach(setting, everyone) == want

test_a_setting_reaches_nobody_groups_or_everybody if {
	_is({"enabled": false, "enabledSecurityGroups": [_group]}, [], "nobody")
	_is({"enabled": true, "enabledSecurityGroups": [_group]}, [], "groups")
	_is({"enabled": true, "enabledSecurityGroups": [_group]}, ["Somebody"], "groups")
	every groups in [[], null] {
		_is({"enabled": true, "enabledSecurityGroups": groups}, [], "everybody")
	}
	_is({"enabled": true}, [], "everybody")
	_is({"enabled": true, "excludedSecurityGroups": [_group]}, [], "everybody")
	_is({"enabled": null}, [], "unknown")
	_is({}, [], "unknown")
}

test_a_group_that_holds_everybody_limits_nothing if {
	every name in ["FABRIC guests", _group.graphId] {
		_is({"enabled": true, "enabledSecurityGroups": [{"graphId": "x", "name": "Y"}, _group]}, [name], "everybody")
	}
	_is({"enabled": true, "enabledSecurityGroups": [{"graphId": "x"}]}, ["Y"], "groups")
	_is({"enabled": true, "enabledSecurityGroups": [{"graphId": "x"}]}, ["X"], "everybody")
}

test_a_finding_stands_at_the_switch if {
	settings := [{"settingName": "Other", "enabled": true}, {"settingName": "One", "enabled": true}]
	power_bi.findings(settings, "One", [], {"groups"}, "it is open") == {{
		"path": ["powerBI", "tenantSettings", 1, "enabled"],
		"message": "it is open (One is on for the whole organisation)",
	}}
	power_bi.findings(settings, "One", [], {"groups", "everybody"}, "it is open") == set()
	grouped := [{"settingName": "One", "enabled": true, "enabledSecurityGroups": [_group]}]
	power_bi.findings(grouped, "One", [], set(), "it is open") == {{
		"path": ["powerBI", "tenantSettings", 0, "enabled"],
		"message": "it is open (One is on for some groups)",
	}}
	power_bi.findings(grouped, "One", [], {"groups"}, "it is open") == set()
}

test_what_is_not_there_is_unknown if {
	power_bi.unknowns([{"settingName": "One"}], "One") == {{
		"path": ["powerBI", "tenantSettings", 0],
		"message": "One is neither on nor off",
	}}
	power_bi.unknowns([{"settingName": "One", "enabled": true}], "One") == set()
	power_bi.unknowns([], "One") == {{
		"path": ["powerBI", "tenantSettings"],
		"message": "One is not among the settings that were read",
	}}
}
