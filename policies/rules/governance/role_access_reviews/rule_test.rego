package rules.governance.role_access_reviews_test

import data.rules.governance.role_access_reviews as rule

_role := "62e90394-69f5-4237-9190-012177145e10"

_good := {
	"id": "r1",
	"status": "InProgress",
	"scope": {"query": $"/roleManagement/directory/roleDefinitions/{_role}"},
	"reviewers": [{"query": "/users/u1"}],
	"settings": {
		"mailNotificationsEnabled": true,
		"reminderNotificationsEnabled": true,
		"justificationRequiredOnApproval": true,
		"defaultDecisionEnabled": false,
		"defaultDecision": "None",
		"autoApplyDecisionsEnabled": true,
		"instanceDurationInDays": 4,
		"applyActions": [],
		"recurrence": {
			"pattern": {"type": "absoluteMonthly", "interval": 1},
			"range": {"type": "noEnd", "startDate": "2026-01-01"},
		},
	},
}

_with(path, value) := json.patch(_good, [{"op": "add", "path": path, "value": value}])

_settings := {
	"roles": [upper(_role)],
	"max_interval_days": 31,
	"max_duration_days": 4,
	"self_review_allowed": false,
	"unanswered_may_keep": true,
}

_path := ["governance", "accessReviews", "definitions"]

_names := [{"id": "r9"}, {"id": _role, "displayName": "Global Administrator"}]

_found(definitions) := found if {
	found := rule.findings with input.governance.accessReviews.definitions as definitions
		with input.guests as [{"id": "x1", "userType": "Guest"}]
		with input.roles.definitions as _names
		with data.settings.role_reviews as _settings
}

_open(definitions) := open if {
	open := rule.unknowns with input.governance.accessReviews.definitions as definitions
		with input.guests as [{"id": "x1", "userType": "Guest"}]
		with data.settings.role_reviews as _settings
}

_nothing := {{
	"path": _path,
	"key": _role,
	"message": $"no access review covers the role Global Administrator ({_role})",
}}

test_a_role_without_a_review_is_reported if {
	_found([]) == _nothing
	_found([_with("scope/query", "/roleManagement/directory/roleDefinitions/r2")]) == _nothing
	_open([]) == set()
}

test_a_role_without_a_name_is_reported_by_its_id if {
	rule.findings == {{
		"path": _path,
		"key": _role,
		"message": $"no access review covers the role {_role}",
	}} with input.governance.accessReviews.definitions as []
		with data.settings.role_reviews as _settings
}

test_every_role_of_the_default_list_is_asked_for if {
	count(rule.findings) == 6 with input.governance.accessReviews.definitions as []
	count(rule.findings) == 5 with input.governance.accessReviews.definitions as [_good]
}

test_missing_definitions_are_never_a_finding_of_their_own if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
}

test_a_reviewer_from_outside_is_reported if {
	_found([_with("/reviewers", [{"query": "./manager"}, {"query": "/v1.0/users/X1"}])]) == {{
		"path": array.concat(_path, [0, "reviewers", 1]),
		"message": "somebody from outside is among the reviewers",
	}}
}

test_a_good_review_passes if {
	_found([_good]) == set()
	_open([_good]) == set()
}

_instances(kind) := concat("", [
	$"/roleManagement/directory/role{kind}ScheduleInstances?$expand=principal&$filter=",
	$"(isof(principal,'microsoft.graph.user') and roleDefinitionId eq '{_role}')",
])

test_active_and_eligible_holders_may_have_reviews_of_their_own if {
	active := _with("scope/query", _instances("Assignment"))
	eligible := _with("scope/query", _instances("Eligibility"))
	_found([active, eligible]) == set()
	_found([active]) == {{
		"path": _path,
		"key": _role,
		"message": $"no access review covers those who can activate the role Global Administrator ({_role})",
	}}
	_found([eligible]) == {{
		"path": _path,
		"key": _role,
		"message": $"no access review covers those who hold the role Global Administrator ({_role})",
	}}
}

test_a_review_of_guests_alone_is_not_enough if {
	_found([_with("scope", {
		"principalScopes": [{"query": "/users?$filter=(userType eq 'Guest')"}],
		"resourceScopes": [{"query": _good.scope.query}],
	})]) == _nothing
}

test_every_lack_of_the_best_review_is_reported if {
	worse := json.patch(_with("reviewers", []), [{"op": "add", "path": "status", "value": "Completed"}])
	_found([worse, _with("settings/autoApplyDecisionsEnabled", false)]) == {{
		"path": array.concat(_path, [1, "settings", "autoApplyDecisionsEnabled"]),
		"message": "decisions are not applied by themselves (autoApplyDecisionsEnabled is false)",
	}}
	_found([_with("reviewers", [])]) == {{
		"path": array.concat(_path, [0, "reviewers"]),
		"message": "administrators decide about their own access",
	}}
}

test_the_limits_are_settings if {
	longer := _with("settings/instanceDurationInDays", 5)
	_found([longer]) == {{
		"path": array.concat(_path, [0, "settings", "instanceDurationInDays"]),
		"message": "a review stays open for 5 days; 1 to 4 are allowed",
	}}
	rule.findings == set() with input.governance.accessReviews.definitions as [longer]
		with data.settings.role_reviews as object.union(_settings, {"max_duration_days": 5})
	rule.findings == {{
		"path": array.concat(_path, [0, "settings", "defaultDecisionEnabled"]),
		"message": "administrators whom nobody reviews keep their access (defaultDecisionEnabled is false)",
	}} with input.governance.accessReviews.definitions as [_good]
		with data.settings.role_reviews as object.union(_settings, {"unanswered_may_keep": false})
}

test_a_status_unheard_of_is_unknown if {
	_found([_with("status", "Paused")]) == set()
	_open([_with("status", "Paused")]) == {{
		"path": array.concat(_path, [0, "status"]),
		"message": "status has the value Paused, which this version does not know",
	}}
}

test_a_scope_unheard_of_is_unknown_where_a_review_is_missing if {
	odd := _with("scope/query", "/roleManagement/directory/roleAssignmentScheduleInstances?$filter=(x eq 'y')")
	_found([odd]) == set()
	_open([odd]) == {{
		"path": array.concat(_path, [0, "scope"]),
		"message": "asks about directory roles in a way that this version does not know",
	}}
	_open([odd, _good]) == set()
}

test_no_role_in_the_list_means_not_applicable if {
	none := object.union(_settings, {"roles": []})
	rule.not_applicable == {"the list role_reviews.roles is empty"} with data.settings.role_reviews as none
	rule.not_applicable == set() with data.settings.role_reviews as _settings
}
