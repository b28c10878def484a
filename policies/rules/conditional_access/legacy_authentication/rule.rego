# METADATA
# title: Outsiders cannot use legacy authentication
# description: |
#   Old mail protocols take a password and nothing else, so that no second factor protects them. This rule decides
#   whether an outsider can still sign in with one of them, and names the policy that comes nearest to stopping it.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/identity/conditional-access/policy-block-legacy-authentication
#     description: Block legacy authentication
#   - ref: https://learn.microsoft.com/en-us/entra/identity/conditional-access/concept-conditional-access-conditions
#     description: 'Conditions: client apps'
# custom:
#   id: CA-004
#   severity: high
#   severity_reason: Anybody with a guest's password passes by multifactor authentication with an old mail client, from anywhere.
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
#     Legacy clients cannot show a page, so that every policy which asks them for MFA, a strength, terms of use or a
#     managed device stops them as a block does. ScubaGear, Maester and Prowler want a policy that says block, and
#     fail tenants that need no other policy than MFA for all clients. Security defaults block legacy authentication
#     too.
#   remediation:
#     portal: Entra admin center > Protection > Conditional Access > New policy for all users, all resources, Conditions > Client apps "Exchange ActiveSync clients" and "Other clients", Block access.
#     graph: POST https://graph.microsoft.com/v1.0/identity/conditionalAccess/policies with includeUsers ["All"], includeApplications ["All"], clientAppTypes ["exchangeActiveSync", "other"], grantControls builtInControls ["block"].
#     powershell: New-MgIdentityConditionalAccessPolicy with Conditions @{ ClientAppTypes = "exchangeActiveSync", "other" } and GrantControls @{ Operator = "OR"; BuiltInControls = "block" }.
#   controls:
#     guide: [G03]
#     cis_m365_7.0: ["5.2.2.3"]
#     cis_m365_6.0.1: ["5.2.2.3"]
#     scuba: [MS.AAD.1.1]
#     nist_800_53: [CM-7]
#     iso_27001_2022: [A.5.17, A.5.36]
#   since: 0.1.0
package rules.conditional_access.legacy_authentication

import data.lib.hole

_settings := data.settings.conditional_access

# METADATA
# description: What is asked of the model; guestward explain access asks it too.
question := {
	"require": ["block"],
	"clients": ["exchangeActiveSync", "easSupported", "other"],
	"kinds": _settings.guest_kinds,
	"accept_users": _settings.emergency_accounts,
	"assume": _settings.assume,
}

_answer := access.uncovered(input, question) if input.conditionalAccess.policies

_what := "outsiders can use legacy authentication"

findings contains hole.findings(_answer, _what)[_]

unknowns contains hole.unknowns(_answer, _what)[_]

notes contains hole.notes(_answer, _what)[_]
