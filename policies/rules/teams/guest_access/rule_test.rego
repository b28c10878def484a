package rules.teams.guest_access_test

import data.rules.teams.guest_access as rule

# What the service starts with.
_open := {
	"clientConfiguration": {"AllowGuestUser": true},
	"guestCallingConfiguration": {"AllowPrivateCalling": true},
	"guestMeetingConfiguration": {"AllowIPVideo": true, "AllowMeetNow": true, "ScreenSharingMode": "EntireScreen"},
	"guestMessagingConfiguration": {
		"AllowUserChat": true,
		"AllowUserEditMessage": true,
		"AllowUserDeleteMessage": true,
		"AllowUserDeleteChat": true,
	},
}

_narrow := object.union(_open, {
	"guestCallingConfiguration": {"AllowPrivateCalling": false},
	"guestMeetingConfiguration": {"AllowMeetNow": false, "ScreenSharingMode": "SingleApplication"},
	"guestMessagingConfiguration": {
		"AllowUserEditMessage": false,
		"AllowUserDeleteMessage": false,
		"AllowUserDeleteChat": false,
	},
})

_master := ["teams", "clientConfiguration", "AllowGuestUser"]

_screen := ["teams", "guestMeetingConfiguration", "ScreenSharingMode"]

_with(teams, path, value) := json.patch(teams, [{"op": "add", "path": path, "value": value}])

test_what_the_service_starts_with_is_reported if {
	rule.findings == {
		{
			"path": ["teams", "guestCallingConfiguration", "AllowPrivateCalling"],
			"message": "guests may call people privately (AllowPrivateCalling is true)",
		},
		{
			"path": ["teams", "guestMeetingConfiguration", "AllowMeetNow"],
			"message": "guests may start meetings in channels (AllowMeetNow is true)",
		},
		{
			"path": _screen,
			"message": "guests may show their whole screens (ScreenSharingMode is EntireScreen)",
		},
		{
			"path": ["teams", "guestMessagingConfiguration", "AllowUserEditMessage"],
			"message": "guests may change what they wrote (AllowUserEditMessage is true)",
		},
		{
			"path": ["teams", "guestMessagingConfiguration", "AllowUserDeleteMessage"],
			"message": "guests may delete what they wrote (AllowUserDeleteMessage is true)",
		},
		{
			"path": ["teams", "guestMessagingConfiguration", "AllowUserDeleteChat"],
			"message": "guests may clear whole chats (AllowUserDeleteChat is true)",
		},
	} with input.teams as _open
	rule.unknowns == set() with input.teams as _open
}

test_what_was_decided_passes if {
	rule.findings == set() with input.teams as _narrow
	rule.unknowns == set() with input.teams as _narrow
}

test_guests_who_are_kept_out_can_do_nothing if {
	closed := {"clientConfiguration": {"AllowGuestUser": false}}
	every teams in [closed, object.union(_open, closed)] {
		every decision in ["allow", "deny"] {
			rule.findings == set() with input.teams as teams with data.settings.teams.guest_access as decision
			rule.unknowns == set() with input.teams as teams with data.settings.teams.guest_access as decision
		}
	}
}

test_guests_who_should_be_kept_out_are_reported_once if {
	rule.findings == {{
		"path": _master,
		"message": "guests may use Teams (AllowGuestUser is true)",
	}} with input.teams as _open
		with data.settings.teams.guest_access as "deny"
	rule.unknowns == set() with input.teams as object.filter(_open, ["clientConfiguration"])
		with data.settings.teams.guest_access as "deny"
}

test_the_denied_capabilities_are_a_setting if {
	rule.findings == {
		{
			"path": ["teams", "guestMeetingConfiguration", "AllowIPVideo"],
			"message": "guests may use video (AllowIPVideo is true)",
		},
		{
			"path": ["teams", "guestMessagingConfiguration", "AllowUserChat"],
			"message": "guests may chat (AllowUserChat is true)",
		},
	} with input.teams as _narrow
		with data.settings.teams.denied_guest_capabilities as ["chat", "video"]
	rule.findings == set() with input.teams as _with(_open, "guestMeetingConfiguration/ScreenSharingMode", "Disabled")
		with data.settings.teams.denied_guest_capabilities as []
}

test_screens_are_on_a_scale if {
	rule.findings == set() with input.teams as _with(_narrow, "guestMeetingConfiguration/ScreenSharingMode", "Disabled")
	rule.findings == {{
		"path": _screen,
		"message": "guests may show a window of their screens (ScreenSharingMode is SingleApplication)",
	}} with input.teams as _narrow
		with data.settings.teams.guest_screen_sharing as "Disabled"
	whole := _with(_narrow, "guestMeetingConfiguration/ScreenSharingMode", "EntireScreen")
	rule.findings == set() with input.teams as whole
		with data.settings.teams.guest_screen_sharing as "EntireScreen"
}

test_an_unheard_of_mode_is_unknown_unless_every_mode_will_do if {
	odd := _with(_narrow, "guestMeetingConfiguration/ScreenSharingMode", "Projector")
	rule.findings == set() with input.teams as odd
	rule.unknowns == {{
		"path": _screen,
		"message": "what guests may show of their screens is not known",
	}} with input.teams as odd
	rule.unknowns == set() with input.teams as odd with data.settings.teams.guest_screen_sharing as "EntireScreen"
}

test_what_was_not_read_is_unknown if {
	missing := {"clientConfiguration": {"AllowGuestUser": true}}
	rule.findings == set() with input.teams as missing
	count(rule.unknowns) == 6 with input.teams as missing
	rule.unknowns == {{
		"path": ["teams", "guestMessagingConfiguration", "AllowUserDeleteChat"],
		"message": "whether guests may clear whole chats is not known (AllowUserDeleteChat is neither true nor false)",
	}} with input.teams as _with(_narrow, "guestMessagingConfiguration/AllowUserDeleteChat", null)
}

test_a_master_switch_that_is_neither_is_unknown if {
	rule.findings == set() with input.teams as _with(_open, "clientConfiguration/AllowGuestUser", "maybe")
	rule.unknowns == {{
		"path": _master,
		"message": "AllowGuestUser has the value maybe, which this version does not know",
	}} with input.teams as _with(_open, "clientConfiguration/AllowGuestUser", "maybe")
}

test_a_missing_master_switch_is_never_a_finding_of_its_own if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
}
