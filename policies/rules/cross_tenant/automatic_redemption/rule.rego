# METADATA
# title: Invitations are accepted automatically for approved partners only
# description: |
#   Automatic redemption takes away the consent that a person gives before she enters another organisation. It suits
#   tenants that belong together; for anybody else the question is the last moment at which someone notices.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/identity/multi-tenant-organizations/cross-tenant-synchronization-overview
#     description: Cross-tenant synchronization, with automatic redemption
#   - ref: https://learn.microsoft.com/en-us/graph/api/resources/inboundoutboundpolicyconfiguration
#     description: inboundOutboundPolicyConfiguration in Microsoft Graph
# custom:
#   id: XTA-006
#   severity: high
#   severity_reason: Accounts are redeemed without a person agreeing, from or into organisations that nobody approved.
#   requires: [crossTenantAccess.default, crossTenantAccess.partners]
#   uses: [crossTenantAccess.domainTenants, crossTenantAccess.partnerNames, tenant.organization]
#   peer: [collection.collectedAt, crossTenantAccess.default, crossTenantAccess.partners]
#   settings: [cross_tenant.peer_max_days_apart, partners]
#   rationale: |
#     Inbound, the partner's people become guests here without having been asked; outbound, yours become guests there and
#     are subject to the partner's privacy terms unseen. The register says for whom that is meant (allow:
#     [automatic_redemption]). The service never allows it in the default; if it stands there, it is reported. A partner
#     with one direction on and the other off gets a note: redemption is silent only where the other tenant has its half,
#     which a note tells where that tenant's snapshot is given (--peer).
#   remediation:
#     portal: Entra admin center > External Identities > Cross-tenant access settings > Organizational settings, open the partner's inbound and outbound access, Trust settings, and clear "Automatically redeem invitations".
#     graph: 'PATCH https://graph.microsoft.com/v1.0/policies/crossTenantAccessPolicy/partners/{tenantId} {"automaticUserConsentSettings": {"inboundAllowed": false, "outboundAllowed": false}}'
#     powershell: 'Update-MgPolicyCrossTenantAccessPolicyPartner -CrossTenantAccessPolicyConfigurationPartnerTenantId {tenantId} -AutomaticUserConsentSettings @{ inboundAllowed = $false; outboundAllowed = $false }'
#   controls:
#     guide: [G19]
#   since: 0.1.0
package rules.cross_tenant.automatic_redemption

import data.lib.cross_tenant
import data.lib.finding
import data.lib.partners
import data.lib.peer

_sides := {
	"inboundAllowed": "invitations here are accepted for the people of",
	"outboundAllowed": "your people's invitations are accepted for them in",
}

_default[side] := cross_tenant.of_default(["automaticUserConsentSettings", side]) if some side, _ in _sides

_said(i, side) := cross_tenant.of_partner(i, ["automaticUserConsentSettings", side])

_own contains {"i": i, "side": side, "said": said} if {
	some i, _ in input.crossTenantAccess.partners
	some side, _ in _sides
	said := _said(i, side)
	said.source == "own"
	not partners.allows_tenant(cross_tenant.id(i), "automatic_redemption")
}

findings contains finding.at(said.path, $"{_sides[side]} every organisation ({side} is true)") if {
	some side, said in _default
	said.value == true
}

findings contains finding.at(p.said.path, message) if {
	some p in _own
	p.said.value == true
	message := $"{_sides[p.side]} {cross_tenant.label(p.i)}, which the register does not allow (automatic_redemption)"
}

unknowns contains finding.at(said.path, $"{side} is neither true nor false") if {
	some side, said in _default
	not is_boolean(said.value)
}

unknowns contains finding.at(p.said.path, $"{p.side} is neither true nor false") if {
	some p in _own
	not is_boolean(p.said.value)
}

notes contains finding.at(["crossTenantAccess", "partners", i, "automaticUserConsentSettings"], message) if {
	some i, _ in input.crossTenantAccess.partners
	{_said(i, "inboundAllowed").value, _said(i, "outboundAllowed").value} == {true, false}
	message := $"automatic redemption with {cross_tenant.label(i)} is on in one direction only"
}

# The half of the other tenant, and whose people it is about.
_halves := {
	"inboundAllowed": {"other": "outboundAllowed", "whose": "its people"},
	"outboundAllowed": {"other": "inboundAllowed", "whose": "your people"},
}

notes contains finding.at(_said(i, side).path, message) if {
	some i, _ in input.crossTenantAccess.partners
	tenant := lower(cross_tenant.id(i))
	peer.is_given(tenant)
	some side, half in _halves
	_said(i, side).value == true
	message := $"{cross_tenant.label(i)} {_other_half(tenant, half)}"
}

_other_half(tenant, half) := $"has its half on, and {half.whose} are not asked" if {
	peer.redeems(tenant, half.other) == true
} else := $"has its half off, and {half.whose} are asked still" if {
	peer.redeems(tenant, half.other) == false
} else := message if {
	message := $"has a half too, of which nothing is known: {peer.why_unknown(tenant)}"
}
