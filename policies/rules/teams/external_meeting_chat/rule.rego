# METADATA
# title: Meeting chats stay among people who are known
# description: |
#   A meeting has a chat that outlives it. Each meeting policy decides whether anonymous people may use the chat of your
#   meetings, and whether your people may write in the chat of meetings that untrusted organisations hold.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/microsoftteams/manage-meeting-chat
#     description: Manage chat in Microsoft Teams meetings
#   - ref: https://learn.microsoft.com/en-us/powershell/module/microsoftteams/set-csteamsmeetingpolicy
#     description: Set-CsTeamsMeetingPolicy
# custom:
#   id: TMS-008
#   severity: low
#   severity_reason: Outsiders read and write in meeting chats after the meeting; what is said there is mostly for them anyway.
#   requires:
#     - teams.meetingPolicies[].AllowExternalNonTrustedMeetingChat
#     - teams.meetingPolicies[].MeetingChatEnabledType
#   settings: [teams.unassigned_policies]
#   rationale: |
#     Links and files in a chat reach everybody in it, and nobody can say who the anonymous ones were. What your people
#     write in a stranger's meeting is kept there, out of reach of your records and your deletion. Chat that is off for
#     all is stricter than what CIS asks for and passes; Prowler reports it. Prowler and Monkey365 look at the Global
#     policy alone. Who holds a policy is not in the snapshot, so each counts, except those that the settings name as
#     held by nobody: Microsoft ships some that allow both and cannot be edited.
#   remediation:
#     portal: Teams admin center > Meetings > Meeting policies, in each policy under "Meeting engagement" set "Meeting chat" to "On for everyone but anonymous users" and turn off "External meeting chat".
#     graph: Microsoft Graph does not offer this setting.
#     powershell: Set-CsTeamsMeetingPolicy -Identity Global -MeetingChatEnabledType EnabledExceptAnonymous -AllowExternalNonTrustedMeetingChat $false
#   controls:
#     cis_m365_7.0: ["8.5.5", "8.5.8"]
#   since: 0.1.0
package rules.teams.external_meeting_chat

import data.lib.finding
import data.lib.teams

# Of https://learn.microsoft.com/en-us/microsoftteams/manage-meeting-chat those that keep anonymous people out.
_closed := ["Disabled", "EnabledExceptAnonymous", "EnabledInMeetingOnlyForAllExceptAnonymous"]

_switch := "AllowExternalNonTrustedMeetingChat"

_policies := teams.in_force(input.teams.meetingPolicies, data.settings.teams.unassigned_policies)

findings contains finding.at(["teams", "meetingPolicies", i, "MeetingChatEnabledType"], message) if {
	some i, policy in _policies
	policy.MeetingChatEnabledType == "Enabled"
	message := concat(" ", [
		$"meeting policy {policy.Identity} lets anonymous people use the chat of meetings",
		"(MeetingChatEnabledType is Enabled)",
	])
}

findings contains found if {
	some found in teams.switched_on(_policies, _switch, "lets staff chat in meetings of untrusted organisations")
}

unknowns contains finding.at(["teams", "meetingPolicies", i, "MeetingChatEnabledType"], message) if {
	some i, policy in _policies
	value := object.get(policy, "MeetingChatEnabledType", null)
	not value in array.concat(_closed, ["Enabled"])
	message := concat(" ", [
		$"MeetingChatEnabledType of meeting policy {policy.Identity} has the value {value},",
		"which this version does not know",
	])
}

unknowns contains found if {
	some found in teams.undecided(_policies, [_switch])
}
