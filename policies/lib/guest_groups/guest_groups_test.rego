package lib.guest_groups_test

import data.lib.guest_groups

_group := {
	"id": "G1",
	"displayName": "All guests",
	"groupTypes": ["DynamicMembership"],
	"membershipRule": "(user.userType -eq \"Guest\")",
	"membershipRuleProcessingState": "On",
}

_named(groups) := answer if answer := guest_groups.named(["g1"]) with input.groups as groups

_is(answer) := object.union({"yes": set(), "no": set(), "unknown": set()}, {answer: {"g1"}})

_with(change) := [object.union(_group, change)]

test_a_dynamic_group_of_all_guests_holds_them if {
	_named([_group]) == _is("yes")
	guest_groups.named(["G1", "g2"]) == {"yes": {"g1"}, "no": {"g2"}, "unknown": set()} with input.groups as [_group]
}

test_other_groups_do_not if {
	_named([]) == _is("no")
	_named(_with({"id": "g2"})) == _is("no")
	_named(_with({"groupTypes": [], "membershipRule": null})) == _is("no")
	_named(_with({"membershipRule": "user.accountEnabled -eq true"})) == _is("no")
	fabrikam := "user.userType -eq \"Guest\" and user.companyName -eq \"Fabrikam\""
	_named(_with({"membershipRule": fabrikam})) == _is("no")
	_named(_with({"membershipRule": fabrikam, "membershipRuleProcessingState": null})) == _is("no")
	_named(_with({"membershipRuleProcessingState": "Paused"})) == _is("no")
}

test_what_the_snapshot_does_not_tell_is_unknown if {
	_named(_with({"membershipRuleProcessingState": null})) == _is("unknown")
	_named(_with({"membershipRule": "user.userType -zzz \"Guest\""})) == _is("unknown")
	guest_groups.named(["g1"]) == _is("unknown") with input as {}
}

test_nothing_named_is_nothing_asked if {
	guest_groups.named([]) == {"yes": set(), "no": set(), "unknown": set()} with input.groups as [_group]
}
