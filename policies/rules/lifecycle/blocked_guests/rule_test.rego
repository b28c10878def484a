package rules.lifecycle.blocked_guests_test

import data.rules.lifecycle.blocked_guests as rule

_now := {"collectedAt": "2026-11-23T08:00:00Z"}

_guest := {
	"id": "g1",
	"userPrincipalName": "alice_fabrikam.com#EXT#@contoso.onmicrosoft.com",
	"userType": "Guest",
	"accountEnabled": false,
	"createdDateTime": "2024-01-01T08:00:00Z",
	"externalUserState": "Accepted",
	"externalUserStateChangeDateTime": "2024-01-02T08:00:00Z",
	"signInActivity": {
		"lastSuccessfulSignInDateTime": "2026-08-01T08:00:00Z",
		"lastSignInDateTime": "2026-09-01T08:00:00Z",
		"lastNonInteractiveSignInDateTime": null,
	},
}

_tried(time) := object.union(_guest, {"signInActivity": {"lastSignInDateTime": time}})

test_idle_blocked_guests_are_reported if {
	rule.findings == {{
		"path": ["guests", 0, "accountEnabled"],
		"message": "blocked, and without any activity for 83 days",
	}} with input.guests as [_guest] with input.collection as _now
	rule.unknowns == set() with input.guests as [_guest] with input.collection as _now
}

test_external_members_are_judged_alike if {
	count(rule.findings) == 1 with input.guests as [object.union(_guest, {"userType": "Member"})]
		with input.collection as _now
}

test_the_limit_is_exact if {
	rule.findings == set() with input.guests as [_tried("2026-10-24T08:00:00Z")] with input.collection as _now
	rule.findings == {{
		"path": ["guests", 0, "accountEnabled"],
		"message": "blocked, and without any activity for 30 days",
	}} with input.guests as [_tried("2026-10-24T07:59:59Z")] with input.collection as _now
}

test_a_setting_moves_the_limit if {
	rule.findings == set() with input.guests as [_guest] with input.collection as _now
		with data.settings.guests.disabled_days as 90
}

test_a_young_account_passes if {
	answered := object.union(_guest, {"externalUserStateChangeDateTime": "2026-11-20T08:00:00Z"})
	young := object.remove(answered, ["signInActivity"])
	rule.findings == set() with input.guests as [young] with input.collection as _now
}

test_enabled_accounts_pass if {
	guests := [object.union(_guest, {"accountEnabled": true})]
	rule.findings == set() with input.guests as guests with input.collection as _now
	rule.unknowns == set() with input.guests as guests with input.collection as _now
}

test_an_idle_account_that_may_be_blocked_is_unknown if {
	guests := [
		object.remove(_guest, ["accountEnabled"]),
		object.union(_guest, {"accountEnabled": null}),
		object.union(_tried("2026-11-20T08:00:00Z"), {"accountEnabled": null}),
	]
	rule.findings == set() with input.guests as guests with input.collection as _now
	rule.unknowns == {{
		"path": ["guests", i],
		"message": "idle, and the snapshot does not tell whether the account is blocked",
	} |
		some i in [0, 1]
	} with input.guests as guests with input.collection as _now
	rule.unknowns == set() with input.guests as guests with input.collection as _now
		with data.settings.guests.exempt as ["g1"]
}

test_exempt_guests_are_left_alone if {
	rule.findings == set() with input.guests as [_guest] with input.collection as _now
		with data.settings.guests.exempt as ["g1"]
}

test_an_unreadable_time_is_unknown_unless_another_is_recent if {
	guests := [
		_tried("then"),
		{"id": "g2", "accountEnabled": false},
		object.union(_tried("then"), {"createdDateTime": "2026-11-20T08:00:00Z"}),
	]
	rule.findings == set() with input.guests as guests with input.collection as _now
	rule.unknowns == {{
		"path": ["guests", i],
		"message": "blocked, but no readable time tells how long it has been idle",
	} |
		some i in [0, 1]
	} with input.guests as guests with input.collection as _now
}
