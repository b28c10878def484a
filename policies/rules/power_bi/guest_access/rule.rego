# METADATA
# title: Guests use Power BI in chosen groups only
# description: |
#   A guest who may use Power BI and Fabric opens every report, model and workspace that somebody shared with them.
#   Where that is switched off, or limited to groups of guests, content that was shared by mistake stays closed.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/fabric/admin/service-admin-portal-export-sharing
#     description: Export and sharing tenant settings
#   - ref: https://learn.microsoft.com/en-us/rest/api/fabric/admin/tenants/list-tenant-settings
#     description: How the settings are read
# custom:
#   id: PBI-001
#   severity: medium
#   severity_reason: Any guest opens reports and data that a colleague shared too widely; it takes that colleague's mistake.
#   requires: [powerBI.tenantSettings]
#   uses: [groups]
#   settings: [power_bi.everyone_groups]
#   rationale: |
#     Reports show whole data models behind one link. A group of the guests who have work to do there is a list that
#     somebody keeps. The setting is on for everybody unless an administrator changed it. A group whose rule takes
#     in every guest limits nothing. Who else is in the groups is not judged here; other groups that hold everybody
#     belong into power_bi.everyone_groups.
#   remediation:
#     portal: 'Microsoft Fabric admin portal > Tenant settings > Export and sharing settings > Guest users can access Microsoft Fabric, turn it off or choose "Specific security groups".'
#     graph: Microsoft Graph does not offer this setting.
#     powershell: 'az rest --method post --resource https://api.fabric.microsoft.com --url "https://api.fabric.microsoft.com/v1/admin/tenantsettings/AllowGuestUserToAccessSharedContent/update" --body "{\"enabled\":false}"'
#   controls:
#     cis_m365_7.0: ["9.1.1"]
#     scuba: [MS.POWERBI.2.1]
#     nist_800_53: [CM-7, AC-6]
#   since: 0.1.0
package rules.power_bi.guest_access

import data.lib.power_bi
import data.settings.power_bi as settings

_question := {
	"name": "AllowGuestUserToAccessSharedContent",
	"what": "every guest may use Power BI and Fabric",
	"whom": "guests",
	"allowed": {"groups"},
	"everyone_groups": settings.everyone_groups,
}

findings contains power_bi.findings(input, _question)[_]

unknowns contains power_bi.unknowns(input, _question)[_]
