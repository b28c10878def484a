package rules.cross_tenant.automatic_redemption_test

import data.rules.cross_tenant.automatic_redemption as rule

_id := "00000201-0000-4000-8000-000000000201"

_consent(inbound, outbound) := {"inboundAllowed": inbound, "outboundAllowed": outbound}

_tenant(standard, partner) := {
	"default": {"automaticUserConsentSettings": standard},
	"partners": [{"tenantId": _id, "automaticUserConsentSettings": partner}],
}

_at(side) := ["crossTenantAccess", "partners", 0, "automaticUserConsentSettings", side]

_clean(access) if {
	rule.findings == set() with input.crossTenantAccess as access
	rule.unknowns == set() with input.crossTenantAccess as access
}

_inbound := {
	"path": _at("inboundAllowed"),
	"message": concat("", [
		$"invitations here are accepted for the people of {_id}, ",
		"which the register does not allow (automatic_redemption)",
	]),
}

_outbound := {
	"path": _at("outboundAllowed"),
	"message": concat("", [
		$"your people's invitations are accepted for them in {_id}, ",
		"which the register does not allow (automatic_redemption)",
	]),
}

test_each_direction_is_reported if {
	rule.findings == {_inbound, _outbound} with input.crossTenantAccess as _tenant(null, _consent(true, true))
	rule.notes == set() with input.crossTenantAccess as _tenant(null, _consent(true, true))
	rule.findings == {_inbound} with input.crossTenantAccess as _tenant(null, _consent(true, null))
}

test_one_direction_is_noted if {
	rule.notes == {{
		"path": ["crossTenantAccess", "partners", 0, "automaticUserConsentSettings"],
		"message": $"automatic redemption with {_id} is on in one direction only",
	}} with input.crossTenantAccess as _tenant(null, _consent(true, false))
}

test_an_approved_partner_passes if {
	_clean(_tenant(null, _consent(true, true)))
		with data.settings.partners as [{"tenant_id": _id, "allow": ["automatic_redemption"]}]
}

test_an_approval_of_something_else_is_none if {
	rule.findings == {_inbound} with input.crossTenantAccess as _tenant(null, _consent(true, false))
		with data.settings.partners as [{"tenant_id": _id, "allow": ["sync", "mfa_trust"]}]
}

test_off_passes if {
	_clean(_tenant(_consent(false, false), _consent(false, false)))
	_clean(_tenant(null, null))
	_clean(_tenant({}, _consent(null, null)))
	rule.notes == set() with input.crossTenantAccess as _tenant(null, null)
}

test_the_default_must_not_have_it if {
	rule.findings == {{
		"path": ["crossTenantAccess", "default", "automaticUserConsentSettings", "inboundAllowed"],
		"message": "invitations here are accepted for the people of every organisation (inboundAllowed is true)",
	}} with input.crossTenantAccess as _tenant(_consent(true, false), _consent(null, null))
}

test_what_is_no_boolean_is_unknown if {
	rule.unknowns == {{"path": _at("outboundAllowed"), "message": "outboundAllowed is neither true nor false"}}
		with input.crossTenantAccess as _tenant(null, _consent(false, "yes"))
	rule.unknowns == {{
		"path": ["crossTenantAccess", "default", "automaticUserConsentSettings", "inboundAllowed"],
		"message": "inboundAllowed is neither true nor false",
	}} with input.crossTenantAccess as _tenant(_consent(0, false), _consent(false, false))
}

_pair(ours, theirs) := {
	"collection": {"collectedAt": "2026-11-20T08:00:00Z"},
	"tenant": {"organization": {"id": "00000100-0000-4000-8000-000000000100"}},
	"crossTenantAccess": _tenant(null, ours),
	"peers": [{
		"tenantId": _id,
		"collection": {"collectedAt": "2026-11-20T08:00:00Z"},
		"crossTenantAccess": {
			"default": {},
			"partners": [{
				"tenantId": "00000100-0000-4000-8000-000000000100",
				"automaticUserConsentSettings": theirs,
			}],
		},
	}],
}

_noted(side, text) := {"path": _at(side), "message": $"{_id} {text}"}

test_the_other_half_is_noted if {
	rule.notes == {
		_noted("inboundAllowed", "has its half on, and its people are not asked"),
		_noted("outboundAllowed", "has its half off, and your people are asked still"),
	} with input as _pair(_consent(true, true), _consent(false, true))
	_noted("outboundAllowed", "has its half on, and your people are not asked") in rule.notes
		with input as _pair(_consent(true, true), _consent(true, "yes"))
	_noted("inboundAllowed", "has a half too, of which nothing is known: its snapshot does not say") in rule.notes
		with input as _pair(_consent(true, true), _consent(true, "yes"))
	rule.notes == set() with input as _pair(_consent(false, false), _consent(true, true))
}

test_the_other_half_excuses_nothing if {
	rule.findings == {_inbound, _outbound} with input as _pair(_consent(true, true), _consent(false, false))
}
