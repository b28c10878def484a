package rules.cross_tenant_sync.sync_relations_test

import data.rules.cross_tenant_sync.sync_relations as rule

_id := "0000020a-0000-4000-8000-000000000200"

_tenant(sync, more, jobs) := {
	"crossTenantAccess": {"partners": [object.union({"tenantId": _id, "identitySynchronization": sync}, more)]},
	"crossTenantSync": {"jobs": jobs},
}

_on := {"userSyncInbound": {"isSyncAllowed": true}}

_path := ["crossTenantAccess", "partners", 0, "identitySynchronization", "userSyncInbound", "isSyncAllowed"]

_found := {{
	"path": _path,
	"message": $"{_id} synchronizes people into this tenant, and is not known as your organisation's",
}}

_clean(document) if {
	rule.findings == set() with input as document
	rule.unknowns == set() with input as document
	rule.not_applicable == set() with input as document
}

test_a_stranger_is_reported if {
	rule.findings == _found with input as _tenant(_on, {}, [])
	rule.findings == _found with input as _tenant(_on, {"isInMultiTenantOrganization": false}, [])
	rule.findings == _found with input as _tenant(_on, {}, [])
		with data.settings.partners as [{"tenant_id": _id, "relation": "supplier", "allow": []}]
	rule.unknowns == set() with input as _tenant(_on, {}, [])
}

test_a_tenant_of_the_organisation_passes if {
	_clean(_tenant(_on, {"isInMultiTenantOrganization": true}, []))
	_clean(_tenant(_on, {}, []))
		with data.settings.partners as [{"tenant_id": upper(_id), "relation": "same_organisation"}]
}

test_a_close_partner_is_noted if {
	close := [{"tenant_id": _id, "relation": "supplier", "allow": ["sync"]}]
	_clean(_tenant(_on, {}, [])) with data.settings.partners as close
	rule.notes == {{
		"path": _path,
		"message": $"{_id} is of another organisation; the register allows it to synchronize",
	}} with input as _tenant(_on, {}, []) with data.settings.partners as close
	rule.notes == set() with input as _tenant(_on, {}, [])
}

test_where_a_job_leads_is_unknown if {
	rule.unknowns == {{
		"path": ["crossTenantSync", "jobs", 0],
		"message": "in which tenant job makes accounts is kept with its secrets, which are not read",
	}} with input as _tenant(null, {}, [{"id": "job"}])
	rule.not_applicable == set() with input as _tenant(null, {}, [{"id": "job"}])
}

test_what_was_not_read_is_unknown if {
	unknown := {{"path": _path, "message": "whether the partner synchronizes into this tenant was not read"}}
	rule.unknowns == unknown with input as {
		"crossTenantAccess": {"partners": [{"tenantId": _id}]},
		"crossTenantSync": {"jobs": []},
	}
	rule.unknowns == unknown with input as _tenant({}, {}, [])
	rule.unknowns == unknown with input as _tenant({"userSyncInbound": {"isSyncAllowed": "true"}}, {}, [])
	rule.not_applicable == set() with input as _tenant({}, {}, [])
}

test_no_synchronization_is_nothing_to_judge if {
	idle := {"nothing is synchronized between this tenant and others"}
	rule.not_applicable == idle with input as _tenant(null, {}, [])
	rule.not_applicable == idle with input as _tenant({"userSyncInbound": {"isSyncAllowed": false}}, {}, [])
	rule.unknowns == set() with input as _tenant(null, {}, [])
}

_job := [{"id": "job", "servicePrincipalId": "0000380a-0000-4000-8000-000000003800"}]

_leads_there := [$"0000380A-0000-4000-8000-000000003800={upper(_id)}"]

_at_job(message) := {{"path": ["crossTenantSync", "jobs", 0], "message": message}}

test_where_a_job_leads_is_judged_when_it_is_told if {
	rule.findings == _at_job($"job makes accounts in {_id}, not known as your organisation's")
		with input as _tenant(null, {}, _job)
		with data.settings.cross_tenant.sync_targets as _leads_there
	rule.unknowns == set() with input as _tenant(null, {}, _job)
		with data.settings.cross_tenant.sync_targets as _leads_there
	_clean(_tenant(null, {"isInMultiTenantOrganization": true}, _job))
		with data.settings.cross_tenant.sync_targets as _leads_there
	_clean(_tenant(null, {}, _job))
		with data.settings.cross_tenant.sync_targets as _leads_there
		with data.settings.partners as [{"tenant_id": _id, "relation": "same_organisation"}]
}

test_a_job_that_the_register_allows_is_noted if {
	close := [{"tenant_id": _id, "relation": "supplier", "allow": ["sync"]}]
	_clean(_tenant(null, {}, _job))
		with data.settings.cross_tenant.sync_targets as _leads_there
		with data.settings.partners as close
	rule.notes == _at_job($"job makes accounts in {_id}; the register allows it")
		with input as _tenant(null, {}, _job)
		with data.settings.cross_tenant.sync_targets as _leads_there
		with data.settings.partners as close
}
