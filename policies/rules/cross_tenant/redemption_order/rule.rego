# METADATA
# title: Invitations do not fall back to consumer accounts
# description: |
#   When a guest accepts an invitation, the tenant chooses with which account she signs in. As shipped, somebody without a
#   work account is sent to a personal Microsoft account, over which no employer has a hold.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/external-id/cross-tenant-access-settings-b2b-collaboration
#     description: Manage cross-tenant access settings, with the redemption order
#   - ref: https://learn.microsoft.com/en-us/graph/api/resources/invitationredemptionidentityproviderconfiguration
#     description: invitationRedemptionIdentityProviderConfiguration in Microsoft Graph
# custom:
#   id: XTA-008
#   severity: medium
#   severity_reason: An invited person signs in with a private account that no employer closes; it takes their using it so.
#   requires: [crossTenantAccess.default]
#   rationale: |
#     A personal account outlives the job: whoever leaves the partner keeps it, and with it the access. A one-time code goes
#     to the mailbox at work, which ends with the job. So the fallback must be emailOneTimePasscode. defaultConfiguredIdp
#     prefers an existing Microsoft account to the code and makes a new one when codes are off; it is reported with
#     microsoftAccount. Google accounts before work accounts get a note: they concern gmail.com, and Google federation must
#     be set up first.
#   remediation:
#     portal: Entra admin center > External Identities > Cross-tenant access settings > Default settings > Inbound access settings > B2B collaboration > Redemption order, clear "Microsoft service account" among the fallback identity providers and move Microsoft Entra ID to the top.
#     graph: 'PATCH https://graph.microsoft.com/v1.0/policies/crossTenantAccessPolicy/default {"invitationRedemptionIdentityProviderConfiguration": {"primaryIdentityProviderPrecedenceOrder": ["azureActiveDirectory", "externalFederation", "socialIdentityProviders"], "fallbackIdentityProvider": "emailOneTimePasscode"}}'
#     powershell: 'Update-MgPolicyCrossTenantAccessPolicyDefault -InvitationRedemptionIdentityProviderConfiguration @{ primaryIdentityProviderPrecedenceOrder = @("azureActiveDirectory", "externalFederation", "socialIdentityProviders"); fallbackIdentityProvider = "emailOneTimePasscode" }'
#   controls: {}
#   since: 0.1.0
package rules.cross_tenant.redemption_order

import data.lib.finding

_path := ["crossTenantAccess", "default", "invitationRedemptionIdentityProviderConfiguration"]

_fallback_path := array.concat(_path, ["fallbackIdentityProvider"])

_order_path := array.concat(_path, ["primaryIdentityProviderPrecedenceOrder"])

_fallback := object.get(input, _fallback_path, null)

_order := object.get(input, _order_path, null)

_does := {
	"microsoftAccount": "who has no other account gets in with a personal Microsoft account",
	"defaultConfiguredIdp": "a personal Microsoft account goes before a code to the mailbox",
}

findings contains finding.at(_fallback_path, $"{doing} (fallbackIdentityProvider is {_fallback})") if {
	doing := _does[_fallback]
}

findings contains finding.at(array.concat(_order_path, [i]), "a personal Microsoft account is a first choice") if {
	some i, provider in _order
	provider == "microsoftAccount"
}

unknowns contains finding.at(_fallback_path, $"fallbackIdentityProvider is {_fallback}, which is not known") if {
	not _fallback in {"emailOneTimePasscode", "microsoftAccount", "defaultConfiguredIdp"}
}

unknowns contains finding.at(_order_path, "primaryIdentityProviderPrecedenceOrder is not there, or empty") if {
	not _is_list(_order)
}

_is_list(order) if {
	is_array(order)
	count(order) > 0
}

unknowns contains finding.at(array.concat(_order_path, [i]), $"{provider} is no identity provider that is known") if {
	some i, provider in _order
	not provider in {"azureActiveDirectory", "externalFederation", "socialIdentityProviders", "microsoftAccount"}
}

notes contains finding.at(array.concat(_order_path, [i]), "Google accounts are preferred to work accounts") if {
	some i, provider in _order
	provider == "socialIdentityProviders"
	some later, work in _order
	work == "azureActiveDirectory"
	i < later
}
