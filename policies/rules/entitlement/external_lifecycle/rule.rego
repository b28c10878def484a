# METADATA
# title: Guests who lose their last access package are deleted
# description: |
#   A guest who came by an access package has no reason to stay once the last one is gone. Entitlement management can
#   block and delete such accounts by itself, after a number of days in which somebody may object.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/id-governance/entitlement-management-external-users
#     description: Govern access for external users in entitlement management
#   - ref: https://learn.microsoft.com/en-us/graph/api/resources/entitlementmanagementsettings
#     description: entitlementManagementSettings in Microsoft Graph
# custom:
#   id: ELM-006
#   severity: high
#   severity_reason: Accounts of outsiders stay for ever after the access they came for; whoever has such a password still signs in.
#   requires: [governance.entitlementManagement.settings.externalUserLifecycleAction]
#   uses: [governance.entitlementManagement.settings]
#   licence: [AAD_PREMIUM_P2, Entra_Identity_Governance]
#   settings: [guests.deletion_after_block_max_days]
#   rationale: |
#     The service blocks at once and deletes after 30 days unless somebody changed it. A blocked account that is never
#     deleted is reported too: it can be enabled again, with all that it could reach. Only guests who were invited by an
#     access package, or marked as governed, are touched; LIF-005 asks what removes the others. The setting is judged
#     where nobody uses packages yet, too, because it decides about the first guest who leaves one.
#   remediation:
#     portal: Entra admin center > ID Governance > Entitlement management > Settings > Edit, "Block external user from signing in to this directory" and "Remove external user" "Yes", 30 days or less.
#     graph: 'PATCH https://graph.microsoft.com/v1.0/identityGovernance/entitlementManagement/settings {"externalUserLifecycleAction": "blockSignInAndDelete", "durationUntilExternalUserDeletedAfterBlocked": "P30D"}'
#     powershell: Update-MgEntitlementManagementSetting -ExternalUserLifecycleAction blockSignInAndDelete -DurationUntilExternalUserDeletedAfterBlocked (New-TimeSpan -Days 30)
#   controls:
#     guide: [G26, G27]
#   since: 0.1.0
package rules.entitlement.external_lifecycle

import data.lib.access_package
import data.lib.finding

_path := ["governance", "entitlementManagement", "settings"]

_limit := data.settings.guests.deletion_after_block_max_days

_leavers := access_package.leavers(input.governance.entitlementManagement.settings)

findings contains finding.at(array.concat(_path, ["externalUserLifecycleAction"]), message) if {
	_leavers.kind == "kept"
	message := {
		"none": "guests who lose their last access package keep their account, and can sign in (none)",
		"blockSignIn": "guests who lose their last access package are blocked, but never deleted (blockSignIn)",
	}[_leavers.action]
}

findings contains finding.at(array.concat(_path, ["durationUntilExternalUserDeletedAfterBlocked"]), message) if {
	_leavers.kind == "deleted"
	_leavers.days > _limit
	message := $"guests who lose their last access package are deleted after {_leavers.days} days; {_limit} are allowed"
}

unknowns contains finding.at(array.concat(_path, _leavers.steps), _leavers.message) if _leavers.kind == "unknown"

unknowns contains finding.at(array.concat(_path, ["externalUserLifecycleAction"]), message) if {
	_leavers.action == null
	message := "the snapshot does not tell what becomes of guests who lose their last access package"
}
