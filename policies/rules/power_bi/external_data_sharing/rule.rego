# METADATA
# title: Only chosen people share data sets outside
# description: |
#   External data sharing lets guests use a shared data model from their own tenant, beside their own data. Switched off,
#   or limited to groups, data does not leave by that way unnoticed.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/fabric/admin/service-admin-portal-export-sharing
#     description: Export and sharing tenant settings
#   - ref: https://learn.microsoft.com/en-us/rest/api/fabric/admin/tenants/list-tenant-settings
#     description: How the settings are read
# custom:
#   id: PBI-005
#   severity: medium
#   severity_reason: A guest with whom a model was shared uses its data in a tenant of their own, where you see nothing; a colleague must share it.
#   requires: [powerBI.tenantSettings]
#   uses: [groups]
#   settings: [power_bi.everyone_groups]
#   rationale: |
#     Data that is used in another tenant is outside of your labels, your monitoring and your access reviews. A group
#     whose rule takes in every colleague limits nothing; other groups that hold everybody belong into
#     power_bi.everyone_groups.
#   remediation:
#     portal: 'Microsoft Fabric admin portal > Tenant settings > Export and sharing settings > Allow specific users to turn on external data sharing, turn it off or choose "Specific security groups".'
#     graph: Microsoft Graph does not offer this setting.
#     powershell: 'az rest --method post --resource https://api.fabric.microsoft.com --url "https://api.fabric.microsoft.com/v1/admin/tenantsettings/EnableDatasetInPlaceSharing/update" --body "{\"enabled\":false}"'
#   controls:
#     cis_m365_7.0: ["9.1.8"]
#   since: 0.1.0
package rules.power_bi.external_data_sharing

import data.lib.power_bi
import data.settings.power_bi as settings

_question := {
	"name": "EnableDatasetInPlaceSharing",
	"what": "everybody may let other tenants use data models",
	"whom": "members",
	"allowed": {"groups"},
	"everyone_groups": settings.everyone_groups,
}

findings contains power_bi.findings(input, _question)[_]

unknowns contains power_bi.unknowns(input, _question)[_]
