# METADATA
# title: A new link works for few people unless its maker widens it
# description: |
#   Most people take the kind of link that the dialog offers first. When that is a link for anyone, files leave the
#   organisation by default rather than by decision. This rule reads the tenant's default for SharePoint and for
#   OneDrive; a site can have one of its own.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/sharepoint/turn-external-sharing-on-or-off
#     description: Manage sharing settings for SharePoint and OneDrive, file and folder links
#   - ref: https://learn.microsoft.com/en-us/powershell/module/sharepoint-online/set-spotenant
#     description: Set-SPOTenant, DefaultSharingLinkType and CoreDefaultShareLinkScope
# custom:
#   id: SPO-005
#   severity: medium
#   severity_reason: A link reaches more people than its maker thought of; it takes a person who does not look.
#   requires:
#     - sharePoint.tenant.DefaultSharingLinkType
#     - sharePoint.tenant.CoreDefaultShareLinkScope
#     - sharePoint.tenant.OneDriveDefaultShareLinkScope
#   settings: [sharepoint.default_link_types]
#   rationale: |
#     A default is what happens when nobody thinks. Links for named people and for the own organisation pass, as in
#     CIS; ScubaGear accepts links for named people alone. The newer properties of SharePoint and OneDrive replace
#     DefaultSharingLinkType, which ScubaGear reads alone. Like there, the default is judged whatever the sharing level
#     is: links between colleagues are made too, and a default of Anyone comes into force when somebody raises the
#     level. The value None stands for the widest link that the level allows.
#   remediation:
#     portal: SharePoint admin center > Policies > Sharing > File and folder links, choose "Specific people (only the people the user specifies)".
#     graph: Microsoft Graph does not offer this setting.
#     powershell: Set-SPOTenant -DefaultSharingLinkType Direct; where the newer properties are set, Set-SPOTenant -CoreDefaultShareLinkScope SpecificPeople -OneDriveDefaultShareLinkScope SpecificPeople
#   controls:
#     guide: [G11]
#     cis_m365_7.0: ["7.2.7"]
#     cis_m365_6.0.1: ["7.2.7"]
#     scuba: [MS.SHAREPOINT.2.1]
#     nist_800_53: [AC-6]
#   since: 0.1.0
package rules.sharepoint.default_link_type

import data.lib.finding
import data.lib.sharepoint

# SharingScope as https://github.com/pnp/pnpcore (PnP.Core.Admin) has it; -1 is Uninitialized.
_scopes := {0: "anonymousAccess", 1: "internal", 2: "direct"}

# SharingLinkType as https://github.com/pnp/cli-microsoft365 has it.
_types := {
	"DefaultSharingLinkType": {0: "none", 1: "direct", 2: "internal", 3: "anonymousAccess"},
	"CoreDefaultShareLinkScope": _scopes,
	"OneDriveDefaultShareLinkScope": _scopes,
}

_audience := {
	"direct": "the people it names",
	"internal": "the whole organisation",
	"anonymousAccess": "anyone who holds it",
	"none": "as many as the sharing level allows",
}

_defaults := sharepoint.default_link(input.sharePoint.tenant, "Scope", -1, "DefaultSharingLinkType")

findings contains finding.at(
	place.path,
	$"by default a new link works for {_audience[type]} ({place.property} is {place.value})",
) if {
	some place in _defaults
	type := _types[place.property][place.value]
	not type in data.settings.sharepoint.default_link_types
}

unknowns contains finding.at(place.path, $"{place.property} is {place.value}, which this version does not know") if {
	some place in _defaults
	not _types[place.property][place.value]
}
