package rules.cross_tenant.inbound_default_test

import data.rules.cross_tenant.inbound_default as rule

_side(access, target) := {"accessType": access, "targets": [{"target": target, "targetType": "user"}]}

_default(users, applications) := {"default": {"b2bCollaborationInbound": {
	"usersAndGroups": users,
	"applications": applications,
}}}

_all := _side("allowed", "AllUsers")

_none := _side("blocked", "AllUsers")

_apps := _side("allowed", "AllApplications")

_path := ["crossTenantAccess", "default", "b2bCollaborationInbound", "usersAndGroups"]

_everybody := {{
	"path": _path,
	"message": "people of every organisation can become guests: b2bCollaborationInbound lets all users in",
}}

_fails(access) if {
	rule.findings == _everybody with input.crossTenantAccess as access
	rule.unknowns == set() with input.crossTenantAccess as access
}

_passes(access) if {
	rule.findings == set() with input.crossTenantAccess as access
	rule.unknowns == set() with input.crossTenantAccess as access
	rule.notes == set() with input.crossTenantAccess as access
}

_unknown(access) if {
	rule.findings == set() with input.crossTenantAccess as access
	count(rule.unknowns) > 0 with input.crossTenantAccess as access
}

test_an_open_default_is_reported if _fails(_default(_all, _apps))

test_the_service_default_is_reported if {
	_fails({"default": {}})
	_fails({"default": {"b2bCollaborationInbound": null}})
}

test_all_users_of_some_applications_are_reported if _fails(_default(_all, _side("allowed", "Office365")))

test_a_blocked_list_is_reported if {
	rule.findings == {{
		"path": _path,
		"message": "people of every organisation can become guests: b2bCollaborationInbound blocks only the users it lists",
	}} with input.crossTenantAccess as _default(_side("blocked", "00000900-0000-4000-8000-000000000900"), _apps)
}

test_a_closed_default_passes if {
	_passes(_default(_none, _side("blocked", "AllApplications")))
	_passes(_default(_none, _apps))
	_passes(_default(_all, _side("blocked", "AllApplications")))
}

test_the_order_of_targets_does_not_matter if {
	_passes(_default({"accessType": "blocked", "targets": [{"target": "x"}, {"target": "AllUsers"}]}, _apps))
	_passes(_default({"accessType": "blocked", "targets": [{"target": "AllUsers"}, {"target": "x"}]}, _apps))
}

test_listed_users_pass if _passes(_default(_side("allowed", "00000900-0000-4000-8000-000000000900"), _apps))

test_what_cannot_be_read_is_unknown if {
	_unknown(_default(_side("unknownFutureValue", "AllUsers"), _apps))
	_unknown(_default({"accessType": "blocked", "targets": []}, _apps))
	_unknown(_default({"accessType": "blocked"}, _apps))
	_unknown(_default(_all, {}))
	_unknown({"default": {"b2bCollaborationInbound": "open"}})
}

test_an_unknown_is_where_it_stands if {
	rule.unknowns == {{
		"path": ["crossTenantAccess", "default", "b2bCollaborationInbound", "applications"],
		"message": "cannot be read: accessType or targets are missing, or of a kind that is not known",
	}} with input.crossTenantAccess as _default(_all, {})
}

test_a_domain_list_excuses_only_where_it_counts if {
	list := {"allowedDomains": ["fabrikam.com"], "blockedDomains": null}
	_fails(_default(_all, _apps)) with input.entra.b2bManagementPolicy as list
	rule.findings == set() with input.crossTenantAccess as _default(_all, _apps)
		with input.entra.b2bManagementPolicy as list
		with data.settings.cross_tenant.default_inbound as "allow_list"
	rule.notes == {{
		"path": _path,
		"message": concat("", [
			"people of every organisation can become guests: b2bCollaborationInbound lets all users in; ",
			"invitations are limited to a list",
		]),
	}} with input.crossTenantAccess as _default(_all, _apps)
		with input.entra.b2bManagementPolicy as list
		with data.settings.cross_tenant.default_inbound as "allow_list"
}

test_no_list_is_no_excuse if {
	_fails(_default(_all, _apps)) with input.entra.b2bManagementPolicy as {"allowedDomains": null}
		with data.settings.cross_tenant.default_inbound as "allow_list"
}

test_a_list_that_was_not_read_is_unknown if {
	_unknown(_default(_all, _apps)) with data.settings.cross_tenant.default_inbound as "allow_list"
	_passes(_default(_none, _apps)) with data.settings.cross_tenant.default_inbound as "allow_list"
}
