# METADATA
# title: Nobody publishes reports to the web
# description: |
#   Publish to web puts a report on the internet, where anybody reads it and its data without signing in and search
#   engines find it. One colleague with one click is enough.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/fabric/admin/service-admin-portal-export-sharing
#     description: Export and sharing tenant settings
#   - ref: https://learn.microsoft.com/en-us/rest/api/fabric/admin/tenants/list-tenant-settings
#     description: How the settings are read
# custom:
#   id: PBI-004
#   severity: high
#   severity_reason: Anybody on the internet reads the report and the data behind it without signing in, once a colleague has published it.
#   requires: [powerBI.tenantSettings]
#   uses: [groups]
#   settings: [power_bi.everyone_groups, power_bi.publish_to_web_by_groups]
#   rationale: |
#     There is no guest, no sign-in and no log of who read. The CISA baseline wants it off; the CIS benchmark accepts a few
#     groups, which power_bi.publish_to_web_by_groups allows. That only existing codes may be used is not taken for off:
#     what was published stays readable.
#   remediation:
#     portal: 'Microsoft Fabric admin portal > Tenant settings > Export and sharing settings > Publish to web, turn it off; and delete what is under Embed codes.'
#     graph: Microsoft Graph does not offer this setting.
#     powershell: 'az rest --method post --resource https://api.fabric.microsoft.com --url "https://api.fabric.microsoft.com/v1/admin/tenantsettings/PublishToWeb/update" --body "{\"enabled\":false}"'
#   controls:
#     cis_m365_7.0: ["9.1.4"]
#     scuba: [MS.POWERBI.1.1]
#     nist_800_53: [CM-7, SC-7(10)(a)]
#   since: 0.1.0
package rules.power_bi.publish_to_web

import data.lib.power_bi
import data.settings.power_bi as settings

default _allowed := set()

_allowed := {"groups"} if settings.publish_to_web_by_groups == true

_question := {
	"name": "PublishToWeb",
	"what": "reports may be published on the internet for anybody",
	"whom": "members",
	"allowed": _allowed,
	"everyone_groups": settings.everyone_groups,
}

findings contains power_bi.findings(input, _question)[_]

unknowns contains power_bi.unknowns(input, _question)[_]
