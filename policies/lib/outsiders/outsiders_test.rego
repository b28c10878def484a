package lib.outsiders_test

import data.lib.outsiders

_document := {
	"guests": [{"id": "x1", "userType": "Guest"}, {"id": "x2", "userType": "Member"}],
	"groups": [{"id": "g1", "externalMembers": ["x2"]}, {"id": "g2", "externalMembers": []}],
	"governance": {"pim": {"groupEligibility": []}},
}

test_who_is_from_outside if {
	every id, answer in {"x1": "yes", "X2": "yes", "u1": "no", "g1": "no"} {
		outsiders.are("user", id) == answer with input as _document
	}
	every id, answer in {"g1": "yes", "G2": "no", "g9": "no", "x1": "no"} {
		outsiders.are("group", id) == answer with input as _document
	}
}

test_what_cannot_be_told if {
	outsiders.are("user", "u1") == "unknown" with input as object.remove(_document, ["guests"])
	outsiders.are("group", "g2") == "no" with input as object.remove(_document, ["guests"])
	every missing in ["groups", "governance"] {
		outsiders.are("group", "g2") == "unknown" with input as object.remove(_document, [missing])
		outsiders.are("user", "u1") == "no" with input as object.remove(_document, [missing])
	}
}

test_what_is_no_object_id_cannot_be_told if {
	every id in ["ann@contoso.com", "ann%40contoso.com", "", null, "me/manager", ["x1"]] {
		outsiders.are("user", id) == "unknown" with input as _document
		outsiders.are("group", id) == "unknown" with input as _document
	}
	outsiders.are("user", "ann_fabrikam.com#EXT#@contoso.onmicrosoft.com") == "yes" with input as _document
}
