# METADATA
# title: No site is more open than it should be
# description: |
#   Every site and every OneDrive has a sharing level of its own, below the tenant's, and can replace the tenant's end
#   dates for guests and for links that work for anyone. This rule lists the sites that reach further than the settings
#   allow: all of them, or those that carry a certain sensitivity label.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/sharepoint/change-external-sharing-site
#     description: Change the sharing settings for a site
#   - ref: https://learn.microsoft.com/en-us/powershell/module/microsoft.online.sharepoint.powershell/set-sposite
#     description: Set-SPOSite
#   - ref: https://learn.microsoft.com/en-us/purview/sensitivity-labels-teams-groups-sites
#     description: Use sensitivity labels to protect content in Teams, groups and sites
# custom:
#   id: SPO-014
#   severity: high
#   severity_reason: Outsiders are let into content that was meant to stay closed, or keep it for ever, by an ordinary share.
#   each: sites
#   requires:
#     - sites
#     - "sharePoint.tenant.SharingCapability | sharePoint.settings.sharingCapability"
#   uses: [sharePoint.tenant.ODBSharingCapability]
#   settings:
#     - labels.sharing_levels
#     - sharepoint.anyone_link_max_days
#     - sharepoint.guest_expiration_max_days
#     - sharepoint.onedrive_sharing_level
#     - sharepoint.sharing_level
#   rationale: |
#     SPO-001, SPO-007 and SPO-010 look at the tenant; what happens, happens in sites. The level in force is the least open
#     of the tenant's and the site's, and for a OneDrive that of all OneDrives too: a site cannot reach further than they
#     let it, and is not blamed for what it would like to. A site that sets an end date of its own is out of the tenant's
#     policy, so it is reported when the date is later than the settings allow, or there is none; fewer days pass. Graph
#     tells no label's sharing level, so name in labels.sharing_levels what a site with a label may have at most: a label
#     changes the site when it is applied, but some can be changed back by site owners and administrators afterwards.
#   remediation:
#     portal: SharePoint admin center > Sites > Active sites > the site > Settings > External file sharing; the end dates are under More sharing settings.
#     graph: Microsoft Graph does not offer this setting.
#     powershell: Set-SPOSite -Identity {url} -SharingCapability ExistingExternalUserSharingOnly -OverrideTenantExternalUserExpirationPolicy $false -OverrideTenantAnonymousLinkExpirationPolicy $false
#   controls:
#     guide: [G11, G12]
#   since: 0.1.0
package rules.sharepoint.site_sharing

import data.lib.finding
import data.lib.sharepoint

_settings := data.settings.sharepoint

# Most sites of most tenants share nothing: the others are found without a function call.
_shared contains i if {
	some i, site in input.sites
	object.get(site, "SharingCapability", null) != 0
}

findings contains finding.at(["sites", i, "SharingCapability"], message) if {
	some i in _shared
	site := input.sites[i]
	count(_unknown_caps(site)) == 0
	limit := _limit(site)
	not sharepoint.within(_bound(site), limit.level)
	message := concat(" ", [
		$"content may be shared with {sharepoint.audience[_bound(site)]} (SharingCapability is {site.SharingCapability});",
		$"allowed for {limit.whose}: {sharepoint.audience[limit.level]}",
	])
}

findings contains finding.at(["sites", i, policy.days], message) if {
	some i in _shared
	site := input.sites[i]
	some policy in _policies
	_applies(site, policy) == "yes"
	site[policy.switch] == true
	_late(site[policy.days], policy.max)
	message := concat(" ", [
		$"{policy.what} within {policy.max} days, whatever the tenant's policy says",
		$"({policy.switch} is true, {policy.days} is {site[policy.days]})",
	])
}

unknowns contains finding.at(["sites", i, "SharingCapability"], message) if {
	some i in _shared
	site := input.sites[i]
	count(_unknown_caps(site)) > 0
	not sharepoint.within(_bound(site), _limit(site).level)
	which := concat(" or ", _unknown_caps(site))
	message := $"how far the site is open is unknown: no known value is {which}"
}

unknowns contains finding.at(["sites", i, "SensitivityLabel"], "the snapshot does not tell the site's label") if {
	some i in _shared
	site := input.sites[i]
	count(data.settings.labels.sharing_levels) > 0
	_bound(site) != "disabled"
	not _label(site)
}

unknowns contains finding.at(["sites", i, "Template"], "the snapshot does not tell whether this is a OneDrive") if {
	some i in _shared
	site := input.sites[i]
	_settings.sharing_level != _settings.onedrive_sharing_level
	_bound(site) != "disabled"
	not is_string(object.get(site, "Template", null))
}

unknowns contains finding.at(["sites", i, policy.switch], message) if {
	some i in _shared
	site := input.sites[i]
	some policy in _policies
	_applies(site, policy) != "no"
	not is_boolean(object.get(site, policy.switch, null))
	message := $"the snapshot does not tell whether the site has an end date of its own for {policy.whom}"
}

unknowns contains finding.at(["sites", i, policy.days], message) if {
	some i in _shared
	site := input.sites[i]
	some policy in _policies
	_applies(site, policy) != "no"
	site[policy.switch] == true
	not is_number(object.get(site, policy.days, null))
	message := $"the snapshot does not tell the site's own end date for {policy.whom}"
}

unknowns contains finding.at(["sites", i, policy.days], message) if {
	some i in _shared
	site := input.sites[i]
	some policy in _policies
	_applies(site, policy) == "unknown"
	site[policy.switch] == true
	_late(site[policy.days], policy.max)
	message := $"whether the site is open to {policy.whom} is unknown, and {policy.what} within {policy.max} days"
}

# What the site has besides the tenant's end dates, and the levels at which it matters.
_policies := [
	{
		"switch": "OverrideTenantExternalUserExpirationPolicy",
		"days": "ExternalUserExpirationInDays",
		"max": _settings.guest_expiration_max_days,
		"whom": "guests",
		"what": "the access of guests does not end",
		"idle": {"disabled"},
	},
	{
		"switch": "OverrideTenantAnonymousLinkExpirationPolicy",
		"days": "AnonymousLinkExpirationInDays",
		"max": _settings.anyone_link_max_days,
		"whom": "links that work for anyone",
		"what": "links that work for anyone do not expire",
		"idle": {"disabled", "existingExternalUserSharingOnly", "externalUserSharingOnly"},
	},
]

_applies(site, policy) := "no" if {
	_bound(site) in policy.idle
} else := "unknown" if {
	count(_unknown_caps(site)) > 0
} else := "yes"

# Zero and less is no end, as of RequireAnonymousLinksExpireInDays.
_late(days, _) if {
	is_number(days)
	days < 1
}

_late(days, max) if {
	is_number(days)
	days > max
}

# The levels that bound what the site can share, by what says so.
_caps(site) := caps if {
	own := sharepoint.level(object.get(site, "SharingCapability", null))
	caps := object.union({"the site's level": own, "the tenant's level": sharepoint.tenant.level}, _onedrive_cap(site))
}

_onedrive_cap(site) := {"the level of OneDrive": _onedrive_level} if {
	_is_onedrive(site)
} else := {}

default _onedrive_level := "unknown"

_onedrive_level := sharepoint.onedrive.level

_unknown_caps(site) := {whose | some whose, "unknown" in _caps(site)}

# The most that the site can share, for all that is known.
_bound(site) := sharepoint.strictest({level | some level in _caps(site)}) if {
	sharepoint.strictest({level | some level in _caps(site)})
} else := "externalUserAndGuestSharing"

# What the site may share: the label's limit, if it has one that is no more open than the general one.
_limit(site) := {"level": level, "whose": "a site with its label"} if {
	level := sharepoint.strictest({entry.level |
		some entry in data.settings.labels.sharing_levels
		lower(entry.label) == _label(site)
	})
	sharepoint.within(level, _general(site).level)
} else := _general(site)

_general(site) := {"level": _settings.onedrive_sharing_level, "whose": "a OneDrive"} if {
	_is_onedrive(site)
} else := {"level": _settings.sharing_level, "whose": "a site"}

# Personal sites have templates of their own, such as SPSPERS#10: Get-SPOSite -Template SPSPERS lists them.
# https://learn.microsoft.com/en-us/powershell/module/microsoft.online.sharepoint.powershell/get-sposite
_is_onedrive(site) if startswith(upper(site.Template), "SPSPERS")

# The label's id in lower case, or empty; undefined when the snapshot does not tell.
_label(site) := lower(site.SensitivityLabel2) if {
	is_string(site.SensitivityLabel2)
	site.SensitivityLabel2 != ""
} else := "" if {
	site.SensitivityLabel == "00000000-0000-0000-0000-000000000000"
} else := lower(site.SensitivityLabel) if {
	is_string(site.SensitivityLabel)
}
