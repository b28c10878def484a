package rules.entra.guest_inviters_test

import data.rules.entra.guest_inviters as rule

_inviter := "95e79109-95c0-4d8e-aee3-d01accf2d47b"

_reader := "f2ef992c-3afb-46b9-b7cf-a126ee74c451"

_invite := "microsoft.directory/users/inviteGuest"

_row(user) := {
	"id": "r1",
	"count": 2,
	"userId": user,
	"userPrincipalName": $"{user}@contoso.com",
	"result": "success",
	"day": "2026-11-19",
}

_holding(principal, role) := {
	"id": "a1",
	"principalId": principal,
	"roleDefinitionId": role,
	"directoryScopeId": "/",
	"principal": {"@odata.type": "#microsoft.graph.user", "id": principal},
}

_base := {
	"audit": {"invitations": []},
	"guests": [{"id": "X1", "userType": "Member"}],
	"tenant": {"organization": {"verifiedDomains": [{"name": "Contoso.com"}]}},
	"entra": {"authorizationPolicy": {"allowInvitesFrom": "adminsAndGuestInviters"}},
	"roles": {
		"assignments": [_holding("U1", _inviter), _holding("u2", _reader)],
		"eligibility": [],
		"definitions": [
			{"id": _inviter, "isBuiltIn": true},
			{"id": _reader, "isBuiltIn": true},
			{"id": "c1", "isBuiltIn": false, "rolePermissions": [{"allowedResourceActions": ["a/b"]}]},
			{"id": "c2", "isBuiltIn": false, "rolePermissions": [{"allowedResourceActions": [_invite]}]},
			{"id": "c3", "isBuiltIn": false},
		],
	},
}

_with(change, rows) := json.patch(object.union(_base, change), [{
	"op": "replace",
	"path": "audit/invitations",
	"value": rows,
}])

_assigned(holdings, rows) := json.patch(_with({}, rows), [{
	"op": "replace",
	"path": "roles/assignments",
	"value": holdings,
}])

_found(snapshot) := found if found := rule.findings with input as snapshot

_open(snapshot) := open if open := rule.unknowns with input as snapshot

_path := ["audit", "invitations"]

_at(key, message) := {{"path": ["audit", "invitations"], "key": key, "message": message}}

_since := "; the policy was looser then, or a role is gone (allowInvitesFrom is adminsAndGuestInviters)"

test_whoever_is_on_the_list_of_external_users_is_external if {
	snapshot := _assigned([_holding("x1", _inviter)], [_row("x1")])
	_found(snapshot) == {{
		"path": _path,
		"key": "x1",
		"message": concat("", [
			"x1@contoso.com, an external user, sent 2 invitations; ",
			"the policy was looser then, or a role is gone (allowInvitesFrom is adminsAndGuestInviters)",
		]),
	}}
	_open(snapshot) == set()
	unlisted := object.remove(snapshot, ["guests"])
	_found(unlisted) == set()
	_open(unlisted) == {{
		"path": _path,
		"key": "x1",
		"message": "whether x1@contoso.com, who sent 2 invitations, is an external user is not known",
	}}
}

test_an_inviter_without_a_role_is_reported if {
	_found(_with({}, [_row("u2"), _row("U2"), _row("u1")])) == _at(
		"u2",
		$"U2@contoso.com, who holds no role that invites, sent 4 invitations{_since}",
	)
	_open(_with({}, [_row("u2"), _row("u1")])) == set()
}

test_the_policy_of_today_is_told if {
	loose := {"entra": {"authorizationPolicy": {"allowInvitesFrom": "everyone"}}}
	_found(_with(loose, [_row("u3")])) == _at("u3", concat("", [
		"u3@contoso.com, who holds no role that invites, sent 2 invitations;",
		" the policy lets them (allowInvitesFrom is everyone)",
	]))
	odd := {"entra": {"authorizationPolicy": {"allowInvitesFrom": "zzz"}}}
	_found(_with(odd, [_row("u3")])) == _at(
		"u3",
		"u3@contoso.com, who holds no role that invites, sent 2 invitations",
	)
}

test_holders_of_the_role_pass if {
	_found(_with({}, [_row("u1")])) == set()
	_open(_with({}, [_row("u1")])) == set()
	eligible := {"roles": {"eligibility": [_holding("u2", "fe930be7-5e62-47db-91af-98c3a49a38b1")]}}
	_found(_with(eligible, [_row("u2")])) == set()
	_open(_with(eligible, [_row("u2")])) == set()
	rule.notes == {{
		"path": _path,
		"message": "2 invitations went out, from 1 people",
	}} with input as _with({}, [_row("u1")])
}

test_roles_of_ones_own_are_read if {
	_found(_assigned([_holding("u3", "c2")], [_row("u3")])) == set()
	_open(_assigned([_holding("u3", "c2")], [_row("u3")])) == set()
	count(_found(_assigned([_holding("u3", "c1")], [_row("u3")]))) == 1
	_found(_assigned([_holding("u3", "c3")], [_row("u3")])) == set()
	_open(_assigned([_holding("u3", "c3")], [_row("u3")])) == _unsure("u3")
	_open(_assigned([_holding("u3", "c9")], [_row("u3")])) == _unsure("u3")
}

_unsure(id) := _at(
	id,
	$"whether {id}@contoso.com, who sent 2 invitations, holds a role that invites is not known",
)

test_a_role_in_a_part_of_the_tenant_is_unknown if {
	every scope in ["/administrativeUnits/1", null] {
		part := object.union(_holding("u3", _inviter), {"directoryScopeId": scope})
		_found(_assigned([part], [_row("u3")])) == set()
		_open(_assigned([part], [_row("u3")])) == _unsure("u3")
	}
}

test_a_group_that_holds_the_role_leaves_others_unknown if {
	every principal in [{"@odata.type": "#microsoft.graph.group"}, {"@odata.type": null}] {
		group := object.union(_holding("g1", _inviter), {"principal": principal})
		_found(_assigned([group, _holding("u1", _inviter)], [_row("u3"), _row("u1")])) == set()
		_open(_assigned([group, _holding("u1", _inviter)], [_row("u3"), _row("u1")])) == _unsure("u3")
	}
	harmless := object.union(_holding("g1", _reader), {"principal": {"@odata.type": "#microsoft.graph.group"}})
	count(_found(_assigned([harmless], [_row("u3")]))) == 1
	_open(_assigned([harmless], [_row("u3")])) == set()
}

test_eligibility_that_was_not_read_leaves_others_unknown if {
	untold := json.remove(_with({}, [_row("u3")]), ["roles/eligibility"])
	_found(untold) == set()
	_open(untold) == _unsure("u3")
	p2 := {"licences": {"servicePlans": [{"servicePlanId": "eec0eb4f-6444-4f95-aba0-50c24d67f998"}]}}
	_open(object.union(untold, p2)) == _unsure("u3")
	p1 := {"licences": {"servicePlans": [{"servicePlanId": "41781fb2-bc02-4b7c-bd55-b576c07bb09d"}]}}
	count(_found(object.union(untold, p1))) == 1
	_open(object.union(untold, p1)) == set()
}

_guest := object.union(_row("u1"), {"userPrincipalName": "lee_adatum.com#EXT#@contoso.com"})

test_an_external_inviter_is_reported_whatever_the_role if {
	_found(_with({}, [_guest])) == _at(
		"u1",
		$"lee_adatum.com#EXT#@contoso.com, an external user, sent 2 invitations{_since}",
	)
	home := object.union(_row("u1"), {"userPrincipalName": "lee@adatum.com"})
	_found(_with({}, [home])) == _at("u1", $"lee@adatum.com, an external user, sent 2 invitations{_since}")
	_found(json.remove(_with({}, [home]), ["tenant/organization"])) == set()
	all_members := "adminsGuestInvitersAndAllMembers"
	count(rule.findings) == 1 with input as _with({}, [_guest])
		with data.settings.entra.guest_invitations_from as all_members
	rule.findings == set() with input as _with({}, [_row("u3")])
		with data.settings.entra.guest_invitations_from as all_members
}

test_a_user_without_a_name_may_be_external if {
	every name in [null, ""] {
		nameless := object.union(_row("u1"), {"userPrincipalName": name})
		_found(_with({}, [nameless])) == set()
		_open(_with({}, [nameless])) == _at(
			"u1",
			"whether u1, who sent 2 invitations, is an external user is not known",
		)
	}
}

test_a_circle_may_be_everybody_or_nobody if {
	rule.findings == set() with input as _with({}, [_guest, _row("u3")])
		with data.settings.entra.guest_invitations_from as "everyone"
	rule.not_applicable == {"everybody is meant to invite guests"} with input as _base
		with data.settings.entra.guest_invitations_from as "everyone"
	nobody := $"u1@contoso.com sent 2 invitations, though nobody is meant to{_since}"
	rule.findings == _at("u1", nobody) with input as _with({}, [_row("u1")])
		with data.settings.entra.guest_invitations_from as "none"
}

test_approved_inviters_pass if {
	rule.findings == set() with input as _with({}, [_guest, _row("u3")])
		with data.settings.entra.approved_inviters as ["U1", "u3"]
	rule.unknowns == set() with input as _with({}, [_guest, _row("u3")])
		with data.settings.entra.approved_inviters as ["U1", "u3"]
}

_app := {
	"id": "r2",
	"count": 5,
	"appId": "app",
	"servicePrincipalId": "sp",
	"appDisplayName": "Onboarding",
	"result": "success",
	"day": "2026-11-19",
}

test_applications_must_be_approved if {
	open := _at("app", "the application Onboarding sent 5 invitations and is not approved")
	_found(_with({}, [_app])) == set()
	_open(_with({}, [_app])) == open
	_open(_with({}, [object.union(_app, {"appId": null, "appDisplayName": ""})])) == _at(
		"sp",
		"the application sp sent 5 invitations and is not approved",
	)
	_open(_with({}, [object.remove(_app, {"servicePrincipalId"})])) == open
	every id in ["app", "sp"] {
		rule.unknowns == set() with input as _with({}, [_app]) with data.settings.entra.approved_inviter_apps as [id]
	}
}

test_an_invitation_from_nobody_is_unknown if {
	nobody := object.remove(_app, {"appId", "servicePrincipalId"})
	_open(_with({}, [nobody])) == _at("initiator", "5 invitations do not tell who sent them")
	_open(_with({}, [object.union(nobody, {"userId": ""})])) == _at(
		"initiator",
		"5 invitations do not tell who sent them",
	)
}

test_invitations_that_failed_do_not_count if {
	_found(_with({}, [object.union(_row("u3"), {"result": "failure"})])) == set()
	_open(_with({}, [object.union(_row("u3"), {"result": "failure"})])) == set()
	every row in [object.union(_row("u3"), {"result": "timeout"}), object.remove(_row("u3"), {"result"})] {
		_found(_with({}, [row])) == set()
		_open(_with({}, [row])) == _at("result", "2 invitations do not tell whether they went out")
	}
}

test_a_row_without_a_number_counts_as_one if {
	rule.notes == {{
		"path": _path,
		"message": "1 invitations went out, from 1 people",
	}} with input as _with({}, [object.remove(_row("u1"), {"count"})])
}

test_a_missing_log_is_never_a_finding_of_its_own if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
	rule.notes == set() with input as {}
}
