package rules.lifecycle.automatic_removal_test

import data.rules.lifecycle.automatic_removal as rule

_review := {
	"id": "r1",
	"status": "InProgress",
	"scope": {
		"@odata.type": "#microsoft.graph.accessReviewInactiveUsersQueryScope",
		"query": "/groups/g1/transitiveMembers/microsoft.graph.user/?$filter=(userType eq 'Guest')",
		"inactiveDuration": "P90D",
	},
	"settings": {
		"autoApplyDecisionsEnabled": true,
		"defaultDecisionEnabled": true,
		"defaultDecision": "Deny",
		"applyActions": [{"@odata.type": "#microsoft.graph.disableAndDeleteUserApplyAction"}],
		"recurrence": {"pattern": {"type": "absoluteMonthly", "interval": 1}, "range": {"type": "noEnd"}},
	},
}

_workflow := {
	"id": "w1",
	"isEnabled": true,
	"isSchedulingEnabled": true,
	"executionConditions": {
		"scope": {"rule": "(userType eq 'Guest')"},
		"trigger": {
			"@odata.type": "#microsoft.graph.identityGovernance.userInactivityTrigger",
			"inactivityPeriodInDays": 90,
		},
	},
	"tasks": [{"id": "t1", "taskDefinitionId": "8d18588d-9ad3-4c0f-99d0-ec215f0e3dff", "isEnabled": true}],
}

_governance(reviews, workflows, packages) := {
	"accessReviews": {"definitions": reviews},
	"lifecycleWorkflows": {"workflows": workflows},
	"entitlementManagement": {"settings": packages},
}

# What the service does by itself.
_packages := {
	"externalUserLifecycleAction": "blockSignInAndDelete",
	"durationUntilExternalUserDeletedAfterBlocked": "P30D",
}

_none := _governance([], [], _packages)

_reviews := ["governance", "accessReviews", "definitions"]

_nothing := {{"path": _reviews, "message": "nothing deletes inactive guests by itself"}}

_with(path, value) := json.patch(_review, [{"op": "add", "path": path, "value": value}])

_group := {
	"id": "g1",
	"displayName": "All guests",
	"groupTypes": ["DynamicMembership"],
	"membershipRule": "(user.userType -eq \"Guest\")",
	"membershipRuleProcessingState": "On",
}

_document(review, groups) := {"governance": _governance([review], [], _packages), "groups": groups}

_findings(review) := found if {
	found := rule.findings with input as _document(review, [_group])
		with data.settings.access_reviews.guest_groups as ["g1"]
}

_unknowns(review) := found if {
	found := rule.unknowns with input as _document(review, [_group])
		with data.settings.access_reviews.guest_groups as ["g1"]
}

test_nothing_is_reported if {
	rule.findings == _nothing with input.governance as _none
	rule.unknowns == set() with input.governance as _none
	rule.notes == {{
		"path": ["governance", "entitlementManagement", "settings", "externalUserLifecycleAction"],
		"message": "what happens to guests who lose their last access package, and to no others: blockSignInAndDelete",
	}} with input.governance as _none
}

test_a_review_that_deletes_passes if {
	_findings(_review) == set()
	_unknowns(_review) == set()
	_findings(object.union(_review, {"scope": {"inactiveDuration": "P30D"}})) == set()
}

test_a_review_of_all_guests_that_deletes_passes if {
	everybody := object.union(_review, {
		"scope": {"@odata.type": "#microsoft.graph.accessReviewQueryScope", "inactiveDuration": null},
	})
	_findings(everybody) == set()
	_unknowns(everybody) == set()
}

test_a_review_of_one_group_is_unknown if {
	governance := _governance([_review], [], _packages)
	rule.findings == set() with input.governance as governance
	rule.unknowns == {{
		"path": array.concat(_reviews, [0]),
		"message": "deletes denied guests by itself; whether it reaches every inactive guest in time is not known",
	}} with input.governance as governance
}

test_a_review_with_something_unread_is_unknown if {
	every review in [
		_with("status", "Paused"),
		_with("settings/recurrence/range/type", "forever"),
		_with("settings/recurrence/pattern/type", "absoluteYearly"),
		_with("scope/inactiveDuration", "P3M"),
		_with("scope/query", "/groups/g1/transitiveMembers/microsoft.graph.user"),
		_with("scope/query", "/groups/g2/transitiveMembers/microsoft.graph.user/?$filter=(userType eq 'Guest')"),
	] {
		count(_unknowns(review)) == 1
		_findings(review) == set()
	}
}

test_a_review_of_a_group_that_does_not_work_is_unknown if {
	every groups in [
		[object.union(_group, {"membershipRuleProcessingState": "Paused"})],
		[object.union(_group, {"membershipRule": "user.userType -eq \"Guest\" and user.companyName -eq \"Fabrikam\""})],
		[object.union(_group, {"groupTypes": [], "membershipRule": null})],
		[],
		null,
	] {
		rule.findings == set() with input as _document(_review, groups)
			with data.settings.access_reviews.guest_groups as ["g1"]
		count(rule.unknowns) == 1 with input as _document(_review, groups)
			with data.settings.access_reviews.guest_groups as ["g1"]
	}
}

test_a_review_of_all_groups_deletes_nobody if {
	every filter in ["", "?$filter=(groupTypes/any(c:c eq 'Unified'))", "?$filter=(displayName eq 'x')"] {
		all := object.union(_review, {
			"scope": {"query": "./members/microsoft.graph.user/?$filter=(userType eq 'Guest')"},
			"instanceEnumerationScope": {"query": $"/groups{filter}"},
		})
		_findings(all) == _nothing
		_unknowns(all) == set()
	}
}

test_a_review_that_does_not_delete_is_not_enough if {
	every review in [
		_with("status", "Completed"),
		_with("settings/autoApplyDecisionsEnabled", false),
		_with("settings/defaultDecisionEnabled", null),
		_with("settings/defaultDecision", "Recommendation"),
		_with("settings/applyActions", [{"@odata.type": "#microsoft.graph.removeAccessApplyAction"}]),
		_with("settings/applyActions", null),
		_with("settings/recurrence", null),
		_with("settings/recurrence/pattern", null),
		_with("settings/recurrence/pattern/interval", 12),
		_with("settings/recurrence/range/type", null),
		_with("scope/inactiveDuration", "P91D"),
		_with("scope/query", "/roleManagement/directory/roleDefinitions/1"),
	] {
		_findings(review) == _nothing
		_unknowns(review) == set()
	}
}

test_a_workflow_that_deletes_passes if {
	rule.findings == set() with input.governance as _governance([], [_workflow], _packages)
	rule.unknowns == set() with input.governance as _governance([], [_workflow], _packages)
}

test_a_later_workflow_is_not_enough_unless_the_setting_says_so if {
	governance := _governance([], [_workflow], _packages)
	rule.findings == _nothing with input.governance as governance with data.settings.guests.inactive_days as 60
}

test_a_workflow_without_its_tasks_is_unknown if {
	governance := _governance([], [object.remove(_workflow, {"tasks"})], _packages)
	rule.findings == set() with input.governance as governance
	rule.unknowns == {{
		"path": ["governance", "lifecycleWorkflows", "workflows", 0],
		"message": "the snapshot does not tell whether this workflow deletes every inactive guest",
	}} with input.governance as governance
}

test_the_clean_up_of_packages_counts_where_all_guests_come_that_way if {
	rule.findings == set() with input.governance as _none
		with data.settings.guests.access_package_cleanup_suffices as true
	rule.findings == _nothing with input.governance as _none
		with data.settings.guests.access_package_cleanup_suffices as true
		with data.settings.guests.deletion_after_block_max_days as 29
	every action in ["none", "blockSignIn", null] {
		kept := object.union(_packages, {"externalUserLifecycleAction": action})
		rule.findings == _nothing with input.governance as _governance([], [], kept)
			with data.settings.guests.access_package_cleanup_suffices as true
	}
}

test_a_clean_up_that_cannot_be_read_is_unknown if {
	odd := object.union(_packages, {"externalUserLifecycleAction": "unknownFutureValue"})
	rule.findings == set() with input.governance as _governance([], [], odd)
		with data.settings.guests.access_package_cleanup_suffices as true
	rule.unknowns == {{
		"path": ["governance", "entitlementManagement", "settings", "externalUserLifecycleAction"],
		"message": "externalUserLifecycleAction has the value unknownFutureValue, which this version does not know",
	}} with input.governance as _governance([], [], odd)
		with data.settings.guests.access_package_cleanup_suffices as true
	every wait in ["P1M", null] {
		unread := object.union(_packages, {"durationUntilExternalUserDeletedAfterBlocked": wait})
		rule.unknowns == {{
			"path": [
				"governance", "entitlementManagement", "settings",
				"durationUntilExternalUserDeletedAfterBlocked",
			],
			"message": "durationUntilExternalUserDeletedAfterBlocked is not a number of days such as P30D",
		}} with input.governance as _governance([], [], unread)
			with data.settings.guests.access_package_cleanup_suffices as true
	}
}

_missing(name) := {"path": path, "message": "not in the snapshot, so this may or may not delete guests"} if {
	path := {
		"reviews": _reviews,
		"workflows": ["governance", "lifecycleWorkflows", "workflows"],
		"packages": ["governance", "entitlementManagement", "settings"],
	}[name]
}

test_what_was_not_read_is_unknown if {
	governance := {"entitlementManagement": {"settings": _packages}}
	rule.findings == set() with input.governance as governance
	rule.unknowns == {_missing("reviews"), _missing("workflows")} with input.governance as governance
	rule.findings == _nothing with input.governance as object.remove(_none, {"entitlementManagement"})
	rule.unknowns == {_missing("packages")} with input.governance as object.remove(_none, {"entitlementManagement"})
		with data.settings.guests.access_package_cleanup_suffices as true
}

test_what_was_not_read_does_not_matter_once_removal_is_proven if {
	rule.findings == set() with input.governance as {"lifecycleWorkflows": {"workflows": [_workflow]}}
	rule.unknowns == set() with input.governance as {"lifecycleWorkflows": {"workflows": [_workflow]}}
}

test_workflows_are_not_missed_without_their_licence if {
	governance := object.remove(_none, {"lifecycleWorkflows"})
	p2 := {"servicePlanId": "eec0eb4f-6444-4f95-aba0-50c24d67f998", "provisioningStatus": "Success"}
	with_governance := {"servicePlanId": "e866a266-3cff-43a3-acca-0c90a7e00c8b", "provisioningStatus": "Success"}
	rule.findings == _nothing with input.governance as governance with input.licences.servicePlans as [p2]
	rule.unknowns == {_missing("workflows")} with input.governance as governance
		with input.licences.servicePlans as [p2, with_governance]
}
