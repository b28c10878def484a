# METADATA
# title: Every partner organisation is registered, owned and reviewed
# description: |
#   Organisations with settings of their own here are exceptions from your default. Each should stand in a register with
#   the person who answers for it and the day on which somebody looks again.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/external-id/cross-tenant-access-overview
#     description: Cross-tenant access overview
#   - ref: https://learn.microsoft.com/en-us/graph/api/resources/crosstenantaccesspolicyconfigurationpartner
#     description: crossTenantAccessPolicyConfigurationPartner in Microsoft Graph
# custom:
#   id: XTA-007
#   severity: medium
#   severity_reason: An organisation has special settings that nobody answers for; harm takes a mistake on its side.
#   requires: [crossTenantAccess.partners]
#   uses: [crossTenantAccess.domainTenants, crossTenantAccess.partnerNames]
#   settings: [partners]
#   rationale: |
#     Partner settings outlive the project that needed them, because nothing in the portal says whose they are. The register
#     is the list partners in your settings file: a partner that is missing there, one without an owner, without a day
#     of review or with one that has passed is reported. The day of review itself still counts. Entries for organisations
#     that come in another way (SharePoint, Teams, invitations) want an owner and a review as well; whether all who are
#     let in there are registered, XTA-012 says. Cloud service providers (isServiceProvider) are partners like others, and
#     listed in a note besides: they may hold administrative rights.
#   remediation:
#     portal: Write the partner into the register, or remove it under Entra admin center > External Identities > Cross-tenant access settings > Organizational settings.
#     graph: DELETE https://graph.microsoft.com/v1.0/policies/crossTenantAccessPolicy/partners/{tenantId}
#     powershell: Remove-MgPolicyCrossTenantAccessPolicyPartner -CrossTenantAccessPolicyConfigurationPartnerTenantId {tenantId}
#   controls: {}
#   since: 0.1.0
package rules.cross_tenant.partner_register

import data.lib.cross_tenant
import data.lib.finding
import data.lib.partners

_path(i) := ["crossTenantAccess", "partners", i, "tenantId"]

_entry[i] := partners.of_tenant(cross_tenant.id(i)) if {
	some i, _ in input.crossTenantAccess.partners
}

# Entries for organisations that come in through other layers: they want an owner and a review as well.
_elsewhere[partners.id(entry)] := entry if {
	some entry in partners.entries
	not _configured(entry)
}

_configured(entry) if {
	some same in _entry
	same == entry
}

not_applicable contains "no organisation has settings of its own, and the register is empty" if {
	count(input.crossTenantAccess.partners) == 0
	count(partners.entries) == 0
}

findings contains finding.keyed(_path(i), "register", message) if {
	some i, partner in input.crossTenantAccess.partners
	partner.tenantId
	not _entry[i]
	message := $"{cross_tenant.label(i)} is not in the register of partners"
}

findings contains finding.keyed(_path(i), "owner", $"{cross_tenant.label(i)} has no owner in the register") if {
	some i, entry in _entry
	trim_space(object.get(entry, "owner", "")) == ""
}

findings contains finding.keyed(_path(i), "review", message) if {
	some i, entry in _entry
	not entry.review_by
	message := $"{cross_tenant.label(i)} has no day of review in the register"
}

findings contains finding.keyed(_path(i), "review", message) if {
	some i, entry in _entry
	entry.review_by < substring(input.collection.collectedAt, 0, 10)
	message := $"the review of {cross_tenant.label(i)} was due on {entry.review_by}"
}

findings contains finding.keyed(["crossTenantAccess", "partners"], $"{id}/owner", message) if {
	some id, entry in _elsewhere
	trim_space(object.get(entry, "owner", "")) == ""
	message := $"{partners.label(entry)} has no owner in the register"
}

findings contains finding.keyed(["crossTenantAccess", "partners"], $"{id}/review", message) if {
	some id, entry in _elsewhere
	not entry.review_by
	message := $"{partners.label(entry)} has no day of review in the register"
}

findings contains finding.keyed(["crossTenantAccess", "partners"], $"{id}/review", message) if {
	some id, entry in _elsewhere
	entry.review_by < substring(input.collection.collectedAt, 0, 10)
	message := $"the review of {partners.label(entry)} was due on {entry.review_by}"
}

unknowns contains finding.at(["crossTenantAccess", "partners", i], "a partner without tenantId") if {
	some i, partner in input.crossTenantAccess.partners
	not partner.tenantId
}

notes contains finding.at(_path(i), $"{cross_tenant.label(i)} is a service provider of yours") if {
	some i, partner in input.crossTenantAccess.partners
	object.get(partner, ["isServiceProvider"], null) == true
}
