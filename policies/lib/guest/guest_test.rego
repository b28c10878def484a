package lib.guest_test

import data.lib.guest

_at(time) := {"collectedAt": time}

test_ages_are_counted_back_from_the_snapshot if {
	guest.now == 1795593600000000000 with input.collection as _at("2026-11-25T08:00:00Z")
	guest.age(guest.moment("2026-11-15T08:00:00Z")) == 10 with input.collection as _at("2026-11-25T08:00:00Z")
	guest.age(guest.moment("2026-11-15T08:00:01Z")) == 9 with input.collection as _at("2026-11-25T08:00:00Z")
	guest.days_ago(10) == guest.moment("2026-11-15T08:00:00Z") with input.collection as _at("2026-11-25T08:00:00Z")
}

test_the_zone_of_a_time_counts if {
	eight := 1794729600000000000
	guest.moment("2026-11-15T08:00:00Z") == eight with input.collection as _at("2026-11-25T08:00:00Z")
	guest.moment("2026-11-15T10:00:00+02:00") == eight with input.collection as _at("2026-11-25T08:00:00Z")
	guest.moment("2026-11-15T08:00:00.0000000Z") == eight with input.collection as _at("2026-11-25T08:00:00Z")
}

test_what_is_no_time_has_no_moment if {
	not _has_moment("/Date(1763193600000)/") with input.collection as _at("2026-11-25T08:00:00Z")
	not _has_moment("2026-11-15") with input.collection as _at("2026-11-25T08:00:00Z")
	not _has_moment("0001-01-01T00:00:00Z") with input.collection as _at("2026-11-25T08:00:00Z")
	not _has_moment("") with input.collection as _at("2026-11-25T08:00:00Z")
	not _has_moment(input.text) with input as {"text": null, "collection": _at("2026-11-25T08:00:00Z")}
}

test_a_time_to_come_has_no_moment if {
	_has_moment("2026-11-26T08:00:00Z") with input.collection as _at("2026-11-25T08:00:00Z")
	not _has_moment("2026-11-26T08:00:01Z") with input.collection as _at("2026-11-25T08:00:00Z")
	not _has_moment("2200-12-31T00:00:00Z") with input.collection as _at("2026-11-25T08:00:00Z")
}

_has_moment(text) if guest.moment(text)

_activity := {
	"lastSuccessfulSignInDateTime": "2026-01-01T00:00:00Z",
	"lastSignInDateTime": "2026-02-01T00:00:00Z",
	"lastNonInteractiveSignInDateTime": "2026-03-01T00:00:00Z",
}

_guest := {
	"signInActivity": _activity,
	"externalUserStateChangeDateTime": "2025-02-01T00:00:00Z",
	"createdDateTime": "2025-01-01T00:00:00Z",
}

test_a_successful_sign_in_goes_before_later_attempts if {
	guest.last_activity(_guest) == {
		"kind": "success",
		"path": ["signInActivity", "lastSuccessfulSignInDateTime"],
		"text": "2026-01-01T00:00:00Z",
	}
}

test_without_a_success_the_later_attempt_counts if {
	by_program := object.union(_guest, {"signInActivity": {
		"lastSuccessfulSignInDateTime": null,
		"lastSignInDateTime": "2023-10-01T00:00:00Z",
		"lastNonInteractiveSignInDateTime": "2023-11-30T23:59:59Z",
	}})
	guest.last_activity(by_program).kind == "client" with input.collection as _at("2026-11-25T08:00:00Z")
	guest.last_activity(by_program).text == "2023-11-30T23:59:59Z" with input.collection as _at("2026-11-25T08:00:00Z")
	by_person := object.union(by_program, {"signInActivity": {"lastNonInteractiveSignInDateTime": null}})
	guest.last_activity(by_person).kind == "attempt" with input.collection as _at("2026-11-25T08:00:00Z")
	unreadable := object.union(by_person, {"signInActivity": {"lastSignInDateTime": "yesterday"}})
	guest.last_activity(unreadable).path == ["signInActivity", "lastSignInDateTime"]
		with input.collection as _at("2026-11-25T08:00:00Z")
}

test_attempts_since_successes_are_kept_count_where_nobody_asked_for_successes if {
	failed := object.union(_guest, {"signInActivity": {
		"lastSuccessfulSignInDateTime": null,
		"lastNonInteractiveSignInDateTime": "2023-12-01T00:00:00Z",
	}})
	guest.last_activity(failed).kind == "state" with input.collection as _at("2026-11-25T08:00:00Z")
	unasked := json.remove(failed, ["signInActivity/lastSuccessfulSignInDateTime"])
	guest.last_activity(unasked).kind == "attempt" with input.collection as _at("2026-11-25T08:00:00Z")
}

test_a_single_attempt_counts if {
	guest.last_activity({"signInActivity": {"lastSignInDateTime": "2026-04-01T00:00:00Z"}}).kind == "attempt"
	guest.last_activity({"signInActivity": {
		"lastSignInDateTime": null,
		"lastNonInteractiveSignInDateTime": "2026-04-01T00:00:00Z",
	}}).kind == "client"
}

test_an_unreadable_time_is_not_passed_over if {
	unreadable := object.union(_guest, {"signInActivity": {"lastSuccessfulSignInDateTime": "yesterday"}})
	guest.last_activity(unreadable).text == "yesterday"
}

test_without_sign_ins_the_invitation_counts if {
	never := object.union(_guest, {"signInActivity": null})
	guest.last_activity(never) == guest.invited(_guest)
	guest.invited(_guest).kind == "state"
	guest.invited(_guest).path == ["externalUserStateChangeDateTime"]
	guest.invited({"createdDateTime": "2025-01-01T00:00:00Z", "externalUserStateChangeDateTime": null}) == {
		"kind": "created",
		"path": ["createdDateTime"],
		"text": "2025-01-01T00:00:00Z",
	}
}

test_without_any_time_there_is_no_activity if {
	not _has_activity({"id": "1", "createdDateTime": null})
	guest.signs_of_life({"id": "1", "signInActivity": null, "createdDateTime": null}) == []
}

_has_activity(account) if guest.last_activity(account)

test_signs_of_life_are_all_recorded_times if {
	count(guest.signs_of_life(_guest)) == 5
	{sign.kind | some sign in guest.signs_of_life(_guest)} == {"success", "attempt", "client", "state", "created"}
}

test_names_of_others_are_told_from_own_names if {
	guest.is_foreign("alice_fabrikam.com#EXT#@contoso.onmicrosoft.com")
	not guest.is_foreign("alice@contoso.com")
	guest.is_own("alice@contoso.com")
	not guest.is_own("alice_fabrikam.com#ext#@contoso.onmicrosoft.com")
	not guest.is_own(input.name) with input.name as null
	not guest.is_foreign(input.name) with input.name as null
}

test_the_domain_of_an_address_is_behind_its_last_at if {
	guest.domain("Alice@Fabrikam.COM") == "fabrikam.com"
	guest.domain("\"a@b\"@fabrikam.com") == "fabrikam.com"
	not _has_domain("alice")
	not _has_domain("alice@")
	not _has_domain("")
	not _has_domain(input.text) with input.text as null
}

_has_domain(address) if guest.domain(address)

test_the_home_domain_of_a_name_is_behind_its_last_underscore if {
	guest.domain_of_name("alice_fabrikam.com#EXT#@contoso.onmicrosoft.com") == "fabrikam.com"
	guest.domain_of_name("Alice_Van_Dyk_Sub.Fabrikam.com#ext#@contoso.onmicrosoft.com") == "sub.fabrikam.com"
}

test_a_name_without_a_home_tells_no_domain if {
	not _has_home("alice@contoso.com")
	not _has_home("alice#EXT#@contoso.onmicrosoft.com")
	not _has_home("alice_smith#EXT#@contoso.onmicrosoft.com")
	not _has_home("#EXT#@contoso.onmicrosoft.com")
	not _has_home(input.text) with input.text as null
}

_has_home(name) if guest.domain_of_name(name)
