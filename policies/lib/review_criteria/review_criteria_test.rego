package lib.review_criteria_test

import data.lib.review_criteria

_good := {
	"id": "r1",
	"status": "InProgress",
	"reviewers": [{"query": "./owners"}],
	"settings": {
		"mailNotificationsEnabled": true,
		"reminderNotificationsEnabled": true,
		"justificationRequiredOnApproval": true,
		"defaultDecisionEnabled": true,
		"defaultDecision": "Deny",
		"autoApplyDecisionsEnabled": true,
		"instanceDurationInDays": 14,
		"applyActions": [{"@odata.type": "#microsoft.graph.removeAccessApplyAction"}],
		"recurrence": {
			"pattern": {"type": "absoluteMonthly", "interval": 1},
			"range": {"type": "noEnd", "startDate": "2026-01-01"},
		},
	},
}

_limits := {"max_interval_days": 31, "max_duration_days": 14, "self_review_allowed": false}

_with(path, value) := json.patch(_good, [{"op": "add", "path": path, "value": value}])

_lack(steps, message) := {{"steps": steps, "message": message}}

test_a_good_review_lacks_nothing if {
	review_criteria.lacks(_good, _limits) == set()
	review_criteria.questions(_good) == set()
}

test_a_stopped_review_is_one_lack if {
	review_criteria.lacks(_with("status", "Completed"), _limits) == _lack(
		["status"],
		"the review is not running (status is Completed)",
	)
	review_criteria.lacks(_with("status", null), _limits) == _lack(
		["status"],
		"the review is not running (status is null)",
	)
}

test_a_status_unheard_of_is_a_question if {
	review_criteria.lacks(_with("status", "Paused"), _limits) == set()
	review_criteria.questions(_with("status", "Paused")) == _lack(
		["status"],
		"status has the value Paused, which this version does not know",
	)
}

test_each_switch_is_a_lack_of_its_own if {
	off := json.patch(_good, [{"op": "add", "path": $"settings/{name}", "value": value} |
		some name, value in {
			"mailNotificationsEnabled": false,
			"reminderNotificationsEnabled": null,
			"justificationRequiredOnApproval": false,
			"autoApplyDecisionsEnabled": false,
			"defaultDecisionEnabled": false,
		}
	])
	review_criteria.lacks(off, _limits) == {
		{
			"steps": ["settings", "mailNotificationsEnabled"],
			"message": "reviewers get no mail (mailNotificationsEnabled is false)",
		},
		{
			"steps": ["settings", "reminderNotificationsEnabled"],
			"message": "reviewers get no reminder (reminderNotificationsEnabled is null)",
		},
		{
			"steps": ["settings", "justificationRequiredOnApproval"],
			"message": "approvals need no reason (justificationRequiredOnApproval is false)",
		},
		{
			"steps": ["settings", "autoApplyDecisionsEnabled"],
			"message": "decisions are not applied by themselves (autoApplyDecisionsEnabled is false)",
		},
		{
			"steps": ["settings", "defaultDecisionEnabled"],
			"message": "guests whom nobody reviews keep their access (defaultDecisionEnabled is false)",
		},
	}
}

test_nothing_said_lacks_everything if {
	{lack.steps | some lack in review_criteria.lacks({"id": "r2"}, _limits)} == {
		["status"],
		["reviewers"],
		["settings", "mailNotificationsEnabled"],
		["settings", "reminderNotificationsEnabled"],
		["settings", "justificationRequiredOnApproval"],
		["settings", "autoApplyDecisionsEnabled"],
		["settings", "defaultDecisionEnabled"],
		["settings", "instanceDurationInDays"],
		["settings", "recurrence"],
	}
}

test_another_default_decision_is_a_lack if {
	review_criteria.lacks(_with("settings/defaultDecision", "Recommendation"), _limits) == _lack(
		["settings", "defaultDecision"],
		"guests whom nobody reviews are not removed (defaultDecision is Recommendation)",
	)
	review_criteria.lacks(_with("settings/defaultDecision", null), _limits) == _lack(
		["settings", "defaultDecision"],
		"guests whom nobody reviews are not removed (defaultDecision is null)",
	)
}

test_a_single_review_is_a_lack if {
	review_criteria.lacks(_with("settings/recurrence", null), _limits) == _lack(
		["settings", "recurrence"],
		"the review does not come back",
	)
	once := {"pattern": null, "range": {"type": "numbered", "startDate": "2026-01-01", "numberOfOccurrences": 0}}
	review_criteria.lacks(_with("settings/recurrence", once), _limits) == _lack(
		["settings", "recurrence"],
		"the review does not come back",
	)
}

test_the_interval_has_a_limit if {
	quarterly := _with("settings/recurrence/pattern/interval", 3)
	review_criteria.lacks(quarterly, _limits) == _lack(
		["settings", "recurrence", "pattern"],
		"up to 92 days pass between two reviews; 31 are allowed",
	)
	review_criteria.lacks(quarterly, object.union(_limits, {"max_interval_days": 92})) == set()
	review_criteria.lacks(_with("settings/recurrence/pattern", {"type": "weekly", "interval": 1}), _limits) == set()
}

test_a_pattern_unheard_of_is_a_question if {
	yearly := _with("settings/recurrence/pattern", {"type": "absoluteYearly", "interval": 1})
	review_criteria.lacks(yearly, _limits) == set()
	review_criteria.questions(yearly) == _lack(
		["settings", "recurrence", "pattern"],
		"the pattern absoluteYearly with interval 1 is not known to this version",
	)
}

test_a_series_that_is_over_is_a_lack if {
	over := _with("settings/recurrence/range", {"type": "endDate", "endDate": "2026-01-01"})
	review_criteria.lacks(over, _limits) == _lack(
		["settings", "recurrence", "range"],
		"the series has no further reviews",
	) with input.collection as {"collectedAt": "2026-11-23T08:00:00Z"}
}

test_a_range_unheard_of_is_a_question if {
	review_criteria.questions(_with("settings/recurrence/range/type", "forever")) == _lack(
		["settings", "recurrence", "range"],
		"the series ends in a way that this version does not know (forever)",
	)
}

test_the_duration_has_limits if {
	review_criteria.lacks(_with("settings/instanceDurationInDays", 15), _limits) == _lack(
		["settings", "instanceDurationInDays"],
		"a review stays open for 15 days; 1 to 14 are allowed",
	)
	review_criteria.lacks(_with("settings/instanceDurationInDays", 0), _limits) == _lack(
		["settings", "instanceDurationInDays"],
		"a review stays open for 0 days; 1 to 14 are allowed",
	)
	review_criteria.lacks(_with("settings/instanceDurationInDays", 1), _limits) == set()
	longer := object.union(_limits, {"max_duration_days": 30})
	review_criteria.lacks(_with("settings/instanceDurationInDays", 30), longer) == set()
}

test_stages_replace_the_duration_and_the_reviewers if {
	stages := [{"durationInDays": 10, "reviewers": []}, {"durationInDays": 10, "reviewers": []}]
	review_criteria.lacks(_with("stageSettings", stages), _limits) == {
		{
			"steps": ["stageSettings", 0, "durationInDays"],
			"message": "a review stays open for 20 days; 1 to 14 are allowed",
		},
		{"steps": ["stageSettings"], "message": "guests decide about their own access"},
	}
	untold := [{"reviewers": [{"query": "./owners"}]}]
	review_criteria.lacks(_with("stageSettings", untold), _limits) == _lack(
		["stageSettings", 0, "durationInDays"],
		"the snapshot does not say how long a review stays open",
	)
}

test_self_review_is_a_decision if {
	review_criteria.lacks(_with("reviewers", []), _limits) == _lack(
		["reviewers"],
		"guests decide about their own access",
	)
	review_criteria.lacks(_with("reviewers", []), object.union(_limits, {"self_review_allowed": true})) == set()
}

test_an_action_unheard_of_is_a_question if {
	review_criteria.questions(_with("settings/applyActions", [{"@odata.type": "#microsoft.graph.someAction"}])) == _lack(
		["settings", "applyActions"],
		"what happens when access is denied is not known to this version",
	)
	review_criteria.questions(_with("settings/applyActions", [])) == set()
	review_criteria.questions(_with("settings/applyActions", null)) == set()
}

test_who_is_reviewed_is_said if {
	limits := object.union(_limits, {"whom": "administrators"})
	review_criteria.lacks(_with("reviewers", []), limits) == _lack(
		["reviewers"],
		"administrators decide about their own access",
	)
	review_criteria.lacks(_with("settings/defaultDecisionEnabled", false), limits) == _lack(
		["settings", "defaultDecisionEnabled"],
		"administrators whom nobody reviews keep their access (defaultDecisionEnabled is false)",
	)
}

test_those_without_an_answer_may_keep_access_where_that_is_said if {
	limits := object.union(_limits, {"unanswered_may_keep": true})
	review_criteria.lacks(_with("settings/defaultDecisionEnabled", false), limits) == set()
	review_criteria.lacks(_with("settings/defaultDecision", "None"), limits) == set()
	count(review_criteria.lacks(_with("settings/autoApplyDecisionsEnabled", false), limits)) == 1
}

_off := _with("settings/mailNotificationsEnabled", false)

_mail := {
	"steps": ["settings", "mailNotificationsEnabled"],
	"message": "reviewers get no mail (mailNotificationsEnabled is false)",
}

_status := {"steps": ["status"], "message": "status has the value Paused, which this version does not know"}

test_the_best_reviews_are_looked_at if {
	worse := json.patch(_off, [{"op": "add", "path": "reviewers", "value": []}])
	review_criteria.shortcomings({0: worse, 2: _off}, _limits) == {object.union(_mail, {"at": 2})}
	review_criteria.shortcomings({0: _off, 1: _off}, _limits) == {object.union(_mail, {"at": i}) | some i in [0, 1]}
	review_criteria.shortcomings({0: worse, 2: _good}, _limits) == set()
	review_criteria.shortcomings({}, _limits) == set()
}

test_one_review_beyond_doubt_settles_it if {
	paused := _with("status", "Paused")
	review_criteria.doubts({0: _off, 3: paused}, _limits) == {object.union(_status, {"at": 3})}
	review_criteria.doubts({0: _good, 3: paused}, _limits) == set()
	review_criteria.doubts({}, _limits) == set()
}

_guests := [{"id": "x1", "userType": "Guest"}, {"id": "x2", "userType": "Member"}]

_groups := [
	{"id": "g1", "externalMembers": [], "memberGroups": []},
	{"id": "g2", "externalMembers": ["x1"], "memberGroups": []},
	{"id": "g3", "externalMembers": [], "memberGroups": ["g2"]},
	{"id": "g4", "externalMembers": [], "memberGroups": []},
]

_document := {
	"guests": _guests,
	"groups": _groups,
	"governance": {"pim": {"groupEligibility": [{"groupId": "g4", "principalId": "x2", "accessId": "member"}]}},
}

test_a_reviewer_from_outside_is_a_lack if {
	groups := ["/groups/g2/members", "/groups/g3/transitiveMembers", "/groups/g4/members"]
	every query in array.concat(groups, ["/users/x1", "/v1.0/users/X2"]) {
		every list in ["reviewers", "fallbackReviewers"] {
			review := _with(list, [{"query": "/users/u1"}, {"query": query}])
			review_criteria.lacks(review, _limits) == _lack(
				[list, 1],
				"somebody from outside is among the reviewers",
			) with input as _document
			review_criteria.questions(review) == set() with input as _document
		}
	}
	staged := _with("stageSettings", [
		{"durationInDays": 3, "reviewers": [{"query": "./owners"}]},
		{"durationInDays": 3, "reviewers": [{"scopeType": "user", "reviewerId": "X1"}]},
	])
	review_criteria.lacks(staged, _limits) == _lack(
		["stageSettings", 1, "reviewers", 0],
		"somebody from outside is among the reviewers",
	) with input as _document
}

test_reviewers_of_the_organisation_are_no_lack if {
	every query in [
		"/users/u1", "/groups/g1/members", "/groups/g1", "./manager", "./owners", "./sponsors", "/groups/g2/owners",
		"/groups/g2/owners?$filter=microsoft.graph.user/userType eq 'Member'",
	] {
		review_criteria.lacks(_with("reviewers", [{"query": query}]), _limits) == set() with input as _document
		review_criteria.questions(_with("reviewers", [{"query": query}])) == set() with input as _document
	}
}

test_reviewers_by_their_relation_are_no_lack if {
	every kind in ["manager", "sponsor", "managerOrSponsor", "resourceOwner"] {
		review_criteria.lacks(_with("reviewers", [{"scopeType": kind}]), _limits) == set() with input as _document
		review_criteria.questions(_with("reviewers", [{"scopeType": kind}])) == set() with input as _document
	}
}

test_reviewers_that_cannot_be_read_are_a_question if {
	asked := _lack(["reviewers", 0], "whether somebody from outside is among the reviewers is not known")
	every reviewer in [
		{}, {"query": null}, {"query": ""}, {"scopeType": "user"}, {"scopeType": "group", "reviewerId": null},
		{"scopeType": "zzz", "reviewerId": "u1"}, {"query": "./members"}, {"query": "/users"},
		{"query": "/users?$filter=userType eq 'Guest'"}, {"query": "/users/u1/manager"},
		{"query": "/users/adele.vance@contoso.com"}, {"query": "/groups/g1/members/microsoft.graph.group"},
	] {
		review_criteria.lacks(_with("reviewers", [reviewer]), _limits) == set() with input as _document
		review_criteria.questions(_with("reviewers", [reviewer])) == asked with input as _document
	}
	by_name := _with("reviewers", [{"query": "/users/adele.vance_fabrikam.com%23EXT%23@contoso.onmicrosoft.com"}])
	review_criteria.lacks(by_name, _limits) == _lack(
		["reviewers", 0],
		"somebody from outside is among the reviewers",
	) with input as _document
}

test_reviewers_who_cannot_be_looked_up_are_a_question if {
	asked := _lack(["reviewers", 0], "whether somebody from outside is among the reviewers is not known")
	every query, missing in {"/users/u1": "guests", "/groups/g1/members": "groups", "/groups/g9/members": "governance"} {
		review := _with("reviewers", [{"query": query}])
		document := object.remove(_document, [missing])
		review_criteria.lacks(review, _limits) == set() with input as document
		review_criteria.questions(review) == asked with input as document
	}
}
