# METADATA
# title: Connected organisations are decided about, sponsored and registered
# description: |
#   A connected organisation stands for people who may request access packages. This rule wants each to have been
#   decided about by an administrator, to have a sponsor inside, to be an organisation at all, and to be in the register
#   of partners.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/id-governance/entitlement-management-organization
#     description: Manage connected organizations in entitlement management
#   - ref: https://learn.microsoft.com/en-us/graph/api/resources/connectedorganization
#     description: connectedOrganization in Microsoft Graph
# custom:
#   id: ELM-007
#   severity: medium
#   severity_reason: People of an organisation nobody vouches for may request packages; it takes a policy that names it, and an approval.
#   requires: [governance.entitlementManagement.connectedOrganizations]
#   uses: [crossTenantAccess.domainTenants, crossTenantAccess.partnerNames]
#   licence: [AAD_PREMIUM_P2, Entra_Identity_Governance]
#   settings: [domains.approved, domains.consumer, partners]
#   rationale: |
#     The service proposes an organisation when one of its people requested a package that is open to everybody; it
#     stays proposed until somebody decides. An internal sponsor answers for the organisation and can approve requests;
#     sponsors who are guests themselves do not count. Microsoft accounts, or a domain where anybody can have a mailbox,
#     are no organisation. A tenant must be in the register of partners; a mail domain has no tenant, and is compared
#     with domains.approved where that is set.
#   remediation:
#     portal: Entra admin center > ID Governance > Entitlement management > Connected organizations > the organisation > Edit, State "Configured" or Delete, and Sponsors > Add internal sponsors.
#     graph: 'PATCH https://graph.microsoft.com/v1.0/identityGovernance/entitlementManagement/connectedOrganizations/{id} {"state": "configured"}, POST .../internalSponsors/$ref, or DELETE it.'
#     powershell: Update-MgEntitlementManagementConnectedOrganization -ConnectedOrganizationId {id} -State configured, New-MgEntitlementManagementConnectedOrganizationInternalSponsorByRef, or Remove-MgEntitlementManagementConnectedOrganization.
#   controls:
#     guide: [G26, G33]
#   since: 0.1.0
package rules.entitlement.connected_organizations

import data.lib.access_package
import data.lib.finding
import data.lib.partners

_organizations := input.governance.entitlementManagement.connectedOrganizations

_path(i, steps) := access_package.organization_path(i, steps)

_name(i) := access_package.name(_organizations[i])

not_applicable contains "there are no connected organisations" if count(_organizations) == 0

findings contains finding.at(_path(i, ["state"]), message) if {
	some i, organization in _organizations
	organization.state == "proposed"
	message := $"{_name(i)} was added by a request of one of its people; nobody decided about it (proposed)"
}

unknowns contains finding.at(_path(i, ["state"]), message) if {
	some i, organization in _organizations
	state := object.get(organization, "state", null)
	not state in {"configured", "proposed"}
	message := $"{_name(i)}: state has the value {state}, which this version does not know"
}

findings contains finding.at(_path(i, ["internalSponsors"]), message) if {
	some i, organization in _organizations
	_is_lonely(organization)
	message := $"{_name(i)} has no sponsor inside the organisation"
}

unknowns contains finding.at(_path(i, ["internalSponsors"]), message) if {
	some i, organization in _organizations
	not _is_sponsored(organization)
	not _is_lonely(organization)
	message := $"{_name(i)}: the snapshot does not tell whether somebody inside sponsors it"
}

_is_lonely(organization) if {
	every sponsor in organization.internalSponsors {
		_is_no_sponsor(sponsor)
	}
}

_is_sponsored(organization) if {
	some sponsor in organization.internalSponsors
	not _is_no_sponsor(sponsor)
	_is_somebody(sponsor)
}

# A group with an outsider in it may have others besides.
_is_no_sponsor(sponsor) if {
	not sponsor["@odata.type"] == "#microsoft.graph.group"
	access_package.sponsors(sponsor) == "outsider"
}

_is_no_sponsor(sponsor) if sponsor.accountEnabled == false

_is_somebody(sponsor) if access_package.sponsors(sponsor) == "insider"

# Where an organisation's people come from.
_sources[[i, s]] := source if {
	some i, organization in _organizations
	some s, source in organization.identitySources
}

_source(place) := _path(place[0], ["identitySources", place[1]])

findings contains finding.at(_source(place), message) if {
	some place, source in _sources
	_kind(source) == "social"
	message := $"{_name(place[0])} is nobody in particular: everybody with a personal account is part of it"
}

findings contains finding.at(_source(place), message) if {
	some place, source in _sources
	_kind(source) == "domain"
	lower(source.domainName) in _consumer
	message := $"{_name(place[0])} is nobody in particular: everybody can have an address of {source.domainName}"
}

findings contains finding.at(_source(place), message) if {
	some place, source in _sources
	_kind(source) == "domain"
	count(data.settings.domains.approved) > 0
	domain := lower(source.domainName)
	not domain in _consumer
	not _is_approved(domain)
	message := $"{_name(place[0])}: {source.domainName} is not an approved domain"
}

findings contains finding.at(_source(place), message) if {
	some place, source in _sources
	_kind(source) == "tenant"
	not partners.of_tenant(source.tenantId)
	message := $"{_name(place[0])} ({source.tenantId}) is not in the register of partners"
}

unknowns contains finding.at(_source(place), message) if {
	some place, source in _sources
	_kind(source) == "unknown"
	message := $"{_name(place[0])}: the snapshot does not tell whose people these are"
}

unknowns contains finding.at(_path(i, ["identitySources"]), message) if {
	some i, organization in _organizations
	not _has_sources(organization)
	message := $"{_name(i)}: the snapshot does not tell whose people these are"
}

notes contains finding.at(_path(i, ["identitySources"]), $"{_name(i)} has no people: no directory and no domain") if {
	some i, organization in _organizations
	organization.identitySources == []
}

_has_sources(organization) if is_array(organization.identitySources)

_domains := {"#microsoft.graph.domainIdentitySource", "#microsoft.graph.externalDomainFederation"}

_tenants := {"#microsoft.graph.azureActiveDirectoryTenant", "#microsoft.graph.crossCloudAzureActiveDirectoryTenant"}

_kind(source) := "social" if {
	source["@odata.type"] == "#microsoft.graph.socialIdentitySource"
} else := "domain" if {
	source["@odata.type"] in _domains
	is_string(source.domainName)
} else := "tenant" if {
	source["@odata.type"] in _tenants
	is_string(source.tenantId)
} else := "unknown"

_consumer := {lower(domain) | some domain in data.settings.domains.consumer}

_approved := {lower(trim_space(entry)) | some entry in data.settings.domains.approved}

_is_approved(domain) if domain in _approved

_is_approved(domain) if {
	some entry in _approved
	startswith(entry, "*.")
	endswith(domain, substring(entry, 1, -1))
}
