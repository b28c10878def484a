# METADATA
# title: Teams talks to chosen organisations only
# description: |
#   Federation lets people of other organisations find, call and write to yours in Teams without being guests. The
#   service opens it to every organisation in the world, an attacker's own included.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/microsoftteams/trusted-organizations-external-meetings-chat
#     description: Manage external meetings and chat with people and organizations using Microsoft identities
#   - ref: https://learn.microsoft.com/en-us/powershell/module/microsoftteams/set-cstenantfederationconfiguration
#     description: Set-CsTenantFederationConfiguration
#   - ref: https://learn.microsoft.com/en-us/powershell/module/microsoftteams/set-csexternalaccesspolicy
#     description: Set-CsExternalAccessPolicy
# custom:
#   id: TMS-001
#   severity: high
#   severity_reason: Anybody with a Teams account anywhere writes to and calls your people, and poses as the help desk.
#   requires:
#     - teams.tenantFederationConfiguration.AllowFederatedUsers
#     - teams.tenantFederationConfiguration.AllowedDomains?
#   uses: [teams.externalAccessPolicies]
#   settings: [teams.approved_federation_domains, teams.unassigned_policies, domains.consumer]
#   rationale: |
#     A chat from outside reaches staff where they trust what they read; help-desk fraud over Teams begins with one. A
#     list of partners closes that door to strangers, a list of blocked domains does not: attackers make a new one.
#     Three answers count. AllowFederatedUsers off closes federation for everybody, whatever else is set. Else the
#     tenant's list counts, and each external access policy, which may open for its holders what the list closes.
#
#     Therefore a tenant with a list is unknown here until its external access policies were read. ScubaGear, which does
#     not read them, passes it; Prowler fails every list and accepts nothing but federation switched off. Who holds a
#     policy is not in the snapshot, so each counts, except those that the settings name as held by nobody. An empty
#     list lets nobody in and passes. Where the tenant is open and the policies were not read, the open setting is
#     reported and a note says what was not read.
#   remediation:
#     portal: Teams admin center > Users > External access > Organization settings, choose "Allow only specific external domains" or "Block all external domains"; then give every custom policy the organisation's settings, or a list of its own.
#     graph: Microsoft Graph does not offer this setting.
#     powershell: Set-CsTenantFederationConfiguration -AllowedDomainsAsAList ([Collections.Generic.List[String]]@("fabrikam.com"))
#   controls:
#     cis_m365_7.0: ["8.2.1"]
#     scuba: [MS.TEAMS.2.1]
#     nist_800_53: [AC-3]
#     iso_27001_2022: [A.8.7, A.8.18, A.8.21, A.8.23]
#     cmmc_2.0: [AC.L1-b.1.iii, SC.L1-b.1.x, AC.L2-3.1.20, SC.L2-3.13.1]
#   since: 0.1.0
package rules.teams.federation_domains

import data.lib.finding
import data.lib.teams

_switch := ["teams", "tenantFederationConfiguration", "AllowFederatedUsers"]

_domains := ["teams", "tenantFederationConfiguration", "AllowedDomains"]

_policies_path := ["teams", "externalAccessPolicies"]

_tenant := input.teams.tenantFederationConfiguration

_policies := teams.in_force(object.get(input, _policies_path, []), data.settings.teams.unassigned_policies)

# Off, it outdoes every list and policy.
_federates if _tenant.AllowFederatedUsers == true

# Whom the tenant's own setting lets in. ConvertTo-Json writes AllowAllKnownDomains, which has no members, as {}.
_scope := "everybody" if {
	object.keys(_tenant.AllowedDomains) in [set(), {"AllowAllKnownDomains"}]
} else := "list" if {
	object.keys(_tenant.AllowedDomains) == {"AllowedDomain"}
	is_array(_tenant.AllowedDomains.AllowedDomain)
} else := "unknown"

_tenant_counts if not _nobody_follows_the_tenant

_nobody_follows_the_tenant if {
	teams.has_global(_policies)
	every policy in _policies {
		teams.federation(policy) in {"nobody", "list", "everybody"}
	}
}

findings contains finding.at(_domains, message) if {
	_federates
	_tenant_counts
	_scope == "everybody"
	message := "Teams federates with every domain (AllowedDomains is AllowAllKnownDomains)"
}

findings contains finding.at(_at(i, "CommunicationWithExternalOrgs"), message) if {
	_federates
	some i, policy in _policies
	teams.federation(policy) == "everybody"
	message := concat("", [
		$"external access policy {policy.Identity} opens federation for its holders ",
		$"(CommunicationWithExternalOrgs is {policy.CommunicationWithExternalOrgs})",
	])
}

findings contains finding.at(path, $"Teams federates with {domain}, which {fault}") if {
	some entry in _listed
	[path, domain] := entry
	_is_domain(domain)
	not _matches(domain, data.settings.teams.approved_federation_domains)
	fault := _fault(domain)
}

# What stands on the lists in force, each with its place.
_listed contains [array.concat(_domains, ["AllowedDomain", j, "Domain"]), _name(entry)] if {
	_federates
	_tenant_counts
	_scope == "list"
	some j, entry in _tenant.AllowedDomains.AllowedDomain
}

_listed contains [array.concat(_at(i, "AllowedExternalDomains"), [j]), domain] if {
	_federates
	some i, policy in _policies
	teams.federation(policy) == "list"
	some j, domain in policy.AllowedExternalDomains
}

_name(entry) := entry.Domain if {
	is_object(entry)
} else := entry

_at(i, property) := array.concat(_policies_path, [i, property])

_is_domain(text) if regex.match(`^[^\s@*=.]+(\.[^\s@*=.]+)+$`, text)

_matches(domain, patterns) if {
	some pattern in patterns
	glob.match(lower(pattern), null, lower(domain))
}

_fault(domain) := "anybody can have an address of" if {
	_matches(domain, data.settings.domains.consumer)
} else := "is not among the approved domains" if {
	count(data.settings.teams.approved_federation_domains) > 0
}

unknowns contains finding.at(_switch, message) if {
	value := _tenant.AllowFederatedUsers
	not is_boolean(value)
	message := $"AllowFederatedUsers has the value {value}, which this version does not know"
}

unknowns contains finding.at(_domains, "AllowedDomains is neither every domain nor a list of domains") if {
	_federates
	_tenant_counts
	_scope == "unknown"
}

unknowns contains finding.at(_policies_path, message) if {
	_federates
	not teams.has_global(_policies)
	message := "external access policies were not read, and one may let its holders talk to every domain"
}

unknowns contains finding.at(_at(i, "CommunicationWithExternalOrgs"), message) if {
	_federates
	some i, policy in _policies
	teams.federation(policy) == "unknown"
	message := $"external access policy {policy.Identity} does not tell whom its holders may talk to"
}

unknowns contains finding.at(_at(i, "AllowedExternalDomains"), message) if {
	_federates
	some i, policy in _policies
	teams.federation(policy) == "list"
	not is_array(object.get(policy, "AllowedExternalDomains", null))
	message := $"external access policy {policy.Identity} allows a list of domains that was not read"
}

unknowns contains finding.at(path, $"{domain} is not the name of a domain") if {
	some entry in _listed
	[path, domain] := entry
	not _is_domain(domain)
}

notes contains finding.at(_policies_path, "external access policies, which may narrow this, were not read") if {
	_federates
	_scope == "everybody"
	not teams.has_global(_policies)
}
