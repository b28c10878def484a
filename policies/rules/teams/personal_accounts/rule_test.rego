package rules.teams.personal_accounts_test

import data.rules.teams.personal_accounts as rule

_path := ["teams", "tenantFederationConfiguration", "AllowTeamsConsumer"]

_tenant(value) := {"tenantFederationConfiguration": {"AllowTeamsConsumer": value}}

_with(value, policies) := object.union(_tenant(value), {"externalAccessPolicies": policies})

_policy(identity, value) := {"Identity": identity, "EnableTeamsConsumerAccess": value}

_open := {{"path": _path, "message": "staff may chat with personal Teams accounts (AllowTeamsConsumer is true)"}}

test_an_open_tenant_is_reported_once if {
	teams := _with(true, [_policy("Global", true), _policy("Tag:Sales", true)])
	rule.findings == _open with input.teams as teams
	rule.notes == set() with input.teams as teams
}

test_an_open_tenant_is_reported_though_policies_were_not_read if {
	rule.findings == _open with input.teams as _tenant(true)
	rule.notes == {{
		"path": ["teams", "externalAccessPolicies"],
		"message": "external access policies, which may narrow this, were not read",
	}} with input.teams as _tenant(true)
}

test_policies_without_global_were_not_read if {
	rule.findings == _open with input.teams as _with(true, [])
	rule.findings == _open with input.teams as _with(true, [_policy("Tag:Sales", false)])
}

test_a_global_policy_that_does_not_tell_closes_nothing if {
	rule.findings == _open with input.teams as _with(true, [{"Identity": "Global"}])
}

test_a_closed_tenant_passes_whatever_policies_say if {
	every teams in [_tenant(false), _with(false, [_policy("Global", true)])] {
		rule.findings == set() with input.teams as teams
		rule.unknowns == set() with input.teams as teams
		rule.notes == set() with input.teams as teams
	}
}

test_an_open_tenant_that_every_policy_closes_passes if {
	teams := _with(true, [_policy("Global", false), _policy("Tag:Sales", false)])
	rule.findings == set() with input.teams as teams
	rule.unknowns == set() with input.teams as teams
	rule.notes == set() with input.teams as teams
}

test_a_policy_that_opens_again_is_reported if {
	rule.findings == {{
		"path": ["teams", "externalAccessPolicies", 1, "EnableTeamsConsumerAccess"],
		"message": concat("", [
			"external access policy Tag:Sales lets staff chat with personal Teams accounts ",
			"(EnableTeamsConsumerAccess is true)",
		]),
	}} with input.teams as _with(true, [_policy("Global", false), _policy("Tag:Sales", true)])
}

test_a_policy_that_nobody_holds_is_left_alone if {
	teams := _with(true, [_policy("Global", false), _policy("Tag:Sales", true)])
	rule.findings == set() with input.teams as teams with data.settings.teams.unassigned_policies as ["Tag:Sales"]
}

test_a_policy_that_does_not_tell_is_unknown if {
	teams := _with(true, [_policy("Global", false), _policy("Tag:Sales", null)])
	rule.findings == set() with input.teams as teams
	rule.unknowns == {{
		"path": ["teams", "externalAccessPolicies", 1, "EnableTeamsConsumerAccess"],
		"message": "EnableTeamsConsumerAccess of external access policy Tag:Sales is neither true nor false",
	}} with input.teams as teams
}

test_a_tenant_value_that_is_no_switch_is_unknown if {
	rule.findings == set() with input.teams as _tenant("no")
	rule.unknowns == {{
		"path": _path,
		"message": "AllowTeamsConsumer is neither true nor false",
	}} with input.teams as _tenant("no")
}

test_a_missing_section_is_never_a_finding_of_its_own if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
	rule.notes == set() with input as {}
}
