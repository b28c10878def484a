# METADATA
# title: Guests were invited by those who may invite
# description: |
#   The audit log tells who invited guests lately. This rule lists people who did so without a role that lets them, and
#   every guest who invited another: the policy was looser then, a role was taken away since, or somebody found a way.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/external-id/external-collaboration-settings-configure
#     description: Configure external collaboration settings
#   - ref: https://learn.microsoft.com/en-us/entra/identity/role-based-access-control/permissions-reference
#     description: Microsoft Entra built-in roles and what they may do
#   - ref: https://learn.microsoft.com/en-us/graph/api/resources/directoryaudit
#     description: directoryAudit in Microsoft Graph
# custom:
#   id: GST-013
#   severity: medium
#   severity_reason: Strangers got accounts from somebody outside the chosen circle, maybe a guest, which takes a policy that was looser or a role that is gone.
#   requires: [audit.invitations, roles.assignments, roles.definitions]
#   uses:
#     - entra.authorizationPolicy.allowInvitesFrom
#     - guests
#     - roles.eligibility
#     - tenant.organization.verifiedDomains
#   settings:
#     - entra.approved_inviter_apps
#     - entra.approved_inviters
#     - entra.guest_invitations_from
#   rationale: |
#     GST-002 says what the policy is today, the log what it was worth. The circle that counts is guest_invitations_from.
#     Guests who invite come first: with them one stranger brings the next, and no role makes that right unless the guest is
#     in approved_inviters. Roles count when they are held or can be activated now, in the whole tenant. Who is in a group
#     that holds such a role is not in the snapshot, so others than direct holders are unknown where there is such a group:
#     write them into approved_inviters. Applications invite by a permission, not by a role; those that are not in
#     approved_inviter_apps are unknown, Microsoft's own among them, which entitlement management and SharePoint use.
#   remediation:
#     portal: Entra admin center > Users > Audit logs, activity "Invite external user", look at what these people invited; then assign Guest Inviter to those who should, and choose "Only users assigned to specific admin roles can invite guest users" under External collaboration settings.
#     graph: GET https://graph.microsoft.com/v1.0/auditLogs/directoryAudits?$filter=activityDisplayName eq 'Invite external user'
#     powershell: Get-MgAuditLogDirectoryAudit -Filter "activityDisplayName eq 'Invite external user'"
#   controls:
#     guide: [G07, G25]
#   since: 0.1.0
package rules.entra.guest_inviters

import data.lib.finding
import data.lib.guest
import data.lib.outsiders

_path := ["audit", "invitations"]

_rows := input.audit.invitations

_circle := data.settings.entra.guest_invitations_from

not_applicable contains "everybody is meant to invite guests" if _circle == "everyone"

# Invitations that went out, by who sent them.
_sent contains i if {
	some i, row in _rows
	row.result == "success"
}

_by_user[id] contains i if {
	some i in _sent
	_is_text(_rows[i], "userId")
	id := lower(_rows[i].userId)
	not id in _approved
}

_approved := {lower(id) | some id in data.settings.entra.approved_inviters}

_by_app[id] contains i if {
	some i in _sent
	not _is_text(_rows[i], "userId")
	id := _application(_rows[i])
	not _is_approved(_rows[i])
}

_is_approved(row) if {
	some name in ["appId", "servicePrincipalId"]
	lower(row[name]) in {lower(id) | some id in data.settings.entra.approved_inviter_apps}
}

_application(row) := row.appId if {
	_is_text(row, "appId")
} else := row.servicePrincipalId if {
	_is_text(row, "servicePrincipalId")
}

_is_text(row, name) if {
	is_string(row[name])
	row[name] != ""
}

_has_initiator(row) if _is_text(row, "userId")

_has_initiator(row) if _application(row)

# Whoever is on the list of external users, whatever the name says.
_external contains id if {
	some id, _ in _by_user
	outsiders.are("user", id) == "yes"
}

# A guest's name is of another directory, or is the mark of one here: one who was deleted since is on no list.
_external contains id if {
	some id, rows in _by_user
	some i in rows
	_is_text(_rows[i], "userPrincipalName")
	_is_foreign(_rows[i].userPrincipalName)
}

_is_foreign(name) if guest.is_foreign(name)

_is_foreign(name) if {
	count(_own_domains) > 0
	domain := guest.domain(name)
	not domain in _own_domains
}

_own_domains := {lower(domain.name) | some domain in input.tenant.organization.verifiedDomains}

# Whether the snapshot tells that the inviter is not external: the list of external users has come, and a name.
_is_told(id) if {
	outsiders.are("user", id) == "no"
	some i in _by_user[id]
	_is_text(_rows[i], "userPrincipalName")
}

# Administrators who may invite, by template: Global, User, Guest Inviter, Directory Writers.
# https://learn.microsoft.com/en-us/graph/api/resources/authorizationpolicy
_templates := {
	"62e90394-69f5-4237-9190-012177145e10",
	"fe930be7-5e62-47db-91af-98c3a49a38b1",
	"95e79109-95c0-4d8e-aee3-d01accf2d47b",
	"9360feb5-f418-4baa-8175-e2a00bac4301",
}

_invites contains id if some id in _templates

_invites contains lower(definition.id) if {
	some definition in input.roles.definitions
	some permission in definition.rolePermissions
	"microsoft.directory/users/inviteGuest" in permission.allowedResourceActions
}

# Roles of which it is known that they do not invite.
_harmless := {lower(definition.id) |
	some definition in input.roles.definitions
	_is_known(definition)
} - _invites

_is_known(definition) if definition.isBuiltIn == true

_is_known(definition) if is_array(definition.rolePermissions)

_holdings := array.concat(
	[holding | some holding in input.roles.assignments],
	[holding | some holding in input.roles.eligibility],
)

_holders contains lower(holding.principalId) if {
	some holding in _holdings
	lower(holding.roleDefinitionId) in _invites
	holding.directoryScopeId == "/"
}

# Who may hold such a role for all that the snapshot tells.
_perhaps contains lower(holding.principalId) if {
	some holding in _holdings
	not _is_harmless(holding)
}

_is_harmless(holding) if lower(holding.roleDefinitionId) in _harmless

_anybody if {
	some holding in _holdings
	not _is_harmless(holding)
	not _is_single(holding)
}

_anybody if not _eligibility_is_told

# A principal who is no group, so that nobody else holds the role through it.
_is_single(holding) if {
	is_string(holding.principalId)
	holding.principal["@odata.type"] in {"#microsoft.graph.user", "#microsoft.graph.servicePrincipal"}
}

_eligibility_is_told if is_array(input.roles.eligibility)

# Without the plan nobody can be eligible.
_eligibility_is_told if {
	is_array(input.licences.servicePlans)
	count({plan.servicePlanId | some plan in input.licences.servicePlans} & _plans) == 0
}

_plans := {"eec0eb4f-6444-4f95-aba0-50c24d67f998", "e866a266-3cff-43a3-acca-0c90a7e00c8b"}

_may_hold(_) if _anybody

_may_hold(id) if id in _perhaps

findings contains finding.keyed(_path, id, message) if {
	_circle != "everyone"
	some id in _external
	message := $"{_label(id)}, an external user, sent {_count(_by_user[id])} invitations{_why}"
}

findings contains finding.keyed(_path, id, message) if {
	_circle == "adminsAndGuestInviters"
	some id, rows in _by_user
	not id in (_external | _holders)
	not _may_hold(id)
	message := $"{_label(id)}, who holds no role that invites, sent {_count(rows)} invitations{_why}"
}

findings contains finding.keyed(_path, id, message) if {
	_circle == "none"
	some id, rows in _by_user
	not id in _external
	message := $"{_label(id)} sent {_count(rows)} invitations, though nobody is meant to{_why}"
}

unknowns contains finding.keyed(_path, id, message) if {
	_circle == "adminsAndGuestInviters"
	some id, rows in _by_user
	not id in (_external | _holders)
	_may_hold(id)
	message := $"whether {_label(id)}, who sent {_count(rows)} invitations, holds a role that invites is not known"
}

unknowns contains finding.keyed(_path, id, message) if {
	_circle != "everyone"
	some id, rows in _by_user
	not id in _external
	not _is_told(id)
	message := $"whether {_label(id)}, who sent {_count(rows)} invitations, is an external user is not known"
}

unknowns contains finding.keyed(_path, id, message) if {
	some id, rows in _by_app
	message := $"the application {_names(rows, "appDisplayName", id)} sent {_count(rows)} invitations and is not approved"
}

unknowns contains finding.keyed(_path, "initiator", $"{_count(rows)} invitations do not tell who sent them") if {
	rows := {i | some i in _sent; not _has_initiator(_rows[i])}
	count(rows) > 0
}

unknowns contains finding.keyed(_path, "result", $"{_count(rows)} invitations do not tell whether they went out") if {
	rows := {i | some i, row in _rows; not object.get(row, "result", null) in ["success", "failure"]}
	count(rows) > 0
}

notes contains finding.at(_path, message) if {
	is_array(_rows)
	users := {row.userId | some i in _sent; row := _rows[i]; _is_text(row, "userId")}
	message := $"{_count(_sent)} invitations went out, from {count(users)} people"
}

# What the policy of today has to say about it.
default _why := ""

_why := $"; the policy lets them (allowInvitesFrom is {_policy})" if _policy in _loose

_why := $"; the policy was looser then, or a role is gone (allowInvitesFrom is {_policy})" if _policy in _tight

_policy := input.entra.authorizationPolicy.allowInvitesFrom

_loose := {"everyone", "adminsGuestInvitersAndAllMembers"}

_tight := {"adminsAndGuestInviters", "none"}

_label(id) := _names(_by_user[id], "userPrincipalName", id)

_names(rows, member, fallback) := min(names) if {
	names := {_rows[i][member] | some i in rows; _is_text(_rows[i], member)}
	count(names) > 0
} else := fallback

# A row without a number stands for one invitation at least.
_count(rows) := sum([n | some i in rows; n := object.get(_rows[i], "count", 1)])
