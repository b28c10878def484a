package rules.teams.lobby_test

import data.rules.teams.lobby as rule

_policy(identity, admitted, dial_in) := {
	"Identity": identity,
	"AutoAdmittedUsers": admitted,
	"AllowPSTNUsersToBypassLobby": dial_in,
}

_global(admitted) := [_policy("Global", admitted, false)]

_found(message) := {{"path": ["teams", "meetingPolicies", 0, "AutoAdmittedUsers"], "message": message}}

test_everyone_is_reported if {
	rule.findings == _found(concat(" ", [
		"meeting policy Global lets everyone, anonymous people included, past the lobby,",
		"which is more open than the limit (AutoAdmittedUsers is Everyone)",
	])) with input.teams.meetingPolicies as _global("Everyone")
}

test_one_step_above_the_limit_is_reported if {
	rule.findings == _found(concat(" ", [
		"meeting policy Global lets colleagues and guests past the lobby,",
		"which is more open than the limit (AutoAdmittedUsers is EveryoneInCompany)",
	])) with input.teams.meetingPolicies as _global("EveryoneInCompany")
}

test_at_the_limit_passes if {
	rule.findings == set() with input.teams.meetingPolicies as _global("EveryoneInCompanyExcludingGuests")
	rule.unknowns == set() with input.teams.meetingPolicies as _global("EveryoneInCompanyExcludingGuests")
}

test_stricter_than_the_limit_passes if {
	every value in ["InvitedUsers", "OrganizerOnly"] {
		rule.findings == set() with input.teams.meetingPolicies as _global(value)
	}
}

test_a_wider_setting_lets_more_pass if {
	every value in ["EveryoneInCompany", "EveryoneInSameAndFederatedCompany"] {
		rule.findings == set() with input.teams.meetingPolicies as _global(value)
			with data.settings.teams.lobby_most_open as "EveryoneInSameAndFederatedCompany"
	}
}

test_a_bound_on_the_other_side_reports_what_is_stricter if {
	rule.findings == _found(concat(" ", [
		"meeting policy Global lets invited people past the lobby,",
		"which is stricter than the limit (AutoAdmittedUsers is InvitedUsers)",
	])) with input.teams.meetingPolicies as _global("InvitedUsers")
		with data.settings.teams.lobby_strictest as "EveryoneInCompanyExcludingGuests"
	rule.findings == set() with input.teams.meetingPolicies as _global("EveryoneInCompanyExcludingGuests")
		with data.settings.teams.lobby_strictest as "EveryoneInCompanyExcludingGuests"
}

test_a_bound_that_is_not_on_the_scale_passes_nothing if {
	count(rule.findings) == 1 with input.teams.meetingPolicies as _global("OrganizerOnly")
		with data.settings.teams.lobby_most_open as "Nobody"
}

test_every_policy_is_judged if {
	policies := [_policy("Global", "OrganizerOnly", false), _policy("Tag:Sales", "Everyone", false)]
	{found.path | some found in rule.findings} == {[
		"teams",
		"meetingPolicies",
		1,
		"AutoAdmittedUsers",
	]} with input.teams.meetingPolicies as policies
}

test_a_policy_that_nobody_holds_is_left_alone if {
	policies := [_policy("Global", "OrganizerOnly", false), _policy("Tag:AllOn", "Everyone", true)]
	rule.findings == set() with input.teams.meetingPolicies as policies
		with data.settings.teams.unassigned_policies as ["Tag:AllOn"]
}

test_callers_who_skip_the_lobby_are_reported if {
	rule.findings == {{
		"path": ["teams", "meetingPolicies", 0, "AllowPSTNUsersToBypassLobby"],
		"message": concat("", [
			"meeting policy Global lets callers by telephone past the lobby ",
			"(AllowPSTNUsersToBypassLobby is true)",
		]),
	}} with input.teams.meetingPolicies as [_policy("Global", "OrganizerOnly", true)]
}

test_callers_may_skip_the_lobby_where_the_settings_say_so if {
	rule.findings == set() with input.teams.meetingPolicies as [_policy("Global", "OrganizerOnly", true)]
		with data.settings.teams.dial_in_lobby_bypass_allowed as true
}

test_an_unheard_of_value_is_unknown if {
	rule.findings == set() with input.teams.meetingPolicies as _global("Friends")
	rule.unknowns == _found(concat(" ", [
		"AutoAdmittedUsers of meeting policy Global has the value Friends,",
		"which this version does not know",
	])) with input.teams.meetingPolicies as _global("Friends")
}

test_a_value_that_is_no_switch_is_unknown if {
	rule.unknowns == {{
		"path": ["teams", "meetingPolicies", 0, "AllowPSTNUsersToBypassLobby"],
		"message": concat("", [
			"AllowPSTNUsersToBypassLobby of meeting policy Global has the value null, ",
			"which this version does not know",
		]),
	}} with input.teams.meetingPolicies as [_policy("Global", "OrganizerOnly", null)]
}

test_no_policies_are_unknown if {
	rule.findings == set() with input.teams.meetingPolicies as []
	count(rule.unknowns) == 1 with input.teams.meetingPolicies as []
}

test_a_missing_section_is_never_a_finding_of_its_own if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
}
