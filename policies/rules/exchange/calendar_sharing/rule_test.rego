package rules.exchange.calendar_sharing_test

import data.rules.exchange.calendar_sharing as rule

_policy(domains) := {"Identity": "Default Sharing Policy", "Enabled": true, "Domains": domains}

_path(j) := ["exchange", "sharingPolicies", 0, "Domains", j]

_found(j, who, entry) := {
	"path": _path(j),
	"message": $"sharing policy Default Sharing Policy lets mailboxes share with {who} ({entry})",
}

test_sharing_with_everybody_is_reported if {
	rule.findings == {
		{
			"path": _path(0),
			"message": concat("", [
				"sharing policy Default Sharing Policy lets mailboxes share with every organisation ",
				"(*:CalendarSharingFreeBusySimple)",
			]),
		},
		{
			"path": _path(1),
			"message": concat("", [
				"sharing policy Default Sharing Policy lets mailboxes share with anyone with the link ",
				"(Anonymous:CalendarSharingFreeBusyReviewer)",
			]),
		},
	} with input.exchange.sharingPolicies as [_policy([
		"*:CalendarSharingFreeBusySimple",
		"Anonymous:CalendarSharingFreeBusyReviewer",
		"fabrikam.com:CalendarSharingFreeBusyReviewer",
	])]
}

test_spaces_and_case_make_no_difference if {
	entries := [" * : contactsSharing , CalendarSharingFreeBusyDetail", "ANONYMOUS: ContactsSharing"]
	rule.findings == {
		_found(0, "every organisation", entries[0]),
		_found(1, "anyone with the link", entries[1]),
	} with input.exchange.sharingPolicies as [_policy(entries)]
	rule.unknowns == set() with input.exchange.sharingPolicies as [_policy(entries)]
}

test_an_action_of_a_later_kind_for_everybody_is_reported if {
	policies := [_policy(["*:TasksSharing"])]
	rule.findings == {_found(0, "every organisation", "*:TasksSharing")} with input.exchange.sharingPolicies as policies
}

test_sharing_with_named_domains_passes if {
	policies := [_policy([
		"fabrikam.com:CalendarSharingFreeBusySimple",
		"mail.contoso.com: CalendarSharingFreeBusyDetail, ContactsSharing",
	])]
	rule.findings == set() with input.exchange.sharingPolicies as policies
	rule.unknowns == set() with input.exchange.sharingPolicies as policies
}

test_a_policy_without_domains_passes if {
	rule.findings == set() with input.exchange.sharingPolicies as [_policy([])]
	rule.unknowns == set() with input.exchange.sharingPolicies as [_policy([])]
}

test_a_policy_that_is_off_is_not_in_force if {
	every domains in [["*:ContactsSharing", "?"], null] {
		policies := [object.union(_policy(domains), {"Enabled": false})]
		rule.findings == set() with input.exchange.sharingPolicies as policies
		rule.unknowns == set() with input.exchange.sharingPolicies as policies
	}
}

test_every_policy_in_force_is_judged if {
	policies := [
		object.union(_policy(["*:ContactsSharing"]), {"Enabled": false}),
		{"Identity": "Sales", "Enabled": true, "Domains": ["*:ContactsSharing"]},
	]
	rule.findings == {{
		"path": ["exchange", "sharingPolicies", 1, "Domains", 0],
		"message": "sharing policy Sales lets mailboxes share with every organisation (*:ContactsSharing)",
	}} with input.exchange.sharingPolicies as policies
}

test_an_entry_that_is_not_understood_is_unknown if {
	entries := [
		"fabrikam.com",
		"*:",
		"*.fabrikam.com:ContactsSharing",
		"fabrikam.com:TasksSharing",
		"fabrikam.com:ContactsSharing:",
		":ContactsSharing",
		{"Domain": "*"},
	]
	rule.findings == set() with input.exchange.sharingPolicies as [_policy(entries)]
	{found.path | some found in rule.unknowns} == {_path(j) |
		some j, _ in entries
	} with input.exchange.sharingPolicies as [_policy(entries)]
}

test_the_message_of_an_unknown_quotes_the_entry if {
	rule.unknowns == {{
		"path": _path(0),
		"message": concat(" ", [
			"sharing policy Default Sharing Policy has an entry that this version does not understand",
			"(fabrikam.com)",
		]),
	}} with input.exchange.sharingPolicies as [_policy(["fabrikam.com"])]
}

test_domains_that_were_not_read_are_unknown if {
	rule.findings == set() with input.exchange.sharingPolicies as [_policy(null)]
	rule.unknowns == {{
		"path": ["exchange", "sharingPolicies", 0, "Domains"],
		"message": "the domains of sharing policy Default Sharing Policy were not read",
	}} with input.exchange.sharingPolicies as [_policy(null)]
}

test_no_policies_are_unknown if {
	rule.findings == set() with input.exchange.sharingPolicies as []
	rule.unknowns == {{
		"path": ["exchange", "sharingPolicies"],
		"message": "there is no sharing policy, not even the default one",
	}} with input.exchange.sharingPolicies as []
}

test_a_missing_section_is_never_a_finding_of_its_own if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
}
