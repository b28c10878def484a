package rules.sharepoint.b2b_integration_test

import data.rules.sharepoint.b2b_integration as rule

test_no_integration_is_reported if {
	rule.findings == {{
		"path": ["sharePoint", "tenant", "EnableAzureADB2BIntegration"],
		"message": concat(" ", [
			"SharePoint may let in people whom the directory does not know",
			"(EnableAzureADB2BIntegration is false)",
		]),
	}} with input as _tenant(1, false)
}

test_the_integration_passes if {
	rule.findings == set() with input as _tenant(1, true)
	rule.not_applicable == set() with input as _tenant(1, true)
}

test_every_level_but_off_counts if {
	every level in [1, 2, 3, 99] {
		count(rule.findings) == 1 with input as _tenant(level, false)
	}
}

test_with_sharing_off_the_rule_does_not_apply if {
	rule.not_applicable == {"external sharing is off"} with input as _tenant(0, false)
	rule.findings == set() with input as _tenant(0, false)
}

test_a_missing_value_is_never_a_finding_of_its_own if {
	rule.findings == set() with input as {}
}

_tenant(level, integrated) := {"sharePoint": {"tenant": {
	"SharingCapability": level,
	"EnableAzureADB2BIntegration": integrated,
}}}
