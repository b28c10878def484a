# METADATA
# title: No outsider holds a role unseen by the list of external users
# description: |
#   Directory roles can be held by outsiders whom no list of external users shows: people of a partner that administers
#   the tenant, or accounts that came after the list was read. What every other rule says of outsiders is not said of
#   them.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/partner-center/customers/gdap-introduction
#     description: Introduction to granular delegated admin privileges
#   - ref: https://learn.microsoft.com/en-us/graph/api/resources/unifiedroleassignment
#     description: unifiedRoleAssignment in Microsoft Graph
# custom:
#   id: PRV-006
#   severity: critical
#   severity_reason: Whoever takes over the account elsewhere, with one stolen password, administers this tenant unseen.
#   requires: [roles.definitions, roles.assignments]
#   uses: [roles.eligibility, roles.schedule, tenant.organization]
#   settings: [privileges.tolerated_roles]
#   rationale: |
#     PRV-001 judges the external users that the snapshot lists; this rule judges the holders of roles whom it does not
#     list, by what the assignment says of them, so that nobody is reported twice. Administrators of a partner appear as
#     principals of another organisation. Of a holder of whom too little is said, the result is unknown.
#   remediation:
#     portal: Entra admin center > Entra ID > Roles & admins, the role, Assignments; for partners Microsoft 365 admin center > Settings > Partner relationships.
#     graph: DELETE https://graph.microsoft.com/v1.0/roleManagement/directory/roleAssignments/{id}
#     powershell: Remove-MgRoleManagementDirectoryRoleAssignment -UnifiedRoleAssignmentId {id}
#   controls:
#     guide: [G02, G28]
#   since: 0.1.0
package rules.privileges.unlisted_role_holders

import data.lib.finding

_tolerated := {lower(id) | some id in data.settings.privileges.tolerated_roles}

_others := [other | some other in reach.others(input); not lower(other.role) in _tolerated]

findings contains finding.at(other.path, $"{_who(other)} {other.state} the role {other.name}") if {
	some other in _others
	other.known
}

unknowns contains finding.at(other.path, message) if {
	some other in _others
	not other.known
	message := $"{other.who} {other.state} the role {other.name}, and nothing tells who that is"
}

unknowns contains finding.at(["roles"], $"who can activate a role is not known without {source}") if {
	some source in reach.unknown(input, ["roles"])
	startswith(source, "roles.")
}

_who(other) := $"{other.who}, of the organisation {other.tenant}," if {
	other.tenant
} else := $"{other.who}, who is not on the list of external users,"
