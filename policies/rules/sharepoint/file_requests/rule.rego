# METADATA
# title: Outsiders are not asked to upload files without signing in
# description: |
#   A file request is a link by which anyone who holds it can put files into a folder of yours, without an account and
#   without seeing what is there. This rule reads whether SharePoint and OneDrive offer it and, where you allow it, how
#   long such links live.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/sharepoint/enable-file-requests
#     description: Enable file requests in SharePoint or OneDrive
#   - ref: https://learn.microsoft.com/en-us/powershell/module/sharepoint-online/set-spotenant
#     description: Set-SPOTenant, CoreRequestFilesLinkEnabled and OneDriveRequestFilesLinkEnabled
# custom:
#   id: SPO-018
#   severity: medium
#   severity_reason: Anybody with the link puts files, malicious ones too, into a folder; somebody has to open them.
#   requires:
#     - "sharePoint.tenant.SharingCapability | sharePoint.settings.sharingCapability"
#     - sharePoint.tenant.ODBSharingCapability
#     - sharePoint.tenant.FolderAnonymousLinkType
#     - sharePoint.tenant.CoreRequestFilesLinkEnabled
#     - sharePoint.tenant.CoreRequestFilesLinkExpirationInDays
#     - sharePoint.tenant.OneDriveRequestFilesLinkEnabled
#     - sharePoint.tenant.OneDriveRequestFilesLinkExpirationInDays
#   settings: [sharepoint.file_requests_allowed, sharepoint.file_request_max_days]
#   rationale: |
#     Whoever finds the link can leave malware or forged papers in a folder that colleagues trust, and nobody knows who
#     it was. File requests exist only where links for anyone may add to folders, so without these the rule does not
#     apply. 0 days means that the link never expires.
#   remediation:
#     portal: The SharePoint admin center does not offer this setting by itself; turning off Anyone links, or editing through them, turns file requests off.
#     graph: Microsoft Graph does not offer this setting.
#     powershell: Set-SPOTenant -CoreRequestFilesLinkEnabled $false -OneDriveRequestFilesLinkEnabled $false
#   controls:
#     guide: [G11]
#   since: 0.1.0
package rules.sharepoint.file_requests

import data.lib.finding
import data.lib.sharepoint

_tenant := input.sharePoint.tenant

_levels := {"Core": sharepoint.tenant.level, "OneDrive": sharepoint.onedrive.level}

# The services that offer file requests. https://learn.microsoft.com/en-us/sharepoint/enable-file-requests
_offered contains service if {
	some service, level in _levels
	_tenant[$"{service}RequestFilesLinkEnabled"]
	not sharepoint.below_anyone(level)
	not _view_only
}

_view_only if _tenant.FolderAnonymousLinkType == 1

_names := {"Core": "SharePoint", "OneDrive": "OneDrive"}

_max := data.settings.sharepoint.file_request_max_days

_late(days) if days < 1

_late(days) if days > _max

findings contains finding.at(
	["sharePoint", "tenant", property],
	$"anyone may be asked to upload files to {_names[service]} ({property} is true)",
) if {
	not data.settings.sharepoint.file_requests_allowed
	some service in _offered
	property := $"{service}RequestFilesLinkEnabled"
}

findings contains finding.at(
	["sharePoint", "tenant", property],
	$"links of file requests in {_names[service]} do not expire within {_max} days ({property} is {days})",
) if {
	data.settings.sharepoint.file_requests_allowed
	some service in _offered
	property := $"{service}RequestFilesLinkExpirationInDays"
	days := _tenant[property]
	_late(days)
}

not_applicable contains "no link can work for anyone" if sharepoint.anyone == "no"

not_applicable contains "links that work for anyone may not add to folders (FolderAnonymousLinkType is 1)" if _view_only
