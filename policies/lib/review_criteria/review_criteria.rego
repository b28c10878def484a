# METADATA
# description: |
#   What makes an access review worth having: it runs, it comes back often enough, it is over soon enough, somebody
#   other than the guest decides, and access goes when nobody answers.
package lib.review_criteria

import data.lib.access_review

_switches := {
	"autoApplyDecisionsEnabled": "decisions are not applied by themselves",
	"defaultDecisionEnabled": "guests whom nobody reviews keep their access",
	"justificationRequiredOnApproval": "approvals need no reason",
	"mailNotificationsEnabled": "reviewers get no mail",
	"reminderNotificationsEnabled": "reviewers get no reminder",
}

_criteria := {"status", "decision", "recurrence", "interval", "range", "duration", "reviewers"} | object.keys(_switches)

_actions := {"#microsoft.graph.removeAccessApplyAction", "#microsoft.graph.disableAndDeleteUserApplyAction"}

# METADATA
# description: What the definition lacks for certain, as {steps, message}; limits are settings.access_reviews.
lacks(definition, limits) := {lack | some name in _criteria; lack := _lacks(name, definition, limits)}

# METADATA
# description: What cannot be decided about the definition, as {steps, message}.
questions(definition) := {question |
	some name in {"status", "actions", "interval", "range"}
	question := _asks(name, definition)
}

_lacks("status", definition, _) := {"steps": ["status"], "message": message} if {
	access_review.status(definition) == "stopped"
	message := $"the review is not running (status is {definition.status})"
}

_lacks(name, definition, _) := {"steps": ["settings", name], "message": $"{_switches[name]} ({name} is {value})"} if {
	_switches[name]
	value := object.get(definition, ["settings", name], null)
	value != true
}

_lacks("decision", definition, _) := {"steps": ["settings", "defaultDecision"], "message": message} if {
	definition.settings.defaultDecisionEnabled == true
	value := object.get(definition, ["settings", "defaultDecision"], null)
	value != "Deny"
	message := $"guests whom nobody reviews are not removed (defaultDecision is {value})"
}

_lacks("recurrence", definition, _) := {"steps": ["settings", "recurrence"], "message": message} if {
	object.get(definition, ["settings", "recurrence", "pattern", "type"], null) == null
	message := "the review does not come back"
}

_lacks("interval", definition, limits) := {"steps": ["settings", "recurrence", "pattern"], "message": message} if {
	days := access_review.interval_days(definition)
	days > limits.max_interval_days
	message := $"up to {days} days pass between two reviews; {limits.max_interval_days} are allowed"
}

_lacks("range", definition, _) := {"steps": ["settings", "recurrence", "range"], "message": message} if {
	definition.settings.recurrence.pattern.type != null
	access_review.continues(definition) == "no"
	message := "the series has no further reviews"
}

_lacks("duration", definition, limits) := {"steps": steps, "message": message} if {
	not _is_short(definition, limits)
	steps := _place(definition, ["stageSettings", 0, "durationInDays"], ["settings", "instanceDurationInDays"])
	days := access_review.open_days(definition)
	message := $"a review stays open for {days} days; 1 to {limits.max_duration_days} are allowed"
} else := {"steps": steps, "message": "the snapshot does not say how long a review stays open"} if {
	not _is_short(definition, limits)
	steps := _place(definition, ["stageSettings", 0, "durationInDays"], ["settings", "instanceDurationInDays"])
}

_lacks("reviewers", definition, limits) := {"steps": steps, "message": "guests decide about their own access"} if {
	not limits.self_review_allowed
	access_review.is_self_review(definition)
	steps := _place(definition, ["stageSettings"], ["reviewers"])
}

_asks("status", definition) := {"steps": ["status"], "message": message} if {
	access_review.status(definition) == "unknown"
	message := $"status has the value {definition.status}, which this version does not know"
}

_asks("actions", definition) := {"steps": ["settings", "applyActions"], "message": message} if {
	actions := {action["@odata.type"] | some action in definition.settings.applyActions}
	count(actions) > 0
	count(actions & _actions) == 0
	message := "what happens to denied guests is not known to this version"
}

_asks("interval", definition) := {"steps": ["settings", "recurrence", "pattern"], "message": message} if {
	pattern := definition.settings.recurrence.pattern
	pattern.type != null
	not _has_interval(definition)
	message := $"the pattern {pattern.type} with interval {pattern.interval} is not known to this version"
}

_asks("range", definition) := {"steps": ["settings", "recurrence", "range"], "message": message} if {
	access_review.continues(definition) == "unknown"
	message := $"the series ends in a way that this version does not know ({definition.settings.recurrence.range.type})"
}

_has_interval(definition) if access_review.interval_days(definition)

_is_short(definition, limits) if {
	days := access_review.open_days(definition)
	days >= 1
	days <= limits.max_duration_days
}

# Where a thing is set: in the stages when there are any.
_place(definition, in_stages, _) := in_stages if access_review.has_stages(definition)

_place(definition, _, without_stages) := without_stages if not access_review.has_stages(definition)
