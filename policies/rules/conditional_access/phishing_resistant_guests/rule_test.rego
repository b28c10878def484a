package rules.conditional_access.phishing_resistant_guests_test

import data.rules.conditional_access.phishing_resistant_guests as rule

_place := ["conditionalAccess", "policies", 0, "grantControls"]

_strength(combinations) := {
	"id": "s1",
	"displayName": "Phishing-resistant MFA",
	"allowedCombinations": combinations,
	"requirementsSatisfied": "mfa",
}

_policy(grant) := {
	"id": "p1",
	"displayName": "Strong",
	"state": "enabled",
	"conditions": {
		"users": {"includeUsers": ["All"]},
		"applications": {"includeApplications": ["All"]},
		"clientAppTypes": ["all"],
	},
	"grantControls": grant,
}

_strong(combinations) := _policy({"operator": "OR", "authenticationStrength": _strength(combinations)})

# Nobody but fabrikam's users gets in, so that there is nobody without a Microsoft Entra account.
_partners_only := object.union(_policy({"operator": "OR", "builtInControls": ["block"]}), {
	"id": "p2",
	"displayName": "Partners only",
	"conditions": {"users": {"excludeGuestsOrExternalUsers": {
		"guestOrExternalUserTypes": "b2bCollaborationGuest,b2bCollaborationMember",
		"externalTenants": {"membershipKind": "enumerated", "members": ["f0000000-0000-4000-8000-000000000000"]},
	}}},
})

_tenant(policies, trusted) := {
	"conditionalAccess": {"policies": policies},
	"crossTenantAccess": {
		"domainTenants": [{"domainName": "fabrikam.com", "tenantId": "f0000000-0000-4000-8000-000000000000"}],
		"default": {"inboundTrust": {"isMfaAccepted": trusted}},
		"partners": [{
			"tenantId": "f0000000-0000-4000-8000-000000000000",
			"inboundTrust": {"isMfaAccepted": trusted},
		}],
	},
	"entra": {"identitySecurityDefaultsEnforcementPolicy": {"isEnabled": false}},
	"guests": [{
		"id": "ext",
		"userPrincipalName": "ext_fabrikam.com#EXT#@contoso.com",
		"userType": "Member",
		"identities": [{"signInType": "federated", "issuer": "ExternalAzureAD"}],
	}],
	"groups": [],
}

test_partners_alone_with_a_strength_pass if {
	tenant := _tenant([_strong(["fido2", "windowsHelloForBusiness", "x509CertificateMultiFactor"]), _partners_only], true)
	rule.findings == set() with input as tenant
	rule.unknowns == set() with input as tenant
	notes := rule.notes with input as tenant
	every note in notes {
		not contains(note.message, "lock")
	}
}

test_one_combination_that_can_be_phished if {
	tenant := _tenant([_strong(["fido2", "password,microsoftAuthenticatorPush"])], true)
	found := rule.findings with input as tenant
	some one in found
	one.path == array.concat(_place, ["authenticationStrength"])
	startswith(one.message, "outsiders get in with methods that can be phished: ")
	contains(one.message, ": 1 existing account (ext_fabrikam")
}

test_plain_mfa_is_not_resistant if {
	found := rule.findings with input as _tenant([_policy({"operator": "OR", "builtInControls": ["mfa"]})], true)
	some one in found
	one.path == array.concat(_place, ["builtInControls"])
}

# Maester and Prowler pass this: a strength for everybody, and guests with one-time codes.
test_other_identity_providers_are_unknown if {
	tenant := _tenant([_strong(["fido2"])], true)
	rule.findings == set() with input as tenant
	unknown := rule.unknowns with input as tenant
	some one in unknown
	startswith(one.message, "no control asks guests of other identity providers for a phishing-resistant method may be")
}

test_other_identity_providers_who_certainly_get_in_are_unknown_too if {
	mfa := object.union(_policy({"operator": "OR", "builtInControls": ["mfa"]}), {"id": "p3", "displayName": "MFA"})
	only := object.union(_strong(["fido2"]), {"conditions": {"users": {
		"includeUsers": [],
		"includeGuestsOrExternalUsers": {
			"guestOrExternalUserTypes": "b2bCollaborationGuest,b2bCollaborationMember,otherExternalUser",
			"externalTenants": {"membershipKind": "enumerated", "members": ["f0000000-0000-4000-8000-000000000000"]},
		},
	}}})
	unknown := rule.unknowns with input as _tenant([only, mfa], true)
	some one in unknown
	startswith(one.message, "no control asks guests of other identity providers for a phishing-resistant method: ")
	contains(one.message, ": any b2b")
}

test_without_trust_a_strength_is_a_lock_out if {
	tenant := _tenant([_strong(["fido2"]), _partners_only], false)
	rule.findings == set() with input as tenant
	notes := rule.notes with input as tenant
	some note in notes
	note.path == _place
	startswith(note.message, "'Strong' locks out: 1 existing account (ext_fabrikam")
}

test_a_missing_section_is_nothing if {
	rule.findings == set() with input as {}
	rule.notes == set() with input as {}
}

# The snapshot does not tell who is in the group.
test_an_excluded_group_that_was_not_collected_is_unknown if {
	policy := object.union(_strong(["fido2"]), {"conditions": {"users": {"excludeGroups": ["g1"]}}})
	tenant := object.union(_tenant([policy], true), {"groups": null})
	rule.findings == set() with input as tenant
	unknown := rule.unknowns with input as tenant
	some one in unknown
	startswith(one.message, "outsiders get in with methods that can be phished may be possible for 1 existing account")
	one.path == ["conditionalAccess", "policies", 0, "conditions", "users", "excludeGroups", 0]
}
