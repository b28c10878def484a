# METADATA
# title: Links that work for anyone expire
# description: |
#   A link that works for anyone opens the file for everybody who ever receives it, for as long as it lives. This rule
#   reads the longest life that the tenant allows to new links; a site can have a limit of its own, which SPO-014 reads,
#   and links that are older than the limit keep theirs.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/sharepoint/turn-external-sharing-on-or-off
#     description: Manage sharing settings for SharePoint and OneDrive, Anyone links
#   - ref: https://learn.microsoft.com/en-us/powershell/module/sharepoint-online/set-spotenant
#     description: Set-SPOTenant, RequireAnonymousLinksExpireInDays
# custom:
#   id: SPO-007
#   severity: high
#   severity_reason: Anybody who ever gets hold of a link opens the file for ever, without signing in.
#   requires:
#     - "sharePoint.tenant.SharingCapability | sharePoint.settings.sharingCapability"
#     - sharePoint.tenant.ODBSharingCapability
#     - sharePoint.tenant.RequireAnonymousLinksExpireInDays
#   settings: [sharepoint.anyone_link_max_days]
#   rationale: |
#     Such links are forwarded, bookmarked and found in old mail, and nobody can say who used them. An end date is the
#     only thing that closes them by itself. 0 and -1 both mean that they never expire. The limit counts where Anyone
#     links can be made in SharePoint or in OneDrive; ScubaGear looks at SharePoint alone.
#   remediation:
#     portal: SharePoint admin center > Policies > Sharing > Choose expiration and permissions options for Anyone links, select "These links must expire within this many days" and enter 30 or less.
#     graph: Microsoft Graph does not offer this setting.
#     powershell: Set-SPOTenant -RequireAnonymousLinksExpireInDays 30
#   controls:
#     guide: [G11, G29]
#     scuba: [MS.SHAREPOINT.3.1]
#     nist_800_53: [AC-3, AC-21b]
#   since: 0.1.0
package rules.sharepoint.anyone_link_expiration

import data.lib.finding
import data.lib.sharepoint

_path := ["sharePoint", "tenant", "RequireAnonymousLinksExpireInDays"]

_days := input.sharePoint.tenant.RequireAnonymousLinksExpireInDays

_max := data.settings.sharepoint.anyone_link_max_days

_late if _days < 1

_late if _days > _max

_says := $"do not expire within {_max} days (RequireAnonymousLinksExpireInDays is {_days})"

findings contains finding.at(_path, $"links that work for anyone {_says}") if {
	sharepoint.anyone == "yes"
	_late
}

unknowns contains finding.at(_path, $"whether links can work for anyone is unknown, and they {_says}") if {
	sharepoint.anyone == "unknown"
	_late
}

not_applicable contains "no link can work for anyone" if sharepoint.anyone == "no"
