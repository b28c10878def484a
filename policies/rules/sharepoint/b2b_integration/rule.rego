# METADATA
# title: People whom SharePoint invites become guests of the directory
# description: |
#   With the integration with Entra B2B everybody who is sent a file or a site becomes a guest account, which
#   Conditional Access, access reviews and the sign-in log see. Without it SharePoint lets people in by a mailed code
#   of its own, and the directory knows nothing of them.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/sharepoint/sharepoint-azureb2b-integration
#     description: SharePoint and OneDrive integration with Microsoft Entra B2B
#   - ref: https://learn.microsoft.com/en-us/sharepoint/faqs-odspintegrationwithentrab2b
#     description: Retiring SPO OTP and transition to Microsoft Entra B2B
# custom:
#   id: SPO-012
#   severity: medium
#   severity_reason: People with one-time codes stay outside the directory, where no policy and no review reaches them.
#   requires:
#     - "sharePoint.tenant.SharingCapability | sharePoint.settings.sharingCapability"
#     - sharePoint.tenant.EnableAzureADB2BIntegration
#   rationale: |
#     Rules for guests only work on guests. Microsoft began in May 2026 to move every tenant to the integration and
#     names this property as the place to look whether a tenant has it; from then on changing it has no effect, so a
#     false that stays is a question to Microsoft's support.
#   remediation:
#     portal: The SharePoint admin center does not offer this setting.
#     graph: Microsoft Graph does not offer this setting.
#     powershell: Set-SPOTenant -EnableAzureADB2BIntegration $true; Set-SPOTenant -SyncAadB2BManagementPolicy $true
#   controls:
#     guide: [G11]
#     cis_m365_7.0: ["7.2.2"]
#     cis_m365_6.0.1: ["7.2.2"]
#   since: 0.1.0
package rules.sharepoint.b2b_integration

import data.lib.finding
import data.lib.sharepoint

findings contains finding.at(
	["sharePoint", "tenant", "EnableAzureADB2BIntegration"],
	"SharePoint may let in people whom the directory does not know (EnableAzureADB2BIntegration is false)",
) if {
	not sharepoint.off
	input.sharePoint.tenant.EnableAzureADB2BIntegration == false
}

not_applicable contains "external sharing is off" if sharepoint.off
