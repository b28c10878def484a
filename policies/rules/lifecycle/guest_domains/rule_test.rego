package rules.lifecycle.guest_domains_test

import data.rules.lifecycle.guest_domains as rule

_organization := {"id": "t1", "verifiedDomains": [{"name": "Contoso.com"}, {"name": "contoso.onmicrosoft.com"}]}

_guest(mail, name) := {"id": "g1", "userType": "Guest", "mail": mail, "userPrincipalName": name}

_alice := _guest("Alice@Fabrikam.com", "alice_fabrikam.com#EXT#@contoso.onmicrosoft.com")

_by_name := _guest(null, "alice_fabrikam.com#EXT#@contoso.onmicrosoft.com")

_findings := found if {
	found := rule.findings with input.tenant.organization as _organization
}

_unknowns := found if {
	found := rule.unknowns with input.tenant.organization as _organization
}

_not_applicable := found if {
	found := rule.not_applicable with input.tenant.organization as _organization
}

test_other_domains_are_reported_at_the_address if {
	_findings == {{
		"path": ["guests", 1, "mail"],
		"message": "comes from fabrikam.com, which is not an approved domain",
	}} with input.guests as [_guest("x@litware.com", "x_litware.com#EXT#@contoso.onmicrosoft.com"), _alice]
		with data.settings.domains.approved as ["litware.com"]
}

test_the_name_tells_the_domain_where_there_is_no_address if {
	_findings == {{
		"path": ["guests", 0, "userPrincipalName"],
		"message": "comes from fabrikam.com, which is not an approved domain",
	}} with input.guests as [_by_name] with data.settings.domains.approved as ["litware.com"]
	_unknowns == set() with input.guests as [_by_name] with data.settings.domains.approved as ["litware.com"]
}

test_external_members_are_judged_alike if {
	member := object.union(_alice, {"userType": "Member"})
	count(_findings) == 1 with input.guests as [member] with data.settings.domains.approved as ["litware.com"]
}

test_an_address_of_ours_does_not_hide_the_home if {
	_findings == {{
		"path": ["guests", 0, "userPrincipalName"],
		"message": "comes from fabrikam.com, which is not an approved domain",
	}} with input.guests as [object.union(_alice, {"mail": "alice@contoso.com"})]
		with data.settings.domains.approved as ["litware.com"]
}

test_approved_domains_pass if {
	guests := [_alice, _by_name]
	_findings == set() with input.guests as guests with data.settings.domains.approved as ["FABRIKAM.com "]
	_unknowns == set() with input.guests as guests with data.settings.domains.approved as ["FABRIKAM.com "]
}

test_an_entry_means_that_domain_alone if {
	sub := [_guest("a@sub.fabrikam.com", null)]
	count(_findings) == 1 with input.guests as sub with data.settings.domains.approved as ["fabrikam.com"]
	_findings == set() with input.guests as sub with data.settings.domains.approved as ["*.fabrikam.com"]
	count(_findings) == 1 with input.guests as [_alice] with data.settings.domains.approved as ["*.fabrikam.com"]
	count(_findings) == 1 with input.guests as [_guest("a@notfabrikam.com", null)]
		with data.settings.domains.approved as ["*.fabrikam.com"]
}

test_the_enforced_list_is_used_where_no_other_is_set if {
	_findings == set() with input.guests as [_alice]
		with input.entra.b2bManagementPolicy as {"allowedDomains": ["fabrikam.com"]}
	count(_findings) == 1 with input.guests as [_alice]
		with input.entra.b2bManagementPolicy as {"allowedDomains": ["litware.com"]}
	count(_findings) == 1 with input.guests as [_alice]
		with input.entra.b2bManagementPolicy as {"allowedDomains": []}
	count(_findings) == 1 with input.guests as [_alice]
		with input.entra.b2bManagementPolicy as {"allowedDomains": ["fabrikam.com"]}
		with data.settings.domains.approved as ["litware.com"]
}

test_without_a_list_the_rule_does_not_apply if {
	policy := {"allowedDomains": null, "blockedDomains": ["gmail.com"]}
	_findings == set() with input.guests as [_alice] with input.entra.b2bManagementPolicy as policy
	_unknowns == set() with input.guests as [_alice] with input.entra.b2bManagementPolicy as policy
	_not_applicable == {"no list of approved domains is set"} with input.guests as []
		with input.entra.b2bManagementPolicy as policy
	_not_applicable == {"no list of approved domains is set"} with input.guests as [_alice]
		with input.entra.b2bManagementPolicy as {}
	_not_applicable == set() with input.guests as [_alice] with data.settings.domains.approved as ["litware.com"]
}

test_a_list_that_was_not_read_is_unknown if {
	_findings == set() with input.guests as [_alice]
	_not_applicable == set() with input.guests as [_alice]
	_unknowns == {{
		"path": ["entra", "b2bManagementPolicy"],
		"message": "not in the snapshot, and neither domains.approved nor partners names one: there is no list",
	}} with input.guests as [_alice]
}

_id := "0000020a-0000-4000-8000-000000000201"

test_domains_of_registered_partners_pass if {
	guests := [_alice, _by_name]
	entry := {"domains": ["Fabrikam.com"], "allow": ["guests"]}
	_findings == set() with input.guests as guests with data.settings.partners as [entry]
	_findings == set() with input.guests as guests
		with data.settings.partners as [object.union(entry, {"allow": ["sync"]})]
		with data.settings.domains.approved as ["litware.com"]
	count(_findings) == 2 with input.guests as guests
		with data.settings.partners as [object.union(entry, {"allow": ["sharepoint"]})]
		with data.settings.domains.approved as ["litware.com"]

	# A register is a decision: the list that the tenant enforces does not count besides.
	count(_findings) == 1 with input.guests as [_guest("a@adatum.com", null)]
		with input.entra.b2bManagementPolicy as {"allowedDomains": ["adatum.com"]}
		with data.settings.partners as [entry]
}

test_domains_of_registered_tenants_pass if {
	entry := {"tenant_id": upper(_id), "allow": ["guests"]}
	_findings == set() with input.guests as [_alice]
		with input.crossTenantAccess.domainTenants as [{"domainName": "fabrikam.com", "tenantId": _id}]
		with data.settings.partners as [entry]
	_findings == set() with input.guests as [_alice]
		with input.crossTenantAccess.partnerNames as [{"defaultDomainName": "Fabrikam.com", "tenantId": _id}]
		with data.settings.partners as [entry]
	others := [{"domainName": "fabrikam.com", "tenantId": null}, {"domainName": "x.example", "tenantId": _id}]
	count(_findings) == 1 with input.guests as [_alice]
		with input.crossTenantAccess.domainTenants as others
		with data.settings.partners as [entry]
}

test_a_tenant_whose_domains_nobody_can_tell_leaves_it_open if {
	entry := {"tenant_id": _id, "allow": ["guests"]}
	_findings == set() with input.guests as [_alice] with data.settings.partners as [entry]
		with data.settings.domains.approved as ["litware.com"]
	_unknowns == {{
		"path": ["guests", 0, "mail"],
		"message": "whether fabrikam.com is of a registered tenant was not read",
	}} with input.guests as [_alice] with data.settings.partners as [entry]
		with data.settings.domains.approved as ["litware.com"]
	count(_unknowns) == 1 with input.guests as [_alice] with data.settings.partners as [entry]
		with input.entra.b2bManagementPolicy as {"allowedDomains": null}
	count(_findings) == 1 with input.guests as [_alice]
		with data.settings.partners as [object.union(entry, {"domains": ["fabrikam.de"]})]
}

test_accounts_of_our_own_are_passed_over if {
	guests := [_guest("vendor@contoso.com", "vendor@contoso.com"), _guest(null, "vendor@contoso.onmicrosoft.com")]
	_findings == set() with input.guests as guests with data.settings.domains.approved as ["litware.com"]
	_unknowns == set() with input.guests as guests with data.settings.domains.approved as ["litware.com"]
}

test_an_outside_address_on_an_account_of_our_own_is_reported if {
	count(_findings) == 1 with input.guests as [_guest("vendor@gmail.com", "vendor@contoso.com")]
		with data.settings.domains.approved as ["litware.com"]
}

test_guests_without_a_home_are_unknown if {
	guests := [
		_guest(null, "alice#EXT#@contoso.onmicrosoft.com"),
		_guest("", null),
		_guest("vendor@contoso.com", null),
		{"id": "g4"},
		_guest("alice@contoso.com", "alice#EXT#@contoso.onmicrosoft.com"),
	]
	_findings == set() with input.guests as guests with data.settings.domains.approved as ["litware.com"]
	_unknowns == {{
		"path": ["guests", i],
		"message": "no home domain can be read from mail or userPrincipalName",
	} |
		some i in [0, 1, 2, 3, 4]
	} with input.guests as guests with data.settings.domains.approved as ["litware.com"]
}
