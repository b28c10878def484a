# METADATA
# title: Only chosen people invite guests from Power BI
# description: |
#   Who shares a report with an address outside invites that person as a guest of the whole tenant. Switched off, or
#   limited to groups, Power BI is no side door into the directory.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/fabric/admin/service-admin-portal-export-sharing
#     description: Export and sharing tenant settings
#   - ref: https://learn.microsoft.com/en-us/rest/api/fabric/admin/tenants/list-tenant-settings
#     description: How the settings are read
# custom:
#   id: PBI-002
#   severity: medium
#   severity_reason: Any colleague who shares a report makes an outsider a guest of the tenant, if the directory lets everybody invite.
#   requires: [powerBI.tenantSettings]
#   uses: [groups]
#   settings: [power_bi.everyone_groups]
#   rationale: |
#     Invitations are governed in Entra ID; this way past its forms is easy to forget. What Entra ID forbids stays
#     forbidden here too. A group whose rule takes in every colleague limits nothing. Who else is in the groups is not
#     judged; other groups that hold everybody belong into power_bi.everyone_groups.
#   remediation:
#     portal: 'Microsoft Fabric admin portal > Tenant settings > Export and sharing settings > Users can invite guest users to collaborate through item sharing and permissions, turn it off or choose "Specific security groups".'
#     graph: Microsoft Graph does not offer this setting.
#     powershell: 'az rest --method post --resource https://api.fabric.microsoft.com --url "https://api.fabric.microsoft.com/v1/admin/tenantsettings/ExternalSharingV2/update" --body "{\"enabled\":false}"'
#   controls:
#     cis_m365_7.0: ["9.1.2"]
#     scuba: [MS.POWERBI.3.1]
#     nist_800_53: [CM-7, AC-6]
#   since: 0.1.0
package rules.power_bi.guest_invitations

import data.lib.power_bi
import data.settings.power_bi as settings

_question := {
	"name": "ExternalSharingV2",
	"what": "everybody may invite guests by sharing an item",
	"whom": "members",
	"allowed": {"groups"},
	"everyone_groups": settings.everyone_groups,
}

findings contains power_bi.findings(input, _question)[_]

unknowns contains power_bi.unknowns(input, _question)[_]
