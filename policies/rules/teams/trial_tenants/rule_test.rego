package rules.teams.trial_tenants_test

import data.rules.teams.trial_tenants as rule

_path := ["teams", "tenantFederationConfiguration", "ExternalAccessWithTrialTenants"]

_tenant(federates, trial, exceptions) := {"tenantFederationConfiguration": {
	"AllowFederatedUsers": federates,
	"ExternalAccessWithTrialTenants": trial,
	"AllowedTrialTenantDomains": exceptions,
}}

test_trial_tenants_let_in_are_reported if {
	rule.findings == {{
		"path": _path,
		"message": "trial tenants may reach staff (ExternalAccessWithTrialTenants is Allowed)",
	}} with input.teams as _tenant(true, "Allowed", ["fabrikam.com"])
	rule.notes == set() with input.teams as _tenant(true, "Allowed", ["fabrikam.com"])
}

test_trial_tenants_blocked_pass if {
	every exceptions in [[], null] {
		rule.findings == set() with input.teams as _tenant(true, "Blocked", exceptions)
		rule.unknowns == set() with input.teams as _tenant(true, "Blocked", exceptions)
		rule.not_applicable == set() with input.teams as _tenant(true, "Blocked", exceptions)
		rule.notes == set() with input.teams as _tenant(true, "Blocked", exceptions)
	}
}

test_exceptions_pass_and_are_noted if {
	teams := _tenant(true, "Blocked", ["fabrikam.com", "tailspin.example"])
	rule.findings == set() with input.teams as teams
	rule.notes == {{
		"path": ["teams", "tenantFederationConfiguration", "AllowedTrialTenantDomains"],
		"message": "trial tenants that may reach staff all the same: fabrikam.com, tailspin.example",
	}} with input.teams as teams
}

test_without_federation_the_rule_has_no_object if {
	teams := _tenant(false, "Allowed", ["fabrikam.com"])
	rule.findings == set() with input.teams as teams
	rule.unknowns == set() with input.teams as teams
	rule.notes == set() with input.teams as teams
	reason := "Teams does not federate with other organisations (AllowFederatedUsers is false)"
	rule.not_applicable == {reason} with input.teams as teams
}

test_an_unheard_of_value_is_unknown if {
	teams := _tenant(true, "Sometimes", [])
	rule.findings == set() with input.teams as teams
	rule.unknowns == {{
		"path": _path,
		"message": "ExternalAccessWithTrialTenants has the value Sometimes, which this version does not know",
	}} with input.teams as teams
}

test_a_missing_section_is_never_a_finding_of_its_own if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
	rule.not_applicable == set() with input as {}
}
