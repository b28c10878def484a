# METADATA
# description: |
#   What the snapshots of other tenants (--peer) say of their own half: input.peers. An answer is what it means to this
#   tenant; where a snapshot was not given, was collected too far from this one, or does not say, it is "unknown".
package lib.peer

import data.lib.cross_tenant

# METADATA
# description: The tenants whose snapshots were given, by id in lower case.
given := {peer.tenantId | some peer in input.peers}

# METADATA
# description: Whether a tenant's snapshot was given.
is_given(tenant_id) if lower(tenant_id) in given

# METADATA
# description: The tenants whose snapshots can answer, because they were collected near enough to this one.
near contains peer.tenantId if {
	some peer in input.peers
	here := time.parse_rfc3339_ns(input.collection.collectedAt)
	there := time.parse_rfc3339_ns(peer.collection.collectedAt)
	abs(here - there) <= (data.settings.cross_tenant.peer_max_days_apart * 86400) * 1000000000
}

# METADATA
# description: Why there is no answer, of a tenant whose snapshot was given.
why_unknown(tenant_id) := "its snapshot does not say" if {
	lower(tenant_id) in near
} else := $"its snapshot is more than {data.settings.cross_tenant.peer_max_days_apart} days from this one"

_answers[peer.tenantId] := peer if {
	some peer in input.peers
	peer.tenantId in near
}

# Its settings for this tenant, by index. Where partners, or one's tenant, are not known, nothing is.
_entries[id] := entries if {
	some id, peer in _answers
	us := lower(input.tenant.organization.id)
	is_array(peer.crossTenantAccess.partners)
	every partner in peer.crossTenantAccess.partners {
		is_string(partner.tenantId)
	}
	entries := [i | some i, partner in peer.crossTenantAccess.partners; lower(partner.tenantId) == us]
}

# METADATA
# description: |
#   What the cross-tenant access of a tenant says to this one at the steps: its settings for this tenant, else its default,
#   else the service's; or unknown.
says(tenant_id, steps) := _known(cross_tenant.of_partner_in(access, i, steps).value) if {
	[i] := _entries[lower(tenant_id)]
	access := _answers[lower(tenant_id)].crossTenantAccess
} else := _known(cross_tenant.of_default_in(access, steps).value) if {
	_entries[lower(tenant_id)] == []
	access := _answers[lower(tenant_id)].crossTenantAccess
} else := "unknown"

_known("unreadable") := "unknown"

_known(value) := value if value != "unreadable"

# METADATA
# description: Whether a tenant redeems invitations on a side, such as outboundAllowed, between it and this one.
redeems(tenant_id, side) := _boolean(says(tenant_id, ["automaticUserConsentSettings", side]))

_boolean(value) := value if {
	is_boolean(value)
} else := "unknown"

# METADATA
# description: The gate of a setting such as b2bDirectConnectInbound between a tenant and this one.
gate(tenant_id, setting) := cross_tenant.gate(
	cross_tenant.reach(says(tenant_id, [setting, "usersAndGroups"])),
	cross_tenant.reach(says(tenant_id, [setting, "applications"])),
)

# METADATA
# description: |
#   Whether a tenant lets this one synchronize people into it. Nothing of that is inherited: a tenant without settings for
#   this one, or with null, does not.
takes_sync(tenant_id) := false if {
	_entries[lower(tenant_id)] == []
} else := false if {
	_sync_of(tenant_id) == null
} else := _boolean(object.get(_sync_of(tenant_id), ["userSyncInbound", "isSyncAllowed"], "unknown")) if {
	is_object(_sync_of(tenant_id))
} else := "unknown"

_sync_of(tenant_id) := object.get(partner, "identitySynchronization", "absent") if {
	[i] := _entries[lower(tenant_id)]
	partner := _answers[lower(tenant_id)].crossTenantAccess.partners[i]
}

# METADATA
# description: How many jobs of synchronization out of it a tenant has.
jobs(tenant_id) := count(list) if {
	list := _answers[lower(tenant_id)].crossTenantSync.jobs
	is_array(list)
} else := "unknown"

# METADATA
# description: Whether a tenant has one of the service plans, by their ids.
has_plan(tenant_id, plans) if {
	some plan in _plans(tenant_id)
	plan.servicePlanId in plans
	plan.provisioningStatus != "Disabled"
} else := false if {
	is_array(_plans(tenant_id))
} else := "unknown"

_plans(tenant_id) := _answers[lower(tenant_id)].licences.servicePlans
