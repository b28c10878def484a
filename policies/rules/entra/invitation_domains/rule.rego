# METADATA
# title: Guests may be invited from listed domains only
# description: |
#   Microsoft Entra ID can limit invitations to a list of domains. As the service ships it there is no list, so that an
#   invitation may go to any address in the world, a private mailbox or a mistyped domain included.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/external-id/allow-deny-list
#     description: Allow or block invitations to organisations
#   - ref: https://learn.microsoft.com/en-us/graph/api/resources/b2bmanagementpolicy?view=graph-rest-beta
#     description: b2bManagementPolicy in Microsoft Graph (beta)
# custom:
#   id: GST-003
#   severity: medium
#   severity_reason: A stranger gets an account only if somebody who may invite invites her, but then from any domain, a private mailbox included.
#   requires: [entra.b2bManagementPolicy]
#   settings: [domains.consumer]
#   rationale: |
#     The organisations that you work with are a short list. With it, whoever invites cannot be talked into letting in an
#     address that merely looks like a partner's. A list of blocked domains does not help: it lets everybody else in, and a
#     new domain costs little. An empty list of allowed domains lets nobody be invited and passes; the Zero Trust Assessment
#     and Monkey365 fail it. An entry where anybody can have an address (domains.consumer), a wildcard or a bare ending such
#     as com is no list of organisations and fails: Prowler passes any list. Microsoft documents names of domains only.
#     The list does not touch guests who are here already (LIF-004), nor cross-tenant synchronization, and SharePoint has
#     a list of its own (SPO-003).
#   remediation:
#     portal: Entra admin center > External Identities > External collaboration settings > Collaboration restrictions, choose "Allow invitations only to the specified domains (most restrictive)" and list the domains of your partners.
#     graph: 'PATCH https://graph.microsoft.com/beta/policies/b2bManagementPolicies/{id} {"definition": ["{\"B2BManagementPolicy\":{\"InvitationsAllowedAndBlockedDomainsPolicy\":{\"AllowedDomains\":[\"partner.example\"]}}}"]} with what else the definition holds'
#     powershell: Invoke-MgGraphRequest with that request; Microsoft Graph PowerShell has no command for it.
#   controls:
#     guide: [G07]
#     cis_m365_7.0: ["5.1.6.1"]
#     scuba: [MS.AAD.8.3]
#     zt: ["21822", "21874"]
#     nist_800_53: [AC-3]
#   since: 0.1.0
package rules.entra.invitation_domains

import data.lib.finding

_place := ["entra", "b2bManagementPolicy"]

_allowed_path := array.concat(_place, ["allowedDomains"])

# A policy that has no list, or no policy at all, limits nothing; both are an object without the list.
_allowed := input.entra.b2bManagementPolicy.allowedDomains if {
	is_array(input.entra.b2bManagementPolicy.allowedDomains)
}

# Entries, in lower case, by what is written.
_entries[entry] := lower(trim_space(entry)) if some entry in _allowed

_consumer := {lower(domain) | some domain in data.settings.domains.consumer}

findings contains finding.at(_place, "people of any domain may be invited: there is no list of domains") if {
	_policy_read
	not _allowed
	not _blocks
}

findings contains finding.at(array.concat(_place, ["blockedDomains"]), message) if {
	not _allowed
	_blocks
	message := "the list says only who may not be invited (blockedDomains), so people of any other domain may be"
}

findings contains finding.keyed(_allowed_path, domain, $"{domain} is allowed, where anybody can have an address") if {
	some domain in _entries
	domain in _consumer
}

findings contains finding.keyed(_allowed_path, domain, message) if {
	some domain in _entries
	_is_wide(domain)
	message := $"{domain} is allowed, which is wider than one organisation"
}

unknowns contains finding.keyed(_allowed_path, domain, message) if {
	some domain in _entries
	not _is_wide(domain)
	not _is_name(domain)
	message := $"{domain} is allowed, which is not the name of a domain"
}

_policy_read if input.entra.b2bManagementPolicy

_blocks if count(input.entra.b2bManagementPolicy.blockedDomains) > 0

# All domains below another one, or all with one ending.
_is_wide(domain) if contains(domain, "*")

_is_wide(domain) if regex.match(`^\.*[^\s@:/.]+\.*$`, domain)

_is_name(domain) if regex.match(`^[^\s@:/.]+(\.[^\s@:/.]+)+$`, domain)
