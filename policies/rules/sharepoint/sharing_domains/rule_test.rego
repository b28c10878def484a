package rules.sharepoint.sharing_domains_test

import data.rules.sharepoint.sharing_domains as rule

_mode := ["sharePoint", "tenant", "SharingDomainRestrictionMode"]

_allowed := ["sharePoint", "tenant", "SharingAllowedDomainList"]

_blocked := ["sharePoint", "tenant", "SharingBlockedDomainList"]

test_no_restriction_is_reported if {
	rule.findings == {{
		"path": _mode,
		"message": "people of any domain may be invited (SharingDomainRestrictionMode is 0)",
	}} with input as _tenant({"SharingDomainRestrictionMode": 0})
}

test_a_list_that_is_not_in_force_does_not_help if {
	count(rule.findings) == 1 with input as _tenant({
		"SharingDomainRestrictionMode": 0,
		"SharingAllowedDomainList": "partner.example",
	})
}

test_a_block_list_is_reported if {
	rule.findings == {{
		"path": _mode,
		"message": "blocked domains are listed and all others are let in (SharingDomainRestrictionMode is 2)",
	}} with input as _tenant({"SharingDomainRestrictionMode": 2, "SharingBlockedDomainList": "gmail.com"})
}

test_a_setting_accepts_a_block_list_that_names_a_domain if {
	rule.findings == set() with input as _tenant({
		"SharingDomainRestrictionMode": 2,
		"SharingBlockedDomainList": "gmail.com",
	})
		with data.settings.sharepoint.accept_domain_block_list as true
	rule.findings == {{
		"path": _blocked,
		"message": "the list of domains that is in force is empty (SharingDomainRestrictionMode is 2)",
	}} with input as _tenant({
		"SharingDomainRestrictionMode": 2,
		"SharingAllowedDomainList": "partner.example",
		"SharingBlockedDomainList": "",
	})
		with data.settings.sharepoint.accept_domain_block_list as true
}

test_an_allow_list_without_consumer_domains_passes if {
	every list in ["partner.example", " Partner.example  other.example "] {
		rule.findings == set() with input as _tenant({
			"SharingDomainRestrictionMode": 1,
			"SharingAllowedDomainList": list,
			"SharingBlockedDomainList": "gmail.com",
		})
	}
}

test_an_empty_allow_list_is_reported if {
	every list in [null, "", "  "] {
		rule.findings == {{
			"path": _allowed,
			"message": "the list of domains that is in force is empty (SharingDomainRestrictionMode is 1)",
		}} with input as _tenant({"SharingDomainRestrictionMode": 1, "SharingAllowedDomainList": list})
	}
}

test_every_consumer_domain_is_reported if {
	rule.findings == {
		{
			"path": _allowed,
			"key": "gmail.com",
			"message": "gmail.com is allowed, where anybody can have an address",
		},
		{
			"path": _allowed,
			"key": "gmx.de",
			"message": "gmx.de is allowed, where anybody can have an address",
		},
	} with input as _tenant({
		"SharingDomainRestrictionMode": 1,
		"SharingAllowedDomainList": "partner.example GMail.com gmx.de",
	})
}

test_a_setting_says_which_domains_are_for_consumers if {
	rule.findings == {{
		"path": _allowed,
		"key": "Partner.example",
		"message": "Partner.example is allowed, where anybody can have an address",
	}} with input as _tenant({
		"SharingDomainRestrictionMode": 1,
		"SharingAllowedDomainList": "partner.example gmail.com",
	})
		with data.settings.domains.consumer as ["Partner.example"]
}

test_graph_gives_the_mode_by_name_and_the_list_as_array if {
	rule.findings == set() with input as _settings("allowList", ["partner.example"])
	rule.findings == {{
		"path": ["sharePoint", "settings", "sharingAllowedDomainList"],
		"key": "gmail.com",
		"message": "gmail.com is allowed, where anybody can have an address",
	}} with input as _settings("allowList", ["partner.example", "Gmail.com"])
	rule.findings == {{
		"path": ["sharePoint", "settings", "sharingDomainRestrictionMode"],
		"message": "people of any domain may be invited (sharingDomainRestrictionMode is none)",
	}} with input as _settings("none", [])
}

test_the_first_source_with_an_empty_list_is_reported if {
	tenant := _tenant({"SharingDomainRestrictionMode": 1, "SharingAllowedDomainList": ""})
	rule.findings == {{
		"path": _allowed,
		"message": "the list of domains that is in force is empty (SharingDomainRestrictionMode is 1)",
	}} with input as object.union(tenant, _settings("allowList", ["partner.example"]))
}

test_an_array_of_nothing_is_empty if {
	every list in [[], [""], null] {
		rule.findings == {{
			"path": ["sharePoint", "settings", "sharingAllowedDomainList"],
			"message": "the list of domains that is in force is empty (sharingDomainRestrictionMode is allowList)",
		}} with input as _settings("allowList", list)
	}
}

test_with_sharing_off_the_rule_does_not_apply if {
	off := {"sharePoint": {"tenant": {"SharingCapability": 0, "SharingDomainRestrictionMode": 0}}}
	rule.not_applicable == {"external sharing is off"} with input as off
	rule.findings == set() with input as off
	rule.unknowns == set() with input as off
	rule.not_applicable == set() with input as _tenant({"SharingDomainRestrictionMode": 0})
}

test_what_is_no_domain_is_unknown if {
	odd := _tenant({
		"SharingDomainRestrictionMode": 1,
		"SharingAllowedDomainList": "partner.example * *.example @gmail.com gmail.com. com",
	})
	rule.findings == set() with input as odd
	rule.unknowns == {{"path": _allowed, "key": entry, "message": $"{entry} is not the name of a domain"} |
		some entry in ["*", "*.example", "@gmail.com", "gmail.com.", "com"]
	} with input as odd
	rule.unknowns == set() with input as _settings("allowList", ["partner.example", ""])
}

test_of_two_sources_the_more_open_one_counts if {
	closed := _tenant({"SharingDomainRestrictionMode": 1, "SharingAllowedDomainList": "partner.example"})
	rule.findings == {{
		"path": ["sharePoint", "settings", "sharingDomainRestrictionMode"],
		"message": "people of any domain may be invited (sharingDomainRestrictionMode is none)",
	}} with input as object.union(closed, _settings("none", []))
	rule.findings == set() with input as object.union(closed, _settings("allowList", []))
	open := _tenant({"SharingDomainRestrictionMode": 0})
	rule.findings == {{
		"path": _mode,
		"message": "people of any domain may be invited (SharingDomainRestrictionMode is 0)",
	}} with input as object.union(open, _settings("allowList", ["partner.example"]))
}

_graph_list := ["sharePoint", "settings", "sharingAllowedDomainList"]

test_what_either_source_allows_is_allowed if {
	tenant := _tenant({"SharingDomainRestrictionMode": 1, "SharingAllowedDomainList": "partner.example gmx.de"})
	both := object.union(tenant, _settings("allowList", ["Gmail.com", "gmx.de", "odd"]))
	rule.findings == {
		{"path": _graph_list, "key": "gmail.com", "message": "gmail.com is allowed, where anybody can have an address"},
		{"path": _allowed, "key": "gmx.de", "message": "gmx.de is allowed, where anybody can have an address"},
	} with input as both
	rule.unknowns == {{
		"path": _graph_list,
		"key": "odd",
		"message": "odd is not the name of a domain",
	}} with input as both
}

test_a_list_of_two_that_was_not_read_is_unknown if {
	tenant := _tenant({"SharingDomainRestrictionMode": 1, "SharingAllowedDomainList": "partner.example"})
	both := object.union(tenant, {"sharePoint": {"settings": {"sharingDomainRestrictionMode": "allowList"}}})
	rule.findings == set() with input as both
	rule.unknowns == {{
		"path": ["sharePoint", "settings", "sharingDomainRestrictionMode"],
		"message": "the list that is in force was not read (sharingDomainRestrictionMode is allowList)",
	}} with input as both
}

# A source that gives another mode has no list in force.
test_only_the_list_of_the_mode_counts if {
	tenant := _tenant({"SharingDomainRestrictionMode": 2, "SharingBlockedDomainList": "gmail.com"})
	both := object.union(tenant, _settings("allowList", ["gmail.com"]))
	rule.findings == set() with input as both with data.settings.sharepoint.accept_domain_block_list as true
	rule.unknowns == set() with input as both with data.settings.sharepoint.accept_domain_block_list as true
}

test_only_what_both_sources_block_is_blocked if {
	tenant := _tenant({"SharingDomainRestrictionMode": 2, "SharingBlockedDomainList": "gmail.com gmx.de"})
	list := ["sharePoint", "settings", "sharingBlockedDomainList"]
	both := object.union(tenant, {"sharePoint": {"settings": {"sharingDomainRestrictionMode": "blockList"}}})
	alike := json.patch(both, [{"op": "add", "path": list, "value": ["Gmail.com"]}])
	rule.findings == set() with input as alike with data.settings.sharepoint.accept_domain_block_list as true
	apart := json.patch(both, [{"op": "add", "path": list, "value": ["x.example"]}])
	rule.findings == {{
		"path": _blocked,
		"message": "the list of domains that is in force is empty (SharingDomainRestrictionMode is 2)",
	}} with input as apart with data.settings.sharepoint.accept_domain_block_list as true
}

test_a_list_that_was_not_read_is_unknown if {
	unread := object.union(
		_tenant({"SharingDomainRestrictionMode": 1}),
		{"sharePoint": {"settings": {"sharingAllowedDomainList": ["partner.example"]}}},
	)
	rule.findings == set() with input as unread
	rule.unknowns == {{
		"path": _mode,
		"message": "the list that is in force was not read (SharingDomainRestrictionMode is 1)",
	}} with input as unread
}

test_an_unheard_of_mode_is_unknown if {
	odd := _tenant({"SharingDomainRestrictionMode": 99, "SharingAllowedDomainList": "partner.example"})
	rule.findings == set() with input as odd
	rule.unknowns == {{
		"path": _mode,
		"message": "SharingDomainRestrictionMode is 99, which this version does not know",
	}} with input as odd
	rule.unknowns == {{
		"path": ["sharePoint", "settings", "sharingDomainRestrictionMode"],
		"message": "sharingDomainRestrictionMode is unknownFutureValue, which this version does not know",
	}} with input as _settings("unknownFutureValue", [])
}

test_a_known_mode_is_not_unknown if {
	rule.unknowns == set() with input as _tenant({"SharingDomainRestrictionMode": 0})
}

test_a_missing_value_is_never_a_finding_of_its_own if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
}

_tenant(properties) := {"sharePoint": {"tenant": object.union({"SharingCapability": 1}, properties)}}

_settings(mode, allowed) := {"sharePoint": {"settings": {
	"sharingCapability": "externalUserSharingOnly",
	"sharingDomainRestrictionMode": mode,
	"sharingAllowedDomainList": allowed,
	"sharingBlockedDomainList": [],
}}}
