# METADATA
# title: Somebody is told when content is shared with outsiders
# description: |
#   SharePoint can send a copy of every invitation to a mailbox that you choose, and can tell the owner of a OneDrive
#   when somebody else shares her files further or makes a link that works for anyone. Without these messages sharing
#   is noticed by those alone who search the audit log.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/powershell/module/sharepoint-online/set-spotenant
#     description: Set-SPOTenant, BccExternalSharingInvitations, NotifyOwnersWhenItemsReshared, OwnerAnonymousNotification
# custom:
#   id: SPO-015
#   severity: low
#   severity_reason: Nobody gets in this way; content goes out and its owner learns of it too late to object.
#   requires:
#     - "sharePoint.tenant.SharingCapability | sharePoint.settings.sharingCapability"
#     - sharePoint.tenant.ODBSharingCapability
#     - sharePoint.tenant.BccExternalSharingInvitations
#     - sharePoint.tenant.BccExternalSharingInvitationsList?
#     - sharePoint.tenant.NotifyOwnersWhenItemsReshared
#     - sharePoint.tenant.OwnerAnonymousNotification
#   settings: [sharepoint.sharing_notification_addresses]
#   rationale: |
#     The owner of a file knows best whether an outsider should have it, and can only object to what she hears of. The
#     message that an invitation was accepted (NotifyOwnersWhenInvitationsAccepted) is not asked for: Microsoft has
#     withdrawn it. A list of addresses does nothing while the copies are off, so both are read.
#   remediation:
#     portal: The SharePoint admin center does not offer these settings.
#     graph: Microsoft Graph does not offer these settings.
#     powershell: Set-SPOTenant -BccExternalSharingInvitations $true -BccExternalSharingInvitationsList guests@contoso.example -NotifyOwnersWhenItemsReshared $true -OwnerAnonymousNotification $true
#   controls:
#     guide: [G13]
#   since: 0.1.0
package rules.sharepoint.sharing_notifications

import data.lib.finding
import data.lib.sharepoint

_tenant := input.sharePoint.tenant if not sharepoint.off

_path(property) := ["sharePoint", "tenant", property]

_copied := {address |
	some address in regex.split(`[\s,;]+`, lower(_tenant.BccExternalSharingInvitationsList))
	address != ""
}

_wanted := {lower(address) | some address in data.settings.sharepoint.sharing_notification_addresses}

_reached if {
	_wanted == set()
	_copied != set()
}

_reached if count(_wanted & _copied) > 0

findings contains finding.at(
	_path("BccExternalSharingInvitations"),
	"nobody gets copies of invitations to outsiders (BccExternalSharingInvitations is false)",
) if {
	_tenant.BccExternalSharingInvitations == false
}

findings contains finding.at(
	_path("BccExternalSharingInvitationsList"),
	"no address that should be there gets the copies of invitations to outsiders",
) if {
	_tenant.BccExternalSharingInvitations
	not _reached
}

findings contains finding.at(
	_path("NotifyOwnersWhenItemsReshared"),
	"owners are not told when others share their OneDrive files further (NotifyOwnersWhenItemsReshared is false)",
) if {
	_tenant.NotifyOwnersWhenItemsReshared == false
	sharepoint.onedrive.level != "disabled"
}

findings contains finding.at(
	_path("OwnerAnonymousNotification"),
	"owners are not told of links to their OneDrive that work for anyone (OwnerAnonymousNotification is false)",
) if {
	_tenant.OwnerAnonymousNotification == false
	not sharepoint.below_anyone(sharepoint.onedrive.level)
}

not_applicable contains "external sharing is off" if sharepoint.off
