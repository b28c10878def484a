package rules.cross_tenant.direct_connect_test

import data.rules.cross_tenant.direct_connect as rule

_id := "00000201-0000-4000-8000-000000000201"

_both(access) := {
	"usersAndGroups": {"accessType": access, "targets": [{"target": "AllUsers"}]},
	"applications": {"accessType": access, "targets": [{"target": "AllApplications"}]},
}

_listed := {
	"usersAndGroups": {"accessType": "allowed", "targets": [{"target": "x", "targetType": "group"}]},
	"applications": {"accessType": "allowed", "targets": [{"target": "Office365"}]},
}

_tenant(standard, partner) := {"default": standard, "partners": [object.union({"tenantId": _id}, partner)]}

_unreadable := "cannot be read: accessType or targets are missing, or of a kind that is not known"

_clean(access) if {
	rule.findings == set() with input.crossTenantAccess as access
	rule.unknowns == set() with input.crossTenantAccess as access
}

test_an_open_default_is_reported if {
	rule.findings == {
		{
			"path": ["crossTenantAccess", "default", "b2bDirectConnectInbound"],
			"message": "every organisation may come in through direct connect",
		},
		{
			"path": ["crossTenantAccess", "default", "b2bDirectConnectOutbound"],
			"message": "every organisation is open to your people through direct connect",
		},
	} with input.crossTenantAccess as _tenant(
		{
			"b2bDirectConnectInbound": _both("allowed"),
			"b2bDirectConnectOutbound": _listed,
		},
		{"b2bDirectConnectInbound": null},
	)
}

test_a_partner_that_is_not_approved_is_reported if {
	found := {{
		"path": ["crossTenantAccess", "partners", 0, "b2bDirectConnectInbound"],
		"message": $"{_id} may come in through direct connect, which the register does not allow",
	}}
	access := _tenant({}, {"b2bDirectConnectInbound": _listed})
	rule.findings == found with input.crossTenantAccess as access
	rule.findings == found with input.crossTenantAccess as access
		with data.settings.partners as [{"tenant_id": _id, "allow": ["mfa_trust"]}]
	rule.unknowns == set() with input.crossTenantAccess as access
}

test_an_approved_partner_passes if {
	_clean(_tenant({}, {"b2bDirectConnectInbound": _both("allowed"), "b2bDirectConnectOutbound": {}}))
		with data.settings.partners as [{"tenant_id": _id, "allow": ["direct_connect"]}]
}

test_closed_passes if {
	_clean(_tenant({}, {}))
	_clean(_tenant({"b2bDirectConnectInbound": _both("blocked")}, {"b2bDirectConnectOutbound": _both("blocked")}))
}

test_one_blocked_half_is_closed if {
	half := object.union(_both("allowed"), {"applications": _both("blocked").applications})
	_clean(_tenant({"b2bDirectConnectInbound": half}, {"b2bDirectConnectInbound": half}))
}

test_what_cannot_be_read_is_unknown if {
	rule.unknowns == {{"path": ["crossTenantAccess", "default", "b2bDirectConnectInbound"], "message": _unreadable}}
		with input.crossTenantAccess as _tenant({"b2bDirectConnectInbound": _both("unknownFutureValue")}, {})
	rule.unknowns == {{"path": ["crossTenantAccess", "partners", 0, "b2bDirectConnectOutbound"], "message": _unreadable}}
		with input.crossTenantAccess as _tenant({}, {"b2bDirectConnectOutbound": {"usersAndGroups": 7, "applications": 7}})
}

_us := "00000100-0000-4000-8000-000000000100"

_pair(ours, theirs) := {
	"collection": {"collectedAt": "2026-11-20T08:00:00Z"},
	"tenant": {"organization": {"id": _us}},
	"crossTenantAccess": ours,
	"peers": [{
		"tenantId": _id,
		"collection": {"collectedAt": "2026-11-20T08:00:00Z"},
		"crossTenantAccess": {"default": {}, "partners": [object.union({"tenantId": _us}, theirs)]},
	}],
}

_noted(setting, text) := {
	"path": ["crossTenantAccess", "partners", 0, setting],
	"message": $"{_id} {text}",
}

test_the_other_side_is_noted if {
	open := _tenant({}, {"b2bDirectConnectInbound": _listed, "b2bDirectConnectOutbound": _listed})
	rule.notes == {
		_noted("b2bDirectConnectInbound", "has its side open too, and its people can come in"),
		_noted("b2bDirectConnectOutbound", "has its side closed, and your people cannot go in until it opens that"),
	} with input as _pair(open, {"b2bDirectConnectOutbound": _listed})
	rule.notes == {
		_noted("b2bDirectConnectInbound", "has its side closed, and its people cannot come in until it opens that"),
		_noted("b2bDirectConnectOutbound", "has a side too, of which nothing is known: its snapshot does not say"),
	} with input as _pair(open, {"b2bDirectConnectInbound": {"usersAndGroups": 7, "applications": 7}})
	rule.notes == set() with input.crossTenantAccess as open
	count(rule.findings) == 2 with input as _pair(open, {})
}

test_the_other_side_of_an_open_default_is_noted if {
	rule.notes == {{
		"path": ["crossTenantAccess", "default", "b2bDirectConnectOutbound"],
		"message": $"{_id} has its side open too, and your people can go in",
	}} with input as _pair(
		{"default": {"b2bDirectConnectOutbound": _both("allowed")}, "partners": []},
		{"b2bDirectConnectInbound": _listed},
	)
}

test_closed_needs_no_note if {
	rule.notes == set() with input as _pair(_tenant({}, {}), {"b2bDirectConnectOutbound": _listed})
}
