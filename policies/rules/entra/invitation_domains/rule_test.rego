package rules.entra.invitation_domains_test

import data.rules.entra.invitation_domains as rule

_path := ["entra", "b2bManagementPolicy"]

_list := array.concat(_path, ["allowedDomains"])

_none := {{"path": _path, "message": "people of any domain may be invited: there is no list of domains"}}

_findings(allowed) := found if found := rule.findings with input.entra.b2bManagementPolicy.allowedDomains as allowed

_unknowns(allowed) := found if found := rule.unknowns with input.entra.b2bManagementPolicy.allowedDomains as allowed

test_no_list_is_reported if {
	every policy in [
		{},
		{"allowedDomains": null},
		{"allowedDomains": null, "blockedDomains": null},
		{"allowedDomains": null, "blockedDomains": []},
	] {
		rule.findings == _none with input.entra.b2bManagementPolicy as policy
		rule.unknowns == set() with input.entra.b2bManagementPolicy as policy
	}
}

test_a_list_of_blocked_domains_is_reported if {
	policy := {"allowedDomains": null, "blockedDomains": ["gmail.com"]}
	rule.findings == {{
		"path": array.concat(_path, ["blockedDomains"]),
		"message": concat(" ", [
			"the list says only who may not be invited (blockedDomains),",
			"so people of any other domain may be",
		]),
	}} with input.entra.b2bManagementPolicy as policy
	rule.unknowns == set() with input.entra.b2bManagementPolicy as policy
}

test_a_list_of_organisations_passes if {
	every allowed in [["fabrikam.com", "sub.adatum.co.uk"], ["xn--bcher-kva.example"], [" Fabrikam.com "]] {
		_findings(allowed) == set()
		_unknowns(allowed) == set()
	}
}

test_an_empty_list_lets_nobody_in_and_passes if {
	_findings([]) == set()
	_unknowns([]) == set()
}

test_an_allow_list_counts_though_there_is_a_block_list if {
	policy := {"allowedDomains": ["fabrikam.com"], "blockedDomains": ["gmail.com"]}
	rule.findings == set() with input.entra.b2bManagementPolicy as policy
}

test_a_domain_of_everybody_is_reported if {
	_findings(["fabrikam.com", "GMail.com "]) == {{
		"path": _list,
		"key": "gmail.com",
		"message": "gmail.com is allowed, where anybody can have an address",
	}}
	_unknowns(["gmail.com"]) == set()
}

test_the_setting_says_which_domains_are_of_everybody if {
	rule.findings == {{
		"path": _list,
		"key": "partner.example",
		"message": "partner.example is allowed, where anybody can have an address",
	}} with input.entra.b2bManagementPolicy.allowedDomains as ["partner.example", "gmail.com"]
		with data.settings.domains.consumer as ["Partner.example"]
}

test_what_is_wider_than_an_organisation_is_reported if {
	every entry in ["*", "*.com", "*.fabrikam.com", "com", ".com"] {
		_findings([entry]) == {{
			"path": _list,
			"key": entry,
			"message": $"{entry} is allowed, which is wider than one organisation",
		}}
		_unknowns([entry]) == set()
	}
}

test_what_is_no_domain_is_unknown if {
	every entry in ["", "ann@fabrikam.com", "https://fabrikam.com", "fabrikam .com", ".fabrikam.com"] {
		_findings([entry]) == set()
		_unknowns([entry]) == {{
			"path": _list,
			"key": entry,
			"message": $"{entry} is allowed, which is not the name of a domain",
		}}
	}
}

test_a_missing_section_is_never_a_finding_of_its_own if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
}
