# METADATA
# description: |
#   Whether groups that somebody named for it hold every guest by a dynamic rule. Rules about the configuration do not see
#   groups, of which there may be many; the model of access reads them all.
package lib.guest_groups

# METADATA
# description: |
#   The ids in a list of settings, lower case, by whether the group takes in every guest and is kept up to date: yes, no
#   or unknown. A group whose rule takes in colleagues too, or that has none, is no group of guests.
named(ids) := {answer: {id | some id, of in answers; of == answer} | some answer in ["yes", "no", "unknown"]} if {
	count(ids) > 0
	told := access.guest_groups(input)
	answers := {lower(id): _holds_guests(lower(id), told) | some id in ids}
} else := {"yes": set(), "no": set(), "unknown": set()}

_holds_guests(id, told) := "no" if {
	some group in told.groups
	group.id == id
	_falls_short(group)
} else := "yes" if {
	some group in told.groups
	group.id == id
	group.takes == "every"
	group.runs == "yes"
} else := "unknown" if {
	some group in told.groups
	group.id == id
} else := "no" if {
	told.whole
} else := "unknown"

_falls_short(group) if group.takes == "some"

_falls_short(group) if group.runs == "paused"
