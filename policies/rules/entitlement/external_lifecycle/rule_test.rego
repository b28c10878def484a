package rules.entitlement.external_lifecycle_test

import data.rules.entitlement.external_lifecycle as rule

_at(name, message) := {{"path": ["governance", "entitlementManagement", "settings", name], "message": message}}

_settings(action, wait) := {
	"externalUserLifecycleAction": action,
	"durationUntilExternalUserDeletedAfterBlocked": wait,
}

_found(settings) := found if {
	found := rule.findings with input.governance.entitlementManagement.settings as settings
}

_asked(settings) := asked if {
	asked := rule.unknowns with input.governance.entitlementManagement.settings as settings
}

test_guests_who_keep_their_account_are_reported if {
	_found(_settings("none", "P30D")) == _at(
		"externalUserLifecycleAction",
		"guests who lose their last access package keep their account, and can sign in (none)",
	)
	_asked(_settings("none", "P30D")) == set()
}

test_guests_who_are_only_blocked_are_reported if {
	_found(_settings("blockSignIn", "P30D")) == _at(
		"externalUserLifecycleAction",
		"guests who lose their last access package are blocked, but never deleted (blockSignIn)",
	)
}

test_deletion_in_time_passes if {
	every wait in ["P0D", "P30D"] {
		_found(_settings("blockSignInAndDelete", wait)) == set()
		_asked(_settings("blockSignInAndDelete", wait)) == set()
	}
}

test_late_deletion_is_reported if {
	late := _settings("blockSignInAndDelete", "P31D")
	_found(late) == _at(
		"durationUntilExternalUserDeletedAfterBlocked",
		"guests who lose their last access package are deleted after 31 days; 30 are allowed",
	)
	rule.findings == set() with input.governance.entitlementManagement.settings as late
		with data.settings.guests.deletion_after_block_max_days as 31
}

test_what_cannot_be_read_is_unknown if {
	_found(_settings("zzz", "P30D")) == set()
	_asked(_settings("zzz", "P30D")) == _at(
		"externalUserLifecycleAction",
		"externalUserLifecycleAction has the value zzz, which this version does not know",
	)
	every wait in [null, "P1M"] {
		_found(_settings("blockSignInAndDelete", wait)) == set()
		_asked(_settings("blockSignInAndDelete", wait)) == _at(
			"durationUntilExternalUserDeletedAfterBlocked",
			"durationUntilExternalUserDeletedAfterBlocked is not a number of days such as P30D",
		)
	}
	_found(_settings(null, null)) == set()
	_asked(_settings(null, null)) == _at(
		"externalUserLifecycleAction",
		"the snapshot does not tell what becomes of guests who lose their last access package",
	)
}

test_missing_settings_say_nothing if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
}
