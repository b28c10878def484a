# METADATA
# description: |
#   Turns what the model of access says (access.uncovered, see policies/access) into what rules report. A hole is a set of
#   sign-ins that no policy stops; it is reported at the clause of the policy that comes nearest to stopping it.
package lib.hole

import data.lib.finding

_policies := ["conditionalAccess", "policies"]

# METADATA
# description: |
#   One finding for each place through which somebody gets who exists, or whom an invitation would bring; what says what
#   they escape. The policy comes first: who gets through can be long, and screens cut a message off.
findings(answer, what) := {finding.at(place, message) |
	some place in {one.place | some one in _reachable(answer)}
	here := [one | some one in _reachable(answer); one.place == place]
	message := sprintf("%s: %s%s: %s", [what, _nearest(here[0]), _more(count(here) - 1), here[0].text])
}

_reachable(answer) := [one | some one in answer.holes; one.reach != "latent"]

_nearest(one) := sprintf("'%s' does not stop it, because it %s", [near.name, concat(", ", texts)]) if {
	near := one.near_misses[0]
	texts := [clause.text | some clause in near.clauses]
} else := "no policy comes near"

_more(0) := ""

_more(n) := sprintf(" (and %d more at this place)", [n]) if n > 0

# METADATA
# description: What nobody can decide, at the clause that leaves it open. Each place comes once.
unknowns(answer, what) := {finding.at(place, message) |
	some place in {one.place | some one in answer.undecided}
	here := [one | some one in answer.undecided; one.place == place]
	reasons := [reason.text | some reason in here[0].reasons]
	message := sprintf("%s may be possible for %s: %s", [what, here[0].text, concat("; ", reasons)])
} | {finding.at(_policies, answer.reason) |
	object.get(answer, "reason", "") != ""
}

# METADATA
# description: What would open if a setting elsewhere changed, and what the answer takes for granted.
notes(answer, what) := ({finding.keyed(one.place, one.text, message) |
	some one in answer.holes
	one.reach == "latent"
	message := sprintf("%s if a setting elsewhere changes: %s: %s", [what, _nearest(one), one.text])
} | {finding.keyed(_policies, assumption.name, message) |
	some assumption in answer.assumptions
	message := sprintf("rests on %s=%s: %s (%s, %s)", [
		assumption.name, assumption.value, assumption.statement,
		assumption.date, assumption.source,
	])
}) | {finding.keyed(_policies, "more", "there are further gaps that are not listed") | answer.more}

# METADATA
# description: |
#   Who cannot get in anywhere (access.locked_out) because one of the policies at these indexes demands what they do not
#   have, unless a policy blocks them anyway: the control holds, but its owner should know.
locked_out(answer, indexes) := {finding.keyed(place, locks, message) |
	some i in indexes
	some certain, locks in {true: "locks out", false: "may lock out"}
	whos := [one |
		some one in answer.locked_out
		one.reach != "latent"
		one.certain == certain
		_demanded_by(one, i)
	]
	count(whos) > 0
	place := ["conditionalAccess", "policies", i, "grantControls"]
	message := sprintf("'%s' %s: %s%s", [
		[policy.name | some policy in whos[0].policies; policy.index == i][0],
		locks,
		concat("; ", [one.who | some one in array.slice(whos, 0, 5)]),
		_others(count(whos) - 5),
	])
}

_demanded_by(one, i) if {
	some policy in one.policies
	policy.index == i
	policy.alone
	not true in [other.blocks | some other in one.policies; other.alone]
}

_others(n) := "" if n <= 0

_others(n) := sprintf("; and %d more", [n]) if n > 0

# METADATA
# description: |
#   Several answers as one, so that a place comes once. They come by words that say which sign-ins each is about.
all(answers) := object.union(
	{list: [_about(one, words) | some words, answer in answers; some one in answer[list]] |
		some list in ["holes", "undecided"]
	},
	{
		"assumptions": [one | some answer in answers; some one in answer.assumptions],
		"more": true in [answer.more | some answer in answers],
		"reason": concat("; ", _reasons(answers)),
	},
)

_about(one, words) := object.union(one, {"text": sprintf("%s; %s", [one.text, words])})

_reasons(answers) := {reason | some answer in answers; reason := object.get(answer, "reason", ""); reason != ""}

# METADATA
# description: |
#   Of the kinds of outsiders those that terms of use and session controls can reach: B2B direct connect supports neither.
#   https://learn.microsoft.com/en-us/entra/external-id/authentication-conditional-access
kinds_with_pages(kinds) := [kind | some kind in kinds; kind != "b2bDirectConnectUser"]
