package rules.entra.public_groups_test

import data.rules.entra.public_groups as rule

_group := {
	"id": "G1",
	"groupTypes": ["Unified"],
	"visibility": "Public",
	"externalMembers": [],
	"externalOwners": [],
	"memberGroups": [],
}

_with(change) := [object.union(_group, change)]

_path := ["groups", 0, "visibility"]

_findings(groups) := found if {
	found := rule.findings with input.groups as groups with data.settings.entra.approved_public_groups as ["g1"]
}

_unknowns(groups) := found if {
	found := rule.unknowns with input.groups as groups with data.settings.entra.approved_public_groups as ["g1"]
}

_outsiders(n) := {{"path": _path, "message": $"public, with outsiders among its members or owners: {n}"}}

_odd := {{"path": _path, "message": "the snapshot does not tell whether this is a public Microsoft 365 group"}}

test_outsiders_in_a_public_group_are_reported if {
	_findings(_with({"externalMembers": ["u1"]})) == _outsiders(1)
	_findings(_with({"externalOwners": ["u1"]})) == _outsiders(1)
	_findings(_with({"externalMembers": ["u1", "u2"], "externalOwners": ["u2"]})) == _outsiders(2)
	_findings(_with({"visibility": "public", "externalMembers": ["u1"]})) == _outsiders(1)
}

test_a_group_that_nobody_approved_is_reported if {
	rule.findings == {{
		"path": _path,
		"message": "public, and not among the approved public groups",
	}} with input.groups as [_group]
	rule.unknowns == set() with input.groups as [_group]
}

test_an_approved_group_without_outsiders_passes if {
	_findings([_group]) == set()
	_unknowns([_group]) == set()
}

test_groups_that_are_not_public_pass if {
	every visibility in ["Private", "HiddenMembership", "Hiddenmembership"] {
		closed := _with({"id": "g2", "visibility": visibility, "externalMembers": ["u1"]})
		_findings(closed) == set()
		_unknowns(closed) == set()
	}
}

test_other_groups_are_passed_over if {
	every visibility in ["Public", null] {
		other := _with({"id": "g2", "groupTypes": ["DynamicMembership"], "visibility": visibility})
		_findings(other) == set()
		_unknowns(other) == set()
	}
}

test_a_group_that_does_not_tell_what_it_is_is_unknown if {
	every groups in [
		_with({"visibility": null}),
		_with({"visibility": "Secret"}),
		_with({"groupTypes": null}),
		[object.remove(_group, {"visibility"})],
		[object.remove(_group, {"groupTypes"})],
	] {
		_findings(groups) == set()
		_unknowns(groups) == _odd
	}
}

test_members_that_were_not_read_are_unknown if {
	groups := [object.remove(_group, {"externalMembers", "externalOwners"})]
	_findings(groups) == set()
	_unknowns(groups) == {
		{
			"path": ["groups", 0, "externalMembers"],
			"message": "public; which outsiders are in it is not in the snapshot",
		},
		{
			"path": ["groups", 0, "externalOwners"],
			"message": "public; which outsiders own it is not in the snapshot",
		},
	}
}

test_groups_within_the_group_are_unknown if {
	groups := _with({"memberGroups": ["g3"]})
	_findings(groups) == set()
	_unknowns(groups) == {{
		"path": ["groups", 0, "memberGroups"],
		"message": "public, and other groups are members of it, which may hold outsiders",
	}}
}

test_no_group_is_no_finding if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
}
