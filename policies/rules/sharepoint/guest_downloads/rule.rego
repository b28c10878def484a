# METADATA
# title: Guests view files without downloading them
# description: |
#   The tenant can keep guests from downloading, so that what they see stays where you can close it. This is a strict
#   setting for organisations that share to be read, not to work on together.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/previous-versions/office/sharepoint-csom/mt779587(v=office.15)
#     description: BlockDownloadOfAllFilesForGuests
#   - ref: https://learn.microsoft.com/en-us/previous-versions/office/sharepoint-csom/mt779516(v=office.15)
#     description: BlockDownloadOfViewableFilesForGuests
# custom:
#   id: SPO-017
#   severity: low
#   severity_reason: A guest who may view files takes copies away; they could as well write down what they see.
#   requires:
#     - "sharePoint.tenant.SharingCapability | sharePoint.settings.sharingCapability"
#     - sharePoint.tenant.BlockDownloadOfAllFilesForGuests
#     - sharePoint.tenant.BlockDownloadOfViewableFilesForGuests
#   rationale: |
#     Access can be taken back, a copy cannot. The weaker of the two switches stops only the download of files that the
#     browser can show, so it does not pass. Where guests work on the files of a project the finding is one to waive.
#   remediation:
#     portal: The SharePoint admin center does not offer this setting for the tenant; the block download policy of a site comes near it.
#     graph: Microsoft Graph does not offer this setting.
#     powershell: '$t = [Microsoft.Online.SharePoint.TenantAdministration.Tenant]::new((Get-PnPContext)); $t.BlockDownloadOfAllFilesForGuests = $true; $t.Update(); Invoke-PnPQuery'
#   controls:
#     guide: [G11]
#   since: 0.1.0
package rules.sharepoint.guest_downloads

import data.lib.finding
import data.lib.sharepoint

_which := {true: "files that the browser cannot show", false: "every file that they can open"}

findings contains finding.at(
	["sharePoint", "tenant", "BlockDownloadOfAllFilesForGuests"],
	$"guests may download {which} (BlockDownloadOfAllFilesForGuests is false)",
) if {
	not sharepoint.off
	input.sharePoint.tenant.BlockDownloadOfAllFilesForGuests == false
	which := _which[input.sharePoint.tenant.BlockDownloadOfViewableFilesForGuests]
}

not_applicable contains "external sharing is off" if sharepoint.off
