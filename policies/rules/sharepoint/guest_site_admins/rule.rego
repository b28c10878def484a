# METADATA
# title: Guests cannot be made administrators of a site
# description: |
#   The administrator of a site reads everything in it and decides who else may. The tenant can forbid that a guest is
#   given this part, in SharePoint and in OneDrive, or leave it to the owners of the sites.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/powershell/module/sharepoint-online/set-spotenant
#     description: Set-SPOTenant, CoreBlockGuestsAsSiteAdmin and OneDriveBlockGuestsAsSiteAdmin
#   - ref: https://learn.microsoft.com/en-us/dotnet/api/microsoft.sharepoint.client.sharingstate?view=sharepoint-csom
#     description: SharingState
# custom:
#   id: SPO-016
#   severity: medium
#   severity_reason: A guest who administers a site shares it with anybody; it takes somebody who makes them so.
#   requires:
#     - "sharePoint.tenant.SharingCapability | sharePoint.settings.sharingCapability"
#     - sharePoint.tenant.ODBSharingCapability
#     - sharePoint.tenant.CoreBlockGuestsAsSiteAdmin
#     - sharePoint.tenant.OneDriveBlockGuestsAsSiteAdmin
#   rationale: |
#     Who may give access must answer to your organisation, and a guest answers to another. Unspecified, as the
#     setting reads where nobody chose, means that the administrator forces nothing and each site is as its owner wants
#     it, so only On passes.
#   remediation:
#     portal: The SharePoint admin center does not offer this setting.
#     graph: Microsoft Graph does not offer this setting.
#     powershell: Set-SPOTenant -CoreBlockGuestsAsSiteAdmin On -OneDriveBlockGuestsAsSiteAdmin On
#   controls:
#     guide: [G11]
#   since: 0.1.0
package rules.sharepoint.guest_site_admins

import data.lib.finding
import data.lib.sharepoint

_levels := {
	"CoreBlockGuestsAsSiteAdmin": sharepoint.tenant.level,
	"OneDriveBlockGuestsAsSiteAdmin": sharepoint.onedrive.level,
}

# https://pnp.github.io/pnpcore/api/PnP.Core.Model.SharePoint.SharingState.html
_states := {0: "is left to the site's owner", 1: "is forbidden", 2: "is allowed"}

_switches contains {"path": ["sharePoint", "tenant", property], "value": value, "says": $"{property} is {value}"} if {
	some property, level in _levels
	level != "disabled"
	value := input.sharePoint.tenant[property]
}

findings contains finding.at(switch.path, $"making a guest administrator of a site {state} ({switch.says})") if {
	some switch in _switches
	state := _states[switch.value]
	switch.value != 1
}

unknowns contains finding.at(switch.path, $"{switch.says}, which this version does not know") if {
	some switch in _switches
	not _states[switch.value]
}

not_applicable contains "external sharing is off" if sharepoint.off
