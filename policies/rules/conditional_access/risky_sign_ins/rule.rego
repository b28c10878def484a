# METADATA
# title: Risky sign-ins of outsiders are blocked
# description: |
#   Microsoft rates each sign-in by how likely it is that somebody else does it: from an anonymous address, with a
#   password that leaked. This rule decides whether outsiders are blocked at the levels of the settings.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/id-protection/concept-identity-protection-b2b
#     description: ID Protection for B2B users
#   - ref: https://learn.microsoft.com/en-us/entra/identity/conditional-access/policy-risk-based-sign-in
#     description: Require MFA for elevated sign-in risk
# custom:
#   id: CA-009
#   severity: high
#   severity_reason: Somebody who signs in as a guest with leaked credentials is let in although Microsoft sees the risk.
#   requires: [conditionalAccess.policies]
#   uses:
#     - applications.servicePrincipals
#     - conditionalAccess.authenticationStrengthPolicies
#     - conditionalAccess.namedLocations
#     - crossTenantAccess.default
#     - crossTenantAccess.domainTenants
#     - crossTenantAccess.partnerNames
#     - crossTenantAccess.partners
#     - entra.identitySecurityDefaultsEnforcementPolicy
#     - groups
#     - groups.externalMembers
#     - guests
#     - roles.assignments
#     - roles.definitions
#   licence: [AAD_PREMIUM_P2]
#   settings:
#     - conditional_access.assume
#     - conditional_access.emergency_accounts
#     - conditional_access.guest_kinds
#     - conditional_access.sign_in_risk_levels
#   rationale: |
#     The risk of a sign-in is rated in this tenant, that of the user in his own, so that sign-in risk is the control
#     which matters. MFA at risk is not enough: whoever took over the session often has the second factor. Groups of
#     outsiders that are left out because they were locked out are named, not passed over. A policy that wants a new
#     password at user risk locks outsiders out: they cannot change it here. That is noted.
#   remediation:
#     portal: Entra admin center > Protection > Conditional Access > New policy for all guest and external users, all resources, Conditions > Sign-in risk High and Medium, Block access.
#     graph: POST https://graph.microsoft.com/v1.0/identity/conditionalAccess/policies with conditions signInRiskLevels ["high", "medium"], grantControls builtInControls ["block"].
#     powershell: New-MgIdentityConditionalAccessPolicy with Conditions @{ SignInRiskLevels = "high", "medium" } and GrantControls @{ Operator = "OR"; BuiltInControls = "block" }.
#   controls:
#     cis_m365_7.0: ["5.2.2.8"]
#     cis_m365_6.0.1: ["5.2.2.8"]
#     scuba: [MS.AAD.2.3]
#     nist_800_53: [AC-2(12), AC-2(13)]
#   since: 0.1.0
package rules.conditional_access.risky_sign_ins

import data.lib.finding
import data.lib.hole

_settings := data.settings.conditional_access

# METADATA
# description: What is asked of the model; guestward explain access asks it too.
question := {
	"require": ["block"],
	"sign_in_risk": _settings.sign_in_risk_levels,
	"kinds": _settings.guest_kinds,
	"accept_users": _settings.emergency_accounts,
	"assume": _settings.assume,
}

_answer := access.uncovered(input, question) if input.conditionalAccess.policies

_what := "outsiders get in while their sign-in is risky"

findings contains hole.findings(_answer, _what)[_]

unknowns contains hole.unknowns(_answer, _what)[_]

notes contains hole.notes(_answer, _what)[_]

# Outsiders change their password at home.
notes contains finding.at(
	["conditionalAccess", "policies", i, "grantControls", "builtInControls"],
	sprintf("'%s' wants a new password at user risk, which outsiders cannot set here: it locks them out", [
		object.get(policy, "displayName", policy.id),
	]),
) if {
	some i, policy in input.conditionalAccess.policies
	policy.state == "enabled"
	"passwordChange" in object.get(policy, ["grantControls", "builtInControls"], [])
	_may_reach_guests(object.get(policy, ["conditions", "users"], {}))
}

_may_reach_guests(users) if {
	is_object(users)
	not "GuestsOrExternalUsers" in object.get(users, "excludeUsers", [])
	some word in ["All", "GuestsOrExternalUsers"]
	word in object.get(users, "includeUsers", [])
	object.get(users, "excludeGuestsOrExternalUsers", null) == null
}

_may_reach_guests(users) if {
	is_object(users)
	object.get(users, "includeGuestsOrExternalUsers", null) != null
}
