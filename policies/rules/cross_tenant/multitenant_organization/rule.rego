# METADATA
# title: The multitenant organization has the tenants that it should
# description: |
#   Tenants of a multitenant organization treat each other's people almost as their own. A tenant that is in it by mistake
#   is a way in that no setting for partners shows.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/identity/multi-tenant-organizations/multi-tenant-organization-overview
#     description: What is a multitenant organization in Microsoft Entra ID
#   - ref: https://learn.microsoft.com/en-us/graph/api/resources/multitenantorganizationpartnerconfigurationtemplate
#     description: multiTenantOrganizationPartnerConfigurationTemplate in Microsoft Graph
# custom:
#   id: XTA-010
#   severity: medium
#   severity_reason: A tenant that should not be there is treated as one's own organisation; it takes a mistake when it joined.
#   requires:
#     - crossTenantAccess.multiTenantOrganization.state
#     - crossTenantAccess.multiTenantOrganizationTenants
#     - crossTenantAccess.partnerConfigurationTemplate
#     - tenant.organization.id
#   uses: [crossTenantAccess.domainTenants, crossTenantAccess.partnerNames]
#   settings: [partners]
#   rationale: |
#     Each tenant but your own must be in the register with the relation same_organisation, invited ones included: they need
#     nobody's further consent here. The template decides what a tenant gets in the moment it joins, before anybody looks at
#     it; where it applies to new partners it must not open direct connect, nor redeem invitations. Microsoft 365 proposes
#     automatic redemption in it, which we would rather see per tenant. Registered tenants that are not in the
#     organization, and invitations that wait, get a note.
#   remediation:
#     portal: Microsoft 365 admin center > Settings > Org settings > Organization profile > Multitenant collaboration, remove the tenant.
#     graph: DELETE https://graph.microsoft.com/v1.0/tenantRelationships/multiTenantOrganization/tenants/{tenantId}
#     powershell: Remove-MgTenantRelationshipMultiTenantOrganizationTenant -MultiTenantOrganizationMemberId {tenantId}
#   controls: {}
#   since: 0.1.0
package rules.cross_tenant.multitenant_organization

import data.lib.cross_tenant
import data.lib.finding
import data.lib.partners

_state := input.crossTenantAccess.multiTenantOrganization.state

_tenants := input.crossTenantAccess.multiTenantOrganizationTenants

_template_path := ["crossTenantAccess", "partnerConfigurationTemplate"]

_template := input.crossTenantAccess.partnerConfigurationTemplate

not_applicable contains "there is no multitenant organization" if _state == "inactive"

_others[i] := tenant if {
	_state == "active"
	some i, tenant in _tenants
	tenant.state in {"active", "pending"}
	lower(tenant.tenantId) != lower(input.tenant.organization.id)
}

_known(id) if partners.of_tenant(id).relation == "same_organisation"

findings contains finding.at(["crossTenantAccess", "multiTenantOrganizationTenants", i, "tenantId"], message) if {
	some i, tenant in _others
	not _known(tenant.tenantId)
	message := $"{_name(tenant)} is in the multitenant organization, and not in the register as same_organisation"
}

_name(tenant) := $"{tenant.displayName} ({tenant.tenantId})" if {
	is_string(tenant.displayName)
} else := tenant.tenantId

_levels := {trim_space(level) | some level in split(_template.templateApplicationLevel, ",")}

_applies if {
	_state == "active"
	"newPartners" in _levels
}

findings contains finding.at(array.concat(_template_path, [setting]), message) if {
	_applies
	some setting in ["b2bDirectConnectInbound", "b2bDirectConnectOutbound"]
	_gate(setting) == "open"
	message := $"opens direct connect for every tenant that joins the organization ({setting})"
}

_gate(setting) := cross_tenant.gate(_reach(setting, "usersAndGroups"), _reach(setting, "applications")) if {
	object.get(_template, [setting], null) != null
}

_reach(setting, half) := cross_tenant.reach(object.get(_template, [setting, half], "unreadable"))

_consent(side) := object.get(_template, ["automaticUserConsentSettings", side], null)

findings contains finding.at(array.concat(_template_path, ["automaticUserConsentSettings", side]), message) if {
	_applies
	some side in ["inboundAllowed", "outboundAllowed"]
	_consent(side) == true
	message := $"redeems invitations automatically for every tenant that joins the organization ({side} is true)"
}

unknowns contains finding.at(["crossTenantAccess", "multiTenantOrganization", "state"], message) if {
	not _state in {"active", "inactive"}
	message := $"the state {_state} is not known"
}

unknowns contains finding.at(["crossTenantAccess", "multiTenantOrganizationTenants", i], message) if {
	_state == "active"
	some i, tenant in _tenants
	not _readable(tenant)
	message := "its id or state is missing, or the state is not known"
}

_readable(tenant) if {
	tenant.state in {"active", "pending", "removed"}
	tenant.tenantId != ""
}

# A template that was never made is {}.
unknowns contains finding.at(_template_path, "templateApplicationLevel is missing or not known") if {
	_state == "active"
	_template != {}
	not _levels_known
}

_levels_known if {
	count(_levels) > 0
	_levels - {"none", "newPartners", "existingPartners"} == set()
}

unknowns contains finding.at(array.concat(_template_path, [setting]), message) if {
	_applies
	some setting in ["b2bDirectConnectInbound", "b2bDirectConnectOutbound"]
	_gate(setting) == "unknown"
	message := "cannot be read: accessType or targets are missing, or of a kind that is not known"
}

unknowns contains finding.at(array.concat(_template_path, ["automaticUserConsentSettings", side]), message) if {
	_applies
	some side in ["inboundAllowed", "outboundAllowed"]
	_consent(side) != null
	not is_boolean(_consent(side))
	message := $"{side} is neither true nor false"
}

notes contains finding.at(["crossTenantAccess", "multiTenantOrganizationTenants", i, "state"], message) if {
	some i, tenant in _others
	tenant.state == "pending"
	message := $"{_name(tenant)} was invited and has not joined"
}

notes contains finding.keyed(["crossTenantAccess", "multiTenantOrganizationTenants"], entry.tenant_id, message) if {
	_state == "active"
	some entry in partners.entries
	entry.relation == "same_organisation"
	not lower(entry.tenant_id) in {lower(tenant.tenantId) | some tenant in _others}
	message := $"{entry.tenant_id} is registered as same_organisation, and not in the multitenant organization"
}
