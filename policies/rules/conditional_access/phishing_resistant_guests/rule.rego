# METADATA
# title: Outsiders sign in with a phishing-resistant method
# description: |
#   Codes and prompts can be talked out of people; passkeys, Windows Hello and certificates cannot. This rule decides
#   whether every outsider who signs in with Microsoft Entra ID needs such a method everywhere, and says who cannot be
#   asked for one.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/identity/authentication/concept-authentication-strength-external-users
#     description: Authentication strength for external users
#   - ref: https://learn.microsoft.com/en-us/entra/identity/authentication/concept-authentication-strengths
#     description: Authentication strengths
# custom:
#   id: CA-003
#   severity: medium
#   severity_reason: Somebody who lures a guest to a false sign-in page can pass on the code; it takes an attack on that one person.
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
#   licence: [AAD_PREMIUM]
#   settings:
#     - conditional_access.assume
#     - conditional_access.emergency_accounts
#     - conditional_access.guest_kinds
#   rationale: |
#     A strength is judged by its combinations, not by its name, and one combination that can be phished spoils it.
#     Outsiders have such methods in their own tenant alone: without trust in its MFA a strength locks them out, which
#     is noted with the policy. Strengths apply to users of Microsoft Entra ID. For guests with a one-time code,
#     Google or SAML no control asks for such a method: unless policies block them the result is unknown, never pass.
#     Maester and Prowler count a strength as cover for them.
#   remediation:
#     portal: Entra admin center > Protection > Conditional Access > New policy for all guest and external users, all resources, Grant "Require authentication strength" > Phishing-resistant MFA; trust the MFA of partners in cross-tenant access settings first, and block guests who have no Microsoft Entra account.
#     graph: 'POST https://graph.microsoft.com/v1.0/identity/conditionalAccess/policies with includeGuestsOrExternalUsers, includeApplications ["All"], clientAppTypes ["all"], grantControls authenticationStrength {"id": "00000000-0000-0000-0000-000000000004"}.'
#     powershell: New-MgIdentityConditionalAccessPolicy with GrantControls @{ Operator = "OR"; AuthenticationStrength = @{ Id = "00000000-0000-0000-0000-000000000004" } }.
#   controls:
#     guide: [G03]
#     scuba: [MS.AAD.3.1, MS.AAD.3.6]
#     nist_800_53: [IA-2(1), IA-2(2), IA-2(8), IA-5c, IA-5g]
#   since: 0.1.0
package rules.conditional_access.phishing_resistant_guests

import data.lib.hole

_settings := data.settings.conditional_access

# METADATA
# description: What is asked of the model, first of users of Microsoft Entra ID, then of the others.
questions := [_question("entra"), _question("other")]

_question(provider) := {
	"require": ["phishing_resistant"],
	"providers": [provider],
	"kinds": _settings.guest_kinds,
	"accept_users": _settings.emergency_accounts,
	"assume": _settings.assume,
}

_answers := [access.uncovered(input, question) | some question in questions] if input.conditionalAccess.policies

_what := "outsiders get in with methods that can be phished"

_who := "no control asks guests of other identity providers for a phishing-resistant method"

findings contains hole.findings(_answers[0], _what)[_]

unknowns contains hole.unknowns(_answers[0], _what)[_]

unknowns contains hole.findings(_answers[1], _who)[_]

unknowns contains hole.unknowns(_answers[1], _who)[_]

notes contains hole.notes(hole.all({"by Microsoft Entra ID": _answers[0], "by others": _answers[1]}), _what)[_]

notes contains hole.locked_out(access.locked_out(input, _settings.assume), _strong)[_] if count(_strong) > 0

_strong := {i |
	some i, policy in input.conditionalAccess.policies
	object.get(policy, ["grantControls", "authenticationStrength"], null) != null
}
