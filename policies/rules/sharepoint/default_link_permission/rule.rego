# METADATA
# title: A new link lets people view unless its maker allows more
# description: |
#   A link that allows editing lets outsiders change and delete, where most only need to read. This rule reads the
#   permission that the dialog offers first for SharePoint and for OneDrive; a site can have a default of its own.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/sharepoint/turn-external-sharing-on-or-off
#     description: Manage sharing settings for SharePoint and OneDrive, file and folder links
#   - ref: https://learn.microsoft.com/en-us/powershell/module/sharepoint-online/set-spotenant
#     description: Set-SPOTenant, DefaultLinkPermission and CoreDefaultShareLinkRole
# custom:
#   id: SPO-006
#   severity: medium
#   severity_reason: An outsider changes what they should only read; it takes a person who does not look when sharing.
#   requires:
#     - sharePoint.tenant.DefaultLinkPermission
#     - sharePoint.tenant.CoreDefaultShareLinkRole
#     - sharePoint.tenant.OneDriveDefaultShareLinkRole
#   rationale: |
#     Somebody who needs more can be given more; what was given too much is seldom taken back. The newer properties of
#     SharePoint and OneDrive replace DefaultLinkPermission once they are set. A tenant where nobody ever chose has
#     DefaultLinkPermission at None, and Microsoft gives Edit as the default, so None fails. Viewing without download
#     is stricter and passes. As in ScubaGear the default is judged whatever the sharing level is.
#   remediation:
#     portal: SharePoint admin center > Policies > Sharing > File and folder links, choose the permission "View".
#     graph: Microsoft Graph does not offer this setting.
#     powershell: Set-SPOTenant -DefaultLinkPermission View; where the newer properties are set, Set-SPOTenant -CoreDefaultShareLinkRole View -OneDriveDefaultShareLinkRole View
#   controls:
#     guide: [G11]
#     cis_m365_7.0: ["7.2.11"]
#     cis_m365_6.0.1: ["7.2.11"]
#     scuba: [MS.SHAREPOINT.2.2]
#     nist_800_53: [AC-6]
#   since: 0.1.0
package rules.sharepoint.default_link_permission

import data.lib.finding
import data.lib.sharepoint

# The roles that a default can have, of those in https://github.com/karamem0/sp-client-core; 0 is not set.
_roles := {1: "view", 2: "edit", 6: "comment", 7: "view"}

# SharingPermissionType as https://github.com/pnp/cli-microsoft365 has it; 0 is None, for which Edit is the default.
_permissions := {
	"DefaultLinkPermission": {0: "edit", 1: "view", 2: "edit"},
	"CoreDefaultShareLinkRole": _roles,
	"OneDriveDefaultShareLinkRole": _roles,
}

_defaults := sharepoint.default_link(input.sharePoint.tenant, "Role", 0, "DefaultLinkPermission")

findings contains finding.at(
	place.path,
	$"by default a new link lets people {permission} ({place.property} is {place.value})",
) if {
	some place in _defaults
	permission := _permissions[place.property][place.value]
	permission != "view"
}

unknowns contains finding.at(place.path, $"{place.property} is {place.value}, which this version does not know") if {
	some place in _defaults
	not _permissions[place.property][place.value]
}
