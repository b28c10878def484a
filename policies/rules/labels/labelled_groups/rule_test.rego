package rules.labels.labelled_groups_test

import data.rules.labels.labelled_groups as rule

_home := "00000100-0000-4000-8000-000000000100"

_group := {
	"id": "t1",
	"groupTypes": ["Unified"],
	"assignedLabels": [{"labelId": "L1", "displayName": "Partners"}],
	"externalMembers": ["g1", "m1"],
	"externalOwners": [],
	"settings": [],
}

_unlabelled := object.union(_group, {"assignedLabels": []})

_empty := object.union(_unlabelled, {"externalMembers": []})

_channel(tenants) := {
	"id": "c1",
	"allMembers": [{"id": $"{n}", "tenantId": tenant} | some n, tenant in tenants],
	"sharedWithTeams": [],
}

_tenant(group) := {
	"tenant": {"organization": {"id": _home}},
	"collection": {"sources": [{"source": "groups.channels", "outcome": "collected"}]},
	"groups": [_empty, group],
}

_findings(group) := found if {
	found := rule.findings with input as _tenant(group)
}

_unknowns(group) := found if {
	found := rule.unknowns with input as _tenant(group)
}

_path(property) := ["groups", 1, property]

_no_label(users, organisations) := {{
	"path": _path("assignedLabels"),
	"message": concat(" ", [
		$"outsiders are in the group (external users: {users}, other organisations: {organisations}),",
		"and no sensitivity label is on it",
	]),
}}

test_a_group_with_outsiders_and_without_a_label_is_reported if {
	_findings(_unlabelled) == _no_label(2, 0)
	_unknowns(_unlabelled) == set()
	nameless := object.union(_unlabelled, {"assignedLabels": [{"labelId": null}]})
	_findings(nameless) == _no_label(2, 0)
}

test_owners_and_shared_channels_bring_outsiders_too if {
	owned := object.union(_empty, {"externalOwners": ["m1"]})
	_findings(owned) == _no_label(1, 0)
	both := object.union(_unlabelled, {"externalOwners": ["m1"]})
	_findings(both) == _no_label(2, 0)
	shared := object.union(_empty, {"channels": [_channel([_home]), _channel([_home, "x", "x"])]})
	_findings(shared) == _no_label(0, 1)
}

test_a_label_passes if {
	_findings(_group) == set()
	_unknowns(_group) == set()
}

test_groups_without_outsiders_and_groups_that_carry_no_labels_pass if {
	_findings(_empty) == set()
	_findings(object.union(_empty, {"channels": [_channel([_home])]})) == set()
	_findings(object.union(_unlabelled, {"groupTypes": []})) == set()
	_unknowns(object.union(_unlabelled, {"groupTypes": []})) == set()
}

test_outsiders_under_a_label_that_closes_the_group_are_reported if {
	{
		"path": _path("assignedLabels"),
		"key": "l1",
		"message": concat(" ", [
			"outsiders are in the group (external users: 2, other organisations: 0),",
			"which its label l1 closes to guests",
		]),
	} in _findings(_group) with data.settings.entra.no_guest_labels as ["l1"]
	_findings(_group) == set() with data.settings.entra.no_guest_labels as ["l2"]
}

_setting(value) := {
	"templateId": "08D542B9-071f-4e16-94b0-74abb372e3d9",
	"values": [{"name": "AllowToAddGuests", "value": value}],
}

_closed_by(settings) := object.union(_group, {"externalMembers": [], "settings": settings})

_can_be_added := {{
	"path": _path("settings"),
	"key": "l1",
	"message": "guests can be added to the group, which its label l1 closes to them",
}}

test_a_label_that_does_not_close_its_group_is_reported if {
	every settings in [[], [_setting("True")], [_setting("False"), _setting("True")]] {
		_findings(_closed_by(settings)) == _can_be_added with data.settings.entra.no_guest_labels as ["L1"]
		_findings(_closed_by(settings)) == set()
	}
	_findings(_closed_by([_setting("False")])) == set() with data.settings.entra.no_guest_labels as ["L1"]
	_unknowns(_closed_by([_setting("False")])) == set() with data.settings.entra.no_guest_labels as ["L1"]
}

test_a_tenant_that_lets_nobody_add_guests_closes_every_group if {
	closed := [{
		"templateId": "62375ab9-6b52-47ed-826b-58e47e0e304b",
		"values": [{"name": "AllowToAddGuests", "value": "false"}],
	}]
	rule.findings == set() with input as object.union(
		_tenant(_closed_by([])),
		{"entra": {"groupSettings": closed}},
	)
		with data.settings.entra.no_guest_labels as ["L1"]
}

test_a_groups_setting_that_cannot_be_read_is_unknown if {
	unknown := {{
		"path": _path("settings"),
		"message": "whether guests can be added to the group, which its label l1 closes to them, is not known",
	}}
	every group in [_closed_by([_setting("maybe")]), object.remove(_closed_by([]), {"settings"})] {
		_findings(group) == set() with data.settings.entra.no_guest_labels as ["L1"]
		_unknowns(group) == unknown with data.settings.entra.no_guest_labels as ["L1"]
		_unknowns(group) == set()
	}
}

test_what_the_snapshot_does_not_tell_is_unknown if {
	every group in [object.remove(_unlabelled, {"groupTypes"}), object.union(_unlabelled, {"groupTypes": null})] {
		_findings(group) == set()
		_unknowns(group) == {{
			"path": _path("groupTypes"),
			"message": "the snapshot does not tell what kind of group it is",
		}}
	}
	_unknowns(object.remove(_group, {"assignedLabels"})) == {{
		"path": _path("assignedLabels"),
		"message": "the snapshot does not tell the group's labels",
	}}
	_unknowns(object.remove(_empty, {"externalMembers", "groupTypes"})) == {{
		"path": _path("externalMembers"),
		"message": "the snapshot does not tell the group's externalMembers",
	}}
	_unknowns(object.union(_empty, {"channels": [_channel([_home, null])]})) == {{
		"path": array.concat(_path("channels"), [0]),
		"message": "the snapshot does not tell whether outsiders are in this channel",
	}}
}

test_channels_that_were_not_read_are_unknown if {
	not_read := {{
		"path": ["groups"],
		"message": "shared channels, through which outsiders come in too, were not read",
	}}
	gap := [{"source": "groups.channels", "outcome": "gap", "reason": "permission"}]
	rule.unknowns == not_read with input as object.union(_tenant(_group), {"collection": {"sources": gap}})
	rule.unknowns == set() with input as {"groups": [], "collection": {"sources": gap}}
	rule.unknowns == set() with input as {}
	rule.findings == set() with input as {}
}
