# METADATA
# title: Links that work for anyone only let people view
# description: |
#   Whoever holds an Anyone link that allows editing can change or replace your file without signing in. This rule
#   reads what such links may allow at most for files and for folders.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/sharepoint/turn-external-sharing-on-or-off
#     description: Manage sharing settings for SharePoint and OneDrive, Anyone links
#   - ref: https://learn.microsoft.com/en-us/powershell/module/sharepoint-online/set-spotenant
#     description: Set-SPOTenant, FileAnonymousLinkType and FolderAnonymousLinkType
# custom:
#   id: SPO-008
#   severity: high
#   severity_reason: Anybody who gets hold of a link changes or deletes files, without signing in and without a name.
#   requires:
#     - "sharePoint.tenant.SharingCapability | sharePoint.settings.sharingCapability"
#     - sharePoint.tenant.ODBSharingCapability
#     - sharePoint.tenant.FileAnonymousLinkType
#     - sharePoint.tenant.FolderAnonymousLinkType
#   rationale: |
#     A change that nobody signed in for has no author: neither the owner nor an investigator can learn who put what
#     there. Who shall write can be invited by name. The rule counts where Anyone links can be made in SharePoint or in
#     OneDrive; ScubaGear looks at SharePoint alone.
#   remediation:
#     portal: SharePoint admin center > Policies > Sharing > Choose expiration and permissions options for Anyone links, choose "View" for files and for folders.
#     graph: Microsoft Graph does not offer this setting.
#     powershell: Set-SPOTenant -FileAnonymousLinkType View -FolderAnonymousLinkType View
#   controls:
#     guide: [G11]
#     scuba: [MS.SHAREPOINT.3.2]
#     nist_800_53: [AC-6]
#   since: 0.1.0
package rules.sharepoint.anyone_link_permission

import data.lib.finding
import data.lib.sharepoint

_grants := {"FileAnonymousLinkType": "change files", "FolderAnonymousLinkType": "change and add files in folders"}

# AnonymousLinkType as https://github.com/pnp/cli-microsoft365 has it, without 0, of which Microsoft says nothing.
_types := {1: "view", 2: "edit"}

_links contains {"path": ["sharePoint", "tenant", property], "type": _types[value], "message": message} if {
	some property, grant in _grants
	value := input.sharePoint.tenant[property]
	message := $"links that work for anyone may let people {grant} ({property} is {value})"
}

findings contains finding.at(link.path, link.message) if {
	sharepoint.anyone == "yes"
	some link in _links
	link.type == "edit"
}

unknowns contains finding.at(link.path, $"whether links can work for anyone is unknown; {link.message}") if {
	sharepoint.anyone == "unknown"
	some link in _links
	link.type == "edit"
}

unknowns contains finding.at(path, $"{property} is {value}, which this version does not know") if {
	sharepoint.anyone != "no"
	some property, _ in _grants
	path := ["sharePoint", "tenant", property]
	value := input.sharePoint.tenant[property]
	not _types[value]
}

not_applicable contains "no link can work for anyone" if sharepoint.anyone == "no"
