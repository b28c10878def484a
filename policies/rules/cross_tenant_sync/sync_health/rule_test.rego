package rules.cross_tenant_sync.sync_health_test

import data.rules.cross_tenant_sync.sync_health as rule

_tenant(status) := {
	"collection": {"collectedAt": "2026-11-20T08:00:00Z"},
	"crossTenantSync": {"jobs": [{"id": "job", "status": object.union({"code": "Active", "quarantine": null}, status)}]},
}

_succeeded(when) := {"lastSuccessfulExecution": {"timeEnded": when}, "lastExecution": {"timeEnded": when}}

_path(steps) := array.concat(["crossTenantSync", "jobs", 0, "status"], steps)

_clean(status) if {
	rule.findings == set() with input as _tenant(status)
	rule.unknowns == set() with input as _tenant(status)
	rule.not_applicable == set() with input as _tenant(status)
}

test_a_job_in_quarantine_is_reported if {
	status := object.union(_succeeded("2026-11-20T07:40:00Z"), {
		"code": "Quarantine",
		"quarantine": {"reason": "EncounteredTotalEscrowThreshold"},
	})
	rule.findings == {{
		"path": _path(["code"]),
		"message": "job is in quarantine: EncounteredTotalEscrowThreshold",
	}} with input as _tenant(status)
	rule.findings == {{"path": _path(["code"]), "message": "job is in quarantine"}}
		with input as _tenant(object.union(status, {"quarantine": null}))
	rule.findings == {{
		"path": _path(["code"]),
		"message": "job is in quarantine: EncounteredTotalEscrowThreshold",
	}} with input as _tenant(object.union(status, {"code": "Active"}))
}

test_an_old_success_is_reported_whatever_the_state if {
	old := {{
		"path": _path(["lastSuccessfulExecution", "timeEnded"]),
		"message": "job succeeded last on 2026-11-19T07:59:59Z",
	}}
	rule.findings == old with input as _tenant(_succeeded("2026-11-19T07:59:59Z"))
	rule.findings == old with input as _tenant(object.union(_succeeded("2026-11-19T07:59:59Z"), {"code": "Paused"}))
}

test_a_success_within_a_day_passes if {
	_clean(_succeeded("2026-11-19T08:00:00Z"))
	_clean(_succeeded("2026-11-20T07:40:00.1234567Z"))
}

test_a_success_that_is_yet_to_come_is_unknown if {
	unknown := {{
		"path": _path(["lastSuccessfulExecution"]),
		"message": "when job succeeded last is not told",
	}}
	rule.findings == set() with input as _tenant(_succeeded("2026-11-21T08:00:01Z"))
	rule.unknowns == unknown with input as _tenant(_succeeded("2026-11-21T08:00:01Z"))
	_clean(_succeeded("2026-11-21T08:00:00Z"))
}

test_a_job_that_never_succeeded_is_reported if {
	never := {{"path": _path(["lastSuccessfulExecution"]), "message": "job ran and never succeeded"}}
	status := {"lastSuccessfulExecution": null, "lastExecution": {"state": "Failed"}}
	rule.findings == never with input as _tenant(status)
	rule.unknowns == set() with input as _tenant(status)
	rule.findings == never with input as _tenant(_succeeded("0001-01-01T00:00:00Z"))
}

test_a_job_that_never_ran_is_noted if {
	status := {"code": "Paused", "lastSuccessfulExecution": null, "lastExecution": null}
	_clean(status)
	rule.notes == {{"path": _path(["code"]), "message": "job never ran"}} with input as _tenant(status)
	rule.notes == set() with input as _tenant(_succeeded("2026-11-20T07:40:00Z"))
}

test_what_is_not_told_is_unknown if {
	unknown := {{"path": _path(["lastSuccessfulExecution"]), "message": "when job succeeded last is not told"}}
	rule.unknowns == unknown with input as _tenant({})
	rule.unknowns == unknown with input as _tenant(_succeeded("yesterday"))
	rule.unknowns == unknown with input as _tenant(_succeeded(null))
	rule.unknowns == unknown with input as _tenant({"lastSuccessfulExecution": null})
	rule.unknowns == unknown with input as _tenant({"lastSuccessfulExecution": null, "lastExecution": null})
	rule.unknowns == {{"path": _path(["code"]), "message": "job has the status Sleeping, which is not known"}}
		with input as _tenant(object.union(_succeeded("2026-11-20T07:40:00Z"), {"code": "Sleeping"}))
}

test_without_jobs_there_is_nothing_to_judge if {
	rule.not_applicable == {"nothing is synchronized to other tenants"} with input.crossTenantSync.jobs as []
}
