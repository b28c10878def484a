# METADATA
# title: Both sides of a synchronization are set up for it
# description: |
#   Synchronization needs the consent of two tenants: the target lets accounts be made and redeems the invitations inbound,
#   the source redeems them outbound. With one half missing each person gets an invitation and has to accept it.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/identity/multi-tenant-organizations/cross-tenant-synchronization-configure
#     description: Configure cross-tenant synchronization
#   - ref: https://learn.microsoft.com/en-us/entra/identity/multi-tenant-organizations/cross-tenant-synchronization-overview
#     description: Cross-tenant synchronization, with licence requirements
# custom:
#   id: CTS-007
#   severity: medium
#   severity_reason: People are asked to accept, or are not synchronized at all; confused people accept false invitations.
#   requires: [crossTenantAccess.default, crossTenantAccess.partners, crossTenantSync.jobs]
#   uses: [crossTenantAccess.partnerNames, licences.servicePlans]
#   settings: [cross_tenant.sync_licence]
#   rationale: |
#     One snapshot holds one half. Where this tenant is the target, it must redeem inbound for each partner that
#     synchronizes into it; where it is the source, it must redeem outbound for somebody. What is missing here is reported.
#     What is in order here is unknown still, because the other half is in another tenant's snapshot: scan that too.
#
#     Microsoft's page of April 2026 wants Microsoft Entra ID P1 in the source tenant only; the guide behind guestward wants
#     it on both sides, so that people who are synchronized can be covered by Conditional Access in the target. The stricter
#     is the default; sync_licence: source follows Microsoft.
#   remediation:
#     portal: Entra admin center > External Identities > Cross-tenant access settings > Organizational settings, open the partner's inbound access (target) or outbound access (source), Trust settings, and tick "Automatically redeem invitations".
#     graph: 'PATCH https://graph.microsoft.com/v1.0/policies/crossTenantAccessPolicy/partners/{tenantId} {"automaticUserConsentSettings": {"inboundAllowed": true}}'
#     powershell: 'Update-MgPolicyCrossTenantAccessPolicyPartner -CrossTenantAccessPolicyConfigurationPartnerTenantId {tenantId} -AutomaticUserConsentSettings @{ inboundAllowed = $true }'
#   controls:
#     guide: [G19, G24]
#   since: 0.1.0
package rules.cross_tenant_sync.sync_both_sides

import data.lib.cross_tenant
import data.lib.finding

_steps := ["identitySynchronization", "userSyncInbound", "isSyncAllowed"]

_allowed[i] := object.get(partner, _steps, null) if some i, partner in input.crossTenantAccess.partners

_is_source if count(input.crossTenantSync.jobs) > 0

_is_target if {
	some value in _allowed
	value == true
}

not_applicable contains "nothing is synchronized between this tenant and others" if {
	not _is_source
	every i, partner in input.crossTenantAccess.partners {
		_none(i, partner)
	}
}

_none(_, partner) if object.get(partner, ["identitySynchronization"], "absent") == null

_none(i, _) if _allowed[i] == false

_redeems(i, side) := cross_tenant.of_partner(i, ["automaticUserConsentSettings", side]).value

_consent(i, side) := ["crossTenantAccess", "partners", i, "automaticUserConsentSettings", side]

findings contains finding.at(_consent(i, "inboundAllowed"), message) if {
	some i, value in _allowed
	value == true
	_redeems(i, "inboundAllowed") == false
	message := $"{cross_tenant.label(i)} may synchronize into this tenant, which does not redeem its invitations"
}

findings contains finding.at(["crossTenantSync", "jobs"], "no partner's invitations are redeemed outbound") if {
	_is_source
	every i, _ in input.crossTenantAccess.partners {
		_redeems(i, "outboundAllowed") == false
	}
}

# Which plans these are, says https://learn.microsoft.com/en-us/entra/identity/users/licensing-service-plan-reference
_plans := {"41781fb2-bc02-4b7c-bd55-b576c07bb09d", "eec0eb4f-6444-4f95-aba0-50c24d67f998"}

_is_licensed if {
	some plan in input.licences.servicePlans
	plan.servicePlanId in _plans
	plan.provisioningStatus != "Disabled"
}

_wants_licence if _is_source

_wants_licence if {
	_is_target
	data.settings.cross_tenant.sync_licence == "both"
}

findings contains finding.at(["licences", "servicePlans"], message) if {
	_wants_licence
	input.licences.servicePlans
	not _is_licensed
	message := "synchronization is in use without Microsoft Entra ID P1 in this tenant"
}

unknowns contains finding.at(["licences", "servicePlans"], "whether there is Microsoft Entra ID P1 was not read") if {
	_wants_licence
	not input.licences.servicePlans
}

unknowns contains finding.at(_consent(i, "inboundAllowed"), "inboundAllowed is neither true nor false") if {
	some i, value in _allowed
	value == true
	not is_boolean(_redeems(i, "inboundAllowed"))
}

unknowns contains finding.at(["crossTenantAccess", "partners", i], message) if {
	some i, value in _allowed
	value == true
	_redeems(i, "inboundAllowed") == true
	message := $"whether {cross_tenant.label(i)} redeems invitations outbound is in its own snapshot"
}

unknowns contains finding.at(["crossTenantAccess", "partners", i], message) if {
	some i, partner in input.crossTenantAccess.partners
	not _none(i, partner)
	not _allowed[i] == true
	message := $"whether {cross_tenant.label(i)} may synchronize into this tenant was not read"
}

unknowns contains finding.at(["crossTenantSync", "jobs", i], "the other half is in another tenant's snapshot") if {
	some i, _ in input.crossTenantSync.jobs
}

notes contains finding.at(["licences", "servicePlans"], message) if {
	_is_target
	message := "Microsoft asks for Microsoft Entra ID P1 in the source tenant only (page of April 2026)"
}
