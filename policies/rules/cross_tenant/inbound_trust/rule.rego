# METADATA
# title: Claims about MFA and devices are believed of approved partners only
# description: |
#   With inbound trust your Conditional Access accepts what another organisation says: that its user did MFA, or that the
#   device is managed. By default it should believe nobody, because anybody can run an organisation that says so.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/external-id/cross-tenant-access-settings-b2b-collaboration
#     description: Manage cross-tenant access settings, with trust settings
#   - ref: https://learn.microsoft.com/en-us/graph/api/resources/crosstenantaccesspolicyinboundtrust
#     description: crossTenantAccessPolicyInboundTrust in Microsoft Graph
# custom:
#   id: XTA-004
#   severity: high
#   severity_reason: A careless or hostile tenant merely claims that its people passed MFA, and they are in.
#   requires: [crossTenantAccess.default, crossTenantAccess.partners]
#   uses: [crossTenantAccess.domainTenants, crossTenantAccess.partnerNames]
#   settings: [partners]
#   rationale: |
#     An attacker's own tenant reports MFA and a compliant device as it likes. Trust in the default therefore switches off
#     what Conditional Access demands of strangers. Microsoft suggests to trust MFA of everybody, so that guests register
#     once; we side with the stricter view and ask for a decision per partner, written in the register: mfa_trust for MFA,
#     device_trust for compliant and hybrid joined devices. A partner that inherits trust is not reported again.
#   remediation:
#     portal: Entra admin center > External Identities > Cross-tenant access settings > Default settings > Inbound access settings > Trust settings, clear all; set them for the partners that you believe.
#     graph: 'PATCH https://graph.microsoft.com/v1.0/policies/crossTenantAccessPolicy/default {"inboundTrust": {"isMfaAccepted": false, "isCompliantDeviceAccepted": false, "isHybridAzureADJoinedDeviceAccepted": false}}'
#     powershell: 'Update-MgPolicyCrossTenantAccessPolicyDefault -InboundTrust @{ isMfaAccepted = $false; isCompliantDeviceAccepted = $false; isHybridAzureADJoinedDeviceAccepted = $false }'
#   controls: {}
#   since: 0.1.0
package rules.cross_tenant.inbound_trust

import data.lib.cross_tenant
import data.lib.finding
import data.lib.partners

_claims := {
	"isMfaAccepted": {"what": "claims of MFA", "allow": "mfa_trust"},
	"isCompliantDeviceAccepted": {"what": "claims of compliant devices", "allow": "device_trust"},
	"isHybridAzureADJoinedDeviceAccepted": {"what": "claims of hybrid joined devices", "allow": "device_trust"},
}

_default[claim] := cross_tenant.of_default(["inboundTrust", claim]) if some claim, _ in _claims

# What partners say for themselves without being approved for it.
_partners contains {"i": i, "claim": claim, "said": said} if {
	some i, _ in input.crossTenantAccess.partners
	some claim, about in _claims
	said := cross_tenant.of_partner(i, ["inboundTrust", claim])
	said.source == "own"
	not partners.allows_tenant(cross_tenant.id(i), about.allow)
}

findings contains finding.at(said.path, message) if {
	some claim, said in _default
	said.value == true
	message := $"{_claims[claim].what} by every organisation are believed ({claim} is true)"
}

findings contains finding.at(p.said.path, message) if {
	some p in _partners
	p.said.value == true
	about := _claims[p.claim]
	message := $"{about.what} by {cross_tenant.label(p.i)} are believed, which the register does not allow ({about.allow})"
}

unknowns contains finding.at(said.path, $"{claim} is neither true nor false") if {
	some claim, said in _default
	not is_boolean(said.value)
}

unknowns contains finding.at(p.said.path, $"{p.claim} is neither true nor false") if {
	some p in _partners
	not is_boolean(p.said.value)
}
