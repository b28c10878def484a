package rules.lifecycle.inactive_guests_test

import data.rules.lifecycle.inactive_guests as rule

_now := {"collectedAt": "2026-11-23T08:00:00Z"}

_guest := {
	"id": "g1",
	"userPrincipalName": "alice_fabrikam.com#EXT#@contoso.onmicrosoft.com",
	"userType": "Guest",
	"accountEnabled": true,
	"createdDateTime": "2024-01-01T08:00:00Z",
	"externalUserState": "Accepted",
	"externalUserStateChangeDateTime": "2024-01-02T08:00:00Z",
	"signInActivity": {
		"lastSuccessfulSignInDateTime": "2026-01-05T10:00:00Z",
		"lastSignInDateTime": "2026-11-22T10:00:00Z",
		"lastNonInteractiveSignInDateTime": null,
	},
}

_signed_in(time) := object.union(_guest, {"signInActivity": {"lastSuccessfulSignInDateTime": time}})

_success(i) := ["guests", i, "signInActivity", "lastSuccessfulSignInDateTime"]

test_an_old_success_is_reported_whatever_was_tried_since if {
	rule.findings == {{
		"path": _success(0),
		"message": "last signed in on 2026-01-05, 321 days ago",
	}} with input.guests as [_guest] with input.collection as _now
	rule.unknowns == set() with input.guests as [_guest] with input.collection as _now
}

test_external_members_are_judged_alike if {
	rule.findings == {{
		"path": _success(1),
		"message": "last signed in on 2026-01-05, 321 days ago",
	}} with input.guests as [_signed_in("2026-11-20T08:00:00Z"), object.union(_guest, {"userType": "Member"})]
		with input.collection as _now
}

test_the_limit_is_exact if {
	rule.findings == set() with input.guests as [_signed_in("2026-08-25T08:00:00Z")] with input.collection as _now
	rule.findings == {{
		"path": _success(0),
		"message": "last signed in on 2026-08-25, 90 days ago",
	}} with input.guests as [_signed_in("2026-08-25T07:59:59Z")] with input.collection as _now
}

test_a_setting_moves_the_limit if {
	guests := [_signed_in("2026-10-01T08:00:00Z")]
	rule.findings == set() with input.guests as guests with input.collection as _now
	count(rule.findings) == 1 with input.guests as guests with input.collection as _now
		with data.settings.guests.inactive_days as 30
	rule.findings == set() with input.guests as [_guest] with input.collection as _now
		with data.settings.guests.inactive_days as 365
}

test_attempts_count_where_no_success_is_on_record if {
	unasked := json.remove(_guest, ["signInActivity/lastSuccessfulSignInDateTime"])
	rule.findings == set() with input.guests as [unasked] with input.collection as _now
	old := object.union(_guest, {"signInActivity": {
		"lastSuccessfulSignInDateTime": null,
		"lastSignInDateTime": "2023-05-01T08:00:00Z",
		"lastNonInteractiveSignInDateTime": "2023-05-02T08:00:00Z",
	}})
	rule.findings == {{
		"path": ["guests", 0, "signInActivity", "lastNonInteractiveSignInDateTime"],
		"message": "last tried to sign in through a program on 2023-05-02, 1301 days ago",
	}} with input.guests as [old] with input.collection as _now
	by_person := object.union(old, {"signInActivity": {"lastNonInteractiveSignInDateTime": null}})
	rule.findings == {{
		"path": ["guests", 0, "signInActivity", "lastSignInDateTime"],
		"message": "last tried to sign in on 2023-05-01, 1302 days ago",
	}} with input.guests as [by_person] with input.collection as _now
}

test_attempts_since_successes_are_kept_have_failed if {
	rule.findings == {{
		"path": ["guests", 0, "externalUserStateChangeDateTime"],
		"message": "no successful sign-in on record, invitation answered on 2024-01-02, 1056 days ago",
	}} with input.guests as [_signed_in(null)] with input.collection as _now
}

test_guests_who_never_signed_in_are_as_old_as_their_invitation if {
	never := object.remove(_guest, {"signInActivity"})
	rule.findings == {{
		"path": ["guests", 0, "externalUserStateChangeDateTime"],
		"message": "no successful sign-in on record, invitation answered on 2024-01-02, 1056 days ago",
	}} with input.guests as [never] with input.collection as _now
	rule.findings == {{
		"path": ["guests", 0, "createdDateTime"],
		"message": "no successful sign-in on record, created on 2024-01-01, 1057 days ago",
	}} with input.guests as [object.union(never, {"externalUserStateChangeDateTime": null})]
		with input.collection as _now
	young := object.union(never, {"externalUserStateChangeDateTime": "2026-11-01T08:00:00Z"})
	rule.findings == set() with input.guests as [young] with input.collection as _now
}

test_only_enabled_accounts_are_in_question if {
	rule.findings == set() with input.guests as [object.union(_guest, {"accountEnabled": false})]
		with input.collection as _now
	count(rule.findings) == 2 with input.collection as _now
		with input.guests as [object.union(_guest, {"accountEnabled": null}), object.remove(_guest, {"accountEnabled"})]
}

test_unanswered_invitations_belong_to_another_rule if {
	rule.findings == set() with input.guests as [object.union(_guest, {"externalUserState": "PendingAcceptance"})]
		with input.collection as _now
	count(rule.findings) == 1 with input.guests as [object.union(_guest, {"externalUserState": null})]
		with input.collection as _now
}

test_exempt_guests_are_left_alone if {
	rule.findings == set() with input.guests as [_guest] with input.collection as _now
		with data.settings.guests.exempt as ["g1"]
	rule.unknowns == set() with input.guests as [{"id": "g1"}] with input.collection as _now
		with data.settings.guests.exempt as ["g1"]
}

test_a_guest_without_a_readable_time_is_unknown if {
	guests := [{"id": "g1", "signInActivity": null, "createdDateTime": null}, _signed_in("yesterday"), {"id": "g3"}]
	rule.findings == set() with input.guests as guests with input.collection as _now
	rule.unknowns == {{
		"path": ["guests", i],
		"message": "no readable time tells when the account was last used",
	} |
		some i in [0, 1, 2]
	} with input.guests as guests with input.collection as _now
}

test_no_guests_pass if {
	rule.findings == set() with input.guests as [] with input.collection as _now
	rule.unknowns == set() with input.guests as [] with input.collection as _now
}

test_a_sign_in_to_come_is_unknown if {
	rule.findings == set() with input.guests as [_signed_in("2200-12-31T00:00:00Z")] with input.collection as _now
	rule.unknowns == {{
		"path": ["guests", 0],
		"message": "no readable time tells when the account was last used",
	}} with input.guests as [_signed_in("2200-12-31T00:00:00Z")] with input.collection as _now
}
