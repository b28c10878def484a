package rules.conditional_access.all_users_mfa_test

import data.rules.conditional_access.all_users_mfa as rule

_policies := ["conditionalAccess", "policies"]

_mfa(users) := {
	"id": "p1",
	"displayName": "MFA",
	"state": "enabled",
	"conditions": {
		"users": users,
		"applications": {"includeApplications": ["All"]},
		"clientAppTypes": ["all"],
	},
	"grantControls": {"operator": "OR", "builtInControls": ["mfa"]},
}

_everybody := {"includeUsers": ["All"]}

_guests := {"includeGuestsOrExternalUsers": {"guestOrExternalUserTypes": concat(",", [
	"internalGuest,b2bCollaborationGuest,b2bCollaborationMember",
	"b2bDirectConnectUser,otherExternalUser,serviceProvider",
])}}

_tenant(policies) := {
	"conditionalAccess": {"policies": policies},
	"guests": [{
		"id": "ext",
		"userPrincipalName": "ext_fabrikam.com#EXT#@contoso.com",
		"userType": "Member",
		"identities": [{"signInType": "federated", "issuer": "ExternalAzureAD"}],
	}],
	"entra": {"identitySecurityDefaultsEnforcementPolicy": {"isEnabled": false}},
	"roles": {"definitions": [], "assignments": []},
	"groups": [{"id": "g1", "displayName": "Synchronized", "externalMembers": ["ext"]}],
}

test_a_policy_for_everybody_covers if {
	rule.findings == set() with input as _tenant([_mfa(_everybody)])
	rule.unknowns == set() with input as _tenant([_mfa(_everybody)])
	notes := rule.notes with input as _tenant([_mfa(_everybody)])
	"A1" in {note.key | some note in notes}
}

test_no_policy_is_a_finding if {
	found := rule.findings with input as _tenant([])
	count(found) == 1
	some one in found
	one.path == _policies
	startswith(one.message, "somebody gets in without a second factor: no policy comes near: ")
	contains(one.message, ": 1 existing account (ext_fabrikam.com#EXT#@")
}

test_guests_alone_are_not_everybody if {
	found := rule.findings with input as _tenant([_mfa(_guests)])
	some one in found
	one.path == array.concat(_policies, [0, "conditions", "users"])
	contains(one.message, "any member of this organisation")
}

# An external member is hit by the exclusion of a group as a guest is.
test_an_external_member_in_an_excluded_group if {
	found := rule.findings with input as _tenant([_mfa(object.union(_everybody, {"excludeGroups": ["g1"]}))])
	some one in found
	one.path == array.concat(_policies, [0, "conditions", "users", "excludeGroups", 0])
	contains(one.message, "'MFA' does not stop it, because it excludes group 'Synchronized', 1 account")
}

# Which employees are in the group is not in the snapshot.
test_members_of_an_excluded_group_are_unknown if {
	tenant := object.union(_tenant([_mfa(object.union(_everybody, {"excludeGroups": ["g1"]}))]), {"guests": []})
	rule.findings == set() with input as tenant
	unknown := rule.unknowns with input as tenant
	some one in unknown
	contains(one.message, "that the snapshot does not list")
}

test_emergency_accounts_are_accepted if {
	tenant := _tenant([_mfa(object.union(_everybody, {"excludeUsers": ["e1"]}))])
	undecided := rule.unknowns with input as tenant
	count(undecided) == 1
	rule.findings == set() with input as tenant with data.settings.conditional_access.emergency_accounts as ["e1"]
	rule.unknowns == set() with input as tenant with data.settings.conditional_access.emergency_accounts as ["E1"]
}

# A compliant device is one factor.
test_mfa_or_a_device_is_no_mfa if {
	either := object.union(
		_mfa(_everybody),
		{"grantControls": {"operator": "OR", "builtInControls": ["mfa", "compliantDevice"]}},
	)
	found := rule.findings with input as _tenant([either])
	some one in found
	one.path == array.concat(_policies, [0, "grantControls", "builtInControls"])
}

test_nothing_is_said_of_nothing if {
	rule.findings == set() with input as {}
}
