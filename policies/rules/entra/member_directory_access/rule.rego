# METADATA
# title: Members may read the directory
# description: |
#   This switch keeps ordinary members from reading other users. It is sometimes turned off in the hope of hiding people
#   from guests; it does not hold guests back, and it breaks what members use every day.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/graph/api/resources/defaultuserrolepermissions
#     description: defaultUserRolePermissions in Microsoft Graph
#   - ref: https://learn.microsoft.com/en-us/entra/fundamentals/users-default-permissions
#     description: Default user permissions
# custom:
#   id: GST-006
#   severity: info
#   severity_reason: Nobody gets in this way; it is worth knowing what members, external ones too, may read.
#   requires: [entra.authorizationPolicy.defaultUserRolePermissions.allowedToReadOtherUsers]
#   rationale: |
#     Microsoft's own page on the property says not to set it to false. What guests see is decided by another setting
#     (GST-001), so a tenant that turned this one off has a broken directory and no more protection.
#   remediation:
#     portal: No admin center offers this setting; use Microsoft Graph or PowerShell.
#     graph: 'PATCH https://graph.microsoft.com/v1.0/policies/authorizationPolicy {"defaultUserRolePermissions": {"allowedToReadOtherUsers": true}}'
#     powershell: 'Update-MgPolicyAuthorizationPolicy -DefaultUserRolePermissions @{AllowedToReadOtherUsers = $true}'
#   controls:
#     guide: [G09]
#     eidsca: [EIDSCA.AP14]
#   since: 0.1.0
package rules.entra.member_directory_access

import data.lib.finding

_path := ["entra", "authorizationPolicy", "defaultUserRolePermissions", "allowedToReadOtherUsers"]

_value := input.entra.authorizationPolicy.defaultUserRolePermissions.allowedToReadOtherUsers

findings contains finding.at(_path, message) if {
	_value == false
	message := "members cannot read other users, which does not hold guests back (allowedToReadOtherUsers is false)"
}

notes contains finding.at(_path, "this setting is about members; what guests see is decided by guestUserRoleId") if {
	_value == true
}
