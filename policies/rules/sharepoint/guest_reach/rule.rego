# METADATA
# title: Guests share within the site and have no OneDrive of their own
# description: |
#   Two switches let a guest go beyond the site that she was invited to. With one she can share with people of the
#   directory who are not in the site, with the other she can be given storage in your tenant.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/powershell/module/sharepoint-online/set-spotenant
#     description: Set-SPOTenant, AllowGuestUserShareToUsersNotInSiteCollection and OneDriveForGuestsEnabled
# custom:
#   id: SPO-019
#   severity: medium
#   severity_reason: A guest shares beyond the site they were let into, or stores files here; it takes rights to share there.
#   requires:
#     - sharePoint.tenant.AllowGuestUserShareToUsersNotInSiteCollection
#     - sharePoint.tenant.OneDriveForGuestsEnabled
#   rationale: |
#     A guest is invited to one place. Storage of her own is a place that no project owns and no review looks at, and
#     sharing with people who are not in the site brings strangers into it. The switches are judged even where sharing
#     is off: neither should wait for the day when it is opened.
#   remediation:
#     portal: The SharePoint admin center does not offer these settings.
#     graph: Microsoft Graph does not offer these settings.
#     powershell: Set-SPOTenant -AllowGuestUserShareToUsersNotInSiteCollection $false -OneDriveForGuestsEnabled $false
#   controls:
#     guide: [G11]
#   since: 0.1.0
package rules.sharepoint.guest_reach

import data.lib.finding

_grants := {
	"AllowGuestUserShareToUsersNotInSiteCollection": "share with people who are not in the site",
	"OneDriveForGuestsEnabled": "be given a OneDrive",
}

findings contains finding.at(["sharePoint", "tenant", property], $"guests may {grant} ({property} is true)") if {
	some property, grant in _grants
	input.sharePoint.tenant[property] == true
}
