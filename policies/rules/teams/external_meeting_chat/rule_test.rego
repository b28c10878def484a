package rules.teams.external_meeting_chat_test

import data.rules.teams.external_meeting_chat as rule

_policy(identity, chat, external) := {
	"Identity": identity,
	"MeetingChatEnabledType": chat,
	"AllowExternalNonTrustedMeetingChat": external,
}

test_open_chats_are_reported if {
	rule.findings == {
		{
			"path": ["teams", "meetingPolicies", 0, "MeetingChatEnabledType"],
			"message": concat("", [
				"meeting policy Global lets anonymous people use the chat of meetings ",
				"(MeetingChatEnabledType is Enabled)",
			]),
		},
		{
			"path": ["teams", "meetingPolicies", 1, "AllowExternalNonTrustedMeetingChat"],
			"message": concat("", [
				"meeting policy Tag:Sales lets staff chat in meetings of untrusted organisations ",
				"(AllowExternalNonTrustedMeetingChat is true)",
			]),
		},
	} with input.teams.meetingPolicies as [_policy("Global", "Enabled", false), _policy("Tag:Sales", "Disabled", true)]
}

test_chat_without_anonymous_people_passes if {
	every value in ["EnabledExceptAnonymous", "EnabledInMeetingOnlyForAllExceptAnonymous"] {
		rule.findings == set() with input.teams.meetingPolicies as [_policy("Global", value, false)]
		rule.unknowns == set() with input.teams.meetingPolicies as [_policy("Global", value, false)]
	}
}

test_no_chat_at_all_is_stricter_and_passes if {
	rule.findings == set() with input.teams.meetingPolicies as [_policy("Global", "Disabled", false)]
	rule.unknowns == set() with input.teams.meetingPolicies as [_policy("Global", "Disabled", false)]
}

test_a_policy_that_nobody_holds_is_left_alone if {
	policies := [_policy("Global", "Disabled", false), _policy("Tag:AllOn", "Enabled", true)]
	rule.findings == set() with input.teams.meetingPolicies as policies
		with data.settings.teams.unassigned_policies as ["Tag:AllOn"]
}

test_an_unheard_of_value_is_unknown if {
	policies := [_policy("Global", "EnabledForFriends", false)]
	rule.findings == set() with input.teams.meetingPolicies as policies
	rule.unknowns == {{
		"path": ["teams", "meetingPolicies", 0, "MeetingChatEnabledType"],
		"message": concat("", [
			"MeetingChatEnabledType of meeting policy Global has the value EnabledForFriends, ",
			"which this version does not know",
		]),
	}} with input.teams.meetingPolicies as policies
}

test_a_value_that_is_no_switch_is_unknown if {
	policies := [_policy("Global", "Disabled", "no")]
	rule.findings == set() with input.teams.meetingPolicies as policies
	rule.unknowns == {{
		"path": ["teams", "meetingPolicies", 0, "AllowExternalNonTrustedMeetingChat"],
		"message": concat("", [
			"AllowExternalNonTrustedMeetingChat of meeting policy Global has the value no, ",
			"which this version does not know",
		]),
	}} with input.teams.meetingPolicies as policies
}

test_no_policies_are_unknown if {
	rule.findings == set() with input.teams.meetingPolicies as []
	count(rule.unknowns) == 1 with input.teams.meetingPolicies as []
}

test_a_missing_section_is_never_a_finding_of_its_own if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
}
