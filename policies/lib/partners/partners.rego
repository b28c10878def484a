# METADATA
# description: |
#   The register of partners: the settings' partners. Every rule that asks for an organisation's entry asks here, so that
#   all mean the same by it: a tenant by its id, a domain by its name, upper and lower case alike.
package lib.partners

# METADATA
# description: The entries, as the settings have them.
entries := data.settings.partners

_tenants[lower(entry.tenant_id)] := entry if some entry in entries

_domains[lower(domain)] := entry if {
	some entry in entries
	some domain in entry.domains
}

# "*.fabrikam.com" means everything below fabrikam.com.
_suffixes[substring(domain, 1, -1)] := entry if {
	some domain, entry in _domains
	startswith(domain, "*.")
}

# METADATA
# description: The entry of a tenant; undefined when it has none.
of_tenant(tenant_id) := _tenants[lower(tenant_id)]

# METADATA
# description: |
#   The entry that a domain belongs to: its own, else that of the nearest domain above it that stands there with "*."; or
#   undefined.
of_domain(domain) := _domains[lower(domain)] if {
	not startswith(domain, "*.")
} else := _suffixes[max([[count(s), s] | some s, _ in _suffixes; endswith(lower(domain), s)])[1]]

# METADATA
# description: Whether the register allows a tenant something, such as direct_connect.
allows_tenant(tenant_id, what) if what in of_tenant(tenant_id).allow

# METADATA
# description: Whether the register allows anybody something.
allows_anybody(what) if {
	some entry in entries
	what in entry.allow
}

# METADATA
# description: Whether the register allows a domain something, such as sharepoint.
allows_domain(domain, what) if what in of_domain(domain).allow

# METADATA
# description: The tenant of an entry, else its first domain.
id(entry) := lower(object.get(entry, "tenant_id", object.get(entry, ["domains", 0], "an entry without a name")))

# METADATA
# description: How people know an entry.
label(entry) := $"{entry.name} ({id(entry)})" if {
	trim_space(entry.name) != ""
} else := id(entry)
