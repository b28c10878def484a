# METADATA
# title: Guests come from approved organisations
# description: |
#   A list of approved domains stops new invitations, but it leaves alone everybody who was invited before the list
#   was made. This rule compares the home domain of every external account with the list.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/external-id/allow-deny-list
#     description: Allow or block invitations to organisations
#   - ref: https://learn.microsoft.com/en-us/entra/external-id/user-properties
#     description: Properties of a B2B collaboration user
# custom:
#   id: LIF-004
#   severity: medium
#   severity_reason: People of organisations that nobody approved are here; it takes an invitation by somebody inside.
#   requires: [guests, tenant.organization.verifiedDomains]
#   uses: [crossTenantAccess.domainTenants, crossTenantAccess.partnerNames, entra.b2bManagementPolicy]
#   each: guests
#   settings: [domains.approved, partners]
#   rationale: |
#     Whoever approves a partner means the people too who came in earlier. The list is domains.approved, with the domains
#     of partners in the register that are allowed guests or sync, and those that Graph says are of their tenants; where
#     all that is empty, the allow list that the tenant enforces for invitations. An entry means that domain alone;
#     "*.fabrikam.com" means everything below it. The domain is read from the mail address, or from the account's name
#     when there is no address or it is one of your own. Guests with an account of your own organisation are passed over.
#     Where a partner is registered by its tenant alone, and the snapshot does not hold whose domains are whose, a domain
#     that is not listed is unknown.
#   remediation:
#     portal: Entra admin center > Entra ID > Users, review the guest and delete the account, or approve the domain under External Identities > External collaboration settings > Collaboration restrictions.
#     graph: DELETE https://graph.microsoft.com/v1.0/users/{id}
#     powershell: Remove-MgUser -UserId {id}
#   controls:
#     guide: [G01]
#   since: 0.1.0
package rules.lifecycle.guest_domains

import data.lib.finding
import data.lib.guest
import data.lib.partners

_list := _decided if {
	_is_decided
} else := input.entra.b2bManagementPolicy.allowedDomains if {
	input.entra.b2bManagementPolicy.allowedDomains != null
}

_is_decided if count(_decided) > 0

_is_decided if _domains_are_open

_decided := _approved | _registered

_approved := {domain | some domain in data.settings.domains.approved}

_registered contains domain if {
	some entry in partners.entries
	_is_allowed(entry)
	some domain in entry.domains
}

_registered contains known.domainName if {
	some known in input.crossTenantAccess.domainTenants
	_is_allowed(partners.of_tenant(known.tenantId))
}

_registered contains named.defaultDomainName if {
	some named in input.crossTenantAccess.partnerNames
	_is_allowed(partners.of_tenant(named.tenantId))
}

_is_allowed(entry) if {
	some what in ["guests", "sync"]
	what in entry.allow
}

# Whose domains nobody can tell: any domain could be theirs.
_domains_are_open if {
	not input.crossTenantAccess.domainTenants
	some entry in partners.entries
	_is_allowed(entry)
	count(object.get(entry, "domains", [])) == 0
}

_entries := {lower(trim_space(entry)) | some entry in _list}

_suffixes := [substring(entry, 1, -1) | some entry in _entries; startswith(entry, "*.")]

_own := {lower(domain.name) | some domain in input.tenant.organization.verifiedDomains}

not_applicable contains "no list of approved domains is set" if {
	not _list
	input.entra.b2bManagementPolicy
}

findings contains finding.at(["guests", i, home.property], message) if {
	some i in _suspects
	not _domains_are_open
	home := _home(input.guests[i])
	message := $"comes from {home.domain}, which is not an approved domain"
}

unknowns contains finding.at(["guests", i, home.property], message) if {
	_domains_are_open
	some i in _suspects
	home := _home(input.guests[i])
	message := $"whether {home.domain} is of a registered tenant was not read"
}

unknowns contains finding.at(["guests", i], "no home domain can be read from mail or userPrincipalName") if {
	some i in _suspects
	not _has_home(input.guests[i])
}

unknowns contains finding.at(["entra", "b2bManagementPolicy"], message) if {
	not _list
	not input.entra.b2bManagementPolicy
	message := "not in the snapshot, and neither domains.approved nor partners names one: there is no list"
}

# Guests from elsewhere, and those who do not tell. The many whose address is plainly of an approved domain are found
# without a function call, which counts with a million guests; only the others are looked at closely.
_suspects := [i |
	_list
	some i in ({i | some i, _ in input.guests} - _plainly_welcome)
	not _is_welcome(input.guests[i])
]

_plainly_welcome := {i |
	some i, account in input.guests
	[_, domain] := split(lower(account.mail), "@")
	domain in _plain_entries
}

_plain_entries := _entries - _own

_is_welcome(account) if _is_approved(_home(account).domain)

_is_welcome(account) if {
	guest.is_own(account.userPrincipalName)
	guest.domain(_address(account)) in _own
}

_has_home(account) if _home(account)

_is_approved(domain) if domain in _entries

_is_approved(domain) if {
	some suffix in _suffixes
	endswith(domain, suffix)
}

_home(account) := {"property": "mail", "domain": domain} if {
	domain := guest.domain(account.mail)
	not domain in _own
} else := {"property": "userPrincipalName", "domain": guest.domain_of_name(account.userPrincipalName)}

_address(account) := account.mail if {
	account.mail != null
} else := account.userPrincipalName
