# METADATA
# title: Outsiders need multifactor authentication for everything
# description: |
#   A stolen password must not be enough to get in. This rule decides whether any outsider, of any kind and from any
#   organisation, can reach any app with any client without a second factor, and names the sign-ins that can.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/external-id/authentication-conditional-access
#     description: Authentication and Conditional Access for External ID
#   - ref: https://learn.microsoft.com/en-us/entra/identity/conditional-access/policy-guests-mfa-strength
#     description: Require MFA for guests
# custom:
#   id: CA-001
#   severity: critical
#   severity_reason: "Anybody with a guest's password, from anywhere, is in as that guest: nothing else is asked."
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
#     Most breaches begin with a password. Policies are decided together, as the service does: one that blocks counts,
#     several may share the work, and MFA OR a compliant device is no MFA for whoever has such a device. Maester and
#     Prowler look for one policy that names all kinds of guests and read neither excluded groups nor tenants; ScubaGear
#     wants a policy without exceptions. An authentication strength alone leaves open what happens to guests who sign in
#     with a one-time code, Google or SAML, for whom Microsoft documents the plain MFA control: that is unknown, not
#     pass. Security defaults ask guests for MFA only when the service deems it necessary.
#   remediation:
#     portal: Entra admin center > Protection > Conditional Access > New policy for all users (or all guest and external users), all resources, Grant "Require multifactor authentication"; turn it on, and take guests out of excluded groups.
#     graph: PATCH https://graph.microsoft.com/v1.0/identity/conditionalAccess/policies/{id} with the clause corrected, or POST .../policies with includeUsers ["All"], includeApplications ["All"], clientAppTypes ["all"], grantControls builtInControls ["mfa"].
#     powershell: Update-MgIdentityConditionalAccessPolicy -ConditionalAccessPolicyId {id} -BodyParameter with the clause corrected, or New-MgIdentityConditionalAccessPolicy.
#   controls:
#     guide: [G03, G22]
#     cis_m365_7.0: ["5.2.2.2"]
#     cis_m365_6.0.1: ["5.2.2.2"]
#     scuba: [MS.AAD.3.2]
#     zt: ["21851"]
#     nist_800_53: [IA-2(1), IA-2(2)]
#     iso_27001_2022: [A.5.15, A.5.17, A.8.3, A.8.5]
#     cmmc_2.0: [AC.L1-b.1.iii, AC.L2-3.1.20, IA.L2-3.5.3]
#     cis_controls_8.1: ["6.3"]
#   since: 0.1.0
package rules.conditional_access.guest_mfa

import data.lib.hole

_settings := data.settings.conditional_access

# METADATA
# description: What is asked of the model; guestward explain access asks it too.
question := {
	"require": ["mfa"],
	"kinds": _settings.guest_kinds,
	"accept_users": _settings.emergency_accounts,
	"assume": _settings.assume,
}

_answer := access.uncovered(input, question)

_what := "outsiders get in without a second factor"

findings contains hole.findings(_answer, _what)[_]

unknowns contains hole.unknowns(_answer, _what)[_]

notes contains hole.notes(_answer, _what)[_]
