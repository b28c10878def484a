# METADATA
# title: Only a proven outsider registers security information
# description: |
#   Whoever registers the first second factor owns the account from then on: a thief with a password can bring his own
#   telephone. This rule decides whether outsiders need a second factor or a managed device to register, or must be at
#   an approved place.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/identity/conditional-access/policy-all-users-security-info-registration
#     description: Securing security info registration
#   - ref: https://learn.microsoft.com/en-us/entra/identity/conditional-access/concept-conditional-access-cloud-apps#user-actions
#     description: User actions
# custom:
#   id: CA-013
#   severity: medium
#   severity_reason: Somebody with a fresh guest's password registers a second factor before the guest does; it takes that moment.
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
#     - conditional_access.allowed_countries
#     - conditional_access.allowed_locations
#     - conditional_access.assume
#     - conditional_access.emergency_accounts
#     - conditional_access.guest_kinds
#   rationale: |
#     Registration is a target of its own that policies for all resources do not reach. It counts as protected where
#     it needs MFA, a phishing-resistant method or a managed device, or is blocked; terms of use prove nothing. At the
#     places and countries that CA-006 allows nothing more is asked, as in Microsoft's own template. An outsider who
#     has no second factor yet cannot satisfy MFA here: trust the MFA of his tenant, or let him register at an
#     approved place. ScubaGear and CIS want a managed device, which few outsiders can prove.
#   remediation:
#     portal: Entra admin center > Protection > Conditional Access > New policy for all users, Target resources > User actions "Register security information", Network Any but All trusted networks and locations, Grant "Require multifactor authentication".
#     graph: POST https://graph.microsoft.com/v1.0/identity/conditionalAccess/policies with includeUserActions ["urn:user:registersecurityinfo"], locations excludeLocations ["AllTrusted"], grantControls builtInControls ["mfa"].
#     powershell: New-MgIdentityConditionalAccessPolicy with Conditions @{ Applications = @{ IncludeUserActions = "urn:user:registersecurityinfo" } }.
#   controls:
#     guide: [G03]
#     cis_m365_7.0: ["5.2.2.10"]
#     cis_m365_6.0.1: ["5.2.2.10"]
#     scuba: [MS.AAD.3.8]
#     nist_800_53: [AC-20b, IA-3]
#     iso_27001_2022: [A.8.1]
#   since: 0.1.0
package rules.conditional_access.security_info

import data.lib.hole

_settings := data.settings.conditional_access

# METADATA
# description: What is asked of the model; guestward explain access asks it too.
question := {
	"require": ["mfa", "phishing_resistant", "managed_device", "block"],
	"resources": {"actions": ["urn:user:registersecurityinfo"]},
	"locations": {"named": _settings.allowed_locations, "countries": _settings.allowed_countries},
	"kinds": _settings.guest_kinds,
	"accept_users": _settings.emergency_accounts,
	"assume": _settings.assume,
}

_answer := access.uncovered(input, question) if input.conditionalAccess.policies

_what := "outsiders register security information with a password alone"

findings contains hole.findings(_answer, _what)[_]

unknowns contains hole.unknowns(_answer, _what)[_]

notes contains hole.notes(_answer, _what)[_]
