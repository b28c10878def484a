package lib.hole_test

import data.lib.hole

_near := {"name": "MFA", "clauses": [{"text": "excludes group 'Partners', 3 guests"}]}

_hole(reach, place, near) := {"reach": reach, "text": "3 guests", "place": place, "near_misses": near, "reasons": []}

_empty := {"holes": [], "undecided": [], "assumptions": [], "more": false}

test_a_hole_is_reported_at_its_place if {
	answer := object.union(_empty, {"holes": [_hole("actual", ["a"], [_near]), _hole("open", ["a"], [])]})
	hole.findings(answer, "no MFA") == {{
		"path": ["a"],
		"message": "no MFA: 3 guests; 'MFA' would stop it, but excludes group 'Partners', 3 guests (and 1 more gaps at this place)",
	}}
}

test_a_hole_that_no_policy_comes_near_to_says_so if {
	answer := object.union(_empty, {"holes": [_hole("open", ["a"], [])]})
	hole.findings(answer, "no MFA") == {{
		"path": ["a"],
		"message": "no MFA: 3 guests; no policy comes near to stopping it",
	}}
}

test_a_latent_hole_is_a_note if {
	answer := object.union(_empty, {"holes": [_hole("latent", ["a"], [])], "more": true})
	hole.findings(answer, "no MFA") == set()
	hole.notes(answer, "no MFA") == {
		{
			"path": ["a"],
			"key": "3 guests",
			"message": "no MFA if a setting elsewhere changes: 3 guests; no policy comes near to stopping it",
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

_locked(reach, certain, policy) := {
	"reach": reach,
	"certain": certain,
	"policies": [policy],
	"place": ["a"],
	"text": sprintf("%s %v", [reach, certain]),
}

test_lock_outs_are_notes if {
	demands := {"index": 1, "blocks": false, "pages": true}
	answer := {"locked_out": [
		_locked("open", true, demands),
		_locked("actual", false, demands),
		_locked("latent", true, demands),
		_locked("actual", true, {"index": 2, "blocks": false, "pages": true}),
		_locked("open", false, {"index": 1, "blocks": true, "pages": true}),
		_locked("open", false, {"index": 1, "blocks": false, "pages": false}),
	]}
	hole.locked_out(answer, {1}) == {
		{"path": ["a"], "key": "open true", "message": "nobody of these can sign in: open true"},
		{"path": ["a"], "key": "actual false", "message": "these may be unable to sign in: actual false"},
	}
}

test_several_answers_are_one if {
	one := object.union(_empty, {"holes": [{"text": "Ann"}], "undecided": [{"text": "Bob"}], "more": true, "reason": "steps"})
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
