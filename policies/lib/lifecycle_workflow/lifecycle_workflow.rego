# METADATA
# description: Reads lifecycle workflows of Microsoft Graph.
package lib.lifecycle_workflow

# https://learn.microsoft.com/en-us/graph/api/resources/identitygovernance-userinactivitytrigger
_inactivity := "#microsoft.graph.identityGovernance.userInactivityTrigger"

_on_demand := "#microsoft.graph.identityGovernance.onDemandExecutionOnly"

# The built-in task "Delete user":
# https://learn.microsoft.com/en-us/graph/api/resources/identitygovernance-lifecycleworkflows-overview
_delete_user := "8d18588d-9ad3-4c0f-99d0-ec215f0e3dff"

# METADATA
# description: |
#   Whether the workflow deletes every guest who has not signed in for so many days, or earlier: yes, no or unknown. The
#   list of workflows leaves out conditions and tasks, which come with each workflow alone: absent is unknown.
deletes_guests(workflow, days) := "no" if {
	not _is_scheduled(workflow)
} else := "no" if {
	_starts_otherwise(workflow.executionConditions)
} else := "no" if {
	workflow.executionConditions.trigger.inactivityPeriodInDays > days
} else := "no" if {
	is_array(workflow.tasks)
	not _deletes(workflow)
} else := "yes" if {
	workflow.executionConditions.trigger["@odata.type"] == _inactivity
	is_number(workflow.executionConditions.trigger.inactivityPeriodInDays) # null is less than every number
	_deletes(workflow)
	_takes_guests(workflow.executionConditions.scope.rule)
} else := "unknown"

_is_scheduled(workflow) if {
	workflow.isEnabled == true
	workflow.isSchedulingEnabled == true
}

_starts_otherwise(conditions) if conditions["@odata.type"] == _on_demand

_starts_otherwise(conditions) if conditions.trigger["@odata.type"] != _inactivity

_deletes(workflow) if {
	some task in workflow.tasks
	task.isEnabled == true
	lower(task.taskDefinitionId) == _delete_user
}

# The service compares rules with case, so does this:
# https://learn.microsoft.com/en-us/entra/id-governance/lifecycle-workflow-execution-conditions
_takes_guests(rule) if trim(replace(rule, " ", ""), "()") == "userTypeeq'Guest'"
