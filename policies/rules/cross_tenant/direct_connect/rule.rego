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
#   uses: [crossTenantAccess.domainTenants, crossTenantAccess.partnerNames, tenant.organization]
#   peer: [collection.collectedAt, crossTenantAccess.default, crossTenantAccess.partners]
#   settings: [cross_tenant.peer_max_days_apart, partners]
#   rationale: |
#     The service has direct connect off in both directions, and it works with a partner only once both sides turn it on. So
#     it is a decision for each partner, and the register says who took it (allow: [direct_connect]). An open default is
#     wrong however short its lists are: it means every organisation. A partner that inherits an open default is not
#     reported again. An open side is reported whatever the other one says, which it may change any day; with the
#     partner's snapshot (--peer) there is a note whether it is open there too. Microsoft's Zero Trust Assessment (21790) reads the outbound default only.
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
import data.lib.peer

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

# What the other side is called there, and what follows when it is open or closed.
_opposite := {
	"b2bDirectConnectInbound": {
		"setting": "b2bDirectConnectOutbound",
		"open": "has its side open too, and its people can come in",
		"closed": "has its side closed, and its people cannot come in until it opens that",
	},
	"b2bDirectConnectOutbound": {
		"setting": "b2bDirectConnectInbound",
		"open": "has its side open too, and your people can go in",
		"closed": "has its side closed, and your people cannot go in until it opens that",
	},
}

_on_both_sides(tenant, setting) := _opposite[setting][gate] if {
	gate := peer.gate(tenant, _opposite[setting].setting)
	gate != "unknown"
} else := message if {
	message := $"has a side too, of which nothing is known: {peer.why_unknown(tenant)}"
}

notes contains finding.at(["crossTenantAccess", "partners", i, setting], message) if {
	some i, _ in input.crossTenantAccess.partners
	peer.is_given(cross_tenant.id(i))
	some setting, _ in _settings
	cross_tenant.gate_of_partner(i, setting) == "open"
	message := $"{cross_tenant.label(i)} {_on_both_sides(lower(cross_tenant.id(i)), setting)}"
}

notes contains finding.at(["crossTenantAccess", "default", setting], message) if {
	some tenant in peer.given
	not tenant in {lower(cross_tenant.id(i)) | some i, _ in input.crossTenantAccess.partners}
	some setting, _ in _settings
	cross_tenant.gate_of_default(setting) == "open"
	message := $"{cross_tenant.label_of(tenant)} {_on_both_sides(tenant, setting)}"
}
