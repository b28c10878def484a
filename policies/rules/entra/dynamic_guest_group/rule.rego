# METADATA
# title: A dynamic group of all guests exists and works
# description: |
#   A group that takes in every guest by itself is what policies and access reviews can be pointed at. It helps only if its
#   rule leaves nobody out and the service still keeps it up to date.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/external-id/use-dynamic-groups
#     description: Dynamic groups in B2B collaboration
#   - ref: https://learn.microsoft.com/en-us/entra/identity/users/groups-dynamic-membership
#     description: Rules for dynamic membership groups
# custom:
#   id: GST-010
#   severity: low
#   severity_reason: Guests who are in no such group are easily forgotten by reviews and policies; by itself that lets nobody in.
#   requires: [tenant.organization]
#   uses: [groups]
#   licence: [AAD_PREMIUM]
#   settings: [entra.dynamic_guest_group_required]
#   rationale: |
#     CIS asked for such a group until version 6 and dropped it in 7: Conditional Access and access reviews can name guests
#     without one. It is therefore judged only where dynamic_guest_group_required says so, as the profile cis-m365-6.0 does;
#     a review that deletes guests still needs one (LIF-005). The rule of the group is read as Entra ID reads it: any way of
#     saying that userType is Guest counts, in any case and order, with -eq, -in or -ne "Member". One that asks for something
#     besides takes in some guests only, one that takes in colleagues too is no group of guests, and a paused one keeps
#     whoever was in it. Prowler, Maester and Turbot compare the text. External members (userType Member) are in the group
#     only if its rule names them, by "#EXT#" in the userPrincipalName for example.
#   remediation:
#     portal: Entra admin center > Groups > New group, membership type Dynamic User, rule (user.userType -eq "Guest").
#     graph: 'POST https://graph.microsoft.com/v1.0/groups {"displayName": "All guests", "mailEnabled": false, "mailNickname": "allguests", "securityEnabled": true, "groupTypes": ["DynamicMembership"], "membershipRule": "(user.userType -eq \"Guest\")", "membershipRuleProcessingState": "On"}'
#     powershell: New-MgGroup -DisplayName "All guests" -MailEnabled:$false -MailNickname allguests -SecurityEnabled -GroupTypes DynamicMembership -MembershipRule '(user.userType -eq "Guest")' -MembershipRuleProcessingState On
#   controls:
#     cis_m365_6.0.1: ["5.1.3.1"]
#   since: 0.1.0
package rules.entra.dynamic_guest_group

import data.lib.finding

_required if data.settings.entra.dynamic_guest_group_required

# Whether a group exists takes all groups to tell, of which a rule sees a few at a time; the model reads them all.
_answer := access.guest_groups(input) if _required

# The groups belong to the tenant, of whose configuration they are the only part that streams.
_place := ["tenant", "organization"]

_works if {
	some group in _answer.groups
	group.takes == "every"
	group.runs == "yes"
}

# Groups that do not do it, or may not, with what is wrong with them.
_fault(group) := "takes in some guests only" if {
	group.takes == "some"
} else := "is paused" if {
	group.runs == "paused"
}

_doubt(group) := "has a rule that cannot be read" if {
	group.takes == "unknown"
} else := "does not tell whether it is kept up to date"

_faulty contains group if {
	some group in _answer.groups
	_fault(group)
}

_doubtful := {group | some group in _answer.groups} - _faulty

findings contains finding.at(_place, "no dynamic group takes in every guest") if {
	_answer.whole
	not _works
	count(_doubtful) == 0
}

unknowns contains finding.at(_place, message) if {
	_answer.whole == false
	not _works
	message := "the snapshot does not hold every group, and none of those there takes in every guest"
}

unknowns contains finding.keyed(_place, group.id, $"group {group.name} ({group.id}) {_doubt(group)}") if {
	not _works
	some group in _doubtful
}

notes contains finding.keyed(_place, group.id, $"group {group.name} ({group.id}) {_fault(group)}: {group.rule}") if {
	some group in _faulty
}

not_applicable contains "no dynamic group of guests is asked for (entra.dynamic_guest_group_required)" if not _required
