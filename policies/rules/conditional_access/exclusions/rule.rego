# METADATA
# title: No exclusion is a gap for outsiders, and nothing named is gone
# description: |
#   Most holes in Conditional Access are exceptions that somebody made once and forgot. This rule decides, for every
#   policy that is on, whether an outsider escapes it because it leaves him out while no other policy asks the same of
#   him, and whether all that policies name still exists.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/identity/conditional-access/plan-conditional-access
#     description: Plan a Conditional Access deployment
#   - ref: https://learn.microsoft.com/en-us/entra/identity/conditional-access/concept-conditional-access-users-groups
#     description: Users, groups and workload identities
# custom:
#   id: CA-011
#   severity: medium
#   severity_reason: Who is in an excluded group skips the policy; it takes membership that somebody hands out by mistake.
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
#     - conditional_access.assume
#     - conditional_access.emergency_accounts
#     - conditional_access.guest_kinds
#   rationale: |
#     Looked at is what policies ask that an outsider can do: MFA, terms of use, a block. Managed devices are not,
#     because Microsoft advises to leave outsiders out of that. Tenants that a block leaves out are an allow-list and
#     are noted, as are groups with outsiders whom another policy asks the same. The snapshot lists accounts of
#     outsiders and of those who have roles: whether another account exists is unknown, unless the settings name it as
#     an emergency account. Maester and Prowler compare the objects of exclusions and inclusions, without kinds of
#     guests and without looking at who is in a group.
#   remediation:
#     portal: 'Entra admin center > Protection > Conditional Access > the policy > Users > Exclude: take the group or kind of users out, or add a policy for them that asks for the same; remove what no longer exists.'
#     graph: PATCH https://graph.microsoft.com/v1.0/identity/conditionalAccess/policies/{id} with conditions users excludeGroups, excludeUsers, excludeRoles or excludeGuestsOrExternalUsers corrected.
#     powershell: Update-MgIdentityConditionalAccessPolicy -ConditionalAccessPolicyId {id} -BodyParameter with the exclusion corrected.
#   controls:
#     guide: [G03]
#   since: 0.1.0
package rules.conditional_access.exclusions

import data.lib.finding
import data.lib.hole

_settings := data.settings.conditional_access

_answer := access.exclusions(input, {
	"kinds": _settings.guest_kinds,
	"accept_users": _settings.emergency_accounts,
	"assume": _settings.assume,
}) if {
	input.conditionalAccess.policies
}

_references := access.references(input) if input.conditionalAccess.policies

_what := "an exclusion lets outsiders escape a policy"

findings contains hole.findings(_answer, _what)[_]

unknowns contains hole.unknowns(_answer, _what)[_]

notes contains hole.notes(_answer, _what)[_]

findings contains finding.at(one.path, sprintf("'%s' names the %s %s, which no longer exists", [
	one.policy,
	one.kind,
	one.name,
])) if {
	some one in _references
	one.state == "deleted"
}

unknowns contains finding.at(one.path, sprintf("whether the %s %s, which '%s' names, exists is not in the snapshot", [
	one.kind,
	one.name,
	one.policy,
])) if {
	some one in _references
	one.state == "unknown"
	_matters(one)
}

# An account of an employee matters where it is left out.
_matters(one) if one.kind != "user"

_matters(one) if {
	one.excluded
	not one.id in {lower(id) | some id in _settings.emergency_accounts}
}

notes contains finding.at(one.path, sprintf("'%s' leaves out the %s '%s', which holds outsiders: %d", [
	one.policy,
	one.kind,
	one.name,
	one.external_members,
])) if {
	some one in _references
	one.excluded
	one.external_members > 0
}

notes contains finding.at(
	["conditionalAccess", "policies", i, "conditions", "users", "excludeGuestsOrExternalUsers"],
	sprintf("'%s' is an allow-list of tenants: %s", [
		object.get(policy, "displayName", policy.id),
		concat(", ", [id | some id in object.get(tenants, "members", []); is_string(id)]),
	]),
) if {
	some i, policy in input.conditionalAccess.policies
	policy.state == "enabled"
	"block" in object.get(policy, ["grantControls", "builtInControls"], [])
	tenants := object.get(policy, ["conditions", "users", "excludeGuestsOrExternalUsers", "externalTenants"], {})
	is_object(tenants)
	object.get(tenants, "membershipKind", "all") == "enumerated"
}
