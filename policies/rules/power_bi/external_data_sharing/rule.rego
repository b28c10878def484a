# METADATA
# title: Only chosen people share data sets outside
# description: |
#   External data sharing lets people of other tenants use a data model from there, or files and tables of OneLake,
#   beside their own data. Switched off, or limited to groups, data does not leave by these ways unnoticed.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/fabric/admin/service-admin-portal-export-sharing
#     description: Export and sharing tenant settings
#   - ref: https://learn.microsoft.com/en-us/fabric/governance/external-data-sharing-overview
#     description: External data sharing of OneLake
#   - ref: https://learn.microsoft.com/en-us/rest/api/fabric/admin/tenants/list-tenant-settings
#     description: How the settings are read
# custom:
#   id: PBI-005
#   severity: medium
#   severity_reason: An outsider to whom data was shared uses it in a tenant of their own, where you see nothing; a colleague must share it.
#   requires: [powerBI.tenantSettings]
#   uses: [groups]
#   settings: [power_bi.everyone_groups]
#   rationale: |
#     Data that is used in another tenant is outside of your labels, your monitoring and your access reviews. There are
#     two switches: one for data models, of which the CIS benchmark speaks, and one for OneLake. Whether colleagues may
#     take in what other tenants share is noted; nobody gets at your data that way. A group whose rule takes in every
#     colleague limits nothing; other groups that hold everybody belong into power_bi.everyone_groups.
#   remediation:
#     portal: 'Microsoft Fabric admin portal > Tenant settings > Export and sharing settings > Allow specific users to turn on external data sharing, and External data sharing, turn them off or choose "Specific security groups".'
#     graph: Microsoft Graph does not offer this setting.
#     powershell: 'az rest --method post --resource https://api.fabric.microsoft.com --url "https://api.fabric.microsoft.com/v1/admin/tenantsettings/EnableDatasetInPlaceSharing/update" --body "{\"enabled\":false}", and the same for AllowExternalDataSharingSwitch'
#   controls:
#     cis_m365_7.0: ["9.1.8"]
#   since: 0.1.0
package rules.power_bi.external_data_sharing

import data.lib.finding
import data.lib.power_bi
import data.settings.power_bi as settings

_for(name, what) := {
	"name": name,
	"what": what,
	"whom": "members",
	"allowed": {"groups"},
	"everyone_groups": settings.everyone_groups,
}

# The names of OneLake's switches, and the titles that they have in the portal:
# https://microsoft365dsc.com/resources/fabric/FabricAdminTenantSettings/
_questions := [
	_for("EnableDatasetInPlaceSharing", "everybody may let other tenants use data models"),
	_for("AllowExternalDataSharingSwitch", "everybody may share files and tables of OneLake with other tenants"),
]

_acceptance := "AllowExternalDataSharingReceiverSwitch"

findings contains power_bi.findings(input, _questions[_])[_]

unknowns contains power_bi.unknowns(input, _questions[_])[_]

notes contains finding.at(["powerBI", "tenantSettings", i, "enabled"], message) if {
	some i, setting in input.powerBI.tenantSettings
	setting.settingName == _acceptance
	setting.enabled == true
	message := $"colleagues may accept data that other tenants share ({_acceptance} is on)"
}
