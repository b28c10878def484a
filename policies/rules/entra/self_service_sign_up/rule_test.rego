package rules.entra.self_service_sign_up_test

import data.rules.entra.self_service_sign_up as rule

test_sign_up_is_reported if {
	rule.findings == {{
		"path": ["entra", "authenticationFlowsPolicy", "selfServiceSignUp", "isEnabled"],
		"message": "outsiders can make guest accounts for themselves (isEnabled is true)",
	}} with input.entra.authenticationFlowsPolicy.selfServiceSignUp.isEnabled as true
}

test_no_sign_up_passes if {
	rule.findings == set() with input.entra.authenticationFlowsPolicy.selfServiceSignUp.isEnabled as false
}

test_a_missing_value_is_never_a_finding_of_its_own if {
	rule.findings == set() with input as {}
	rule.findings == set() with input.entra.authenticationFlowsPolicy.selfServiceSignUp as null
}
