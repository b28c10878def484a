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

_guest_group := {
	"id": "g1",
	"displayName": "All guests",
	"groupTypes": ["DynamicMembership"],
	"membershipRule": "(user.userType -eq \"Guest\")",
	"membershipRuleProcessingState": "On",
}

_of_group(action) := json.patch(_good, [
	{"op": "replace", "path": "scope/query", "value": "/groups/g1/transitiveMembers/microsoft.graph.user"},
	{"op": "remove", "path": "instanceEnumerationScope"},
	{
		"op": "replace",
		"path": "settings/applyActions",
		"value": [{"@odata.type": $"#microsoft.graph.{action}ApplyAction"}],
	},
])

_deleting := _of_group("disableAndDeleteUser")

_document(definitions, groups) := {"governance": {"accessReviews": {"definitions": definitions}}, "groups": groups}

_found(definitions, groups) := found if {
	found := rule.findings with input as _document(definitions, groups)
		with data.settings.access_reviews.guest_groups as ["G1"]
}

_open(definitions, groups) := open if {
	open := rule.unknowns with input as _document(definitions, groups)
		with data.settings.access_reviews.guest_groups as ["G1"]
}

test_a_review_of_a_group_of_all_guests_is_enough_if_it_deletes if {
	_found([_deleting], [_guest_group]) == set()
	_open([_deleting], [_guest_group]) == set()
	every action in ["removeAccess", "zzz"] {
		_found([_of_group(action)], [_guest_group]) == _nothing
		_open([_of_group(action)], [_guest_group]) == set()
	}
	rule.findings == _nothing with input as _document([_deleting], [_guest_group])
}

test_a_group_that_does_not_take_in_every_guest_is_none if {
	fabrikam := {"membershipRule": "user.userType -eq \"Guest\" and user.companyName -eq \"Fabrikam\""}
	every change in [{"membershipRuleProcessingState": "Paused"}, fabrikam, {"id": "g2"}] {
		_found([_deleting], [object.union(_guest_group, change)]) == _nothing
		_open([_deleting], [object.union(_guest_group, change)]) == set()
	}
}

test_a_group_that_may_take_in_every_guest_is_unknown if {
	untold := [object.union(_guest_group, {"membershipRuleProcessingState": null})]
	asked := {{
		"path": array.concat(_definitions, [0, "scope"]),
		"message": "whether the group in guest_groups takes in every guest is not known",
	}}
	_found([_deleting], untold) == set()
	_open([_deleting], untold) == asked
	_open([_deleting], null) == asked
	_open([_deleting, _good], untold) == set()
	_found([_deleting, _with("reviewers", [])], untold) == set()
	_open([_deleting, _with("reviewers", [])], untold) == asked
	mute := json.patch(_deleting, [{"op": "add", "path": "settings/mailNotificationsEnabled", "value": false}])
	count(_found([mute], untold)) == 1
	_open([mute], untold) == set()
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
