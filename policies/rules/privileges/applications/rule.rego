# METADATA
# title: External users have no applications beyond the allowed ones
# description: |
#   An application that is assigned to an external user, or to a group that one is in, opens its data to another
#   organisation. One that an external user allowed to act in their name reads on with no further question.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/identity/enterprise-apps/assign-user-or-group-access-portal
#     description: Manage users and groups assignment to an application
#   - ref: https://learn.microsoft.com/en-us/entra/identity/enterprise-apps/manage-application-permissions
#     description: Review permissions granted to enterprise applications
# custom:
#   id: PRV-004
#   severity: medium
#   severity_reason: An outsider who was assigned to a group by mistake gets at an application's data; it takes an insider's slip.
#   requires: [guests, applications.servicePrincipals, applications.assignments]
#   uses: [groups, groups.externalMembers, governance.pim.groupEligibility, applications.grants]
#   each: guests
#   settings: [privileges.allowed_applications, privileges.allowed_grants, privileges.harmless_scopes]
#   rationale: |
#     Access lists of single applications are seen by nobody who looks at guests; a list of what outsiders are meant
#     to use is short. An assignment to a group holds for those who are in it or can activate that, not for those in
#     groups within it. Permissions that signing in takes anyway are no consent to speak of. What an administrator
#     consented to for everybody is no decision of the outsider's and is not held against any of them;
#     `guestward explain guest` shows it where the snapshot has it. Applications that ask for no assignment are open to
#     everybody in the directory: Conditional Access decides about those (CA-007).
#   remediation:
#     portal: Entra admin center > Entra ID > Enterprise apps, the application, Users and groups, or Permissions > User consent.
#     graph: DELETE https://graph.microsoft.com/v1.0/servicePrincipals/{id}/appRoleAssignedTo/{assignment}, DELETE https://graph.microsoft.com/v1.0/oauth2PermissionGrants/{id}
#     powershell: Remove-MgServicePrincipalAppRoleAssignedTo, Remove-MgOauth2PermissionGrant -OAuth2PermissionGrantId {id}
#   controls:
#     guide: [G02, G28]
#   since: 0.1.0
package rules.privileges.applications

import data.lib.finding

_allowed_applications := {lower(id) | some id in data.settings.privileges.allowed_applications}

_allowed_grants := {lower(id) | some id in data.settings.privileges.allowed_grants}

_harmless := {lower(scope) | some scope in data.settings.privileges.harmless_scopes}

findings contains finding.keyed(["guests", i], $"assigned {app.id}", message) if {
	some i, reached in reach.guests(input, ["applications"])
	some app in reached.applications
	not lower(object.get(app, "app_id", "")) in _allowed_applications
	message := $"reaches the application {app.name}: {app.how}"
}

findings contains finding.keyed(["guests", i], $"granted {client}", message) if {
	some i, reached in reach.guests(input, ["grants"])
	grants := [grant |
		some grant in reached.grants
		not grant.everybody
		not lower(object.get(grant, "app_id", "")) in _allowed_grants
	]
	some client in {grant.id | some grant in grants}
	scopes := {_scope(scope) | some grant in grants; grant.id == client; some scope in _scopes(grant)} - {""}
	count(scopes) > 0
	names := {grant.name | some grant in grants; grant.id == client}
	message := $"lets the application {concat(" ", names)} act in their name: {concat(" ", scopes)}"
}

# A grant that does not say what it is for may be for anything.
_scopes(grant) := object.get(grant, "scopes", ["(not told)"])

_scope(scope) := "" if {
	lower(scope) in _harmless
} else := scope

unknowns contains finding.at(["applications"], $"the applications of outsiders are not known without {source}") if {
	count(input.guests) > 0
	some source in reach.unknown(input, ["applications", "grants"])
}
