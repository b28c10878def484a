# METADATA
# title: External users own no groups and no applications
# description: |
#   Whoever owns a group decides who is in it, and so who gets at its team, its files and whatever else it opens. Whoever
#   owns an application can add a secret to it and act as it, with all that it may read and do. An external user who owns
#   one can let in others, and keep a way back for the time after.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/fundamentals/how-to-manage-groups
#     description: Manage Microsoft Entra groups and group membership
#   - ref: https://learn.microsoft.com/en-us/entra/identity/role-based-access-control/groups-concept
#     description: Use Microsoft Entra groups to manage role assignments
#   - ref: https://learn.microsoft.com/en-us/entra/identity/enterprise-apps/overview-assign-app-owners
#     description: Overview of enterprise application ownership
# custom:
#   id: PRV-002
#   severity: high
#   severity_reason: An outsider who owns a group or an application lets in whom they like, or acts as it, for as long as it exists.
#   requires: [guests]
#   uses:
#     - groups
#     - groups.externalOwners
#     - governance.pim.groupEligibility
#     - applications.owners
#     - applications.servicePrincipals
#     - roles.definitions
#     - roles.assignments
#     - roles.eligibility
#   each: guests
#   rationale: |
#     The setting that forbids guests to be owners (GST-007) speaks of Microsoft 365 groups alone, holds for those who are
#     made owners from now on, and does not reach external members; this rule looks at who owns what. Owners of a
#     group that holds a directory role can give the role to themselves, and owners of an application that holds one can
#     use it as the application: a secret asks for no second factor, and Conditional Access for people does not hold for
#     it. An application has two objects, each with owners of its own: its registration and its service principal, which
#     the portal calls an enterprise application.
#   remediation:
#     portal: Entra admin center > Entra ID > Groups, App registrations or Enterprise apps, the one in question, Owners, Remove; add an owner of yours first.
#     graph: DELETE https://graph.microsoft.com/v1.0/groups/{group}/owners/{user}/$ref, and the same under /applications/{id} and /servicePrincipals/{id}
#     powershell: Remove-MgGroupOwnerDirectoryObjectByRef, Remove-MgApplicationOwnerDirectoryObjectByRef, Remove-MgServicePrincipalOwnerDirectoryObjectByRef
#   controls:
#     guide: [G02, G28]
#     zt: ["21868"]
#   since: 0.1.0
package rules.privileges.ownership

import data.lib.finding

findings contains finding.keyed(["guests", i], owned.id, $"'{owned.name}': {owned.how}") if {
	some i, reached in reach.guests(input, ["owns"])
	some owned in reached.owns
}

unknowns contains finding.at([split(source, ".")[0]], $"what outsiders own is not known without {source}") if {
	count(input.guests) > 0
	some source in reach.unknown(input, ["owns"])
}
