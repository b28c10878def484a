# METADATA
# title: A recurring access review covers privileged roles
# description: |
#   Whoever can administer the tenant can let outsiders in. In an access review of a directory role somebody confirms that
#   each holder still needs it; this rule asks that for a list of roles, of those who hold a role and of those who can
#   activate it.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/id-governance/privileged-identity-management/pim-create-roles-and-resource-roles-review
#     description: Create an access review of roles in Privileged Identity Management
#   - ref: https://learn.microsoft.com/en-us/graph/accessreviews-scope-concept
#     description: Configure the scope of an access review
# custom:
#   id: AR-002
#   severity: high
#   severity_reason: Somebody who changed jobs, a guest too, keeps a role that governs the tenant, and nobody is ever asked whether that is right.
#   requires: [governance.accessReviews.definitions]
#   uses: [groups, guests, governance.pim.groupEligibility, roles.definitions]
#   licence: [AAD_PREMIUM_P2, Entra_Identity_Governance]
#   settings:
#     - role_reviews.max_duration_days
#     - role_reviews.max_interval_days
#     - role_reviews.roles
#     - role_reviews.self_review_allowed
#     - role_reviews.unanswered_may_keep
#   rationale: |
#     Of the reviews that cover a role the one that lacks least is reported, criterion by criterion. Active and eligible
#     holders may be covered by one review or by two. A review of guests alone, of inactive people or of applications does
#     not count. CIS wants no change when nobody answers, lest emergency accounts lose their role by themselves, and that
#     is the default here (unanswered_may_keep); it wants a review to be over in 4 days. The list of roles is that of CIS
#     5.3.3, with Privileged Role Administrator, who can grant all the others. Prowler and Turbot look for any review of a
#     role; the review of a role that nobody holds costs nothing, or take the role out of role_reviews.roles.
#   remediation:
#     portal: Entra admin center > ID Governance > Privileged Identity Management > Microsoft Entra roles > Access reviews > New, users and groups, the roles, all active and eligible assignments, monthly without an end; auto apply results, require reason on approval, mail notifications and reminders.
#     graph: POST https://graph.microsoft.com/v1.0/identityGovernance/accessReviews/definitions with the scope /roleManagement/directory/roleDefinitions/{role id}, or PUT the whole definition with the named settings corrected.
#     powershell: New-MgIdentityGovernanceAccessReviewDefinition, or Set-MgIdentityGovernanceAccessReviewDefinition with the whole definition.
#   controls:
#     guide: [G14]
#     cis_m365_7.0: ["5.3.3"]
#     cis_m365_6.0.1: ["5.3.3"]
#   since: 0.1.0
package rules.governance.role_access_reviews

import data.lib.access_review
import data.lib.finding
import data.lib.review_criteria

_settings := data.settings.role_reviews

_limits := object.union(_settings, {"whom": "administrators"})

_definitions := input.governance.accessReviews.definitions

_path := ["governance", "accessReviews", "definitions"]

# The reviews of every role in the list, by role and part.
_covering[role][part] := candidates if {
	some name in _settings.roles
	role := lower(name)
	some part in ["active", "eligible"]
	candidates := {d: definition |
		some d, definition in _definitions
		[role, part] in access_review.roles(definition)
	}
}

_missing[role] := {part | some part, candidates in parts; count(candidates) == 0} if some role, parts in _covering

_who := {"active": "those who hold", "eligible": "those who can activate"}

_gaps contains [role, $"no access review covers the role {_label(role)}"] if {
	some role, parts in _missing
	count(parts) == 2
}

_gaps contains [role, $"no access review covers {_who[part]} the role {_label(role)}"] if {
	some role, parts in _missing
	count(parts) == 1
	some part in parts
}

findings contains finding.keyed(_path, role, message) if {
	is_array(_definitions)
	count(_unread) == 0
	some [role, message] in _gaps
}

# A review whose scope cannot be read may be of the very role that seems to be left out.
unknowns contains finding.at(array.concat(_path, [d, "scope"]), message) if {
	count(_gaps) > 0
	some d in _unread
	message := "asks about directory roles in a way that this version does not know"
}

findings contains finding.at(array.concat(_path, array.concat([lack.at], lack.steps)), lack.message) if {
	some candidates in _covering[_]
	some lack in review_criteria.shortcomings(candidates, _limits)
}

unknowns contains finding.at(array.concat(_path, array.concat([question.at], question.steps)), question.message) if {
	some candidates in _covering[_]
	some question in review_criteria.doubts(candidates, _limits)
}

not_applicable contains "the list role_reviews.roles is empty" if count(_settings.roles) == 0

_unread contains d if {
	some d, definition in _definitions
	access_review.asks_unknown_roles(definition)
}

_label(role) := $"{name} ({role})" if {
	some definition in input.roles.definitions
	lower(definition.id) == role
	name := definition.displayName
	is_string(name)
} else := role
