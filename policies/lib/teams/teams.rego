# METADATA
# description: |
#   What rules about Teams share. Most of its settings live in policies: Global for everybody who holds no other, and
#   tagged ones. The snapshot does not tell who holds which, so every policy counts unless the settings say that nobody
#   holds it.
package lib.teams

import data.lib.finding

# METADATA
# description: The policies that count, by their index in the snapshot. Global cannot be left out.
in_force(policies, unassigned) := {i: policy |
	some i, policy in policies
	not _nobody_holds(policy, unassigned)
}

_nobody_holds(policy, unassigned) if {
	policy.Identity != "Global"
	policy.Identity in unassigned
}

# METADATA
# description: Whether the policy that every tenant has is among them; without it the list was not read.
has_global(policies) if {
	some policy in policies
	policy.Identity == "Global"
}

# METADATA
# description: |
#   What one configuration or policy does to a contact that needs all of the switches: open, closed, or unknown when a
#   switch that matters is neither on nor off.
gate(settings, switches) := "closed" if {
	some switch in switches
	settings[switch] == false
} else := "open" if {
	every switch in switches {
		settings[switch] == true
	}
} else := "unknown"

# METADATA
# description: |
#   Whom the holders of an external access policy may talk to while the tenant federates at all: nobody, a list,
#   everybody, or whom the tenant says; unknown when the policy does not tell. Global is bound to the tenant's answer.
#   https://learn.microsoft.com/en-us/powershell/module/microsoftteams/set-csexternalaccesspolicy
federation(policy) := "nobody" if {
	policy.EnableFederationAccess == false
} else := _reach[policy.CommunicationWithExternalOrgs] if {
	policy.EnableFederationAccess == true
} else := "tenant" if {
	policy.EnableFederationAccess == true
	policy.Identity == "Global"
	object.get(policy, "CommunicationWithExternalOrgs", null) == null
} else := "unknown"

_reach := {
	"OrganizationDefault": "tenant",
	"AllowAllExternalDomains": "everybody",
	"BlockSpecificExternalDomains": "everybody",
	"AllowSpecificExternalDomains": "list",
	"BlockAllExternalDomains": "nobody",
}

# METADATA
# description: A finding for every meeting policy in which the switch is on; doing says what such a policy does.
switched_on(policies, switch, doing) := {found |
	some i, policy in policies
	policy[switch] == true
	found := finding.at(
		["teams", "meetingPolicies", i, switch],
		$"meeting policy {policy.Identity} {doing} ({switch} is true)",
	)
}

# METADATA
# description: |
#   The unknowns of a rule that asks meeting policies for switches: one is neither on nor off, or Global is missing.
undecided(policies, switches) := _without_global(policies) | {found |
	some i, policy in policies
	some switch in switches
	value := object.get(policy, switch, null)
	not is_boolean(value)
	found := finding.at(
		["teams", "meetingPolicies", i, switch],
		$"{switch} of meeting policy {policy.Identity} has the value {value}, which this version does not know",
	)
}

_without_global(policies) := set() if {
	has_global(policies)
} else := {finding.at(
	["teams", "meetingPolicies"],
	"the Global meeting policy is missing, so the list is not complete",
)}
