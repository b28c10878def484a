# METADATA
# title: Shared channels reach approved organisations only
# description: |
#   Through a shared channel people of another organisation read and write in one of your teams without an account here.
#   This rule lists the channels that reach an organisation to which the register of partners does not allow it.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/microsoftteams/shared-channels
#     description: Shared channels in Microsoft Teams
#   - ref: https://learn.microsoft.com/en-us/graph/api/channel-list-allmembers
#     description: List the members of a channel, those of teams that it is shared with included
#   - ref: https://learn.microsoft.com/en-us/graph/api/sharedwithchannelteaminfo-list
#     description: List the teams that a channel is shared with
# custom:
#   id: TMS-013
#   severity: high
#   severity_reason: People whom no list of guests shows read a team's channel from an organisation that nobody approved.
#   each: groups
#   requires: [groups, groups.channels, tenant.organization.id]
#   uses: [crossTenantAccess.domainTenants, crossTenantAccess.partnerNames]
#   settings: [partners]
#   rationale: |
#     What was shared once stays shared: closing the channels policy keeps owners from inviting more outsiders, and those
#     who are in stay. They are in no group, no access review of guests asks about them, and their organisation decides
#     who joins a team of its own that is in the channel. So the channel is the place to look at, and the register says
#     with whom it may be shared (allow: [direct_connect]). Channels that other organisations share with your people lie
#     in their tenants, and are not in the snapshot.
#   remediation:
#     portal: Teams > the team > the channel > Manage channel, remove the people and teams of the organisation; or enter it in the register.
#     graph: DELETE https://graph.microsoft.com/v1.0/teams/{team-id}/channels/{channel-id}/members/{membership-id}, and .../sharedWithTeams/{team-id}
#     powershell: Remove-MgTeamChannelMember -TeamId {team-id} -ChannelId {channel-id} -ConversationMemberId {membership-id}
#   controls:
#     guide: [G10]
#   since: 0.1.0
package rules.teams.shared_channels

import data.lib.cross_tenant
import data.lib.finding
import data.lib.partners
import data.lib.shared_channel

findings contains finding.keyed(["groups", i, "channels", j], tenant, message) if {
	some i, j
	channel := input.groups[i].channels[j]
	some tenant in shared_channel.tenants(channel)
	not partners.allows_tenant(tenant, "direct_connect")
	inside := shared_channel.count_of(channel, tenant)
	message := concat(" ", [
		$"the channel reaches {cross_tenant.label_of(tenant)}, to which the register does not allow it",
		$"(people: {inside.people}, teams: {inside.teams})",
	])
}

unknowns contains finding.at(["groups", i, "channels", j], message) if {
	some i, j
	channel := input.groups[i].channels[j]
	not shared_channel.is_readable(channel)
	message := "the snapshot does not tell of everybody in this channel where they come from"
}
