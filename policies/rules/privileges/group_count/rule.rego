# METADATA
# title: External users are in few groups
# description: |
#   Each group that an external user is in opens something: a team, a site, an application. Somebody who is in many has
#   usually been passed from project to project, and kept what each of them gave.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/id-governance/manage-guest-access-with-access-reviews
#     description: Manage guest access with access reviews
# custom:
#   id: PRV-005
#   severity: low
#   severity_reason: No single access is wrong, but a stolen account opens more than its owner's work needs.
#   requires: [guests]
#   uses: [groups, groups.externalMembers, governance.pim.groupEligibility]
#   each: guests
#   settings: [privileges.max_groups]
#   rationale: |
#     How many groups are too many is for you to say; ten is more than two or three projects need. Groups within groups
#     count, and so do those that the outsider can get into by activating membership. `guestward explain guest` lists
#     them, each with its path.
#   remediation:
#     portal: Entra admin center > Entra ID > Users, the user, Groups; or an access review of the guest's groups.
#     graph: DELETE https://graph.microsoft.com/v1.0/groups/{group}/members/{user}/$ref
#     powershell: Remove-MgGroupMemberDirectoryObjectByRef -GroupId {group} -DirectoryObjectId {user}
#   controls:
#     guide: [G02, G28]
#   since: 0.1.0
package rules.privileges.group_count

import data.lib.finding

_most := data.settings.privileges.max_groups

findings contains finding.at(["guests", i], $"reaches {n} groups, of which {teams} are teams; at most {_most}") if {
	some i, reached in reach.counts(input, ["groups", "teams"], _most)
	n := reached.groups
	teams := reached.teams
}

unknowns contains finding.at(["groups"], $"the groups that outsiders reach are not known without {source}") if {
	count(input.guests) > 0
	some source in reach.unknown(input, ["groups"])
}
