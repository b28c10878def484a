package rules.privileges.time_limits_test

import data.rules.privileges.time_limits as rule

_now := "2026-11-20T08:00:00Z"

_helpdesk := "729827e3-9c14-49f7-bb1b-9608f156bbb8"

_inviter := "95e79109-95c0-4d8e-aee3-d01accf2d47b"

_definitions := [
	{"id": _helpdesk, "templateId": _helpdesk, "displayName": "Helpdesk", "isBuiltIn": true},
	{"id": _inviter, "templateId": _inviter, "displayName": "Inviter", "isBuiltIn": true},
	{"id": "own", "templateId": "own", "displayName": "Own", "isBuiltIn": false},
]

_policy(id, approval, duration) := {"id": id, "roleDefinitionId": id, "policy": {"rules": [
	{"id": "Approval_EndUser_Assignment", "setting": {"isApprovalRequired": approval}},
	{"id": "Expiration_EndUser_Assignment", "maximumDuration": duration},
]}}

_tenant(assignments, schedule, eligibility) := {
	"collection": {"collectedAt": _now},
	"guests": [{"id": "g1", "userType": "Guest"}, {"id": "m1", "userType": "Member"}],
	"groups": [{"id": "a", "displayName": "Helpers", "externalMembers": ["m1"], "memberGroups": []}],
	"roles": {
		"definitions": _definitions,
		"assignments": assignments,
		"schedule": schedule,
		"eligibility": eligibility,
		"policies": [_policy(_helpdesk, true, "PT8H"), _policy(_inviter, false, "P1D"), _policy("own", false, "PT30M")],
	},
	"governance": {"pim": {"groupEligibility": [], "groupAssignments": []}},
}

_held(who, role, until) := {
	"id": $"{who} {role}",
	"principalId": who,
	"roleDefinitionId": role,
	"directoryScopeId": "/",
	"assignmentType": "Assigned",
	"endDateTime": until,
}

_active(who, role, until) := _tenant([_held(who, role, null)], [_held(who, role, until)], [])

_eligible(who, role, until) := _tenant([], [], [_held(who, role, until)])

test_roles_without_an_end_are_found if {
	rule.findings == {{
		"path": ["guests", 0],
		"key": $"end {_helpdesk} / active g1",
		"message": "holds the role Helpdesk without an end: holds it directly",
	}} with input as _active("g1", _helpdesk, null)
	rule.findings == {{
		"path": ["guests", 1],
		"key": $"end {_helpdesk} / active a",
		"message": "holds the role Helpdesk without an end: member of 'Helpers', which holds it",
	}} with input as _active("a", _helpdesk, null)
	rule.findings == {{
		"path": ["guests", 0],
		"key": $"end {_helpdesk} / eligible g1",
		"message": "can activate the role Helpdesk without an end: can activate it directly",
	}} with input as _eligible("g1", _helpdesk, null)
}

test_what_is_found_is_not_unknown if {
	rule.unknowns == set() with input as _active("g1", _helpdesk, null)
	rule.unknowns == set() with input as _eligible("g1", _inviter, null)
}

test_the_limits_are_exact if {
	rule.findings == set() with input as _active("g1", _helpdesk, "2026-12-20T08:00:00Z")
	rule.unknowns == set() with input as _active("g1", _helpdesk, "2026-12-20T08:00:00Z")
	rule.findings == {{
		"path": ["guests", 0],
		"key": $"end {_helpdesk} / active g1",
		"message": "holds the role Helpdesk until 2026-12-20, longer than 30 days: holds it directly",
	}} with input as _active("g1", _helpdesk, "2026-12-20T08:00:01Z")
	rule.findings == set() with input as _eligible("g1", _helpdesk, "2027-05-19T08:00:00Z")
	rule.unknowns == set() with input as _eligible("g1", _helpdesk, "2027-05-19T08:00:00Z")
	count(rule.findings) == 1 with input as _eligible("g1", _helpdesk, "2027-05-19T08:00:01Z")
}

test_membership_that_ends_ends_the_role if {
	pim := {"pim": {"groupEligibility": [], "groupAssignments": [{
		"id": "x",
		"groupId": "a",
		"principalId": "m1",
		"accessId": "member",
		"endDateTime": "2026-12-01T00:00:00Z",
	}]}}
	rule.findings == set() with input as _active("a", _helpdesk, null) with input.governance as pim
	rule.unknowns == set() with input as _active("a", _helpdesk, null) with input.governance as pim
}

# Membership of either group leads to the role; that of one of them ends.
test_the_way_that_lasts_longest_counts if {
	groups := [
		{"id": "a", "displayName": "Helpers", "externalMembers": [], "memberGroups": ["b", "c"]},
		{"id": "b", "displayName": "Short", "externalMembers": ["m1"], "memberGroups": []},
		{"id": "c", "displayName": "Long", "externalMembers": ["m1"], "memberGroups": []},
	]
	rule.findings == {{
		"path": ["guests", 1],
		"key": $"end {_helpdesk} / active a",
		"message": concat("", [
			"holds the role Helpdesk without an end: ",
			"member of 'Long', which is a member of 'Helpers', which holds it",
		]),
	}} with input as _active("a", _helpdesk, null) with input.groups as groups with input.governance as _until_december
}

_until_december := {"pim": {"groupEligibility": [], "groupAssignments": [{
	"id": "x",
	"groupId": "b",
	"principalId": "m1",
	"accessId": "member",
	"assignmentType": "assigned",
	"endDateTime": "2026-12-01T00:00:00Z",
}]}}

test_an_activation_hides_no_eligibility if {
	pim := {"pim": {
		"groupEligibility": [{"id": "x", "groupId": "a", "principalId": "m1", "accessId": "member", "endDateTime": null}],
		"groupAssignments": [{
			"id": "y",
			"groupId": "a",
			"principalId": "m1",
			"accessId": "member",
			"assignmentType": "activated",
			"endDateTime": "2026-11-20T15:00:00Z",
		}],
	}}
	rule.findings == {{
		"path": ["guests", 1],
		"key": $"end {_helpdesk} / eligible a",
		"message": concat("", [
			"can activate the role Helpdesk without an end: ",
			"can activate membership of 'Helpers', which holds it",
		]),
	}} with input as _active("a", _helpdesk, null) with input.governance as pim
}

test_privileged_and_custom_roles_need_approval_and_a_short_activation if {
	rule.findings == {{
		"path": ["guests", 0],
		"key": "approval own / eligible g1",
		"message": "can activate the role Own without anybody's approval: can activate it directly",
	}} with input as _eligible("g1", "own", "2026-12-01T00:00:00Z")
	rule.findings == {{
		"path": ["guests", 0],
		"key": $"hours {_inviter} / eligible g1",
		"message": "can activate the role Inviter for 24 hours at once: can activate it directly",
	}} with input as _eligible("g1", _inviter, "2026-12-01T00:00:00Z")
	rule.findings == set() with input as _eligible("g1", _inviter, "2026-12-01T00:00:00Z")
		with data.settings.privileges.activation_max_hours as 24
}

test_times_that_are_not_told_are_unknown if {
	expected := {{
		"path": ["guests", 0],
		"message": "until when the role Helpdesk lasts is not told: holds it directly",
	}}
	rule.unknowns == expected with input as _tenant([_held("g1", _helpdesk, null)], [], [])
	rule.unknowns == expected with input as _active("g1", _helpdesk, "soon")
}

test_policies_that_are_not_told_are_unknown if {
	expected := {{
		"path": ["guests", 0],
		"message": "what activating the role Helpdesk takes is not told: can activate it directly",
	}}
	tenant := _eligible("g1", _helpdesk, "2026-12-01T00:00:00Z")
	rule.unknowns == expected with input as tenant with input.roles.policies as []
	rule.unknowns == expected with input as tenant with input.roles.policies as [_policy(_helpdesk, null, "PT1H")]
	rule.unknowns == expected with input as tenant with input.roles.policies as [_policy(_helpdesk, true, "long")]
}

test_what_activating_membership_takes_is_unknown if {
	pim := {"pim": {"groupAssignments": [], "groupEligibility": [{
		"id": "x",
		"groupId": "a",
		"principalId": "g1",
		"accessId": "member",
		"endDateTime": "2026-12-01T00:00:00Z",
	}]}}
	rule.unknowns == {{
		"path": ["guests", 0],
		"message": concat("", [
			"what activating the role Helpdesk takes is not told: ",
			"can activate membership of 'Helpers', which holds it",
		]),
	}} with input as _active("a", _helpdesk, null) with input.guests as [{"id": "g1"}] with input.governance as pim
}

test_nobody_with_a_role_passes if {
	rule.findings == set() with input as _tenant([], [], [])
	rule.unknowns == set() with input as _tenant([], [], [])
}

test_what_was_not_collected_is_unknown if {
	rule.unknowns == {{
		"path": ["roles"],
		"message": "roles that outsiders may have are not known without governance.pim.groupEligibility",
	}} with input as object.remove(_tenant([], [], []), {"governance"})
}
