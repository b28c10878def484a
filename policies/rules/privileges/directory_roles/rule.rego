# METADATA
# title: External users hold no directory role
# description: |
#   A directory role administers the tenant: users, settings, everybody's data. Somebody whose account another
#   organisation keeps should hold none, neither for ever nor on request, neither directly nor through a group.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/identity/role-based-access-control/best-practices
#     description: Best practices for Microsoft Entra roles
#   - ref: https://learn.microsoft.com/en-us/entra/identity/role-based-access-control/permissions-reference
#     description: Microsoft Entra built-in roles
# custom:
#   id: PRV-001
#   severity: critical
#   severity_reason: Whoever takes over the account at its home, with one stolen password, administers this tenant from there.
#   requires: [guests, roles.definitions, roles.assignments]
#   uses: [groups, groups.externalMembers, roles.eligibility, governance.pim.groupEligibility]
#   each: guests
#   settings: [privileges.tolerated_roles]
#   rationale: |
#     This tenant decides neither the password nor the device with which an external account is used, and does not
#     learn when its owner leaves. Unlike checks that look for guests in the list of assignments, this one follows groups
#     within groups, roles and memberships that can be activated, and judges external members as well as guests. Roles
#     that may be held are written down in the settings; that a role is privileged only changes the words. Without
#     Microsoft Entra ID P2 or Governance nothing can be activated, and what cannot be read of it is not missed.
#   remediation:
#     portal: Entra admin center > Entra ID > Roles & admins, the role, Assignments, Remove; where a group holds it, remove the member from the group.
#     graph: DELETE https://graph.microsoft.com/v1.0/roleManagement/directory/roleAssignments/{id}
#     powershell: Remove-MgRoleManagementDirectoryRoleAssignment -UnifiedRoleAssignmentId {id}
#   controls:
#     guide: [G02, G28]
#     zt: ["22128"]
#   since: 0.1.0
package rules.privileges.directory_roles

import data.lib.finding
import data.lib.privileged_role

_tolerated := {lower(id) | some id in data.settings.privileges.tolerated_roles}

_missing := reach.unknown(input, ["roles"])

findings contains finding.keyed(["guests", i], key, message) if {
	some i, reached in reach.guests(input, ["roles"])
	some role in reached.roles
	not lower(role.id) in _tolerated
	key := concat(" ", [role.id, role.scope, role.state, role.holder])
	word := privileged_role.word(role.id, object.get(role, "custom", false))
	message := $"has the {word} {role.name}{_within(role.scope)}: {role.how}"
}

unknowns contains finding.at(["roles"], $"roles that outsiders may have are not known without {source}") if {
	count(input.guests) > 0
	some source in _missing
}

_within("/") := ""

_within(scope) := $" within {scope}" if scope != "/"
