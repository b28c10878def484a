package rules.cross_tenant.inbound_trust_test

import data.rules.cross_tenant.inbound_trust as rule

_id := "00000201-0000-4000-8000-000000000201"

_tenant(standard, partner) := {
	"default": {"inboundTrust": standard},
	"partners": [{"tenantId": _id, "inboundTrust": partner}],
	"partnerNames": [{"tenantId": _id, "displayName": "Adatum"}],
}

_none := {"isMfaAccepted": false, "isCompliantDeviceAccepted": false, "isHybridAzureADJoinedDeviceAccepted": false}

_all := {"isMfaAccepted": true, "isCompliantDeviceAccepted": true, "isHybridAzureADJoinedDeviceAccepted": true}

_at(claim) := ["crossTenantAccess", "partners", 0, "inboundTrust", claim]

_clean(access) if {
	rule.findings == set() with input.crossTenantAccess as access
	rule.unknowns == set() with input.crossTenantAccess as access
}

test_trust_in_everybody_is_reported_once if {
	rule.findings == {{
		"path": ["crossTenantAccess", "default", "inboundTrust", "isMfaAccepted"],
		"message": "claims of MFA by every organisation are believed (isMfaAccepted is true)",
	}} with input.crossTenantAccess as _tenant(object.union(_none, {"isMfaAccepted": true}), null)
}

test_each_kind_of_trust_in_everybody_is_reported if {
	count(rule.findings) == 3 with input.crossTenantAccess as _tenant(_all, _none)
}

test_trust_in_a_partner_that_is_not_approved_is_reported if {
	access := _tenant(_none, {"isMfaAccepted": true})
	rule.findings == {{
		"path": _at("isMfaAccepted"),
		"message": $"claims of MFA by Adatum ({_id}) are believed, which the register does not allow (mfa_trust)",
	}} with input.crossTenantAccess as access
	rule.unknowns == set() with input.crossTenantAccess as access
}

test_each_kind_of_trust_is_approved_by_itself if {
	rule.findings == {{
		"path": _at("isMfaAccepted"),
		"message": $"claims of MFA by Adatum ({_id}) are believed, which the register does not allow (mfa_trust)",
	}} with input.crossTenantAccess as _tenant(_none, _all)
		with data.settings.partners as [{"tenant_id": _id, "allow": ["device_trust"]}]
	_clean(_tenant(_none, _all))
		with data.settings.partners as [{"tenant_id": _id, "allow": ["device_trust", "mfa_trust"]}]
}

test_no_trust_passes if {
	_clean(_tenant(_none, _none))
	_clean(_tenant(_none, null))
	_clean(_tenant(null, null))
}

test_what_is_no_boolean_is_unknown if {
	rule.unknowns == {{
		"path": ["crossTenantAccess", "default", "inboundTrust", "isMfaAccepted"],
		"message": "isMfaAccepted is neither true nor false",
	}} with input.crossTenantAccess as _tenant(object.union(_none, {"isMfaAccepted": "true"}), _none)
	rule.unknowns == {{"path": _at("isMfaAccepted"), "message": "isMfaAccepted is neither true nor false"}}
		with input.crossTenantAccess as _tenant(_none, object.union(_none, {"isMfaAccepted": 1}))
	count(rule.unknowns) == 3 with input.crossTenantAccess as _tenant(_none, true)
}
