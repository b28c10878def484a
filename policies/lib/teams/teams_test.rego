package lib.teams_test

import data.lib.teams

_policies := [{"Identity": "Global", "On": true}, {"Identity": "Tag:Sales", "On": false}, {"Identity": "Tag:AllOn"}]

test_every_policy_counts_by_default if {
	teams.in_force(_policies, []) == {0: _policies[0], 1: _policies[1], 2: _policies[2]}
}

test_a_policy_that_nobody_holds_does_not_count if {
	teams.in_force(_policies, ["Tag:AllOn"]) == {0: _policies[0], 1: _policies[1]}
}

test_global_always_counts if {
	teams.in_force([_policies[0]], ["Global"]) == {0: _policies[0]}
}

test_no_list_holds_no_policies if {
	teams.in_force(null, []) == {}
}

test_global_is_recognised if {
	teams.has_global(teams.in_force(_policies, []))
	not teams.has_global({1: _policies[1]})
	not teams.has_global({})
}

test_one_closed_switch_closes if {
	teams.gate({"A": true, "B": false}, ["A", "B"]) == "closed"
	teams.gate({"A": false}, ["A", "B"]) == "closed"
}

test_all_switches_must_be_on_to_open if {
	teams.gate({"A": true, "B": true}, ["A", "B"]) == "open"
}

test_a_switch_that_is_neither_leaves_it_unknown if {
	teams.gate({"A": true}, ["A", "B"]) == "unknown"
	teams.gate({"A": true, "B": null}, ["A", "B"]) == "unknown"
	teams.gate({"A": "false"}, ["A"]) == "unknown"
}

_federation(policy) := teams.federation(object.union({"Identity": "Tag:Sales"}, policy))

test_federation_switched_off_reaches_nobody if {
	_federation({"EnableFederationAccess": false, "CommunicationWithExternalOrgs": "AllowAllExternalDomains"}) == "nobody"
}

test_each_value_reaches_whom_it_says if {
	reach := {value: got |
		some value in [
			"OrganizationDefault",
			"AllowAllExternalDomains",
			"BlockSpecificExternalDomains",
			"AllowSpecificExternalDomains",
			"BlockAllExternalDomains",
		]
		got := _federation({"EnableFederationAccess": true, "CommunicationWithExternalOrgs": value})
	}
	reach == {
		"OrganizationDefault": "tenant",
		"AllowAllExternalDomains": "everybody",
		"BlockSpecificExternalDomains": "everybody",
		"AllowSpecificExternalDomains": "list",
		"BlockAllExternalDomains": "nobody",
	}
}

test_a_tagged_policy_that_does_not_tell_is_unknown if {
	_federation({"EnableFederationAccess": true}) == "unknown"
	_federation({"EnableFederationAccess": true, "CommunicationWithExternalOrgs": null}) == "unknown"
	_federation({"EnableFederationAccess": true, "CommunicationWithExternalOrgs": 3}) == "unknown"
	_federation({"CommunicationWithExternalOrgs": "OrganizationDefault"}) == "unknown"
}

test_global_follows_the_tenant_where_it_does_not_tell if {
	teams.federation({"Identity": "Global", "EnableFederationAccess": true}) == "tenant"
	teams.federation({"Identity": "Global"}) == "unknown"
	teams.federation({
		"Identity": "Global",
		"EnableFederationAccess": true,
		"CommunicationWithExternalOrgs": "Somebody",
	}) == "unknown"
}

test_switched_on_reports_the_policies_in_which_it_is_on if {
	teams.switched_on(teams.in_force(_policies, []), "On", "opens") == {{
		"path": ["teams", "meetingPolicies", 0, "On"],
		"message": "meeting policy Global opens (On is true)",
	}}
}

test_undecided_reports_what_is_neither_on_nor_off if {
	teams.undecided(teams.in_force(_policies, []), ["On"]) == {{
		"path": ["teams", "meetingPolicies", 2, "On"],
		"message": "On of meeting policy Tag:AllOn has the value null, which this version does not know",
	}}
}

test_undecided_reports_a_list_without_global if {
	teams.undecided({1: _policies[1]}, ["On"]) == {{
		"path": ["teams", "meetingPolicies"],
		"message": "the Global meeting policy is missing, so the list is not complete",
	}}
}
