package lib.cross_tenant_test

import data.lib.cross_tenant

_mfa := ["inboundTrust", "isMfaAccepted"]

_access(standard, partner) := {"default": standard, "partners": [partner]}

_trusting := {"inboundTrust": {"isMfaAccepted": true}}

_at_default := ["crossTenantAccess", "default", "inboundTrust", "isMfaAccepted"]

_own(value) := {
	"value": value,
	"path": ["crossTenantAccess", "partners", 0, "inboundTrust", "isMfaAccepted"],
	"source": "own",
}

_inherited(value) := {"value": value, "path": _at_default, "source": "inherited"}

test_the_default_says_what_it_says if {
	said := {"value": true, "path": _at_default, "source": "own"}
	cross_tenant.of_default(_mfa) == said with input.crossTenantAccess as {"default": _trusting}
}

test_what_the_default_leaves_out_the_service_decides if {
	service := {"value": false, "path": _at_default, "source": "service_default"}
	cross_tenant.of_default(_mfa) == service with input.crossTenantAccess as {"default": {}}
	cross_tenant.of_default(_mfa) == service with input.crossTenantAccess as {"default": {"inboundTrust": null}}
	cross_tenant.of_default(_mfa) == service
		with input.crossTenantAccess as {"default": {"inboundTrust": {"isMfaAccepted": null}}}
}

test_garbage_is_neither_a_value_nor_left_out if {
	unreadable := {"value": "unreadable", "path": _at_default, "source": "own"}
	cross_tenant.of_default(_mfa) == unreadable with input.crossTenantAccess as {"default": {"inboundTrust": true}}
}

test_nothing_is_known_without_a_default if {
	unknown := {"value": "unreadable", "path": ["crossTenantAccess", "default"], "source": "unknown"}
	cross_tenant.of_default(_mfa) == unknown with input.crossTenantAccess as {"partners": []}
	cross_tenant.of_default(_mfa) == unknown with input as {}
}

test_a_partner_inherits_what_is_null_or_out if {
	cross_tenant.of_partner(0, _mfa) == _inherited(true) with input.crossTenantAccess as _access(_trusting, {})
	cross_tenant.of_partner(0, _mfa) == _inherited(true)
		with input.crossTenantAccess as _access(_trusting, {"inboundTrust": null})
	cross_tenant.of_partner(0, _mfa) == _inherited(true)
		with input.crossTenantAccess as _access(_trusting, {"inboundTrust": {"isMfaAccepted": null}})
	cross_tenant.of_partner(0, _mfa) == _inherited(false) with input.crossTenantAccess as _access({}, {})
}

test_a_partner_decides_for_itself if {
	cross_tenant.of_partner(0, _mfa) == _own(false)
		with input.crossTenantAccess as _access(_trusting, {"inboundTrust": {"isMfaAccepted": false}})
	cross_tenant.of_partner(0, _mfa) == _own("unreadable")
		with input.crossTenantAccess as _access(_trusting, {"inboundTrust": []})
}

test_targets_are_read if {
	cross_tenant.reach({"accessType": "allowed", "targets": [{"target": "AllUsers"}]}) == "everybody"
	cross_tenant.reach({"accessType": "allowed", "targets": [{"target": "Office365"}]}) == "listed"
	cross_tenant.reach({"accessType": "blocked", "targets": [{"target": "x"}, {"target": "AllApplications"}]}) == "nobody"
	cross_tenant.reach({"accessType": "blocked", "targets": [{"target": "x"}]}) == "others"
}

test_what_cannot_be_read_is_unknown if {
	cross_tenant.reach({"accessType": "unknownFutureValue", "targets": [{"target": "AllUsers"}]}) == "unknown"
	cross_tenant.reach({"accessType": "allowed", "targets": []}) == "unknown"
	cross_tenant.reach({"accessType": "allowed", "targets": [{"target": ""}]}) == "unknown"
	cross_tenant.reach({"accessType": "blocked", "targets": [{"target": "x"}, {}]}) == "unknown"
	cross_tenant.reach({"accessType": "blocked"}) == "unknown"
	cross_tenant.reach("unreadable") == "unknown"
}

test_one_blocked_half_closes_the_gate if {
	cross_tenant.gate("everybody", "nobody") == "closed"
	cross_tenant.gate("nobody", "unknown") == "closed"
	cross_tenant.gate("listed", "unknown") == "unknown"
	cross_tenant.gate("listed", "others") == "open"
}

test_the_service_opens_collaboration_and_closes_direct_connect if {
	cross_tenant.gate_of_default("b2bCollaborationInbound") == "open" with input.crossTenantAccess as {"default": {}}
	cross_tenant.gate_of_default("b2bDirectConnectOutbound") == "closed" with input.crossTenantAccess as {"default": {}}
	cross_tenant.gate_of_partner(0, "b2bDirectConnectInbound") == "closed" with input.crossTenantAccess as _access({}, {})
	cross_tenant.gate_of_partner(0, "b2bDirectConnectInbound") == "unknown"
		with input.crossTenantAccess as _access({}, {"b2bDirectConnectInbound": {"usersAndGroups": {}, "applications": {}}})
}

test_the_register_allows_by_tenant_and_purpose if {
	register := [{"tenant_id": "ABC", "allow": ["sync"]}, {"tenant_id": "def"}]
	partners := [{"tenantId": "abc"}, {"tenantId": "def"}, {"tenantId": "ghi"}, {}]
	cross_tenant.allows(register, 0, "sync") with input.crossTenantAccess.partners as partners
	not cross_tenant.allows(register, 0, "mfa_trust") with input.crossTenantAccess.partners as partners
	not cross_tenant.allows(register, 1, "sync") with input.crossTenantAccess.partners as partners
	not cross_tenant.allows(register, 2, "sync") with input.crossTenantAccess.partners as partners
	not cross_tenant.allows(register, 3, "sync") with input.crossTenantAccess.partners as partners
	cross_tenant.entry(register, "DEF") == {"tenant_id": "def"}
	cross_tenant.label(3) == "a partner without an id" with input.crossTenantAccess.partners as partners
}

test_partners_go_by_their_names if {
	names := [{"tenantId": "A", "displayName": "Fabrikam"}, {"tenantId": "b", "displayName": null}]
	partners := [{"tenantId": "a"}, {"tenantId": "b"}]
	cross_tenant.label(0) == "Fabrikam (a)" with input.crossTenantAccess as {"partners": partners, "partnerNames": names}
	cross_tenant.label(1) == "b" with input.crossTenantAccess as {"partners": partners, "partnerNames": names}
	cross_tenant.label(0) == "a" with input.crossTenantAccess as {"partners": partners}
}

test_the_register_speaks_of_tenants if {
	register := [{"tenant_id": "ABC", "allow": ["direct_connect"]}, {"tenant_id": "def"}]
	cross_tenant.allows_tenant("abc", "direct_connect") with data.settings.cross_tenant.partners as register
	not cross_tenant.allows_tenant("abc", "sync") with data.settings.cross_tenant.partners as register
	not cross_tenant.allows_tenant("def", "direct_connect") with data.settings.cross_tenant.partners as register
	cross_tenant.allows_anybody("direct_connect") with data.settings.cross_tenant.partners as register
	not cross_tenant.allows_anybody("sync") with data.settings.cross_tenant.partners as register
	not cross_tenant.allows_anybody("sync") with data.settings.cross_tenant.partners as []
}
