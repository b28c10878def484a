# METADATA
# title: Every group with outsiders in it is reviewed
# description: |
#   An access review asks about the guests of certain groups. This rule lists the groups that hold outsiders, as members or
#   owners, and that no recurring review of guests reaches often enough: whoever is in them is never asked about.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/id-governance/create-access-review
#     description: Create an access review of groups and applications
#   - ref: https://learn.microsoft.com/en-us/graph/accessreviews-scope-concept
#     description: Configure the scope of an access review
# custom:
#   id: AR-004
#   severity: medium
#   severity_reason: An outsider in a group that no review reaches keeps what the group gives until somebody happens to remember it.
#   requires: [groups, groups.externalMembers, governance.accessReviews.definitions]
#   uses: [guests]
#   licence: [AAD_PREMIUM_P2, Entra_Identity_Governance]
#   each: groups
#   settings:
#     - access_reviews.guest_groups
#     - access_reviews.max_interval_days
#   rationale: |
#     AR-001 asks for one good review of every Microsoft 365 group. That review leaves out security groups, and Microsoft
#     leaves out of it groups with dynamic membership and those that can be assigned to roles: outsiders in such groups need
#     a review that names the group. A review counts that runs, goes on, comes back within max_interval_days and asks about
#     every guest, not about inactive ones alone. How good it is, AR-001 says. Outsiders in a nested group are looked for in
#     that group. A review asks about members; PRV-002 is about owners. A review of guests leaves out external users with
#     userType Member, whom only a review of everybody asks about: they are reported where no such review reaches them.
#     The review of a group in guest_groups is one of every guest if it deletes who is denied, as for AR-001; for the
#     group itself one of inactive guests is enough that deletes them, as nobody can be taken out of it otherwise.
#   remediation:
#     portal: Entra admin center > ID Governance > Access Reviews > New access review, choose Teams + Groups and "Select Teams + groups", the groups listed here, guest users only, monthly without an end.
#     graph: POST https://graph.microsoft.com/v1.0/identityGovernance/accessReviews/definitions with the scope /groups/{id}/transitiveMembers/microsoft.graph.user/?$filter=(userType eq 'Guest')
#     powershell: New-MgIdentityGovernanceAccessReviewDefinition with that scope.
#   controls:
#     guide: [G14, G22]
#   since: 0.1.0
package rules.governance.group_review_coverage

import data.lib.access_review
import data.lib.finding
import data.lib.guest_groups

_settings := data.settings.access_reviews

_guest_groups := guest_groups.named(_settings.guest_groups)

_verdicts := ["yes", "no", "unknown"]

# What the reviews ask for, by whether they count. Worked out once, not for every group.
_places := {verdict: {place | some definition in _reviews[verdict]; some place in _places_of(definition)} |
	some verdict in _verdicts
}

# The same of those that ask about external members too.
_member_places := {verdict: {place |
	some definition in _reviews[verdict]
	access_review.covers_members(definition)
	some place in _places_of(definition)
} |
	some verdict in _verdicts
}

# With "guests" or "guests?" where everybody in a group of all guests is asked about for certain, or perhaps.
_places_of(definition) := places | {everywhere |
	access_review.deletes(definition)
	access_review.idle_days(definition) == 0
	some answer, everywhere in {"yes": "guests", "unknown": "guests?"}
	count(places & _guest_groups[answer]) > 0
} if {
	places := access_review.places(definition)
}

_reviews := {verdict: {definition |
	some definition in input.governance.accessReviews.definitions
	_counts(definition) == verdict
} |
	some verdict in _verdicts
}

_counts(definition) := "no" if {
	_fails(definition)
} else := "yes" if {
	access_review.status(definition) == "running"
	access_review.continues(definition) == "yes"
	access_review.interval_days(definition) <= _settings.max_interval_days
	_asks_enough(definition)
} else := "unknown"

_fails(definition) if access_review.status(definition) == "stopped"

_fails(definition) if access_review.continues(definition) == "no"

_fails(definition) if object.get(definition, ["settings", "recurrence", "pattern", "type"], null) == null

_fails(definition) if access_review.interval_days(definition) > _settings.max_interval_days

_fails(definition) if {
	access_review.idle_days(definition) > 0
	not _asks_enough(definition)
}

_asks_enough(definition) if access_review.idle_days(definition) == 0

# Nobody can be taken out of a dynamic group of all guests; to delete those who are inactive is what is left.
_asks_enough(definition) if {
	access_review.deletes(definition)
	access_review.idle_days(definition) > 0
	every place in access_review.places(definition) {
		place in _guest_groups.yes
	}
}

# The groups with outsiders in them that no review reaches for certain.
_exposed[i] := count(outsiders) if {
	some i, group in input.groups
	outsiders := {id | some list in ["externalMembers", "externalOwners"]; some id in group[list]}
	count(outsiders) > 0
	_reach(_places.yes, group) != "yes"
}

# The members of groups whom a review of guests leaves out, or may leave out, where guests are asked about for certain.
_left_out[i] := {state: {id | some id in ids; _state(id) == state} | some state in ["member", "unknown"]} if {
	some i, group in input.groups
	ids := group.externalMembers
	count(ids) > 0
	not _exposed[i]
	_reach(_member_places.yes, group) != "yes"
}

_accounts := reach.accounts(input, {id | some group in input.groups; some id in group.externalMembers})

_state(id) := "member" if {
	_accounts.users[id] == "Member"
} else := "guest" if {
	_accounts.users[id] == "Guest"
} else := "unknown"

_may_be_asked(i) if _reach(_member_places.yes, input.groups[i]) == "maybe"

_may_be_asked(i) if _reach(_member_places.unknown, input.groups[i]) != "no"

findings contains finding.at(["groups", i], message) if {
	some i, left_out in _left_out
	count(left_out.member) > 0
	not _may_be_asked(i)
	n := count(left_out.member)
	message := $"external members (userType Member) in this group: {n}; its reviews ask about guests alone"
}

unknowns contains finding.at(["groups", i], message) if {
	some i, left_out in _left_out
	count(left_out.member) > 0
	_may_be_asked(i)
	message := "whether a review asks about the external members of this group is not known"
}

unknowns contains finding.at(["groups", i], message) if {
	some i, left_out in _left_out
	count(left_out.unknown) > 0
	count(left_out.member) == 0
	message := "whether all outsiders in this group are guests, whom alone its reviews ask about, is not known"
}

_is_open(i) if _reach(_places.yes, input.groups[i]) == "maybe"

_is_open(i) if _reach(_places.unknown, input.groups[i]) != "no"

findings contains finding.at(["groups", i], $"outsiders in this group: {n}; {_why(i)}") if {
	some i, n in _exposed
	not _is_open(i)
}

unknowns contains finding.at(["groups", i], "whether a review reaches the outsiders in this group is not known") if {
	some i, _ in _exposed
	_is_open(i)
}

unknowns contains finding.at(["groups", i], "the snapshot does not tell which outsiders are in this group") if {
	some i, group in input.groups
	not _has(group, "externalMembers")
	not _exposed[i]
}

_has(group, list) if is_array(group[list])

_why(i) := "no access review reaches them" if {
	_reach(_places.no, input.groups[i]) == "no"
} else := $"no review that asks about all of them goes on at least every {_settings.max_interval_days} days"

_reach(places, group) := "yes" if {
	_is_reached(places, group)
} else := "maybe" if {
	_may_be_reached(places, group)
} else := "no"

_is_reached(places, group) if lower(group.id) in places

_is_reached(places, _) if "guests" in places

_is_reached(places, group) if {
	count(places & {"*", "**"}) > 0
	_is_enumerated(group)
}

_is_reached(places, group) if {
	"teams" in places
	"Team" in group.resourceProvisioningOptions
	_is_enumerated(group)
}

# Microsoft leaves dynamic and role-assignable groups out when it goes through all of them.
_is_enumerated(group) if {
	"Unified" in group.groupTypes
	not "DynamicMembership" in group.groupTypes
	object.get(group, "isAssignableToRole", null) in [false, null]
}

_may_be_reached(places, _) if count(places & {"groups?", "guests?"}) > 0

# Whether a review of /groups goes beyond Microsoft 365 groups is not documented.
_may_be_reached(places, _) if "**" in places

_may_be_reached(places, group) if {
	count(places & {"*", "teams"}) > 0
	not _has(group, "groupTypes")
}

_may_be_reached(places, group) if {
	"teams" in places
	not _has(group, "resourceProvisioningOptions")
	_is_enumerated(group)
}
