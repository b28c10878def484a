# METADATA
# title: Guests see no more of the directory than themselves
# description: |
#   The directory lists everybody who works for you, their groups and their managers. Three levels exist: guests see as
#   much as members, guests see a limited part (the service's default), or guests see their own entry alone.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/identity/users/users-restrict-guest-permissions
#     description: Restrict guest access permissions
#   - ref: https://learn.microsoft.com/en-us/graph/api/resources/authorizationpolicy
#     description: authorizationPolicy in Microsoft Graph
# custom:
#   id: GST-001
#   severity: high
#   severity_reason: Any guest lists the directory's people and groups, and knows whom to attack next; it takes an ordinary sign-in.
#   requires: [entra.authorizationPolicy.guestUserRoleId]
#   settings: [entra.guest_directory_access]
#   rationale: |
#     Whoever takes over one guest's mailbox can read from the directory whom to attack next. CIS and SCuBA accept the
#     limited level, EIDSCA and we ask for the restricted one; set guest_directory_access to limited to follow the
#     former. The setting does not touch external members: accounts of other organisations with userType Member see
#     what every member sees, whatever stands here.
#   remediation:
#     portal: Entra admin center > External Identities > External collaboration settings > Guest user access, choose "Guest user access is restricted to properties and memberships of their own directory objects".
#     graph: 'PATCH https://graph.microsoft.com/v1.0/policies/authorizationPolicy {"guestUserRoleId": "2af84b1e-32c8-42b7-82bc-daa82404023b"}'
#     powershell: Update-MgPolicyAuthorizationPolicy -GuestUserRoleId 2af84b1e-32c8-42b7-82bc-daa82404023b
#   controls:
#     guide: [G08, G09]
#     cis_m365_7.0: ["5.1.6.2"]
#     cis_m365_6.0.1: ["5.1.6.2"]
#     scuba: [MS.AAD.8.1]
#     eidsca: [EIDSCA.AP07]
#     zt: ["21792"]
#     nist_800_53: [AC-6]
#     iso_27001_2022: [A.5.10, A.5.15, A.5.18, A.5.36, A.7.4, A.8.3]
#     cmmc_2.0: [AC.L1-b.1.iii, AC.L2-3.1.20]
#     cis_controls_8.1: ["6.8"]
#   since: 0.1.0
package rules.entra.guest_directory_access

import data.lib.finding

# From closed to open.
_scale := ["restricted", "limited", "member"]

# Role template ids: https://learn.microsoft.com/en-us/entra/identity/users/users-restrict-guest-permissions
_levels := {
	"2af84b1e-32c8-42b7-82bc-daa82404023b": "restricted",
	"10dae51f-b6af-4016-8d66-8c2a99b929b3": "limited",
	"a0b1b346-4d3e-4e8b-98f8-753987be4970": "member",
}

_see := {
	"limited": "guests can look up users and see the members of groups (limited access)",
	"member": "guests see as much of the directory as members",
}

_path := ["entra", "authorizationPolicy", "guestUserRoleId"]

_value := input.entra.authorizationPolicy.guestUserRoleId

_level := _levels[lower(_value)]

findings contains finding.at(_path, $"{_see[_level]}: guestUserRoleId is {_value}") if {
	some open, name in _scale
	name == _level
	some limit, allowed in _scale
	allowed == data.settings.entra.guest_directory_access
	open > limit
}

unknowns contains finding.at(_path, $"guestUserRoleId has the value {_value}, which this version does not know") if {
	_value
	not _level
}

notes contains finding.at(_path, "external members (userType Member) are not held back by this setting") if _level
