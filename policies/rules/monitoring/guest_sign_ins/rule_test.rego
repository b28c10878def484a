package rules.monitoring.guest_sign_ins_test

import data.rules.monitoring.guest_sign_ins as rule

_own := "00000100-0000-4000-8000-000000000100"

_partner := "0000A000-0000-4000-8000-00000000A000"

_stranger := "0000b000-0000-4000-8000-00000000b000"

_register := [{"tenant_id": lower(_partner), "allow": ["guests"]}]

_row(tenant) := {
	"id": "r1",
	"count": 3,
	"homeTenantId": tenant,
	"succeeded": true,
	"conditionalAccessStatus": "success",
	"day": "2026-11-19",
}

_snapshot(rows) := {
	"tenant": {"organization": {"id": _own}},
	"audit": {"guestSignIns": rows},
	"crossTenantAccess": {
		"partnerNames": [{"tenantId": _partner, "displayName": "Fabrikam"}, {"tenantId": null}],
		"domainTenants": [{"tenantId": upper(_stranger), "displayName": "Adatum"}, {"tenantId": null}],
	},
}

_found(rows) := found if {
	found := rule.findings with input as _snapshot(rows) with data.settings.partners as _register
}

_open(rows) := open if {
	open := rule.unknowns with input as _snapshot(rows) with data.settings.partners as _register
}

_noted(rows) := messages if {
	notes := rule.notes with input as _snapshot(rows) with data.settings.partners as _register
	{note.path | some note in notes} == {["audit", "guestSignIns"]}
	messages := {note.message | some note in notes}
}

_path := ["audit", "guestSignIns"]

test_sign_ins_from_a_stranger_are_reported_by_tenant if {
	_found([_row(_stranger), _row(upper(_stranger)), _row(_partner), _row(_own)]) == {{
		"path": _path,
		"key": _stranger,
		"message": $"6 sign-ins from Adatum ({_stranger}), which is not in the register of partners",
	}}
	_found([_row("0000c000-0000-4000-8000-00000000c000")]) == {{
		"path": _path,
		"key": "0000c000-0000-4000-8000-00000000c000",
		"message": "3 sign-ins from 0000c000-0000-4000-8000-00000000c000, which is not in the register of partners",
	}}
}

test_an_organisation_may_be_registered_by_its_domain if {
	asked := {"domainTenants": [{"tenantId": upper(_stranger), "domainName": "adatum.com"}]}
	snapshot := object.union(_snapshot([_row(_stranger)]), {"crossTenantAccess": asked})
	entry := {"domains": ["adatum.com"], "allow": ["guests"]}
	rule.findings == set() with input as snapshot with data.settings.partners as [entry]
}

test_an_entry_that_lets_nobody_sign_in_is_not_enough if {
	message := "3 sign-ins from Fabrikam (0000a000-0000-4000-8000-00000000a000), to which the register allows none"
	every entry in [
		{"tenant_id": _partner},
		{"tenant_id": _partner, "allow": []},
		{"tenant_id": _partner, "allow": ["outbound", "mfa_trust", "sharepoint", "teams_federation", "access_packages"]},
	] {
		rule.findings == {{
			"path": _path,
			"key": lower(_partner),
			"message": $"{message} (guests, sync or direct_connect)",
		}} with input as _snapshot([_row(_partner)]) with data.settings.partners as [entry]
	}
	every what in ["guests", "sync", "direct_connect"] {
		entry := {"tenant_id": _partner, "allow": [what]}
		rule.findings == set() with input as _snapshot([_row(_partner)]) with data.settings.partners as [entry]
	}
}

test_a_name_from_one_list_is_enough if {
	rule.findings == {{
		"path": _path,
		"key": _stranger,
		"message": $"3 sign-ins from Adatum ({_stranger}), which is not in the register of partners",
	}} with input as json.remove(_snapshot([_row(_stranger)]), ["crossTenantAccess/partnerNames"])
		with data.settings.partners as _register
}

test_personal_accounts_are_named if {
	_found([_row("9188040d-6c67-4c5b-b112-36a304b66dad")]) == {{
		"path": _path,
		"key": "9188040d-6c67-4c5b-b112-36a304b66dad",
		"message": concat("", [
			"3 sign-ins from personal Microsoft accounts (9188040d-6c67-4c5b-b112-36a304b66dad),",
			" which is not in the register of partners",
		]),
	}}
}

test_with_an_empty_register_every_tenant_is_a_stranger if {
	rule.findings == {{
		"path": _path,
		"key": lower(_partner),
		"message": $"3 sign-ins from Fabrikam ({lower(_partner)}), which is not in the register of partners",
	}} with input as _snapshot([_row(_partner)]) with data.settings.partners as []
}

test_registered_partners_and_failures_pass if {
	rows := [_row(_partner), object.union(_row(_stranger), {"succeeded": false}), _row(_own)]
	_found(rows) == set()
	_open(rows) == set()
	_noted(rows) == {
		"6 sign-ins succeeded, from 1 other tenants",
		"3 sign-ins of outsiders failed",
		"3 of the sign-ins name this tenant itself as home",
	}
}

test_no_sign_ins_pass_with_a_note if {
	_found([]) == set()
	_open([]) == set()
	_noted([]) == {"no outsider signed in during the time that the log covers"}
}

test_sign_ins_without_conditional_access_are_counted if {
	rows := [
		object.union(_row(_partner), {"conditionalAccessStatus": "notApplied"}),
		object.union(_row(_partner), {"conditionalAccessStatus": "notApplied", "succeeded": false}),
	]
	"to 3 of the sign-ins no Conditional Access policy applied" in _noted(rows)
}

test_a_home_tenant_that_is_not_told_is_unknown if {
	every row in [_row(null), _row(""), object.remove(_row(_partner), {"homeTenantId"})] {
		_found([row]) == set()
		_open([row]) == {{"path": _path, "key": "home", "message": "3 sign-ins do not tell the home tenant"}}
	}
	_open([object.union(_row(null), {"succeeded": false})]) == set()
}

test_an_outcome_that_is_not_told_is_unknown if {
	untold := object.remove(_row(_stranger), {"succeeded"})
	_found([untold]) == set()
	_open([untold]) == {{"path": _path, "key": "outcome", "message": "3 sign-ins do not tell whether they succeeded"}}
	_open([object.remove(_row(_partner), {"succeeded"})]) == set()
}

test_a_row_without_a_number_counts_as_one if {
	_noted([object.remove(_row(_partner), {"count"})]) == {"1 sign-ins succeeded, from 1 other tenants"}
}

test_a_missing_log_is_never_a_finding_of_its_own if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
	rule.notes == set() with input as {}
}
