# METADATA
# description: |
#   How far SharePoint and OneDrive open to outsiders. Each has a level on one scale; the numbers that the
#   administration API gives the levels are not in the order of openness.
package lib.sharepoint

# METADATA
# description: |
#   The levels of sharing from closed to open, in the words of
#   https://learn.microsoft.com/en-us/graph/api/resources/sharepointsettings
scale := [
	"disabled",
	"existingExternalUserSharingOnly",
	"externalUserSharingOnly",
	"externalUserAndGuestSharing",
]

# METADATA
# description: With whom content can be shared at each level.
audience := {
	"disabled": "nobody outside",
	"existingExternalUserSharingOnly": "guests who are in the directory already",
	"externalUserSharingOnly": "new guests",
	"externalUserAndGuestSharing": "anyone who holds a link",
}

# METADATA
# description: |
#   The level of SharePoint, which bounds that of OneDrive and of every site.
#   https://learn.microsoft.com/en-us/sharepoint/turn-external-sharing-on-or-off
tenant := widest(
	input,
	[["sharePoint", "tenant", "SharingCapability"], ["sharePoint", "settings", "sharingCapability"]],
	_levels,
	_from_open,
)

# METADATA
# description: The level of OneDrive.
onedrive := widest(input, [["sharePoint", "tenant", "ODBSharingCapability"]], _levels, _from_open)

# METADATA
# description: External sharing is turned off everywhere.
off if tenant.level == "disabled"

# METADATA
# description: Whether links that work for anyone who holds them can be made somewhere, as yes, no or unknown.
default anyone := "unknown"

anyone := "yes" if tenant.level == "externalUserAndGuestSharing"

anyone := "yes" if onedrive.level == "externalUserAndGuestSharing"

anyone := "no" if {
	below_anyone(tenant.level)
	below_anyone(onedrive.level)
}

# METADATA
# description: The level is known and does not allow links that work for anyone.
below_anyone(level) if {
	level in scale
	level != "externalUserAndGuestSharing"
}

# METADATA
# description: The level is at most as open as the limit.
within(level, limit) if {
	some open, name in scale
	name == level
	some most, allowed in scale
	allowed == limit
	open <= most
}

# METADATA
# description: The level that a number or a word of the service stands for; unknown when nobody knows it.
level(value) := object.get(_levels, value, "unknown")

# METADATA
# description: The least open of several levels; undefined when none is known.
strictest(levels) := [known | some known in scale; known in levels][0]

# METADATA
# description: |
#   Of the values that the document has at the paths the one that opens most, with its path and level: two sources may
#   have been read at different times, and a stale one must not hide what the other says. The levels are named by value,
#   all others are unknown; the order goes from open to closed.
widest(document, paths, levels, order) := [place |
	some level in order
	some path in paths
	value := object.get(document, path, null)
	value != null
	object.get(levels, value, "unknown") == level
	place := {"path": path, "value": value, "level": level}
][0]

# METADATA
# description: |
#   The properties that decide what link a user is offered first, with their values: for SharePoint and for OneDrive
#   each its own, unless that was never set and the older one for both is in force. A service that offers a link to
#   those who have access already gives nothing away and has none; without that switch it counts as off, its default.
#   https://learn.microsoft.com/en-us/powershell/module/sharepoint-online/set-spotenant
default_link(document, suffix, unset, older) := {place |
	some service in ["Core", "OneDrive"]
	not document[$"{service}DefaultLinkToExistingAccess"] == true
	own := $"{service}DefaultShareLink{suffix}"
	property := {true: older, false: own}[object.get(document, own, unset) == unset]
	value := object.get(document, property, null)
	place := {"property": property, "path": ["sharePoint", "tenant", property], "value": value}
}

# The numbers as https://github.com/pnp/cli-microsoft365 (src/m365/spo/commands/site/SharingCapabilities.ts) has them.
_levels := object.union({name: name | some name in scale}, {
	0: "disabled",
	1: "externalUserSharingOnly",
	2: "externalUserAndGuestSharing",
	3: "existingExternalUserSharingOnly",
})

_from_open := array.concat(["externalUserAndGuestSharing", "unknown"], array.slice(array.reverse(scale), 1, 4))
