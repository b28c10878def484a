# METADATA
# title: Inactive guests are removed automatically
# description: |
#   People forget to clean up; a schedule does not. This rule looks for one thing in the tenant that blocks and deletes
#   guests who stopped signing in without anybody having to think of it: an access review or a lifecycle workflow.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/identity/users/clean-up-stale-guest-accounts
#     description: Monitor and clean up stale guest accounts
#   - ref: https://learn.microsoft.com/en-us/entra/id-governance/lifecycle-workflow-inactive-users
#     description: Manage inactive users using Lifecycle Workflows
#   - ref: https://learn.microsoft.com/en-us/entra/id-governance/entitlement-management-external-users
#     description: Govern access for external users in entitlement management
# custom:
#   id: LIF-005
#   severity: high
#   severity_reason: "Guests who stopped signing in keep their access for ever: nothing removes them."
#   requires:
#     - "governance.accessReviews.definitions | governance.lifecycleWorkflows.workflows | governance.entitlementManagement.settings"
#   uses: [groups]
#   licence: [AAD_PREMIUM_P2, Entra_Identity_Governance]
#   settings:
#     - access_reviews.guest_groups
#     - access_reviews.max_interval_days
#     - guests.access_package_cleanup_suffices
#     - guests.deletion_after_block_max_days
#     - guests.inactive_days
#   rationale: |
#     A list of inactive guests is worth what is done with it. A review proves removal when it runs, comes back, applies
#     its decisions, denies whom nobody answers for, deletes the denied, and asks about guests alone, in a group that
#     is named in guest_groups and takes in every guest by a dynamic rule that works. Microsoft deletes nobody after a review
#     of all groups, and guests in no group are not asked about there. A workflow proves it
#     when it is scheduled, starts at sign-in inactivity, deletes, and its scope is (userType eq 'Guest'). Entitlement
#     management deletes guests who lost their last access package by default, even where nobody uses packages, and
#     never those who came another way: it counts only if access_package_cleanup_suffices says that all come that way.
#     What asks for userType Guest leaves external members alone; LIF-001 lists those who are inactive.
#   remediation:
#     portal: Entra admin center > ID Governance > Access Reviews, review inactive guests of a dynamic group of all guests and choose "Block user from signing-in for 30 days, then remove user from the tenant"; or ID Governance > Lifecycle workflows, trigger Sign-in inactivity with the task Delete user.
#     graph: PUT https://graph.microsoft.com/v1.0/identityGovernance/accessReviews/definitions/{id} with disableAndDeleteUserApplyAction in settings.applyActions, or POST a workflow with a userInactivityTrigger to https://graph.microsoft.com/v1.0/identityGovernance/lifecycleWorkflows/workflows
#     powershell: Set-MgIdentityGovernanceAccessReviewDefinition with the whole definition, or New-MgIdentityGovernanceLifecycleWorkflow.
#   controls:
#     guide: [G16, G27]
#   since: 0.1.0
package rules.lifecycle.automatic_removal

import data.lib.access_package
import data.lib.access_review
import data.lib.finding
import data.lib.guest_groups
import data.lib.lifecycle_workflow

_limits := data.settings.guests

_paths := {
	"reviews": ["governance", "accessReviews", "definitions"],
	"workflows": ["governance", "lifecycleWorkflows", "workflows"],
	"packages": ["governance", "entitlementManagement", "settings"],
}

_reviews := input.governance.accessReviews.definitions

_workflows := input.governance.lifecycleWorkflows.workflows

_packages := input.governance.entitlementManagement.settings

findings contains finding.at(_paths.reviews, "nothing deletes inactive guests by itself") if {
	not _removed
	count(_open) == 0
}

unknowns contains question if {
	not _removed
	some question in _open
}

notes contains finding.at(array.concat(_paths.packages, ["externalUserLifecycleAction"]), message) if {
	action := _packages.externalUserLifecycleAction
	message := $"what happens to guests who lose their last access package, and to no others: {action}"
}

_removed if {
	some review in _reviews
	_may_delete(review)
	_deletes(review)
}

_removed if {
	some workflow in _workflows
	lifecycle_workflow.deletes_guests(workflow, _limits.inactive_days) == "yes"
}

_removed if {
	_limits.access_package_cleanup_suffices
	access_package.leavers(_packages).days <= _limits.deletion_after_block_max_days
}

# What might remove guests for all that the snapshot tells.
_open contains finding.at(_paths[name], "not in the snapshot, so this may or may not delete guests") if {
	some name, _ in _paths
	not _settled[name]
}

_open contains finding.at(array.concat(_paths.reviews, [i]), message) if {
	some i, review in _reviews
	_may_delete(review)
	message := "deletes denied guests by itself; whether it reaches every inactive guest in time is not known"
}

_open contains finding.at(array.concat(_paths.workflows, [i]), message) if {
	some i, workflow in _workflows
	lifecycle_workflow.deletes_guests(workflow, _limits.inactive_days) == "unknown"
	message := "the snapshot does not tell whether this workflow deletes every inactive guest"
}

_open contains finding.at(array.concat(_paths.packages, leavers.steps), leavers.message) if {
	_limits.access_package_cleanup_suffices
	leavers := access_package.leavers(_packages)
	leavers.kind == "unknown"
}

_settled["reviews"] if is_array(_reviews)

_settled["workflows"] if is_array(_workflows)

_settled["workflows"] if {
	_has_plans
	not _has_governance
}

_settled["packages"] if is_object(_packages)

_settled["packages"] if not _limits.access_package_cleanup_suffices

# Lifecycle workflows need Entra ID Governance; a tenant with other plans only cannot have any.
_has_plans if is_array(input.licences.servicePlans)

_has_governance if {
	some plan in input.licences.servicePlans
	lower(plan.servicePlanId) == "e866a266-3cff-43a3-acca-0c90a7e00c8b"
}

# The review deletes whom nobody answers for; nothing is known that keeps it from doing so in time. After a review of all
# groups the service takes away membership, whatever it was told:
# https://learn.microsoft.com/en-us/entra/id-governance/create-access-review
_may_delete(review) if {
	access_review.reach(review, [])
	not access_review.enumerates(review)
	access_review.deletes(review)
	access_review.status(review) != "stopped"
	access_review.continues(review) != "no"
	review.settings.recurrence.pattern.type != null
	not _is_late(review)
	review.settings.autoApplyDecisionsEnabled == true
	review.settings.defaultDecisionEnabled == true
	review.settings.defaultDecision == "Deny"
}

# It runs, comes back often enough, and asks for every guest, or for all who have been inactive long enough. Deletion is
# there only for reviews of guests alone.
_deletes(review) if {
	access_review.status(review) == "running"
	access_review.continues(review) == "yes"
	access_review.interval_days(review) <= data.settings.access_reviews.max_interval_days
	access_review.idle_days(review) <= _limits.inactive_days
	not access_review.covers_members(review)
	count(access_review.places(review) & _groups.yes) > 0
}

_groups := guest_groups.named(data.settings.access_reviews.guest_groups)

_is_late(review) if access_review.interval_days(review) > data.settings.access_reviews.max_interval_days

_is_late(review) if access_review.idle_days(review) > _limits.inactive_days
