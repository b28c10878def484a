package lib.cross_tenant_sync_test

import data.lib.cross_tenant_sync as sync

_job(mapping) := {"id": "j", "schema": {"synchronizationRules": [{"objectMappings": [mapping]}]}}

_users := {"enabled": true, "sourceObjectName": "User", "flowTypes": "Add"}

_path := ["crossTenantSync", "jobs", 0, "schema", "synchronizationRules", 0, "objectMappings", 0]

test_mappings_have_their_place if {
	sync.mappings == {{"job": 0, "path": _path, "of": "user", "it": _users}}
		with input.crossTenantSync.jobs as [_job(_users)]
	sync.unreadable == set() with input.crossTenantSync.jobs as [_job(_users)]
}

test_what_is_off_does_not_count if {
	sync.mappings == set() with input.crossTenantSync.jobs as [_job(object.union(_users, {"enabled": false}))]
	sync.unreadable == {0} with input.crossTenantSync.jobs as [_job(object.union(_users, {"enabled": false}))]
}

test_a_job_without_users_is_unreadable if {
	sync.unreadable == {0, 1, 2} with input.crossTenantSync.jobs as [
		{"id": "j", "schema": null},
		{"id": "k"},
		_job(object.union(_users, {"sourceObjectName": "Group"})),
	]
}

test_jobs_go_by_their_configuration if {
	principals := [{"id": "p", "displayName": "To Fabrikam"}, {"id": "q", "displayName": null}]
	jobs := [{"id": "j", "servicePrincipalId": "p"}, {"id": "k", "servicePrincipalId": "q"}, {}]
	sync.label(0) == "To Fabrikam" with input.crossTenantSync as {"servicePrincipals": principals, "jobs": jobs}
	sync.label(1) == "k" with input.crossTenantSync as {"servicePrincipals": principals, "jobs": jobs}
	sync.label(2) == "a job without an id" with input.crossTenantSync.jobs as jobs
}

test_targets_are_what_the_settings_say if {
	jobs := [{"id": "j", "servicePrincipalId": "P"}, {"id": "k"}]
	sync.target(0) == "t" with input.crossTenantSync.jobs as jobs
		with data.settings.cross_tenant.sync_targets as ["q=u", "p=T", "P=t"]
	not sync.target(0) with input.crossTenantSync.jobs as jobs
		with data.settings.cross_tenant.sync_targets as ["p=t", "p=u"]
	not sync.target(0) with input.crossTenantSync.jobs as jobs
	not sync.target(1) with input.crossTenantSync.jobs as jobs
		with data.settings.cross_tenant.sync_targets as ["p=t"]
}
