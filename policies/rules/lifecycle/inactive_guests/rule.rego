# METADATA
# title: Guests who stopped signing in are removed
# description: |
#   An account that its owner no longer uses is noticed by nobody when somebody else uses it. This rule lists every
#   enabled external account without a successful sign-in for longer than the organisation tolerates.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/identity/users/clean-up-stale-guest-accounts
#     description: Monitor and clean up stale guest accounts
#   - ref: https://learn.microsoft.com/en-us/entra/identity/monitoring-health/howto-manage-inactive-user-accounts
#     description: How to manage inactive user accounts
#   - ref: https://learn.microsoft.com/en-us/graph/api/resources/signinactivity
#     description: signInActivity in Microsoft Graph
# custom:
#   id: LIF-001
#   severity: high
#   severity_reason: An account that nobody uses is taken over without anybody noticing, and all its access with it.
#   requires: [guests, guests.signInActivity]
#   licence: [AAD_PREMIUM, AAD_PREMIUM_P2]
#   each: guests
#   settings: [guests.inactive_days, guests.exempt]
#   rationale: |
#     Projects end and consultants change employers, but the account stays and opens the same files. External members
#     are judged like guests: the Zero Trust Assessment asks for userType Guest only and misses them. An account that
#     does not say whether it is enabled counts as enabled. Where the service has no successful sign-in on record (it
#     keeps them since December 2023) the last attempt counts if it is older than that, then the answer to the invitation,
#     then the creation. Later attempts failed, so that they show nobody's use.
#     An invitation that was never answered is a matter of its own (LIF-003) and is not repeated here.
#   remediation:
#     portal: Entra admin center > ID Governance > Dashboard > Guest access governance > View inactive guests; then Entra ID > Users, block the guest, and delete the account when nobody misses it.
#     graph: 'PATCH https://graph.microsoft.com/v1.0/users/{id} {"accountEnabled": false}, later DELETE https://graph.microsoft.com/v1.0/users/{id}'
#     powershell: Update-MgUser -UserId {id} -AccountEnabled:$false, later Remove-MgUser -UserId {id}
#   controls:
#     guide: [G27]
#     zt: ["21858"]
#   since: 0.1.0
package rules.lifecycle.inactive_guests

import data.lib.finding
import data.lib.guest

_limit := guest.days_ago(data.settings.guests.inactive_days)

_exempt := {lower(id) | some id in data.settings.guests.exempt}

_how := {
	"success": "last signed in on",
	"attempt": "last tried to sign in on",
	"client": "last tried to sign in through a program on",
	"state": "no successful sign-in on record, invitation answered on",
	"created": "no successful sign-in on record, created on",
}

findings contains finding.at(array.concat(["guests", i], last.path), message) if {
	some i in _suspects
	last := guest.last_activity(input.guests[i])
	moment := guest.moment(last.text)
	moment < _limit
	message := $"{_how[last.kind]} {substring(last.text, 0, 10)}, {guest.age(moment)} days ago"
}

unknowns contains finding.at(["guests", i], "no readable time tells when the account was last used") if {
	some i in _suspects
	not _dated(input.guests[i])
}

# The few whose last successful sign-in is not recent. The many whose is are found without a function call, which counts
# with a million guests; only the others are looked at closely.
_suspects := [i |
	some i in ({i | some i, _ in input.guests} - _recent)
	account := input.guests[i]
	not account.accountEnabled == false
	not account.externalUserState == "PendingAcceptance"
	not lower(account.id) in _exempt
]

_recent := {i |
	some i, account in input.guests
	last := time.parse_rfc3339_ns(account.signInActivity.lastSuccessfulSignInDateTime)
	last >= _limit
	last <= guest.latest
}

_dated(account) if guest.moment(guest.last_activity(account).text)
