# METADATA
# description: Whether outsiders are behind an object id that somebody named, by the list of external users and by the groups.
package lib.outsiders

# METADATA
# description: |
#   Whether the id of the kind is an outsider's (user) or a group's with an outsider in it (group): yes, no, or unknown,
#   where the snapshot lacks the list that would tell.
are("user", id) := "yes" if {
	reach.accounts(input, [id]).users[id]
} else := "unknown" if {
	"guests" in reach.accounts(input, [id]).unknown
} else := "no"

are("group", id) := "yes" if {
	id in reach.accounts(input, [id]).groups
} else := "unknown" if {
	some source in reach.accounts(input, [id]).unknown
	source != "guests"
} else := "no"
