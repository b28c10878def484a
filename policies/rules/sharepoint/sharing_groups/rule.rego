# METADATA
# title: Only members of chosen groups may share with outsiders
# description: |
#   SharePoint and OneDrive can keep sharing with outsiders to the members of named security groups. Without such a
#   group every employee decides alone which outsider sees what.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/sharepoint/manage-security-groups
#     description: Manage security groups for external sharing
#   - ref: https://learn.microsoft.com/en-us/powershell/module/sharepoint-online/set-spotenant
#     description: Set-SPOTenant, WhoCanShareAuthenticatedGuestAllowList
# custom:
#   id: SPO-004
#   severity: medium
#   severity_reason: Everybody in the organisation can send content out; it takes one person who does so carelessly.
#   requires:
#     - "sharePoint.tenant.SharingCapability | sharePoint.settings.sharingCapability"
#     - "sharePoint.tenant.GuestSharingGroupAllowListInTenantByPrincipalIdentity? | sharePoint.tenant.GuestSharingGroupAllowListInTenantByGroupId?"
#     - "sharePoint.tenant.WhoCanShareAllowListInTenantByPrincipalIdentity? | sharePoint.tenant.WhoCanShareAllowListInTenantByGroupId?"
#   rationale: |
#     Whoever shares with outsiders should have been told how, and asked for it. A group is the list of these people.
#     The service answers null or an empty list when there is none: Monkey365 looks for an empty text and passes null.
#     Where only the groups that may make Anyone links are named, Microsoft's page does not say whether all others
#     may still share with guests, so the result is unknown.
#   remediation:
#     portal: SharePoint admin center > Policies > Sharing > More external sharing settings > Allow only users in specific security groups to share externally > Manage security groups.
#     graph: Microsoft Graph does not offer this setting.
#     powershell: Set-SPOTenant -WhoCanShareAuthenticatedGuestAllowList <object id of the security group>
#   controls:
#     guide: [G11]
#     cis_m365_7.0: ["7.2.8"]
#     scuba: [MS.SHAREPOINT.1.3]
#   since: 0.1.0
package rules.sharepoint.sharing_groups

import data.lib.finding
import data.lib.sharepoint

_guests := _lists("GuestSharingGroupAllowListInTenant")

_anyone := _lists("WhoCanShareAllowListInTenant")

# The service lists the groups twice, by claim and by object id.
_lists(name) := [{"path": ["sharePoint", "tenant", property], "groups": groups} |
	some property in [$"{name}ByPrincipalIdentity", $"{name}ByGroupId"]
	groups := input.sharePoint.tenant[property]
]

_names_a_group(lists) if {
	some list in lists
	some group in list.groups
	trim_space(group) != ""
}

findings contains finding.at(_guests[0].path, "everybody may share with outsiders: no group is named for it") if {
	not sharepoint.off
	not _names_a_group(_guests)
	not _names_a_group(_anyone)
}

unknowns contains finding.at(_anyone[0].path, "groups are named for Anyone links, not for sharing with guests") if {
	not sharepoint.off
	not _names_a_group(_guests)
	_names_a_group(_anyone)
}

not_applicable contains "external sharing is off" if sharepoint.off
