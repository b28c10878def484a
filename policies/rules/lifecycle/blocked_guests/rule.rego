# METADATA
# title: Blocked guests are deleted in the end
# description: |
#   Blocking stops a guest for as long as nobody unblocks the account, with every membership in place; deleting ends it.
#   No property says when an account was blocked, so this rule lists accounts that are blocked and have shown no sign
#   of life for longer than the organisation keeps them.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/identity/users/clean-up-stale-guest-accounts
#     description: Monitor and clean up stale guest accounts
#   - ref: https://learn.microsoft.com/en-us/graph/api/resources/user
#     description: user in Microsoft Graph
# custom:
#   id: LIF-006
#   severity: low
#   severity_reason: Nobody gets in with a blocked account; it waits to be enabled by mistake, with all its memberships.
#   requires: [guests, guests.signInActivity]
#   licence: [AAD_PREMIUM, AAD_PREMIUM_P2]
#   each: guests
#   settings: [guests.disabled_days, guests.exempt]
#   rationale: |
#     A blocked guest is one click away from being back in every team that the account still belongs to. The youngest
#     of all recorded times counts here: sign-ins, failed ones too, the answer to the invitation, and the creation.
#     A guest who was inactive long before being blocked yesterday is therefore listed at once; that is meant as a
#     list to clear, not as proof that the block is old. External members are judged like guests.
#   remediation:
#     portal: Entra admin center > Entra ID > Users, filter on Account enabled "No" and User type "Guest", delete the account; it can be restored for 30 days.
#     graph: DELETE https://graph.microsoft.com/v1.0/users/{id}
#     powershell: Remove-MgUser -UserId {id}
#   controls:
#     guide: [G27]
#   since: 0.1.0
package rules.lifecycle.blocked_guests

import data.lib.finding
import data.lib.guest

_limit := guest.days_ago(data.settings.guests.disabled_days)

_exempt := {lower(id) | some id in data.settings.guests.exempt}

findings contains finding.at(["guests", i, "accountEnabled"], message) if {
	some i in _suspects
	_dated(input.guests[i])
	latest := max([guest.moment(sign.text) | some sign in guest.signs_of_life(input.guests[i])])
	message := $"blocked, and without any activity for {guest.age(latest)} days"
}

unknowns contains finding.at(["guests", i], "blocked, but no readable time tells how long it has been idle") if {
	some i in _suspects
	not _dated(input.guests[i])
}

unknowns contains finding.at(["guests", i], "idle, and the snapshot does not tell whether the account is blocked") if {
	some i, account in input.guests
	not account.accountEnabled == true
	not account.accountEnabled == false
	not lower(account.id) in _exempt
	not _recent(account)
}

# The blocked accounts of which no recorded time is recent.
_suspects := [i |
	some i, account in input.guests
	account.accountEnabled == false
	not lower(account.id) in _exempt
	not _recent(account)
]

_recent(account) if {
	some sign in guest.signs_of_life(account)
	guest.moment(sign.text) >= _limit
}

_dated(account) if {
	signs := guest.signs_of_life(account)
	count(signs) > 0
	every sign in signs {
		guest.moment(sign.text)
	}
}
