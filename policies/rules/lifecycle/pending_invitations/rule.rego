# METADATA
# title: Unanswered invitations are withdrawn
# description: |
#   An invitation makes an account at once, and whoever controls the invited mailbox can still take it up years later.
#   This rule lists the invitations that have waited for an answer longer than the organisation tolerates.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/external-id/user-properties
#     description: Properties of a B2B collaboration user
#   - ref: https://learn.microsoft.com/en-us/graph/api/invitation-post
#     description: Create an invitation, or send it again
# custom:
#   id: LIF-003
#   severity: medium
#   severity_reason: Somebody who gets at an old invitation mail redeems it long after it was meant; it takes that mail.
#   requires: [guests]
#   each: guests
#   settings: [guests.pending_invitation_days]
#   rationale: |
#     A forgotten invitation is a door that was opened for somebody who never came. The mailbox may have another owner
#     by now, and the groups that the account was put into are waiting. Invited members are judged like invited guests.
#     The wait is counted from the last change of the invitation's state: one that was reset is young.
#   remediation:
#     portal: Entra admin center > Entra ID > Users, filter on Invitation state "Pending acceptance"; delete the account, or resend the invitation from its overview page.
#     graph: DELETE https://graph.microsoft.com/v1.0/users/{id}
#     powershell: Remove-MgUser -UserId {id}
#   controls:
#     guide: [G01]
#   since: 0.1.0
package rules.lifecycle.pending_invitations

import data.lib.finding
import data.lib.guest

# https://learn.microsoft.com/en-us/graph/api/resources/user; null stands for accounts that were not invited.
_states := {"Accepted", "PendingAcceptance", null}

_limit := guest.days_ago(data.settings.guests.pending_invitation_days)

findings contains finding.at(array.concat(["guests", i], since.path), message) if {
	some i in _pending
	since := guest.invited(input.guests[i])
	moment := guest.moment(since.text)
	moment < _limit
	message := $"invitation unanswered since {substring(since.text, 0, 10)}, {guest.age(moment)} days ago"
}

unknowns contains finding.at(["guests", i], "no readable time tells since when the invitation is unanswered") if {
	some i in _pending
	not _dated(input.guests[i])
}

unknowns contains finding.at(["guests", i, "externalUserState"], message) if {
	some i in _odd
	state := input.guests[i].externalUserState
	message := $"externalUserState has the value {state}, which this version does not know"
}

unknowns contains finding.at(["guests", i], "the snapshot does not tell whether an invitation is unanswered") if {
	some i in _odd
	object.get(input.guests[i], "externalUserState", null) == null
}

_odd := {i | some i, _ in input.guests} - _known

# Found apart from the others, since there are a million of them.
_known := {i | some i, account in input.guests; account.externalUserState in _states}

_pending := [i | some i, account in input.guests; account.externalUserState == "PendingAcceptance"]

_dated(account) if guest.moment(guest.invited(account).text)
