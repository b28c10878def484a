# METADATA
# title: Sessions of outsiders are short and end with the browser
# description: |
#   A session that lasts for weeks on a computer that nobody knows is a door left open. This rule decides whether
#   outsiders must sign in again within the hours of the settings, and whether their browsers forget them when they
#   are closed.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/identity/conditional-access/concept-session-lifetime
#     description: Session lifetime
#   - ref: https://learn.microsoft.com/en-us/entra/identity/conditional-access/policy-all-users-persistent-browser
#     description: No persistent browser sessions
# custom:
#   id: CA-008
#   severity: medium
#   severity_reason: Whoever sits down at a computer that a guest left finds the session open; it takes that computer.
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
#     - conditional_access.session_max_hours
#   rationale: |
#     The two parts may stand in different policies, and one for all users counts. Of several frequencies the shortest
#     is taken to hold; one for the second factor alone does not end a session. Persistence is asked of browsers
#     alone. B2B direct connect does not support session controls and is left out; whoever wants its sessions short
#     blocks it. The Zero Trust Assessment wants a frequency of policies that block, too; who is blocked has no
#     session. CIS allows 7 days for administrators; the settings say 24 hours.
#   remediation:
#     portal: Entra admin center > Protection > Conditional Access > New policy for all guest and external users, all resources, Session "Sign-in frequency" 24 hours and "Persistent browser session" Never persistent.
#     graph: 'POST https://graph.microsoft.com/v1.0/identity/conditionalAccess/policies with sessionControls signInFrequency {"isEnabled": true, "type": "hours", "value": 24} and persistentBrowser {"isEnabled": true, "mode": "never"}.'
#     powershell: New-MgIdentityConditionalAccessPolicy with SessionControls @{ SignInFrequency = @{ IsEnabled = $true; Type = "hours"; Value = 24 }; PersistentBrowser = @{ IsEnabled = $true; Mode = "never" } }.
#   controls:
#     guide: [G04]
#     cis_m365_7.0: ["5.2.2.13"]
#     zt: ["21824"]
#   since: 0.1.0
package rules.conditional_access.guest_sessions

import data.lib.hole

_settings := data.settings.conditional_access

_kinds := hole.kinds_with_pages(_settings.guest_kinds)

# METADATA
# description: What is asked of the model, first how often one signs in, then whether browsers forget.
questions := [
	object.union(_question, {"require": ["sign_in_frequency"], "max_hours": _settings.session_max_hours}),
	object.union(_question, {"require": ["persistent_browser_never"], "clients": ["browser"]}),
] if {
	count(_kinds) > 0
}

_question := {
	"kinds": _kinds,
	"accept_users": _settings.emergency_accounts,
	"assume": _settings.assume,
}

_answer := hole.all({words: access.uncovered(input, questions[i]) |
	some i, words in ["no limit on how long they stay signed in", "browsers remember them"]
}) if {
	input.conditionalAccess.policies
}

_what := "sessions of outsiders last too long"

findings contains hole.findings(_answer, _what)[_]

unknowns contains hole.unknowns(_answer, _what)[_]

notes contains hole.notes(_answer, _what)[_]

not_applicable contains "no kind of outsiders in the settings supports session controls" if count(_kinds) == 0
