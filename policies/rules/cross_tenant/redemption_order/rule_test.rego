package rules.cross_tenant.redemption_order_test

import data.rules.cross_tenant.redemption_order as rule

_good := ["azureActiveDirectory", "externalFederation", "socialIdentityProviders"]

_path := ["crossTenantAccess", "default", "invitationRedemptionIdentityProviderConfiguration"]

_first := array.concat(_path, ["primaryIdentityProviderPrecedenceOrder", 0])

_with(order, fallback) := {"default": {"invitationRedemptionIdentityProviderConfiguration": {
	"primaryIdentityProviderPrecedenceOrder": order,
	"fallbackIdentityProvider": fallback,
}}}

_fallback(message) := {{"path": array.concat(_path, ["fallbackIdentityProvider"]), "message": message}}

test_a_microsoft_account_as_fallback_is_reported if {
	rule.findings == _fallback(concat("", [
		"who has no other account gets in with a personal Microsoft account ",
		"(fallbackIdentityProvider is microsoftAccount)",
	])) with input.crossTenantAccess as _with(_good, "microsoftAccount")
}

test_the_service_default_is_reported if {
	rule.findings == _fallback(concat("", [
		"a personal Microsoft account goes before a code to the mailbox ",
		"(fallbackIdentityProvider is defaultConfiguredIdp)",
	])) with input.crossTenantAccess as _with(_good, "defaultConfiguredIdp")
}

test_codes_pass if {
	rule.findings == set() with input.crossTenantAccess as _with(_good, "emailOneTimePasscode")
	rule.unknowns == set() with input.crossTenantAccess as _with(_good, "emailOneTimePasscode")
	rule.notes == set() with input.crossTenantAccess as _with(_good, "emailOneTimePasscode")
}

test_a_microsoft_account_first_is_reported if {
	rule.findings == {{"path": _first, "message": "a personal Microsoft account is a first choice"}}
		with input.crossTenantAccess as _with(["microsoftAccount", "azureActiveDirectory"], "emailOneTimePasscode")
}

test_google_first_is_noted if {
	order := ["socialIdentityProviders", "azureActiveDirectory"]
	rule.notes == {{"path": _first, "message": "Google accounts are preferred to work accounts"}}
		with input.crossTenantAccess as _with(order, "emailOneTimePasscode")
	rule.findings == set() with input.crossTenantAccess as _with(order, "emailOneTimePasscode")
	rule.unknowns == set() with input.crossTenantAccess as _with(order, "emailOneTimePasscode")
}

test_what_is_not_known_is_unknown if {
	rule.unknowns == _fallback("fallbackIdentityProvider is unknownFutureValue, which is not known")
		with input.crossTenantAccess as _with(_good, "unknownFutureValue")
	rule.unknowns == {{"path": _first, "message": "passkey is no identity provider that is known"}}
		with input.crossTenantAccess as _with(["passkey"], "emailOneTimePasscode")
	rule.unknowns == {{
		"path": array.concat(_path, ["primaryIdentityProviderPrecedenceOrder"]),
		"message": "primaryIdentityProviderPrecedenceOrder is not there, or empty",
	}} with input.crossTenantAccess as _with([], "emailOneTimePasscode")
	count(rule.unknowns) == 2 with input.crossTenantAccess as {"default": {}}
	rule.findings == set() with input.crossTenantAccess as {"default": {}}
}
