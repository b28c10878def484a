package lib.access_review_test

import data.lib.access_review

# As in https://learn.microsoft.com/en-us/graph/accessreviews-scope-concept, example 5.
_all_groups := {
	"id": "r1",
	"status": "InProgress",
	"scope": {
		"@odata.type": "#microsoft.graph.accessReviewQueryScope",
		"query": "./members/microsoft.graph.user/?$count=true&$filter=(userType eq 'Guest')",
		"queryType": "MicrosoftGraph",
	},
	"instanceEnumerationScope": {
		"@odata.type": "#microsoft.graph.accessReviewQueryScope",
		"query": "/groups?$filter=(groupTypes/any(c:c+eq+'Unified'))&$count=true",
		"queryType": "MicrosoftGraph",
	},
	"reviewers": [{"query": "./owners", "queryType": "MicrosoftGraph"}],
	"stageSettings": [],
	"settings": {
		"instanceDurationInDays": 14,
		"recurrence": {
			"pattern": {"type": "absoluteMonthly", "interval": 1},
			"range": {"type": "noEnd", "startDate": "2026-01-01", "endDate": null, "numberOfOccurrences": 0},
		},
	},
}

_reach(review) := access_review.reach(review, [])

_with(path, value) := json.patch(_all_groups, [{"op": "add", "path": path, "value": value}])

_query(text) := _with("scope/query", text)

_groups(text) := _with("instanceEnumerationScope/query", text)

_scope(scope) := object.union({"id": "r2", "instanceEnumerationScope": null}, {"scope": scope})

test_guests_of_every_group_are_all if {
	_reach(_all_groups) == "all"
	_reach(_query("./members/microsoft.graph.user/?$filter=(USERTYPE%20eq%20%27guest%27)")) == "all"
	_reach(_query("./transitiveMembers/microsoft.graph.user?$filter=userType+eq+'Guest'")) == "all"
	_reach(_groups("/v1.0/groups?$filter=(groupTypes/any(g:g eq 'Unified'))")) == "all"
	_reach(_groups("/beta/groups?$count=true&$filter=groupTypes/any(c%3Ac%20eq%20%27Unified%27)")) == "all"
	_reach(_groups("/groups")) == "all"
}

test_everybody_in_every_group_includes_guests if {
	_reach(_query("./members/microsoft.graph.user")) == "all"
	access_review.covers_members(_query("./members/microsoft.graph.user"))
	not access_review.covers_members(_all_groups)
}

test_fewer_groups_are_some if {
	teams := "groupTypes/any(c:c eq 'Unified') and resourceProvisioningOptions/Any(x:x eq 'Team')"
	_reach(_groups($"/groups?$filter=({teams})")) == "some"
	_reach(_groups("/groups?$filter=(groupTypes/any(c:c eq 'Unified') and not(id in ('g1')))")) == "some"
	_reach(_groups("/groups?$filter=(displayName eq 'x')")) == "some"
	_reach(_with("instanceEnumerationScope", null)) == "some"
	_reach(object.remove(_all_groups, {"instanceEnumerationScope"})) == "some"
}

test_fewer_people_are_nobody if {
	not _has_reach(_query("./members/microsoft.graph.user/?$filter=not(userType eq 'Guest')"))
	not _has_reach(_query("./members/microsoft.graph.user/?$filter=(userType ne 'Guest')"))
	not _has_reach(_query("./members/microsoft.graph.user/?$filter=(userType eq 'Guest' and department eq 'x')"))
	not _has_reach(_query("./members/microsoft.graph.user/?$filter=(userType eq 'Guest')&$filter=(city eq 'x')"))
	not _has_reach(_query("./members/microsoft.graph.servicePrincipal"))
	not _has_reach(_query("/roleManagement/directory/roleDefinitions/1"))
	not _has_reach(_query("/groups/g1/owners"))
	not _has_reach(_query(null))
	not _has_reach(_with("scope", null))
	not _has_reach({"id": "r3"})
}

_has_reach(review) if _reach(review)

test_a_group_counts_when_it_is_known_to_hold_every_guest if {
	one := _scope({"query": "/v1.0/groups/G1/transitiveMembers/microsoft.graph.user/?$filter=(userType eq 'Guest')"})
	_reach(one) == "some"
	access_review.reach(one, ["g1"]) == "all"
	access_review.reach(one, ["g2"]) == "some"
	access_review.reach(_scope({"query": "/groups/g1/members"}), ["G1"]) == "all"
	access_review.reach(_scope({"query": "/groups/g1"}), ["g1"]) == "all"
}

test_principals_and_resources_are_read if {
	principals := [{"query": "/v1.0/users?$filter=(userType eq 'Guest')"}]
	groups := [{"query": "/groups"}]
	_reach(_scope({"principalScopes": principals, "resourceScopes": groups})) == "all"
	role := [{"query": "/roleManagement/directory/roleDefinitions/1"}]
	_reach(_scope({"principalScopes": principals, "resourceScopes": role})) == "some"
	team := [{"query": "/groups/g1/transitiveMembers/microsoft.graph.user"}]
	access_review.reach(_scope({"principalScopes": principals, "resourceScopes": team}), ["g1"]) == "all"
	mixed := array.concat(principals, [{"query": "/v1.0/groups"}])
	_reach(_scope({"principalScopes": mixed, "resourceScopes": groups})) == "all"
	not _has_reach(_scope({"principalScopes": [{"query": "/v1.0/groups"}], "resourceScopes": groups}))
}

test_members_of_one_group_beside_resources_are_not_all if {
	one := [{"query": "/groups/g1/transitiveMembers/microsoft.graph.user?$filter=(userType eq 'Guest')"}]
	not _has_reach(_scope({"principalScopes": one, "resourceScopes": [{"query": "/groups"}]}))
	both := array.concat(one, [{"query": "/users?$filter=(userType eq 'Guest')"}])
	_reach(_scope({"principalScopes": both, "resourceScopes": [{"query": "/groups"}]})) == "all"
}

test_principals_with_enumerated_groups_are_all if {
	_reach(_with("scope", {
		"principalScopes": [{"query": "/users?$filter=(userType eq 'Guest')"}],
		"resourceScopes": [],
	})) == "all"
}

test_named_types_are_read if {
	guests := [{"@odata.type": "#microsoft.graph.accessReviewPrincipalScope", "scopeType": "guestUsers"}]
	group := [{"@odata.type": "#microsoft.graph.accessReviewResourceScope", "scopeType": "group", "resourceId": "G1"}]
	access_review.reach(_scope({"principalScopes": guests, "resourceScopes": group}), ["g1"]) == "all"
	_reach(_scope({"principalScopes": guests, "resourceScopes": group})) == "some"
	_reach(_scope({"principalScopes": [{"scopeType": "allUsers"}], "resourceScopes": [{"query": "/groups"}]})) == "all"
	_reach(_scope({"principalScopes": guests, "resourceScopes": [{"scopeType": "catalog", "resourceId": "g1"}]})) == "some"
	not _has_reach(_scope({"principalScopes": [{"scopeType": "servicePrincipals"}], "resourceScopes": group}))
}

test_idle_days_are_read if {
	access_review.idle_days(_all_groups) == 0
	access_review.idle_days(_with("scope/inactiveDuration", "P30D")) == 30
	access_review.idle_days(_with("scope/inactiveDuration", null)) == 0
	inactive := {"query": "/users?$filter=(userType eq 'Guest')", "inactiveDuration": "P90D"}
	access_review.idle_days(_scope({"principalScopes": [inactive]})) == 90
	access_review.idle_days(_scope({"principalScopes": [inactive, object.remove(inactive, {"inactiveDuration"})]})) == 0
}

test_idle_days_that_are_not_told_are_undefined if {
	type := "#microsoft.graph.accessReviewInactiveUsersQueryScope"
	not _has_idle_days(_with("scope/@odata.type", type))
	not _has_idle_days(_with("scope/inactiveDuration", "P3M"))
	not _has_idle_days(_scope({"principalScopes": [{"scopeType": "inactiveGuestUsers"}]}))
	not _has_idle_days(_scope({"principalScopes": [{"scopeType": "inactiveUsers"}]}))
}

_has_idle_days(review) if access_review.idle_days(review)

test_the_status_is_classified if {
	access_review.status({"status": "InProgress"}) == "running"
	access_review.status({"status": "NotStarted"}) == "stopped"
	access_review.status({"status": "Completed"}) == "stopped"
	access_review.status({"status": null}) == "stopped"
	access_review.status({}) == "stopped"
	access_review.status({"status": "Paused"}) == "unknown"
}

_pattern(type, interval) := _with("settings/recurrence/pattern", {"type": type, "interval": interval})

test_intervals_become_days if {
	access_review.interval_days(_pattern("weekly", 1)) == 7
	access_review.interval_days(_pattern("weekly", 4)) == 28
	access_review.interval_days(_pattern("daily", 3)) == 3
	access_review.interval_days(_pattern("absoluteMonthly", 1)) == 31
	access_review.interval_days(_pattern("absoluteMonthly", 3)) == 92
	access_review.interval_days(_pattern("absoluteMonthly", 5)) == 153
	access_review.interval_days(_pattern("absoluteMonthly", 6)) == 184
}

test_intervals_that_say_nothing_are_undefined if {
	not _has_interval(_pattern("weekly", 0))
	not _has_interval(_pattern("weekly", null))
	not _has_interval(_pattern("absoluteYearly", 1))
	not _has_interval(_pattern(null, 1))
	not _has_interval(_with("settings/recurrence/pattern", null))
	not _has_interval(_with("settings/recurrence", null))
	not _has_interval({"id": "r3"})
}

_has_interval(review) if access_review.interval_days(review)

_range(range) := _with("settings/recurrence/range", range)

_now := {"collectedAt": "2026-11-23T08:00:00Z"}

test_a_series_without_end_goes_on if access_review.continues(_all_groups) == "yes"

_goes_on(range) := answer if answer := access_review.continues(_range(range)) with input.collection as _now

test_a_series_ends_on_its_date if {
	_goes_on({"type": "endDate", "endDate": "2026-11-22"}) == "no"
	_goes_on({"type": "endDate", "endDate": "2026-11-23"}) == "no"
	_goes_on({"type": "endDate", "endDate": null}) == "no"
	_goes_on({"type": "endDate", "endDate": "2026-12-25"}) == "yes"
}

test_an_end_that_is_near_may_come_before_the_next_review if {
	_goes_on({"type": "endDate", "endDate": "2026-12-23"}) == "unknown"
	every start, last in {"2026-01-24": "2026-11-24", "2026-01-23": "2026-12-23", "2026-01-31": "2026-11-28"} {
		range := {"type": "endDate", "startDate": start}
		_goes_on(object.union(range, {"endDate": last})) == "yes"
		eve := time.format([time.add_date(time.parse_ns("2006-01-02", last), 0, 0, -1), "UTC", "2006-01-02"])
		_goes_on(object.union(range, {"endDate": eve})) == "no"
	}
	_goes_on({"type": "endDate", "startDate": "2026-12-01", "endDate": "2026-12-01"}) == "yes"
	_goes_on({"type": "endDate", "startDate": "2006-01-24", "endDate": "2026-11-24"}) == "yes"
}

test_weeks_and_days_are_counted if {
	every pattern, last in {["weekly", 2]: "2026-12-07", ["daily", 5]: "2026-11-28", ["daily", 7]: "2026-11-30"} {
		[type, interval] := pattern
		series := json.patch(_pattern(type, interval), [{
			"op": "add",
			"path": "settings/recurrence/range",
			"value": {"type": "endDate", "startDate": "2026-11-23", "endDate": last},
		}])
		access_review.continues(series) == "yes" with input.collection as _now
		sooner := json.patch(series, [{
			"op": "add",
			"path": "settings/recurrence/range/endDate",
			"value": "2026-11-27",
		}])
		access_review.continues(sooner) == "no" with input.collection as _now
	}
}

test_a_series_ends_after_its_last_occurrence if {
	range := {"type": "numbered", "startDate": "2026-01-24", "numberOfOccurrences": 11}
	_goes_on(range) == "yes"
	_goes_on(object.union(range, {"startDate": "2026-01-23"})) == "no"
	_goes_on(object.union(range, {"startDate": "2026-02-23"})) == "yes"
	every untold in [0, null] {
		_goes_on(object.union(range, {"numberOfOccurrences": untold})) == "no"
	}
	_goes_on({"type": "numbered", "startDate": "2026-11-01", "numberOfOccurrences": 1}) == "no"
	_goes_on({"type": "numbered", "startDate": "2026-12-01", "numberOfOccurrences": 1}) == "yes"
	yearly := json.patch(_range(range), [{
		"op": "add",
		"path": "settings/recurrence/pattern/type",
		"value": "absoluteYearly",
	}])
	access_review.continues(yearly) == "unknown" with input.collection as _now
}

test_a_range_that_is_not_told_does_not_go_on if {
	access_review.continues(_range(null)) == "no"
	access_review.continues(_range({"type": null})) == "no"
	access_review.continues({"id": "r3"}) == "no"
	access_review.continues(_range({"type": "forever"})) == "unknown"
}

test_stages_count_together if {
	access_review.open_days(_all_groups) == 14
	access_review.open_days(_with("stageSettings", [{"durationInDays": 7}, {"durationInDays": 5}])) == 12
	not _is_timed(_with("stageSettings", [{"durationInDays": 7}, {"durationInDays": null}]))
	not _is_timed(_with("stageSettings", [{"durationInDays": 7}, {}]))
	not _is_timed({"id": "r3"})
}

_is_timed(review) if access_review.open_days(review)

test_no_reviewers_is_self_review if {
	not access_review.is_self_review(_all_groups)
	access_review.is_self_review(_with("reviewers", []))
	access_review.is_self_review(_with("reviewers", null))
	access_review.is_self_review(object.remove(_all_groups, {"reviewers", "stageSettings"}))
	access_review.is_self_review(_with("reviewers", [{"scopeType": "self"}]))
	not access_review.is_self_review(_with("reviewers", [{"scopeType": "managerOrSponsor"}]))
}

test_somebody_must_decide_in_some_stage if {
	by_guest := {"stageId": "1", "reviewers": []}
	by_owner := {"stageId": "2", "reviewers": [{"query": "./owners"}]}
	access_review.is_self_review(_with("stageSettings", [by_guest, by_guest]))
	not access_review.is_self_review(_with("stageSettings", [by_guest, by_owner]))
}

test_a_guest_must_not_have_the_last_word if {
	by_owner := {"stageId": "1", "reviewers": [{"query": "./owners"}]}
	by_guest := {"stageId": "2", "reviewers": []}
	access_review.is_self_review(_with("stageSettings", [by_guest]))
	access_review.is_self_review(_with("stageSettings", [by_owner, by_guest]))
	every passed in [null, [], ["NotReviewed"], ["Approve", "Deny"]] {
		owner := object.union(by_owner, {"decisionsThatWillMoveToNextStage": passed})
		access_review.is_self_review(_with("stageSettings", [owner, by_guest]))
	}
	asked := object.union(by_owner, {"decisionsThatWillMoveToNextStage": ["Approve"]})
	not access_review.is_self_review(_with("stageSettings", [asked, by_guest]))
}

test_approvals_of_a_guest_must_be_passed_on if {
	by_guest := {"stageId": "1", "reviewers": [], "decisionsThatWillMoveToNextStage": ["Deny", "NotReviewed"]}
	by_owner := {"stageId": "2", "reviewers": [{"query": "./owners"}]}
	access_review.is_self_review(_with("stageSettings", [by_guest, by_owner]))
	asked := object.union(by_guest, {"decisionsThatWillMoveToNextStage": ["Approve"]})
	not access_review.is_self_review(_with("stageSettings", [asked, by_owner]))
}

test_places_are_told_apart if {
	unified := "groupTypes/any(c:c eq 'Unified')"
	team := "resourceProvisioningOptions/Any(x:x eq 'Team')"
	access_review.places(_all_groups) == {"*"}
	access_review.places(_groups("/groups")) == {"**"}
	access_review.places(_groups($"/groups?$filter=({unified} and {team})")) == {"teams"}
	access_review.places(_groups($"/groups?$filter=({unified} and {team}')")) == {"teams"}
	access_review.places(_groups("/groups?$filter=(displayName eq 'x')")) == {"groups?"}
	access_review.places(_scope({"query": "/groups/G1/transitiveMembers/microsoft.graph.user"})) == {"g1"}
	access_review.places(_query("./members/microsoft.graph.user/?$filter=(userType ne 'Guest')")) == set()
	list := [
		{"query": "/groups/g1/transitiveMembers/microsoft.graph.user"},
		{"query": "/teams/g1/channels?$filter=(membershipType eq 'shared')"},
		{"scopeType": "group", "resourceId": "G2"},
	]
	access_review.places(_scope({"principalScopes": [{"query": "/users"}], "resourceScopes": list})) == {"g1", "g2", "?"}
}

_role := "62e90394-69f5-4237-9190-012177145e10"

_both := {[_role, "active"], [_role, "eligible"]}

_role_query(text) := _scope({"query": text})

_instances := "/roleManagement/directory/roleAssignmentScheduleInstances?$expand=principal&$filter="

_users := "isof(principal,'microsoft.graph.user')"

# As in https://learn.microsoft.com/en-us/graph/accessreviews-scope-concept, examples 8 to 12.
test_reviews_of_roles_are_read if {
	access_review.roles(_role_query($"/roleManagement/directory/roleDefinitions/{upper(_role)}")) == _both
	active := $"(assignmentType eq 'Assigned' and {_users} and roleDefinitionId eq '{_role}')"
	access_review.roles(_role_query($"{_instances}{active}")) == {[_role, "active"]}
	last := $"(roleDefinitionId eq '{_role}' and {_users})"
	eligible := replace(_instances, "Assignment", "Eligibility")
	access_review.roles(_role_query($"/beta{eligible}{last}")) == {[_role, "eligible"]}
	resources := [
		{"query": $"/beta/roleManagement/directory/roleDefinitions/{_role}"},
		{"scopeType": "directoryRole", "resourceId": "R2"},
	]
	everybody := [{"query": "/v1.0/users"}, {"query": "/v1.0/groups"}]
	access_review.roles(_scope({"principalScopes": everybody, "resourceScopes": resources})) == _both | {
		["r2", "active"],
		["r2", "eligible"],
	}
	access_review.roles(_all_groups) == set()
}

test_a_part_of_those_who_hold_a_role_is_not_all if {
	resources := [{"query": $"/roleManagement/directory/roleDefinitions/{_role}"}]
	guests := [{"query": "/users?$filter=(userType eq 'Guest')"}]
	access_review.roles(_scope({"principalScopes": guests, "resourceScopes": resources})) == set()
	idle := [{"query": "/users", "inactiveDuration": "P30D"}]
	access_review.roles(_scope({"principalScopes": idle, "resourceScopes": resources})) == set()
	group := [{"query": "/groups/g1/transitiveMembers"}]
	access_review.roles(_scope({"principalScopes": group, "resourceScopes": resources})) == set()
	not access_review.asks_roles(_scope({"principalScopes": group, "resourceScopes": resources}))
	access_review.roles(_scope({"query": resources[0].query, "inactiveDuration": "P30D"})) == set()
	application := $"(isof(principal,'microsoft.graph.servicePrincipal') and roleDefinitionId eq '{_role}')"
	access_review.roles(_role_query($"{_instances}{application}")) == set()
	not access_review.asks_unknown_roles(_role_query($"{_instances}{application}"))
}

test_a_filter_unheard_of_may_be_of_any_role if {
	every filter in [
		$"(roleDefinitionId eq '{_role}' or roleDefinitionId eq 'r2')",
		$"(roleDefinitionId eq '{_role}' and directoryScopeId eq '/')",
		"(roleDefinitionId in ('r1'))",
	] {
		access_review.roles(_role_query($"{_instances}{filter}")) == set()
		access_review.asks_unknown_roles(_role_query($"{_instances}{filter}"))
		access_review.asks_roles(_role_query($"{_instances}{filter}"))
	}
	not access_review.asks_unknown_roles(_role_query($"/roleManagement/directory/roleDefinitions/{_role}"))
	not access_review.asks_unknown_roles(_all_groups)
	access_review.asks_roles(_role_query($"/roleManagement/directory/roleDefinitions/{_role}"))
	not access_review.asks_roles(_all_groups)
	not access_review.asks_unknown_roles({"id": "r3"})
}
