package rules.teams.external_control_test

import data.rules.teams.external_control as rule

_policy(identity, value) := {"Identity": identity, "AllowExternalParticipantGiveRequestControl": value}

test_control_by_outsiders_is_reported if {
	rule.findings == {{
		"path": ["teams", "meetingPolicies", 1, "AllowExternalParticipantGiveRequestControl"],
		"message": concat("", [
			"meeting policy Tag:Sales lets external participants take control of a shared screen ",
			"(AllowExternalParticipantGiveRequestControl is true)",
		]),
	}} with input.teams.meetingPolicies as [_policy("Global", false), _policy("Tag:Sales", true)]
}

test_control_kept_inside_passes if {
	policies := [_policy("Global", false), _policy("Tag:Sales", false)]
	rule.findings == set() with input.teams.meetingPolicies as policies
	rule.unknowns == set() with input.teams.meetingPolicies as policies
}

test_a_policy_that_nobody_holds_is_left_alone if {
	policies := [_policy("Global", false), _policy("Tag:AllOn", true)]
	rule.findings == set() with input.teams.meetingPolicies as policies
		with data.settings.teams.unassigned_policies as ["Tag:AllOn"]
}

test_a_value_that_is_no_switch_is_unknown if {
	rule.findings == set() with input.teams.meetingPolicies as [_policy("Global", null)]
	rule.unknowns == {{
		"path": ["teams", "meetingPolicies", 0, "AllowExternalParticipantGiveRequestControl"],
		"message": concat("", [
			"AllowExternalParticipantGiveRequestControl of meeting policy Global has the value null, ",
			"which this version does not know",
		]),
	}} with input.teams.meetingPolicies as [_policy("Global", null)]
}

test_no_policies_are_unknown if {
	rule.findings == set() with input.teams.meetingPolicies as []
	count(rule.unknowns) == 1 with input.teams.meetingPolicies as []
}

test_a_missing_section_is_never_a_finding_of_its_own if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
}
