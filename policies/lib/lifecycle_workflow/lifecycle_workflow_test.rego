package lib.lifecycle_workflow_test

import data.lib.lifecycle_workflow

_workflow := {
	"id": "w1",
	"category": "leaver",
	"isEnabled": true,
	"isSchedulingEnabled": true,
	"executionConditions": {
		"@odata.type": "#microsoft.graph.identityGovernance.triggerAndScopeBasedConditions",
		"scope": {
			"@odata.type": "#microsoft.graph.identityGovernance.ruleBasedSubjectSet",
			"rule": "(userType eq 'Guest')",
		},
		"trigger": {
			"@odata.type": "#microsoft.graph.identityGovernance.userInactivityTrigger",
			"inactivityPeriodInDays": 90,
		},
	},
	"tasks": [
		{"id": "t1", "taskDefinitionId": "8fa97d28-3e52-4985-b3a9-a1126f9b8b4e", "isEnabled": true},
		{"id": "t2", "taskDefinitionId": "8d18588d-9ad3-4c0f-99d0-ec215f0e3dff", "isEnabled": true},
	],
}

_verdict(patches) := lifecycle_workflow.deletes_guests(json.patch(_workflow, patches), 90)

_set(path, value) := [{"op": "replace", "path": path, "value": value}]

_without(path) := [{"op": "remove", "path": path}]

test_a_scheduled_workflow_that_deletes_inactive_guests_does if {
	_verdict([]) == "yes"
	_verdict(_set("executionConditions/scope/rule", "userType eq 'Guest'")) == "yes"
}

test_the_period_is_compared_with_the_limit if {
	_verdict(_set("executionConditions/trigger/inactivityPeriodInDays", 30)) == "yes"
	_verdict(_set("executionConditions/trigger/inactivityPeriodInDays", 91)) == "no"
	_verdict(_set("executionConditions/trigger/inactivityPeriodInDays", null)) == "unknown"
}

test_a_workflow_that_is_not_scheduled_does_not if {
	_verdict(_set("isEnabled", false)) == "no"
	_verdict(_set("isSchedulingEnabled", false)) == "no"
	_verdict(_set("isSchedulingEnabled", null)) == "no"
	_verdict(_without("isEnabled")) == "no"
}

test_a_workflow_that_starts_otherwise_does_not if {
	on_demand := {"@odata.type": "#microsoft.graph.identityGovernance.onDemandExecutionOnly"}
	_verdict(_set("executionConditions", on_demand)) == "no"
	_verdict(_set("executionConditions/trigger", {
		"@odata.type": "#microsoft.graph.identityGovernance.timeBasedAttributeTrigger",
		"timeBasedAttribute": "employeeLeaveDateTime",
	})) == "no"
}

test_a_workflow_without_the_task_does_not if {
	_verdict(_without("tasks/1")) == "no"
	_verdict(_set("tasks/1/isEnabled", false)) == "no"
	_verdict(_set("tasks", [])) == "no"
}

test_what_the_list_leaves_out_is_unknown if {
	_verdict(_without("executionConditions")) == "unknown"
	_verdict(_without("tasks")) == "unknown"
	_verdict(_set("tasks", null)) == "unknown"
	_verdict(_without("executionConditions/trigger")) == "unknown"
}

test_a_narrower_or_unread_scope_is_unknown if {
	_verdict(_set("executionConditions/scope/rule", "(userType eq 'Guest') and (department eq 'Sales')")) == "unknown"
	_verdict(_set("executionConditions/scope/rule", "(userType eq 'guest')")) == "unknown"
	_verdict(_set("executionConditions/scope", null)) == "unknown"
}
