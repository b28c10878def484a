package rules.sharepoint.unmanaged_devices_test

import data.rules.sharepoint.unmanaged_devices as rule

_policy := ["sharePoint", "tenant", "ConditionalAccessPolicy"]

_exempt := {
	"path": ["sharePoint", "tenant", "ApplyAppEnforcedRestrictionsToAdHocRecipients"],
	"message": concat(" ", [
		"people with a mailed code are exempt from limits",
		"(ApplyAppEnforcedRestrictionsToAdHocRecipients is false)",
	]),
}

test_full_access_is_reported if {
	rule.findings == {{
		"path": _policy,
		"message": "devices that nobody manages have full access (ConditionalAccessPolicy is 0)",
	}} with input as _tenant(1, 0, true, false)
}

test_an_authentication_context_is_reported if {
	rule.findings == {{
		"path": _policy,
		"message": "devices that nobody manages are left to an authentication context (ConditionalAccessPolicy is 3)",
	}} with input as _tenant(1, 3, true, false)
}

test_limited_access_and_a_block_pass if {
	rule.findings == set() with input as _tenant(1, 1, true, false)
	rule.findings == set() with input as _tenant(1, 2, true, false)
}

test_a_setting_demands_a_block if {
	rule.findings == {{
		"path": _policy,
		"message": "devices that nobody manages have access by browser (ConditionalAccessPolicy is 1)",
	}} with input as _tenant(1, 1, true, false)
		with data.settings.sharepoint.unmanaged_device_access as ["blockAccess"]
	rule.findings == set() with input as _tenant(1, 2, true, false)
		with data.settings.sharepoint.unmanaged_device_access as ["blockAccess"]
}

test_people_with_a_mailed_code_are_not_exempt if {
	rule.findings == {_exempt} with input as _tenant(1, 2, false, false)
}

test_with_the_integration_nobody_has_a_mailed_code if {
	rule.findings == set() with input as _tenant(1, 2, false, true)
}

test_with_sharing_off_nobody_has_a_mailed_code_and_members_still_count if {
	rule.findings == set() with input as _tenant(0, 2, false, false)
	rule.findings == {{
		"path": _policy,
		"message": "devices that nobody manages have full access (ConditionalAccessPolicy is 0)",
	}} with input as _tenant(0, 0, false, false)
}

test_an_unheard_of_value_is_unknown if {
	rule.findings == set() with input as _tenant(1, 99, true, false)
	rule.unknowns == {{
		"path": _policy,
		"message": "ConditionalAccessPolicy is 99, which this version does not know",
	}} with input as _tenant(1, 99, true, false)
}

test_a_known_value_is_not_unknown if {
	rule.unknowns == set() with input as _tenant(1, 0, true, false)
}

test_a_missing_value_is_never_a_finding_of_its_own if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
}

_tenant(level, policy, applied, integrated) := {"sharePoint": {"tenant": {
	"SharingCapability": level,
	"ConditionalAccessPolicy": policy,
	"ApplyAppEnforcedRestrictionsToAdHocRecipients": applied,
	"EnableAzureADB2BIntegration": integrated,
}}}
