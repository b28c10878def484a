# METADATA
# title: Only approved tenants synchronize their people into this one
# description: |
#   Cross-tenant synchronization lets another tenant make accounts here, and change them, without anybody here being asked.
#   It is allowed for each partner by name.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/identity/multi-tenant-organizations/cross-tenant-synchronization-overview
#     description: What is cross-tenant synchronization?
#   - ref: https://learn.microsoft.com/en-us/graph/api/resources/crosstenantidentitysyncpolicypartner
#     description: crossTenantIdentitySyncPolicyPartner in Microsoft Graph
# custom:
#   id: CTS-001
#   severity: high
#   severity_reason: The administrators of another tenant create accounts here at will, and members at that.
#   requires: [crossTenantAccess.partners]
#   uses:
#     - crossTenantAccess.domainTenants
#     - crossTenantAccess.identitySynchronizationTemplate
#     - crossTenantAccess.partnerNames
#   peer: [collection.collectedAt, crossTenantSync.jobs]
#   settings: [cross_tenant.peer_max_days_apart, partners]
#   rationale: |
#     Whoever administers the other tenant decides who gets an account in yours, and by default as a member: such people are
#     external, but rules for guests do not see them. So the register must allow it (allow: [sync]). The template of the
#     multitenant organization is judged as well where it applies to new partners: it gives the right to tenants that nobody
#     has looked at yet. Whether a partner makes use of the right is in its own snapshot; with that (--peer) a note tells.
#   remediation:
#     portal: Entra admin center > External Identities > Cross-tenant access settings > Organizational settings, open the partner's inbound access, Cross-tenant sync, and clear "Allow user synchronization into this tenant".
#     graph: 'PATCH https://graph.microsoft.com/v1.0/policies/crossTenantAccessPolicy/partners/{tenantId}/identitySynchronization {"userSyncInbound": {"isSyncAllowed": false}}'
#     powershell: 'Set-MgPolicyCrossTenantAccessPolicyPartnerIdentitySynchronization -CrossTenantAccessPolicyConfigurationPartnerTenantId {tenantId} -UserSyncInbound @{ isSyncAllowed = $false }'
#   controls:
#     guide: [G19]
#   since: 0.1.0
package rules.cross_tenant_sync.inbound_sync

import data.lib.cross_tenant
import data.lib.finding
import data.lib.partners
import data.lib.peer

_steps := ["identitySynchronization", "userSyncInbound", "isSyncAllowed"]

_allowed(i) := object.get(input.crossTenantAccess.partners[i], _steps, null)

_path(i) := array.concat(["crossTenantAccess", "partners", i], _steps)

_unapproved contains i if {
	some i, _ in input.crossTenantAccess.partners
	not partners.allows_tenant(cross_tenant.id(i), "sync")
}

findings contains finding.at(_path(i), message) if {
	some i in _unapproved
	_allowed(i) == true
	message := $"{cross_tenant.label(i)} may make accounts here, which the register does not allow (sync)"
}

# That a partner has none is said by null; without the property nobody asked.
unknowns contains finding.at(["crossTenantAccess", "partners", i], "its identitySynchronization was not read") if {
	some i in _unapproved
	object.get(input.crossTenantAccess.partners[i], ["identitySynchronization"], "absent") == "absent"
}

unknowns contains finding.at(_path(i), "isSyncAllowed is neither true nor false") if {
	some i in _unapproved
	object.get(input.crossTenantAccess.partners[i], ["identitySynchronization"], null) != null
	object.get(input.crossTenantAccess.partners[i], ["identitySynchronization"], null) != "absent"
	not is_boolean(_allowed(i))
}

_template := ["crossTenantAccess", "identitySynchronizationTemplate"]

_in_template := object.get(input, array.concat(_template, ["userSyncInbound", "isSyncAllowed"]), null)

_level := object.get(input, array.concat(_template, ["templateApplicationLevel"]), null)

_levels := {lower(trim_space(level)) | some level in split(_level, ",")}

# The template counts while there is a multitenant organization.
unknowns contains finding.at(_template, "the template of the multitenant organization was not read") if {
	object.get(input.crossTenantAccess, ["multiTenantOrganization", "state"], null) == "active"
	object.get(input, _template, null) == null
}

unknowns contains finding.at(array.concat(_template, ["templateApplicationLevel"]), message) if {
	_in_template == true
	not _is_level
	message := $"templateApplicationLevel has the value {_level}, which this version does not know"
}

# https://learn.microsoft.com/en-us/graph/api/resources/multitenantorganizationidentitysyncpolicytemplate
_is_level if {
	count(_levels) > 0
	every level in _levels {
		level in {"none", "newpartners", "existingpartners"}
	}
}

findings contains finding.at(array.concat(_template, ["userSyncInbound", "isSyncAllowed"]), message) if {
	_in_template == true
	"newpartners" in _levels
	message := "every tenant that joins the multitenant organization may synchronize its people into this one"
}

notes contains finding.at(_path(i), message) if {
	some i, _ in input.crossTenantAccess.partners
	_allowed(i) == true
	peer.is_given(cross_tenant.id(i))
	message := $"{cross_tenant.label(i)} {_use(cross_tenant.id(i))}"
}

_use(tenant) := "has no job of synchronization: nothing uses the right" if {
	peer.jobs(tenant) == 0
} else := $"has jobs of synchronization ({n} in all); which of them lead here is kept with their secrets" if {
	n := peer.jobs(tenant)
	is_number(n)
} else := message if {
	message := $"may use the right or not: {peer.why_unknown(tenant)}"
}
