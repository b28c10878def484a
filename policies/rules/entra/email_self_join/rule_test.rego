package rules.entra.email_self_join_test

import data.rules.entra.email_self_join as rule

_join := {
	"path": ["entra", "authorizationPolicy", "allowEmailVerifiedUsersToJoinOrganization"],
	"message": concat(" ", [
		"people can join the organisation by verifying a mail address",
		"(allowEmailVerifiedUsersToJoinOrganization is true)",
	]),
}

_subscribe := {
	"path": ["entra", "authorizationPolicy", "allowedToSignUpEmailBasedSubscriptions"],
	"message": concat(" ", [
		"people can make an account by subscribing with a mail address",
		"(allowedToSignUpEmailBasedSubscriptions is true)",
	]),
}

_policy(join, subscribe) := {
	"allowEmailVerifiedUsersToJoinOrganization": join,
	"allowedToSignUpEmailBasedSubscriptions": subscribe,
}

test_each_switch_is_reported_for_itself if {
	rule.findings == {_join, _subscribe} with input.entra.authorizationPolicy as _policy(true, true)
	rule.findings == {_join} with input.entra.authorizationPolicy as _policy(true, false)
	rule.findings == {_subscribe} with input.entra.authorizationPolicy as _policy(false, true)
}

test_both_off_passes if {
	rule.findings == set() with input.entra.authorizationPolicy as _policy(false, false)
}

test_a_missing_value_is_never_a_finding_of_its_own if {
	rule.findings == set() with input as {}
	rule.findings == set() with input.entra.authorizationPolicy as _policy(null, null)
}
