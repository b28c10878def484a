# METADATA
# title: Outsiders wait in the lobby until somebody admits them
# description: |
#   The lobby is where people wait until somebody in the meeting lets them in. Each meeting policy decides who goes
#   straight past it, from the organizer alone to everyone with the link, and whether callers by telephone do.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/microsoftteams/who-can-bypass-meeting-lobby
#     description: Control who can bypass the meeting lobby in Microsoft Teams
#   - ref: https://learn.microsoft.com/en-us/powershell/module/microsoftteams/set-csteamsmeetingpolicy
#     description: Set-CsTeamsMeetingPolicy
# custom:
#   id: TMS-006
#   severity: medium
#   severity_reason: Somebody uninvited is in a meeting before anybody looks; it takes the link.
#   requires:
#     - teams.meetingPolicies[].AutoAdmittedUsers
#     - teams.meetingPolicies[].AllowPSTNUsersToBypassLobby
#   settings:
#     - teams.lobby_most_open
#     - teams.lobby_strictest
#     - teams.dial_in_lobby_bypass_allowed
#     - teams.unassigned_policies
#   rationale: |
#     Without the lobby nobody notices who came in, and a telephone number proves nobody's name. The settings bound the
#     answer on both sides, because guides disagree: CIS wants guests to wait and is content with stricter values; the
#     CISA baseline wants colleagues admitted and thus reports InvitedUsers and OrganizerOnly, yet lets guests and
#     trusted organisations pass. By default stricter values pass here; Monkey365 reports them. ScubaGear looks at the
#     Global policy alone for who is admitted. Who holds a policy is not in the snapshot, so each counts, except those
#     that the settings name as held by nobody: Microsoft ships some that admit guests and cannot be edited.
#   remediation:
#     portal: Teams admin center > Meetings > Meeting policies, in each policy under "Meeting join & lobby" set "Who can bypass the lobby" to "People in my org" and turn off "People dialing in can bypass the lobby".
#     graph: Microsoft Graph does not offer this setting.
#     powershell: Set-CsTeamsMeetingPolicy -Identity Global -AutoAdmittedUsers EveryoneInCompanyExcludingGuests -AllowPSTNUsersToBypassLobby $false
#   controls:
#     cis_m365_7.0: ["8.5.3", "8.5.4"]
#     cis_m365_6.0.1: ["8.5.3"]
#     scuba: [MS.TEAMS.1.3, MS.TEAMS.1.4, MS.TEAMS.1.5]
#     nist_800_53: [SC-15a, AC-3]
#     cmmc_2.0: [AC.L1-b.1.iv, AC.L2-3.1.22]
#   since: 0.1.0
package rules.teams.lobby

import data.lib.finding
import data.lib.teams

# The scale of https://learn.microsoft.com/en-us/microsoftteams/who-can-bypass-meeting-lobby, from closed to open.
_scale := [
	"OrganizerOnly",
	"InvitedUsers",
	"EveryoneInCompanyExcludingGuests",
	"EveryoneInCompany",
	"EveryoneInSameAndFederatedCompany",
	"Everyone",
]

_who := {
	"OrganizerOnly": "the organizer alone",
	"InvitedUsers": "invited people",
	"EveryoneInCompanyExcludingGuests": "colleagues",
	"EveryoneInCompany": "colleagues and guests",
	"EveryoneInSameAndFederatedCompany": "colleagues, guests and trusted organisations",
	"Everyone": "everyone, anonymous people included,",
}

_policies := teams.in_force(input.teams.meetingPolicies, data.settings.teams.unassigned_policies)

_rank(value) := rank if {
	some rank, name in _scale
	name == value
}

_closed_enough(value) if _rank(value) <= _rank(data.settings.teams.lobby_most_open)

_open_enough(value) if _rank(value) >= _rank(data.settings.teams.lobby_strictest)

_within(value) if {
	_closed_enough(value)
	_open_enough(value)
}

findings contains finding.at(["teams", "meetingPolicies", i, "AutoAdmittedUsers"], message) if {
	some i, policy in _policies
	value := policy.AutoAdmittedUsers
	value in _scale
	not _within(value)
	message := concat(" ", [
		$"meeting policy {policy.Identity} lets {_who[value]} past the lobby, which is {_fault(value)}",
		$"than the limit (AutoAdmittedUsers is {value})",
	])
}

_fault(value) := "stricter" if {
	not _open_enough(value)
} else := "more open"

findings contains found if {
	not data.settings.teams.dial_in_lobby_bypass_allowed
	some found in teams.switched_on(_policies, "AllowPSTNUsersToBypassLobby", "lets callers by telephone past the lobby")
}

unknowns contains finding.at(["teams", "meetingPolicies", i, "AutoAdmittedUsers"], message) if {
	some i, policy in _policies
	value := object.get(policy, "AutoAdmittedUsers", null)
	not value in _scale
	message := concat(" ", [
		$"AutoAdmittedUsers of meeting policy {policy.Identity} has the value {value},",
		"which this version does not know",
	])
}

unknowns contains found if {
	some found in teams.undecided(_policies, ["AllowPSTNUsersToBypassLobby"])
}
