# METADATA
# title: Access reviews of guests take place and are documented
# description: |
#   A review that is set up is a plan. This rule looks at what came of it: whether one was completed lately, whether people
#   answered, gave reasons, decided about others than themselves, and whether the access that they denied is gone.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/id-governance/complete-access-review
#     description: Complete an access review of groups and applications
#   - ref: https://learn.microsoft.com/en-us/graph/api/resources/accessreviewinstance
#     description: accessReviewInstance in Microsoft Graph
#   - ref: https://learn.microsoft.com/en-us/graph/api/resources/accessreviewinstancedecisionitem
#     description: accessReviewInstanceDecisionItem in Microsoft Graph
# custom:
#   id: AR-003
#   severity: high
#   severity_reason: Guests whom a review should have removed still have access, and nobody can show that anyone ever looked.
#   requires:
#     - governance.accessReviews.definitions
#     - governance.accessReviews.instances
#     - governance.accessReviews.decisions
#   uses: [guests]
#   licence: [AAD_PREMIUM_P2, Entra_Identity_Governance]
#   settings:
#     - access_reviews.max_evidence_age_days
#     - access_reviews.max_unanswered_percent
#     - access_reviews.min_justified_percent
#     - access_reviews.min_reviewers
#     - access_reviews.self_review_allowed
#   rationale: |
#     An auditor asks for evidence, not for settings; the notes of this rule are what to show. Every running review that asks
#     about guests is judged by what ended within max_evidence_age_days. A decision that the service made because nobody
#     answered counts as unanswered, whatever it is. A reviewer counts once, however many groups are theirs. Access that was
#     denied a week ago must be gone. A series that is younger than max_evidence_age_days and has nothing to show yet is
#     unknown, and so are reviews that asked about nobody although there are external users. Graph keeps decisions longer; the collector reads those
#     of 100 days.
#   remediation:
#     portal: Entra admin center > ID Governance > Access Reviews > the review > Results; remind reviewers, add a fallback reviewer, require justification, and apply the results.
#     graph: POST https://graph.microsoft.com/v1.0/identityGovernance/accessReviews/definitions/{id}/instances/{id}/sendReminder, or .../applyDecisions
#     powershell: Send-MgIdentityGovernanceAccessReviewDefinitionInstanceReminder, or Add-MgIdentityGovernanceAccessReviewDefinitionInstanceDecision
#   controls:
#     guide: [G15, G17, G31]
#   since: 0.1.0
package rules.governance.review_evidence

import data.lib.access_review
import data.lib.finding
import data.lib.guest

_settings := data.settings.access_reviews

_reviews := input.governance.accessReviews

_path := ["governance", "accessReviews", "definitions"]

# The reviews that should leave evidence: of guests, and not over or yet to begin.
_running[d] := definition if {
	some d, definition in _reviews.definitions
	_asks_guests(definition)
	access_review.status(definition) != "stopped"
}

_asks_guests(definition) if {
	access_review.reach(definition, [])
	not access_review.asks_roles(definition)
}

findings contains finding.at(_path, "no access review of guests is running, so nothing is documented") if {
	is_array(_reviews.definitions)
	count(_running) == 0
}

# Instances by what their status says of them.
# https://learn.microsoft.com/en-us/graph/api/resources/accessreviewinstance
_phases := {
	"initializing": "open",
	"notstarted": "open",
	"scheduled": "open",
	"starting": "open",
	"inprogress": "open",
	"completing": "open",
	"completed": "done",
	"autoreviewing": "done",
	"autoreviewed": "done",
	"applying": "done",
	"applied": "done",
}

_phase(instance) := _phases[lower(instance.status)] if {
	instance.status != null
} else := "unknown"

_ended(instance) := time.parse_rfc3339_ns(instance.endDateTime)

_instances[d] := {i |
	some i, instance in _reviews.instances
	instance.definitionId == definition.id
} if {
	some d, definition in _running
}

# What ended within the time that counts.
_recent[d] := {i |
	some i in of
	_phase(_reviews.instances[i]) == "done"
	_ended(_reviews.instances[i]) >= guest.days_ago(_settings.max_evidence_age_days)
	_ended(_reviews.instances[i]) <= guest.now
} if {
	some d, of in _instances
}

# Instances of which it is not known whether they are evidence.
_doubtful[d] := {i |
	some i in of
	_is_doubtful(_reviews.instances[i])
} if {
	some d, of in _instances
}

_is_doubtful(instance) if _phase(instance) == "unknown"

_is_doubtful(instance) if not _has_end(instance)

# What is done has an end that lies behind.
_is_doubtful(instance) if {
	_phase(instance) == "done"
	_ended(instance) > guest.now
}

_has_end(instance) if _ended(instance)

findings contains finding.at(["governance", "accessReviews", "instances", i], message) if {
	some of in _instances
	some i in of
	instance := _reviews.instances[i]
	_phase(instance) == "open"
	guest.age(_ended(instance)) > 1
	due := substring(instance.endDateTime, 0, 10)
	message := $"this review was due on {due} and is not complete (status is {instance.status})"
}

findings contains finding.keyed(array.concat(_path, [d]), "completed", message) if {
	some d, recent in _recent
	count(recent) == 0
	count(_doubtful[d]) == 0
	not _may_be_new(d)
	message := $"no review was completed within {_settings.max_evidence_age_days} days"
}

unknowns contains finding.at(array.concat(_path, [d]), "the series is too new to have been completed") if {
	some d, recent in _recent
	count(recent) == 0
	_may_be_new(d)
}

unknowns contains finding.at(["governance", "accessReviews", "instances", i], message) if {
	some d, doubtful in _doubtful
	count(_recent[d]) == 0
	some i in doubtful
	message := "the snapshot does not tell whether and when this review was completed"
}

_may_be_new(d) if guest.age(_start(d)) <= _settings.max_evidence_age_days

_may_be_new(d) if {
	not _has_start(d)
	count(_instances[d]) == 0
}

_start(d) := time.parse_ns("2006-01-02", _running[d].settings.recurrence.range.startDate)

_has_start(d) if _start(d)

# The counted decisions of recent instances, those that the snapshot tells in full.
_counted[d] := [row |
	some row in _reviews.decisions
	row.id in _ids[d]
	_is_whole(row)
] if {
	some d, _ in _recent
}

_ids[d] := {_reviews.instances[i].id | some i in recent} if some d, recent in _recent

_is_whole(row) if {
	every name in ["total", "unanswered", "justified", "reviewers", "self"] {
		is_number(row[name])
	}
	is_object(row.decisions)
	is_object(row.applyResults)
	row.total == sum([n | some n in row.decisions])
	row.unanswered <= row.total
	_denied(row) == sum([n | some n in row.applyResults])
}

_denied(row) := sum([n | some name, n in row.decisions; lower(name) == "deny"])

unknowns contains finding.at(["governance", "accessReviews", "instances", i], message) if {
	some d, recent in _recent
	some i in recent
	not _is_told(d, i)
	message := "the snapshot does not tell what was decided in this review"
}

_is_told(d, i) if {
	some row in _counted[d]
	row.id == _reviews.instances[i].id
}

_sum[d] := {
	"total": sum([row.total | some row in rows]),
	"unanswered": sum([row.unanswered | some row in rows]),
	"answered": sum([n | some row in rows; n := row.total - row.unanswered]),
	"justified": sum([row.justified | some row in rows]),
	"reviewers": _reviewers(rows),
	"self": sum([row.self | some row in rows]),
	"denied": sum([_denied(row) | some row in rows]),
} if {
	some d, rows in _counted
	count(rows) > 0
}

# How many people answered, at least and at most: who answered in two instances is one person, if the snapshot tells who.
_reviewers(rows) := {"least": count(told), "most": count(told)} if {
	told := {id | some row in rows; some id in row.reviewerIds}
	every row in rows {
		is_array(row.reviewerIds)
	}
} else := {"least": max([row.reviewers | some row in rows]), "most": sum([row.reviewers | some row in rows])}

_lacks[d].unanswered := message if {
	some d, of in _sum
	of.unanswered * 100 > _settings.max_unanswered_percent * of.total
	message := concat("", [
		$"nobody answered {of.unanswered} of {of.total} questions ({_percent(of.unanswered, of.total)} %);",
		$" {_settings.max_unanswered_percent} % are allowed",
	])
}

_lacks[d].justified := message if {
	some d, of in _sum
	of.justified * 100 < _settings.min_justified_percent * of.answered
	message := concat("", [
		$"{of.justified} of {of.answered} answers have a reason ({_percent(of.justified, of.answered)} %);",
		$" {_settings.min_justified_percent} % must have one",
	])
}

# A single answer has a single author.
_lacks[d].reviewers := message if {
	some d, of in _sum
	of.answered > 1
	of.reviewers.most < _settings.min_reviewers
	message := $"{of.answered} answers came from {of.reviewers.most} reviewers; {_settings.min_reviewers} are asked for"
}

unknowns contains finding.keyed(array.concat(_path, [d]), "reviewers", message) if {
	some d, of in _sum
	of.answered > 1
	of.reviewers.least < _settings.min_reviewers
	of.reviewers.most >= _settings.min_reviewers
	message := concat("", [
		$"{of.answered} answers came from {of.reviewers.least} to {of.reviewers.most} reviewers;",
		$" {_settings.min_reviewers} are asked for",
	])
}

# Reviews that asked about nobody show nothing, unless there is nobody.
unknowns contains finding.at(_path, "no review asked about anybody, and external users are listed or not known") if {
	count(_sum) > 0
	every of in _sum {
		of.total == 0
	}
	_may_have_outsiders
}

_outsiders := reach.accounts(input, [])

_may_have_outsiders if _outsiders.count > 0

_may_have_outsiders if "guests" in _outsiders.unknown

_lacks[d].self := $"{of.self} answers are by the person whose access it is" if {
	not _settings.self_review_allowed
	some d, of in _sum
	of.self > 0
}

findings contains finding.keyed(array.concat(_path, [d]), name, message) if {
	some d, lacks in _lacks
	some name, message in lacks
}

# What became of denied access.
# https://learn.microsoft.com/en-us/graph/api/resources/accessreviewinstancedecisionitem
_results := {
	"appliedsuccessfully": "gone",
	"appliedsuccessfullybutobjectnotfound": "gone",
	"appliedwithunknownfailure": "failed",
	"applynotsupported": "failed",
	"new": "waiting",
	"applying": "waiting",
}

# Graph does not say how long applying takes; after a week it is not to be expected any more.
_patience_days := 7

_result(name, i) := kind if {
	kind := _results[lower(name)]
	kind != "waiting"
} else := "late" if {
	_results[lower(name)] == "waiting"
	guest.age(_ended(_reviews.instances[i])) > _patience_days
} else := "unknown"

# How many denials of a recent instance ended in which way.
_applied[d][i][kind] := sum([n | some name, n in row.applyResults; _result(name, i) == kind]) if {
	some d, recent in _recent
	some i in recent
	some row in _counted[d]
	row.id == _reviews.instances[i].id
	some kind in ["failed", "late", "unknown"]
}

findings contains finding.keyed(array.concat(_path, [d]), "applied", message) if {
	some d, instances in _applied
	failed := sum([n | some kinds in instances; n := kinds.failed + kinds.late])
	failed > 0
	message := $"{failed} of {_sum[d].denied} denials were not carried out"
}

unknowns contains finding.at(["governance", "accessReviews", "instances", i], message) if {
	some instances in _applied
	some i, kinds in instances
	kinds.unknown > 0
	message := $"whether {kinds.unknown} denials were carried out is not known yet"
}

notes contains finding.at(array.concat(_path, [d]), message) if {
	some d, of in _sum
	message := concat("", [
		$"completed within {_settings.max_evidence_age_days} days: {count(_counted[d])} reviews,",
		$" the last on {_last(d)}, with {of.total} questions, {of.unanswered} unanswered, {of.denied} denied,",
		$" {of.justified} with a reason, {_number(of.reviewers)} reviewers",
	])
}

_number(of) := $"{of.least}" if {
	of.least == of.most
} else := $"{of.least} to {of.most}"

_last(d) := max([substring(_reviews.instances[i].endDateTime, 0, 10) | some i in _recent[d]])

_percent(part, whole) := floor((part * 100) / whole)
