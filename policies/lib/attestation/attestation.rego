# METADATA
# description: |
#   What no interface tells, and somebody vouches for: settings' attestations. An attestation names the rule, who answers
#   for it, when it was given, where the evidence is, and the day on which it ends.
package lib.attestation

import data.lib.finding
import data.lib.guest

_path := ["tenant", "organization", "id"]

_given(rule) := [entry | some entry in data.settings.attestations.given; entry.rule == rule]

# Of several attestations one that is in order counts, else the one that was given last: renewing adds an entry.
_of(rule) := entry if {
	sound := [entry | some entry in _given(rule); count(_problems(entry)) == 0]
	entry := _last(sound)
} else := _last(_given(rule))

_last(entries) := [entry | some entry in entries; entry.date == max({other.date | some other in entries})][0]

_longest := data.settings.attestations.max_days

# METADATA
# description: What is wrong with the attestation that a rule asks for.
findings(rule) := {finding.at(_path, message) |
	some message in _problems(_of(rule))
}

_problems(entry) := {message |
	some found in [_late(entry), _early(entry), _long(entry)]
	some message in found
}

_late(entry) := [$"the attestation of {entry.owner} ended on {entry.expires}" | entry.expires < _today]

_early(entry) := [$"the attestation of {entry.owner} is dated {entry.date}, after the snapshot" | entry.date > _today]

_long(entry) := [$"the attestation of {entry.owner} is for {days} days, {_longest} are the most" |
	days := floor(guest.age(_instant(entry.date)) - guest.age(_instant(entry.expires)))
	days > _longest
]

# METADATA
# description: The question, while nobody has answered it.
unknowns(rule, question) := {finding.at(_path, message) |
	not _of(rule)
	message := $"nobody has attested it (settings, attestations): {question}"
}

# METADATA
# description: The answer, for the auditor.
notes(rule) := {finding.at(_path, message) |
	entry := _of(rule)
	message := concat(" ", [
		$"{entry.owner} attested on {entry.date}, until {entry.expires}:",
		$"{entry.statement} Evidence: {entry.evidence}",
	])
}

_today := substring(input.collection.collectedAt, 0, 10)

_instant(day) := time.parse_rfc3339_ns($"{day}T00:00:00Z")
