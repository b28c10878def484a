package rules.exchange.unified_audit_log_test

import data.rules.exchange.unified_audit_log as rule

_path := ["exchange", "adminAuditLogConfig", "UnifiedAuditLogIngestionEnabled"]

_with(value) := {"adminAuditLogConfig": {"UnifiedAuditLogIngestionEnabled": value}}

test_a_log_that_is_off_is_reported if {
	rule.findings == {{
		"path": _path,
		"message": "nothing is recorded (UnifiedAuditLogIngestionEnabled is false)",
	}} with input.exchange as _with(false)
	rule.unknowns == set() with input.exchange as _with(false)
}

test_a_log_that_is_on_passes if {
	rule.findings == set() with input.exchange as _with(true)
	rule.unknowns == set() with input.exchange as _with(true)
}

test_a_value_that_is_no_switch_is_unknown if {
	every value in [null, "true"] {
		rule.findings == set() with input.exchange as _with(value)
		rule.unknowns == {{
			"path": _path,
			"message": "UnifiedAuditLogIngestionEnabled is neither true nor false",
		}} with input.exchange as _with(value)
	}
}

test_a_missing_section_is_never_a_finding_of_its_own if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
}
