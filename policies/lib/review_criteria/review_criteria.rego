# METADATA
# description: |
#   What makes an access review worth having: it runs, it comes back often enough, it is over soon enough, somebody
#   else decides than whom it is about, nobody from outside does, and access goes when nobody answers.
#   Limits are max_interval_days, max_duration_days and self_review_allowed; whom says who is reviewed, guests when it is
#   left out, and with unanswered_may_keep those about whom nobody answers may keep what they have.
package lib.review_criteria

import data.lib.access_review
import data.lib.outsiders

_switches := {
	"autoApplyDecisionsEnabled": "decisions are not applied by themselves",
	"defaultDecisionEnabled": "{whom} whom nobody reviews keep their access",
	"justificationRequiredOnApproval": "approvals need no reason",
	"mailNotificationsEnabled": "reviewers get no mail",
	"reminderNotificationsEnabled": "reviewers get no reminder",
}

_criteria := object.keys(_switches) | {
	"status", "decision", "recurrence", "interval",
	"range", "duration", "reviewers", "outsiders",
}

_actions := {"#microsoft.graph.removeAccessApplyAction", "#microsoft.graph.disableAndDeleteUserApplyAction"}

# METADATA
# description: |
#   Of what the reviews that lack least lack, as {at, steps, message}; nothing when one lacks nothing. The candidates are
#   definitions by their place in the list.
shortcomings(candidates, limits) := {object.union({"at": d}, lack) |
	all := {other: lacks(definition, limits) | some other, definition in candidates}
	fewest := min([count(those) | some those in all])
	some d, those in all
	count(those) == fewest
	some lack in those
}

# METADATA
# description: What is open about the reviews that lack nothing for certain, unless one of them is beyond doubt.
doubts(candidates, limits) := {object.union({"at": d}, question) |
	sound := {other: questions(definition) |
		some other, definition in candidates
		count(lacks(definition, limits)) == 0
	}
	every those in sound {
		count(those) > 0
	}
	some d, those in sound
	some question in those
}

# METADATA
# description: What the definition lacks for certain, as {steps, message}.
lacks(definition, limits) := {lack | some name in _criteria; lack := _lacks(name, definition, limits)}

# METADATA
# description: What cannot be decided about the definition, as {steps, message}.
questions(definition) := {question |
	some name in {"status", "actions", "interval", "range", "outsiders"}
	question := _asks(name, definition)
}

_lacks("status", definition, _) := {"steps": ["status"], "message": message} if {
	access_review.status(definition) == "stopped"
	message := $"the review is not running (status is {definition.status})"
}

_lacks(name, definition, limits) := {"steps": ["settings", name], "message": $"{wrong} ({name} is {value})"} if {
	_switches[name]
	not _is_spared(name, limits)
	value := object.get(definition, ["settings", name], null)
	value != true
	wrong := replace(_switches[name], "{whom}", _whom(limits))
}

_lacks("decision", definition, limits) := {"steps": ["settings", "defaultDecision"], "message": message} if {
	not limits.unanswered_may_keep
	definition.settings.defaultDecisionEnabled == true
	value := object.get(definition, ["settings", "defaultDecision"], null)
	value != "Deny"
	message := $"{_whom(limits)} whom nobody reviews are not removed (defaultDecision is {value})"
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

_lacks("reviewers", definition, limits) := {"steps": steps, "message": message} if {
	message := $"{_whom(limits)} decide about their own access"
	not limits.self_review_allowed
	access_review.is_self_review(definition)
	steps := _place(definition, ["stageSettings"], ["reviewers"])
}

_lacks("outsiders", definition, _) := {"steps": steps, "message": "somebody from outside is among the reviewers"} if {
	steps := min(_reviewers(definition, "yes"))
}

_asks("status", definition) := {"steps": ["status"], "message": message} if {
	access_review.status(definition) == "unknown"
	message := $"status has the value {definition.status}, which this version does not know"
}

_asks("actions", definition) := {"steps": ["settings", "applyActions"], "message": message} if {
	actions := {action["@odata.type"] | some action in definition.settings.applyActions}
	count(actions) > 0
	count(actions & _actions) == 0
	message := "what happens when access is denied is not known to this version"
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

_asks("outsiders", definition) := {"steps": steps, "message": message} if {
	steps := min(_reviewers(definition, "unknown"))
	message := "whether somebody from outside is among the reviewers is not known"
}

# Where reviewers stand of whom that is the answer whether they are from outside.
_reviewers(definition, answer) := {who.steps |
	some who in access_review.named_reviewers(definition)
	outsiders.are(who.kind, who.id) == answer
}

_whom(limits) := object.get(limits, "whom", "guests")

_is_spared("defaultDecisionEnabled", limits) if limits.unanswered_may_keep

_has_interval(definition) if access_review.interval_days(definition)

_is_short(definition, limits) if {
	days := access_review.open_days(definition)
	days >= 1
	days <= limits.max_duration_days
}

# Where a thing is set: in the stages when there are any.
_place(definition, in_stages, _) := in_stages if access_review.has_stages(definition)

_place(definition, _, without_stages) := without_stages if not access_review.has_stages(definition)
