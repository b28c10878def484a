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

_lasting[i] := object.get(_policies[i], "reviewSettings", "absent") if {
	some i, days in _ends
	not _is_soon(days)
}

_is_soon(days) if {
	is_number(days)
	days <= _soon
}

findings contains finding.at(_path(i, lack.steps), $"{access_package.label(i)}: {lack.message}") if {
	some i, review in _lasting
	_ends[i] != "unknown"
	some lack in _lacks(review)
}

unknowns contains unknown if some unknown in access_package.unknown_audiences

unknowns contains finding.at(access_package.policy_path(i, ["expiration"]), message) if {
	some i, review in _lasting
	_ends[i] == "unknown"
	count(_lacks(review)) > 0
	message := $"{access_package.label(i)} has no review that suffices, and the snapshot does not tell when access ends"
}

unknowns contains finding.at(_path(i, question.steps), $"{access_package.label(i)}: {question.message}") if {
	some i, review in _lasting
	count(_lacks(review)) == 0
	some question in _questions(review)
}

# Without review settings there are no reviews:
# https://learn.microsoft.com/en-us/graph/api/entitlementmanagement-post-assignmentpolicies
_lacks(review) := {{"steps": [], "message": $"access neither ends within {_soon} days nor is it reviewed"}} if {
	review == null
} else := {{"steps": ["isEnabled"], "message": $"access neither ends within {_soon} days nor is it reviewed"}} if {
	review.isEnabled == false
} else := {lack |
	some of in {"silence", "recurrence", "interval", "range", "reviewers", "self"}
	lack := _lack(of, review)
}

_lack("silence", review) := {"steps": ["expirationBehavior"], "message": message} if {
	review.expirationBehavior in {"keepAccess", "acceptAccessRecommendation"}
	message := $"who is not reviewed may keep access (expirationBehavior is {review.expirationBehavior})"
}

_lack("recurrence", review) := {"steps": ["schedule"], "message": "the review does not come back"} if {
	object.get(review, ["schedule", "recurrence"], "absent") == null
}

_lack("interval", review) := {"steps": ["schedule", "recurrence", "pattern"], "message": message} if {
	days := access_review.interval_days(_series(review))
	days > _limits.max_interval_days
	message := $"up to {days} days pass between two reviews; {_limits.max_interval_days} are allowed"
}

_lack("range", review) := {"steps": ["schedule", "recurrence", "range"], "message": message} if {
	review.schedule.recurrence.range.type in {"endDate", "numbered"}
	access_review.continues(_series(review)) == "no"
	message := "no further reviews will come"
}

_lack("self", review) := {"steps": ["isSelfReview"], "message": "outsiders decide about their own access"} if {
	review.isSelfReview == true
	not _limits.self_review_allowed
}

_lack("reviewers", review) := {"steps": ["primaryReviewers"], "message": "nobody is asked to review"} if {
	review.isSelfReview == false
	count(_reviewers(review)) == 0
}

_lack("reviewers", review) := {"steps": ["primaryReviewers"], "message": "only outsiders are asked to review"} if {
	review.isSelfReview == false
	{access_package.decides(who) | some who in _reviewers(review)} == {"outsider"}
}

# A review without a fallback may leave the list out.
_reviewers(review) := array.concat(review.primaryReviewers, fallback) if {
	fallback := [who | some who in review.fallbackReviewers]
}

_questions(review) := {question |
	some of in {"enabled", "silence", "recurrence", "range", "reviewers", "self"}
	question := _asks(of, review)
}

_asks("enabled", review) := {"steps": ["isEnabled"], "message": message} if {
	not review.isEnabled == true
	message := "the snapshot does not tell whether access is reviewed"
}

_asks("silence", review) := {"steps": ["expirationBehavior"], "message": message} if {
	behaviour := object.get(review, "expirationBehavior", null)
	behaviour != "removeAccess"
	message := $"expirationBehavior has the value {behaviour}, which this version does not know"
}

_asks("recurrence", review) := {"steps": ["schedule"], "message": message} if {
	not _has_interval(review)
	message := "the snapshot does not tell how often reviews come"
}

_asks("range", review) := {"steps": ["schedule"], "message": "the snapshot does not tell whether reviews go on"} if {
	access_review.continues(_series(review)) != "yes"
}

_asks("reviewers", review) := {"steps": ["primaryReviewers"], "message": message} if {
	not review.isSelfReview == true
	not _is_asked(review)
	message := "the snapshot does not tell who reviews"
}

_asks("self", review) := {"steps": ["isSelfReview"], "message": "the snapshot does not tell who reviews"} if {
	not is_boolean(object.get(review, "isSelfReview", null))
}

_is_asked(review) if {
	some who in _reviewers(review)
	access_package.decides(who) == "insider"
}

_has_interval(review) if access_review.interval_days(_series(review))

# As access reviews have it, so that they are read the same.
_series(review) := {"settings": {"recurrence": object.get(review, ["schedule", "recurrence"], {})}}
