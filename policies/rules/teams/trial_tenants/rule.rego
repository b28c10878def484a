# METADATA
# title: Trial tenants cannot reach staff in Teams
# description: |
#   A trial tenant costs nothing and can bear any company's name. Teams can refuse every tenant that has none but trial
#   licences, both in chats and calls and as a signed-in participant of meetings.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/powershell/module/microsoftteams/set-cstenantfederationconfiguration
#     description: Set-CsTenantFederationConfiguration
#   - ref: https://learn.microsoft.com/en-us/microsoftteams/trusted-organizations-external-meetings-chat
#     description: Manage external meetings and chat with people and organizations using Microsoft identities
# custom:
#   id: TMS-004
#   severity: high
#   severity_reason: Anybody makes a trial tenant within minutes, with any name, and writes to your people from it.
#   requires:
#     - teams.tenantFederationConfiguration.ExternalAccessWithTrialTenants
#     - teams.tenantFederationConfiguration.AllowFederatedUsers
#   rationale: |
#     Whoever wants to pose as your bank or your help desk needs a tenant with a fitting name, and a trial is the
#     cheapest one. Blocked is the service's default. Single trial tenants on the list of exceptions are a decision and
#     do not fail the rule; they are noted. A snapshot that lacks the setting, as older exports do, is unknown here,
#     where Prowler passes it. Without federation the setting has no object.
#   remediation:
#     portal: Teams admin center > Users > External access > Organization settings, turn off "People in my organization can communicate with accounts in trial Teams tenant".
#     graph: Microsoft Graph does not offer this setting.
#     powershell: Set-CsTenantFederationConfiguration -ExternalAccessWithTrialTenants Blocked
#   controls:
#     cis_m365_7.0: ["8.2.4"]
#     cmmc_2.0: [AC.L1-b.1.iii, AC.L2-3.1.20]
#   since: 0.1.0
package rules.teams.trial_tenants

import data.lib.finding

_tenant := input.teams.tenantFederationConfiguration

_path := ["teams", "tenantFederationConfiguration", "ExternalAccessWithTrialTenants"]

_exceptions := ["teams", "tenantFederationConfiguration", "AllowedTrialTenantDomains"]

findings contains finding.at(_path, "trial tenants may reach staff (ExternalAccessWithTrialTenants is Allowed)") if {
	_tenant.AllowFederatedUsers != false
	_tenant.ExternalAccessWithTrialTenants == "Allowed"
}

unknowns contains finding.at(_path, message) if {
	_tenant.AllowFederatedUsers != false
	value := _tenant.ExternalAccessWithTrialTenants
	not value in ["Blocked", "Allowed"]
	message := $"ExternalAccessWithTrialTenants has the value {value}, which this version does not know"
}

not_applicable contains "Teams does not federate with other organisations (AllowFederatedUsers is false)" if {
	_tenant.AllowFederatedUsers == false
}

notes contains finding.at(_exceptions, $"trial tenants that may reach staff all the same: {concat(", ", names)}") if {
	_tenant.AllowFederatedUsers != false
	_tenant.ExternalAccessWithTrialTenants == "Blocked"
	names := [name | some name in _tenant.AllowedTrialTenantDomains]
	count(names) > 0
}
