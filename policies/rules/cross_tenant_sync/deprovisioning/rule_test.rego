package rules.cross_tenant_sync.deprovisioning_test

import data.rules.cross_tenant_sync.deprovisioning as rule

_settings(skip) := {"synchronizationJobSettings": [
	{"name": "SkipOutOfScopeDeletions", "value": skip},
	{"name": "QuarantineTooManyDeletesThreshold", "value": "500"},
]}

_jobs(flows, more) := [object.union(
	{"id": "job", "schema": {"synchronizationRules": [{"objectMappings": [{
		"enabled": true,
		"sourceObjectName": "User",
		"flowTypes": flows,
	}]}]}},
	more,
)]

_path := ["crossTenantSync", "jobs", 0, "schema", "synchronizationRules", 0, "objectMappings", 0, "flowTypes"]

_secret := {
	"path": ["crossTenantSync", "jobs", 0, "synchronizationJobSettings"],
	"message": concat("", [
		"whether job skips deletions, and guards against too many, is kept with its secrets, ",
		"which are not read",
	]),
}

test_a_mapping_that_never_deletes_is_reported if {
	rule.findings == {{
		"path": _path,
		"message": "job never deletes users in the other tenant (flowTypes is Add, Update)",
	}} with input.crossTenantSync.jobs as _jobs("Add, Update", {})
	rule.findings != set() with input.crossTenantSync.jobs as _jobs("Add,Update", _settings("False"))
	rule.not_applicable == set() with input.crossTenantSync.jobs as _jobs("Add", {})
}

test_skipped_deletions_are_reported if {
	rule.findings == {{
		"path": ["crossTenantSync", "jobs", 0, "synchronizationJobSettings"],
		"message": "job leaves accounts behind that are out of scope (SkipOutOfScopeDeletions is on)",
	}} with input.crossTenantSync.jobs as _jobs("Add, Update, Delete", _settings("True"))
}

test_secrets_are_unknown if {
	rule.findings == set() with input.crossTenantSync.jobs as _jobs("Add, Update, Delete", {})
	rule.unknowns == {_secret} with input.crossTenantSync.jobs as _jobs("Add, Update, Delete", {})
	rule.unknowns == {_secret} with input.crossTenantSync.jobs as _jobs("Add, Update, Delete", _settings("maybe"))
	rule.unknowns == {_secret}
		with input.crossTenantSync.jobs as _jobs("Delete", {"synchronizationJobSettings": [{
			"name": "QuarantineTooManyDeletesThreshold",
			"value": "0",
		}]})
}

test_what_the_settings_tell_passes if {
	rule.findings == set() with input.crossTenantSync.jobs as _jobs("Add, Update, Delete", _settings("False"))
	rule.unknowns == set() with input.crossTenantSync.jobs as _jobs("Add, Update, Delete", _settings("False"))
}

test_a_guard_that_acted_is_there if {
	job := {
		"synchronizationJobSettings": [{"name": "SkipOutOfScopeDeletions", "value": "0"}],
		"status": {"quarantine": {"reason": "TooManyDeletes"}},
	}
	rule.unknowns == set() with input.crossTenantSync.jobs as _jobs("Add, Update, Delete", job)
}

test_flows_that_are_not_known_are_unknown if {
	unknown := {{"path": _path, "message": "what job does with users is not told"}}
	rule.unknowns == unknown with input.crossTenantSync.jobs as _jobs("Add, Archive", _settings("False"))
	rule.unknowns == unknown with input.crossTenantSync.jobs as _jobs(null, _settings("False"))
	rule.unknowns == unknown with input.crossTenantSync.jobs as _jobs("", _settings("False"))
	rule.findings == set() with input.crossTenantSync.jobs as _jobs("Archive", _settings("False"))
}

test_a_schema_that_was_not_read_is_unknown if {
	{
		"path": ["crossTenantSync", "jobs", 0, "schema"],
		"message": "the mapping of users of j was not read",
	} in rule.unknowns with input.crossTenantSync.jobs as [{"id": "j", "schema": null}]
}

test_without_jobs_there_is_nothing_to_judge if {
	rule.not_applicable == {"nothing is synchronized to other tenants"} with input.crossTenantSync.jobs as []
}
