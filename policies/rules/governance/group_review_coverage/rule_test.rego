package rules.governance.group_review_coverage_test

import data.rules.governance.group_review_coverage as rule

_review(scope, enumeration) := {
	"id": "r1",
	"status": "InProgress",
	"scope": {"query": scope},
	"instanceEnumerationScope": {"query": enumeration},
	"settings": {"recurrence": {
		"pattern": {"type": "absoluteMonthly", "interval": 1},
		"range": {"type": "noEnd", "startDate": "2026-01-01"},
	}},
}

_guests := "./members/microsoft.graph.user/?$filter=(userType eq 'Guest')"

_unified := "/groups?$filter=(groupTypes/any(c:c eq 'Unified'))"

_teams := concat("", [
	"/groups?$filter=(groupTypes/any(c:c eq 'Unified')",
	" and resourceProvisioningOptions/Any(x:x eq 'Team'))",
])

_all := _review(_guests, _unified)

_of(group) := _review($"/groups/{group}/transitiveMembers/microsoft.graph.user/?$filter=(userType eq 'Guest')", null)

_with(review, path, value) := json.patch(review, [{"op": "add", "path": path, "value": value}])

_team := {
	"id": "G1",
	"groupTypes": ["Unified"],
	"resourceProvisioningOptions": ["Team"],
	"isAssignableToRole": null,
	"externalMembers": ["a", "b"],
	"externalOwners": ["b"],
}

_plain := object.union(_team, {"resourceProvisioningOptions": []})

_security := object.union(_plain, {"groupTypes": []})

_input(reviews, groups) := {
	"governance": {"accessReviews": {"definitions": reviews}},
	"groups": groups,
	"guests": [
		{"id": "a", "userType": "Guest"},
		{"id": "b", "userType": "Guest"},
		{"id": "m", "userType": "Member"},
		{"id": "n", "userType": "Member"},
	],
}

_found(reviews, group) := found if {
	found := rule.findings with input as _input(reviews, [group])
}

_open(reviews, group) := open if {
	open := rule.unknowns with input as _input(reviews, [group])
}

_unreached := {{"path": ["groups", 0], "message": "outsiders in this group: 2; no access review reaches them"}}

_seldom := {{
	"path": ["groups", 0],
	"message": "outsiders in this group: 2; no review that asks about all of them goes on at least every 31 days",
}}

_undecided := {{
	"path": ["groups", 0],
	"message": "whether a review reaches the outsiders in this group is not known",
}}

test_groups_that_no_review_reaches_are_reported if {
	_found([], _team) == _unreached
	_found([_of("g2")], _team) == _unreached
	_found([_all], _security) == _unreached
	_open([], _team) == set()
	_open([_all], _security) == set()
}

_everybody(group) := _review($"/groups/{group}/transitiveMembers", null)

test_external_members_are_asked_about_by_a_review_of_everybody if {
	mixed := object.union(_team, {"externalMembers": ["a", "m", "n"]})
	every reviews in [
		[_all],
		[_of("g1")],
		[_all, _everybody("g2")],
		[_all, _with(_everybody("g1"), "status", "Completed")],
	] {
		_found(reviews, mixed) == {{
			"path": ["groups", 0],
			"message": "external members (userType Member) in this group: 2; its reviews ask about guests alone",
		}}
		_open(reviews, mixed) == set()
	}
	every reviews in [[_everybody("g1")], [_all, _everybody("g1")]] {
		_found(reviews, mixed) == set()
		_open(reviews, mixed) == set()
	}
}

test_external_members_who_may_be_asked_about_are_unknown if {
	mixed := object.union(_team, {"externalMembers": ["a", "m"]})
	asked := {{
		"path": ["groups", 0],
		"message": "whether a review asks about the external members of this group is not known",
	}}
	chosen := _review("./members", "/groups?$filter=(displayName eq 'x')")
	every review in [chosen, _with(_everybody("g1"), "status", "Paused")] {
		_found([_all, review], mixed) == set()
		_open([_all, review], mixed) == asked
	}
}

test_outsiders_whose_type_is_not_told_are_unknown if {
	asked := {{
		"path": ["groups", 0],
		"message": "whether all outsiders in this group are guests, whom alone its reviews ask about, is not known",
	}}
	unlisted := object.union(_team, {"externalMembers": ["a", "z"]})
	_found([_all], unlisted) == set()
	_open([_all], unlisted) == asked
	_open([_all, _everybody("g1")], unlisted) == set()
	document := object.remove(_input([_all], [_team]), ["guests"])
	rule.findings == set() with input as document
	rule.unknowns == asked with input as document
}

test_an_external_owner_counts if {
	owned := object.union(_security, {"externalMembers": [], "externalOwners": ["o"]})
	_found([], owned) == {{
		"path": ["groups", 0],
		"message": "outsiders in this group: 1; no access review reaches them",
	}}
}

test_a_group_without_outsiders_passes if {
	nobody := object.union(_team, {"externalMembers": [], "externalOwners": []})
	_found([], nobody) == set()
	_open([], nobody) == set()
	_open([], object.remove(nobody, {"externalOwners"})) == set()
}

test_a_group_whose_members_are_not_told_is_unknown if {
	untold := object.remove(_team, {"externalMembers", "externalOwners"})
	_found([], untold) == set()
	_open([], untold) == {{
		"path": ["groups", 0],
		"message": "the snapshot does not tell which outsiders are in this group",
	}}
}

test_a_review_of_all_groups_reaches_microsoft_365_groups if {
	_found([_all], _team) == set()
	_open([_all], _team) == set()
	_found([_all], _plain) == set()
	_found([_all], object.union(_team, {"groupTypes": ["Unified", "DynamicMembership"]})) == _unreached
	_found([_all], object.union(_team, {"isAssignableToRole": true})) == _unreached
	_open([_all], object.union(_team, {"groupTypes": null})) == _undecided
}

test_a_review_of_all_teams_reaches_teams if {
	review := _review(_guests, _teams)
	_found([review], _team) == set()
	_open([review], _team) == set()
	_found([review], _plain) == _unreached
	_found([review], object.union(_team, {"resourceProvisioningOptions": null})) == set()
	_open([review], object.union(_team, {"resourceProvisioningOptions": null})) == _undecided
}

test_a_review_of_the_group_reaches_it if {
	_found([_of("g1")], _security) == set()
	_open([_of("g1")], _security) == set()
	list := {
		"principalScopes": [{"query": "/users?$filter=(userType eq 'Guest')"}],
		"resourceScopes": [{"query": "/groups/g3"}, {"query": "/groups/g1"}],
	}
	_found([object.union(object.remove(_all, {"scope"}), {"scope": list})], _security) == set()
}

test_a_review_of_every_guest_reaches_every_group if {
	_found_with(_deleting, [_security, _guest_group]) == set()
	_open_with(_deleting, [_security, _guest_group]) == set()
	mixed := object.union(_security, {"externalMembers": ["a", "m"]})
	count(_found_with(_deleting, [mixed, _guest_group])) == 1
}

test_a_review_of_every_guest_that_removes_nobody_reaches_none if {
	_found_with(_of("g9"), [_security, _guest_group]) == _unreached
	_open_with(_of("g9"), [_security, _guest_group]) == set()
	paused := object.union(_guest_group, {"membershipRuleProcessingState": "Paused"})
	_found_with(_deleting, [_security, paused]) == _unreached
}

test_the_group_of_every_guest_is_cleared_by_deleting_inactive_ones if {
	idle := _with(_deleting, "scope/inactiveDuration", "P90D")
	full := object.union(_guest_group, {"externalMembers": ["a", "b"]})
	_found_with(idle, [full]) == set()
	_open_with(idle, [full]) == set()
	_found_with(idle, [_security, _guest_group]) == _unreached
	_found_with(_with(_of("g9"), "scope/inactiveDuration", "P90D"), [full]) == _seldom
	both := object.union(object.remove(idle, {"scope"}), {"scope": {
		"principalScopes": [{"query": "/users?$filter=(userType eq 'Guest')", "inactiveDuration": "P90D"}],
		"resourceScopes": [{"query": "/groups/g9"}, {"query": "/groups/g1"}],
	}})
	_found_with(both, [_security, _guest_group]) == _seldom
}

test_a_group_that_may_hold_every_guest_is_unknown if {
	untold := object.union(_guest_group, {"membershipRuleProcessingState": null})
	_found_with(_deleting, [_security, untold]) == set()
	_open_with(_deleting, [_security, untold]) == _undecided
}

_guest_group := {
	"id": "G9",
	"groupTypes": ["DynamicMembership"],
	"membershipRule": "(user.userType -eq \"Guest\")",
	"membershipRuleProcessingState": "On",
	"externalMembers": [],
}

_deleting := _with(
	_of("g9"),
	"settings/applyActions",
	[{"@odata.type": "#microsoft.graph.disableAndDeleteUserApplyAction"}],
)

_found_with(review, groups) := found if {
	found := rule.findings with input as _input([review], groups)
		with data.settings.access_reviews.guest_groups as ["G9"]
}

_open_with(review, groups) := open if {
	open := rule.unknowns with input as _input([review], groups)
		with data.settings.access_reviews.guest_groups as ["G9"]
}

test_a_choice_of_groups_that_is_not_known_is_unknown if {
	some_groups := _review(_guests, "/groups?$filter=(displayName eq 'x')")
	_found([some_groups], _team) == set()
	_open([some_groups], _team) == _undecided
	every_group := _review(_guests, "/groups")
	_open([every_group], _team) == set()
	_open([every_group], _security) == _undecided
}

test_a_review_that_does_not_count_is_none if {
	every changed in [
		_with(_all, "status", "Completed"),
		_with(_all, "settings/recurrence/range", {"type": null}),
		_with(_all, "settings/recurrence/pattern", null),
		_with(_all, "settings/recurrence/pattern/interval", 2),
		_with(_all, "scope/inactiveDuration", "P30D"),
	] {
		_found([changed], _team) == _seldom
		_open([changed], _team) == set()
	}
	rule.findings == set() with input as _input([_with(_all, "settings/recurrence/pattern/interval", 2)], [_team])
		with data.settings.access_reviews.max_interval_days as 62
}

test_a_review_that_may_count_is_unknown if {
	every changed in [
		_with(_all, "status", "Paused"),
		_with(_all, "settings/recurrence/range/type", "forever"),
		_with(_all, "settings/recurrence/pattern/type", "yearly"),
		_with(_all, "scope/inactiveDuration", "P3M"),
	] {
		_found([changed], _team) == set()
		_open([changed], _team) == _undecided
	}
}
