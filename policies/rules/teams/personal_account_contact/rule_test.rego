package rules.teams.personal_account_contact_test

import data.rules.teams.personal_account_contact as rule

_path := ["teams", "tenantFederationConfiguration", "AllowTeamsConsumerInbound"]

_tenant(consumer, inbound) := {"tenantFederationConfiguration": {
	"AllowTeamsConsumer": consumer,
	"AllowTeamsConsumerInbound": inbound,
}}

_with(policies) := object.union(_tenant(true, true), {"externalAccessPolicies": policies})

_policy(identity, access, inbound) := {
	"Identity": identity,
	"EnableTeamsConsumerAccess": access,
	"EnableTeamsConsumerInbound": inbound,
}

_open := {{
	"path": _path,
	"message": "personal Teams accounts may start a chat with staff (AllowTeamsConsumerInbound is true)",
}}

test_an_open_tenant_is_reported_once if {
	teams := _with([_policy("Global", true, true), _policy("Tag:Sales", true, true)])
	rule.findings == _open with input.teams as teams
	rule.notes == set() with input.teams as teams
}

test_an_open_tenant_is_reported_though_policies_were_not_read if {
	rule.findings == _open with input.teams as _tenant(true, true)
	rule.notes == {{
		"path": ["teams", "externalAccessPolicies"],
		"message": "external access policies, which may narrow this, were not read",
	}} with input.teams as _tenant(true, true)
}

test_policies_without_global_were_not_read if {
	rule.findings == _open with input.teams as _with([_policy("Tag:Sales", false, false)])
}

test_either_switch_of_the_tenant_closes if {
	every teams in [_tenant(true, false), _tenant(false, true), _tenant(false, false), _tenant(false, null)] {
		rule.findings == set() with input.teams as teams
		rule.unknowns == set() with input.teams as teams
		rule.notes == set() with input.teams as teams
	}
}

test_either_switch_of_every_policy_closes if {
	teams := _with([_policy("Global", true, false), _policy("Tag:Sales", false, true)])
	rule.findings == set() with input.teams as teams
	rule.unknowns == set() with input.teams as teams
}

test_a_policy_that_opens_again_is_reported if {
	rule.findings == {{
		"path": ["teams", "externalAccessPolicies", 1, "EnableTeamsConsumerInbound"],
		"message": concat("", [
			"external access policy Tag:Sales lets personal Teams accounts start a chat with its holders ",
			"(EnableTeamsConsumerInbound is true)",
		]),
	}} with input.teams as _with([_policy("Global", false, false), _policy("Tag:Sales", true, true)])
}

test_a_policy_that_nobody_holds_is_left_alone if {
	teams := _with([_policy("Global", false, false), _policy("Tag:Sales", true, true)])
	rule.findings == set() with input.teams as teams with data.settings.teams.unassigned_policies as ["Tag:Sales"]
}

test_a_policy_that_does_not_tell_is_unknown if {
	teams := _with([_policy("Global", true, false), _policy("Tag:Sales", true, null)])
	rule.findings == set() with input.teams as teams
	rule.unknowns == {{
		"path": ["teams", "externalAccessPolicies", 1, "EnableTeamsConsumerInbound"],
		"message": "a switch of external access policy Tag:Sales for personal accounts is neither true nor false",
	}} with input.teams as teams
}

test_a_tenant_value_that_is_no_switch_is_unknown if {
	rule.findings == set() with input.teams as _tenant(true, "no")
	rule.unknowns == {{
		"path": _path,
		"message": "AllowTeamsConsumer or AllowTeamsConsumerInbound is neither true nor false",
	}} with input.teams as _tenant(true, "no")
}

test_a_missing_section_is_never_a_finding_of_its_own if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
	rule.notes == set() with input as {}
}
