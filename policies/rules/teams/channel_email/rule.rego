# METADATA
# title: Teams channels take no e-mail
# description: |
#   A channel of a team can have a mail address, and what is sent there appears as a post for all its members. The
#   service lets anybody write who has learnt the address.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/powershell/module/microsoftteams/set-csteamsclientconfiguration
#     description: Set-CsTeamsClientConfiguration
# custom:
#   id: TMS-010
#   severity: low
#   severity_reason: Anybody who learns a channel's address puts mail into it; it has to be believed by somebody.
#   requires: [teams.clientConfiguration.AllowEmailIntoChannel]
#   rationale: |
#     Such an address is not one of your own domain, is made by any member and passes by the checks that your mail goes
#     through; a false message then stands among colleagues' posts. A list of permitted senders narrows this, but a
#     sender's domain is easily forged, so it is noted and does not pass. Monkey365 reads the switch the wrong way round
#     and reports it when it is off. ScubaGear leaves government tenants out, which are not offered the feature; the
#     switch is judged there too.
#   remediation:
#     portal: Teams admin center > Teams > Teams settings > Email integration, turn off "Users can send emails to a channel email address".
#     graph: Microsoft Graph does not offer this setting.
#     powershell: Set-CsTeamsClientConfiguration -Identity Global -AllowEmailIntoChannel $false
#   controls:
#     cis_m365_7.0: ["8.1.2"]
#     scuba: [MS.TEAMS.4.1]
#     nist_800_53: [SI-8, SC-7(10)(a), AC-4]
#   since: 0.1.0
package rules.teams.channel_email

import data.lib.finding

_client := input.teams.clientConfiguration

_path := ["teams", "clientConfiguration", "AllowEmailIntoChannel"]

_senders := ["teams", "clientConfiguration", "RestrictedSenderList"]

findings contains finding.at(_path, "channels take e-mail from outside Teams (AllowEmailIntoChannel is true)") if {
	_client.AllowEmailIntoChannel == true
}

unknowns contains finding.at(_path, "AllowEmailIntoChannel is neither true nor false") if {
	value := _client.AllowEmailIntoChannel
	not is_boolean(value)
}

notes contains finding.at(_senders, $"only {senders} may write to channels") if {
	_client.AllowEmailIntoChannel == true
	senders := trim_space(_client.RestrictedSenderList)
	senders != ""
}
