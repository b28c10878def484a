# METADATA
# title: Guests cannot share what is not theirs
# description: |
#   A guest who may share the files, folders and sites of others decides who comes next, and nobody in your
#   organisation is asked. With the switch off guests share only what they own.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/sharepoint/turn-external-sharing-on-or-off
#     description: Manage sharing settings for SharePoint and OneDrive
#   - ref: https://learn.microsoft.com/en-us/graph/api/resources/sharepointsettings
#     description: sharepointSettings in Microsoft Graph
# custom:
#   id: SPO-011
#   severity: high
#   severity_reason: A guest shares your content with others of their choice, by an ordinary share, and its owner does not know.
#   requires:
#     - "sharePoint.tenant.SharingCapability | sharePoint.settings.sharingCapability"
#     - "sharePoint.tenant.PreventExternalUsersFromResharing | sharePoint.settings.isResharingByExternalUsersEnabled"
#   rationale: |
#     Your organisation chose this guest; it did not choose the guest's acquaintances. The administration API and
#     Microsoft Graph ask the question the opposite way round, so the good answer is true in one and false in the other.
#   remediation:
#     portal: SharePoint admin center > Policies > Sharing > More external sharing settings, clear "Allow guests to share items they don't own".
#     graph: 'PATCH https://graph.microsoft.com/v1.0/admin/sharepoint/settings {"isResharingByExternalUsersEnabled": false}'
#     powershell: Set-SPOTenant -PreventExternalUsersFromResharing $true
#   controls:
#     guide: [G11]
#     cis_m365_7.0: ["7.2.5"]
#     cis_m365_6.0.1: ["7.2.5"]
#     iso_27001_2022: [A.5.14, A.5.18]
#     cmmc_2.0: [AC.L1-b.1.iii, AC.L2-3.1.20]
#   since: 0.1.0
package rules.sharepoint.guest_resharing

import data.lib.finding
import data.lib.sharepoint

_good := {"PreventExternalUsersFromResharing": true, "isResharingByExternalUsersEnabled": false}

_paths := [
	["sharePoint", "tenant", "PreventExternalUsersFromResharing"],
	["sharePoint", "settings", "isResharingByExternalUsersEnabled"],
]

# The sources that say that guests may; the good answer of another does not make up for it.
_open := [path |
	some path in _paths
	value := object.get(input, path, null)
	value != null
	value != _good[path[2]]
]

findings contains finding.at(path, $"guests may share what is not theirs ({property} is {value})") if {
	not sharepoint.off
	path := _open[0]
	property := path[2]
	value := object.get(input, path, null)
}

not_applicable contains "external sharing is off" if sharepoint.off
