package rules.conditional_access.risky_sign_ins_test

import data.rules.conditional_access.risky_sign_ins as rule

_place(rest) := array.concat(["conditionalAccess", "policies", 0], rest)

_base := {
	"id": "p1",
	"displayName": "P",
	"state": "enabled",
	"conditions": {
		"users": {"includeUsers": ["All"]},
		"applications": {"includeApplications": ["All"]},
		"clientAppTypes": ["all"],
	},
}

_policy(conditions, rest) := object.union(object.union(_base, {"conditions": conditions}), rest)

_grant(controls) := {"grantControls": {"operator": "OR", "builtInControls": controls}}

# Guests and an external member of fabrikam.
_tenant(policies) := {
	"conditionalAccess": {"policies": policies, "namedLocations": []},
	"entra": {"identitySecurityDefaultsEnforcementPolicy": {"isEnabled": false}},
	"guests": [_account("ext", "Member"), _account("guest", "Guest")],
	"groups": [{"id": "g1", "displayName": "Partners", "externalMembers": ["ext"]}],
}

_account(id, type) := {
	"id": id,
	"userPrincipalName": sprintf("%s_fabrikam.com#EXT#@contoso.com", [id]),
	"userType": type,
	"identities": [{"signInType": "federated", "issuer": "ExternalAzureAD"}],
}

test_a_missing_section_is_nothing if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
	rule.notes == set() with input as {}
}

test_a_block_at_both_levels if {
	tenant := _tenant([_policy({"signInRiskLevels": ["high", "medium"]}, _grant(["block"]))])
	rule.findings == set() with input as tenant
	rule.unknowns == set() with input as tenant
	noted := rule.notes with input as tenant
	"A1" in {note.key | some note in noted}
}

test_high_alone_is_not_enough if {
	tenant := _tenant([_policy({"signInRiskLevels": ["high"]}, _grant(["block"]))])
	found := rule.findings with input as tenant
	some one in found
	one.path == _place(["conditions", "signInRiskLevels"])
	contains(one.message, ": 'P' does not stop it, because it is for sign-in risk high: ")
	endswith(one.message, "sign-in risk: medium")
	rule.findings == set() with input as tenant with data.settings.conditional_access.sign_in_risk_levels as ["high"]
}

# Peers pass MFA at risk.
test_mfa_at_risk_is_no_block if {
	found := rule.findings with input as _tenant([_policy({"signInRiskLevels": ["high", "medium"]}, _grant(["mfa"]))])
	some one in found
	one.path == _place(["grantControls", "builtInControls"])
}

test_a_group_of_outsiders_that_is_left_out_is_named if {
	conditions := {"signInRiskLevels": ["high", "medium"], "users": {"excludeGroups": ["g1"]}}
	found := rule.findings with input as _tenant([_policy(conditions, _grant(["block"]))])
	some one in found
	one.path == _place(["conditions", "users", "excludeGroups", 0])
	contains(one.message, "excludes group 'Partners', 1 account")
}

_new_password(users) := _policy({"userRiskLevels": ["high"], "users": users}, {"grantControls": {
	"operator": "AND",
	"builtInControls": ["mfa", "passwordChange"],
}})

_lock_out := {
	"path": _place(["grantControls", "builtInControls"]),
	"message": "'P' wants a new password at user risk, which outsiders cannot set here: it locks them out",
}

test_a_new_password_at_user_risk_locks_outsiders_out if {
	every users in [
		{},
		{"includeUsers": ["GuestsOrExternalUsers"]},
		{"includeUsers": [], "includeGuestsOrExternalUsers": {"guestOrExternalUserTypes": "b2bCollaborationGuest"}},
	] {
		noted := rule.notes with input as _tenant([_new_password(users)])
		_lock_out in noted
	}
}

test_a_new_password_for_others_does_not if {
	every users in [
		{"excludeUsers": ["GuestsOrExternalUsers"]},
		{"excludeGuestsOrExternalUsers": {"guestOrExternalUserTypes": "b2bCollaborationGuest"}},
		{"includeUsers": ["someone"]},
	] {
		noted := rule.notes with input as _tenant([_new_password(users)])
		not _lock_out in noted
	}
}

# The snapshot does not tell who is in the group.
test_an_excluded_group_that_was_not_collected_is_unknown if {
	policy := _policy({"users": {"excludeGroups": ["g1"]}}, _grant(["block"]))
	tenant := object.union(_tenant([policy]), {"groups": null})
	rule.findings == set() with input as tenant
	unknown := rule.unknowns with input as tenant
	some one in unknown
	one.path == _place(["conditions", "users", "excludeGroups", 0])
}

test_a_policy_that_names_nobody_is_passed_over if {
	nobody := json.patch(_new_password({}), [{"op": "replace", "path": "/conditions/users", "value": null}])
	noted := rule.notes with input as _tenant([nobody])
	not _lock_out in noted
}
