# METADATA
# title: Guests do not own groups
# description: |
#   The owner of a Microsoft 365 group or team adds and removes its members, guests included, and can delete it. One
#   tenant-wide setting decides whether a guest can be made an owner; it says no unless somebody changed it.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/identity/users/groups-settings-cmdlets
#     description: Cmdlets for configuring group settings
#   - ref: https://learn.microsoft.com/en-us/graph/group-directory-settings
#     description: Group settings in Microsoft Graph
# custom:
#   id: GST-007
#   severity: medium
#   severity_reason: A guest who owns a group adds further outsiders to it; it takes a member who makes the guest an owner.
#   requires: [entra.groupSettings]
#   rationale: |
#     A guest who owns a team decides who else gets in. A tenant that never changed its group settings has no settings
#     object; the service then says no, and the rule passes, where EIDSCA as Maester tests it reports a failure. Only
#     the object made from the Group.Unified template is read.
#   remediation:
#     portal: No admin center offers this setting; use Microsoft Graph or PowerShell.
#     graph: PATCH https://graph.microsoft.com/v1.0/groupSettings/{id} with all values as they are, but AllowGuestsToBeGroupOwner "false".
#     powershell: Get-MgBetaDirectorySetting, set AllowGuestsToBeGroupOwner to "false" among its values, then Update-MgBetaDirectorySetting -DirectorySettingId {id} with all values.
#   controls:
#     guide: [G28]
#     eidsca: [EIDSCA.ST08]
#   since: 0.1.0
package rules.entra.guest_group_ownership

import data.lib.finding
import data.lib.group_setting

_name := "AllowGuestsToBeGroupOwner"

_switches := group_setting.switch(_name, "false")

findings contains finding.at(switch.path, $"guests can be made owners of groups ({_name} is {switch.text})") if {
	some switch in _switches
	switch.state == "on"
}

unknowns contains finding.at(switch.path, $"{_name} has the value {switch.text}, which is neither true nor false") if {
	some switch in _switches
	switch.state == "unknown"
}
