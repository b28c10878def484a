# METADATA
# title: Synchronization to other tenants works
# description: |
#   A job that stopped working leaves accounts in the other tenant as they were: people who left keep their access there.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/identity/app-provisioning/application-provisioning-quarantine-status
#     description: Application provisioning in quarantine status
#   - ref: https://learn.microsoft.com/en-us/graph/api/resources/synchronization-synchronizationstatus
#     description: synchronizationStatus in Microsoft Graph
# custom:
#   id: CTS-004
#   severity: medium
#   severity_reason: People who left stay active in the other tenant while synchronization stands still; it takes somebody who uses that.
#   requires: [crossTenantSync.jobs]
#   uses: [crossTenantSync.servicePrincipals]
#   licence: [AAD_PREMIUM, AAD_PREMIUM_P2]
#   settings: [cross_tenant.sync_max_age_hours]
#   rationale: |
#     The service works every 40 minutes; a day without success is more than a hiccup. A job in quarantine is tried less and
#     less often, and switched off after four weeks. Somebody who stopped a job that had worked has the same problem: the
#     accounts that it made stay. So its age counts, whatever its state. A job that never ran made no accounts and gets a
#     note. A job that ran and never succeeded is reported.
#   remediation:
#     portal: Entra admin center > Cross-tenant synchronization > Configurations, open the configuration, Provisioning logs, correct the cause and choose Restart provisioning.
#     graph: POST https://graph.microsoft.com/v1.0/servicePrincipals/{id}/synchronization/jobs/{jobId}/restart
#     powershell: Restart-MgServicePrincipalSynchronizationJob -ServicePrincipalId {id} -SynchronizationJobId {jobId}
#   controls:
#     guide: [G20]
#   since: 0.1.0
package rules.cross_tenant_sync.sync_health

import data.lib.cross_tenant_sync as sync
import data.lib.finding

not_applicable contains "nothing is synchronized to other tenants" if count(input.crossTenantSync.jobs) == 0

_path(i, steps) := array.concat(["crossTenantSync", "jobs", i, "status"], steps)

_of(i, steps) := object.get(input.crossTenantSync.jobs[i], array.concat(["status"], steps), "absent")

_quarantined(i) if _of(i, ["code"]) == "Quarantine"

_quarantined(i) if is_object(_of(i, ["quarantine"]))

findings contains finding.at(_path(i, ["code"]), $"{sync.label(i)} is in quarantine{_reason(i)}") if {
	some i, _ in input.crossTenantSync.jobs
	_quarantined(i)
}

_reason(i) := $": {reason}" if {
	reason := _of(i, ["quarantine", "reason"])
	reason != "absent"
} else := ""

# A time that never was is null, or the year 1.
_ended(i) := "never" if {
	_of(i, ["lastSuccessfulExecution"]) == null
} else := "never" if {
	startswith(_of(i, ["lastSuccessfulExecution", "timeEnded"]), "0001-")
} else := _of(i, ["lastSuccessfulExecution", "timeEnded"])

_now := time.parse_rfc3339_ns(input.collection.collectedAt)

# What is yet to come has not happened, but for clocks that differ.
_hours(i) := hours if {
	hours := (_now - time.parse_rfc3339_ns(_ended(i))) / 3600000000000
	hours >= -24
	regex.match(`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[+-][0-9]{2}:[0-9]{2})$`, _ended(i))
}

findings contains finding.at(_path(i, ["lastSuccessfulExecution", "timeEnded"]), message) if {
	some i, _ in input.crossTenantSync.jobs
	_hours(i) > data.settings.cross_tenant.sync_max_age_hours
	message := $"{sync.label(i)} succeeded last on {_ended(i)}"
}

_never_ran(i) if {
	_ended(i) == "never"
	_of(i, ["lastExecution"]) == null
	_of(i, ["code"]) in {"NotConfigured", "NotRun", "Paused"}
}

findings contains finding.at(_path(i, ["lastSuccessfulExecution"]), $"{sync.label(i)} ran and never succeeded") if {
	some i, _ in input.crossTenantSync.jobs
	_ended(i) == "never"
	is_object(_of(i, ["lastExecution"]))
}

unknowns contains finding.at(_path(i, ["code"]), message) if {
	some i, _ in input.crossTenantSync.jobs
	code := _of(i, ["code"])
	not code in {"NotConfigured", "NotRun", "Active", "Paused", "Quarantine"}
	message := $"{sync.label(i)} has the status {code}, which is not known"
}

unknowns contains finding.at(_path(i, ["lastSuccessfulExecution"]), message) if {
	some i, _ in input.crossTenantSync.jobs
	not _is_told(i)
	message := $"when {sync.label(i)} succeeded last is not told"
}

_is_told(i) if is_number(_hours(i))

_is_told(i) if _never_ran(i)

_is_told(i) if {
	_ended(i) == "never"
	is_object(_of(i, ["lastExecution"]))
}

notes contains finding.at(_path(i, ["code"]), $"{sync.label(i)} never ran") if {
	some i, _ in input.crossTenantSync.jobs
	_never_ran(i)
}
