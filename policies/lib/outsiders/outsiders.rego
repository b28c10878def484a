# METADATA
# description: Whether outsiders are behind an object id that somebody named, by the list of external users and by the groups.
package lib.outsiders

import data.lib.guest

# METADATA
# description: |
#   Whether the id of the kind is an outsider's (user) or a group's with an outsider in it (group): yes, no, or unknown,
#   where the snapshot lacks the list that would tell, and of what is no object id. Of names only a guest's own tells:
#   https://learn.microsoft.com/en-us/entra/external-id/user-properties
are(kind, id) := "yes" if {
	kind == "user"
	guest.is_foreign(id)
} else := "unknown" if {
	not _is_id(id)
} else := "yes" if {
	kind == "user"
	reach.accounts(input, [id]).users[id]
} else := "yes" if {
	kind == "group"
	id in reach.accounts(input, [id]).groups
} else := "unknown" if {
	some source in reach.accounts(input, [id]).unknown
	_tells(source, kind)
} else := "no"

_is_id(id) if regex.match(`^[^@#%/]+$`, id)

_tells("guests", "user")

_tells(source, "group") if source != "guests"
