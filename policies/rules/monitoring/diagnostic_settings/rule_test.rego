package rules.monitoring.diagnostic_settings_test

import data.rules.monitoring.diagnostic_settings as rule

_log(category) := {"category": category, "categoryGroup": null, "enabled": true}

_categories := ["AuditLogs", "SignInLogs", "NonInteractiveUserSignInLogs", "ProvisioningLogs"]

_setting(categories) := {"name": "export", "workspaceId": "w", "logs": [_log(c) | some c in categories]}

_finding(category) := {
	"path": ["azure", "diagnosticSettings"],
	"key": category,
	"message": $"no diagnostic setting exports {category}",
}

_with(settings) := {"diagnosticSettings": settings}

test_no_setting_is_reported if {
	rule.findings == {_finding(c) | some c in _categories} with input.azure as _with([])
	rule.unknowns == set() with input.azure as _with([])
}

test_all_categories_pass if {
	every destination in [
		"workspaceId", "storageAccountId", "eventHubAuthorizationRuleId", "serviceBusRuleId", "marketplacePartnerId",
	] {
		settings := [{"name": "export", "logs": [_log(lower(c)) | some c in _categories], destination: "somewhere"}]
		rule.findings == set() with input.azure as _with(settings)
		rule.unknowns == set() with input.azure as _with(settings)
	}
}

test_settings_count_together if {
	settings := [_setting(["AuditLogs", "SignInLogs"]), _setting(["ProvisioningLogs"])]
	rule.findings == {_finding("NonInteractiveUserSignInLogs")} with input.azure as _with(settings)
}

test_a_group_of_all_logs_is_every_category if {
	logs := [{"category": null, "categoryGroup": "allLogs", "enabled": true}]
	rule.findings == set() with input.azure as _with([{"name": "export", "storageAccountId": "s", "logs": logs}])
}

test_a_category_that_is_off_or_goes_nowhere_is_reported if {
	off := object.union(_log("AuditLogs"), {"enabled": false})
	others := [_log(c) | some c in _categories; c != "AuditLogs"]
	settings := [object.union(_setting([]), {"logs": array.concat(others, [off])})]
	rule.findings == {_finding("AuditLogs")} with input.azure as _with(settings)
	every nowhere in [null, ""] {
		lost := [object.union(_setting(_categories), {"workspaceId": nowhere})]
		rule.findings == {_finding(c) | some c in _categories} with input.azure as _with(lost)
	}
}

test_the_categories_are_a_setting if {
	rule.findings == {_finding("RiskyUsers")} with input.azure as _with([_setting(_categories)])
		with data.settings.monitoring.diagnostic_categories as ["AuditLogs", "RiskyUsers"]
}

test_what_was_not_read_is_unknown if {
	unread := [{"name": "export", "workspaceId": "w"}]
	rule.findings == set() with input.azure as _with(unread)
	rule.unknowns == {{
		"path": ["azure", "diagnosticSettings", 0],
		"message": $"whether export exports {c} was not read",
	} |
		some c in _categories
	} with input.azure as _with(unread)
	half := [object.union(_setting(_categories), {"logs": [{"category": "AuditLogs"}, _log("SignInLogs")]})]
	rule.unknowns == {{
		"path": ["azure", "diagnosticSettings", 0],
		"message": "whether export exports AuditLogs was not read",
	}} with input.azure as _with(half)
	missing := {"NonInteractiveUserSignInLogs", "ProvisioningLogs"}
	rule.findings == {_finding(c) | some c in missing} with input.azure as _with(half)
}

test_a_log_that_names_nothing_may_be_anything if {
	half := [object.union(_setting([]), {"logs": [{"category": null, "enabled": true}]})]
	rule.findings == set() with input.azure as _with(half)
	count(rule.unknowns) == count(_categories) with input.azure as _with(half)
	off := [object.union(_setting([]), {"logs": [{"category": "", "categoryGroup": "", "enabled": false}]})]
	count(rule.findings) == count(_categories) with input.azure as _with(off)
}

test_what_another_setting_exports_is_known_all_the_same if {
	rule.unknowns == set() with input.azure as _with([_setting(_categories), {"name": "other"}])
}

test_a_missing_section_is_never_a_finding if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
}
