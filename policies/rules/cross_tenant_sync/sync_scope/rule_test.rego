package rules.cross_tenant_sync.sync_scope_test

import data.rules.cross_tenant_sync.sync_scope as rule

_filter(clauses) := {"groups": [{"name": "g", "clauses": clauses}]}

_clause := {"sourceOperandName": "department", "operatorName": "EQUALS", "targetOperand": {"values": ["Sales"]}}

_sync(scope, assignments) := {
	"servicePrincipals": [{"id": "p", "displayName": "To Fabrikam"}],
	"assignments": assignments,
	"jobs": [{"id": "j", "servicePrincipalId": "p", "schema": {"synchronizationRules": [{"objectMappings": [{
		"enabled": true,
		"sourceObjectName": "User",
		"scope": scope,
	}]}]}}],
}

_assigned := [{"id": "a", "resourceId": "p", "principalType": "Group"}]

_path := ["crossTenantSync", "jobs", 0, "schema", "synchronizationRules", 0, "objectMappings", 0, "scope"]

_found := {{
	"path": _path,
	"message": "To Fabrikam has no filter for users and no assignment: it takes all or none",
}}

_undecided := {{
	"path": _path,
	"message": "To Fabrikam has no filter for users, and may take more than those assigned",
}}

test_a_job_for_everybody_is_reported if {
	rule.findings == _found with input.crossTenantSync as _sync(null, [])
	rule.findings == _found with input.crossTenantSync as _sync({"groups": []}, [{"id": "a", "resourceId": "q"}])
	rule.unknowns == set() with input.crossTenantSync as _sync(null, [])
	rule.not_applicable == set() with input.crossTenantSync as _sync(null, [])
}

test_a_filter_that_says_nothing_is_none if {
	rule.findings == _found with input.crossTenantSync as _sync(_filter([]), [])
	rule.findings == _found
		with input.crossTenantSync as _sync({"groups": [{"clauses": [_clause]}, {"clauses": []}]}, [])
}

test_a_filter_passes if {
	rule.findings == set() with input.crossTenantSync as _sync(_filter([_clause]), [])
	rule.unknowns == set() with input.crossTenantSync as _sync(_filter([_clause]), [])
	rule.unknowns == set() with input.crossTenantSync as _sync(_filter([_clause]), _assigned)
}

test_a_filter_that_only_leaves_out_is_unknown if {
	some operator in ["IS NOT NULL", "NOT EQUALS", "NOT REGEX MATCH"]
	loose := object.union(_clause, {"operatorName": operator})
	message := "To Fabrikam has a filter for users that names only whom it leaves out"
	rule.findings == set() with input.crossTenantSync as _sync(_filter([loose]), _assigned)
	rule.unknowns == {{"path": _path, "message": message}} with input.crossTenantSync as _sync(_filter([loose]), [])
	rule.unknowns == set() with input.crossTenantSync as _sync(_filter([loose, _clause]), [])
}

test_a_mapping_that_does_not_say_whether_it_is_on_counts if {
	sync := json.patch(_sync(null, []), [{
		"op": "remove",
		"path": "jobs/0/schema/synchronizationRules/0/objectMappings/0/enabled",
	}])
	rule.findings == _found with input.crossTenantSync as sync
}

test_assignments_alone_do_not_tell if {
	rule.findings == set() with input.crossTenantSync as _sync(null, _assigned)
	rule.unknowns == _undecided with input.crossTenantSync as _sync(null, _assigned)
}

test_a_schema_that_was_not_read_is_unknown if {
	rule.unknowns == {{
		"path": ["crossTenantSync", "jobs", 0, "schema"],
		"message": "the mapping of users of j was not read",
	}} with input.crossTenantSync as {"jobs": [{"id": "j", "schema": null}], "assignments": []}
}

test_without_jobs_there_is_nothing_to_judge if {
	rule.not_applicable == {"nothing is synchronized to other tenants"}
		with input.crossTenantSync as {"jobs": [], "assignments": []}
}
