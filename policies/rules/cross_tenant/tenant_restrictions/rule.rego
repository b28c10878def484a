# METADATA
# title: Tenant restrictions keep foreign accounts out of your devices
# description: |
#   Whoever signs in from your network with an account of another organisation can carry data there, and no setting of
#   guests sees it. Tenant restrictions say which foreign accounts may be used, and where.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/external-id/tenant-restrictions-v2
#     description: Set up tenant restrictions v2
#   - ref: https://learn.microsoft.com/en-us/graph/api/resources/crosstenantaccesspolicytenantrestrictions
#     description: crossTenantAccessPolicyTenantRestrictions in Microsoft Graph
# custom:
#   id: XTA-005
#   severity: high
#   severity_reason: Somebody inside signs in to a foreign tenant from your devices and carries data out, without a trace here.
#   requires: [crossTenantAccess.default]
#   licence: [AAD_PREMIUM, AAD_PREMIUM_P2]
#   rationale: |
#     The policy must exist and block all users and all applications; partners are let out by name. Both halves are needed:
#     a foreign account is stopped only for what is blocked. The order of targets does not matter, and a list beside
#     AllUsers changes nothing. The devices filter is not judged: Microsoft documents that the service does not support it.
#
#     The policy works where something signals it: Global Secure Access, a proxy, or Windows policy. None of them is in the
#     snapshot, so a pass comes with a note. The Zero Trust Assessment (25377) asks for Global Secure Access itself.
#   remediation:
#     portal: Entra admin center > External Identities > Cross-tenant access settings > Default settings > Tenant restrictions, create the policy and block all external users and all external applications.
#     graph: 'PATCH https://graph.microsoft.com/v1.0/policies/crossTenantAccessPolicy/default {"tenantRestrictions": {"usersAndGroups": {"accessType": "blocked", "targets": [{"target": "AllUsers", "targetType": "user"}]}, "applications": {"accessType": "blocked", "targets": [{"target": "AllApplications", "targetType": "application"}]}}}'
#     powershell: Update-MgPolicyCrossTenantAccessPolicyDefault -TenantRestrictions $blocked
#   controls:
#     zt: ["21793"]
#   since: 0.1.0
package rules.cross_tenant.tenant_restrictions

import data.lib.cross_tenant
import data.lib.finding

_path := ["crossTenantAccess", "default", "tenantRestrictions"]

_policy := object.get(input, _path, "absent")

_halves := {"usersAndGroups": "accounts", "applications": "applications"}

_reach[half] := cross_tenant.reach(object.get(_policy, [half], "unreadable")) if {
	is_object(_policy)
	some half, _ in _halves
}

findings contains finding.at(_path, "any foreign account can be used: tenantRestrictions is null") if {
	_policy == null
}

findings contains finding.at(array.concat(_path, [half]), $"foreign {what} are not blocked as a whole") if {
	some half, what in _halves
	_reach[half] in {"everybody", "listed", "others"}
}

unknowns contains finding.at(array.concat(_path, [half]), message) if {
	some half, _ in _halves
	_reach[half] == "unknown"
	message := "cannot be read: accessType or targets are missing, or of a kind that is not known"
}

unknowns contains finding.at(_path, "tenantRestrictions is not in the answer, or is no policy") if {
	_policy != null
	not is_object(_policy)
}

notes contains finding.at(_path, "works only where Global Secure Access, a proxy or Windows signals it") if {
	is_object(_policy)
}
