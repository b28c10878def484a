# METADATA
# title: Outsiders' access by access packages ends soon or is reviewed
# description: |
#   Access that lasts must be confirmed again and again, or it stays longer than its reason. This rule wants every
#   policy that outsiders can request through to end access within unreviewed_max_days, or to have it reviewed by
#   somebody else, often enough, with access removed when nobody answers.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/id-governance/entitlement-management-access-reviews-create
#     description: Create an access review of an access package
#   - ref: https://learn.microsoft.com/en-us/graph/api/resources/accesspackageassignmentreviewsettings
#     description: accessPackageAssignmentReviewSettings in Microsoft Graph
# custom:
#   id: ELM-004
#   severity: medium
#   severity_reason: An outsider keeps access that nobody confirms for months or for ever; it takes a change of job that nobody reports.
#   requires: [governance.entitlementManagement.assignmentPolicies]
#   uses:
#     - governance.entitlementManagement.assignments
#     - governance.entitlementManagement.connectedOrganizations
#     - governance.pim.groupEligibility
#     - groups
#     - guests
#     - tenant.organization.verifiedDomains
#   licence: [AAD_PREMIUM_P2, Entra_Identity_Governance]
#   settings:
#     - access_packages.unreviewed_max_days
#     - access_reviews.max_interval_days
#     - access_reviews.self_review_allowed
#   rationale: |
#     ELM-003 sets the longest end; this rule asks what happens until then. An end within three months is a review of
#     its own, because access has to be requested again. Longer access needs reviews that come back as often as other
#     reviews of guests (AR-001), reviewers who are not the guests themselves or only other outsiders, and "Remove
#     access" when nobody answers: "No change" keeps it, and "Take recommendations" keeps whoever signed in within 30
#     days. Microsoft's assessment accepts any end, however late, and any review.
#   remediation:
#     portal: Entra admin center > ID Governance > Entitlement management > Access packages > the package > Policies > Edit > Lifecycle, Require access reviews "Yes", monthly, specific reviewers, and under advanced settings "Remove access" if reviewers don't respond.
#     graph: 'PUT https://graph.microsoft.com/v1.0/identityGovernance/entitlementManagement/assignmentPolicies/{id} with the whole policy and reviewSettings with isEnabled, "expirationBehavior": "removeAccess", schedule and primaryReviewers.'
#     powershell: Set-MgEntitlementManagementAssignmentPolicy -AccessPackageAssignmentPolicyId {id} -BodyParameter with the whole policy corrected.
#   controls:
#     guide: [G26, G33]
#     zt: ["21929"]
#   since: 0.1.0
package rules.entitlement.package_reviews

import data.lib.access_package
import data.lib.access_review
import data.lib.finding

_policies := input.governance.entitlementManagement.assignmentPolicies

_soon := data.settings.access_packages.unreviewed_max_days

_limits := data.settings.access_reviews

_path(i, steps) := access_package.policy_path(i, array.concat(["reviewSettings"], steps))

not_applicable contains "no access package can be requested by outsiders" if access_package.none_open

# Open policies that need a review, for certain or perhaps, and what they say about it.
_ends[i] := access_package.ends_after(object.get(_policies[i], "expiration", null)) if some i, _ in access_package.open

_lasting[i] := _policies[i] if {
	some i, days in _ends
	not _is_soon(days)
}

_is_soon(days) if {
	is_number(days)
	days <= _soon
}

findings contains finding.at(_path(i, lack.steps), $"{access_package.label(i)}: {lack.message}") if {
	some i, policy in _lasting
	_ends[i] != "unknown"
	some lack in _lacks(policy)
}

unknowns contains unknown if some unknown in access_package.unknown_audiences

unknowns contains finding.at(access_package.policy_path(i, ["expiration"]), message) if {
	some i, policy in _lasting
	_ends[i] == "unknown"
	count(_lacks(policy)) > 0
	message := $"{access_package.label(i)} has no review that suffices, and the snapshot does not tell when access ends"
}

unknowns contains finding.at(_path(i, question.steps), $"{access_package.label(i)}: {question.message}") if {
	some i, policy in _lasting
	count(_lacks(policy)) == 0
	some question in _questions(policy)
}

# Without review settings there are no reviews:
# https://learn.microsoft.com/en-us/graph/api/entitlementmanagement-post-assignmentpolicies
_lacks(policy) := {{"steps": [], "message": $"access neither ends within {_soon} days nor is it reviewed"}} if {
	object.get(policy, "reviewSettings", "absent") == null
} else := {{"steps": ["isEnabled"], "message": $"access neither ends within {_soon} days nor is it reviewed"}} if {
	policy.reviewSettings.isEnabled == false
} else := {lack |
	some of in {"silence", "recurrence", "interval", "range", "reviewers", "self"}
	lack := _lack(of, policy)
}

_lack("silence", policy) := {"steps": ["expirationBehavior"], "message": message} if {
	policy.reviewSettings.expirationBehavior in {"keepAccess", "acceptAccessRecommendation"}
	message := $"who is not reviewed may keep access (expirationBehavior is {policy.reviewSettings.expirationBehavior})"
}

_lack("recurrence", policy) := {"steps": ["schedule"], "message": "the review does not come back"} if {
	object.get(policy.reviewSettings, ["schedule", "recurrence"], "absent") == null
}

_lack("interval", policy) := {"steps": ["schedule", "recurrence", "pattern"], "message": message} if {
	days := access_review.interval_days(_series(policy))
	days > _limits.max_interval_days
	message := $"up to {days} days pass between two reviews; {_limits.max_interval_days} are allowed"
}

_lack("range", policy) := {"steps": ["schedule", "recurrence", "range"], "message": message} if {
	policy.reviewSettings.schedule.recurrence.range.type in {"endDate", "numbered"}
	access_review.continues(_series(policy)) == "no"
	message := "no further reviews will come"
}

_lack("self", policy) := {"steps": ["isSelfReview"], "message": "outsiders decide about their own access"} if {
	policy.reviewSettings.isSelfReview == true
	not _limits.self_review_allowed
}

_lack("reviewers", policy) := {"steps": ["primaryReviewers"], "message": "nobody is asked to review"} if {
	policy.reviewSettings.isSelfReview == false
	count(_reviewers(policy)) == 0
}

_lack("reviewers", policy) := {"steps": ["primaryReviewers"], "message": "only outsiders are asked to review"} if {
	policy.reviewSettings.isSelfReview == false
	{access_package.decides(policy, who) | some who in _reviewers(policy)} == {"outsider"}
}

# A review without a fallback may leave the list out.
_reviewers(policy) := array.concat(policy.reviewSettings.primaryReviewers, fallback) if {
	fallback := [who | some who in policy.reviewSettings.fallbackReviewers]
}

_questions(policy) := {question |
	some of in {"enabled", "silence", "recurrence", "range", "reviewers", "self"}
	question := _asks(of, policy)
}

_asks("enabled", policy) := {"steps": ["isEnabled"], "message": message} if {
	not policy.reviewSettings.isEnabled == true
	message := "the snapshot does not tell whether access is reviewed"
}

_asks("silence", policy) := {"steps": ["expirationBehavior"], "message": message} if {
	behaviour := object.get(policy.reviewSettings, "expirationBehavior", null)
	behaviour != "removeAccess"
	message := $"expirationBehavior has the value {behaviour}, which this version does not know"
}

_asks("recurrence", policy) := {"steps": ["schedule"], "message": message} if {
	not _has_interval(policy)
	message := "the snapshot does not tell how often reviews come"
}

_asks("range", policy) := {"steps": ["schedule"], "message": "the snapshot does not tell whether reviews go on"} if {
	access_review.continues(_series(policy)) != "yes"
}

_asks("reviewers", policy) := {"steps": ["primaryReviewers"], "message": message} if {
	not policy.reviewSettings.isSelfReview == true
	not _is_asked(policy)
	message := "the snapshot does not tell who reviews"
}

_asks("self", policy) := {"steps": ["isSelfReview"], "message": "the snapshot does not tell who reviews"} if {
	not is_boolean(object.get(policy.reviewSettings, "isSelfReview", null))
}

_is_asked(policy) if {
	some who in _reviewers(policy)
	access_package.decides(policy, who) == "insider"
}

_has_interval(policy) if access_review.interval_days(_series(policy))

# As access reviews have it, so that they are read the same.
_series(policy) := {"settings": {"recurrence": object.get(policy.reviewSettings, ["schedule", "recurrence"], {})}}
