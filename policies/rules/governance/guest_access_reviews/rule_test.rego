package rules.governance.guest_access_reviews_test

import data.rules.governance.guest_access_reviews as rule

_good := {
	"id": "r1",
	"status": "InProgress",
	"scope": {"query": "./members/microsoft.graph.user/?$count=true&$filter=(userType eq 'Guest')"},
	"instanceEnumerationScope": {"query": "/groups?$filter=(groupTypes/any(c:c+eq+'Unified'))&$count=true"},
	"reviewers": [{"query": "./owners"}],
	"settings": {
		"mailNotificationsEnabled": true,
		"reminderNotificationsEnabled": true,
		"justificationRequiredOnApproval": true,
		"defaultDecisionEnabled": true,
		"defaultDecision": "Deny",
		"autoApplyDecisionsEnabled": true,
		"instanceDurationInDays": 14,
		"applyActions": [],
		"recurrence": {
			"pattern": {"type": "absoluteMonthly", "interval": 1},
			"range": {"type": "noEnd", "startDate": "2026-01-01"},
		},
	},
}

_with(path, value) := json.patch(_good, [{"op": "add", "path": path, "value": value}])

_definitions := ["governance", "accessReviews", "definitions"]

_nothing := {{
	"path": _definitions,
	"message": "no access review covers the guests of every Microsoft 365 group",
}}

test_no_review_is_reported if {
	rule.findings == _nothing with input.governance.accessReviews.definitions as []
	rule.unknowns == set() with input.governance.accessReviews.definitions as []
}

test_missing_definitions_are_never_a_finding_of_their_own if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
}

test_a_review_of_one_group_is_not_enough if {
	one := _with("scope/query", "/groups/g1/transitiveMembers/microsoft.graph.user")
	rule.findings == _nothing with input.governance.accessReviews.definitions as [one]
	rule.notes == {{
		"path": array.concat(_definitions, [0, "scope"]),
		"message": "covers guests, but not all of them",
	}} with input.governance.accessReviews.definitions as [one]
}

test_a_review_of_a_group_of_all_guests_is_enough if {
	one := _with("scope/query", "/groups/g1/transitiveMembers/microsoft.graph.user")
	rule.findings == set() with input.governance.accessReviews.definitions as [one]
		with data.settings.access_reviews.guest_groups as ["g1"]
}

test_a_review_of_inactive_guests_is_not_enough if {
	idle := _with("scope/inactiveDuration", "P30D")
	rule.findings == _nothing with input.governance.accessReviews.definitions as [idle]
}

test_one_good_review_passes if {
	rule.findings == set() with input.governance.accessReviews.definitions as [_good]
	rule.unknowns == set() with input.governance.accessReviews.definitions as [_good]
	rule.notes == {{
		"path": array.concat(_definitions, [0, "scope"]),
		"message": "does not ask about external members (userType Member)",
	}} with input.governance.accessReviews.definitions as [_good]
}

test_a_review_of_everybody_asks_about_external_members if {
	everybody := _with("scope/query", "./members/microsoft.graph.user")
	rule.findings == set() with input.governance.accessReviews.definitions as [everybody]
	rule.notes == set() with input.governance.accessReviews.definitions as [everybody]
}

test_a_good_review_beside_bad_ones_passes if {
	bad := _with("settings/autoApplyDecisionsEnabled", false)
	open := _with("status", "Paused")
	rule.findings == set() with input.governance.accessReviews.definitions as [bad, open, _good]
	rule.unknowns == set() with input.governance.accessReviews.definitions as [bad, open, _good]
}

test_every_lack_of_the_best_review_is_reported if {
	worst := json.patch(_with("settings/defaultDecisionEnabled", false), [
		{"op": "replace", "path": "status", "value": "Completed"},
		{"op": "replace", "path": "reviewers", "value": []},
	])
	better := json.patch(_with("settings/defaultDecision", "Approve"), [{
		"op": "replace",
		"path": "settings/instanceDurationInDays",
		"value": 25,
	}])
	rule.findings == {
		{
			"path": array.concat(_definitions, [1, "settings", "defaultDecision"]),
			"message": "guests whom nobody reviews are not removed (defaultDecision is Approve)",
		},
		{
			"path": array.concat(_definitions, [1, "settings", "instanceDurationInDays"]),
			"message": "a review stays open for 25 days; 1 to 14 are allowed",
		},
	} with input.governance.accessReviews.definitions as [worst, better]
}

test_reviews_that_lack_as_little_are_all_reported if {
	first := _with("settings/mailNotificationsEnabled", false)
	second := _with("settings/recurrence/pattern/interval", 3)
	rule.findings == {
		{
			"path": array.concat(_definitions, [0, "settings", "mailNotificationsEnabled"]),
			"message": "reviewers get no mail (mailNotificationsEnabled is false)",
		},
		{
			"path": array.concat(_definitions, [1, "settings", "recurrence", "pattern"]),
			"message": "up to 92 days pass between two reviews; 31 are allowed",
		},
	} with input.governance.accessReviews.definitions as [first, second]
	rule.findings == set() with input.governance.accessReviews.definitions as [first, second]
		with data.settings.access_reviews.max_interval_days as 92
}

test_self_review_is_reported_unless_allowed if {
	rule.findings == {{
		"path": array.concat(_definitions, [0, "reviewers"]),
		"message": "guests decide about their own access",
	}} with input.governance.accessReviews.definitions as [_with("reviewers", [])]
	rule.findings == set() with input.governance.accessReviews.definitions as [_with("reviewers", [])]
		with data.settings.access_reviews.self_review_allowed as true
}

test_a_longer_review_passes_where_allowed if {
	longer := _with("settings/instanceDurationInDays", 15)
	count(rule.findings) == 1 with input.governance.accessReviews.definitions as [longer]
	rule.findings == set() with input.governance.accessReviews.definitions as [longer]
		with data.settings.access_reviews.max_duration_days as 15
}

test_a_status_unheard_of_is_unknown if {
	bad := _with("settings/autoApplyDecisionsEnabled", false)
	rule.findings == set() with input.governance.accessReviews.definitions as [bad, _with("status", "Paused")]
	rule.unknowns == {{
		"path": array.concat(_definitions, [1, "status"]),
		"message": "status has the value Paused, which this version does not know",
	}} with input.governance.accessReviews.definitions as [bad, _with("status", "Paused")]
}

test_nulls_fail_closed if {
	nulls := object.union(_good, {"status": null, "settings": null})
	count(rule.findings) == 8 with input.governance.accessReviews.definitions as [object.union(nulls, {"reviewers": null})]
		with data.settings.access_reviews.self_review_allowed as true
}
