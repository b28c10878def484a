package lib.power_bi_test

import data.lib.power_bi

_id := "c0ffee00-0000-4000-8000-000000000061"

_group := {"graphId": _id, "name": "Fabric guests"}

_question := {"name": "One", "what": "it is open", "whom": "members", "allowed": {"groups"}, "everyone_groups": []}

_asked(everyone) := object.union(_question, {"everyone_groups": everyone})

_is(setting, everyone, want) if power_bi.reach({}, setting, _asked(everyone)) == want

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

_nameless := [{}, {"graphId": null, "name": null}, {"graphId": "", "name": ""}]

test_a_group_that_is_not_named_is_unknown if {
	every group in _nameless {
		setting := {"settingName": "One", "enabled": true, "enabledSecurityGroups": [_group, group]}
		_is(setting, [], "unknown")
		_is(setting, ["Fabric guests"], "everybody")
		document := {"powerBI": {"tenantSettings": [setting]}}
		power_bi.findings(document, _question) == set()
		power_bi.unknowns(document, _question) == {{
			"path": ["powerBI", "tenantSettings", 0, "enabledSecurityGroups"],
			"message": "One: which group it is on for was not read",
		}}

		# Whichever group it is, none is allowed.
		none := object.union(_question, {"allowed": set()})
		count(power_bi.findings(document, none)) == 1
		power_bi.unknowns(document, none) == set()
	}
	every group in [{"graphId": "x", "name": null}, {"name": "Y"}] {
		_is({"enabled": true, "enabledSecurityGroups": [group]}, [], "groups")
	}
}

_document(rule) := {
	"powerBI": {"tenantSettings": [{"settingName": "One", "enabled": true, "enabledSecurityGroups": [_group]}]},
	"groups": [{
		"id": upper(_id),
		"groupTypes": ["DynamicMembership"],
		"membershipRule": rule,
		"membershipRuleProcessingState": "On",
	}],
}

_reached(rule, whom) := power_bi.reach(document, document.powerBI.tenantSettings[0], question) if {
	document := _document(rule)
	question := object.union(_question, {"whom": whom})
}

test_a_group_whose_rule_takes_in_everybody_limits_nothing if {
	every whom in ["guests", "members"] {
		_reached("user.objectId -ne null", whom) == "everybody"
		_reached("user.department -eq \"Sales\"", whom) == "groups"
		_reached("user.objectId -is null", whom) == "unknown"
	}
	_reached("user.userType -eq \"Guest\"", "guests") == "everybody"
	_reached("user.userType -eq \"Guest\"", "members") == "groups"
	_reached("user.userType -eq \"Member\"", "guests") == "groups"
	_reached("user.userType -eq \"Member\"", "members") == "everybody"
	power_bi.findings(_document("user.objectId -ne null"), _question) == {{
		"path": ["powerBI", "tenantSettings", 0, "enabled"],
		"message": $"it is open (One is on for group {_id}, whose rule takes in all colleagues)",
	}}
}

_settings(list) := {"powerBI": {"tenantSettings": list}}

_allowing(allowed) := object.union(_question, {"allowed": allowed})

test_a_finding_stands_at_the_switch if {
	document := _settings([{"settingName": "Other", "enabled": true}, {"settingName": "One", "enabled": true}])
	power_bi.findings(document, _question) == {{
		"path": ["powerBI", "tenantSettings", 1, "enabled"],
		"message": "it is open (One is on for the whole organisation)",
	}}
	power_bi.findings(document, _allowing({"groups", "everybody"})) == set()
	grouped := _settings([{"settingName": "One", "enabled": true, "enabledSecurityGroups": [_group]}])
	power_bi.findings(grouped, _allowing(set())) == {{
		"path": ["powerBI", "tenantSettings", 0, "enabled"],
		"message": "it is open (One is on for some groups)",
	}}
	power_bi.findings(grouped, _question) == set()
}

test_what_is_not_there_is_unknown if {
	power_bi.unknowns(_settings([{"settingName": "One"}]), _question) == {{
		"path": ["powerBI", "tenantSettings", 0],
		"message": "One is neither on nor off",
	}}
	power_bi.unknowns(_settings([{"settingName": "One", "enabled": true}]), _question) == set()
	power_bi.unknowns(_settings([]), _question) == {{
		"path": ["powerBI", "tenantSettings"],
		"message": "One is not among the settings that were read",
	}}
}
