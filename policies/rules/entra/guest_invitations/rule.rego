# METADATA
# title: Only chosen roles may invite guests
# description: |
#   Whoever may invite a guest decides who gets an account in your directory. The service lets everybody do it, guests
#   included, so one guest can bring the next.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/external-id/external-collaboration-settings-configure
#     description: Configure external collaboration settings
#   - ref: https://learn.microsoft.com/en-us/graph/api/resources/authorizationpolicy
#     description: authorizationPolicy in Microsoft Graph
# custom:
#   id: GST-002
#   severity: high
#   severity_reason: Any member, or any guest, lets strangers in without anybody's approval.
#   requires: [entra.authorizationPolicy.allowInvitesFrom]
#   settings: [entra.guest_invitations_from]
#   rationale: |
#     An invitation is an account that your organisation answers for. When a named circle invites, every guest has
#     somebody who knows why she is here; when everybody invites, nobody does. `none` is stricter than the recommended
#     value and passes: ScubaGear and Monkey365 report it as a failure.
#   remediation:
#     portal: Entra admin center > External Identities > External collaboration settings > Guest invite settings, choose "Only users assigned to specific admin roles can invite guest users".
#     graph: 'PATCH https://graph.microsoft.com/v1.0/policies/authorizationPolicy {"allowInvitesFrom": "adminsAndGuestInviters"}'
#     powershell: Update-MgPolicyAuthorizationPolicy -AllowInvitesFrom adminsAndGuestInviters
#   controls:
#     guide: [G07, G32]
#     cis_m365_7.0: ["5.1.6.3"]
#     scuba: [MS.AAD.8.2]
#     eidsca: [EIDSCA.AP04]
#     zt: ["21791"]
#     nist_800_53: [AC-6(10)]
#     iso_27001_2022: [A.5.2, A.5.3, A.5.24, A.5.36, A.8.2]
#     cmmc_2.0: [AC.L1-b.1.iii, AC.L2-3.1.20]
#   since: 0.1.0
package rules.entra.guest_invitations

import data.lib.finding

# The scale of https://learn.microsoft.com/en-us/graph/api/resources/authorizationpolicy, from closed to open.
_scale := ["none", "adminsAndGuestInviters", "adminsGuestInvitersAndAllMembers", "everyone"]

_who := {
	"adminsAndGuestInviters": "administrators and Guest Inviters",
	"adminsGuestInvitersAndAllMembers": "every member",
	"everyone": "everybody, guests included,",
}

_path := ["entra", "authorizationPolicy", "allowInvitesFrom"]

_value := input.entra.authorizationPolicy.allowInvitesFrom

findings contains finding.at(_path, $"{_who[_value]} may invite guests (allowInvitesFrom is {_value})") if {
	some open, name in _scale
	name == _value
	some limit, allowed in _scale
	allowed == data.settings.entra.guest_invitations_from
	open > limit
}

unknowns contains finding.at(_path, $"allowInvitesFrom has the value {_value}, which this version does not know") if {
	not _value in _scale
}
