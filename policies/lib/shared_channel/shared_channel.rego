# METADATA
# description: |
#   Whom a shared channel of a team reaches in other organisations: people, by themselves or as members of a team there.
#   They have no account here, so no list of guests shows them.
#   https://learn.microsoft.com/en-us/graph/api/channel-list-allmembers
package lib.shared_channel

# What a channel holds of each organisation.
_lists := {"allMembers": "people", "sharedWithTeams": "teams"}

# METADATA
# description: The other organisations that a channel reaches, by their tenants' ids in lower case.
tenants(channel) := {_home_of(entry) |
	some list, _ in _lists
	some entry in channel[list]
	_home_of(entry) != lower(input.tenant.organization.id)
}

# METADATA
# description: How many people and teams of a tenant are in the channel, as {people, teams}.
count_of(channel, tenant_id) := {what: number |
	some list, what in _lists
	number := count([entry | some entry in channel[list]; _home_of(entry) == tenant_id])
}

# METADATA
# description: Everybody in the channel, and every team that it is shared with, is known with the home tenant.
is_readable(channel) if {
	every list, _ in _lists {
		is_array(channel[list])
		every entry in channel[list] {
			_home_of(entry)
		}
	}
}

_home_of(entry) := lower(entry.tenantId) if {
	is_string(entry.tenantId)
	entry.tenantId != ""
}
