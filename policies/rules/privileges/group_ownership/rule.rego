# METADATA
# title: External users own no groups
# description: |
#   Whoever owns a group decides who is in it, and so who gets at its team, its files and whatever else it opens. An
#   external user who owns one can let in others, and keep a way back for the time after.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/fundamentals/how-to-manage-groups
#     description: Manage Microsoft Entra groups and group membership
#   - ref: https://learn.microsoft.com/en-us/entra/identity/role-based-access-control/groups-concept
#     description: Use Microsoft Entra groups to manage role assignments
# custom:
#   id: PRV-002
#   severity: high
#   severity_reason: An outsider who owns a group lets anybody into its team and files, without asking, for as long as it exists.
#   requires: [guests]
#   uses: [groups, groups.externalOwners, roles.definitions, roles.assignments, roles.eligibility, governance.pim.groupEligibility]
#   each: guests
#   rationale: |
#     The setting that forbids guests to be owners (GST-007) speaks of Microsoft 365 groups alone, holds for those who are
#     made owners from now on, and does not reach external members; this rule looks at who owns what. Owners of a
#     group that holds a directory role can give the role to themselves. Owners of applications are not collected: the
#     service lists them one application at a time.
#   remediation:
#     portal: Entra admin center > Entra ID > Groups, the group, Owners, Remove; add an owner of yours first.
#     graph: DELETE https://graph.microsoft.com/v1.0/groups/{group}/owners/{user}/$ref
#     powershell: Remove-MgGroupOwnerDirectoryObjectByRef -GroupId {group} -DirectoryObjectId {user}
#   controls:
#     guide: [G02, G28]
#   since: 0.1.0
package rules.privileges.group_ownership

import data.lib.finding

findings contains finding.keyed(["guests", i], owned.id, $"'{owned.name}': {owned.how}") if {
	some i, account in input.guests
	some owned in reach.of(input, account.id, ["owns"]).owns
}

unknowns contains finding.at(["groups"], $"what outsiders own is not known without {source}") if {
	count(input.guests) > 0
	some source in reach.of(input, "", ["owns"]).unknown
}
