# METADATA
# title: Channels are shared outside only where a partner is approved
# description: |
#   A shared channel can take in people and teams of other organisations, who need no account here. Channels policies say
#   whether your people may share channels that way, and whether they may join the channels of others.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/microsoftteams/shared-channels
#     description: Shared channels in Microsoft Teams
#   - ref: https://learn.microsoft.com/en-us/microsoft-365/solutions/collaborate-teams-direct-connect
#     description: Collaborate with external participants in a shared channel
#   - ref: https://learn.microsoft.com/en-us/powershell/module/microsoftteams/set-csteamschannelspolicy
#     description: Set-CsTeamsChannelsPolicy
# custom:
#   id: TMS-012
#   severity: medium
#   severity_reason: Outsiders no list of guests shows get into a channel once direct connect lets their organisation in too.
#   requires:
#     - teams.channelsPolicies[].AllowChannelSharingToExternalUser
#     - teams.channelsPolicies[].AllowUserToParticipateInExternalSharedChannel
#   uses:
#     - crossTenantAccess.default
#     - crossTenantAccess.domainTenants
#     - crossTenantAccess.partnerNames
#     - crossTenantAccess.partners
#   settings: [partners, teams.unassigned_policies]
#   rationale: |
#     Two locks keep a channel from being shared outside. Teams has its own open, B2B direct connect in Microsoft Entra is
#     closed; one change there, made for one partner or for another application, and every owner of a shared channel can
#     use it. So Teams should be open only when the register allows somebody direct_connect, and then direct connect must
#     let in nobody else: inbound for channels that you share, outbound for those that your people join (XTA-003 says what
#     to change). Whether new shared channels may be made does not matter: those that exist can be shared all the same.
#     What was shared stays shared when a policy closes; TMS-013 looks at the channels themselves. Who holds a policy is
#     not in the snapshot, so each counts, except those that the settings name as held by nobody.
#   remediation:
#     portal: Teams admin center > Teams > Teams policies, in each policy turn off "Invite external users to shared channels" and "Join external shared channels".
#     graph: Microsoft Graph does not offer this setting.
#     powershell: Set-CsTeamsChannelsPolicy -Identity Global -AllowChannelSharingToExternalUser $false -AllowUserToParticipateInExternalSharedChannel $false
#   controls:
#     guide: [G10]
#   since: 0.1.0
package rules.teams.shared_channel_policies

import data.lib.cross_tenant
import data.lib.finding
import data.lib.partners
import data.lib.teams

_path := ["teams", "channelsPolicies"]

_policies := teams.in_force(input.teams.channelsPolicies, data.settings.teams.unassigned_policies)

# Each switch, what it does, and the direction of direct connect without which it does nothing.
_switches := {
	"AllowChannelSharingToExternalUser": {
		"doing": "lets owners share channels with people outside",
		"needs": "b2bDirectConnectInbound",
	},
	"AllowUserToParticipateInExternalSharedChannel": {
		"doing": "lets staff join the channels of other organisations",
		"needs": "b2bDirectConnectOutbound",
	},
}

findings contains finding.at(array.concat(_path, [i, switch]), message) if {
	some i, policy in _policies
	some switch, what in _switches
	policy[switch] == true
	why := _excess(what.needs)
	message := $"channels policy {policy.Identity} {what.doing}, {why} ({switch} is true)"
}

unknowns contains finding.at(array.concat(_path, [i, switch]), message) if {
	some i, policy in _policies
	some switch, what in _switches
	policy[switch] == true
	_undecided(what.needs)
	message := $"channels policy {policy.Identity} {what.doing}; whom direct connect lets through is not known"
}

unknowns contains finding.at(array.concat(_path, [i, switch]), message) if {
	some i, policy in _policies
	some switch, _ in _switches
	value := object.get(policy, switch, null)
	not is_boolean(value)
	message := $"{switch} of channels policy {policy.Identity} has the value {value}, which this version does not know"
}

unknowns contains finding.at(_path, "the Global channels policy is missing, so the list is not complete") if {
	is_array(input.teams.channelsPolicies)
	not teams.has_global(_policies)
}

# Why a direction of direct connect does not keep out all others than those whom the register allows.
_excess(direction) := "while the register allows nobody direct connect" if {
	not partners.allows_anybody("direct_connect")
} else := "and direct connect is open to every organisation" if {
	cross_tenant.gate_of_default(direction) == "open"
} else := "and direct connect is open to organisations to which the register does not allow it" if {
	"open" in _others(direction)
}

_undecided(direction) if {
	not _excess(direction)
	gates := _others(direction) | {cross_tenant.gate_of_default(direction)}
	"unknown" in gates
}

# The gates of partners whom the register does not allow direct connect.
_others(direction) := {cross_tenant.gate_of_partner(i, direction) |
	some i, _ in input.crossTenantAccess.partners
	not partners.allows_tenant(cross_tenant.id(i), "direct_connect")
} if {
	is_array(input.crossTenantAccess.partners)
} else := {"unknown"}
