package lib.hole_test

import data.lib.hole

_near := {"name": "MFA", "clauses": [{"text": "excludes group 'Partners', 3 accounts"}]}

_hole(reach, place, near) := {"reach": reach, "text": "3 guests", "place": place, "near_misses": near, "reasons": []}

_empty := {"holes": [], "undecided": [], "assumptions": [], "more": false}

test_a_hole_is_reported_at_its_place if {
	answer := object.union(_empty, {"holes": [_hole("actual", ["a"], [_near]), _hole("open", ["a"], [])]})
	hole.findings(answer, "no MFA") == {{
		"path": ["a"],
		"message": concat("", [
			"no MFA: 'MFA' does not stop it, because it excludes group 'Partners', 3 accounts ",
			"(and 1 more at this place): 3 guests",
		]),
	}}
}

test_a_hole_that_no_policy_comes_near_to_says_so if {
	answer := object.union(_empty, {"holes": [_hole("open", ["a"], [])]})
	hole.findings(answer, "no MFA") == {{
		"path": ["a"],
		"message": "no MFA: no policy comes near: 3 guests",
	}}
}

test_a_latent_hole_is_a_note if {
	answer := object.union(_empty, {"holes": [_hole("latent", ["a"], [])], "more": true})
	hole.findings(answer, "no MFA") == set()
	hole.notes(answer, "no MFA") == {
		{
			"path": ["a"],
			"key": "3 guests",
			"message": "no MFA if a setting elsewhere changes: no policy comes near: 3 guests",
		},
		{
			"path": ["conditionalAccess", "policies"],
			"key": "more",
			"message": "there are further gaps that are not listed",
		},
	}
}

test_what_is_undecided_is_unknown if {
	one := object.union(_hole("open", ["a"], []), {"reasons": [{"text": "nobody knows"}]})
	hole.unknowns(object.union(_empty, {"undecided": [one]}), "no MFA") == {{
		"path": ["a"],
		"message": "no MFA may be possible for 3 guests: nobody knows",
	}}
	hole.unknowns(object.union(_empty, {"reason": "too many steps"}), "no MFA") == {{
		"path": ["conditionalAccess", "policies"],
		"message": "too many steps",
	}}
	hole.unknowns(_empty, "no MFA") == set()
}

test_assumptions_are_notes if {
	one := {"name": "A1", "value": "yes", "statement": "all means all", "date": "2026-08", "source": "https://x"}
	hole.notes(object.union(_empty, {"assumptions": [one]}), "no MFA") == {{
		"path": ["conditionalAccess", "policies"],
		"key": "A1",
		"message": "rests on A1=yes: all means all (2026-08, https://x)",
	}}
}

_locked(who, certain, policies) := {"reach": "open", "who": who, "certain": certain, "policies": policies}

_policy(index, blocks, alone) := {"index": index, "name": sprintf("P%d", [index]), "blocks": blocks, "alone": alone}

test_lock_outs_are_notes if {
	demands := _policy(1, false, true)
	answer := {"locked_out": array.concat(
		[_locked(who, true, [demands]) | some who in ["Ann", "Bob", "Cid", "Dan", "Eve", "Flo"]],
		[
			_locked("Gus", false, [_policy(3, true, false), demands]),
			_locked("another policy", true, [_policy(2, false, true)]),
			_locked("several policies", true, [_policy(1, false, false), _policy(2, false, false)]),
			_locked("blocked anyway", true, [demands, _policy(3, true, true)]),
			object.union(_locked("later", true, [demands]), {"reach": "latent"}),
		],
	)}
	place := ["conditionalAccess", "policies", 1, "grantControls"]
	hole.locked_out(answer, {1}) == {
		{"path": place, "key": "locks out", "message": "'P1' locks out: Ann; Bob; Cid; Dan; Eve; and 1 more"},
		{"path": place, "key": "may lock out", "message": "'P1' may lock out: Gus"},
	}
}

test_several_answers_are_one if {
	one := object.union(_empty, {
		"holes": [{"text": "Ann"}],
		"undecided": [{"text": "Bob"}],
		"more": true,
		"reason": "steps",
	})
	other := object.union(_empty, {"holes": [{"text": "Cid"}], "assumptions": [4], "reason": "steps"})
	hole.all({"in apps": one, "in browsers": other, "nowhere": _empty}) == {
		"holes": [{"text": "Ann; in apps"}, {"text": "Cid; in browsers"}],
		"undecided": [{"text": "Bob; in apps"}],
		"assumptions": [4],
		"more": true,
		"reason": "steps",
	}
	hole.all({"nowhere": _empty}) == object.union(_empty, {"reason": ""})
}

test_direct_connect_has_no_pages if {
	hole.kinds_with_pages(["internalGuest", "b2bDirectConnectUser"]) == ["internalGuest"]
}
