# METADATA
# title: Guests can do in Teams what was decided, and no more
# description: |
#   One switch lets guests into Teams at all. Behind it three lists of switches say what they may do there: call people
#   privately, start meetings, show their screens, chat, and change or delete what they wrote.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/microsoftteams/set-up-guests
#     description: Turn guest access in Microsoft Teams on or off
#   - ref: https://learn.microsoft.com/en-us/powershell/module/microsoftteams/set-csteamsguestmeetingconfiguration
#     description: Set-CsTeamsGuestMeetingConfiguration
#   - ref: https://learn.microsoft.com/en-us/powershell/module/microsoftteams/set-csteamsguestmessagingconfiguration
#     description: Set-CsTeamsGuestMessagingConfiguration
# custom:
#   id: TMS-011
#   severity: medium
#   severity_reason: A guest of one team can ring any employee and wipe what she wrote; it takes one who believes her.
#   requires: [teams.clientConfiguration.AllowGuestUser]
#   uses:
#     - teams.guestCallingConfiguration
#     - teams.guestMeetingConfiguration
#     - teams.guestMessagingConfiguration
#   settings:
#     - teams.denied_guest_capabilities
#     - teams.guest_access
#     - teams.guest_screen_sharing
#   rationale: |
#     The service has guest access on, and everything that goes with it. A guest is invited to the work of a team: its
#     channels, files, meetings and the chat about them, which the default leaves. It takes away what goes beyond: calls to
#     anybody of the organisation, which is how fraud over the telephone begins; meetings that a guest starts in a channel;
#     changing, deleting and clearing messages, because what an outsider wrote is what you look at after an incident; and
#     more than one window of a screen. Nobody else judges these switches, so write down in the settings what you decide.
#     They apply to guests alone: the policies of Teams apply to external members as to staff. Where guests are kept out
#     altogether the other switches have no object.
#   remediation:
#     portal: Teams admin center > Users > Guest access, set "Guest access", and under Calling, Meeting and Messaging what guests may do.
#     graph: Microsoft Graph does not offer this setting.
#     powershell: Set-CsTeamsGuestCallingConfiguration -Identity Global -AllowPrivateCalling $false; Set-CsTeamsGuestMeetingConfiguration -Identity Global -AllowMeetNow $false -ScreenSharingMode SingleApplication; Set-CsTeamsGuestMessagingConfiguration -Identity Global -AllowUserEditMessage $false -AllowUserDeleteMessage $false -AllowUserDeleteChat $false. To keep guests out, Set-CsTeamsClientConfiguration -Identity Global -AllowGuestUser $false
#   controls:
#     guide: [G10]
#   since: 0.1.0
package rules.teams.guest_access

import data.lib.finding

_master := ["teams", "clientConfiguration", "AllowGuestUser"]

_decisions := data.settings.teams

# Guests come in, and should.
_come_in if {
	input.teams.clientConfiguration.AllowGuestUser == true
	_decisions.guest_access == "allow"
}

# The switches behind what the settings name.
_switches := {
	"chat": ["guestMessagingConfiguration", "AllowUserChat", "chat"],
	"delete_chats": ["guestMessagingConfiguration", "AllowUserDeleteChat", "clear whole chats"],
	"delete_messages": ["guestMessagingConfiguration", "AllowUserDeleteMessage", "delete what they wrote"],
	"edit_messages": ["guestMessagingConfiguration", "AllowUserEditMessage", "change what they wrote"],
	"meet_now": ["guestMeetingConfiguration", "AllowMeetNow", "start meetings in channels"],
	"private_calls": ["guestCallingConfiguration", "AllowPrivateCalling", "call people privately"],
	"video": ["guestMeetingConfiguration", "AllowIPVideo", "use video"],
}

# From closed to open.
_screens := ["Disabled", "SingleApplication", "EntireScreen"]

_screen_path := ["teams", "guestMeetingConfiguration", "ScreenSharingMode"]

_screen := object.get(input, _screen_path, null)

findings contains finding.at(_master, "guests may use Teams (AllowGuestUser is true)") if {
	input.teams.clientConfiguration.AllowGuestUser == true
	_decisions.guest_access == "deny"
}

findings contains finding.at(path, $"guests may {what} ({switch} is true)") if {
	_come_in
	some [path, switch, what] in _denied
	object.get(input, path, null) == true
}

findings contains finding.at(_screen_path, $"guests may show {shown} (ScreenSharingMode is {_screen})") if {
	_come_in
	some open, name in _screens
	name == _screen
	some most, allowed in _screens
	allowed == _decisions.guest_screen_sharing
	open > most
	shown := {"SingleApplication": "a window of their screens", "EntireScreen": "their whole screens"}[name]
}

unknowns contains finding.at(_master, $"AllowGuestUser has the value {value}, which this version does not know") if {
	value := input.teams.clientConfiguration.AllowGuestUser
	not is_boolean(value)
}

unknowns contains finding.at(path, $"whether guests may {what} is not known ({switch} is neither true nor false)") if {
	_come_in
	some [path, switch, what] in _denied
	not is_boolean(object.get(input, path, null))
}

unknowns contains finding.at(_screen_path, "what guests may show of their screens is not known") if {
	_come_in
	_decisions.guest_screen_sharing != "EntireScreen"
	not _screen in _screens
}

_denied contains [path, switch, what] if {
	some capability in _decisions.denied_guest_capabilities
	[configuration, switch, what] := _switches[capability]
	path := ["teams", configuration, switch]
}
