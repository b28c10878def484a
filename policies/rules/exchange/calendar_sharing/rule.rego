# METADATA
# title: Calendars and contacts are shared with named domains only
# description: |
#   A sharing policy says with whom your people may share calendars and contacts on their own. The service's first
#   policy names everybody: every other organisation, and anyone who has the link.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/powershell/module/exchangepowershell/set-sharingpolicy
#     description: Set-SharingPolicy
#   - ref: https://learn.microsoft.com/en-us/exchange/sharing/sharing-policies/apply-a-sharing-policy
#     description: Apply a sharing policy to mailboxes in Exchange Online
# custom:
#   id: EXO-001
#   severity: medium
#   severity_reason: Anybody who asks sees when your people are away and with whom they meet; harm takes a person who uses it for fraud.
#   requires:
#     - exchange.sharingPolicies[].Enabled
#     - exchange.sharingPolicies[].Domains?
#   rationale: |
#     A calendar tells who meets whom, when, and when somebody is away; contacts tell whom to write to in whose name.
#     That is what fraud is prepared with. Every action for everybody is reported, plain free and busy times too: the
#     CISA baseline forbids both contacts and calendar details, CIS forbids calendars. A policy that is switched off is
#     not in force; ScubaGear reports it all the same, and takes any asterisk in an entry for everybody. Who holds a
#     policy is not in the snapshot, so each one in force counts.
#   remediation:
#     portal: Exchange admin center > Organization > Sharing > Individual sharing, open each policy, choose "Manage domains" and remove "Sharing with everyone" and "Anonymous"; or turn off the policy.
#     graph: Microsoft Graph does not offer this setting.
#     powershell: 'Set-SharingPolicy -Identity "Default Sharing Policy" -Domains "fabrikam.com: CalendarSharingFreeBusySimple"'
#   controls:
#     cis_m365_7.0: ["1.3.3"]
#     cis_m365_6.0.1: ["1.3.3"]
#     scuba: [MS.EXO.6.1, MS.EXO.6.2]
#     nist_800_53: [AC-3, SC-7(10)(a)]
#     iso_27001_2022: [A.5.2, A.8.2, A.8.20]
#     cis_controls_8.1: ["3.3"]
#   since: 0.1.0
package rules.exchange.calendar_sharing

import data.lib.finding

# https://learn.microsoft.com/en-us/powershell/module/exchangepowershell/set-sharingpolicy, in lower case.
_everybody := {"*": "every organisation", "anonymous": "anyone with the link"}

_actions := {
	"calendarsharingfreebusysimple",
	"calendarsharingfreebusydetail",
	"calendarsharingfreebusyreviewer",
	"contactssharing",
}

# The entries of the policies in force, such as `fabrikam.com: CalendarSharingFreeBusySimple, ContactsSharing`.
_entries contains {"path": path, "policy": policy.Identity, "text": entry, "parts": _parts(entry)} if {
	some i, policy in input.exchange.sharingPolicies
	policy.Enabled != false
	some j, entry in policy.Domains
	path := _at([i, "Domains", j])
}

_at(steps) := array.concat(["exchange", "sharingPolicies"], steps)

_parts(entry) := {"domain": domain, "actions": actions} if {
	[domain_text, actions_text] := split(lower(entry), ":")
	domain := trim_space(domain_text)
	actions := {trim_space(action) | some action in split(actions_text, ",")}
} else := {"domain": "", "actions": set()}

findings contains finding.at(entry.path, message) if {
	some entry in _entries
	who := _everybody[entry.parts.domain]
	count(entry.parts.actions - {""}) > 0
	message := $"sharing policy {entry.policy} lets mailboxes share with {who} ({entry.text})"
}

_understood(parts) if {
	parts.domain in object.keys(_everybody)
	count(parts.actions - {""}) > 0
}

_understood(parts) if {
	regex.match(`^[^\s*:.]+(\.[^\s*:.]+)+$`, parts.domain)
	count(parts.actions - _actions) == 0
}

unknowns contains finding.at(entry.path, message) if {
	some entry in _entries
	not _understood(entry.parts)
	message := $"sharing policy {entry.policy} has an entry that this version does not understand ({entry.text})"
}

unknowns contains finding.at(_at([i, "Domains"]), $"the domains of sharing policy {policy.Identity} were not read") if {
	some i, policy in input.exchange.sharingPolicies
	policy.Enabled != false
	not is_array(object.get(policy, "Domains", null))
}

unknowns contains finding.at(_at([]), "there is no sharing policy, not even the default one") if {
	count(input.exchange.sharingPolicies) == 0
}
