# METADATA
# title: Outsiders sign in from approved places alone
# description: |
#   Where somebody signs in from says something about who it is. This rule decides whether outsiders are blocked
#   everywhere but in the trusted locations or countries of the settings, and whether a trusted location is the whole
#   Internet.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/identity/conditional-access/policy-block-by-location
#     description: Block access by location
#   - ref: https://learn.microsoft.com/en-us/entra/identity/conditional-access/concept-assignment-network
#     description: Network as a condition
# custom:
#   id: CA-006
#   severity: medium
#   severity_reason: Stolen credentials of a guest work from every country; it takes a second failure, such as passed-on codes.
#   requires: [conditionalAccess.policies]
#   uses:
#     - applications.servicePrincipals
#     - conditionalAccess.authenticationStrengthPolicies
#     - conditionalAccess.namedLocations
#     - crossTenantAccess.default
#     - crossTenantAccess.domainTenants
#     - crossTenantAccess.partnerNames
#     - crossTenantAccess.partners
#     - entra.identitySecurityDefaultsEnforcementPolicy
#     - groups
#     - groups.externalMembers
#     - guests
#     - roles.assignments
#     - roles.definitions
#   licence: [AAD_PREMIUM]
#   settings:
#     - conditional_access.allowed_countries
#     - conditional_access.allowed_locations
#     - conditional_access.assume
#     - conditional_access.emergency_accounts
#     - conditional_access.guest_kinds
#   rationale: |
#     Addresses, countries and networks are cut into all places that policies tell apart, IPv6 included: a policy that
#     knows IPv4 ranges alone leaves a way around. Which country an address lies in is not known offline, so that
#     every combination counts as possible. A trusted location that holds every address makes each such policy idle,
#     in one range or in pieces: it is a finding of its own. Prowler looks for a policy that blocks some country;
#     whoever partners with the world sets allowed_countries.
#   remediation:
#     portal: Entra admin center > Protection > Conditional Access > Named locations, mark as trusted what is; then a policy for all guest and external users, all resources, Network Any but All trusted networks and locations, Block access.
#     graph: POST https://graph.microsoft.com/v1.0/identity/conditionalAccess/policies with conditions locations includeLocations ["All"], excludeLocations ["AllTrusted"], grantControls builtInControls ["block"]; PATCH .../namedLocations/{id} with true ranges.
#     powershell: New-MgIdentityConditionalAccessPolicy with the same body; Update-MgIdentityConditionalAccessNamedLocation -NamedLocationId {id}.
#   controls:
#     guide: [G05]
#     cis_m365_7.0: ["5.2.2.15"]
#     zt: ["21865"]
#   since: 0.1.0
package rules.conditional_access.locations

import data.lib.finding
import data.lib.hole

_settings := data.settings.conditional_access

# METADATA
# description: What is asked of the model; guestward explain access asks it too.
question := {
	"require": ["block"],
	"locations": {"named": _settings.allowed_locations, "countries": _settings.allowed_countries},
	"kinds": _settings.guest_kinds,
	"accept_users": _settings.emergency_accounts,
	"assume": _settings.assume,
}

_answer := access.uncovered(input, question) if input.conditionalAccess.policies

_what := "outsiders get in from places that are not approved"

findings contains hole.findings(_answer, _what)[_]

unknowns contains hole.unknowns(_answer, _what)[_]

notes contains hole.notes(_answer, _what)[_]

_everything := {"0.0.0.0/0", "::/0"}

findings contains finding.at(
	array.concat(["conditionalAccess", "namedLocations", i], place),
	sprintf("the trusted location '%s' holds every address%s", [object.get(location, "displayName", location.id), how]),
) if {
	some i, location in input.conditionalAccess.namedLocations
	object.get(location, "isTrusted", false) == true
	some place, how in _whole(_ranges(location))
}

_ranges(location) := {j: cidr |
	some j, range in object.get(location, "ipRanges", [])
	cidr := object.get(range, "cidrAddress", "")
	is_string(cidr)
	net.cidr_is_valid(cidr)
}

# Where the ranges hold every address of IPv4 or IPv6: a range that does by itself, or all of them together.
_whole(ranges) := {["ipRanges", j, "cidrAddress"]: sprintf(" of %s", [cidr]) |
	some j, cidr in ranges
	net.cidr_merge([cidr]) & _everything != set()
} if {
	count(_everything & {net.cidr_merge([cidr])[_] | some cidr in ranges}) > 0
} else := {["ipRanges"]: " in pieces"} if {
	count(_everything & net.cidr_merge([cidr | some cidr in ranges])) > 0
} else := {}
