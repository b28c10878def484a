# METADATA
# title: Only approved cloud storage can be added to Teams
# description: |
#   Teams lets people add folders of other companies' storage beside the files of a team. The service allows five such
#   companies until somebody switches them off.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/powershell/module/microsoftteams/set-csteamsclientconfiguration
#     description: Set-CsTeamsClientConfiguration
# custom:
#   id: TMS-009
#   severity: medium
#   severity_reason: Content moves to storage that nobody here governs; it takes a person who connects it.
#   requires:
#     - teams.clientConfiguration.AllowDropBox
#     - teams.clientConfiguration.AllowBox
#     - teams.clientConfiguration.AllowGoogleDrive
#     - teams.clientConfiguration.AllowShareFile
#     - teams.clientConfiguration.AllowEgnyte
#   settings: [teams.allowed_storage_services]
#   rationale: |
#     A file in such a folder is outside every rule that you have for sharing, guests, labels and deletion, and who may
#     read it is decided elsewhere, often by one person's private account. Approve what the organisation has a contract
#     for and switch off the rest. Maester and Monkey365 cannot be told what is approved and report any service.
#   remediation:
#     portal: Teams admin center > Teams > Teams settings > Files, turn off each storage service that is not approved.
#     graph: Microsoft Graph does not offer this setting.
#     powershell: Set-CsTeamsClientConfiguration -Identity Global -AllowDropBox $false -AllowBox $false -AllowGoogleDrive $false -AllowShareFile $false -AllowEgnyte $false
#   controls:
#     cis_m365_7.0: ["8.1.1"]
#     cis_m365_6.0.1: ["8.1.1"]
#     iso_27001_2022: [A.5.14, A.6.7, A.7.10, A.7.14, A.8.20]
#     cmmc_2.0: [AC.L2-3.1.3]
#   since: 0.1.0
package rules.teams.third_party_storage

import data.lib.finding

_services := {"DropBox", "Box", "GoogleDrive", "ShareFile", "Egnyte"}

# The switches of the services that are not approved, with their values.
_switches[switch] := {"service": service, "value": object.get(input.teams.clientConfiguration, switch, null)} if {
	some service in _services
	not service in data.settings.teams.allowed_storage_services
	switch := concat("", ["Allow", service])
}

_path(switch) := ["teams", "clientConfiguration", switch]

findings contains finding.at(_path(switch), $"files in {found.service} can be added to Teams ({switch} is true)") if {
	some switch, found in _switches
	found.value == true
}

unknowns contains finding.at(_path(switch), $"{switch} is neither true nor false") if {
	some switch, found in _switches
	not is_boolean(found.value)
}
