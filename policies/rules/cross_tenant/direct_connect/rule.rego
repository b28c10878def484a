# METADATA
# title: B2B direct connect is off but for approved partners
# description: |
#   Direct connect lets people of another organisation into shared channels without an account here. Nobody invites them,
#   no guest review sees them, and no list of guests shows them.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/external-id/b2b-direct-connect-overview
#     description: B2B direct connect overview
#   - ref: https://learn.microsoft.com/en-us/entra/external-id/cross-tenant-access-settings-b2b-direct-connect
#     description: Configure cross-tenant access settings for B2B direct connect
# custom:
#   id: XTA-003
#   severity: high
#   severity_reason: People of organisations nobody approved work in shared channels, with no account here to review or remove.
#   requires: [crossTenantAccess.default, crossTenantAccess.partners]
#   uses: [crossTenantAccess.partnerNames]
#   settings: [partners]
#   rationale: |
#     The service has direct connect off in both directions, and it works with a partner only once both sides turn it on. So
#     it is a decision for each partner, and the register says who took it (allow: [direct_connect]). An open default is
#     wrong however short its lists are: it means every organisation. A partner that inherits an open default is not
#     reported again. Microsoft's Zero Trust Assessment (21790) reads the outbound default only.
#   remediation:
#     portal: Entra admin center > External Identities > Cross-tenant access settings > Default settings, under Inbound and Outbound access settings > B2B direct connect block all users and all applications; do the same for partners that are not approved.
#     graph: 'PATCH https://graph.microsoft.com/v1.0/policies/crossTenantAccessPolicy/partners/{tenantId} {"b2bDirectConnectInbound": null, "b2bDirectConnectOutbound": null}'
#     powershell: Update-MgPolicyCrossTenantAccessPolicyDefault -B2BDirectConnectInbound $blocked -B2BDirectConnectOutbound $blocked
#   controls:
#     zt: ["21790"]
#   since: 0.1.0
package rules.cross_tenant.direct_connect

import data.lib.cross_tenant
import data.lib.finding
import data.lib.partners

_settings := {
	"b2bDirectConnectInbound": "may come in through direct connect",
	"b2bDirectConnectOutbound": "is open to your people through direct connect",
}

findings contains finding.at(["crossTenantAccess", "default", setting], $"every organisation {doing}") if {
	some setting, doing in _settings
	cross_tenant.gate_of_default(setting) == "open"
}

findings contains finding.at(path, $"{cross_tenant.label(i)} {doing}, which the register does not allow") if {
	some i, settings in _undecided_here
	some setting in settings
	cross_tenant.gate_of_partner(i, setting) == "open"
	doing := _settings[setting]
	path := ["crossTenantAccess", "partners", i, setting]
}

# Partners with a setting of their own that nobody approved.
_undecided_here[i] contains setting if {
	some i, partner in input.crossTenantAccess.partners
	some setting, _ in _settings
	object.get(partner, [setting], null) != null
	not partners.allows_tenant(cross_tenant.id(i), "direct_connect")
}

unknowns contains finding.at(["crossTenantAccess", "default", setting], _unreadable) if {
	some setting, _ in _settings
	cross_tenant.gate_of_default(setting) == "unknown"
}

unknowns contains finding.at(["crossTenantAccess", "partners", i, setting], _unreadable) if {
	some i, settings in _undecided_here
	some setting in settings
	cross_tenant.gate_of_partner(i, setting) == "unknown"
}

_unreadable := "cannot be read: accessType or targets are missing, or of a kind that is not known"
