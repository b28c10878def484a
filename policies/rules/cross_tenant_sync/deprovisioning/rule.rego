# METADATA
# title: People who leave the scope are removed from the other tenant
# description: |
#   Synchronization made the accounts, so it should take them away again when somebody leaves or no longer belongs to those
#   who are synchronized; and stop when it is about to take away suspiciously many.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/identity/app-provisioning/skip-out-of-scope-deletions
#     description: Skip deletion of user accounts that go out of scope
#   - ref: https://learn.microsoft.com/en-us/entra/identity/app-provisioning/accidental-deletions
#     description: Enable accidental deletions prevention
# custom:
#   id: CTS-005
#   severity: medium
#   severity_reason: People who left the scope keep their account in the other tenant; it takes somebody who still has the credentials.
#   requires: [crossTenantSync.jobs]
#   uses: [crossTenantSync.servicePrincipals]
#   licence: [AAD_PREMIUM, AAD_PREMIUM_P2]
#   rationale: |
#     Three switches count. The mapping of users must delete (flowTypes has Delete), SkipOutOfScopeDeletions must be off,
#     and the guard against accidental deletion on, or one wrong group empties the other tenant. The first is in the
#     schema. The other two are kept with the job's secrets, which guestward does not read: unless the job's settings or its
#     quarantine tell them, a job that deletes is unknown, and a person has to look.
#   remediation:
#     portal: Entra admin center > Cross-tenant synchronization > Configurations, open the configuration, Provisioning > Mappings > Provision Microsoft Entra ID Users, tick Delete; under Settings tick "Prevent accidental deletion" with a threshold.
#     graph: 'PUT https://graph.microsoft.com/v1.0/servicePrincipals/{id}/synchronization/secrets {"value": [{"key": "SkipOutOfScopeDeletions", "value": "False"}, {"key": "SyncNotificationSettings", "value": "{\"DeleteThresholdEnabled\":true,\"DeleteThresholdValue\":500}"}]}, with the values that are there'
#     powershell: Set-MgServicePrincipalSynchronizationSecret -ServicePrincipalId {id} -BodyParameter $secrets
#   controls:
#     guide: [G21]
#   since: 0.1.0
package rules.cross_tenant_sync.deprovisioning

import data.lib.cross_tenant_sync as sync
import data.lib.finding

not_applicable contains "nothing is synchronized to other tenants" if count(input.crossTenantSync.jobs) == 0

_flows(found) := {lower(trim_space(flow)) | some flow in split(object.get(found.it, "flowTypes", ""), ",")}

findings contains finding.at(array.concat(found.path, ["flowTypes"]), message) if {
	some found in sync.mappings
	flows := _flows(found) - {""}
	flows != set()
	flows - {"none", "add", "update"} == set()
	message := $"{sync.label(found.job)} never deletes {found.of}s in the other tenant (flowTypes is {found.it.flowTypes})"
}

# What the job's settings say, by name.
_setting(i, name) := lower(found.value) if {
	some found in object.get(input.crossTenantSync.jobs[i], ["synchronizationJobSettings"], [])
	lower(found.name) == lower(name)
}

findings contains finding.at(["crossTenantSync", "jobs", i, "synchronizationJobSettings"], message) if {
	some i, _ in input.crossTenantSync.jobs
	_setting(i, "SkipOutOfScopeDeletions") in {"true", "1"}
	message := $"{sync.label(i)} leaves accounts behind that are out of scope (SkipOutOfScopeDeletions is on)"
}

_deletes_out_of_scope(i) if _setting(i, "SkipOutOfScopeDeletions") in {"false", "0"}

_is_guarded(i) if regex.match(`^[1-9][0-9]*$`, _setting(i, "QuarantineTooManyDeletesThreshold"))

# Nothing but the guard gives this reason.
_is_guarded(i) if {
	object.get(input.crossTenantSync.jobs[i], ["status", "quarantine", "reason"], "") == "TooManyDeletes"
}

unknowns contains finding.at(["crossTenantSync", "jobs", i, "synchronizationJobSettings"], message) if {
	some i, _ in input.crossTenantSync.jobs
	not _both_are_told(i)
	message := concat("", [
		$"whether {sync.label(i)} skips deletions, and guards against too many, is kept with its secrets, ",
		"which are not read",
	])
}

_both_are_told(i) if {
	_deletes_out_of_scope(i)
	_is_guarded(i)
}

unknowns contains finding.at(array.concat(found.path, ["flowTypes"]), message) if {
	some found in sync.mappings
	not _is_known(found)
	message := $"what {sync.label(found.job)} does with {found.of}s is not told"
}

_is_known(found) if {
	count(_flows(found)) > 0
	_flows(found) - {"none", "add", "update", "delete"} == set()
}

unknowns contains finding.at(["crossTenantSync", "jobs", i, "schema"], message) if {
	some i in sync.unreadable
	message := $"the mapping of users of {sync.label(i)} was not read"
}
