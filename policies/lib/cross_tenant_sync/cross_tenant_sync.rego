# METADATA
# description: |
#   The jobs of cross-tenant synchronization out of this tenant, and what their schemas do with users and groups.
#   https://learn.microsoft.com/en-us/graph/api/resources/synchronization-synchronizationschema
package lib.cross_tenant_sync

# METADATA
# description: How people know the job at an index, by the name of its configuration.
label(i) := principal.displayName if {
	some principal in input.crossTenantSync.servicePrincipals
	principal.id == input.crossTenantSync.jobs[i].servicePrincipalId
	is_string(principal.displayName)
} else := object.get(input.crossTenantSync.jobs[i], "id", "a job without an id")

# METADATA
# description: |
#   The mappings of users and groups that are not switched off, each with the job's index, its path in the snapshot, and
#   what it maps - user or group.
mappings contains {"job": i, "path": path, "of": kind, "it": mapping} if {
	some i, job in input.crossTenantSync.jobs
	some r, rule in object.get(job, ["schema", "synchronizationRules"], [])
	some m, mapping in rule.objectMappings
	object.get(mapping, "enabled", true) != false
	kind := lower(mapping.sourceObjectName)
	kind in {"user", "group"}
	path := ["crossTenantSync", "jobs", i, "schema", "synchronizationRules", r, "objectMappings", m]
}

# METADATA
# description: The jobs whose mapping of users cannot be read, by index; nothing about them can be told.
unreadable contains i if {
	some i, _ in input.crossTenantSync.jobs
	not i in {found.job | some found in mappings; found.of == "user"}
}

# METADATA
# description: |
#   The tenant in which the job at an index makes accounts, in lower case, as the settings say; undefined where they do not.
#   The service keeps it with the secrets.
target(i) := tenant if {
	principal := lower(input.crossTenantSync.jobs[i].servicePrincipalId)
	tenants := {there |
		some entry in data.settings.cross_tenant.sync_targets
		[here, there] := split(lower(entry), "=")
		here == principal
	}
	count(tenants) == 1 # several contradict one another
	some tenant in tenants
}
