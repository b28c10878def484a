package lib.partners_test

import data.lib.partners

_fabrikam := {"tenant_id": "0A", "name": "Fabrikam", "domains": ["Fabrikam.com", "*.fabrikam.com"], "allow": ["sync"]}

_labs := {"tenant_id": "0b", "domains": ["*.labs.fabrikam.com"]}

_adatum := {"domains": ["adatum.example"], "name": " ", "allow": ["sharepoint"]}

_register := [_fabrikam, _labs, _adatum]

test_tenants_are_found_in_any_case if {
	partners.of_tenant("0a") == _fabrikam with data.settings.partners as _register
	partners.of_tenant("0B") == _labs with data.settings.partners as _register
	not partners.of_tenant("0c") with data.settings.partners as _register
	not partners.of_tenant("") with data.settings.partners as _register
	not partners.of_tenant("0a") with data.settings.partners as []
}

# Of which domain Graph says which tenant it has.
_known(names, asked) := {"crossTenantAccess": {"partnerNames": names, "domainTenants": asked}}

# XTA-012 joins them in the same way.
test_a_tenant_is_found_by_its_domains if {
	asked := _known([], [{"domainName": "Adatum.example", "tenantId": "0C"}])
	partners.of_tenant("0c") == _adatum with input as asked with data.settings.partners as _register
	partners.allows_tenant("0C", "sharepoint") with input as asked with data.settings.partners as _register
	not partners.of_tenant("0d") with input as asked with data.settings.partners as _register
	not partners.of_tenant("0c") with input as {} with data.settings.partners as _register

	named := _known([{"tenantId": "0C", "defaultDomainName": "adatum.Example"}], null)
	partners.of_tenant("0c") == _adatum with input as named with data.settings.partners as _register
	other := _known(null, [{"domainName": "adatum.test", "tenantId": "0C", "defaultDomainName": "adatum.example"}])
	partners.of_tenant("0c") == _adatum with input as other with data.settings.partners as _register

	pattern := [{"domains": ["*.adatum.example"], "name": "Adatum"}]
	below := _known([], [{"domainName": "eu.adatum.example", "tenantId": "0c"}])
	partners.of_tenant("0c") == pattern[0] with input as below with data.settings.partners as pattern
}

test_a_domain_that_has_no_tenant_gives_none if {
	asked := [{"domainName": "adatum.example", "tenantId": null}, {"domainName": "x.example"}, null]
	gone := _known([{"tenantId": "0c", "defaultDomainName": "adatum.example"}, {"tenantId": "0d"}], asked)
	not partners.of_tenant("0c") with input as gone with data.settings.partners as _register
	not partners.of_tenant("0d") with input as gone with data.settings.partners as _register
	not partners.of_tenant("") with input as gone with data.settings.partners as _register
	nameless := _known([{"tenantId": "", "defaultDomainName": "adatum.example"}], [])
	not partners.of_tenant("") with input as nameless with data.settings.partners as _register
}

# Whoever takes over its domain does not get what it has.
test_an_entry_that_gives_its_tenant_has_no_other if {
	taken := _known([], [{"domainName": "fabrikam.com", "tenantId": "0c"}])
	not partners.of_tenant("0c") with input as taken with data.settings.partners as _register
}

test_of_several_entries_the_first_has_the_tenant if {
	two := _known([{"tenantId": "0a", "defaultDomainName": "a.example"}], [{"domainName": "b.example", "tenantId": "0a"}])
	entries := [{"domains": ["b.example"]}, {"domains": ["a.example"]}]
	partners.of_tenant("0A") == entries[0] with input as two with data.settings.partners as entries
	by_id := {"tenant_id": "0a"}
	partners.of_tenant("0A") == by_id with input as two with data.settings.partners as array.concat(entries, [by_id])
}

test_domains_are_found_by_the_nearest_entry if {
	partners.of_domain("FABRIKAM.com") == _fabrikam with data.settings.partners as _register
	partners.of_domain("eu.fabrikam.com") == _fabrikam with data.settings.partners as _register
	partners.of_domain("labs.fabrikam.com") == _fabrikam with data.settings.partners as _register
	partners.of_domain("x.labs.fabrikam.com") == _labs with data.settings.partners as _register
	partners.of_domain("adatum.example") == _adatum with data.settings.partners as _register
	not partners.of_domain("x.adatum.example") with data.settings.partners as _register
	not partners.of_domain("notfabrikam.com") with data.settings.partners as _register
	not partners.of_domain("") with data.settings.partners as _register
}

# A service that lets in everything below a domain needs an entry that does so too.
test_what_is_below_a_domain_needs_an_entry_for_it if {
	partners.of_domain("*.fabrikam.com") == _fabrikam with data.settings.partners as _register
	partners.of_domain("*.x.fabrikam.com") == _fabrikam with data.settings.partners as _register
	not partners.of_domain("*.adatum.example") with data.settings.partners as _register
}

test_what_is_allowed_stands_in_the_entry if {
	partners.allows_tenant("0a", "sync") with data.settings.partners as _register
	not partners.allows_tenant("0a", "sharepoint") with data.settings.partners as _register
	not partners.allows_tenant("0b", "sync") with data.settings.partners as _register
	not partners.allows_tenant("0c", "sync") with data.settings.partners as _register
	partners.allows_domain("adatum.example", "sharepoint") with data.settings.partners as _register
	not partners.allows_domain("adatum.example", "sync") with data.settings.partners as _register
	partners.allows_anybody("sharepoint") with data.settings.partners as _register
	not partners.allows_anybody("device_trust") with data.settings.partners as _register
	not partners.allows_domain("litware.com", "sync") with data.settings.partners as _register
}

test_entries_go_by_name_tenant_or_domain if {
	partners.label(_fabrikam) == "Fabrikam (0a)"
	partners.label(_labs) == "0b"
	partners.label(_adatum) == "adatum.example"
	partners.label({}) == "an entry without a name"
}
