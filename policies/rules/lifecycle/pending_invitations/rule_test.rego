package rules.lifecycle.pending_invitations_test

import data.rules.lifecycle.pending_invitations as rule

_now := {"collectedAt": "2026-11-23T08:00:00Z"}

_invited(since) := {
	"id": "g1",
	"userPrincipalName": "alice_fabrikam.com#EXT#@contoso.onmicrosoft.com",
	"userType": "Guest",
	"createdDateTime": "2024-01-01T08:00:00Z",
	"externalUserState": "PendingAcceptance",
	"externalUserStateChangeDateTime": since,
}

test_old_invitations_are_reported if {
	rule.findings == {{
		"path": ["guests", 0, "externalUserStateChangeDateTime"],
		"message": "invitation unanswered since 2026-10-01, 53 days ago",
	}} with input.guests as [_invited("2026-10-01T08:00:00Z")] with input.collection as _now
	rule.unknowns == set() with input.guests as [_invited("2026-10-01T08:00:00Z")] with input.collection as _now
}

test_the_creation_counts_where_nothing_else_is_told if {
	rule.findings == {{
		"path": ["guests", 0, "createdDateTime"],
		"message": "invitation unanswered since 2024-01-01, 1057 days ago",
	}} with input.guests as [_invited(null)] with input.collection as _now
}

test_invited_members_are_judged_alike if {
	member := object.union(_invited("2026-10-01T08:00:00Z"), {"userType": "Member"})
	count(rule.findings) == 1 with input.guests as [member] with input.collection as _now
}

test_the_limit_is_exact if {
	rule.findings == set() with input.guests as [_invited("2026-10-24T08:00:00Z")] with input.collection as _now
	rule.findings == {{
		"path": ["guests", 0, "externalUserStateChangeDateTime"],
		"message": "invitation unanswered since 2026-10-24, 30 days ago",
	}} with input.guests as [_invited("2026-10-24T07:59:59Z")] with input.collection as _now
}

test_a_setting_moves_the_limit if {
	guests := [_invited("2026-11-10T08:00:00Z")]
	rule.findings == set() with input.guests as guests with input.collection as _now
	count(rule.findings) == 1 with input.guests as guests with input.collection as _now
		with data.settings.guests.pending_invitation_days as 7
}

test_answered_invitations_pass if {
	accepted := object.union(_invited("2024-01-01T08:00:00Z"), {"externalUserState": "Accepted"})
	internal := object.union(accepted, {"externalUserState": null})
	rule.findings == set() with input.guests as [accepted, internal] with input.collection as _now
	rule.unknowns == set() with input.guests as [accepted, internal] with input.collection as _now
}

test_a_state_that_was_not_read_is_unknown if {
	unread := object.remove(_invited("2024-01-01T08:00:00Z"), ["externalUserState"])
	rule.findings == set() with input.guests as [unread] with input.collection as _now
	rule.unknowns == {{
		"path": ["guests", 0],
		"message": "the snapshot does not tell whether an invitation is unanswered",
	}} with input.guests as [unread] with input.collection as _now
}

test_an_unreadable_time_is_unknown if {
	guests := [_invited("soon"), object.remove(_invited(null), {"createdDateTime"})]
	rule.findings == set() with input.guests as guests with input.collection as _now
	rule.unknowns == {{
		"path": ["guests", i],
		"message": "no readable time tells since when the invitation is unanswered",
	} |
		some i in [0, 1]
	} with input.guests as guests with input.collection as _now
}

test_a_state_unheard_of_is_unknown if {
	odd := object.union(_invited("2024-01-01T08:00:00Z"), {"externalUserState": "Revoked"})
	rule.findings == set() with input.guests as [odd] with input.collection as _now
	rule.unknowns == {{
		"path": ["guests", 0, "externalUserState"],
		"message": "externalUserState has the value Revoked, which this version does not know",
	}} with input.guests as [odd] with input.collection as _now
}
