package rules.sharepoint.sharing_notifications_test

import data.rules.sharepoint.sharing_notifications as rule

_no_copies := {
	"path": ["sharePoint", "tenant", "BccExternalSharingInvitations"],
	"message": "nobody gets copies of invitations to outsiders (BccExternalSharingInvitations is false)",
}

_no_address := {
	"path": ["sharePoint", "tenant", "BccExternalSharingInvitationsList"],
	"message": "no address that should be there gets the copies of invitations to outsiders",
}

_not_reshared := {
	"path": ["sharePoint", "tenant", "NotifyOwnersWhenItemsReshared"],
	"message": concat(" ", [
		"owners are not told when others share their OneDrive files further",
		"(NotifyOwnersWhenItemsReshared is false)",
	]),
}

_not_anyone := {
	"path": ["sharePoint", "tenant", "OwnerAnonymousNotification"],
	"message": concat(" ", [
		"owners are not told of links to their OneDrive that work for anyone",
		"(OwnerAnonymousNotification is false)",
	]),
}

test_silence_is_reported if {
	rule.findings == {_no_copies, _not_reshared, _not_anyone} with input as _tenant({
		"BccExternalSharingInvitations": false,
		"NotifyOwnersWhenItemsReshared": false,
		"OwnerAnonymousNotification": false,
	})
}

test_all_messages_pass if {
	rule.findings == set() with input as _tenant({})
	rule.not_applicable == set() with input as _tenant({})
}

test_copies_to_no_address_are_reported if {
	every list in [null, "", " , "] {
		rule.findings == {_no_address} with input as _tenant({"BccExternalSharingInvitationsList": list})
	}
}

test_a_list_does_nothing_while_copies_are_off if {
	rule.findings == {_no_copies} with input as _tenant({"BccExternalSharingInvitations": false})
}

test_a_setting_names_the_address_that_must_be_reached if {
	rule.findings == set() with input as _tenant({})
		with data.settings.sharepoint.sharing_notification_addresses as ["GUESTS@contoso.example"]
	rule.findings == {_no_address} with input as _tenant({})
		with data.settings.sharepoint.sharing_notification_addresses as ["soc@contoso.example"]
}

test_owners_of_a_closed_onedrive_need_no_message if {
	rule.findings == set() with input as _tenant({
		"ODBSharingCapability": 0,
		"NotifyOwnersWhenItemsReshared": false,
		"OwnerAnonymousNotification": false,
	})
}

test_without_anyone_links_no_message_of_them_is_needed if {
	rule.findings == set() with input as _tenant({"ODBSharingCapability": 1, "OwnerAnonymousNotification": false})
	rule.findings == {_not_anyone} with input as _tenant({
		"ODBSharingCapability": 99,
		"OwnerAnonymousNotification": false,
	})
}

test_with_sharing_off_the_rule_does_not_apply if {
	off := _tenant({"SharingCapability": 0, "BccExternalSharingInvitations": false})
	rule.not_applicable == {"external sharing is off"} with input as off
	rule.findings == set() with input as off
}

test_a_missing_value_is_never_a_finding_of_its_own if {
	rule.findings == set() with input as {}
}

_tenant(changes) := {"sharePoint": {"tenant": object.union(
	{
		"SharingCapability": 2,
		"ODBSharingCapability": 2,
		"BccExternalSharingInvitations": true,
		"BccExternalSharingInvitationsList": "guests@contoso.example,audit@contoso.example",
		"NotifyOwnersWhenItemsReshared": true,
		"OwnerAnonymousNotification": true,
	},
	changes,
)}}
