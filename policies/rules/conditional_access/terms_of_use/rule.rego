# METADATA
# title: Outsiders accept terms of use, and again every year
# description: |
#   Outsiders have signed no contract of employment; terms of use tell them what they may do with what they see. This
#   rule decides whether every outsider must accept terms before the first app opens, and whether acceptance expires.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/identity/conditional-access/terms-of-use
#     description: Terms of use
#   - ref: https://learn.microsoft.com/en-us/graph/api/resources/agreement
#     description: The agreement in Microsoft Graph
# custom:
#   id: CA-012
#   severity: low
#   severity_reason: Nobody gets in this way; a guest who leaks data can say that nobody ever told them the rules.
#   requires: [conditionalAccess.policies]
#   uses:
#     - applications.servicePrincipals
#     - conditionalAccess.authenticationStrengthPolicies
#     - conditionalAccess.namedLocations
#     - conditionalAccess.termsOfUse
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
#     - conditional_access.terms_of_use_max_days
#   rationale: |
#     Terms are a control like MFA: terms OR MFA are no terms. B2B direct connect does not support them and is left
#     out. Whether acceptance expires stands in the agreement, which a signed-in person alone can read: where it was
#     not collected that part is unknown. Agreements of policies that leave out all guests are not looked at. Which
#     languages and words they have is for people to judge.
#   remediation:
#     portal: Entra admin center > Protection > Conditional Access > Terms of use > New terms, "Require users to consent on expiry" or "Duration before re-acceptance required"; then a policy for all guest and external users, all resources, Grant the terms.
#     graph: POST https://graph.microsoft.com/v1.0/identityGovernance/termsOfUse/agreements with userReacceptRequiredFrequency "P365D"; POST .../identity/conditionalAccess/policies with grantControls termsOfUse ["{id}"].
#     powershell: New-MgAgreement -UserReacceptRequiredFrequency P365D; New-MgIdentityConditionalAccessPolicy with GrantControls @{ Operator = "AND"; TermsOfUse = "{id}" }.
#   controls:
#     guide: [G30]
#   since: 0.1.0
package rules.conditional_access.terms_of_use

import data.lib.duration
import data.lib.finding
import data.lib.hole

_settings := data.settings.conditional_access

_kinds := hole.kinds_with_pages(_settings.guest_kinds)

# METADATA
# description: What is asked of the model; guestward explain access asks it too.
question := {
	"require": ["terms_of_use"],
	"kinds": _kinds,
	"accept_users": _settings.emergency_accounts,
	"assume": _settings.assume,
} if {
	count(_kinds) > 0
}

_answer := access.uncovered(input, question) if input.conditionalAccess.policies

_what := "outsiders get in without accepting terms of use"

findings contains hole.findings(_answer, _what)[_]

unknowns contains hole.unknowns(_answer, _what)[_]

notes contains hole.notes(_answer, _what)[_]

not_applicable contains "no kind of outsiders in the settings supports terms of use" if count(_kinds) == 0

# The terms that policies ask of outsiders, by place.
_terms[["conditionalAccess", "policies", i, "grantControls", "termsOfUse", j]] := id if {
	some i, policy in input.conditionalAccess.policies
	policy.state == "enabled"
	not "GuestsOrExternalUsers" in object.get(policy, ["conditions", "users", "excludeUsers"], [])
	some j, id in object.get(policy, ["grantControls", "termsOfUse"], [])
	is_string(id)
}

_wanted := {lower(id) | some id in _terms}

findings contains finding.at(place, "asks for terms of use that no longer exist") if {
	some place, id in _terms
	not lower(id) in {lower(agreement.id) | some agreement in input.conditionalAccess.termsOfUse}
	input.conditionalAccess.termsOfUse
}

findings contains finding.at(
	["conditionalAccess", "termsOfUse", i],
	sprintf("'%s' need not be accepted again within %d days", [object.get(agreement, "displayName", agreement.id), _max]),
) if {
	some i, agreement in input.conditionalAccess.termsOfUse
	lower(agreement.id) in _wanted
	count(_odd(agreement)) == 0
	count([text | some text in _expiry(agreement); duration.days(text) <= _max]) == 0
}

unknowns contains finding.at(
	["conditionalAccess", "termsOfUse", i],
	sprintf("when '%s' must be accepted again is not clear: %s", [
		object.get(agreement, "displayName", agreement.id),
		concat(", ", _odd(agreement)),
	]),
) if {
	some i, agreement in input.conditionalAccess.termsOfUse
	lower(agreement.id) in _wanted
	count(_odd(agreement)) > 0
	count([text | some text in _expiry(agreement); duration.days(text) <= _max]) == 0
}

unknowns contains finding.at(place, "whether these terms must be accepted again was not collected") if {
	some place, _ in _terms
	not input.conditionalAccess.termsOfUse
}

_max := _settings.terms_of_use_max_days

_expiry(agreement) := {text |
	some path in [["userReacceptRequiredFrequency"], ["termsExpiration", "frequency"]]
	value := object.get(agreement, path, null)
	value != null
	text := sprintf("%v", [value])
}

_odd(agreement) := {text | some text in _expiry(agreement); not duration.days(text)}
