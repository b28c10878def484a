# METADATA
# title: Outsiders can do little on devices that nobody manages
# description: |
#   A document that is opened on a stranger's computer stays there. This rule decides whether outsiders on devices
#   that are neither compliant nor joined are blocked from Microsoft 365, or limited to reading in the browser.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/sharepoint/control-access-from-unmanaged-devices
#     description: Control access from unmanaged devices
#   - ref: https://learn.microsoft.com/en-us/entra/identity/conditional-access/concept-conditional-access-session
#     description: Session controls
#   - ref: https://learn.microsoft.com/en-us/defender-cloud-apps/proxy-deployment-aad
#     description: Conditional Access app control
# custom:
#   id: CA-005
#   severity: high
#   severity_reason: A guest's files end up on computers that nobody looks after, and stay there; it takes nothing but a browser.
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
#     - sharePoint.tenant.ConditionalAccessPolicy
#   licence: [AAD_PREMIUM]
#   settings:
#     - conditional_access.assume
#     - conditional_access.emergency_accounts
#     - conditional_access.guest_kinds
#     - conditional_access.unmanaged_device_apps
#     - conditional_access.unmanaged_device_controls
#   rationale: |
#     Any of the controls in the settings will do. Those of sessions count in browsers alone: apps must be blocked or
#     need a managed device. App-enforced restrictions count where SharePoint's own switch is on; Exchange's is not in
#     the snapshot, so that they leave Exchange unknown. An outsider can prove a managed device only to a tenant that
#     trusts the device claims of his own: without that the demand locks him out, which is noted with the policy.
#     Other tools do not look at that trust, and Microsoft advises against the demand without it.
#   remediation:
#     portal: Entra admin center > Protection > Conditional Access > New policy for all guest and external users, Office 365, client app Browser, Session "Use Conditional Access App Control" > Block downloads; another for "Mobile apps and desktop clients" with Block access or "Require device to be marked as compliant".
#     graph: 'POST https://graph.microsoft.com/v1.0/identity/conditionalAccess/policies with includeGuestsOrExternalUsers, clientAppTypes ["browser"], sessionControls cloudAppSecurity {"isEnabled": true, "cloudAppSecurityType": "blockDownloads"}; another with clientAppTypes ["mobileAppsAndDesktopClients"] and grantControls.'
#     powershell: New-MgIdentityConditionalAccessPolicy twice with the same bodies; Set-SPOTenant -ConditionalAccessPolicy AllowLimitedAccess where app-enforced restrictions are to hold.
#   controls:
#     guide: [G04]
#     cis_m365_7.0: ["1.3.2", "5.2.2.9"]
#     cis_m365_6.0.1: ["5.2.2.9"]
#     scuba: [MS.AAD.3.7]
#     zt: ["21892"]
#     nist_800_53: [AC-20b, IA-3]
#     iso_27001_2022: [A.5.14, A.5.17, A.8.1, A.8.3, A.8.5, A.8.12]
#     cmmc_2.0: [AC.L1-b.1.i, AC.L2-3.1.1]
#     cis_controls_8.1: ["13.5"]
#   since: 0.1.0
package rules.conditional_access.unmanaged_devices

import data.lib.hole

_settings := data.settings.conditional_access

# METADATA
# description: What is asked of the model, first of browsers, then of apps, in which controls of sessions do nothing.
questions := [
	object.union(_question, {"clients": ["browser"], "require": _settings.unmanaged_device_controls}),
	object.union(_question, {
		"clients": ["mobileAppsAndDesktopClients", "exchangeActiveSync", "easSupported", "other"],
		"require": array.concat(["block"], [c | some c in _settings.unmanaged_device_controls; c == "managed_device"]),
	}),
]

_question := {
	"devices": "unmanaged",
	"resources": {"only": _settings.unmanaged_device_apps},
	"kinds": _settings.guest_kinds,
	"accept_users": _settings.emergency_accounts,
	"assume": _settings.assume,
}

_answer := hole.all({words: access.uncovered(input, questions[i]) |
	some i, words in ["in browsers", "in apps"]
}) if {
	input.conditionalAccess.policies
}

_what := "outsiders are not limited on unmanaged devices"

findings contains hole.findings(_answer, _what)[_]

unknowns contains hole.unknowns(_answer, _what)[_]

notes contains hole.notes(_answer, _what)[_]

notes contains hole.locked_out(access.locked_out(input, _settings.assume), _managed)[_] if count(_managed) > 0

_managed := {i |
	some i, policy in input.conditionalAccess.policies
	some control in ["compliantDevice", "domainJoinedDevice"]
	control in object.get(policy, ["grantControls", "builtInControls"], [])
}
