package rules.teams.anonymous_participants_test

import data.rules.teams.anonymous_participants as rule

_policy(identity, start, join) := {
	"Identity": identity,
	"AllowAnonymousUsersToStartMeeting": start,
	"AllowAnonymousUsersToJoinMeeting": join,
}

test_both_switches_are_reported_for_every_policy if {
	rule.findings == {
		{
			"path": ["teams", "meetingPolicies", 0, "AllowAnonymousUsersToStartMeeting"],
			"message": concat("", [
				"meeting policy Global lets anonymous people start meetings ",
				"(AllowAnonymousUsersToStartMeeting is true)",
			]),
		},
		{
			"path": ["teams", "meetingPolicies", 0, "AllowAnonymousUsersToJoinMeeting"],
			"message": concat("", [
				"meeting policy Global lets anonymous people join meetings ",
				"(AllowAnonymousUsersToJoinMeeting is true)",
			]),
		},
		{
			"path": ["teams", "meetingPolicies", 1, "AllowAnonymousUsersToJoinMeeting"],
			"message": concat("", [
				"meeting policy Tag:Sales lets anonymous people join meetings ",
				"(AllowAnonymousUsersToJoinMeeting is true)",
			]),
		},
	} with input.teams.meetingPolicies as [_policy("Global", true, true), _policy("Tag:Sales", false, true)]
}

test_policies_that_keep_anonymous_people_out_pass if {
	policies := [_policy("Global", false, false), _policy("Tag:Sales", false, false)]
	rule.findings == set() with input.teams.meetingPolicies as policies
	rule.unknowns == set() with input.teams.meetingPolicies as policies
}

test_where_joining_is_allowed_starting_is_still_reported if {
	policies := [_policy("Global", false, true), _policy("Tag:Sales", true, true)]
	rule.findings == {{
		"path": ["teams", "meetingPolicies", 1, "AllowAnonymousUsersToStartMeeting"],
		"message": concat("", [
			"meeting policy Tag:Sales lets anonymous people start meetings ",
			"(AllowAnonymousUsersToStartMeeting is true)",
		]),
	}} with input.teams.meetingPolicies as policies with data.settings.teams.anonymous_join_allowed as true
}

test_a_policy_that_nobody_holds_is_left_alone if {
	policies := [_policy("Global", false, false), _policy("Tag:AllOn", true, true)]
	rule.findings == set() with input.teams.meetingPolicies as policies
		with data.settings.teams.unassigned_policies as ["Tag:AllOn"]
}

test_a_value_that_is_no_switch_is_unknown if {
	policies := [_policy("Global", "off", false)]
	rule.findings == set() with input.teams.meetingPolicies as policies
	rule.unknowns == {{
		"path": ["teams", "meetingPolicies", 0, "AllowAnonymousUsersToStartMeeting"],
		"message": concat("", [
			"AllowAnonymousUsersToStartMeeting of meeting policy Global has the value off, ",
			"which this version does not know",
		]),
	}} with input.teams.meetingPolicies as policies
}

test_no_policies_are_unknown if {
	rule.findings == set() with input.teams.meetingPolicies as []
	rule.unknowns == {{
		"path": ["teams", "meetingPolicies"],
		"message": "the Global meeting policy is missing, so the list is not complete",
	}} with input.teams.meetingPolicies as []
}

test_a_missing_section_is_never_a_finding_of_its_own if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
}
