# METADATA
# title: Every layer is open to registered organisations only
# description: |
#   An organisation can be let in by name in many places: for invitations, in cross-tenant access, in SharePoint, in
#   Teams, for calendars, for access packages. Each that is should stand in one register, with that layer allowed: what nobody wrote
#   down, nobody takes back.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/external-id/allow-deny-list
#     description: Allow or block invitations to organisations
#   - ref: https://learn.microsoft.com/en-us/entra/external-id/cross-tenant-access-overview
#     description: Cross-tenant access overview
#   - ref: https://learn.microsoft.com/en-us/sharepoint/restricted-domains-sharing
#     description: Restrict sharing of SharePoint and OneDrive content by domain
#   - ref: https://learn.microsoft.com/en-us/microsoftteams/trusted-organizations-external-meetings-chat
#     description: Manage external meetings and chat with people and organizations using Microsoft identities
#   - ref: https://learn.microsoft.com/en-us/powershell/module/exchangepowershell/set-sharingpolicy
#     description: Set-SharingPolicy
#   - ref: https://learn.microsoft.com/en-us/entra/id-governance/entitlement-management-organization
#     description: Manage connected organizations in entitlement management
# custom:
#   id: XTA-012
#   severity: medium
#   severity_reason: An organisation that nobody answers for keeps a way in, by its own people or whoever takes over its domain, until somebody stumbles on the list.
#   requires:
#     - "crossTenantAccess.partners | entra.b2bManagementPolicy | teams.tenantFederationConfiguration"
#   uses:
#     - crossTenantAccess.default
#     - crossTenantAccess.domainTenants
#     - crossTenantAccess.multiTenantOrganizationTenants
#     - crossTenantAccess.partnerNames
#     - exchange.sharingPolicies
#     - governance.entitlementManagement.connectedOrganizations
#     - sharePoint.settings
#     - sharePoint.tenant
#     - teams.externalAccessPolicies
#     - tenant.organization
#   settings: [partners, domains.consumer, teams.unassigned_policies]
#   rationale: |
#     The register is the list partners in your settings; `guestward partners` prints who is open where, and
#     `guestward partners init` writes a first register. Whoever is let in by name and not registered is reported, layer
#     by layer, and so is a registered organisation where its entry does not allow the layer. A layer that an entry
#     allows and the tenant keeps closed is a note. What is open to everybody is not repeated here: other rules report
#     it (XTA-001 to XTA-006, SPO-003, TMS-001, EXO-001), and so are domains where anybody can have an address, but for
#     calendars. A tenant and its domains are one organisation, by the entry or by what Graph says of the domain. Where
#     your own synchronization writes to is kept with its secrets, and not judged; nor are Exchange's organization
#     relationships, which are not in the snapshot. A connected organisation that is proposed, not configured, is unknown:
#     a policy may name it all the same.
#   remediation:
#     portal: Write the organisation into the register with its owner, the day of review and what it is allowed; or take it off the list at the place that the finding names.
#     graph: 'For a partner: DELETE https://graph.microsoft.com/v1.0/policies/crossTenantAccessPolicy/partners/{tenantId}; for a connected organisation: DELETE https://graph.microsoft.com/v1.0/identityGovernance/entitlementManagement/connectedOrganizations/{id}'
#     powershell: guestward partners init tenant.json -o partners.yaml, then complete it; Set-SPOTenant -SharingAllowedDomainList and Set-CsTenantFederationConfiguration -AllowedDomainsAsAList and Set-SharingPolicy -Domains take domains off.
#   controls:
#     guide: [G01]
#   since: 0.1.0
package rules.cross_tenant.partner_layers

import data.lib.finding
import data.lib.partners

_layers := register.layers(input, {
	"partners": partners.entries,
	"unassigned_policies": data.settings.teams.unassigned_policies,
})

_consumer := {lower(domain) | some domain in data.settings.domains.consumer}

# Each thing that is open because something names the organisation.
_open contains {"row": row, "layer": layer, "place": place} if {
	some row in _layers.organisations
	some layer in _layers.layers
	some place in row.layers[layer.name].places
}

findings contains finding.keyed(open.place.path, _key(open), message) if {
	some open in _open
	not open.row.entry
	not _is_judged_elsewhere(open)
	message := $"{_label(open)} {open.layer.says}, and is not in the register"
}

# EXO-001 judges what is for everybody, not which domains are named.
_is_judged_elsewhere(open) if {
	open.layer.name != "calendars"
	open.place.domain in _consumer
}

findings contains finding.keyed(open.place.path, _key(open), message) if {
	some open in _open
	open.row.entry
	not open.layer.allow in object.get(open.row.entry, "allow", [])
	message := $"{_label(open)} {open.layer.says}, which the register does not allow ({open.layer.allow})"
}

# Several domains stand in one text, and one setting may open two layers.
_key(open) := concat("/", [open.layer.name, object.get(open.place, "domain", _id(open))])

# An organisation may have several tenants.
_id(open) := object.get(open.place, "tenant", open.row.id)

_label(open) := $"{open.place.domain} ({open.row.name})" if {
	open.place.domain != open.row.name
} else := open.place.domain if {
	open.place.domain
} else := $"{open.row.name} ({_id(open)})" if {
	open.row.name
} else := _id(open)

unknowns contains finding.keyed(gap.path, gap.layer, $"{gap.says}: {gap.why}") if some gap in _layers.not_read

notes contains finding.keyed(["crossTenantAccess", "partners"], $"{row.id}/{what}", message) if {
	some row in _layers.organisations
	some what in row.allowed_but_closed
	message := $"the register allows {partners.label(row.entry)} {what}, which is closed"
}
