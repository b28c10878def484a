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
