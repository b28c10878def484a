# METADATA
# title: Outsiders' access by access packages ends by itself
# description: |
#   Access that ends on a date needs nobody to remember it. This rule wants an end within max_assignment_days on every
#   policy that outsiders can request through, no extension without approval, and an end on every package that an
#   outsider holds.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/id-governance/entitlement-management-access-package-lifecycle-policy
#     description: Change lifecycle settings for an access package
#   - ref: https://learn.microsoft.com/en-us/graph/api/resources/expirationpattern
#     description: expirationPattern in Microsoft Graph
# custom:
#   id: ELM-003
#   severity: medium
#   severity_reason: An outsider keeps access after the work is over; it takes a forgotten assignment and an account that still works.
#   requires: [governance.entitlementManagement.assignmentPolicies, governance.entitlementManagement.assignments]
#   uses: [tenant.organization.verifiedDomains]
#   licence: [AAD_PREMIUM_P2, Entra_Identity_Governance]
#   settings: [access_packages.max_assignment_days, access_packages.self_extension_allowed]
#   rationale: |
#     A policy with an end does not change what was assigned before, or by an administrator, so assignments are judged
#     too. An outsider is known by the lifecycle that only guests have, by a principal name of another domain or with
#     #EXT#, or by not being in the directory yet; an outsider whose name was changed to one of your domains is not
#     recognised. Who may extend without approval renews for ever, whatever the end says. Microsoft's assessment accepts
#     an end in any year.
#   remediation:
#     portal: Entra admin center > ID Governance > Entitlement management > Access packages > the package > Policies > Edit > Lifecycle, an expiration in days, and under advanced settings "Require approval to grant extension"; end what is held without an end under Assignments.
#     graph: 'PUT https://graph.microsoft.com/v1.0/identityGovernance/entitlementManagement/assignmentPolicies/{id} with the whole policy and "expiration": {"type": "afterDuration", "duration": "P90D"}.'
#     powershell: Set-MgEntitlementManagementAssignmentPolicy -AccessPackageAssignmentPolicyId {id} -BodyParameter with the whole policy corrected.
#   controls:
#     guide: [G26, G29, G33]
#     zt: ["21878"]
#   since: 0.1.0
package rules.entitlement.assignment_expiry

import data.lib.access_package
import data.lib.finding

_policies := input.governance.entitlementManagement.assignmentPolicies

_assignments := input.governance.entitlementManagement.assignments

_limit := data.settings.access_packages.max_assignment_days

not_applicable contains "no access package can be requested by outsiders, and none holds one" if {
	access_package.none_open
	is_array(_assignments)
	count(_held) == 0
}

_ends[i] := access_package.ends_after(object.get(_policies[i], "expiration", null)) if some i, _ in access_package.open

findings contains finding.at(access_package.policy_path(i, ["expiration"]), message) if {
	_ends[i] == "never"
	message := $"{access_package.label(i)}: access never ends"
}

findings contains finding.at(access_package.policy_path(i, ["expiration"]), message) if {
	some i, days in _ends
	_is_late(days)
	message := $"{access_package.label(i)}: access ends after {ceil(days)} days; {_limit} are allowed"
}

findings contains finding.at(_approval(i), message) if {
	some i in _extensible
	object.get(_policies[i], ["requestApprovalSettings", "isApprovalRequiredForUpdate"], null) == false
	_may_extend(_policies[i]) == true
	message := $"{access_package.label(i)}: outsiders extend their access without approval"
}

unknowns contains unknown if some unknown in access_package.unknown_audiences

unknowns contains finding.at(access_package.policy_path(i, ["expiration"]), message) if {
	_ends[i] == "unknown"
	message := $"{access_package.label(i)}: the snapshot does not tell when access ends"
}

unknowns contains finding.at(_approval(i), message) if {
	some i in _extensible
	_is_open_question(
		_may_extend(_policies[i]),
		object.get(_policies[i], ["requestApprovalSettings", "isApprovalRequiredForUpdate"], null),
	)
	message := $"{access_package.label(i)}: the snapshot does not tell whether outsiders extend without approval"
}

# Where access ends, so that extending it matters.
_extensible contains i if {
	some i, days in _ends
	days != "never"
	not data.settings.access_packages.self_extension_allowed
}

_approval(i) := access_package.policy_path(i, ["requestApprovalSettings", "isApprovalRequiredForUpdate"])

_may_extend(policy) := object.get(policy, ["requestorSettings", "enableTargetsToSelfUpdateAccess"], null)

# Neither switch closes the way, and one of them is not known.
_is_open_question(may_extend, approved) if {
	may_extend != false
	approved != true
	null in {may_extend, approved}
}

# What outsiders hold, and who may be one. Past assignments do not count.
_held[a] := access_package.holder(assignment.target) if {
	some a, assignment in _assignments
	not _is_past(assignment)
	access_package.holder(assignment.target) != "insider"
}

_held[a] := "unknown" if {
	some a, assignment in _assignments
	not _is_past(assignment)
	not assignment.target
}

_is_past(assignment) if assignment.state in {"expired", "deliveryFailed"}

_left[a] := access_package.ends_after(object.get(_assignments[a], ["schedule", "expiration"], null)) if {
	some a, _ in _held
}

findings contains finding.at(_expiration(a), $"{_holder(a)} without an end") if {
	_held[a] == "outsider"
	_left[a] == "never"
}

findings contains finding.at(_expiration(a), message) if {
	_held[a] == "outsider"
	_is_late(_left[a])
	message := $"{_holder(a)} for another {ceil(_left[a])} days; {_limit} are allowed"
}

unknowns contains finding.at(_expiration(a), $"{_holder(a)}; the snapshot does not tell until when") if {
	_held[a] == "outsider"
	_left[a] == "unknown"
}

unknowns contains finding.at(access_package.assignment_path(a, ["target"]), message) if {
	_held[a] == "unknown"
	not _ends_in_time(_left[a])
	message := $"{_holder(a)} without an end in time; the snapshot does not tell whether that is an outsider"
}

_expiration(a) := access_package.assignment_path(a, ["schedule", "expiration"])

_holder(a) := $"{access_package.name(target)} holds '{access_package.name(held)}'" if {
	target := object.get(_assignments[a], ["target"], {})
	held := object.get(_assignments[a], ["accessPackage"], {})
}

_is_late(days) if {
	is_number(days)
	days > _limit
}

_ends_in_time(days) if {
	is_number(days)
	days <= _limit
}
