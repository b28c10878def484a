# METADATA
# title: Devices that nobody manages are not given full access
# description: |
#   Guests come with devices that your organisation neither knows nor maintains. SharePoint can give such devices the
#   browser alone, without download, print and sync, or nothing; people who come with a mailed code are exempt unless
#   another switch includes them.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/sharepoint/control-access-from-unmanaged-devices
#     description: Control access from unmanaged devices
#   - ref: https://learn.microsoft.com/en-us/powershell/module/sharepoint-online/set-spotenant
#     description: Set-SPOTenant, ConditionalAccessPolicy and ApplyAppEnforcedRestrictionsToAdHocRecipients
# custom:
#   id: SPO-013
#   severity: medium
#   severity_reason: Outsiders copy files to computers that nobody looks after; it takes that Conditional Access does not stop it either.
#   requires:
#     - "sharePoint.tenant.SharingCapability | sharePoint.settings.sharingCapability"
#     - sharePoint.tenant.ConditionalAccessPolicy
#     - sharePoint.tenant.ApplyAppEnforcedRestrictionsToAdHocRecipients
#     - sharePoint.tenant.EnableAzureADB2BIntegration
#   licence: [AAD_PREMIUM, AAD_PREMIUM_P2]
#   settings: [sharepoint.unmanaged_device_access]
#   rationale: |
#     A file that was downloaded to a foreign device stays there when the guest is gone. This is the tenant's setting
#     in SharePoint; a Conditional Access policy that blocks such devices does the same, and is a reason to waive this
#     finding. The setting works through a Conditional Access policy with app enforced restrictions, which the
#     SharePoint admin center makes for you. It does not reach Anyone links. Members of the organisation are under the
#     same setting, so the rule counts even where sharing is off.
#   remediation:
#     portal: SharePoint admin center > Policies > Access control > Unmanaged devices, choose "Allow limited, web-only access" or "Block access".
#     graph: Microsoft Graph does not offer this setting.
#     powershell: Set-SPOTenant -ConditionalAccessPolicy AllowLimitedAccess; Set-SPOTenant -ApplyAppEnforcedRestrictionsToAdHocRecipients $true
#   controls:
#     guide: [G04, G11]
#   since: 0.1.0
package rules.sharepoint.unmanaged_devices

import data.lib.finding
import data.lib.sharepoint

_policy := ["sharePoint", "tenant", "ConditionalAccessPolicy"]

_value := input.sharePoint.tenant.ConditionalAccessPolicy

# SPOConditionalAccessPolicyType as https://github.com/karamem0/sp-client-core (ConditionalAccessPolicyType.cs) has it.
_access := {0: "allowFullAccess", 1: "allowLimitedAccess", 2: "blockAccess", 3: "authenticationContext"}[_value]

_words := {
	"allowFullAccess": "have full access",
	"allowLimitedAccess": "have access by browser",
	"blockAccess": "are blocked",
	"authenticationContext": "are left to an authentication context",
}

findings contains finding.at(
	_policy,
	$"devices that nobody manages {_words[_access]} (ConditionalAccessPolicy is {_value})",
) if {
	_access
	not _access in data.settings.sharepoint.unmanaged_device_access
}

findings contains finding.at(
	["sharePoint", "tenant", "ApplyAppEnforcedRestrictionsToAdHocRecipients"],
	"people with a mailed code are exempt from limits (ApplyAppEnforcedRestrictionsToAdHocRecipients is false)",
) if {
	not sharepoint.off
	not input.sharePoint.tenant.EnableAzureADB2BIntegration
	input.sharePoint.tenant.ApplyAppEnforcedRestrictionsToAdHocRecipients == false
}

unknowns contains finding.at(_policy, $"ConditionalAccessPolicy is {_value}, which this version does not know") if {
	_value
	not _access
}
