package lib.sharepoint_test

import data.lib.sharepoint

test_the_numbers_are_put_in_the_order_of_openness if {
	every number, level in [
		"disabled",
		"externalUserSharingOnly",
		"externalUserAndGuestSharing",
		"existingExternalUserSharingOnly",
	] {
		sharepoint.tenant == {"path": _tenant, "value": number, "level": level} with input as _sharing(number, 0)
		sharepoint.onedrive == {"path": _onedrive, "value": number, "level": level} with input as _sharing(0, number)
	}
}

test_graph_says_the_level_where_the_administration_api_does_not if {
	every document in [
		{"settings": {"sharingCapability": "existingExternalUserSharingOnly"}},
		{
			"tenant": {"SharingCapability": null},
			"settings": {"sharingCapability": "existingExternalUserSharingOnly"},
		},
	] {
		sharepoint.tenant == {
			"path": ["sharePoint", "settings", "sharingCapability"],
			"value": "existingExternalUserSharingOnly",
			"level": "existingExternalUserSharingOnly",
		} with input.sharePoint as document
	}
}

test_an_unheard_of_level_is_unknown if {
	sharepoint.tenant.level == "unknown" with input as _sharing(99, 0)
	sharepoint.onedrive.level == "unknown" with input as _sharing(0, -1)
	sharepoint.tenant.level == "unknown" with input.sharePoint.settings.sharingCapability as "unknownFutureValue"
}

test_without_data_there_is_no_level if {
	not sharepoint.tenant with input as {}
	not sharepoint.onedrive with input as {}
	not sharepoint.off with input as {}
	sharepoint.anyone == "unknown" with input as {}
}

test_sharing_is_off_at_the_lowest_level_alone if {
	sharepoint.off with input as _sharing(0, 0)
	every level in [1, 2, 3, 99] {
		not sharepoint.off with input as _sharing(level, 0)
	}
}

test_anyone_links_need_the_highest_level_somewhere if {
	sharepoint.anyone == "yes" with input as _sharing(2, 0)
	sharepoint.anyone == "yes" with input as _sharing(1, 2)
	sharepoint.anyone == "yes" with input as _sharing(2, 99)
	sharepoint.anyone == "yes" with input.sharePoint.tenant.SharingCapability as 2
	sharepoint.anyone == "no" with input as _sharing(1, 3)
	sharepoint.anyone == "no" with input as _sharing(0, 0)
	sharepoint.anyone == "unknown" with input as _sharing(99, 0)
	sharepoint.anyone == "unknown" with input as _sharing(1, 99)
}

test_only_a_known_level_is_below_anyone if {
	sharepoint.below_anyone("externalUserSharingOnly")
	not sharepoint.below_anyone("externalUserAndGuestSharing")
	not sharepoint.below_anyone("unknown")
}

test_every_level_has_an_audience if object.keys(sharepoint.audience) == {level | some level in sharepoint.scale}

test_a_level_is_within_itself_and_all_that_is_more_open if {
	passing := {[level, limit] |
		some level in sharepoint.scale
		some limit in sharepoint.scale
		sharepoint.within(level, limit)
	}
	passing == {[level, limit] |
		some open, level in sharepoint.scale
		some most, limit in sharepoint.scale
		open <= most
	}
}

test_what_is_not_on_the_scale_is_within_nothing if {
	not sharepoint.within("unknown", "externalUserAndGuestSharing")
	not sharepoint.within("disabled", "whatever")
}

test_of_two_sources_the_more_open_one_counts if {
	every open in [
		{"tenant": {"SharingCapability": 0}, "settings": {"sharingCapability": "externalUserAndGuestSharing"}},
		{"tenant": {"SharingCapability": 2}, "settings": {"sharingCapability": "disabled"}},
		{"tenant": {"SharingCapability": 99}, "settings": {"sharingCapability": "externalUserAndGuestSharing"}},
	] {
		sharepoint.tenant.level == "externalUserAndGuestSharing" with input.sharePoint as open
		not sharepoint.off with input.sharePoint as open
	}
	sharepoint.tenant.level == "unknown" with input.sharePoint as {
		"tenant": {"SharingCapability": 0},
		"settings": {"sharingCapability": "unknownFutureValue"},
	}
}

test_widest_takes_the_first_path_where_two_are_as_open if {
	document := {"a": {"b": null, "c": false}, "d": "no", "e": "yes"}
	levels := {false: "closed", "no": "closed", "yes": "open"}
	order := ["open", "unknown", "closed"]
	closed := {"path": ["a", "c"], "value": false, "level": "closed"}
	sharepoint.widest(document, [["a", "b"], ["a", "c"], ["d"]], levels, order) == closed
	open := {"path": ["e"], "value": "yes", "level": "open"}
	sharepoint.widest(document, [["d"], ["e"]], levels, order) == open
	not sharepoint.widest(document, [["a", "b"], ["f", "g"]], levels, order)
}

test_the_older_property_is_in_force_until_the_service_has_its_own if {
	unset := {"Old": 2, "CoreDefaultShareLinkX": -1, "OneDriveDefaultShareLinkX": -1}
	sharepoint.default_link(unset, "X", -1, "Old") == {_place("Old", 2)}
	sharepoint.default_link(object.union(unset, {"CoreDefaultShareLinkX": 0}), "X", -1, "Old") == {
		_place("CoreDefaultShareLinkX", 0),
		_place("Old", 2),
	}
	sharepoint.default_link(object.union(unset, {"OneDriveDefaultShareLinkX": 1}), "X", -1, "Old") == {
		_place("Old", 2),
		_place("OneDriveDefaultShareLinkX", 1),
	}
}

test_a_service_without_a_setting_of_its_own_has_the_older_one if {
	sharepoint.default_link({"Old": 2}, "X", -1, "Old") == {_place("Old", 2)}
	sharepoint.default_link({}, "X", -1, "Old") == {_place("Old", null)}
}

test_a_link_for_those_who_have_access_gives_nothing_away if {
	settings := {"Old": 2, "CoreDefaultShareLinkX": 1, "OneDriveDefaultShareLinkX": -1}
	core := {"CoreDefaultLinkToExistingAccess": true, "OneDriveDefaultLinkToExistingAccess": false}
	sharepoint.default_link(object.union(settings, core), "X", -1, "Old") == {_place("Old", 2)}
	both := {"CoreDefaultLinkToExistingAccess": true, "OneDriveDefaultLinkToExistingAccess": true}
	sharepoint.default_link(object.union(settings, both), "X", -1, "Old") == set()
}

_tenant := ["sharePoint", "tenant", "SharingCapability"]

_onedrive := ["sharePoint", "tenant", "ODBSharingCapability"]

_sharing(tenant, onedrive) := {"sharePoint": {"tenant": {
	"SharingCapability": tenant,
	"ODBSharingCapability": onedrive,
}}}

_place(property, value) := {"property": property, "path": ["sharePoint", "tenant", property], "value": value}

test_numbers_and_words_name_levels if {
	sharepoint.level(3) == "existingExternalUserSharingOnly"
	sharepoint.level("disabled") == "disabled"
	sharepoint.level(99) == "unknown"
	sharepoint.level(null) == "unknown"
}

test_the_strictest_level_is_the_least_open_that_is_known if {
	levels := {"externalUserSharingOnly", "unknown", "existingExternalUserSharingOnly"}
	sharepoint.strictest(levels) == "existingExternalUserSharingOnly"
	not sharepoint.strictest({"unknown"})
}
