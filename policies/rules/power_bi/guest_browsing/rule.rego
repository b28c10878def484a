# METADATA
# title: Guests do not browse Power BI content
# description: |
#   A guest who may browse has the navigation of a colleague: workspaces, search and requests for access, not the one
#   report behind a link alone. Switched off, or limited to groups, guests see what was sent to them.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/fabric/admin/service-admin-portal-export-sharing
#     description: Export and sharing tenant settings
#   - ref: https://learn.microsoft.com/en-us/rest/api/fabric/admin/tenants/list-tenant-settings
#     description: How the settings are read
# custom:
#   id: PBI-003
#   severity: medium
#   severity_reason: Any guest looks through the content that permissions leave open to them, and asks for more, without a link from anybody.
#   requires: [powerBI.tenantSettings]
#   uses: [groups]
#   settings: [power_bi.everyone_groups]
#   rationale: |
#     Browsing shows what exists and turns permissions that were given too widely into content that is found. A group of
#     partners who work in workspaces every day may need it. A group whose rule takes in every guest limits nothing;
#     other groups that hold everybody belong into power_bi.everyone_groups.
#   remediation:
#     portal: 'Microsoft Fabric admin portal > Tenant settings > Export and sharing settings > Guest users can browse and access Fabric content, turn it off or choose "Specific security groups".'
#     graph: Microsoft Graph does not offer this setting.
#     powershell: 'az rest --method post --resource https://api.fabric.microsoft.com --url "https://api.fabric.microsoft.com/v1/admin/tenantsettings/ElevatedGuestsTenant/update" --body "{\"enabled\":false}"'
#   controls:
#     cis_m365_7.0: ["9.1.3"]
#   since: 0.1.0
package rules.power_bi.guest_browsing

import data.lib.power_bi
import data.settings.power_bi as settings

_question := {
	"name": "ElevatedGuestsTenant",
	"what": "every guest may browse Power BI and Fabric content",
	"whom": "guests",
	"allowed": {"groups"},
	"everyone_groups": settings.everyone_groups,
}

findings contains power_bi.findings(input, _question)[_]

unknowns contains power_bi.unknowns(input, _question)[_]
