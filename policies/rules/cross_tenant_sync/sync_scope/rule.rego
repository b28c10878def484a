# METADATA
# title: Synchronization takes chosen people to other tenants
# description: |
#   A job of cross-tenant synchronization makes accounts for your people in another tenant. Without a filter and without
#   an assignment it takes everybody, or nobody.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/identity/multi-tenant-organizations/cross-tenant-synchronization-configure
#     description: Configure cross-tenant synchronization
#   - ref: https://learn.microsoft.com/en-us/graph/api/resources/synchronization-filter
#     description: filter of an object mapping in Microsoft Graph
# custom:
#   id: CTS-002
#   severity: high
#   severity_reason: People nobody chose get accounts in another tenant; it takes that tenant's carelessness for harm to follow.
#   requires: [crossTenantSync.jobs, crossTenantSync.assignments]
#   uses: [crossTenantSync.servicePrincipals]
#   licence: [AAD_PREMIUM, AAD_PREMIUM_P2]
#   rationale: |
#     Everybody in the other tenant's directory means service accounts, administrators and people whom nobody there needs.
#     A filter whose groups all have a clause limits the job, whoever is assigned. Without one it depends on the job's
#     setting "sync only assigned users and groups": it is kept with the secrets (SyncAll), which guestward does not read.
#     So a job without a filter is unknown where somebody is assigned, and is reported where nobody is. Jobs that are
#     stopped are judged too: nothing but a click keeps them from starting. The licence is needed in the source tenant.
#   remediation:
#     portal: Entra admin center > Cross-tenant synchronization > Configurations, open the configuration, Provisioning > Settings > Scope, choose "Sync only assigned users and groups", and assign them; or add scoping filters to the mapping of users.
#     graph: PUT https://graph.microsoft.com/v1.0/servicePrincipals/{id}/synchronization/jobs/{jobId}/schema with a scope in the object mapping
#     powershell: New-MgServicePrincipalAppRoleAssignedTo -ServicePrincipalId {id} -PrincipalId {groupId} -ResourceId {id} -AppRoleId {roleId}
#   controls:
#     guide: [G21]
#   since: 0.1.0
package rules.cross_tenant_sync.sync_scope

import data.lib.cross_tenant_sync as sync
import data.lib.finding

not_applicable contains "nothing is synchronized to other tenants" if count(input.crossTenantSync.jobs) == 0

_unfiltered contains found if {
	some found in sync.mappings
	not _is_filtered(found.it)
}

# An object is in scope when any of the groups says so: one without clauses says so of all.
_is_filtered(mapping) if {
	count(mapping.scope.groups) > 0
	every group in mapping.scope.groups {
		count(group.clauses) > 0
	}
}

# Clauses that leave out what they name, or only what is empty: how much then remains, nobody can tell.
# https://learn.microsoft.com/en-us/graph/api/resources/synchronization-filterclause
_leaving_out := {"isnotnull", "notequals", "notregexmatch"}

_is_loose(mapping) if {
	_is_filtered(mapping)
	some group in mapping.scope.groups
	every clause in group.clauses {
		replace(replace(lower(clause.operatorName), " ", ""), "_", "") in _leaving_out
	}
}

unknowns contains finding.at(array.concat(found.path, ["scope"]), message) if {
	some found in sync.mappings
	_is_loose(found.it)
	message := $"{sync.label(found.job)} has a filter for {found.of}s that names only whom it leaves out"
}

_somebody_is_assigned(i) if {
	some assignment in input.crossTenantSync.assignments
	assignment.resourceId == input.crossTenantSync.jobs[i].servicePrincipalId
}

findings contains finding.at(array.concat(found.path, ["scope"]), message) if {
	some found in _unfiltered
	not _somebody_is_assigned(found.job)
	message := $"{sync.label(found.job)} has no filter for {found.of}s and no assignment: it takes all or none"
}

unknowns contains finding.at(array.concat(found.path, ["scope"]), message) if {
	some found in _unfiltered
	_somebody_is_assigned(found.job)
	message := $"{sync.label(found.job)} has no filter for {found.of}s, and may take more than those assigned"
}

unknowns contains finding.at(["crossTenantSync", "jobs", i, "schema"], message) if {
	some i in sync.unreadable
	message := $"the mapping of users of {sync.label(i)} was not read"
}
