# METADATA
# title: Content is shared only with domains on a list
# description: |
#   A list of allowed domains keeps invitations to the organisations that you work with; a list of blocked domains lets
#   everybody else in. The list is about new invitations: do not count on it for guests who are in the directory
#   already.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/sharepoint/restricted-domains-sharing
#     description: Restrict sharing of SharePoint and OneDrive content by domain
#   - ref: https://learn.microsoft.com/en-us/graph/api/resources/sharepointsettings
#     description: sharepointSettings in Microsoft Graph
# custom:
#   id: SPO-003
#   severity: high
#   severity_reason: Content goes to any address at all, private mailboxes and competitors included, by an ordinary share.
#   requires:
#     - "sharePoint.tenant.SharingCapability | sharePoint.settings.sharingCapability"
#     - "sharePoint.tenant.SharingDomainRestrictionMode | sharePoint.settings.sharingDomainRestrictionMode"
#     - "sharePoint.tenant.SharingAllowedDomainList? | sharePoint.settings.sharingAllowedDomainList?"
#     - "sharePoint.tenant.SharingBlockedDomainList? | sharePoint.settings.sharingBlockedDomainList?"
#   settings: [sharepoint.accept_domain_block_list, domains.consumer]
#   rationale: |
#     Without a list anybody may be invited from anywhere, a mistyped address included. Both lists can hold domains at
#     once and only the one that the mode names is in force, so the mode is read first: Turbot and Prowler look at a
#     list alone. ScubaGear accepts the mode without the list; an empty list, or one with a domain where anybody can
#     make an account, fails here. Where the administration API and Graph give different lists under one mode, what
#     either allows is allowed, and only what both block is blocked.
#   remediation:
#     portal: SharePoint admin center > Policies > Sharing > More external sharing settings > Limit external sharing by domain > Add domains, choose "Allow only specific domains" and list those of your partners.
#     graph: 'PATCH https://graph.microsoft.com/v1.0/admin/sharepoint/settings {"sharingDomainRestrictionMode": "allowList", "sharingAllowedDomainList": ["partner.example"]}'
#     powershell: Set-SPOTenant -SharingDomainRestrictionMode AllowList -SharingAllowedDomainList "partner.example other.example"
#   controls:
#     guide: [G11]
#     cis_m365_7.0: ["7.2.6"]
#     cis_m365_6.0.1: ["7.2.6"]
#     scuba: [MS.SHAREPOINT.1.3]
#     nist_800_53: [AC-3, AC-6(10)]
#     iso_27001_2022: [A.5.10, A.5.13, A.5.14, A.5.18, A.5.19, A.5.21, A.6.7, A.8.21, A.8.23]
#     cmmc_2.0: [SC.L1-b.1.x, AC.L2-3.1.3, SC.L2-3.13.1]
#   since: 0.1.0
package rules.sharepoint.sharing_domains

import data.lib.finding
import data.lib.sharepoint

# The numbers are the administration API's, as https://github.com/pnp/pnpjs has them, the names are Graph's.
_modes := {
	0: "none", 1: "allowList", 2: "blockList",
	"none": "none", "allowList": "allowList", "blockList": "blockList",
}

_lists := {
	"tenant": {"allowList": "SharingAllowedDomainList", "blockList": "SharingBlockedDomainList"},
	"settings": {"allowList": "sharingAllowedDomainList", "blockList": "sharingBlockedDomainList"},
}

_places := [
	["sharePoint", "tenant", "SharingDomainRestrictionMode"],
	["sharePoint", "settings", "sharingDomainRestrictionMode"],
]

_mode := sharepoint.widest(
	input,
	_places,
	_modes,
	["none", "unknown", "blockList", "allowList"],
) if {
	not sharepoint.off
}

_kind := _mode.level

_says := $"{_mode.path[2]} is {_mode.value}"

# The lists that the mode puts in force, from each source that gives it: the two may have been read at different times.
_in_force := [{"mode": place, "list": list, "says": says} |
	some place in _places
	value := object.get(input, place, null)
	_modes[value] == _kind
	list := ["sharePoint", place[1], _lists[place[1]][_kind]]
	says := $"{place[2]} is {value}"
]

_domains[i] := {domain |
	some domain in regex.split(`[\s,;]+`, lower(_text(object.get(input, source.list, null))))
	domain != ""
} if {
	some i, source in _in_force
	object.get(input, source.list, false) != false
}

# What any of them allows, and what all of them block.
_together := union({domains | some domains in _domains}) if {
	_kind == "allowList"
} else := intersection({domains | some domains in _domains})

# Where a domain stands first.
_list_of(domain) := _in_force[min({i | some i, domains in _domains; domain in domains})].list

_is_domain(text) if regex.match(`^[^@*=.]+(\.[^@*=.]+)+$`, text)

default _text(_) := ""

_text(list) := list if is_string(list)

_text(list) := concat(" ", list) if is_array(list)

findings contains finding.at(_mode.path, $"people of any domain may be invited ({_says})") if _kind == "none"

findings contains finding.at(_mode.path, $"blocked domains are listed and all others are let in ({_says})") if {
	_kind == "blockList"
	not data.settings.sharepoint.accept_domain_block_list
}

findings contains finding.at(_in_force[0].list, $"the list of domains that is in force is empty ({_says})") if _is_empty

# Empty in the administration API, which stands first, is reported whatever Graph says.
_is_empty if _domains[0] == set()

_is_empty if {
	count(_domains) == count(_in_force)
	_together == set()
}

findings contains finding.keyed(_list_of(lower(domain)), domain, message) if {
	_kind == "allowList"
	some domain in data.settings.domains.consumer
	lower(domain) in _together
	message := $"{domain} is allowed, where anybody can have an address"
}

unknowns contains finding.at(_mode.path, $"{_says}, which this version does not know") if _kind == "unknown"

unknowns contains finding.at(source.mode, $"the list that is in force was not read ({source.says})") if {
	some i, source in _in_force
	not _domains[i]
}

unknowns contains finding.keyed(_list_of(entry), entry, $"{entry} is not the name of a domain") if {
	_kind == "allowList"
	some entry in _together
	not _is_domain(entry)
}

not_applicable contains "external sharing is off" if sharepoint.off
