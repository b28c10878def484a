package rules.cross_tenant.tenant_restrictions_test

import data.rules.cross_tenant.tenant_restrictions as rule

_path := ["crossTenantAccess", "default", "tenantRestrictions"]

_side(access, targets) := {"accessType": access, "targets": [{"target": target} | some target in targets]}

_policy(users, applications) := {"usersAndGroups": users, "applications": applications, "devices": null}

_no_users := _side("blocked", ["AllUsers"])

_no_apps := _side("blocked", ["AllApplications"])

_unreadable(half) := {{
	"path": array.concat(_path, [half]),
	"message": "cannot be read: accessType or targets are missing, or of a kind that is not known",
}}

_clean(policy) if {
	rule.findings == set() with input.crossTenantAccess["default"].tenantRestrictions as policy
	rule.unknowns == set() with input.crossTenantAccess["default"].tenantRestrictions as policy
}

test_no_policy_is_reported if {
	rule.findings == {{
		"path": _path,
		"message": "any foreign account can be used: tenantRestrictions is null",
	}} with input.crossTenantAccess["default"].tenantRestrictions as null
	rule.notes == set() with input.crossTenantAccess["default"].tenantRestrictions as null
}

test_a_half_that_is_open_is_reported if {
	rule.findings == {{
		"path": array.concat(_path, ["applications"]),
		"message": "foreign applications are not blocked as a whole",
	}} with input.crossTenantAccess["default"].tenantRestrictions as _policy(_no_users, _side("allowed", ["Office365"]))
	rule.findings == {{
		"path": array.concat(_path, ["usersAndGroups"]),
		"message": "foreign accounts are not blocked as a whole",
	}} with input.crossTenantAccess["default"].tenantRestrictions as _policy(_side("blocked", ["x"]), _no_apps)
	count(rule.findings) == 2 with input.crossTenantAccess["default"].tenantRestrictions as _policy(
		_side("allowed", ["AllUsers"]),
		_side("allowed", ["AllApplications"]),
	)
}

test_blocking_everything_passes_with_a_note if {
	_clean(_policy(_no_users, _no_apps))
	rule.notes == {{
		"path": _path,
		"message": "works only where Global Secure Access, a proxy or Windows signals it",
	}} with input.crossTenantAccess["default"].tenantRestrictions as _policy(_no_users, _no_apps)
}

test_the_order_of_targets_does_not_matter if {
	_clean(_policy(_side("blocked", ["x", "AllUsers"]), _side("blocked", ["AllApplications", "y"])))
}

test_what_cannot_be_read_is_unknown if {
	rule.unknowns == _unreadable("usersAndGroups")
		with input.crossTenantAccess["default"].tenantRestrictions as _policy(null, _no_apps)
	rule.unknowns == _unreadable("applications")
		with input.crossTenantAccess["default"].tenantRestrictions as _policy(_no_users, _side("unknownFutureValue", ["x"]))
}

test_an_answer_without_it_is_unknown if {
	absent := {{"path": _path, "message": "tenantRestrictions is not in the answer, or is no policy"}}
	rule.unknowns == absent with input.crossTenantAccess as {"default": {}}
	rule.unknowns == absent with input.crossTenantAccess as {"default": {"tenantRestrictions": []}}
	rule.findings == set() with input.crossTenantAccess as {"default": {}}
}
