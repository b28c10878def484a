# METADATA
# description: |
#   The cross-tenant access that is in force. What a partner leaves null or out it takes from the tenant's default, and
#   what that leaves out, Microsoft decides; access.partners answers the same for a whole snapshot.
#   https://learn.microsoft.com/en-us/graph/api/resources/crosstenantaccesspolicyconfigurationpartner
package lib.cross_tenant

# METADATA
# description: |
#   What the tenant's default says at the steps, such as ["inboundTrust", "isMfaAccepted"]: value, path, and source,
#   which is own, service_default or unknown.
of_default(steps) := of_default_in(_here, steps)

# METADATA
# description: The same for the partner at an index; what is not its own has the default's path, and the source inherited.
of_partner(i, steps) := of_partner_in(_here, i, steps)

_here := object.get(input, ["crossTenantAccess"], {})

# METADATA
# description: What of_default says, of the cross-tenant access of any tenant, such as a peer's.
of_default_in(access, steps) := _said(access["default"], ["crossTenantAccess", "default"], steps) if {
	_says(access["default"], steps)
} else := {
	"value": object.get(_service_default, steps, "unreadable"),
	"path": array.concat(["crossTenantAccess", "default"], steps),
	"source": "service_default",
} if {
	is_object(access["default"])
} else := {"value": "unreadable", "path": ["crossTenantAccess", "default"], "source": "unknown"}

# METADATA
# description: What of_partner says, of the cross-tenant access of any tenant.
of_partner_in(access, i, steps) := _said(access.partners[i], ["crossTenantAccess", "partners", i], steps) if {
	_says(access.partners[i], steps)
} else := object.union(of_default_in(access, steps), {"source": "inherited"})

_says(root, steps) if object.get(root, steps, null) != null

_says(root, steps) if _broken(root, steps)

# Where something stands in the way that is neither null nor an object, nothing is said and nothing inherited either.
_broken(root, steps) if {
	some n in numbers.range(1, count(steps) - 1)
	between := object.get(root, array.slice(steps, 0, n), null)
	between != null
	not is_object(between)
}

_said(root, path, steps) := {
	"value": object.get(root, steps, "unreadable"),
	"path": array.concat(path, steps),
	"source": "own",
}

# https://learn.microsoft.com/en-us/graph/api/crosstenantaccesspolicyconfigurationdefault-get
_service_default := {
	"b2bCollaborationInbound": _both("allowed"),
	"b2bCollaborationOutbound": _both("allowed"),
	"b2bDirectConnectInbound": _both("blocked"),
	"b2bDirectConnectOutbound": _both("blocked"),
	"inboundTrust": {
		"isMfaAccepted": false,
		"isCompliantDeviceAccepted": false,
		"isHybridAzureADJoinedDeviceAccepted": false,
	},
	"automaticUserConsentSettings": {"inboundAllowed": false, "outboundAllowed": false},
}

_both(access) := {
	"usersAndGroups": {"accessType": access, "targets": [{"target": "AllUsers"}]},
	"applications": {"accessType": access, "targets": [{"target": "AllApplications"}]},
}

# METADATA
# description: |
#   Whom, or what, a target configuration lets through: nobody, those listed, all others than those listed, everybody; or
#   unknown. The order of the targets does not matter, and a list cannot be empty.
reach(side) := whom if {
	whom := _reach[lower(side.accessType)][_targets(side.targets)]
} else := "unknown"

_reach := {
	"allowed": {"all": "everybody", "some": "listed"},
	"blocked": {"all": "nobody", "some": "others"},
}

_targets(list) := "all" if {
	some entry in list
	lower(entry.target) in {"allusers", "allapplications"}
} else := "some" if {
	count(list) > 0
	every entry in list {
		is_string(entry.target)
		entry.target != ""
	}
}

# METADATA
# description: Whether what the halves of a setting reach lets anybody through (it takes both), as open, closed or unknown.
gate(users, applications) := "closed" if {
	"nobody" in {users, applications}
} else := "unknown" if {
	"unknown" in {users, applications}
} else := "open"

# METADATA
# description: The gate of a setting such as b2bDirectConnectInbound, by the default or by the partner at an index.
gate_of_default(setting) := gate(
	reach(of_default([setting, "usersAndGroups"]).value),
	reach(of_default([setting, "applications"]).value),
)

# METADATA
# description: The gate of a setting for the partner at an index.
gate_of_partner(i, setting) := gate(
	reach(of_partner(i, [setting, "usersAndGroups"]).value),
	reach(of_partner(i, [setting, "applications"]).value),
)

# METADATA
# description: The tenant of the partner at an index.
id(i) := object.get(input.crossTenantAccess.partners[i], "tenantId", "a partner without an id")

# METADATA
# description: How people know the partner at an index.
label(i) := label_of(id(i))

# METADATA
# description: How people know a tenant.
label_of(tenant_id) := $"{name} ({tenant_id})" if {
	some named in input.crossTenantAccess.partnerNames
	lower(named.tenantId) == lower(tenant_id)
	name := named.displayName
	is_string(name)
} else := tenant_id
