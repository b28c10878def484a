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
#   uses: [crossTenantAccess.partnerNames, crossTenantSync.servicePrincipals, licences.servicePlans, tenant.organization]
#   peer: [collection.collectedAt, crossTenantAccess.default, crossTenantAccess.partners, crossTenantSync.jobs, licences.servicePlans]
#   settings: [cross_tenant.peer_max_days_apart, cross_tenant.sync_licence, cross_tenant.sync_targets]
#   rationale: |
#     One snapshot holds one half. Where this tenant is the target, it must redeem inbound for each partner that
#     synchronizes into it; where it is the source, it must redeem outbound for somebody. What is missing here is reported.
#     What is in order here is unknown still, because the other half is in another tenant's snapshot: give that with
#     --peer. Then a half that is missing there is reported too, at this tenant's settings for it. Into which tenant a job
#     of ours makes accounts is kept with its secrets; sync_targets says it.
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
import data.lib.cross_tenant_sync as sync
import data.lib.finding
import data.lib.peer

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
	not peer.is_given(cross_tenant.id(i))
	message := $"whether {cross_tenant.label(i)} redeems invitations outbound is in its own snapshot"
}

unknowns contains finding.at(["crossTenantAccess", "partners", i], message) if {
	some i, partner in input.crossTenantAccess.partners
	not _none(i, partner)
	not _allowed[i] == true
	message := $"whether {cross_tenant.label(i)} may synchronize into this tenant was not read"
}

unknowns contains finding.at(["crossTenantSync", "jobs", i], message) if {
	some i, _ in input.crossTenantSync.jobs
	not _target_is_given(i)
	message := _elsewhere(i)
}

_target_is_given(i) if peer.is_given(sync.target(i))

_elsewhere(i) := "the other half is in another tenant's snapshot" if {
	count(peer.given) == 0
} else := $"the other half is in the snapshot of {cross_tenant.label_of(tenant)}" if {
	tenant := sync.target(i)
} else := message if {
	message := $"in which tenant {sync.label(i)} makes accounts is kept with its secrets; sync_targets does not say it"
}

notes contains finding.at(["licences", "servicePlans"], message) if {
	_is_target
	message := "Microsoft asks for Microsoft Entra ID P1 in the source tenant only (page of April 2026)"
}

# What other tenants say, whose snapshots were given.

# The indexes of those that synchronize into this one.
_sources[i] := tenant if {
	some i, value in _allowed
	value == true
	tenant := lower(cross_tenant.id(i))
	tenant in peer.given
}

_at(i) := ["crossTenantAccess", "partners", i]

findings contains finding.keyed(_at(i), "redeems_outbound", message) if {
	some i, tenant in _sources
	peer.redeems(tenant, "outboundAllowed") == false
	message := $"{cross_tenant.label(i)} may synchronize into this tenant, and does not redeem invitations outbound"
}

unknowns contains finding.at(_at(i), message) if {
	some i, tenant in _sources
	peer.redeems(tenant, "outboundAllowed") == "unknown"
	message := $"whether {cross_tenant.label(i)} redeems invitations outbound: {peer.why_unknown(tenant)}"
}

findings contains finding.keyed(_at(i), "source_licence", message) if {
	some i, tenant in _sources
	_synchronizes(tenant)
	peer.has_plan(tenant, _plans) == false
	message := $"{cross_tenant.label(i)} synchronizes without Microsoft Entra ID P1"
}

unknowns contains finding.at(_at(i), message) if {
	some i, tenant in _sources
	_synchronizes(tenant)
	peer.has_plan(tenant, _plans) == "unknown"
	message := $"whether {cross_tenant.label(i)} has Microsoft Entra ID P1: {peer.why_unknown(tenant)}"
}

unknowns contains finding.at(_at(i), message) if {
	some i, tenant in _sources
	peer.jobs(tenant) == "unknown"
	message := $"whether {cross_tenant.label(i)} synchronizes: {peer.why_unknown(tenant)}"
}

notes contains finding.at(_at(i), message) if {
	some i, tenant in _sources
	peer.jobs(tenant) == 0
	message := $"{cross_tenant.label(i)} may synchronize into this tenant, and has no job that would"
}

# Those that this tenant may synchronize into.
_destinations contains tenant if {
	_is_source
	some tenant in peer.given
	peer.takes_sync(tenant) == true
}

_synchronizes(tenant) if {
	n := peer.jobs(tenant)
	is_number(n) # in Rego every text is more than every number
	n > 0
}

# This tenant's settings for another one; all of them where there are none.
_settings_for(tenant) := _at(_partner(tenant)) if {
	_partner(tenant)
} else := ["crossTenantAccess", "partners"]

_partner(tenant) := min([i | some i, _ in input.crossTenantAccess.partners; lower(cross_tenant.id(i)) == tenant])

_redeems_outbound(tenant) := _redeems(_partner(tenant), "outboundAllowed") if {
	_partner(tenant)
} else := cross_tenant.of_default(["automaticUserConsentSettings", "outboundAllowed"]).value

findings contains finding.keyed(_settings_for(tenant), $"we_redeem {tenant}", message) if {
	some tenant in _destinations
	_redeems_outbound(tenant) == false
	message := $"people may be synchronized into {cross_tenant.label_of(tenant)}, without redeeming invitations outbound"
}

unknowns contains finding.at(_settings_for(tenant), "outboundAllowed is neither true nor false") if {
	some tenant in _destinations
	not is_boolean(_redeems_outbound(tenant))
}

findings contains finding.keyed(_settings_for(tenant), $"redeems_inbound {tenant}", message) if {
	some tenant in _destinations
	peer.redeems(tenant, "inboundAllowed") == false
	message := $"{cross_tenant.label_of(tenant)} lets this tenant synchronize, and does not redeem its invitations"
}

unknowns contains finding.at(_settings_for(tenant), message) if {
	some tenant in _destinations
	peer.redeems(tenant, "inboundAllowed") == "unknown"
	message := $"whether {cross_tenant.label_of(tenant)} redeems invitations inbound: {peer.why_unknown(tenant)}"
}

findings contains finding.keyed(_settings_for(tenant), $"target_licence {tenant}", message) if {
	data.settings.cross_tenant.sync_licence == "both"
	some tenant in _destinations
	peer.has_plan(tenant, _plans) == false
	message := $"{cross_tenant.label_of(tenant)} lets this tenant synchronize without Microsoft Entra ID P1"
}

unknowns contains finding.at(_settings_for(tenant), message) if {
	data.settings.cross_tenant.sync_licence == "both"
	some tenant in _destinations
	peer.has_plan(tenant, _plans) == "unknown"
	message := $"whether {cross_tenant.label_of(tenant)} has Microsoft Entra ID P1: {peer.why_unknown(tenant)}"
}

unknowns contains finding.at(_settings_for(tenant), message) if {
	_is_source
	some tenant in peer.given
	peer.takes_sync(tenant) == "unknown"
	message := $"whether {cross_tenant.label_of(tenant)} lets this tenant synchronize: {peer.why_unknown(tenant)}"
}

findings contains finding.keyed(["crossTenantSync", "jobs", i], "target", message) if {
	some i, _ in input.crossTenantSync.jobs
	tenant := sync.target(i)
	peer.takes_sync(tenant) == false
	message := $"{sync.label(i)} makes accounts in {cross_tenant.label_of(tenant)}, which does not let this tenant do so"
}
