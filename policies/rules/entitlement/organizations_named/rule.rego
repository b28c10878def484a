# METADATA
# title: Access packages for outsiders name the organisations they are for
# description: |
#   An access package can be requested by whom its policy is for. This rule reports policies that are for anybody on the
#   internet, or for every organisation that is connected now or later, instead of organisations chosen one by one.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/id-governance/entitlement-management-access-package-request-policy
#     description: Change request settings for an access package
#   - ref: https://learn.microsoft.com/en-us/graph/api/resources/accesspackageassignmentpolicy
#     description: accessPackageAssignmentPolicy in Microsoft Graph
# custom:
#   id: ELM-001
#   severity: medium
#   severity_reason: A stranger can ask for access from anywhere, with any mail address; it takes an approver's mistake, or no approval.
#   requires: [governance.entitlementManagement.assignmentPolicies]
#   licence: [AAD_PREMIUM_P2, Entra_Identity_Governance]
#   settings: [access_packages.all_connected_organizations_allowed]
#   rationale: |
#     Whoever requests makes an account in the directory once approved, so the policy decides who may become a guest.
#     "All configured connected organisations" grows by itself with the next organisation; where that is intended,
#     all_connected_organizations_allowed turns the finding into a note. A policy counts when somebody can request
#     through it: not while its requests are switched off, or its catalog is not enabled for external users; those get a
#     note. A hidden package counts, because its link is enough. Who an organisation is, ELM-007 asks.
#   remediation:
#     portal: Entra admin center > ID Governance > Entitlement management > Access packages > the package > Policies > Edit > Requests, "For users not in your directory", "Specific connected organizations".
#     graph: 'PUT https://graph.microsoft.com/v1.0/identityGovernance/entitlementManagement/assignmentPolicies/{id} with the whole policy, "allowedTargetScope": "specificConnectedOrganizationUsers" and specificAllowedTargets.'
#     powershell: Set-MgEntitlementManagementAssignmentPolicy -AccessPackageAssignmentPolicyId {id} -BodyParameter with the whole policy corrected.
#   controls:
#     guide: [G26, G33]
#     zt: ["21875"]
#   since: 0.1.0
package rules.entitlement.organizations_named

import data.lib.access_package
import data.lib.finding

_policies := input.governance.entitlementManagement.assignmentPolicies

_all_allowed := data.settings.access_packages.all_connected_organizations_allowed

_path(i) := access_package.policy_path(i, ["allowedTargetScope"])

not_applicable contains "no access package can be requested by people outside the directory" if {
	access_package.none_open
}

not_applicable contains "access packages are open to people of the directory only" if {
	count(access_package.open) > 0
	every whom in access_package.open {
		whom == "guests"
	}
	count(access_package.unknown_audiences) == 0
}

findings contains finding.at(_path(i), $"{access_package.label(i)} can be requested by anybody on the internet") if {
	access_package.open[i] == "everybody"
}

findings contains finding.at(_path(i), message) if {
	access_package.open[i] == "configured"
	not _all_allowed
	message := $"{access_package.label(i)} can be requested by every connected organisation, those to come included"
}

unknowns contains unknown if some unknown in access_package.unknown_audiences

unknowns contains finding.at(access_package.policy_path(i, ["specificAllowedTargets"]), message) if {
	access_package.open[i] == "named"
	not _names_organizations(_policies[i])
	message := $"{access_package.label(i)}: the snapshot does not tell which organisations may request"
}

notes contains finding.at(_path(i), message) if {
	access_package.open[i] == "configured"
	_all_allowed
	message := $"{access_package.label(i)} can be requested by every configured connected organisation"
}

notes contains finding.at(_path(i), message) if {
	some i in access_package.closed
	message := $"{access_package.label(i)} is for outsiders, but its requests or its catalog are switched off"
}

_names_organizations(policy) if {
	every subject in policy.specificAllowedTargets {
		subject["@odata.type"] == "#microsoft.graph.connectedOrganizationMembers"
		is_string(subject.connectedOrganizationId)
	}
}
