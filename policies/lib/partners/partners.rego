# METADATA
# description: |
#   The register of partners: the settings' partners. Every rule that asks for an organisation's entry asks here, so that
#   all mean the same by it: a tenant by its id or by what Graph says of its domains, a domain by its name, upper and lower
#   case alike. policies/partners joins in the same way.
package lib.partners

# METADATA
# description: The entries, as the settings have them.
entries := data.settings.partners

# Comprehensions: a rule with keys would go through the whole register for each key that it is asked for.
_tenants := {lower(entry.tenant_id): entry | some entry in entries}

_domains := {lower(domain): entry |
	some entry in entries
	some domain in entry.domains
}

# "*.fabrikam.com" means everything below fabrikam.com.
_suffixes := {substring(domain, 1, -1): entry |
	some domain, entry in _domains
	startswith(domain, "*.")
}

# Which tenant a domain has. What Graph answered about a domain goes before what it says is a tenant's default domain.
_asked contains lower(known.domainName) if some known in input.crossTenantAccess.domainTenants

_domain_of[lower(known.tenantId)] contains lower(known.domainName) if {
	some known in input.crossTenantAccess.domainTenants
}

_domain_of[lower(named.tenantId)] contains domain if {
	some list in ["domainTenants", "partnerNames"]
	some named in input.crossTenantAccess[list]
	domain := lower(named.defaultDomainName)
	not domain in _asked
}

# The entries without a tenant of their own that have a domain of the tenant, by their place in the register.
_joined := {tenant: found |
	some tenant, domains in _domain_of
	tenant != ""
	found := {_places[lower(entry.domains[0])] |
		some domain in domains
		entry := of_domain(domain)
		not entry.tenant_id
	}
}

_places := {lower(entry.domains[0]): i | some i, entry in entries}

# METADATA
# description: |
#   The entry of a tenant: the one that gives its id, else the first that is known by domains alone and has one of which
#   Graph says that it is the tenant's; undefined when there is none.
of_tenant(tenant_id) := entry if {
	entry := _tenants[lower(tenant_id)]
} else := entries[min(_joined[lower(tenant_id)])]

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
