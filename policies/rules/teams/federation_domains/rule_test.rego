package rules.teams.federation_domains_test

import data.rules.teams.federation_domains as rule

_all := {"AllowAllKnownDomains": {}}

_list(names) := {"AllowedDomain": [{"Domain": name} | some name in names]}

_tenant(domains) := {"tenantFederationConfiguration": {"AllowFederatedUsers": true, "AllowedDomains": domains}}

_with(domains, policies) := object.union(_tenant(domains), {"externalAccessPolicies": policies})

_global := object.union(_tag("OrganizationDefault"), {"Identity": "Global"})

_closed_global := {"Identity": "Global", "EnableFederationAccess": false}

_tag(value) := {"Identity": "Tag:Sales", "EnableFederationAccess": true, "CommunicationWithExternalOrgs": value}

_domains := ["teams", "tenantFederationConfiguration", "AllowedDomains"]

_open := {{
	"path": _domains,
	"message": "Teams federates with every domain (AllowedDomains is AllowAllKnownDomains)",
}}

_unread := {{
	"path": ["teams", "externalAccessPolicies"],
	"message": "external access policies were not read, and one may let its holders talk to every domain",
}}

_clean(teams) if {
	rule.findings == set() with input.teams as teams
	rule.unknowns == set() with input.teams as teams
	rule.notes == set() with input.teams as teams
}

test_an_open_tenant_is_reported if {
	teams := _with(_all, [_global])
	rule.findings == _open with input.teams as teams
	rule.notes == set() with input.teams as teams
}

test_an_open_tenant_as_powershell_writes_it_is_reported if {
	rule.findings == _open with input.teams as _with({}, [_global])
}

test_an_open_tenant_is_reported_though_policies_were_not_read if {
	teams := _tenant(_all)
	rule.findings == _open with input.teams as teams
	rule.notes == {{
		"path": ["teams", "externalAccessPolicies"],
		"message": "external access policies, which may narrow this, were not read",
	}} with input.teams as teams
}

test_a_list_of_policies_without_global_was_not_read if {
	rule.findings == _open with input.teams as _with(_all, [])
	rule.findings == _open with input.teams as _with(_all, [_tag("BlockAllExternalDomains")])
	rule.unknowns == _unread with input.teams as _with(_list(["fabrikam.com"]), [_tag("BlockAllExternalDomains")])
}

test_an_open_tenant_that_no_policy_follows_passes if {
	_clean(_with(_all, [_closed_global, _tag("BlockAllExternalDomains")]))
}

test_an_open_tenant_that_one_policy_follows_is_reported if {
	rule.findings == _open with input.teams as _with(_all, [_closed_global, _tag("OrganizationDefault")])
}

test_an_open_tenant_is_reported_where_a_policy_does_not_tell if {
	rule.findings == _open with input.teams as _with(_all, [_closed_global, _tag("Friends")])
}

test_federation_switched_off_passes_whatever_else_is_set if {
	_clean({"tenantFederationConfiguration": {"AllowFederatedUsers": false, "AllowedDomains": null}})
	_clean({
		"tenantFederationConfiguration": {"AllowFederatedUsers": false, "AllowedDomains": _all},
		"externalAccessPolicies": [_tag("AllowAllExternalDomains")],
	})
}

test_a_list_that_every_policy_follows_passes if {
	_clean(_with(_list(["fabrikam.com", "tailspin.example"]), [_global, _tag("OrganizationDefault")]))
}

test_global_without_the_newer_property_follows_the_tenant if {
	_clean(_with(_list(["fabrikam.com"]), [{"Identity": "Global", "EnableFederationAccess": true}]))
}

test_an_empty_list_lets_nobody_in if {
	_clean(_with(_list([]), [_global]))
}

test_a_list_is_unknown_until_policies_were_read if {
	teams := _tenant(_list(["fabrikam.com"]))
	rule.findings == set() with input.teams as teams
	rule.unknowns == _unread with input.teams as teams
	rule.notes == set() with input.teams as teams
}

test_a_policy_that_opens_what_the_list_closes_is_reported if {
	rule.findings == {
		{
			"path": ["teams", "externalAccessPolicies", 1, "CommunicationWithExternalOrgs"],
			"message": concat("", [
				"external access policy Tag:Sales opens federation for its holders ",
				"(CommunicationWithExternalOrgs is AllowAllExternalDomains)",
			]),
		},
		{
			"path": ["teams", "externalAccessPolicies", 2, "CommunicationWithExternalOrgs"],
			"message": concat("", [
				"external access policy Tag:Sales opens federation for its holders ",
				"(CommunicationWithExternalOrgs is BlockSpecificExternalDomains)",
			]),
		},
	} with input.teams as _with(
		_list([]),
		[_global, _tag("AllowAllExternalDomains"), _tag("BlockSpecificExternalDomains")],
	)
}

test_a_policy_that_nobody_holds_is_left_alone if {
	teams := _with(_list([]), [_global, _tag("AllowAllExternalDomains")])
	rule.findings == set() with input.teams as teams with data.settings.teams.unassigned_policies as ["Tag:Sales"]
	rule.unknowns == set() with input.teams as teams with data.settings.teams.unassigned_policies as ["Tag:Sales"]
}

test_a_policy_with_federation_off_reaches_nobody if {
	policy := object.union(_tag("AllowAllExternalDomains"), {"EnableFederationAccess": false})
	_clean(_with(_list([]), [_global, policy]))
}

test_a_consumer_domain_on_the_list_is_reported if {
	rule.findings == {{
		"path": array.concat(_domains, ["AllowedDomain", 1, "Domain"]),
		"message": "Teams federates with Outlook.com, which anybody can have an address of",
	}} with input.teams as _with(_list(["fabrikam.com", "Outlook.com"]), [_global])
}

test_a_tenant_list_that_nobody_follows_is_left_alone if {
	_clean(_with(_list(["outlook.com"]), [_closed_global]))
}

test_a_domain_that_is_not_approved_is_reported if {
	rule.findings == {{
		"path": array.concat(_domains, ["AllowedDomain", 1, "Domain"]),
		"message": "Teams federates with tailspin.example, which is not among the approved domains",
	}} with input.teams as _with(_list(["Fabrikam.com", "tailspin.example", "eu.contoso.com"]), [_global])
		with data.settings.teams.approved_federation_domains as ["fabrikam.com", "*.contoso.com"]
}

test_an_approved_consumer_domain_passes if {
	rule.findings == set() with input.teams as _with(_list(["outlook.com"]), [_global])
		with data.settings.teams.approved_federation_domains as ["outlook.com"]
}

test_the_list_of_a_policy_is_judged_too if {
	policy := object.union(
		_tag("AllowSpecificExternalDomains"),
		{"AllowedExternalDomains": ["fabrikam.com", "gmail.com"]},
	)
	teams := _with(_list([]), [_global, policy])
	rule.findings == {{
		"path": ["teams", "externalAccessPolicies", 1, "AllowedExternalDomains", 1],
		"message": "Teams federates with gmail.com, which anybody can have an address of",
	}} with input.teams as teams
	rule.unknowns == set() with input.teams as teams
}

test_the_list_of_a_policy_that_was_not_read_is_unknown if {
	teams := _with(_list([]), [_global, _tag("AllowSpecificExternalDomains")])
	rule.findings == set() with input.teams as teams
	rule.unknowns == {{
		"path": ["teams", "externalAccessPolicies", 1, "AllowedExternalDomains"],
		"message": "external access policy Tag:Sales allows a list of domains that was not read",
	}} with input.teams as teams
}

test_a_policy_that_does_not_tell_is_unknown if {
	teams := _with(_list([]), [_global, _tag(null), _tag("Friends")])
	rule.findings == set() with input.teams as teams
	rule.unknowns == {found |
		some i in [1, 2]
		found := {
			"path": ["teams", "externalAccessPolicies", i, "CommunicationWithExternalOrgs"],
			"message": "external access policy Tag:Sales does not tell whom its holders may talk to",
		}
	} with input.teams as teams
}

test_an_entry_that_is_no_domain_is_unknown if {
	teams := _with({"AllowedDomain": ["Domain=fabrikam.com", {"Domain": "*"}, {"Domain": "tailspin.example"}]}, [_global])
	rule.findings == set() with input.teams as teams
	rule.unknowns == {
		{
			"path": array.concat(_domains, ["AllowedDomain", 0, "Domain"]),
			"message": "Domain=fabrikam.com is not the name of a domain",
		},
		{"path": array.concat(_domains, ["AllowedDomain", 1, "Domain"]), "message": "* is not the name of a domain"},
	} with input.teams as teams
}

test_another_form_of_the_list_is_unknown if {
	every domains in [null, {"AllowedDomain": "Domain=fabrikam.com"}, object.union(_all, _list([])), {"Some": []}] {
		rule.findings == set() with input.teams as _with(domains, [_global])
		rule.unknowns == {{
			"path": _domains,
			"message": "AllowedDomains is neither every domain nor a list of domains",
		}} with input.teams as _with(domains, [_global])
	}
}

test_a_switch_that_is_neither_on_nor_off_is_unknown if {
	teams := {"tenantFederationConfiguration": {"AllowFederatedUsers": "yes", "AllowedDomains": _list([])}}
	rule.findings == set() with input.teams as teams
	rule.unknowns == {{
		"path": ["teams", "tenantFederationConfiguration", "AllowFederatedUsers"],
		"message": "AllowFederatedUsers has the value yes, which this version does not know",
	}} with input.teams as teams
}

test_a_missing_section_is_never_a_finding_of_its_own if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
	rule.notes == set() with input as {}
}
