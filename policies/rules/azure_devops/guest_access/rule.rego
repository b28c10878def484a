# METADATA
# title: Azure DevOps lets no guests in, unless it is meant to
# description: |
#   An organisation in Azure DevOps has its own switch for guests. Where external guest access is on, whoever is added
#   there reaches code, pipelines and the secrets that pipelines use.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/azure/devops/organizations/accounts/add-external-user
#     description: Add external users to your organization
#   - ref: https://learn.microsoft.com/en-us/azure/devops/organizations/accounts/change-application-access-policies
#     description: Change security policies for organizations
# custom:
#   id: AZDO-001
#   severity: medium
#   severity_reason: A guest reaches source code and pipelines as soon as somebody adds them to a project; adding them takes a colleague.
#   requires: [azureDevOps.policies]
#   settings: [azure_devops.guest_organizations]
#   rationale: |
#     Code and deployment keys are worth more to an attacker than most documents, and reviews of groups do not show who was
#     added in Azure DevOps. The policy is named for what it forbids, DisallowAadGuestUserAccess: stored as true it bars
#     guests, while the page that is exported turns its effective value round. No documentation says so, hence the rule
#     decides only where both values agree, and is unknown otherwise. An organisation in which partners are to work
#     belongs into azure_devops.guest_organizations.
#   remediation:
#     portal: Azure DevOps > Organization settings > Policies > User policies, turn off "External guest access".
#     graph: Microsoft Graph does not offer this setting.
#     powershell: Azure DevOps has no documented command for this setting; use its page.
#   controls: {}
#   since: 0.1.0
package rules.azure_devops.guest_access

import data.lib.finding
import data.settings.azure_devops as settings

_policy := "Policy.DisallowAadGuestUserAccess"

# The policies that decide, by their place. Any other is of no matter here.
_guest_policies[i] := policy if {
	some i, policy in input.azureDevOps.policies
	lower(policy.name) == lower(_policy)
}

_organization(policy) := policy.organization if {
	is_string(policy.organization)
} else := "without a name"

_meant_for_guests(policy) if {
	some name in settings.guest_organizations
	lower(name) == lower(policy.organization)
}

# What is stored, and what the page shows to be in force, which is its opposite.
_lets_guests_in(policy) if {
	policy.value == false
	policy.effectiveValue == true
}

_bars_guests(policy) if {
	policy.value == true
	policy.effectiveValue == false
}

findings contains finding.at(["azureDevOps", "policies", i, "value"], message) if {
	some i, policy in _guest_policies
	_lets_guests_in(policy)
	not _meant_for_guests(policy)
	message := $"organisation {_organization(policy)} lets guests in (DisallowAadGuestUserAccess is stored as false)"
}

unknowns contains finding.at(["azureDevOps", "policies", i], message) if {
	some i, policy in _guest_policies
	not _lets_guests_in(policy)
	not _bars_guests(policy)
	not _meant_for_guests(policy)
	name := _organization(policy)
	message := $"whether organisation {name} lets guests in is open: value and effectiveValue do not agree, or are missing"
}

unknowns contains finding.at(["azureDevOps", "policies", i], "the organisation's name was not read") if {
	some i, policy in _guest_policies
	_lets_guests_in(policy)
	not is_string(object.get(policy, "organization", null))
}

unknowns contains finding.at(["azureDevOps", "policies", i], "the policy's name was not read") if {
	some i, policy in input.azureDevOps.policies
	not is_string(object.get(policy, "name", null))
}

# An organisation of which only other policies were read.
unknowns contains finding.at(["azureDevOps", "policies", i], message) if {
	some i, policy in input.azureDevOps.policies
	is_string(policy.name)
	not _guest_policies[i]
	name := _organization(policy)
	not name in _read
	not _meant_for_guests(policy)
	message := $"whether organisation {name} lets guests in is open: its {_policy} was not read"
}

unknowns contains finding.at(["azureDevOps", "policies"], $"no organisation's {_policy} was read") if {
	count(_guest_policies) == 0
}

_read contains _organization(policy) if some policy in _guest_policies

notes contains finding.at(["azureDevOps", "policies"], message) if {
	count(_read) > 0
	message := $"organisations that were read, and no others: {concat(", ", sort(_read))}"
}
