# METADATA
# title: Staff cannot chat with personal Teams accounts
# description: |
#   Anybody can open a free Teams account that no organisation answers for. The service lets your people and the holders
#   of such accounts find, call and write to each other.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/microsoftteams/trusted-organizations-external-meetings-chat
#     description: Manage external meetings and chat with people and organizations using Microsoft identities
#   - ref: https://learn.microsoft.com/en-us/powershell/module/microsoftteams/set-csexternalaccesspolicy
#     description: Set-CsExternalAccessPolicy
# custom:
#   id: TMS-002
#   severity: high
#   severity_reason: Staff send content to personal accounts, and those accounts answer, outside every policy.
#   requires: [teams.tenantFederationConfiguration.AllowTeamsConsumer]
#   uses: [teams.externalAccessPolicies]
#   settings: [teams.unassigned_policies]
#   rationale: |
#     Nobody vouches for a personal account: there is no employer to ask, no sign-in rule and no record on the other
#     side, so what is said or sent there is out of your hands. The tenant's switch off closes this for everybody, since
#     policies apply only while it is on; with the switch on, every external access policy has to close it. Of the
#     policies Maester and Monkey365 look at Global alone; ScubaGear and Prowler look at the tenant alone. Who holds a
#     policy is not in the snapshot, so each counts, except those that the settings name as held by nobody. Government
#     clouds are not offered the feature; the switch is judged there too.
#   remediation:
#     portal: Teams admin center > Users > External access > Organization settings, turn off "People in my organization can communicate with Teams users whose accounts aren't managed by an organization".
#     graph: Microsoft Graph does not offer this setting.
#     powershell: Set-CsTenantFederationConfiguration -AllowTeamsConsumer $false
#   controls:
#     cis_m365_7.0: ["8.2.2"]
#     cis_m365_6.0.1: ["8.2.2"]
#     scuba: [MS.TEAMS.2.3]
#     nist_800_53: [CM-7, SC-7(10)(a)]
#     cmmc_2.0: [AC.L1-b.1.iii, SC.L1-b.1.x, AC.L2-3.1.20, SC.L2-3.13.1]
#   since: 0.1.0
package rules.teams.personal_accounts

import data.lib.finding
import data.lib.teams

_switch := "EnableTeamsConsumerAccess"

_path := ["teams", "tenantFederationConfiguration", "AllowTeamsConsumer"]

_policies_path := ["teams", "externalAccessPolicies"]

_policies := teams.in_force(object.get(input, _policies_path, []), data.settings.teams.unassigned_policies)

_tenant := teams.gate(input.teams.tenantFederationConfiguration, ["AllowTeamsConsumer"])

_global_closes if {
	some policy in _policies
	policy.Identity == "Global"
	teams.gate(policy, [_switch]) == "closed"
}

# What policies other than Global do where Global closes what the tenant opens.
_others contains [teams.gate(policy, [_switch]), array.concat(_policies_path, [i, _switch]), policy.Identity] if {
	_tenant == "open"
	_global_closes
	some i, policy in _policies
}

findings contains finding.at(_path, "staff may chat with personal Teams accounts (AllowTeamsConsumer is true)") if {
	_tenant == "open"
	not _global_closes
}

findings contains finding.at(path, message) if {
	some ["open", path, identity] in _others
	message := $"external access policy {identity} lets staff chat with personal Teams accounts ({_switch} is true)"
}

unknowns contains finding.at(_path, "AllowTeamsConsumer is neither true nor false") if _tenant == "unknown"

unknowns contains finding.at(path, $"{_switch} of external access policy {identity} is neither true nor false") if {
	some ["unknown", path, identity] in _others
}

notes contains finding.at(_policies_path, "external access policies, which may narrow this, were not read") if {
	_tenant == "open"
	not teams.has_global(_policies)
}
