# METADATA
# title: Every guest has a sponsor who is still here
# description: |
#   A sponsor is the person or group in your organisation who answers for a guest. This rule lists the guests who have
#   none, or whose sponsors are all blocked, are guests themselves, or are the guest.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/external-id/b2b-sponsors
#     description: Sponsors of B2B users
#   - ref: https://learn.microsoft.com/en-us/graph/api/user-post-sponsors
#     description: Add a sponsor in Microsoft Graph
# custom:
#   id: LIF-002
#   severity: medium
#   severity_reason: Nobody here can say why a guest is here, so nobody removes them; it takes time for that to matter.
#   requires: [guests, guests.sponsors]
#   each: guests
#   rationale: |
#     When nobody answers for a guest, nobody notices that the guest should have left. The service makes the inviter
#     the sponsor, but does nothing when the inviter leaves. The Zero Trust Assessment counts any sponsor, a blocked
#     account too; here a sponsor must be an enabled member of the organisation, or a group.
#   remediation:
#     portal: Entra admin center > Entra ID > Users > the guest > Properties > Job information > Sponsors.
#     graph: 'POST https://graph.microsoft.com/v1.0/users/{id}/sponsors/$ref {"@odata.id": "https://graph.microsoft.com/v1.0/users/{sponsor id}"}'
#     powershell: 'New-MgUserSponsorByRef -UserId {id} -BodyParameter @{"@odata.id" = "https://graph.microsoft.com/v1.0/users/{sponsor id}"}'
#   controls:
#     guide: [G01]
#     zt: ["21877"]
#   since: 0.1.0
package rules.lifecycle.guest_sponsors

import data.lib.finding
import data.lib.guest

findings contains finding.at(["guests", i, "sponsors"], "no sponsor") if {
	some i in _suspects
	input.guests[i].sponsors == []
}

findings contains finding.at(["guests", i, "sponsors"], message) if {
	some i in _unsponsored
	sponsors := input.guests[i].sponsors
	every sponsor in sponsors {
		_is_no_sponsor(sponsor, input.guests[i].id)
	}
	message := $"none of {count(sponsors)} sponsors is a group or an enabled member of the organisation"
}

unknowns contains finding.at(["guests", i, "sponsors"], "the snapshot does not tell who the sponsors are") if {
	some i in _suspects
	not _has_list(input.guests[i])
}

unknowns contains finding.at(["guests", i, "sponsors"], "the snapshot does not tell whether a sponsor is valid") if {
	some i in _unsponsored
	some sponsor in input.guests[i].sponsors
	not _is_no_sponsor(sponsor, input.guests[i].id)
}

# All but the many who have, at first sight, an enabled member of the organisation for a sponsor: those are found
# without a function call, which counts with a million guests. Only the others are looked at closely.
_suspects := {i | some i, _ in input.guests} - {i |
	some i, account in input.guests
	some sponsor in account.sponsors
	sponsor.accountEnabled == true
	sponsor.userType == "Member"
	sponsor.id != account.id
	indexof(lower(object.get(sponsor, "userPrincipalName", "")), "#ext#") < 0
}

# Guests who have sponsors, but none who is beyond doubt.
_unsponsored := {i |
	some i in _suspects
	count(input.guests[i].sponsors) > 0
	not _is_sponsored(input.guests[i])
}

_has_list(account) if is_array(account.sponsors)

_is_sponsored(account) if {
	some sponsor in account.sponsors
	_is_sponsor(sponsor, account.id)
}

_is_sponsor(sponsor, _) if sponsor["@odata.type"] == "#microsoft.graph.group"

_is_sponsor(sponsor, guest_id) if {
	sponsor.accountEnabled == true
	sponsor.userType == "Member"
	sponsor.id != guest_id
	not _is_foreign(sponsor)
}

_is_no_sponsor(sponsor, guest_id) if sponsor.id == guest_id

_is_no_sponsor(sponsor, _) if sponsor.accountEnabled == false

_is_no_sponsor(sponsor, _) if sponsor.userType == "Guest"

_is_no_sponsor(sponsor, _) if _is_foreign(sponsor)

_is_foreign(sponsor) if guest.is_foreign(sponsor.userPrincipalName)
