# METADATA
# title: Sharing with outsiders stops at the chosen level
# description: |
#   One switch says with whom SharePoint content may be shared at most: nobody outside, guests who are in the directory
#   already, new guests too, or anyone who holds a link. Every site, and OneDrive, can be stricter than this level but
#   never more open; SPO-014 looks at each of them.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/sharepoint/turn-external-sharing-on-or-off
#     description: Manage sharing settings for SharePoint and OneDrive
#   - ref: https://learn.microsoft.com/en-us/graph/api/resources/sharepointsettings
#     description: sharepointSettings in Microsoft Graph
# custom:
#   id: SPO-001
#   severity: high
#   severity_reason: Anybody who gets hold of a link opens the file, or anybody at all is invited, by an ordinary share.
#   requires: ["sharePoint.tenant.SharingCapability | sharePoint.settings.sharingCapability"]
#   settings: [sharepoint.sharing_level]
#   rationale: |
#     The service starts with links that work for anyone, which nobody signs in to and nobody can be asked about later.
#     The default here is the stricter of two benchmarks: ScubaGear stops at guests who are in the directory already,
#     CIS at new guests. The numbers of the levels are not in the order of openness (0, 3, 1, 2), so a check that
#     compares them as numbers is wrong.
#   remediation:
#     portal: SharePoint admin center > Policies > Sharing > External sharing, move the SharePoint slider down to "Existing guests".
#     graph: 'PATCH https://graph.microsoft.com/v1.0/admin/sharepoint/settings {"sharingCapability": "existingExternalUserSharingOnly"}'
#     powershell: Set-SPOTenant -SharingCapability ExistingExternalUserSharingOnly
#   controls:
#     guide: [G11]
#     cis_m365_7.0: ["7.2.3"]
#     cis_m365_6.0.1: ["7.2.3"]
#     scuba: [MS.SHAREPOINT.1.1]
#     nist_800_53: [AC-2, AC-3, IA-8]
#     iso_27001_2022: [A.5.10, A.5.14, A.5.18, A.5.34, A.6.7, A.8.3, A.8.23]
#     cmmc_2.0: [AC.L1-b.1.iii, AC.L1-b.1.iv, SC.L1-b.1.x, AC.L2-3.1.20, AC.L2-3.1.22, SC.L2-3.13.1]
#     cis_controls_8.1: ["3.3"]
#   since: 0.1.0
package rules.sharepoint.sharing_level

import data.lib.finding
import data.lib.sharepoint

_level := sharepoint.tenant.level

_says := $"{sharepoint.tenant.path[2]} is {sharepoint.tenant.value}"

findings contains finding.at(
	sharepoint.tenant.path,
	$"content may be shared with {sharepoint.audience[_level]} ({_says})",
) if {
	_level in sharepoint.scale
	not sharepoint.within(_level, data.settings.sharepoint.sharing_level)
}

unknowns contains finding.at(sharepoint.tenant.path, $"{_says}, which this version does not know") if {
	_level == "unknown"
}
