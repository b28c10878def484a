package rules.governance.review_evidence_test

import data.rules.governance.review_evidence as rule

_definition := {
	"id": "d1",
	"status": "InProgress",
	"scope": {"query": "./members/microsoft.graph.user/?$filter=(userType eq 'Guest')"},
	"instanceEnumerationScope": {"query": "/groups?$filter=(groupTypes/any(c:c eq 'Unified'))"},
	"settings": {"recurrence": {
		"pattern": {"type": "absoluteMonthly", "interval": 1},
		"range": {"type": "noEnd", "startDate": "2026-01-05"},
	}},
}

# Now is 2026-11-20T08:00:00Z: what counts ended on 2026-10-06T08:00:00Z or later.
_instance := {
	"id": "i1",
	"definitionId": "d1",
	"status": "Applied",
	"startDateTime": "2026-11-01T08:00:00Z",
	"endDateTime": "2026-11-08T08:00:00Z",
}

_row := {
	"id": "i1",
	"definitionId": "d1",
	"total": 20,
	"decisions": {"Approve": 17, "Deny": 2, "DontKnow": 1},
	"applyResults": {"AppliedSuccessfully": 1, "AppliedSuccessfullyButObjectNotFound": 1},
	"unanswered": 1,
	"justified": 19,
	"reviewers": 2,
	"reviewerIds": ["u1", "u2"],
	"self": 0,
	"externalPrincipals": 20,
}

_snapshot(definitions, instances, rows) := {
	"collection": {"collectedAt": "2026-11-20T08:00:00Z"},
	"guests": [{"id": "x1", "userType": "Guest"}],
	"governance": {"accessReviews": {"definitions": definitions, "instances": instances, "decisions": rows}},
}

_found(definitions, instances, rows) := found if {
	found := rule.findings with input as _snapshot(definitions, instances, rows)
}

_open(definitions, instances, rows) := open if {
	open := rule.unknowns with input as _snapshot(definitions, instances, rows)
}

_found_of(change) := _found([_definition], [_instance], [object.union(_row, change)])

_open_of(change) := _open([_definition], [_instance], [object.union(_row, change)])

_found_in(change) := _found([_definition], [object.union(_instance, change)], [_row])

_open_in(change) := _open([_definition], [object.union(_instance, change)], [_row])

_definitions := ["governance", "accessReviews", "definitions"]

_at_instance(i, message) := {{"path": ["governance", "accessReviews", "instances", i], "message": message}}

_at_definition(key, message) := {{
	"path": ["governance", "accessReviews", "definitions", 0],
	"key": key,
	"message": message,
}}

_none := _at_definition("completed", "no review was completed within 45 days")

test_reviews_that_took_place_pass if {
	_found([_definition], [_instance], [_row]) == set()
	_open([_definition], [_instance], [_row]) == set()
	rule.notes == {{
		"path": ["governance", "accessReviews", "definitions", 0],
		"message": concat("", [
			"completed within 45 days: 1 reviews, the last on 2026-11-08, with 20 questions, 1 unanswered, 2 denied,",
			" 19 with a reason, 2 reviewers",
		]),
	}} with input as _snapshot([_definition], [_instance], [_row])
}

test_no_running_review_is_reported if {
	nothing := {{
		"path": _definitions,
		"message": "no access review of guests is running, so nothing is documented",
	}}
	_found([], [], []) == nothing
	_found([object.union(_definition, {"status": "Completed"})], [_instance], [_row]) == nothing
	_found([object.union(_definition, {"scope": {"query": "/groups/g1/owners"}})], [_instance], [_row]) == nothing
	_open([], [], []) == set()
}

test_a_review_of_roles_is_none_of_guests if {
	roles := {
		"principalScopes": [{"query": "/users"}],
		"resourceScopes": [{"query": "/roleManagement/directory/roleDefinitions/r1"}],
	}
	rest := object.remove(_definition, {"scope", "instanceEnumerationScope", "id"})
	review := object.union(rest, {"id": "d2", "scope": roles})
	_found([_definition, review], [_instance], [_row]) == set()
	count(_found([review], [], [])) == 1
}

test_missing_reviews_are_never_a_finding_of_their_own if {
	rule.findings == set() with input as {"collection": {"collectedAt": "2026-11-20T08:00:00Z"}}
	rule.unknowns == set() with input as {"collection": {"collectedAt": "2026-11-20T08:00:00Z"}}
}

test_a_review_of_one_group_is_judged_too if {
	one := object.union(_definition, {"scope": {"query": "/groups/g1/members/microsoft.graph.user"}})
	_found([one], [], []) == _none
}

test_evidence_has_an_age if {
	_found_in({"endDateTime": "2026-10-06T08:00:00Z"}) == set()
	_found_in({"endDateTime": "2026-10-06T07:59:59Z"}) == _none
	_open_in({"endDateTime": "2026-10-06T07:59:59Z"}) == set()
	rule.findings == set() with input as _snapshot(
		[_definition],
		[object.union(_instance, {"endDateTime": "2026-10-01T08:00:00Z"})],
		[_row],
	)
		with data.settings.access_reviews.max_evidence_age_days as 60
}

_started(day) := json.patch(_definition, [{
	"op": "replace",
	"path": "settings/recurrence/range/startDate",
	"value": day,
}])

test_a_new_series_without_evidence_is_unknown if {
	every start in ["2026-10-06", "2026-12-01"] {
		new := _started(start)
		_found([new], [], []) == set()
		_open([new], [], []) == {{
			"path": array.concat(_definitions, [0]),
			"message": "the series is too new to have been completed",
		}}
	}
	_found([_started("2026-10-05")], [], []) == _none
}

test_a_series_that_does_not_tell_its_start_is_unknown_without_instances if {
	untold := json.remove(_definition, ["settings/recurrence/range/startDate"])
	_found([untold], [], []) == set()
	count(_open([untold], [], [])) == 1
	old := object.union(_instance, {"endDateTime": "2026-01-08T08:00:00Z"})
	_found([untold], [old], []) == _none
}

test_a_review_that_is_overdue_is_reported if {
	_found_in({"status": "InProgress"}) == _none | _at_instance(
		0,
		"this review was due on 2026-11-08 and is not complete (status is InProgress)",
	)
	_found_in({"status": "InProgress", "endDateTime": "2026-11-18T07:00:00Z"}) == _none | _at_instance(
		0,
		"this review was due on 2026-11-18 and is not complete (status is InProgress)",
	)
	_found_in({"status": "Completing", "endDateTime": "2026-11-18T09:00:00Z"}) == _none
}

test_an_open_review_beside_a_completed_one_is_fine if {
	next := object.union(_instance, {"id": "i2", "status": "InProgress", "endDateTime": "2026-11-25T08:00:00Z"})
	_found([_definition], [_instance, next], [_row]) == set()
	_open([_definition], [_instance, next], [_row]) == set()
}

test_a_status_or_an_end_unheard_of_is_unknown if {
	message := "the snapshot does not tell whether and when this review was completed"
	every change in [
		{"status": "Paused"},
		{"status": null},
		{"endDateTime": null},
		{"endDateTime": "later"},
		{"endDateTime": "2026-11-20T08:00:01Z"},
	] {
		_found_in(change) == set()
		_open_in(change) == _at_instance(0, message)
	}
	odd := object.union(_instance, {"id": "i2", "status": "Paused"})
	_open([_definition], [_instance, odd], [_row]) == set()
}

test_decisions_that_are_not_told_are_unknown if {
	message := "the snapshot does not tell what was decided in this review"
	_open([_definition], [_instance], []) == _at_instance(0, message)
	every change in [{"total": null}, {"unanswered": 21}, {"total": 21}, {"decisions": null}] {
		_open_of(change) == _at_instance(0, message)
		_found_of(change) == set()
	}
	_open([_definition], [_instance], [_results({})]) == _at_instance(0, message)
	every name in object.keys(_row) - {"definitionId", "externalPrincipals", "reviewerIds"} {
		_open([_definition], [_instance], [object.remove(_row, {name})]) == _at_instance(0, message)
	}
}

test_unanswered_questions_have_a_limit if {
	_found_of({"unanswered": 2, "justified": 18}) == _at_definition(
		"unanswered",
		"nobody answered 2 of 20 questions (10 %); 5 % are allowed",
	)
	_found_of({"unanswered": 1}) == set()
	rule.findings == set() with input as _snapshot(
		[_definition],
		[_instance],
		[object.union(_row, {"unanswered": 2, "justified": 18})],
	)
		with data.settings.access_reviews.max_unanswered_percent as 10
}

test_answers_must_have_reasons if {
	_found_of({"justified": 18}) == _at_definition(
		"justified",
		"18 of 19 answers have a reason (94 %); 95 % must have one",
	)
	rule.findings == set() with input as _snapshot([_definition], [_instance], [object.union(_row, {"justified": 18})])
		with data.settings.access_reviews.min_justified_percent as 94
}

test_more_than_one_person_must_answer if {
	_found_of({"reviewers": 1, "reviewerIds": ["u1"]}) == _at_definition(
		"reviewers",
		"19 answers came from 1 reviewers; 2 are asked for",
	)
	single := object.union(_row, {"total": 1, "unanswered": 0, "justified": 1, "reviewers": 1, "reviewerIds": ["u1"]})
	_found([_definition], [_instance], [object.union(
		object.remove(single, {"decisions", "applyResults"}),
		{"decisions": {"Approve": 1}, "applyResults": {}},
	)]) == set()
}

_second := object.union(_instance, {"id": "i2"})

_two(first, second) := [object.union(_row, first), object.union(object.union(_row, {"id": "i2"}), second)]

test_a_reviewer_of_several_groups_counts_once if {
	one := {"reviewers": 1, "reviewerIds": ["u1"]}
	_found([_definition], [_instance, _second], _two(one, one)) == _at_definition(
		"reviewers",
		"38 answers came from 1 reviewers; 2 are asked for",
	)
	other := {"reviewers": 1, "reviewerIds": ["u2"]}
	_found([_definition], [_instance, _second], _two(one, other)) == set()
	_open([_definition], [_instance, _second], _two(one, other)) == set()
}

test_reviewers_who_are_not_told_may_be_one_person if {
	every untold in [{"reviewers": 1, "reviewerIds": null}, {"reviewers": 1, "reviewerIds": "u1"}] {
		rows := _two(untold, {"reviewers": 1, "reviewerIds": ["u2"]})
		_found([_definition], [_instance, _second], rows) == set()
		_open([_definition], [_instance, _second], rows) == _at_definition(
			"reviewers",
			"38 answers came from 1 to 2 reviewers; 2 are asked for",
		)
	}
	enough := [object.remove(row, {"reviewerIds"}) | some row in _two({}, {"reviewers": 1})]
	_found([_definition], [_instance, _second], enough) == set()
	_open([_definition], [_instance, _second], enough) == set()
	notes := rule.notes with input as _snapshot([_definition], [_instance, _second], enough)
	some note in notes
	endswith(note.message, ", 2 to 3 reviewers")
	few := [object.remove(row, {"reviewerIds"}) | some row in _two({"reviewers": 1}, {"reviewers": 0})]
	count(_found([_definition], [_instance, _second], few)) == 1
}

test_nobody_decides_about_oneself if {
	_found_of({"self": 1}) == _at_definition("self", "1 answers are by the person whose access it is")
	rule.findings == set() with input as _snapshot([_definition], [_instance], [object.union(_row, {"self": 1})])
		with data.settings.access_reviews.self_review_allowed as true
}

_results(results) := json.patch(_row, [{"op": "replace", "path": "applyResults", "value": results}])

test_denied_access_must_be_gone if {
	every result in ["AppliedWithUnknownFailure", "ApplyNotSupported", "New", "Applying"] {
		_found([_definition], [_instance], [_results({result: 1, "AppliedSuccessfully": 1})]) == _at_definition(
			"applied",
			"1 of 2 denials were not carried out",
		)
	}
}

test_what_is_not_applied_yet_is_unknown_for_a_week if {
	waiting := _results({"New": 2})
	message := "whether 2 denials were carried out is not known yet"
	week := object.union(_instance, {"endDateTime": "2026-11-12T09:00:00Z"})
	_found([_definition], [week], [waiting]) == set()
	_open([_definition], [week], [waiting]) == _at_instance(0, message)
	later := object.union(_instance, {"endDateTime": "2026-11-12T08:00:00Z"})
	_found([_definition], [later], [waiting]) == _at_definition("applied", "2 of 2 denials were not carried out")
	_open([_definition], [_instance], [_results({"Lost": 2})]) == _at_instance(0, message)
}

test_reviews_in_which_nothing_was_asked_show_nothing if {
	empty := {
		"id": "i1", "total": 0, "decisions": {}, "applyResults": {}, "unanswered": 0, "justified": 0,
		"reviewers": 0, "reviewerIds": [], "self": 0,
	}
	message := "no review asked about anybody, and external users are listed or not known"
	_found([_definition], [_instance], [empty]) == set()
	_open([_definition], [_instance], [empty]) == {{"path": _definitions, "message": message}}
	document := _snapshot([_definition], [_instance], [empty])
	count(rule.unknowns) == 1 with input as object.remove(document, {"guests"})
	nobody := object.union(object.remove(document, {"guests"}), {"guests": []})
	rule.unknowns == set() with input as nobody
	rule.findings == set() with input as nobody
	other := object.union(_definition, {"id": "d2"})
	second := object.union(_instance, {"id": "i2", "definitionId": "d2"})
	_open([_definition, other], [_instance, second], [empty, object.union(_row, {"id": "i2"})]) == set()
}
