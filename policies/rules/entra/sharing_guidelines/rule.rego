# METADATA
# title: People are told how to share securely
# description: |
#   Microsoft 365 can show a link to your own rules wherever somebody makes a group, and another one to guests who are
#   invited into it. Both are empty as the service ships them, so that everybody makes up rules of their own.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/identity/users/groups-settings-cmdlets
#     description: Cmdlets for configuring group settings, UsageGuidelinesUrl and GuestUsageGuidelinesUrl
#   - ref: https://learn.microsoft.com/en-us/powershell/module/microsoft.online.sharepoint.powershell/set-spotenant
#     description: Set-SPOTenant, CustomizedExternalSharingServiceUrl
# custom:
#   id: GST-012
#   severity: low
#   severity_reason: Nobody gets in by it, but staff who were never told the rules share too much, and guests pass on what they should not.
#   requires: [entra.groupSettings]
#   uses: [sharePoint.tenant]
#   rationale: |
#     Settings catch what was foreseen; the rest is up to people, and they can keep only rules that they know. Whether the
#     page behind the link is any good no scanner can tell, so that a link is the least that can be asked. It must be an
#     https address without a user name in it: people trust and follow it. The link that SharePoint shows to somebody whose
#     sharing was blocked (CustomizedExternalSharingServiceUrl) helps only where sharing is blocked; that it is missing is
#     a note, but one that is no https address is reported too. Terms of use that guests must accept are CA-012.
#   remediation:
#     portal: The portals do not offer these settings; Graph and PowerShell do.
#     graph: PATCH https://graph.microsoft.com/v1.0/groupSettings/{id} with all values as they are, but UsageGuidelinesUrl and GuestUsageGuidelinesUrl with the addresses of your rules; without an object, POST one made from the template 62375ab9-6b52-47ed-826b-58e47e0e304b.
#     powershell: Get-MgBetaDirectorySetting, set both among its values, then Update-MgBetaDirectorySetting -DirectorySettingId {id} with all values; for SharePoint, Set-SPOTenant -CustomizedExternalSharingServiceUrl https://intranet.contoso.example/sharing
#   controls:
#     guide: [G30]
#   since: 0.1.0
package rules.entra.sharing_guidelines

import data.lib.finding
import data.lib.group_setting

_readers := {"UsageGuidelinesUrl": "people who make groups", "GuestUsageGuidelinesUrl": "guests"}

_link[name] := group_setting.words(name) if some name, _ in _readers

_blocked_link := input.sharePoint.tenant.CustomizedExternalSharingServiceUrl

_blocked_path := ["sharePoint", "tenant", "CustomizedExternalSharingServiceUrl"]

findings contains finding.keyed(link.path, name, $"{who} are shown no rules for sharing ({name} is empty)") if {
	some name, who in _readers
	some link in _link[name]
	link.state == "empty"
}

findings contains finding.keyed(link.path, name, $"what {who} are shown is no https address ({name})") if {
	some name, who in _readers
	some link in _link[name]
	link.state == "set"
	not _is_safe(link.text)
}

findings contains finding.at(_blocked_path, message) if {
	_is_written
	not _is_safe(_blocked_link)
	message := $"what people are shown whose sharing was blocked is no https address ({_blocked_path[2]})"
}

unknowns contains finding.keyed(link.path, name, $"{name} was not read") if {
	some name, _ in _readers
	some link in _link[name]
	link.state == "unknown"
}

notes contains finding.at(_blocked_path, message) if {
	_blocked_link in [null, ""]
	message := $"people whose sharing was blocked are shown no link to your rules ({_blocked_path[2]} is empty)"
}

_is_written if trim_space(_blocked_link) != ""

_is_safe(address) if regex.match(_https, trim_space(address))

# A host and perhaps a port and a path, of visible characters; nothing before the host, such as user@.
_https := `^(?i)https://[\pL\pN]([\pL\pN.-]*[\pL\pN])?(:[0-9]{1,5})?([/?#][!-~\pL\pN]*)?$`
