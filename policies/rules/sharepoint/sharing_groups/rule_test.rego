package rules.sharepoint.sharing_groups_test

import data.rules.sharepoint.sharing_groups as rule

_everybody := {{
	"path": ["sharePoint", "tenant", "GuestSharingGroupAllowListInTenantByPrincipalIdentity"],
	"message": "everybody may share with outsiders: no group is named for it",
}}

test_no_group_is_reported if {
	every list in [null, [], [""]] {
		rule.findings == _everybody with input as _tenant(list, list, null, [])
	}
}

test_a_group_by_claim_passes if {
	rule.findings == set() with input as _tenant(["c:0t.c|tenant|7c9e"], [], null, [])
}

test_a_group_by_id_passes if {
	rule.findings == set() with input as _tenant(null, ["7c9e"], null, [])
	rule.unknowns == set() with input as _tenant(null, ["7c9e"], null, ["7c9e"])
}

test_one_of_the_two_lists_is_enough_to_judge if {
	listed := {"sharePoint": {"tenant": {
		"SharingCapability": 1,
		"GuestSharingGroupAllowListInTenantByGroupId": [],
	}}}
	rule.findings == {{
		"path": ["sharePoint", "tenant", "GuestSharingGroupAllowListInTenantByGroupId"],
		"message": "everybody may share with outsiders: no group is named for it",
	}} with input as listed
}

test_groups_for_anyone_links_alone_are_unknown if {
	only := _tenant(null, [], null, ["7c9e"])
	rule.findings == set() with input as only
	rule.unknowns == {{
		"path": ["sharePoint", "tenant", "WhoCanShareAllowListInTenantByPrincipalIdentity"],
		"message": "groups are named for Anyone links, not for sharing with guests",
	}} with input as only
}

test_with_sharing_off_the_rule_does_not_apply if {
	off := object.union(_tenant(null, [], null, ["7c9e"]), {"sharePoint": {"tenant": {"SharingCapability": 0}}})
	rule.not_applicable == {"external sharing is off"} with input as off
	rule.findings == set() with input as off
	rule.unknowns == set() with input as off
	rule.not_applicable == set() with input as _tenant(null, [], null, [])
}

test_a_missing_value_is_never_a_finding_of_its_own if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
}

_tenant(guests_by_claim, guests_by_id, anyone_by_claim, anyone_by_id) := {"sharePoint": {"tenant": {
	"SharingCapability": 1,
	"GuestSharingGroupAllowListInTenantByPrincipalIdentity": guests_by_claim,
	"GuestSharingGroupAllowListInTenantByGroupId": guests_by_id,
	"WhoCanShareAllowListInTenantByPrincipalIdentity": anyone_by_claim,
	"WhoCanShareAllowListInTenantByGroupId": anyone_by_id,
}}}
