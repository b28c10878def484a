package rules.lifecycle.guest_sponsors_test

import data.rules.lifecycle.guest_sponsors as rule

_member := {
	"id": "m1",
	"@odata.type": "#microsoft.graph.user",
	"userPrincipalName": "bob@contoso.com",
	"userType": "Member",
	"accountEnabled": true,
}

_blocked := object.union(_member, {"id": "m2", "accountEnabled": false})

_foreign := object.union(_member, {"id": "m3", "userPrincipalName": "eve_fabrikam.com#EXT#@contoso.onmicrosoft.com"})

_other_guest := object.union(_foreign, {"id": "g2", "userType": "Guest"})

_group := {"id": "t1", "@odata.type": "#microsoft.graph.group"}

_guest(sponsors) := {"id": "g1", "userType": "Guest", "sponsors": sponsors}

_path(i) := ["guests", i, "sponsors"]

test_no_sponsor_is_reported if {
	rule.findings == {{"path": _path(0), "message": "no sponsor"}} with input.guests as [_guest([])]
	rule.unknowns == set() with input.guests as [_guest([])]
}

test_external_members_need_a_sponsor_too if {
	member := object.union(_guest([]), {"userType": "Member"})
	rule.findings == {{"path": _path(1), "message": "no sponsor"}} with input.guests as [_guest([_member]), member]
}

test_sponsors_who_cannot_answer_are_reported if {
	myself := object.union(_member, {"id": "g1"})
	rule.findings == {{
		"path": _path(0),
		"message": "none of 4 sponsors is a group or an enabled member of the organisation",
	}} with input.guests as [_guest([_blocked, _foreign, _other_guest, myself])]
	rule.unknowns == set() with input.guests as [_guest([_blocked, _foreign, _other_guest, myself])]
}

test_one_good_sponsor_is_enough if {
	rule.findings == set() with input.guests as [_guest([_blocked, _member]), _guest([_group])]
	rule.unknowns == set() with input.guests as [_guest([_blocked, _member]), _guest([_group, {"id": "x"}])]
}

test_a_member_is_a_sponsor_with_an_empty_name if {
	nameless := object.union(_member, {"userPrincipalName": null})
	rule.findings == set() with input.guests as [_guest([nameless])]
	rule.unknowns == set() with input.guests as [_guest([nameless])]
}

test_a_member_is_a_sponsor_without_a_name if {
	nameless := object.remove(_member, {"userPrincipalName", "@odata.type"})
	rule.findings == set() with input.guests as [_guest([nameless])]
	rule.unknowns == set() with input.guests as [_guest([nameless])]
}

test_sponsors_that_say_too_little_are_unknown if {
	guests := [
		_guest([{"id": "m1", "@odata.type": "#microsoft.graph.user", "userType": null, "accountEnabled": null}]),
		_guest([object.remove(_member, {"accountEnabled"}), _blocked]),
		_guest([object.union(_member, {"userType": "Alien"})]),
		_guest([{"id": "s1", "@odata.type": "#microsoft.graph.servicePrincipal"}]),
	]
	rule.findings == set() with input.guests as guests
	rule.unknowns == {{
		"path": _path(i),
		"message": "the snapshot does not tell whether a sponsor is valid",
	} |
		some i in [0, 1, 2, 3]
	} with input.guests as guests
}

test_an_absent_list_is_unknown if {
	guests := [_guest(null), {"id": "g2"}]
	rule.findings == set() with input.guests as guests
	rule.unknowns == {{
		"path": _path(i),
		"message": "the snapshot does not tell who the sponsors are",
	} |
		some i in [0, 1]
	} with input.guests as guests
}
