package rules.entra.dynamic_guest_group_test

import data.rules.entra.dynamic_guest_group as rule

_place := ["tenant", "organization"]

_every := "(user.userType -eq \"Guest\")"

_some := "(user.userType -eq \"Guest\") -and (user.accountEnabled -eq true)"

_group(id, membership_rule, state) := {
	"id": id,
	"displayName": "Guests",
	"groupTypes": ["DynamicMembership"],
	"membershipRule": membership_rule,
	"membershipRuleProcessingState": state,
}

_said(groups) := said if {
	said := {"findings": rule.findings, "unknowns": rule.unknowns, "notes": rule.notes} with input as {"groups": groups}
		with data.settings.entra.dynamic_guest_group_required as true
}

_note(message) := {{"path": _place, "key": "g1", "message": $"group Guests (g1) {message}"}}

_none := {{"path": _place, "message": "no dynamic group takes in every guest"}}

test_a_tenant_without_such_a_group_is_reported if {
	_said([]) == {"findings": _none, "unknowns": set(), "notes": set()}
	assigned := {"id": "g1", "displayName": "Guests", "groupTypes": [], "membershipRule": null}
	_said([assigned]) == {"findings": _none, "unknowns": set(), "notes": set()}
}

test_a_group_that_works_passes if {
	every text in [_every, "user.usertype -in ['guest']"] {
		_said([_group("g1", text, "On")]) == {"findings": set(), "unknowns": set(), "notes": set()}
	}
}

test_a_paused_group_is_not_enough if {
	_said([_group("g1", _every, "Paused")]) == {
		"findings": _none,
		"unknowns": set(),
		"notes": _note($"is paused: {_every}"),
	}
}

test_a_group_of_some_guests_is_not_enough if {
	_said([_group("g1", _some, "On")]) == {
		"findings": _none,
		"unknowns": set(),
		"notes": _note($"takes in some guests only: {_some}"),
	}
}

test_a_group_of_everybody_is_not_enough if {
	_said([_group("g1", "user.objectId -ne null", "On")]) == {"findings": _none, "unknowns": set(), "notes": set()}
}

test_one_that_works_is_enough if {
	_said([_group("g1", _every, "Paused"), _group("g2", _every, "On"), _group("g3", _every, null)]) == {
		"findings": set(),
		"unknowns": set(),
		"notes": _note($"is paused: {_every}"),
	}
}

test_a_group_that_cannot_be_read_is_unknown if {
	every state in [null, "Resting"] {
		_said([_group("g1", _every, state)]) == {
			"findings": set(),
			"unknowns": _note("does not tell whether it is kept up to date"),
			"notes": set(),
		}
	}
	_said([_group("g1", "user.userType -equals \"Guest\"", "On")]) == {
		"findings": set(),
		"unknowns": _note("has a rule that cannot be read"),
		"notes": set(),
	}
}

test_groups_that_were_not_read_are_unknown if {
	rule.findings == set() with input as {} with data.settings.entra.dynamic_guest_group_required as true
	rule.unknowns == {{
		"path": _place,
		"message": "the snapshot does not hold every group, and none of those there takes in every guest",
	}} with input as {} with data.settings.entra.dynamic_guest_group_required as true
}

test_it_is_not_asked_for_by_default if {
	rule.findings == set() with input as {"groups": []}
	rule.unknowns == set() with input as {}
	rule.not_applicable == {
		"no dynamic group of guests is asked for (entra.dynamic_guest_group_required)",
	} with input as {"groups": []}
	rule.not_applicable == set() with input as {"groups": []}
		with data.settings.entra.dynamic_guest_group_required as true
}
