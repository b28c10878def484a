# METADATA
# title: Roles of external users end by themselves
# description: |
#   A role that an external user holds or can activate must have an end, and activating one with privileges must need
#   somebody's consent. Otherwise it stays after the work is done and after the person has left the other organisation.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/id-governance/privileged-identity-management/pim-how-to-add-role-to-user
#     description: Assign Microsoft Entra roles in Privileged Identity Management
#   - ref: https://learn.microsoft.com/en-us/entra/id-governance/privileged-identity-management/pim-how-to-change-default-settings
#     description: Configure Microsoft Entra role settings
# custom:
#   id: PRV-003
#   severity: high
#   severity_reason: An outsider's role never ends, so that whoever has the account years later still administers the tenant.
#   requires: [guests, roles.definitions, roles.assignments, roles.schedule, roles.eligibility, roles.policies]
#   uses: [groups, groups.externalMembers, governance.pim.groupEligibility, governance.pim.groupAssignments]
#   licence: [AAD_PREMIUM_P2, Entra_Identity_Governance]
#   each: guests
#   settings: [privileges.active_max_days, privileges.eligible_max_days, privileges.activation_max_hours]
#   rationale: |
#     This holds for roles that PRV-001 tolerates too. What ends first counts: the role or membership of a group on the
#     way to it. Of several ways the one that lasts longest counts, and an activation that runs does not hide what it
#     rests on. Approval is asked for where Microsoft marks the role as privileged, and of custom roles. The service
#     itself lets assignments be permanent unless the role's settings forbid it. What activating membership of a group
#     takes is a setting of the group, which is not collected; then the result is unknown.
#   remediation:
#     portal: Entra admin center > ID Governance > Privileged Identity Management > Microsoft Entra roles > Assignments, set an end; Settings of the role, require approval to activate.
#     graph: >-
#       POST https://graph.microsoft.com/v1.0/roleManagement/directory/roleAssignmentScheduleRequests with action adminUpdate and an end;
#       PATCH https://graph.microsoft.com/v1.0/policies/roleManagementPolicies/{id}/rules/Approval_EndUser_Assignment
#     powershell: New-MgRoleManagementDirectoryRoleAssignmentScheduleRequest, Update-MgPolicyRoleManagementPolicyRule
#   controls:
#     guide: [G29]
#     cis_m365_7.0: ["5.3.1", "5.3.4", "5.3.5"]
#     scuba: [MS.AAD.7.4, MS.AAD.7.5]
#     nist_800_53: [AC-2]
#   since: 0.1.0
package rules.privileges.time_limits

import data.lib.finding
import data.lib.guest
import data.lib.privileged_role

_settings := data.settings.privileges

# How long a role may last from now on, and what it is called. What was activated ends within hours.
_kinds := {
	"active": {"days": _settings.active_max_days, "verb": "holds"},
	"activated": {"days": _settings.active_max_days, "verb": "has activated"},
	"eligible": {"days": _settings.eligible_max_days, "verb": "can activate"},
}

_roles[i] contains role if {
	some i, reached in reach.guests(input, ["roles"])
	some role in reached.roles
}

_key(role, what) := concat(" ", [what, role.id, role.scope, role.state, role.holder])

findings contains finding.keyed(["guests", i], _key(role, "end"), message) if {
	some i
	some role in _roles[i]
	role.until_known
	not role.until
	message := $"{_kinds[role.state].verb} the role {role.name} without an end: {role.how}"
}

findings contains finding.keyed(["guests", i], _key(role, "end"), message) if {
	some i
	some role in _roles[i]
	kind := _kinds[role.state]
	days := (time.parse_rfc3339_ns(role.until) - guest.now) / _day
	days > kind.days
	date := substring(role.until, 0, 10)
	message := $"{kind.verb} the role {role.name} until {date}, longer than {kind.days} days: {role.how}"
}

_day := ((24 * 60) * 60) * 1000000000

findings contains finding.keyed(["guests", i], _key(role, "approval"), message) if {
	some i
	some role in _activatable[i]
	_guarded(role)
	some rule in _rules(role, "Approval_EndUser_Assignment")
	rule.setting.isApprovalRequired == false
	message := $"can activate the role {role.name} without anybody's approval: {role.how}"
}

findings contains finding.keyed(["guests", i], _key(role, "hours"), message) if {
	some i
	some role in _activatable[i]
	some rule in _rules(role, "Expiration_EndUser_Assignment")
	_hours(rule.maximumDuration) > _settings.activation_max_hours
	message := $"can activate the role {role.name} for {_hours(rule.maximumDuration)} hours at once: {role.how}"
}

# Roles that are activated themselves, rather than membership of a group that holds them.
_activatable[i] contains role if {
	some i
	some role in _roles[i]
	role.state == "eligible"
	not role.through_activation
}

_guarded(role) if privileged_role.is_privileged(role.id)

_guarded(role) if role.custom

_rules(role, id) := [rule |
	some policy in input.roles.policies
	lower(policy.roleDefinitionId) in {role.definition, role.id}
	some rule in policy.policy.rules
	rule.id == id
]

# The hours of a duration such as PT8H, PT30M or P1D.
_hours(text) := sum([days * 24, hours, minutes / 60]) if {
	pattern := `^P(?:([0-9]{1,4})D)?(?:T(?:([0-9]{1,6})H)?(?:([0-9]{1,6})M)?)?$`
	[_, d, h, m] := regex.find_all_string_submatch_n(pattern, text, 1)[0]
	[days, hours, minutes] := [_number(x) | some x in [d, h, m]]
}

_number("") := 0

_number(text) := to_number(text) if text != ""

unknowns contains finding.at(["guests", i], $"until when the role {role.name} lasts is not told: {role.how}") if {
	some i
	some role in _roles[i]
	not _timed(role)
}

_timed(role) if {
	role.until_known
	not role.until
}

_timed(role) if {
	role.until_known
	time.parse_rfc3339_ns(role.until)
}

unknowns contains finding.at(["guests", i], $"what activating the role {role.name} takes is not told: {role.how}") if {
	some i
	some role in _roles[i]
	role.state == "eligible"
	not _ruled(role)
}

_ruled(role) if {
	not role.through_activation
	_approval_told(role)
	some rule in _rules(role, "Expiration_EndUser_Assignment")
	_hours(rule.maximumDuration)
}

_approval_told(role) if not _guarded(role)

_approval_told(role) if {
	some rule in _rules(role, "Approval_EndUser_Assignment")
	is_boolean(rule.setting.isApprovalRequired)
}

unknowns contains finding.at(["roles"], $"roles that outsiders may have are not known without {source}") if {
	count(input.guests) > 0
	some source in reach.unknown(input, ["roles"])
}
