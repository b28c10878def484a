package rules.cross_tenant.partner_scope_test

import data.rules.cross_tenant.partner_scope as rule

_id := "00000201-0000-4000-8000-000000000201"

_side(access, target) := {"accessType": access, "targets": [{"target": target}]}

_b2b(users, applications) := {"usersAndGroups": users, "applications": applications}

_all := _b2b(_side("allowed", "AllUsers"), _side("allowed", "AllApplications"))

_none := _b2b(_side("blocked", "AllUsers"), _side("blocked", "AllApplications"))

_tenant(standard, partner) := {
	"default": {"b2bCollaborationInbound": standard},
	"partners": [object.union({"tenantId": _id}, partner)],
}

_guests(setting) := _tenant(_none, {"b2bCollaborationInbound": setting})

_path := ["crossTenantAccess", "partners", 0, "b2bCollaborationInbound"]

_found(why) := {{"path": _path, "message": $"everybody of {_id} reaches every application as guests{why}"}}

_clean(access) if {
	rule.findings == set() with input.crossTenantAccess as access
	rule.unknowns == set() with input.crossTenantAccess as access
}

test_everything_for_everybody_is_reported if {
	rule.findings == _found("") with input.crossTenantAccess as _guests(_all)
	rule.not_applicable == set() with input.crossTenantAccess as _guests(_all)
}

test_everything_inherited_is_reported if {
	rule.findings == _found(", which the default allows") with input.crossTenantAccess as _tenant(_all, {})
	rule.findings == _found(", which the default allows") with input.crossTenantAccess as _tenant(null, {})
}

test_a_list_of_exceptions_is_everything if {
	rule.findings == _found("") with input.crossTenantAccess as _guests(_b2b(
		_side("blocked", "x"),
		_side("blocked", "y"),
	))
}

test_direct_connect_counts_too if {
	rule.findings == {{
		"path": ["crossTenantAccess", "partners", 0, "b2bDirectConnectInbound"],
		"message": $"everybody of {_id} reaches every application through direct connect",
	}} with input.crossTenantAccess as _tenant(_none, {"b2bDirectConnectInbound": _all})
}

test_a_limit_on_either_side_passes if {
	_clean(_guests(_b2b(_side("allowed", "x"), _side("allowed", "AllApplications"))))
	_clean(_guests(_b2b(_side("allowed", "AllUsers"), _side("allowed", "Office365"))))
	_clean(_guests({"applications": _side("allowed", "Office365")}))
	_clean(_guests(_none))
}

test_half_a_setting_inherits_the_other_half if {
	access := _tenant(_all, {"b2bCollaborationInbound": {"usersAndGroups": _side("allowed", "x"), "applications": null}})
	_clean(access)
	rule.findings == _found("")
		with input.crossTenantAccess as _tenant(_all, {"b2bCollaborationInbound": {"usersAndGroups": _all.usersAndGroups}})
}

test_tenants_of_the_organisation_are_passed_over if {
	_clean(_tenant(_all, {"isInMultiTenantOrganization": true}))
	_clean(_tenant(_all, {}))
		with data.settings.partners as [{"tenant_id": _id, "relation": "same_organisation"}]
	rule.findings != set() with input.crossTenantAccess as _tenant(_all, {})
		with data.settings.partners as [{"tenant_id": _id, "relation": "supplier"}]
}

test_what_cannot_be_read_is_unknown if {
	unreadable := {{
		"path": _path,
		"message": "cannot be read: accessType or targets are missing, or of a kind that is not known",
	}}
	rule.unknowns == unreadable with input.crossTenantAccess as _guests(_b2b(_side("some", "AllUsers"), _all.applications))
	rule.unknowns == unreadable with input.crossTenantAccess as _guests(7)
	_clean(_guests(_b2b(_side("allowed", "x"), _side("some", "AllApplications"))))
}

test_without_partners_there_is_nothing_to_scope if {
	rule.not_applicable == {"no organisation has settings of its own"} with input.crossTenantAccess.partners as []
}
