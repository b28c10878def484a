# METADATA
# title: People who open files with a mailed code must prove it again
# description: |
#   Without the integration with Entra B2B, outsiders who have no account open shared files with a code sent to their
#   mail. This rule reads whether, and after how many days, they must ask for a new code.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/powershell/module/sharepoint-online/set-spotenant
#     description: Set-SPOTenant, EmailAttestationRequired and EmailAttestationReAuthDays
#   - ref: https://learn.microsoft.com/en-us/sharepoint/faqs-odspintegrationwithentrab2b
#     description: Retiring SPO OTP and transition to Microsoft Entra B2B
# custom:
#   id: SPO-009
#   severity: medium
#   severity_reason: Whoever gets into an outsider's old session reads on without proof; it takes that browser.
#   requires:
#     - "sharePoint.tenant.SharingCapability | sharePoint.settings.sharingCapability"
#     - sharePoint.tenant.EnableAzureADB2BIntegration
#     - sharePoint.tenant.EmailAttestationRequired
#     - sharePoint.tenant.EmailAttestationReAuthDays
#   settings: [sharepoint.reauthentication_max_days]
#   rationale: |
#     The code proves that somebody has a mailbox today, not next year, when she has left her employer. The default is
#     the 15 days of CIS; ScubaGear allows 30. Microsoft says that the setting affects only people who come with such
#     a code. With the integration on they are guests of the directory, whose sign-in Conditional Access governs, so
#     the rule does not apply there; ScubaGear judges the setting nevertheless.
#   remediation:
#     portal: SharePoint admin center > Policies > Sharing > More external sharing settings, select "People who use a verification code must reauthenticate after this many days" and enter 15 or less.
#     graph: Microsoft Graph does not offer this setting.
#     powershell: Set-SPOTenant -EmailAttestationRequired $true -EmailAttestationReAuthDays 15
#   controls:
#     guide: [G11]
#     cis_m365_7.0: ["7.2.10"]
#     scuba: [MS.SHAREPOINT.3.3]
#     nist_800_53: [IA-11]
#   since: 0.1.0
package rules.sharepoint.code_reauthentication

import data.lib.finding
import data.lib.sharepoint

_tenant := input.sharePoint.tenant if {
	not sharepoint.off
	not input.sharePoint.tenant.EnableAzureADB2BIntegration
}

_max := data.settings.sharepoint.reauthentication_max_days

_late if _tenant.EmailAttestationReAuthDays < 1

_late if _tenant.EmailAttestationReAuthDays > _max

findings contains finding.at(
	["sharePoint", "tenant", "EmailAttestationRequired"],
	"people who came with a mailed code never need another (EmailAttestationRequired is false)",
) if {
	_tenant.EmailAttestationRequired == false
}

findings contains finding.at(
	["sharePoint", "tenant", "EmailAttestationReAuthDays"],
	$"a mailed code is not asked for again within {_max} days (EmailAttestationReAuthDays is {days})",
) if {
	_tenant.EmailAttestationRequired
	_late
	days := _tenant.EmailAttestationReAuthDays
}

not_applicable contains "external sharing is off" if sharepoint.off

not_applicable contains "all who are invited become guests of the directory (EnableAzureADB2BIntegration is true)" if {
	input.sharePoint.tenant.EnableAzureADB2BIntegration
}
