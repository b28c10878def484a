# METADATA
# title: Personal Teams accounts cannot start a chat with staff
# description: |
#   Even where your people may write to personal Teams accounts, the holders of such accounts need not be able to write
#   first. The service lets them find your people by address and open a chat or a call.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/microsoftteams/trusted-organizations-external-meetings-chat
#     description: Manage external meetings and chat with people and organizations using Microsoft identities
#   - ref: https://learn.microsoft.com/en-us/powershell/module/microsoftteams/set-cstenantfederationconfiguration
#     description: Set-CsTenantFederationConfiguration
# custom:
#   id: TMS-003
#   severity: high
#   severity_reason: Anybody with a personal account writes to your people first, and poses as the help desk.
#   requires:
#     - teams.tenantFederationConfiguration.AllowTeamsConsumer
#     - teams.tenantFederationConfiguration.AllowTeamsConsumerInbound
#   uses: [teams.externalAccessPolicies]
#   settings: [teams.unassigned_policies]
#   rationale: |
#     A free account takes a minute to make, can bear any name and costs nothing to lose: made for fraud in the name of
#     the help desk. Contact needs both switches of the tenant and both of the person's external access policy, so one
#     that is off closes it. Prowler reports the second switch even where the first makes it moot. Of the policies
#     Maester and Monkey365 look at Global alone; ScubaGear looks at the tenant alone. Who holds a policy is not in the
#     snapshot, so each counts, except those that the settings name as held by nobody. ScubaGear leaves government
#     tenants out, which are not offered the feature; the switches are judged there too.
#   remediation:
#     portal: Teams admin center > Users > External access > Organization settings, turn off "External users with Teams accounts not managed by an organization can contact users in my organization".
#     graph: Microsoft Graph does not offer this setting.
#     powershell: Set-CsTenantFederationConfiguration -AllowTeamsConsumerInbound $false
#   controls:
#     cis_m365_7.0: ["8.2.3"]
#     cis_m365_6.0.1: ["8.2.3"]
#     scuba: [MS.TEAMS.2.2]
#     nist_800_53: [CM-7, SI-8]
#     iso_27001_2022: [A.8.7, A.8.18, A.8.23]
#     cmmc_2.0: [AC.L1-b.1.iii, SC.L1-b.1.x, AC.L2-3.1.20, SC.L2-3.13.1]
#   since: 0.1.0
package rules.teams.personal_account_contact

import data.lib.finding
import data.lib.teams

_switches := ["EnableTeamsConsumerAccess", "EnableTeamsConsumerInbound"]

_path := ["teams", "tenantFederationConfiguration", "AllowTeamsConsumerInbound"]

_policies_path := ["teams", "externalAccessPolicies"]

_policies := teams.in_force(object.get(input, _policies_path, []), data.settings.teams.unassigned_policies)

_tenant := teams.gate(input.teams.tenantFederationConfiguration, ["AllowTeamsConsumer", "AllowTeamsConsumerInbound"])

_global_closes if {
	some policy in _policies
	policy.Identity == "Global"
	teams.gate(policy, _switches) == "closed"
}

# What policies other than Global do where Global closes what the tenant opens.
_others contains [teams.gate(policy, _switches), array.concat(_policies_path, [i, _switches[1]]), policy.Identity] if {
	_tenant == "open"
	_global_closes
	some i, policy in _policies
}

findings contains finding.at(_path, message) if {
	_tenant == "open"
	not _global_closes
	message := "personal Teams accounts may start a chat with staff (AllowTeamsConsumerInbound is true)"
}

findings contains finding.at(path, message) if {
	some ["open", path, identity] in _others
	message := concat("", [
		$"external access policy {identity} lets personal Teams accounts start a chat with its holders ",
		"(EnableTeamsConsumerInbound is true)",
	])
}

unknowns contains finding.at(_path, message) if {
	_tenant == "unknown"
	message := "AllowTeamsConsumer or AllowTeamsConsumerInbound is neither true nor false"
}

unknowns contains finding.at(path, message) if {
	some ["unknown", path, identity] in _others
	message := $"a switch of external access policy {identity} for personal accounts is neither true nor false"
}

notes contains finding.at(_policies_path, "external access policies, which may narrow this, were not read") if {
	_tenant == "open"
	not teams.has_global(_policies)
}
