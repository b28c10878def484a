# METADATA
# title: Everybody needs multifactor authentication for everything
# description: |
#   An outsider who gets hold of an employee's password is an outsider with an employee's rights. This rule decides
#   whether anybody, employee or guest, can reach any app with any client without a second factor, and names the
#   sign-ins that can.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/identity/conditional-access/policy-all-users-mfa-strength
#     description: Require MFA for all users
#   - ref: https://learn.microsoft.com/en-us/entra/identity/role-based-access-control/security-emergency-access
#     description: Emergency access accounts
# custom:
#   id: CA-002
#   severity: critical
#   severity_reason: "Anybody with one stolen password, from anywhere, is in as that person: nothing else is asked."
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
#     CA-001 for everybody. Members synchronized from a partner's tenant count as guests do. The snapshot lists
#     external accounts alone: where a policy leaves out an account, group or role, nobody can tell which employees
#     that reaches, and the result is unknown, not pass. Emergency access accounts are accepted once they are named in
#     the settings. Prowler and CIS want one policy for all users without exclusions; here several policies may share
#     the work, and MFA OR a compliant device is no MFA.
#   remediation:
#     portal: Entra admin center > Protection > Conditional Access > New policy for all users, all resources, Grant "Require multifactor authentication"; exclude nobody but emergency access accounts.
#     graph: POST https://graph.microsoft.com/v1.0/identity/conditionalAccess/policies with includeUsers ["All"], includeApplications ["All"], clientAppTypes ["all"], grantControls builtInControls ["mfa"].
#     powershell: New-MgIdentityConditionalAccessPolicy, or Update-MgIdentityConditionalAccessPolicy -ConditionalAccessPolicyId {id} -BodyParameter with the clause corrected.
#   controls:
#     guide: [G03]
#     cis_m365_7.0: ["5.2.2.2"]
#     cis_m365_6.0.1: ["5.2.2.2"]
#     scuba: [MS.AAD.3.2]
#     nist_800_53: [IA-2(1), IA-2(2)]
#     iso_27001_2022: [A.5.17, A.8.1, A.8.5]
#   since: 0.1.0
package rules.conditional_access.all_users_mfa

import data.lib.hole

_settings := data.settings.conditional_access

# METADATA
# description: What is asked of the model; guestward explain access asks it too.
question := {
	"require": ["mfa"],
	"kinds": array.concat(["internalMember"], _settings.guest_kinds),
	"accept_users": _settings.emergency_accounts,
	"assume": _settings.assume,
}

_answer := access.uncovered(input, question) if input.conditionalAccess.policies

_what := "somebody gets in without a second factor"

findings contains hole.findings(_answer, _what)[_]

unknowns contains hole.unknowns(_answer, _what)[_]

notes contains hole.notes(_answer, _what)[_]
