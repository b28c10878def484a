# METADATA
# title: Outsiders cannot sign in with device codes or transfers
# description: |
#   A device code lets somebody sign in on one machine for another, which is how attackers get a victim to sign in for
#   them. This rule decides whether outsiders are blocked from device code flow and from moving a sign-in to another
#   device.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/identity/conditional-access/policy-block-authentication-flows
#     description: Block authentication flows
#   - ref: https://learn.microsoft.com/en-us/entra/identity/conditional-access/concept-authentication-flows
#     description: Authentication flows as a condition
# custom:
#   id: CA-010
#   severity: medium
#   severity_reason: Somebody who talks a guest into typing a code gets a session on a device of their own; it takes the guest's help.
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
#     Only a block will do: in a device code flow the victim passes MFA on the attacker's behalf. A policy whose
#     condition names the flows applies to them alone, and one without that condition to every sign-in.
#   remediation:
#     portal: Entra admin center > Protection > Conditional Access > New policy for all users, all resources, Conditions > Authentication flows "Device code flow" and "Authentication transfer", Block access.
#     graph: 'POST https://graph.microsoft.com/v1.0/identity/conditionalAccess/policies with conditions authenticationFlows {"transferMethods": "deviceCodeFlow,authenticationTransfer"}, grantControls builtInControls ["block"].'
#     powershell: New-MgIdentityConditionalAccessPolicy with Conditions @{ AuthenticationFlows = @{ TransferMethods = "deviceCodeFlow,authenticationTransfer" } }.
#   controls:
#     cis_m365_7.0: ["5.2.2.12", "5.2.2.17"]
#     cis_m365_6.0.1: ["5.2.2.12"]
#     scuba: [MS.AAD.3.9]
#     nist_800_53: [CM-7]
#   since: 0.1.0
package rules.conditional_access.authentication_flows

import data.lib.hole

_settings := data.settings.conditional_access

# METADATA
# description: What is asked of the model; guestward explain access asks it too.
question := {
	"require": ["block"],
	"flows": ["deviceCodeFlow", "authenticationTransfer"],
	"kinds": _settings.guest_kinds,
	"accept_users": _settings.emergency_accounts,
	"assume": _settings.assume,
}

_answer := access.uncovered(input, question) if input.conditionalAccess.policies

_what := "outsiders can sign in by device code or transfer"

findings contains hole.findings(_answer, _what)[_]

unknowns contains hole.unknowns(_answer, _what)[_]

notes contains hole.notes(_answer, _what)[_]
