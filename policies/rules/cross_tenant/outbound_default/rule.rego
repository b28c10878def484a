# METADATA
# title: Your people become guests elsewhere by decision
# description: |
#   Outbound access decides in which organisations your people may be guests, and take data along. The service lets
#   everybody go everywhere.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/external-id/cross-tenant-access-settings-b2b-collaboration
#     description: Manage cross-tenant access settings for B2B collaboration
#   - ref: https://learn.microsoft.com/en-us/graph/api/resources/crosstenantaccesspolicyconfigurationpartner
#     description: crossTenantAccessPolicyConfigurationPartner in Microsoft Graph
# custom:
#   id: XTA-002
#   severity: medium
#   severity_reason: Your people take their accounts, and what they carry, into tenants that nobody chose; it takes an invitation.
#   requires: [crossTenantAccess.default, crossTenantAccess.partners]
#   uses: [crossTenantAccess.domainTenants, crossTenantAccess.partnerNames]
#   settings: [cross_tenant.allow_outbound, partners]
#   rationale: |
#     Most organisations let their people accept invitations, so an open default is a note unless allow_outbound is false.
#     Where the default is closed, somebody decided that outbound access is by partner; then the register must allow
#     each partner that is open (allow: [outbound]), or the decision is not what is in force. Microsoft's Zero Trust Assessment (21790) looks at the
#     default alone and fails whoever lets partners in by name.
#   remediation:
#     portal: Entra admin center > External Identities > Cross-tenant access settings > Default settings > Outbound access settings > B2B collaboration, block all users and all external applications; add partners under Organizational settings.
#     graph: 'PATCH https://graph.microsoft.com/v1.0/policies/crossTenantAccessPolicy/default {"b2bCollaborationOutbound": {"usersAndGroups": {"accessType": "blocked", "targets": [{"target": "AllUsers", "targetType": "user"}]}, "applications": {"accessType": "blocked", "targets": [{"target": "AllApplications", "targetType": "application"}]}}}'
#     powershell: Update-MgPolicyCrossTenantAccessPolicyDefault -B2BCollaborationOutbound $blocked
#   controls:
#     zt: ["21790"]
#   since: 0.1.0
package rules.cross_tenant.outbound_default

import data.lib.cross_tenant
import data.lib.finding
import data.lib.partners

_setting := "b2bCollaborationOutbound"

_users := cross_tenant.of_default([_setting, "usersAndGroups"])

_default := cross_tenant.gate_of_default(_setting)

_own(i) if object.get(input.crossTenantAccess.partners[i], [_setting], null) != null

findings contains finding.at(_users.path, "your people may become guests of every organisation") if {
	_wide
	not data.settings.cross_tenant.allow_outbound
}

notes contains finding.at(_users.path, "your people may become guests of every organisation (allow_outbound)") if {
	_wide
	data.settings.cross_tenant.allow_outbound
}

# Listed users are a decision, whatever applications they may use; others than those listed are not.
_wide if {
	_default == "open"
	cross_tenant.reach(_users.value) != "listed"
}

findings contains finding.at(["crossTenantAccess", "partners", i, _setting], message) if {
	_default == "closed"
	some i, _ in input.crossTenantAccess.partners
	_own(i)
	cross_tenant.gate_of_partner(i, _setting) == "open"
	not partners.allows_tenant(cross_tenant.id(i), "outbound")
	message := $"your people may become guests of {cross_tenant.label(i)}, which the register does not allow (outbound)"
}

unknowns contains finding.at(["crossTenantAccess", "default", _setting], _unreadable) if _default == "unknown"

unknowns contains finding.at(["crossTenantAccess", "partners", i, _setting], _unreadable) if {
	_default == "closed"
	some i, _ in input.crossTenantAccess.partners
	_own(i)
	cross_tenant.gate_of_partner(i, _setting) == "unknown"
	not partners.allows_tenant(cross_tenant.id(i), "outbound")
}

_unreadable := "cannot be read: accessType or targets are missing, or of a kind that is not known"
