# METADATA
# title: A guest's access to a site ends unless it is renewed
# description: |
#   SharePoint can end the access of guests to a site after a number of days, unless the site's owner extends it. This
#   rule reads the tenant's policy: a site can override it, which SPO-014 reads, and it only reaches guests who were given
#   access after it was turned on.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/powershell/module/sharepoint-online/set-spotenant
#     description: Set-SPOTenant, ExternalUserExpirationRequired and ExternalUserExpireInDays
#   - ref: https://support.microsoft.com/en-us/office/manage-guest-expiration-for-a-site-25bee24f-42ad-4ee8-8402-4186eed74dea
#     description: Manage guest expiration for a site
# custom:
#   id: SPO-010
#   severity: high
#   severity_reason: A guest whose work ended keeps the site's content, and nobody is ever asked.
#   requires:
#     - "sharePoint.tenant.SharingCapability | sharePoint.settings.sharingCapability"
#     - sharePoint.tenant.ExternalUserExpirationRequired
#     - sharePoint.tenant.ExternalUserExpireInDays
#   settings: [sharepoint.guest_expiration_max_days]
#   rationale: |
#     Nobody remembers to take access back, so it should end by itself and be asked for again. Fewer days are stricter
#     and pass: Monkey365 compares the other way round and lets 730 days through. The access of guests who come through
#     a Microsoft 365 group does not end this way; access reviews are for them.
#   remediation:
#     portal: SharePoint admin center > Policies > Sharing > More external sharing settings, select "Guest access to a site or OneDrive will expire automatically after this many days" and enter 30.
#     graph: Microsoft Graph does not offer this setting.
#     powershell: Set-SPOTenant -ExternalUserExpirationRequired $true -ExternalUserExpireInDays 30
#   controls:
#     guide: [G11, G27, G29]
#     cis_m365_7.0: ["7.2.9"]
#     cis_m365_6.0.1: ["7.2.9"]
#   since: 0.1.0
package rules.sharepoint.guest_site_expiration

import data.lib.finding
import data.lib.sharepoint

_tenant := input.sharePoint.tenant if not sharepoint.off

_max := data.settings.sharepoint.guest_expiration_max_days

_late if _tenant.ExternalUserExpireInDays < 1

_late if _tenant.ExternalUserExpireInDays > _max

findings contains finding.at(
	["sharePoint", "tenant", "ExternalUserExpirationRequired"],
	"the access of guests to a site never ends by itself (ExternalUserExpirationRequired is false)",
) if {
	_tenant.ExternalUserExpirationRequired == false
}

findings contains finding.at(
	["sharePoint", "tenant", "ExternalUserExpireInDays"],
	$"the access of guests to a site does not end within {_max} days (ExternalUserExpireInDays is {days})",
) if {
	_tenant.ExternalUserExpirationRequired
	_late
	days := _tenant.ExternalUserExpireInDays
}

not_applicable contains "external sharing is off" if sharepoint.off
