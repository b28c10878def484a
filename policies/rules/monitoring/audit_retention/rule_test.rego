package rules.monitoring.audit_retention_test

import data.rules.monitoring.audit_retention as rule

_types := ["AzureActiveDirectory", "SharePointFileOperation"]

_policy(more) := object.union(
	{
		"Name": "Outsiders",
		"Priority": 10,
		"RecordTypes": _types,
		"Operations": [],
		"UserIds": null,
		"RetentionDuration": "TwelveMonths",
	},
	more,
)

_findings(policies) := found if {
	found := rule.findings with input.exchange.unifiedAuditLogRetentionPolicies as policies
		with data.settings.monitoring.audit_record_types as _types
}

_unknowns(policies) := found if {
	found := rule.unknowns with input.exchange.unifiedAuditLogRetentionPolicies as policies
		with data.settings.monitoring.audit_record_types as _types
}

_uncovered(type) := {
	"path": ["exchange", "unifiedAuditLogRetentionPolicies"],
	"key": type,
	"message": $"no retention policy covers {type}: records of outsiders are kept for 180 days",
}

_short(i, message) := {
	"path": ["exchange", "unifiedAuditLogRetentionPolicies", i, "RetentionDuration"],
	"message": message,
}

test_without_a_policy_each_type_is_reported if {
	_findings([]) == {_uncovered(type) | some type in _types}
	_unknowns([]) == set()
}

test_a_year_passes_and_less_does_not if {
	every duration in ["TwelveMonths", "ThreeYears", "FiveYears", "SevenYears", "TenYears"] {
		_findings([_policy({"RetentionDuration": duration})]) == set()
	}
	every duration in ["SevenDays", "OneMonth", "ThreeMonths", "SixMonths", "NineMonths"] {
		message := $"policy Outsiders keeps AzureActiveDirectory, SharePointFileOperation for {duration} only"
		_findings([_policy({"RetentionDuration": duration})]) == {_short(0, message)}
	}
}

test_the_days_are_a_setting if {
	nine := [_policy({"RetentionDuration": "NineMonths"})]
	rule.findings == set() with input.exchange.unifiedAuditLogRetentionPolicies as nine
		with data.settings.monitoring.audit_record_types as _types
		with data.settings.monitoring.audit_retention_days as 270
	count(rule.findings) == 1 with input.exchange.unifiedAuditLogRetentionPolicies as nine
		with data.settings.monitoring.audit_record_types as _types
		with data.settings.monitoring.audit_retention_days as 271
}

test_a_policy_without_types_covers_all if {
	every types in [null, []] {
		_findings([_policy({"RecordTypes": types})]) == set()
	}
	_findings([_policy({"RecordTypes": ["azureactivedirectory"]})]) == {_uncovered("SharePointFileOperation")}
}

test_a_policy_for_some_users_or_operations_covers_no_type if {
	every narrow in [{"UserIds": ["alice@contoso.com"]}, {"Operations": ["FileAccessed"]}] {
		_findings([_policy(narrow)]) == {_uncovered(type) | some type in _types}
	}
}

test_a_policy_that_is_off_keeps_nothing if {
	_findings([_policy({"Enabled": true})]) == set()
	_findings([_policy({"Enabled": false})]) == {_uncovered(type) | some type in _types}
	_findings([_policy({"Enabled": false, "RecordTypes": []})]) == {_uncovered(type) | some type in _types}
}

test_the_lowest_priority_number_decides if {
	later := _policy({"Name": "Later", "Priority": 20, "RetentionDuration": "SixMonths"})
	_findings([_policy({}), later]) == set()
	first := object.union(later, {"Name": "First", "Priority": 5, "RecordTypes": ["AzureActiveDirectory"]})
	_findings([_policy({}), first]) == {_short(1, "policy First keeps AzureActiveDirectory for SixMonths only")}
}

test_a_short_policy_for_some_users_takes_records_away if {
	narrow := {"Name": "Narrow", "UserIds": ["alice@contoso.com"], "RetentionDuration": "OneMonth", "RecordTypes": []}
	types := "AzureActiveDirectory, SharePointFileOperation"
	message := $"policy Narrow keeps {types} of some users for OneMonth only"
	_findings([_policy({}), _policy(object.union(narrow, {"Priority": 1}))]) == {_short(1, message)}
	_findings([_policy({}), _policy(object.union(narrow, {"Priority": 11}))]) == set()
	operations := object.union(narrow, {"Priority": 1, "UserIds": [], "Operations": ["FileAccessed"]})
	_findings([_policy({}), _policy(operations)]) == {_short(
		1,
		$"policy Narrow keeps {types} for some operations for OneMonth only",
	)}
}

test_a_short_policy_for_insiders_alone_takes_nothing_of_outsiders if {
	narrow := {
		"Name": "Scanner", "Priority": 1, "RetentionDuration": "SevenDays", "RecordTypes": [],
		"UserIds": ["scanner@contoso.com"],
	}
	own := [{"name": "Contoso.com"}]
	_findings([_policy({}), _policy(narrow)]) == set() with input.tenant.organization.verifiedDomains as own
	every name in ["ann@fabrikam.com", "ann_fabrikam.com#EXT#@contoso.com"] {
		mixed := object.union(narrow, {"UserIds": ["scanner@contoso.com", name]})
		found := _findings([_policy({}), _policy(mixed)]) with input.tenant.organization.verifiedDomains as own
		count(found) == 1
	}
}

test_what_microsoft_keeps_by_itself_is_enough_where_no_more_is_asked_for if {
	rule.findings == set() with input.exchange.unifiedAuditLogRetentionPolicies as []
		with data.settings.monitoring.audit_retention_days as 180
	count(rule.findings) > 0 with input.exchange.unifiedAuditLogRetentionPolicies as []
		with data.settings.monitoring.audit_retention_days as 181
}

test_a_duration_that_nobody_knows_is_unknown if {
	odd := _policy({"RetentionDuration": "HundredYears"})
	_findings([odd]) == set()
	_unknowns([odd]) == {_short(0, "policy Outsiders has a duration that this version does not know")}
	_unknowns([_policy({}), object.union(odd, {"Priority": 11})]) == set()
}

test_a_priority_that_is_no_number_is_unknown if {
	_unknowns([_policy({"Priority": "high"})]) == {{
		"path": ["exchange", "unifiedAuditLogRetentionPolicies", 0, "Priority"],
		"message": "policy Outsiders has a priority that is no number",
	}}
}

test_a_missing_section_is_never_a_finding if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
}
