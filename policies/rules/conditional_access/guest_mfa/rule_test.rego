package rules.conditional_access.guest_mfa_test

import data.rules.conditional_access.guest_mfa as rule

_everybody := {
	"id": "p1",
	"displayName": "MFA",
	"state": "enabled",
	"conditions": {
		"users": {"includeUsers": ["All"]},
		"applications": {"includeApplications": ["All"]},
		"clientAppTypes": ["all"],
	},
	"grantControls": {"operator": "OR", "builtInControls": ["mfa"]},
}

_with(changes) := json.patch(_everybody, [{"op": "add", "path": path, "value": value} | some path, value in changes])

_member := {
	"id": "ann",
	"userPrincipalName": "ann_fabrikam.com#EXT#@contoso.onmicrosoft.com",
	"userType": "Member",
}

_tenant(policies) := {
	"conditionalAccess": {"policies": policies},
	"entra": {"identitySecurityDefaultsEnforcementPolicy": {"isEnabled": false}},
	"guests": [_member],
	"groups": [{"id": "g1", "displayName": "Partners", "externalMembers": ["ann"]}],
}

test_a_policy_for_everybody_is_enough if {
	rule.findings == set() with input as _tenant([_everybody])
	rule.unknowns == set() with input as _tenant([_everybody])
	{"path": ["conditionalAccess", "policies"], "key": "A1"} in {object.remove(one, ["message"]) |
		some one in rule.notes
	} with input as _tenant([_everybody])
}

test_a_stricter_policy_is_enough if {
	block := _with({"grantControls/builtInControls": ["block"]})
	rule.findings == set() with input as _tenant([block])
	rule.unknowns == set() with input as _tenant([block])
}

test_no_policy_is_reported_once if {
	rule.findings == {{
		"path": ["conditionalAccess", "policies"],
		"message": concat("", [
			"outsiders get in without a second factor: no policy comes near: ",
			"1 existing account (ann_fabrikam.com#EXT#@contoso.onmicrosoft.com); ",
			"any internalGuest, any b2bCollaborationGuest, any b2bCollaborationMember, any b2bDirectConnectUser, ",
			"any otherExternalUser, any serviceProvider",
		]),
	}} with input as _tenant([])
}

test_an_external_member_in_an_excluded_group_is_reported_at_the_group if {
	excluded := _with({"conditions/users/excludeGroups": ["g1"]})
	rule.findings == {{
		"path": ["conditionalAccess", "policies", 0, "conditions", "users", "excludeGroups", 0],
		"message": concat("", [
			"outsiders get in without a second factor: 'MFA' does not stop it, because it excludes group 'Partners', ",
			"1 account: 1 existing account (ann_fabrikam.com#EXT#@contoso.onmicrosoft.com)",
		]),
	}} with input as _tenant([excluded])
}

test_an_emergency_account_may_be_excluded if {
	excluded := _with({"conditions/users/excludeUsers": ["ann"]})
	count(rule.findings) == 1 with input as _tenant([excluded])
	rule.findings == set() with input as _tenant([excluded])
		with data.settings.conditional_access.emergency_accounts as ["ANN"]
}

test_a_policy_that_is_report_only_is_none if {
	tenant := _tenant([_with({"state": "enabledForReportingButNotEnforced"})])
	[one] := [one | some one in rule.findings] with input as tenant
	one.path == ["conditionalAccess", "policies", 0, "state"]
}

# ScubaGear, Maester and Prowler see mfa among the controls and pass this tenant.
test_another_control_instead_is_no_mfa if {
	either := _with({"grantControls/builtInControls": ["mfa", "compliantDevice"]})
	[one] := [one | some one in rule.findings] with input as _tenant([either])
	one.path == ["conditionalAccess", "policies", 0, "grantControls", "builtInControls"]
}

# Maester's test of guests and Prowler's pass this tenant.
test_a_strength_alone_leaves_guests_without_entra_id_unknown if {
	strength := _with({"grantControls": {"operator": "OR", "authenticationStrength": {
		"id": "s1",
		"displayName": "MFA strength",
		"requirementsSatisfied": "mfa",
		"allowedCombinations": ["fido2", "sms,federatedSingleFactor"],
	}}})
	rule.findings == set() with input as _tenant([strength])
	count(rule.unknowns) > 0 with input as _tenant([strength])
	rule.unknowns == set() with input as _tenant([strength]) with data.settings.conditional_access.assume as ["U10=yes"]
}

test_kinds_that_the_settings_leave_out_are_not_asked_about if {
	named := {"includeGuestsOrExternalUsers": {"guestOrExternalUserTypes": "b2bCollaborationGuest"}}
	guests := _with({"conditions/users": named})
	count(rule.findings) > 0 with input as _tenant([guests])
	rule.findings == set() with input as _tenant([guests])
		with data.settings.conditional_access.guest_kinds as ["b2bCollaborationGuest"]
}
