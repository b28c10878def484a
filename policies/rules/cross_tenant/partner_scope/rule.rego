# METADATA
# title: A partner's people reach chosen applications, or only some come
# description: |
#   Settings for a partner are there to say which of its people may come, and what for. All users with all applications
#   says nothing.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/external-id/cross-tenant-access-settings-b2b-collaboration
#     description: Manage cross-tenant access settings for B2B collaboration
#   - ref: https://learn.microsoft.com/en-us/graph/api/resources/crosstenantaccesspolicyb2bsetting
#     description: crossTenantAccessPolicyB2BSetting in Microsoft Graph
# custom:
#   id: XTA-009
#   severity: medium
#   severity_reason: All of a partner's people reach all applications; it takes one of them with bad intent or a stolen password.
#   requires: [crossTenantAccess.default, crossTenantAccess.partners]
#   uses: [crossTenantAccess.domainTenants, crossTenantAccess.partnerNames]
#   settings: [partners]
#   rationale: |
#     A supplier's project team needs two applications; with everything open, each of the supplier's accounts is a way to
#     all of them. What counts is what is in force: a partner that leaves inbound access to an open default has everything
#     too, and is reported at its own empty setting. A list of blocked users or applications leaves the rest open, and so
#     counts as all. Tenants of your own organisation are passed over: those of the multitenant organization, and those
#     that the register calls same_organisation. It takes a licence of Microsoft Entra ID P1 to list applications, users or
#     groups; blocking as a whole takes none.
#   remediation:
#     portal: Entra admin center > External Identities > Cross-tenant access settings > Organizational settings, open the partner's inbound access and select users and groups, or applications.
#     graph: 'PATCH https://graph.microsoft.com/v1.0/policies/crossTenantAccessPolicy/partners/{tenantId} {"b2bCollaborationInbound": {"applications": {"accessType": "allowed", "targets": [{"target": "Office365", "targetType": "application"}]}}}'
#     powershell: Update-MgPolicyCrossTenantAccessPolicyPartner -CrossTenantAccessPolicyConfigurationPartnerTenantId {tenantId} -B2BCollaborationInbound $scoped
#   controls:
#     guide: [G28]
#   since: 0.1.0
package rules.cross_tenant.partner_scope

import data.lib.cross_tenant
import data.lib.finding
import data.lib.partners

_settings := {"b2bCollaborationInbound": "as guests", "b2bDirectConnectInbound": "through direct connect"}

not_applicable contains "no organisation has settings of its own" if count(input.crossTenantAccess.partners) == 0

_foreign[i] := partner if {
	some i, partner in input.crossTenantAccess.partners
	not _same_organisation(i)
}

_same_organisation(i) if object.get(input.crossTenantAccess.partners[i], ["isInMultiTenantOrganization"], null) == true

_same_organisation(i) if {
	partners.of_tenant(cross_tenant.id(i)).relation == "same_organisation"
}

_reach(i, setting) := {half: cross_tenant.reach(cross_tenant.of_partner(i, [setting, half]).value) |
	some half in ["usersAndGroups", "applications"]
}

# Neither half limits the other.
_unlimited(i, setting) if {
	every whom in _reach(i, setting) {
		whom in {"everybody", "others"}
	}
}

# One of the halves would, if it could be read.
_unknown(i, setting) if {
	whom := {w | some w in _reach(i, setting)}
	"unknown" in whom
	whom & {"nobody", "listed"} == set()
}

findings contains finding.at(["crossTenantAccess", "partners", i, setting], message) if {
	some i, _ in _foreign
	some setting, way in _settings
	_unlimited(i, setting)
	message := $"everybody of {cross_tenant.label(i)} reaches every application {way}{_why(i, setting)}"
}

_why(i, setting) := "" if {
	object.get(input.crossTenantAccess.partners[i], [setting], null) != null
} else := ", which the default allows"

unknowns contains finding.at(["crossTenantAccess", "partners", i, setting], message) if {
	some i, _ in _foreign
	some setting, _ in _settings
	_unknown(i, setting)
	message := "cannot be read: accessType or targets are missing, or of a kind that is not known"
}
