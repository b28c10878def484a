# METADATA
# title: Access packages and their policies lead somewhere
# description: |
#   Packages without a policy, policies for organisations that are gone, and approvals that nobody can give are remains
#   that nobody looks after. This rule lists what the configuration itself shows to be left over.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/id-governance/entitlement-management-access-package-first
#     description: Manage access to resources in entitlement management
#   - ref: https://learn.microsoft.com/en-us/graph/api/resources/internalsponsors
#     description: internalSponsors in Microsoft Graph, and why to name another approver beside them
# custom:
#   id: ELM-005
#   severity: low
#   severity_reason: Nobody gets in by it; requests stay unanswered, and what is left over can be switched on again unseen.
#   requires:
#     - governance.entitlementManagement.accessPackages
#     - governance.entitlementManagement.assignmentPolicies
#     - governance.entitlementManagement.connectedOrganizations
#   licence: [AAD_PREMIUM_P2, Entra_Identity_Governance]
#   rationale: |
#     Reported are packages that nobody can get because they have no policy, policies whose package or connected
#     organisation does not exist any more or that name no organisation, and stages of approval with nobody in them -
#     also where sponsors are to approve, no fallback is named, and an organisation has none. Whether each approver's
#     account, each group and each resource still exists takes a request for each; guestward does not make those, and
#     says nothing about them. Maester makes them and takes a request that failed for a thing in order.
#   remediation:
#     portal: Entra admin center > ID Governance > Entitlement management > Access packages; delete what is left over, and name fallback approvers under Policies > Edit > Requests.
#     graph: DELETE https://graph.microsoft.com/v1.0/identityGovernance/entitlementManagement/accessPackages/{id} or .../assignmentPolicies/{id}, or PUT the policy corrected.
#     powershell: Remove-MgEntitlementManagementAccessPackage -AccessPackageId {id} or Remove-MgEntitlementManagementAssignmentPolicy -AccessPackageAssignmentPolicyId {id}
#   controls:
#     guide: [G26, G33]
#   since: 0.1.0
package rules.entitlement.package_hygiene

import data.lib.access_package
import data.lib.finding

_packages := input.governance.entitlementManagement.accessPackages

_policies := input.governance.entitlementManagement.assignmentPolicies

_organizations := input.governance.entitlementManagement.connectedOrganizations

not_applicable contains "there are no access packages" if {
	count(_packages) == 0
	count(_policies) == 0
}

_package_ids := {lower(one.id) | some one in _packages}

_used := {lower(policy.accessPackage.id) | some policy in _policies}

_organization_at[lower(organization.id)] := organization if some organization in _organizations

findings contains finding.at(["governance", "entitlementManagement", "accessPackages", p], message) if {
	_every_policy_names_its_package
	some p, one in _packages
	not _is_used(one)
	message := $"'{access_package.name(one)}' has no policy, so nobody can get it"
}

findings contains finding.at(access_package.policy_path(i, ["accessPackage"]), message) if {
	some i, policy in _policies
	_is_orphan(policy)
	message := $"{access_package.label(i)} belongs to no access package that exists"
}

_is_used(one) if lower(one.id) in _used

_is_orphan(policy) if object.get(policy, "accessPackage", "absent") == null

_is_orphan(policy) if {
	id := lower(policy.accessPackage.id)
	not id in _package_ids
}

unknowns contains finding.at(access_package.policy_path(i, ["accessPackage"]), message) if {
	some i, policy in _policies
	not _names_its_package(policy)
	message := $"{access_package.label(i)}: the snapshot does not tell of which access package"
}

_every_policy_names_its_package if {
	every policy in _policies {
		_names_its_package(policy)
	}
}

_names_its_package(policy) if object.get(policy, "accessPackage", "absent") == null

_names_its_package(policy) if is_string(policy.accessPackage.id)

findings contains finding.at(_targets(i), message) if {
	some i, policy in _policies
	access_package.audience(policy) == "named"
	policy.specificAllowedTargets == []
	message := $"{access_package.label(i)} is for connected organisations and names none"
}

findings contains finding.at(array.concat(_targets(i), [t]), message) if {
	some i, policy in _policies
	some t, target in policy.specificAllowedTargets
	id := lower(target.connectedOrganizationId)
	not _organization_at[id]
	message := $"{access_package.label(i)} names a connected organisation that does not exist"
}

_targets(i) := access_package.policy_path(i, ["specificAllowedTargets"])

# The stages of policies that ask for approval.
_stages[i] := policy.requestApprovalSettings.stages if {
	some i, policy in _policies
	policy.requestApprovalSettings.isApprovalRequiredForAdd == true
}

_stage(i, s) := access_package.policy_path(i, ["requestApprovalSettings", "stages", s])

findings contains finding.at(_stage(i, s), message) if {
	some i, stages in _stages
	some s, stage in stages
	count(access_package.approvers(stage)) == 0
	message := $"{access_package.label(i)}: nobody is named to approve in this stage"
}

_sponsors := {
	"#microsoft.graph.internalSponsors": "internalSponsors",
	"#microsoft.graph.externalSponsors": "externalSponsors",
}

# Sponsors alone are to approve, and the organisations have none of that kind.
findings contains finding.at(_stage(i, s), message) if {
	some i, stages in _stages
	some s, stage in stages
	kinds := {object.get(_sponsors, who["@odata.type"], "others") | some who in access_package.approvers(stage)}
	count(kinds) > 0
	not "others" in kinds
	lonely := [access_package.name(organization) |
		some organization in _organizations_of(_policies[i])
		_has_no_sponsor(organization, kinds)
	]
	count(lonely) > 0
	names := concat(", ", sort(lonely))
	message := $"{access_package.label(i)}: sponsors are to approve, without a fallback, and there are none for {names}"
}

_has_no_sponsor(organization, kinds) if {
	every kind in kinds {
		organization[kind] == []
	}
}

# The connected organisations whose people a policy is for.
_organizations_of(policy) := [organization |
	some target in policy.specificAllowedTargets
	organization := _organization_at[lower(target.connectedOrganizationId)]
] if {
	access_package.audience(policy) == "named"
}

_organizations_of(policy) := [organization |
	some organization in _organizations
	organization.state == "configured"
] if {
	access_package.audience(policy) in {"configured", "everybody"}
}

unknowns contains finding.at(_stage(i, s), $"{access_package.label(i)}: the snapshot does not tell who approves") if {
	some i, stages in _stages
	some s, stage in stages
	not _has_approvers(stage)
}

_has_approvers(stage) if access_package.approvers(stage)
