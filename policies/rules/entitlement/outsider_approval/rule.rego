# METADATA
# title: Somebody of the organisation approves what outsiders request
# description: |
#   Without approval whoever may request an access package gets it at once, account included. This rule wants every
#   policy that outsiders can request through to ask for approval, and one stage at least that no outsider can decide.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/id-governance/entitlement-management-access-package-approval-policy
#     description: Change approval and requestor information settings for an access package
#   - ref: https://learn.microsoft.com/en-us/graph/api/resources/accesspackageapprovalstage
#     description: accessPackageApprovalStage in Microsoft Graph
# custom:
#   id: ELM-002
#   severity: high
#   severity_reason: Whoever the policy is for gets the package's groups, sites and apps by asking, from anywhere, and nobody has to agree.
#   requires: [governance.entitlementManagement.assignmentPolicies]
#   uses:
#     - governance.entitlementManagement.assignments
#     - governance.entitlementManagement.connectedOrganizations
#     - governance.pim.groupEligibility
#     - groups
#     - guests
#     - tenant.organization.verifiedDomains
#   licence: [AAD_PREMIUM_P2, Entra_Identity_Governance]
#   rationale: |
#     Each approver of a stage can approve alone, fallback and alternate approvers too, and every stage must be passed.
#     So the organisation decides when one stage has nobody else in it. Outsiders are external sponsors, external
#     users by name, in a group of approvers or among the internal sponsors, and people whom entitlement management knows
#     as outsiders. Policies for all users of the directory count, because guests are among them, and those for people or
#     groups by name where an outsider is; those for members do not. A rule about attributes counts when it asks for
#     guests, and is unknown otherwise.
#     Microsoft's own assessment asks for properties that do not exist in v1.0, and passes every tenant.
#   remediation:
#     portal: Entra admin center > ID Governance > Entitlement management > Access packages > the package > Policies > Edit > Requests, Require approval "Yes", with an internal sponsor or chosen people as approvers and a fallback.
#     graph: 'PUT https://graph.microsoft.com/v1.0/identityGovernance/entitlementManagement/assignmentPolicies/{id} with the whole policy, "isApprovalRequiredForAdd": true and stages in requestApprovalSettings.'
#     powershell: Set-MgEntitlementManagementAssignmentPolicy -AccessPackageAssignmentPolicyId {id} -BodyParameter with the whole policy corrected.
#   controls:
#     guide: [G26, G33]
#     zt: ["21879"]
#   since: 0.1.0
package rules.entitlement.outsider_approval

import data.lib.access_package
import data.lib.finding

_policies := input.governance.entitlementManagement.assignmentPolicies

_path(i, name) := access_package.policy_path(i, ["requestApprovalSettings", name])

not_applicable contains "no access package can be requested by outsiders" if access_package.none_open

# What each open policy says about approval of requests: true, false, or neither.
_approval[i] := object.get(_policies[i], ["requestApprovalSettings", "isApprovalRequiredForAdd"], null) if {
	some i, _ in access_package.open
}

# Who decides in each stage of a policy that asks for approval.
_stages[i] := [_verdict(_policies[i], stage) | some stage in stages] if {
	_approval[i] == true
	stages := _policies[i].requestApprovalSettings.stages
	is_array(stages)
}

findings contains finding.at(_path(i, "isApprovalRequiredForAdd"), message) if {
	_approval[i] == false
	message := $"{access_package.label(i)} is granted to {_whom[access_package.open[i]]} without anybody's approval"
}

findings contains finding.at(_path(i, "stages"), message) if {
	some i, verdicts in _stages
	every verdict in verdicts {
		verdict == "nobody"
	}
	message := $"{access_package.label(i)}: approval is required, but nobody approves"
}

findings contains finding.at(_path(i, "stages"), message) if {
	some i, verdicts in _stages
	"outsiders" in verdicts
	every verdict in verdicts {
		verdict in {"nobody", "outsiders"}
	}
	message := $"{access_package.label(i)}: outsiders alone can approve requests"
}

unknowns contains unknown if some unknown in access_package.unknown_audiences

unknowns contains finding.at(_path(i, "isApprovalRequiredForAdd"), message) if {
	some i, required in _approval
	not is_boolean(required)
	message := $"{access_package.label(i)}: the snapshot does not tell whether requests are approved"
}

unknowns contains finding.at(_path(i, "stages"), message) if {
	_approval[i] == true
	not _is_decided(i)
	message := $"{access_package.label(i)}: the snapshot does not tell who approves"
}

_is_decided(i) if {
	"insiders" in _stages[i]
}

_is_decided(i) if {
	verdicts := _stages[i]
	not "unknown" in verdicts
}

_verdict(policy, stage) := "nobody" if {
	count(access_package.approvers(stage)) == 0
} else := "outsiders" if {
	"outsider" in {access_package.decides(policy, who) | some who in access_package.approvers(stage)}
} else := "insiders" if {
	every who in access_package.approvers(stage) {
		access_package.decides(policy, who) == "insider"
	}
} else := "unknown"

_whom := {
	"guests": "guests of the directory",
	"named": "people of connected organisations",
	"configured": "people of every connected organisation",
	"everybody": "anybody on the internet",
}
