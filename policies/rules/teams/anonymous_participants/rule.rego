# METADATA
# title: Nobody joins or starts a meeting without signing in
# description: |
#   An anonymous participant is somebody with the link whose name nobody has checked. The service lets such people join
#   meetings, and a policy can even let them begin one before anybody of yours is there.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/microsoftteams/anonymous-users-in-meetings
#     description: Manage anonymous participant access to Teams meetings
#   - ref: https://learn.microsoft.com/en-us/powershell/module/microsoftteams/set-csteamsmeetingpolicy
#     description: Set-CsTeamsMeetingPolicy
# custom:
#   id: TMS-005
#   severity: high
#   severity_reason: Anybody who gets hold of a meeting's link listens in, without a name.
#   requires:
#     - teams.meetingPolicies[].AllowAnonymousUsersToStartMeeting
#     - teams.meetingPolicies[].AllowAnonymousUsersToJoinMeeting
#   settings: [teams.anonymous_join_allowed, teams.unassigned_policies]
#   rationale: |
#     Who joins unchecked can bear any name, and a meeting that strangers begin has no host to send them out. CIS asks
#     for both switches off, joining at its second level; the CISA baseline asks for starting alone, which the setting
#     anonymous_join_allowed gives. Prowler, Maester and Monkey365 look at the Global policy alone. Who holds a policy
#     is not in the snapshot, so each counts, except those that the settings name as held by nobody: Microsoft ships
#     some that let anonymous people join and cannot be edited. The older switch for the whole tenant, which Microsoft
#     retires, is not read.
#   remediation:
#     portal: Teams admin center > Meetings > Meeting policies, in each policy under "Meeting join & lobby" turn off "Anonymous users can join a meeting unverified" and "Anonymous users and dial-in callers can start a meeting".
#     graph: Microsoft Graph does not offer this setting.
#     powershell: Set-CsTeamsMeetingPolicy -Identity Global -AllowAnonymousUsersToJoinMeeting $false -AllowAnonymousUsersToStartMeeting $false
#   controls:
#     cis_m365_7.0: ["8.5.1", "8.5.2"]
#     scuba: [MS.TEAMS.1.2]
#     nist_800_53: [SC-15a]
#   since: 0.1.0
package rules.teams.anonymous_participants

import data.lib.teams

_policies := teams.in_force(input.teams.meetingPolicies, data.settings.teams.unassigned_policies)

_switches contains "AllowAnonymousUsersToStartMeeting"

_switches contains "AllowAnonymousUsersToJoinMeeting" if not data.settings.teams.anonymous_join_allowed

_doing := {
	"AllowAnonymousUsersToStartMeeting": "lets anonymous people start meetings",
	"AllowAnonymousUsersToJoinMeeting": "lets anonymous people join meetings",
}

findings contains found if {
	some switch in _switches
	some found in teams.switched_on(_policies, switch, _doing[switch])
}

unknowns contains found if {
	some found in teams.undecided(_policies, _switches)
}
