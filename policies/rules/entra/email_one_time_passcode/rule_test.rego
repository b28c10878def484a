package rules.entra.email_one_time_passcode_test

import data.rules.entra.email_one_time_passcode as rule

_place := ["entra", "authenticationMethodsPolicy", "authenticationMethodConfigurations"]

_switch := array.concat(_place, [1, "allowExternalIdToUseEmailOtp"])

_state := array.concat(_place, [1, "state"])

_policy(email) := {"authenticationMethodConfigurations": [{"id": "Fido2", "state": "enabled"}, email]}

_email(switch) := _policy({"id": "Email", "state": "enabled", "allowExternalIdToUseEmailOtp": switch})

_off := {{
	"path": _switch,
	"message": concat(" ", [
		"outsiders who have no other account must make a Microsoft account, codes are off",
		"(allowExternalIdToUseEmailOtp is disabled)",
	]),
}}

_on(value) := {{
	"path": _switch,
	"message": $"outsiders may sign in with codes sent to their mailbox (allowExternalIdToUseEmailOtp is {value})",
}}

_says := {"path": _state, "message": "for your own people the method Email is enabled"}

test_codes_that_are_off_are_reported if {
	rule.findings == _off with input.entra.authenticationMethodsPolicy as _email("disabled")
	rule.unknowns == set() with input.entra.authenticationMethodsPolicy as _email("disabled")
	rule.notes == {_says} with input.entra.authenticationMethodsPolicy as _email("disabled")
}

test_codes_that_are_on_pass if {
	rule.findings == set() with input.entra.authenticationMethodsPolicy as _email("enabled")
	rule.unknowns == set() with input.entra.authenticationMethodsPolicy as _email("enabled")
	rule.notes == {_says} with input.entra.authenticationMethodsPolicy as _email("enabled")
}

test_the_default_is_on_and_said_to_be_one if {
	rule.findings == set() with input.entra.authenticationMethodsPolicy as _email("default")
	rule.notes == {_says, {
		"path": _switch,
		"message": "default: nobody has decided; Microsoft's default is enabled",
	}} with input.entra.authenticationMethodsPolicy as _email("default")
}

test_codes_that_must_be_off_are_reported_when_on if {
	every value in ["enabled", "default"] {
		rule.findings == _on(value) with input.entra.authenticationMethodsPolicy as _email(value)
			with data.settings.entra.email_one_time_passcode as "disabled"
	}
	rule.findings == set() with input.entra.authenticationMethodsPolicy as _email("disabled")
		with data.settings.entra.email_one_time_passcode as "disabled"
}

test_a_switch_that_cannot_be_read_is_unknown if {
	every value in ["unknownFutureValue", null] {
		rule.findings == set() with input.entra.authenticationMethodsPolicy as _email(value)
		rule.unknowns == {{
			"path": _switch,
			"message": $"allowExternalIdToUseEmailOtp has the value {value}, which this version does not know",
		}} with input.entra.authenticationMethodsPolicy as _email(value)
	}
	count(rule.unknowns) == 1 with input.entra.authenticationMethodsPolicy as _policy({"id": "email"})
}

test_a_policy_without_the_method_is_unknown if {
	policy := {"authenticationMethodConfigurations": [{"id": "Fido2", "state": "enabled"}]}
	rule.findings == set() with input.entra.authenticationMethodsPolicy as policy
	rule.unknowns == {{
		"path": _place,
		"message": "the method Email is not among those that were read",
	}} with input.entra.authenticationMethodsPolicy as policy
}

test_the_state_counts_where_the_setting_says_so if {
	rule.findings == {{
		"path": _state,
		"message": "the method Email is on for your own people (state is enabled)",
	}} with input.entra.authenticationMethodsPolicy as _email("enabled")
		with data.settings.entra.email_method as "disabled"
	off := _policy({"id": "Email", "state": "disabled", "allowExternalIdToUseEmailOtp": "disabled"})
	every set in [rule.findings, rule.unknowns, rule.notes] {
		set == set()
	}
		with input.entra.authenticationMethodsPolicy as off
		with data.settings.entra.email_method as "disabled"
		with data.settings.entra.email_one_time_passcode as "disabled"
}

test_a_method_that_is_off_with_a_switch_that_is_on_is_unknown if {
	every value in ["default", "enabled"] {
		odd := _policy({"id": "Email", "state": "disabled", "allowExternalIdToUseEmailOtp": value})
		every wanted in ["enabled", "disabled"] {
			rule.findings == set() with input.entra.authenticationMethodsPolicy as odd
				with data.settings.entra.email_one_time_passcode as wanted
			rule.unknowns == {{
				"path": _switch,
				"message": concat("", [
					$"state is disabled and allowExternalIdToUseEmailOtp is {value}: ",
					"no documentation says which of them counts",
				]),
			}} with input.entra.authenticationMethodsPolicy as odd
				with data.settings.entra.email_one_time_passcode as wanted
		}
	}
}

test_a_state_that_cannot_be_read_is_unknown_only_where_it_counts if {
	every state in [null, "paused"] {
		odd := _policy({"id": "Email", "state": state, "allowExternalIdToUseEmailOtp": "enabled"})
		rule.unknowns == {{
			"path": _state,
			"message": $"state has the value {state}, which this version does not know",
		}} with input.entra.authenticationMethodsPolicy as odd with data.settings.entra.email_method as "disabled"
		rule.unknowns == set() with input.entra.authenticationMethodsPolicy as odd
	}
}

test_a_missing_policy_is_never_a_finding_of_its_own if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
}
