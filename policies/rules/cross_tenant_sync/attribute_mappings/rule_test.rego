package rules.cross_tenant_sync.attribute_mappings_test

import data.rules.cross_tenant_sync.attribute_mappings as rule

_mapping := ["crossTenantSync", "jobs", 0, "schema", "synchronizationRules", 0, "objectMappings", 0]

_at(i, property) := array.concat(_mapping, ["attributeMappings", i, property])

_jobs(attributes) := [{"id": "To Fabrikam", "schema": {"synchronizationRules": [{"objectMappings": [{
	"enabled": true,
	"sourceObjectName": "User",
	"attributeMappings": attributes,
}]}]}}]

_to(name) := {"targetAttributeName": name, "source": {"type": "Attribute", "name": name, "expression": $"[{name}]"}}

_type(source) := {"targetAttributeName": "userType", "source": source}

_guest := _type({"type": "Constant", "name": "Guest", "expression": "\"Guest\""})

_member := _type({"type": "Constant", "name": "Member"})

_clean(attributes) if {
	rule.findings == set() with input.crossTenantSync.jobs as _jobs(attributes)
	rule.unknowns == set() with input.crossTenantSync.jobs as _jobs(attributes)
	rule.not_applicable == set() with input.crossTenantSync.jobs as _jobs(attributes)
}

test_an_attribute_too_many_is_reported if {
	rule.findings == {{
		"path": _at(1, "targetAttributeName"),
		"message": "To Fabrikam writes mobile to the other tenant, which is not in synced_attributes",
	}} with input.crossTenantSync.jobs as _jobs([_guest, _to("mobile"), _to("displayName")])
}

test_few_attributes_and_guests_pass if _clean([_guest, _to("displayName"), _to("MAIL")])

test_the_list_is_a_setting if {
	_clean([_guest, _to("mobile")]) with data.settings.cross_tenant.synced_attributes as ["userType", "Mobile"]
}

_members := {{
	"path": _at(0, "source"),
	"message": "To Fabrikam makes members of your people there, whom rules for guests pass over",
}}

test_members_are_reported_unless_they_are_meant if {
	rule.findings == _members with input.crossTenantSync.jobs as _jobs([_member])
	rule.findings == _members
		with input.crossTenantSync.jobs as _jobs([_type({"type": "Constant", "expression": "\"Member\""})])
	_clean([_member]) with data.settings.cross_tenant.synced_user_type as "member"
	_clean([_guest]) with data.settings.cross_tenant.synced_user_type as "member"
}

test_a_type_that_is_computed_is_unknown if {
	unknown := {{
		"path": _at(0, "source"),
		"message": "To Fabrikam gives people a userType that is neither the constant Guest nor Member",
	}}
	rule.unknowns == unknown with input.crossTenantSync.jobs as _jobs([_to("userType")])
	rule.unknowns == unknown with input.crossTenantSync.jobs as _jobs([_type({"type": "Constant", "name": "Friend"})])
	rule.unknowns == unknown with input.crossTenantSync.jobs as _jobs([_type(null)])
}

test_a_mapping_without_type_is_unknown if {
	unknown := {{"path": _mapping, "message": "To Fabrikam does not map userType"}}
	rule.unknowns == unknown with input.crossTenantSync.jobs as _jobs([_to("mail")])
	rule.unknowns == unknown with input.crossTenantSync.jobs as _jobs(null)
}

test_an_attribute_without_name_is_unknown if {
	rule.unknowns == {{
		"path": array.concat(_mapping, ["attributeMappings", 1]),
		"message": "the attribute that it writes is not told",
	}} with input.crossTenantSync.jobs as _jobs([_guest, {"source": {}}])
	rule.findings == set() with input.crossTenantSync.jobs as _jobs([_guest, {"source": {}}])
}

test_a_schema_that_was_not_read_is_unknown if {
	rule.unknowns == {{
		"path": ["crossTenantSync", "jobs", 0, "schema"],
		"message": "the mapping of users of j was not read",
	}} with input.crossTenantSync.jobs as [{"id": "j", "schema": null}]
}

test_without_jobs_there_is_nothing_to_judge if {
	rule.not_applicable == {"nothing is synchronized to other tenants"} with input.crossTenantSync.jobs as []
}
