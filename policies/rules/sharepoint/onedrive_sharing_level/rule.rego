# METADATA
# title: Sharing from OneDrive stops at the chosen level
# description: |
#   OneDrive has a sharing level of its own, at most as open as that of SharePoint. It decides with whom people may
#   share the files of their personal storage, which no team and no site owner looks after.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/sharepoint/turn-external-sharing-on-or-off
#     description: Manage sharing settings for SharePoint and OneDrive
#   - ref: https://learn.microsoft.com/en-us/powershell/module/sharepoint-online/set-spotenant
#     description: Set-SPOTenant
# custom:
#   id: SPO-002
#   severity: high
#   severity_reason: Anybody who gets hold of a link to somebody's OneDrive opens it, by an ordinary share.
#   requires: [sharePoint.tenant.ODBSharingCapability]
#   settings: [sharepoint.onedrive_sharing_level]
#   rationale: |
#     What one person shares out of a personal folder is known to that person alone, and leaves with the account.
#     Content for outsiders belongs in a site that somebody owns. The default is ScubaGear's limit; CIS wants OneDrive
#     closed to outsiders altogether, which the setting sharepoint.onedrive_sharing_level says as `disabled`.
#   remediation:
#     portal: SharePoint admin center > Policies > Sharing > External sharing, move the OneDrive slider down to "Existing guests" or further.
#     graph: Microsoft Graph does not offer this setting.
#     powershell: Set-SPOTenant -OneDriveSharingCapability ExistingExternalUserSharingOnly
#   controls:
#     guide: [G11]
#     cis_m365_7.0: ["7.2.4"]
#     scuba: [MS.SHAREPOINT.1.2]
#     nist_800_53: [AC-2, AC-3, IA-8]
#   since: 0.1.0
package rules.sharepoint.onedrive_sharing_level

import data.lib.finding
import data.lib.sharepoint

_level := sharepoint.onedrive.level

_says := $"ODBSharingCapability is {sharepoint.onedrive.value}"

findings contains finding.at(
	sharepoint.onedrive.path,
	$"OneDrive files may be shared with {sharepoint.audience[_level]} ({_says})",
) if {
	_level in sharepoint.scale
	not sharepoint.within(_level, data.settings.sharepoint.onedrive_sharing_level)
}

unknowns contains finding.at(sharepoint.onedrive.path, $"{_says}, which this version does not know") if {
	_level == "unknown"
}
