package rules.cross_tenant.outbound_default_test

import data.rules.cross_tenant.outbound_default as rule

_id := "00000201-0000-4000-8000-000000000201"

_both(access) := {
	"usersAndGroups": {"accessType": access, "targets": [{"target": "AllUsers"}]},
	"applications": {"accessType": access, "targets": [{"target": "AllApplications"}]},
}

_listed := object.union(_both("allowed"), {"usersAndGroups": {"targets": [{"target": "x"}]}})

_tenant(standard, partner) := {
	"default": {"b2bCollaborationOutbound": standard},
	"partners": [{"tenantId": _id, "b2bCollaborationOutbound": partner}],
}

_default_path := ["crossTenantAccess", "default", "b2bCollaborationOutbound", "usersAndGroups"]

_partner_path := ["crossTenantAccess", "partners", 0, "b2bCollaborationOutbound"]

_clean(access) if {
	rule.findings == set() with input.crossTenantAccess as access
	rule.unknowns == set() with input.crossTenantAccess as access
}

test_an_open_default_is_a_note if {
	rule.notes == {{
		"path": _default_path,
		"message": "your people may become guests of every organisation (allow_outbound)",
	}} with input.crossTenantAccess as _tenant(_both("allowed"), null)
	_clean(_tenant(_both("allowed"), null))
	_clean(_tenant(null, _both("allowed")))
}

test_an_open_default_is_reported_where_it_is_not_accepted if {
	rule.findings == {{"path": _default_path, "message": "your people may become guests of every organisation"}}
		with input.crossTenantAccess as _tenant(null, null)
		with data.settings.cross_tenant.allow_outbound as false
	rule.notes == set() with input.crossTenantAccess as _tenant(null, null)
		with data.settings.cross_tenant.allow_outbound as false
}

test_listed_users_are_a_decision if {
	_clean(_tenant(_listed, null)) with data.settings.cross_tenant.allow_outbound as false
	rule.notes == set() with input.crossTenantAccess as _tenant(_listed, null)
}

test_a_closed_default_passes if {
	_clean(_tenant(_both("blocked"), null)) with data.settings.cross_tenant.allow_outbound as false
	_clean(_tenant(_both("blocked"), _both("blocked")))
}

test_a_partner_that_nobody_registered_is_reported if {
	rule.findings == {{
		"path": _partner_path,
		"message": $"your people may become guests of {_id}, which the register does not allow (outbound)",
	}} with input.crossTenantAccess as _tenant(_both("blocked"), _both("allowed"))
	count(rule.findings) == 1 with input.crossTenantAccess as _tenant(_both("blocked"), _both("allowed"))
		with data.settings.partners as [{"tenant_id": _id, "allow": ["guests"]}]
}

test_a_registered_partner_passes if {
	_clean(_tenant(_both("blocked"), _both("allowed")))
		with data.settings.partners as [{"tenant_id": upper(_id), "allow": ["outbound"]}]
	_clean(_tenant(_both("blocked"), {"usersAndGroups": 7}))
		with data.settings.partners as [{"tenant_id": _id, "allow": ["outbound"]}]
}

test_what_cannot_be_read_is_unknown if {
	message := "cannot be read: accessType or targets are missing, or of a kind that is not known"
	rule.unknowns == {{"path": ["crossTenantAccess", "default", "b2bCollaborationOutbound"], "message": message}}
		with input.crossTenantAccess as _tenant(_both("unknownFutureValue"), null)
	rule.unknowns == {{"path": _partner_path, "message": message}}
		with input.crossTenantAccess as _tenant(_both("blocked"), {"usersAndGroups": 7, "applications": 7})
}
