# METADATA
# title: Outsiders reach approved apps alone
# description: |
#   A guest who was invited to a team needs Teams, not every app of the organisation, nor those that somebody adds
#   next year. This rule decides whether outsiders are blocked from every app that is not on the list in the settings.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/identity/conditional-access/concept-conditional-access-cloud-apps
#     description: Target resources
#   - ref: https://learn.microsoft.com/en-us/entra/external-id/authentication-conditional-access
#     description: Authentication and Conditional Access for External ID
# custom:
#   id: CA-007
#   severity: high
#   severity_reason: A guest reaches every application that the tenant forgot to restrict, with an ordinary sign-in.
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
#     - conditional_access.allowed_apps
#     - conditional_access.assume
#     - conditional_access.emergency_accounts
#     - conditional_access.guest_kinds
#   rationale: |
#     No benchmark asks for it; Microsoft describes the pattern: block all resources and exclude what is allowed. A
#     policy that blocks a list of apps is no allow-list, because it does not know tomorrow's. The block also meets
#     invitation redemption and the page where outsiders register their methods, which cannot be excluded: try it in
#     report-only mode, and trust the MFA of partners, or new guests cannot come in. A tenant that allows fewer apps
#     than the settings passes.
#   remediation:
#     portal: Entra admin center > Protection > Conditional Access > New policy for all guest and external users, all resources but Office 365, Block access.
#     graph: POST https://graph.microsoft.com/v1.0/identity/conditionalAccess/policies with includeGuestsOrExternalUsers, includeApplications ["All"], excludeApplications ["Office365"], grantControls builtInControls ["block"].
#     powershell: New-MgIdentityConditionalAccessPolicy with Conditions @{ Applications = @{ IncludeApplications = "All"; ExcludeApplications = "Office365" } }.
#   controls:
#     guide: [G06]
#   since: 0.1.0
package rules.conditional_access.app_allow_list

import data.lib.hole

_settings := data.settings.conditional_access

# METADATA
# description: What is asked of the model; guestward explain access asks it too.
question := {
	"require": ["block"],
	"resources": {"except": _settings.allowed_apps},
	"kinds": _settings.guest_kinds,
	"accept_users": _settings.emergency_accounts,
	"assume": _settings.assume,
}

_answer := access.uncovered(input, question) if input.conditionalAccess.policies

_what := "outsiders reach apps that are not approved"

findings contains hole.findings(_answer, _what)[_]

unknowns contains hole.unknowns(_answer, _what)[_]

notes contains hole.notes(_answer, _what)[_]
