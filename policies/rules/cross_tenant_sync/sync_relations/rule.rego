# METADATA
# title: Synchronization joins tenants of one organisation
# description: |
#   Cross-tenant synchronization is for tenants that belong together: it keeps accounts for all who might need one. People
#   of suppliers and customers come by invitation or with an access package, for as long as they are needed.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/identity/multi-tenant-organizations/cross-tenant-synchronization-overview
#     description: What is cross-tenant synchronization?
#   - ref: https://learn.microsoft.com/en-us/entra/identity/multi-tenant-organizations/overview
#     description: Multitenant organization capabilities
# custom:
#   id: CTS-006
#   severity: medium
#   severity_reason: A supplier's tenant gets standing accounts where invitations would end; harm takes a mistake on its side.
#   requires: [crossTenantAccess.partners, crossTenantSync.jobs]
#   uses: [crossTenantAccess.domainTenants, crossTenantAccess.partnerNames, crossTenantSync.servicePrincipals]
#   settings: [cross_tenant.sync_targets, partners]
#   rationale: |
#     A partner that synchronizes into this tenant must be of the same organisation: in the multitenant organization, or in
#     the register with that relation. Another partner is close enough when the register allows it to synchronize; then
#     there is a note, because an access package that ends might serve better. Everybody else is reported. For whom it is
#     not written down, nobody decided that continuous accounts are wanted.
#
#     In which tenant a job of ours makes accounts is kept with its secrets, which guestward does not read: each job is
#     unknown, unless sync_targets says it.
#   remediation:
#     portal: Write the relation into the register; or use Entra admin center > Identity Governance > Entitlement management > Access packages for the partner's people, and clear "Allow user synchronization into this tenant".
#     graph: 'PATCH https://graph.microsoft.com/v1.0/policies/crossTenantAccessPolicy/partners/{tenantId}/identitySynchronization {"userSyncInbound": {"isSyncAllowed": false}}'
#     powershell: 'Set-MgPolicyCrossTenantAccessPolicyPartnerIdentitySynchronization -CrossTenantAccessPolicyConfigurationPartnerTenantId {tenantId} -UserSyncInbound @{ isSyncAllowed = $false }'
#   controls:
#     guide: [G23]
#   since: 0.1.0
package rules.cross_tenant_sync.sync_relations

import data.lib.cross_tenant
import data.lib.cross_tenant_sync as sync
import data.lib.finding
import data.lib.partners

_steps := ["identitySynchronization", "userSyncInbound", "isSyncAllowed"]

_path(i) := array.concat(["crossTenantAccess", "partners", i], _steps)

_allowed[i] := object.get(partner, _steps, null) if some i, partner in input.crossTenantAccess.partners

not_applicable contains "nothing is synchronized between this tenant and others" if {
	count(input.crossTenantSync.jobs) == 0
	every i, partner in input.crossTenantAccess.partners {
		_none(i, partner)
	}
}

_none(_, partner) if object.get(partner, ["identitySynchronization"], "absent") == null

_none(i, _) if _allowed[i] == false

_same_organisation(i) if object.get(input.crossTenantAccess.partners[i], ["isInMultiTenantOrganization"], null) == true

_same_organisation(i) if partners.of_tenant(cross_tenant.id(i)).relation == "same_organisation"

_foreign contains i if {
	some i, value in _allowed
	value == true
	not _same_organisation(i)
}

findings contains finding.at(_path(i), message) if {
	some i in _foreign
	not partners.allows_tenant(cross_tenant.id(i), "sync")
	message := $"{cross_tenant.label(i)} synchronizes people into this tenant, and is not known as your organisation's"
}

unknowns contains finding.at(_path(i), "whether the partner synchronizes into this tenant was not read") if {
	some i, partner in input.crossTenantAccess.partners
	not _none(i, partner)
	not _allowed[i] == true
	not _same_organisation(i)
}

_is_known(tenant) if partners.of_tenant(tenant).relation == "same_organisation"

_is_known(tenant) if {
	some i, _ in input.crossTenantAccess.partners
	lower(cross_tenant.id(i)) == tenant
	_same_organisation(i)
}

findings contains finding.at(["crossTenantSync", "jobs", i], message) if {
	some i, _ in input.crossTenantSync.jobs
	tenant := sync.target(i)
	not _is_known(tenant)
	not partners.allows_tenant(tenant, "sync")
	message := $"{sync.label(i)} makes accounts in {cross_tenant.label_of(tenant)}, not known as your organisation's"
}

unknowns contains finding.at(["crossTenantSync", "jobs", i], message) if {
	some i, _ in input.crossTenantSync.jobs
	not sync.target(i)
	message := $"in which tenant {sync.label(i)} makes accounts is kept with its secrets, which are not read"
}

notes contains finding.at(_path(i), message) if {
	some i in _foreign
	partners.allows_tenant(cross_tenant.id(i), "sync")
	message := $"{cross_tenant.label(i)} is of another organisation; the register allows it to synchronize"
}

notes contains finding.at(["crossTenantSync", "jobs", i], message) if {
	some i, _ in input.crossTenantSync.jobs
	tenant := sync.target(i)
	not _is_known(tenant)
	partners.allows_tenant(tenant, "sync")
	message := $"{sync.label(i)} makes accounts in {cross_tenant.label_of(tenant)}; the register allows it"
}
