# METADATA
# title: Entra ID's logs about outsiders are exported
# description: |
#   Entra ID keeps its logs for a month at most. A diagnostic setting sends them to a place of your own, where somebody can
#   still look after a partner reports a breach of last quarter.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/identity/monitoring-health/howto-configure-diagnostic-settings
#     description: Configure Microsoft Entra diagnostic settings
#   - ref: https://learn.microsoft.com/en-us/entra/identity/monitoring-health/reference-reports-data-retention
#     description: How long Entra ID keeps its logs
# custom:
#   id: LOG-001
#   severity: high
#   severity_reason: After a month nobody can find out any more where an outsider signed in from, or who let them in.
#   requires: [azure.diagnosticSettings]
#   licence: [AAD_PREMIUM, AAD_PREMIUM_P2]
#   settings: [monitoring.diagnostic_categories]
#   rationale: |
#     Misuse of a guest account is noticed late, often by the partner. Sign-ins of guests, interactive and not, tell from
#     where; the audit log tells who invited them and what was changed; provisioning tells what cross-tenant
#     synchronization did. A category counts where a setting exports it to a workspace, storage, an event hub or a
#     partner's product; several settings count together. How long the destination keeps it is not in the snapshot.
#   remediation:
#     portal: Microsoft Entra admin center > Monitoring & health > Diagnostic settings, add a setting with the categories and a destination.
#     graph: Microsoft Graph does not offer this setting.
#     powershell: 'az rest --method put --url "https://management.azure.com/providers/microsoft.aadiam/diagnosticSettings/export?api-version=2017-04-01" --body @setting.json'
#   controls:
#     guide: [G25]
#     scuba: [MS.AAD.4.1]
#     nist_800_53: [AU-4]
#     zt: ["21860"]
#   since: 0.1.0
package rules.monitoring.diagnostic_settings

import data.lib.finding
import data.settings.monitoring as settings

_path := ["azure", "diagnosticSettings"]

# https://learn.microsoft.com/en-us/azure/templates/microsoft.aadiam/diagnosticsettings
_destinations := [
	"workspaceId", "storageAccountId", "eventHubAuthorizationRuleId", "serviceBusRuleId", "marketplacePartnerId",
]

_goes_somewhere(setting) if {
	some destination in _destinations
	is_string(setting[destination])
	setting[destination] != ""
}

# allLogs is every category, those of the future too:
# https://learn.microsoft.com/en-us/azure/azure-monitor/platform/diagnostic-settings#category-groups
_is_about(log, category) if lower(log.category) == lower(category)

_is_about(log, _) if lower(log.categoryGroup) == "alllogs"

_exported(category) if {
	some setting in input.azure.diagnosticSettings
	_goes_somewhere(setting)
	some log in setting.logs
	log.enabled == true
	_is_about(log, category)
}

findings contains finding.keyed(_path, category, $"no diagnostic setting exports {category}") if {
	is_array(input.azure.diagnosticSettings)
	some category in settings.diagnostic_categories
	not _exported(category)
	not _undecided(category)
}

_undecided(category) if {
	some setting in input.azure.diagnosticSettings
	_unreadable(setting, category)
}

_unreadable(setting, _) if not is_array(object.get(setting, "logs", null))

_unreadable(setting, category) if {
	some log in setting.logs
	_is_about(log, category)
	not is_boolean(object.get(log, "enabled", null))
}

_unreadable(setting, _) if {
	some log in setting.logs
	not _names_something(log)
	object.get(log, "enabled", null) != false
}

_names_something(log) if {
	some name in ["category", "categoryGroup"]
	is_string(log[name])
	log[name] != ""
}

unknowns contains finding.at(array.concat(_path, [i]), $"whether {setting.name} exports {category} was not read") if {
	some category in settings.diagnostic_categories
	not _exported(category)
	some i, setting in input.azure.diagnosticSettings
	_unreadable(setting, category)
}
