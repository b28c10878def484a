# METADATA
# title: A recurring access review covers every guest
# description: |
#   In an access review somebody confirms, group by group, that each guest still needs access, and the service removes
#   the others. This rule looks for one review that covers the guests of all Microsoft 365 groups, keeps coming back,
#   and takes access away when nobody answers.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/id-governance/create-access-review
#     description: Create an access review of groups and applications
#   - ref: https://learn.microsoft.com/en-us/graph/accessreviews-scope-concept
#     description: Configure the scope of an access review
#   - ref: https://learn.microsoft.com/en-us/graph/api/resources/accessreviewschedulesettings
#     description: accessReviewScheduleSettings in Microsoft Graph
# custom:
#   id: AR-001
#   severity: high
#   severity_reason: A guest whose project ended keeps what they were given for years, and nobody is ever asked whether they still need it.
#   requires: [governance.accessReviews.definitions]
#   uses: [groups, guests, governance.pim.groupEligibility]
#   licence: [AAD_PREMIUM_P2, Entra_Identity_Governance]
#   settings:
#     - access_reviews.guest_groups
#     - access_reviews.max_duration_days
#     - access_reviews.max_interval_days
#     - access_reviews.self_review_allowed
#   rationale: |
#     Access that nobody has to confirm stays for ever. One review that meets every criterion is enough; when none does,
#     the review that lacks least is reported, criterion by criterion. Prowler accepts a review of a single group and
#     any interval, Turbot looks for a display name, Monkey365 ignores what happens to guests whom nobody reviews. A
#     review of one group counts when the group is named in guest_groups, its dynamic rule takes in every guest and works,
#     and who is denied is deleted: a review takes nobody out of a dynamic group. A review of inactive
#     guests only does not count: the others are never asked about. Microsoft leaves dynamic and role-assignable groups
#     and B2B direct connect users out of a review of all groups. A reviewer who
#     is named, in person or by a group, must not be from outside; who owns a group, PRV-002 judges.
#   remediation:
#     portal: Entra admin center > ID Governance > Access Reviews > New access review, choose Teams + Groups and "All Microsoft 365 groups with guest users", group owners with a fallback reviewer, monthly without an end; auto apply results, remove access if reviewers don't respond, require justification, send mails and reminders.
#     graph: PUT https://graph.microsoft.com/v1.0/identityGovernance/accessReviews/definitions/{id} with the whole definition and the named settings corrected, or POST a new one.
#     powershell: Set-MgIdentityGovernanceAccessReviewDefinition -AccessReviewScheduleDefinitionId {id} -BodyParameter with the whole definition, or New-MgIdentityGovernanceAccessReviewDefinition.
#   controls:
#     guide: [G14, G15, G16, G18, G22, G32]
#     cis_m365_7.0: ["5.3.2"]
#     cis_m365_6.0.1: ["5.3.2"]
#     zt: ["21857"]
#   since: 0.1.0
package rules.governance.guest_access_reviews

import data.lib.access_review
import data.lib.finding
import data.lib.guest_groups
import data.lib.review_criteria

_settings := data.settings.access_reviews

_definitions := input.governance.accessReviews.definitions

# The reviews that could do the job: every guest, active or not, is in their scope.
_covering[d] := definition if {
	some d, definition in _definitions
	_reaches_all(definition, _groups.yes)
	access_review.idle_days(definition) == 0
}

_groups := guest_groups.named(_settings.guest_groups)

_reaches_all(definition, _) if access_review.reach(definition, []) == "all"

_reaches_all(definition, groups) if {
	access_review.deletes(definition)
	access_review.reach(definition, groups) == "all"
}

# Those that could if a group holds every guest, which is not known.
_possible[d] := definition if {
	some d, definition in _definitions
	not _covering[d]
	_reaches_all(definition, _groups.unknown)
	access_review.idle_days(definition) == 0
}

findings contains finding.at(["governance", "accessReviews", "definitions"], message) if {
	is_array(_definitions)
	count(_covering) == 0
	count(_possible) == 0
	message := "no access review covers the guests of every Microsoft 365 group"
}

# Of the reviews that lack least; when one lacks nothing, these are none.
findings contains finding.at(_path(lack.at, lack.steps), lack.message) if {
	some lack in review_criteria.shortcomings(object.union(_covering, _possible), _settings)
}

unknowns contains finding.at(_path(question.at, question.steps), question.message) if {
	some question in review_criteria.doubts(_covering, _settings)
}

unknowns contains finding.at(_path(d, ["scope"]), message) if {
	not _settled
	some d, definition in _possible
	count(review_criteria.lacks(definition, _settings)) == 0
	message := "whether the group in guest_groups takes in every guest is not known"
}

# One review is beyond doubt.
_settled if {
	some definition in _covering
	count(review_criteria.lacks(definition, _settings)) == 0
	count(review_criteria.questions(definition)) == 0
}

notes contains finding.at(_path(d, ["scope"]), "covers guests, but not all of them") if {
	some d, definition in _definitions
	access_review.reach(definition, [])
	not access_review.asks_roles(definition)
	not _covering[d]
	not _possible[d]
}

notes contains finding.at(_path(d, ["scope"]), "does not ask about external members (userType Member)") if {
	some d, definition in _covering
	not access_review.covers_members(definition)
}

_path(d, steps) := array.concat(["governance", "accessReviews", "definitions", d], steps)
