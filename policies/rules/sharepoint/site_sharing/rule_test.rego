package rules.sharepoint.site_sharing_test

import data.rules.sharepoint.site_sharing as rule

_site := {
	"Url": "https://contoso.sharepoint.com/sites/falcon",
	"Template": "GROUP#0",
	"SharingCapability": 3,
	"OverrideTenantExternalUserExpirationPolicy": false,
	"ExternalUserExpirationInDays": 0,
	"OverrideTenantAnonymousLinkExpirationPolicy": false,
	"AnonymousLinkExpirationInDays": 0,
	"SensitivityLabel": "00000501-0000-4000-8000-000000000501",
	"SensitivityLabel2": "00000501-0000-4000-8000-000000000501",
}

_with(values) := object.union(_site, values)

_tenant(level) := {"SharingCapability": level, "ODBSharingCapability": level}

_findings(site, level) := found if {
	found := rule.findings with input.sites as [site] with input.sharePoint.tenant as _tenant(level)
}

_unknowns(site, level) := found if {
	found := rule.unknowns with input.sites as [site] with input.sharePoint.tenant as _tenant(level)
}

_labels(level) := [{"label": "00000501-0000-4000-8000-000000000501", "level": level}]

_level := ["sites", 0, "SharingCapability"]

test_a_site_that_is_too_open_is_reported if {
	rule.findings == {{
		"path": ["sites", 1, "SharingCapability"],
		"message": concat(" ", [
			"content may be shared with new guests (SharingCapability is 1);",
			"allowed for a site: guests who are in the directory already",
		]),
	}} with input.sites as [_site, _with({"SharingCapability": 1})]
		with input.sharePoint.tenant as _tenant(1)
}

test_a_site_at_the_limit_or_below_passes if {
	every level in [3, 0] {
		_findings(_with({"SharingCapability": level}), 2) == set()
		_unknowns(_with({"SharingCapability": level}), 2) == set()
	}
}

test_the_tenant_bounds_its_sites if {
	_findings(_with({"SharingCapability": 2}), 3) == set()
	_findings(_with({"SharingCapability": 2}), 0) == set()
	{found.message | some found in _findings(_with({"SharingCapability": 2}), 1)} == {concat(" ", [
		"content may be shared with new guests (SharingCapability is 2);",
		"allowed for a site: guests who are in the directory already",
	])}
}

test_the_limit_is_a_setting if {
	_findings(_with({"SharingCapability": 1}), 2) == set()
		with data.settings.sharepoint.sharing_level as "externalUserSharingOnly"
}

test_a_label_can_be_stricter if {
	closed := {{
		"path": _level,
		"message": concat(" ", [
			"content may be shared with guests who are in the directory already (SharingCapability is 3);",
			"allowed for a site with its label: nobody outside",
		]),
	}}
	_findings(_site, 3) == closed with data.settings.labels.sharing_levels as _labels("disabled")
	_findings(_with({"SensitivityLabel2": ""}), 3) == closed
		with data.settings.labels.sharing_levels as _labels("disabled")
	_findings(_with({"SensitivityLabel2": null}), 3) == closed
		with data.settings.labels.sharing_levels as _labels("disabled")
	_findings(_with({"SharingCapability": 0}), 3) == set()
		with data.settings.labels.sharing_levels as _labels("disabled")
}

test_a_label_does_not_open if {
	count(_findings(_with({"SharingCapability": 2}), 2)) == 1
		with data.settings.labels.sharing_levels as _labels("externalUserAndGuestSharing")
}

test_other_labels_and_none_do_not_matter if {
	none := _with({"SensitivityLabel": "00000000-0000-0000-0000-000000000000", "SensitivityLabel2": ""})
	other := _with({"SensitivityLabel2": "00000502-0000-4000-8000-000000000502"})
	every site in [none, other] {
		_findings(site, 3) == set() with data.settings.labels.sharing_levels as _labels("disabled")
		_unknowns(site, 3) == set() with data.settings.labels.sharing_levels as _labels("disabled")
	}
}

test_a_label_that_was_not_read_is_unknown if {
	unread := object.remove(_with({"SensitivityLabel2": null}), {"SensitivityLabel"})
	_unknowns(unread, 3) == {{
		"path": ["sites", 0, "SensitivityLabel"],
		"message": "the snapshot does not tell the site's label",
	}} with data.settings.labels.sharing_levels as _labels("disabled")
	_unknowns(unread, 3) == set()
	_unknowns(unread, 0) == set() with data.settings.labels.sharing_levels as _labels("disabled")
}

test_a_onedrive_has_a_limit_and_a_bound_of_its_own if {
	drive := _with({"Template": "SPSPERS#10"})
	_findings(drive, 3) == {{
		"path": _level,
		"message": concat(" ", [
			"content may be shared with guests who are in the directory already (SharingCapability is 3);",
			"allowed for a OneDrive: nobody outside",
		]),
	}} with data.settings.sharepoint.onedrive_sharing_level as "disabled"
	rule.findings == set() with input.sites as [_with({"Template": "SPSPERS#10", "SharingCapability": 2})]
		with input.sharePoint.tenant as {"SharingCapability": 2, "ODBSharingCapability": 0}
}

test_a_onedrive_whose_bound_was_not_read_is_unknown if {
	site := _with({"Template": "SPSPERS#10", "SharingCapability": 2})
	rule.findings == set() with input.sites as [site] with input.sharePoint.tenant as {"SharingCapability": 2}
	{
		"path": _level,
		"message": "how far the site is open is unknown: no known value is the level of OneDrive",
	} in rule.unknowns with input.sites as [site]
		with input.sharePoint.tenant as {"SharingCapability": 2}
}

test_without_a_template_it_may_be_a_onedrive if {
	site := object.remove(_site, {"Template"})
	_unknowns(site, 3) == set()
	_unknowns(site, 3) == {{
		"path": ["sites", 0, "Template"],
		"message": "the snapshot does not tell whether this is a OneDrive",
	}} with data.settings.sharepoint.onedrive_sharing_level as "disabled"
	_unknowns(site, 0) == set() with data.settings.sharepoint.onedrive_sharing_level as "disabled"
}

test_an_unheard_of_level_is_unknown if {
	every site in [_with({"SharingCapability": 99}), object.remove(_site, {"SharingCapability"})] {
		_findings(site, 2) == set()
		_unknowns(site, 2) == {{
			"path": _level,
			"message": "how far the site is open is unknown: no known value is the site's level",
		}}
		_unknowns(site, 3) == set()
	}
	_unknowns(_with({"SharingCapability": 99}), 99) == {{
		"path": _level,
		"message": "how far the site is open is unknown: no known value is the site's level or the tenant's level",
	}}
	_unknowns(_with({"SharingCapability": 3}), 99) == set()
}

_guests := ["sites", 0, "ExternalUserExpirationInDays"]

_own_guests(days) := {
	"OverrideTenantExternalUserExpirationPolicy": true,
	"ExternalUserExpirationInDays": days,
}

test_an_end_date_of_its_own_that_is_too_late_is_reported if {
	every days in [31, 0, -1] {
		_findings(_with(_own_guests(days)), 3) == {{
			"path": _guests,
			"message": concat(" ", [
				"the access of guests does not end within 30 days, whatever the tenant's policy says",
				"(OverrideTenantExternalUserExpirationPolicy is true,",
				$"ExternalUserExpirationInDays is {days})",
			]),
		}}
	}
	every days in [30, 1] {
		_findings(_with(_own_guests(days)), 3) == set()
		_unknowns(_with(_own_guests(days)), 3) == set()
	}
}

test_end_dates_do_not_matter_where_nothing_is_shared if {
	_findings(_with(_own_guests(0)), 0) == set()
	_findings(object.union(_with(_own_guests(0)), {"SharingCapability": 0}), 3) == set()
}

_own_links(days) := {
	"SharingCapability": 2,
	"OverrideTenantAnonymousLinkExpirationPolicy": true,
	"AnonymousLinkExpirationInDays": days,
}

test_links_for_anyone_that_live_too_long_are_reported if {
	{found.message | some found in _findings(_with(_own_links(31)), 2); found.path[2] != "SharingCapability"} == {concat(
		" ",
		[
			"links that work for anyone do not expire within 30 days, whatever the tenant's policy says",
			"(OverrideTenantAnonymousLinkExpirationPolicy is true, AnonymousLinkExpirationInDays is 31)",
		],
	)}
	_findings(_with(_own_links(30)), 2) == set()
		with data.settings.sharepoint.sharing_level as "externalUserAndGuestSharing"
}

test_without_such_links_their_end_does_not_matter if {
	_findings(_with(_own_links(0)), 1) == set()
		with data.settings.sharepoint.sharing_level as "externalUserSharingOnly"
}

test_an_end_date_that_was_not_read_is_unknown if {
	_unknowns(_with({"OverrideTenantExternalUserExpirationPolicy": null}), 3) == {{
		"path": ["sites", 0, "OverrideTenantExternalUserExpirationPolicy"],
		"message": "the snapshot does not tell whether the site has an end date of its own for guests",
	}}
	_unknowns(_with(_own_guests(null)), 3) == {{
		"path": _guests,
		"message": "the snapshot does not tell the site's own end date for guests",
	}}
	_unknowns(object.union(_with(_own_guests(31)), {"SharingCapability": 99}), 3) == {{
		"path": _guests,
		"message": concat(" ", [
			"whether the site is open to guests is unknown,",
			"and the access of guests does not end within 30 days",
		]),
	}}
}

test_without_sites_nothing_is_said if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
}
