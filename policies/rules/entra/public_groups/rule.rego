# METADATA
# title: Public groups are approved and hold no outsiders
# description: |
#   Anybody in the organisation can join a public Microsoft 365 group and read its files and mail without asking. People
#   write there as if among themselves; an outsider in such a group reads all of it.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/graph/api/resources/group
#     description: group in Microsoft Graph, group visibility options
#   - ref: https://learn.microsoft.com/en-us/microsoft-365/admin/create-groups/manage-groups
#     description: Manage groups in the Microsoft 365 admin center
# custom:
#   id: GST-011
#   severity: medium
#   severity_reason: Outsiders read what staff put into a group that looks internal, once somebody adds them or external members join unasked.
#   requires: [groups, groups.externalMembers]
#   each: groups
#   settings: [entra.approved_public_groups]
#   rationale: |
#     A public group has no owner who decides who gets in, so the people in it cannot know who reads. Each one should be a
#     decision (approved_public_groups, by object id), and one with outsiders among its members or owners is reported even
#     if it is approved: an exception for that belongs into a waiver, with an owner and an end. External members count as
#     outsiders; they can join a public group themselves. Security groups are passed over, whatever their visibility:
#     Turbot reports them. A group that hides its members is not public.
#   remediation:
#     portal: Microsoft 365 admin center > Teams & groups > Active teams & groups, choose the group > Settings > Privacy, Private; or remove the outsiders.
#     graph: 'PATCH https://graph.microsoft.com/v1.0/groups/{id} {"visibility": "Private"}'
#     powershell: Update-MgGroup -GroupId {id} -Visibility Private
#   controls:
#     guide: [G02]
#     cis_m365_7.0: ["1.2.1"]
#     cis_m365_6.0.1: ["1.2.1"]
#     iso_27001_2022: [A.5.2, A.5.33, A.8.2]
#     cis_controls_8.1: ["3.3"]
#   since: 0.1.0
package rules.entra.public_groups

import data.lib.finding

_approved := {lower(id) | some id in data.settings.entra.approved_public_groups}

_closed := {"private", "hiddenmembership"}

# What is no Microsoft 365 group, or not public, needs no further look.
_suspects[i] := group if {
	some i, group in input.groups
	not _is_other_kind(group)
	not _is_closed(group)
}

_is_closed(group) if lower(group.visibility) in _closed

_is_other_kind(group) if {
	is_array(group.groupTypes)
	not "Unified" in group.groupTypes
}

_public[i] := group if {
	some i, group in _suspects
	"Unified" in group.groupTypes
	lower(group.visibility) == "public"
}

findings contains finding.at(["groups", i, "visibility"], _fault(group)) if some i, group in _public

# One finding for each group, the worse one.
_fault(group) := $"public, with outsiders among its members or owners: {n}" if {
	n := count({id | some list in ["externalMembers", "externalOwners"]; some id in group[list]})
	n > 0
} else := "public, and not among the approved public groups" if {
	not lower(group.id) in _approved
}

unknowns contains finding.at(["groups", i, list], message) if {
	some i, group in _public
	some list, who in {"externalMembers": "are in it", "externalOwners": "own it"}
	not is_array(object.get(group, list, null))
	message := $"public; which outsiders {who} is not in the snapshot"
}

# Microsoft 365 groups cannot hold groups; should one do so, its members are read elsewhere.
unknowns contains finding.at(["groups", i, "memberGroups"], message) if {
	some i, group in _public
	count(group.memberGroups) > 0
	message := "public, and other groups are members of it, which may hold outsiders"
}

unknowns contains finding.at(["groups", i, "visibility"], message) if {
	some i, group in _suspects
	not _public[i]
	message := "the snapshot does not tell whether this is a public Microsoft 365 group"
}
