# METADATA
# title: Synchronization takes few attributes along, and guests stay guests
# description: |
#   What a job maps is copied into the other tenant, for its administrators to read. And the type that it gives people
#   there decides whether anything that is meant for guests applies to them.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/identity/multi-tenant-organizations/cross-tenant-synchronization-overview
#     description: What is cross-tenant synchronization?
#   - ref: https://learn.microsoft.com/en-us/graph/api/resources/synchronization-attributemapping
#     description: attributeMapping in Microsoft Graph
# custom:
#   id: CTS-003
#   severity: medium
#   severity_reason: Another tenant learns more of your people than it needs, or they arrive there as members; harm takes its misuse.
#   requires: [crossTenantSync.jobs]
#   uses: [crossTenantSync.servicePrincipals]
#   licence: [AAD_PREMIUM, AAD_PREMIUM_P2]
#   settings: [cross_tenant.synced_attributes, cross_tenant.synced_user_type]
#   rationale: |
#     A colleague abroad needs a name and an address; telephone numbers, managers and extension attributes are personal data
#     that leave the tenant for good. Each attribute outside of synced_attributes is reported where it is mapped.
#
#     As shipped the job makes members of people. Members read the directory as staff do, and guest reviews, guest
#     restrictions and most Conditional Access for guests do not see them. Within one organisation that may be meant:
#     then say so (synced_user_type: member), and guests pass as well. A type that is computed cannot be judged here.
#   remediation:
#     portal: Entra admin center > Cross-tenant synchronization > Configurations, open the configuration, Provisioning > Mappings > Provision Microsoft Entra ID Users, delete what is not needed and set userType to the constant Guest.
#     graph: PUT https://graph.microsoft.com/v1.0/servicePrincipals/{id}/synchronization/jobs/{jobId}/schema without the attribute mapping
#     powershell: Set-MgServicePrincipalSynchronizationJobSchema -ServicePrincipalId {id} -SynchronizationJobId {jobId} -BodyParameter $schema
#   controls:
#     guide: [G20]
#   since: 0.1.0
package rules.cross_tenant_sync.attribute_mappings

import data.lib.cross_tenant_sync as sync
import data.lib.finding

not_applicable contains "nothing is synchronized to other tenants" if count(input.crossTenantSync.jobs) == 0

# What is mapped of users.
_attributes contains {"in": found.path, "job": found.job, "name": name, "source": source, "path": path} if {
	some found in sync.mappings
	found.of == "user"
	some a, attribute in found.it.attributeMappings
	name := object.get(attribute, "targetAttributeName", null)
	source := object.get(attribute, "source", null)
	path := array.concat(found.path, ["attributeMappings", a])
}

_minimal := {lower(name) | some name in data.settings.cross_tenant.synced_attributes}

findings contains finding.at(array.concat(a.path, ["targetAttributeName"]), message) if {
	some a in _attributes
	not lower(a.name) in _minimal
	message := $"{sync.label(a.job)} writes {a.name} to the other tenant, which is not in synced_attributes"
}

_user_types contains object.union(a, {"value": _constant(a.source)}) if {
	some a in _attributes
	lower(a.name) == "usertype"
}

# Graph writes a constant as its name, and as an expression in quotation marks.
_constant(source) := value if {
	lower(source.type) == "constant"
	value := lower(trim(object.get(source, "name", ""), `"`))
	value in {"guest", "member"}
} else := value if {
	lower(source.type) == "constant"
	value := lower(trim(object.get(source, "expression", ""), `"`))
	value in {"guest", "member"}
} else := "unknown"

findings contains finding.at(array.concat(t.path, ["source"]), message) if {
	some t in _user_types
	t.value == "member"
	data.settings.cross_tenant.synced_user_type == "guest"
	message := $"{sync.label(t.job)} makes members of your people there, whom rules for guests pass over"
}

unknowns contains finding.at(array.concat(t.path, ["source"]), message) if {
	some t in _user_types
	t.value == "unknown"
	message := $"{sync.label(t.job)} gives people a userType that is neither the constant Guest nor Member"
}

unknowns contains finding.at(found.path, message) if {
	some found in sync.mappings
	found.of == "user"
	not found.path in {t["in"] | some t in _user_types}
	message := $"{sync.label(found.job)} does not map userType"
}

unknowns contains finding.at(a.path, "the attribute that it writes is not told") if {
	some a in _attributes
	not is_string(a.name)
}

unknowns contains finding.at(["crossTenantSync", "jobs", i, "schema"], message) if {
	some i in sync.unreadable
	message := $"the mapping of users of {sync.label(i)} was not read"
}
