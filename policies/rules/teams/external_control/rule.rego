# METADATA
# title: External participants cannot take control of a shared screen
# description: |
#   Who shares a screen in a meeting can hand over mouse and keyboard. Each meeting policy decides whether people from
#   outside may be given control, or may ask for it.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/microsoftteams/meeting-who-present-request-control
#     description: Manage who can present and request control in Teams meetings and webinars
#   - ref: https://learn.microsoft.com/en-us/powershell/module/microsoftteams/set-csteamsmeetingpolicy
#     description: Set-CsTeamsMeetingPolicy
# custom:
#   id: TMS-007
#   severity: medium
#   severity_reason: An outsider takes over a colleague's shared screen; it takes a click by the one who shares.
#   requires: ["teams.meetingPolicies[].AllowExternalParticipantGiveRequestControl"]
#   settings: [teams.unassigned_policies]
#   rationale: |
#     One click of consent gives a stranger the session of the person who shares, with all that it may open: the
#     favourite move of false support staff. Prowler, Maester and Monkey365 look at the Global policy alone. Who holds a
#     policy is not in the snapshot, so each counts, except those that the settings name as held by nobody.
#   remediation:
#     portal: Teams admin center > Meetings > Meeting policies, in each policy under "Content sharing" turn off "External participants can give or request control".
#     graph: Microsoft Graph does not offer this setting.
#     powershell: Set-CsTeamsMeetingPolicy -Identity Global -AllowExternalParticipantGiveRequestControl $false
#   controls:
#     cis_m365_7.0: ["8.5.7"]
#     scuba: [MS.TEAMS.1.1]
#     nist_800_53: [AC-17a]
#     iso_27001_2022: [A.5.2]
#     cmmc_2.0: [SC.L2-3.13.12]
#   since: 0.1.0
package rules.teams.external_control

import data.lib.teams

_switch := "AllowExternalParticipantGiveRequestControl"

_policies := teams.in_force(input.teams.meetingPolicies, data.settings.teams.unassigned_policies)

findings contains found if {
	some found in teams.switched_on(_policies, _switch, "lets external participants take control of a shared screen")
}

unknowns contains found if {
	some found in teams.undecided(_policies, [_switch])
}
