# METADATA
# title: Every group that outsiders are in carries a fitting label
# description: |
#   A sensitivity label on a Microsoft 365 group or team says what the group may be shared with, and holds its owners to
#   it. This rule lists groups that outsiders are in and no label is on, and groups that are open to guests although
#   their label is one that closes them.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/purview/sensitivity-labels-teams-groups-sites
#     description: Use sensitivity labels to protect content in Teams, groups and sites
#   - ref: https://learn.microsoft.com/en-us/entra/identity/users/groups-assign-sensitivity-labels
#     description: Assign sensitivity labels to Microsoft 365 groups
#   - ref: https://learn.microsoft.com/en-us/microsoft-365/solutions/per-group-guest-access
#     description: Prevent guests from being added to a specific group
# custom:
#   id: LBL-002
#   severity: medium
#   severity_reason: Outsiders see what an owner puts into a group that nobody ever said how confidential it may be.
#   each: groups
#   requires: [groups, groups.externalMembers, tenant.organization.id]
#   uses: [entra.groupSettings, groups.channels, groups.settings]
#   licence: [AAD_PREMIUM]
#   settings: [entra.no_guest_labels]
#   rationale: |
#     Labels help where they are. Groups with outsiders are where it matters first: guests and external members, as members
#     or owners, and people of other organisations in a team's shared channels. Security groups cannot carry a label. For
#     labels that are named in no_guest_labels two things are asked: that no outsider is in the group, which includes those
#     who were there before it got the label, and that guests cannot be added, which the label writes into the group's own
#     settings when it is applied and an administrator can change afterwards. Which channels outsiders are in takes
#     permission to read the members of channels; without it groups that have no other outsiders are unknown.
#   remediation:
#     portal: Teams > the team > Edit team > Sensitivity, or Microsoft 365 admin center > Teams & groups > Active teams and groups > the group > Settings.
#     graph: 'PATCH https://graph.microsoft.com/v1.0/groups/{id} {"assignedLabels": [{"labelId": "{label id}"}]} as a signed-in person'
#     powershell: Set-UnifiedGroup -Identity {group} -SensitivityLabelId {label id}
#   controls:
#     guide: [G10, G12]
#   since: 0.1.0
package rules.labels.labelled_groups

import data.lib.finding
import data.lib.group_setting
import data.lib.shared_channel

findings contains finding.at(["groups", i, "assignedLabels"], message) if {
	some i in _with_outsiders
	_is_unified(input.groups[i])
	is_array(input.groups[i].assignedLabels)
	_labels(i) == set()
	message := $"outsiders are in the group {_who(i)}, and no sensitivity label is on it"
}

findings contains finding.keyed(["groups", i, "assignedLabels"], label, message) if {
	some i in _with_outsiders
	some label in _closing(i)
	message := $"outsiders are in the group {_who(i)}, which its label {label} closes to guests"
}

findings contains finding.keyed(["groups", i, "settings"], label, message) if {
	some i, _ in input.groups
	some label in _closing(i)
	not _tenant_closes
	_guests(i) == "open"
	message := $"guests can be added to the group, which its label {label} closes to them"
}

unknowns contains finding.at(["groups", i, "groupTypes"], "the snapshot does not tell what kind of group it is") if {
	some i in _with_outsiders
	not is_array(object.get(input.groups[i], "groupTypes", null))
}

unknowns contains finding.at(["groups", i, "assignedLabels"], "the snapshot does not tell the group's labels") if {
	some i in _with_outsiders
	_is_unified(input.groups[i])
	not is_array(object.get(input.groups[i], "assignedLabels", null))
}

unknowns contains finding.at(["groups", i, list], $"the snapshot does not tell the group's {list}") if {
	some i, group in input.groups
	some list in ["externalMembers", "externalOwners"]
	not _is_another_kind(group)
	not is_array(object.get(group, list, null))
}

unknowns contains finding.at(["groups", i, "channels", j], message) if {
	some i, j
	channel := input.groups[i].channels[j]
	not i in _with_outsiders
	not shared_channel.is_readable(channel)
	message := "the snapshot does not tell whether outsiders are in this channel"
}

unknowns contains finding.at(["groups", i, "settings"], message) if {
	some i, _ in input.groups
	some label in _closing(i)
	not _tenant_closes
	_guests(i) == "unknown"
	message := $"whether guests can be added to the group, which its label {label} closes to them, is not known"
}

unknowns contains finding.at(["groups"], "shared channels, through which outsiders come in too, were not read") if {
	count(input.groups) > 0
	not _channels_were_read
}

_channels_were_read if {
	some source in input.collection.sources
	source.source == "groups.channels"
	source.outcome == "collected"
}

# Groups that outsiders are in. Most groups have none, and are left out without a function call.
_with_outsiders contains i if {
	some i, group in input.groups
	some list in ["externalMembers", "externalOwners"]
	count(group[list]) > 0
}

_with_outsiders contains i if {
	some i, j
	channel := input.groups[i].channels[j]
	count(shared_channel.tenants(channel)) > 0
}

_who(i) := $"(external users: {people}, other organisations: {count(tenants)})" if {
	group := input.groups[i]
	people := count({id | some list in ["externalMembers", "externalOwners"]; some id in group[list]})
	tenants := {tenant | some channel in group.channels; some tenant in shared_channel.tenants(channel)}
}

# https://learn.microsoft.com/en-us/graph/api/resources/groups-overview: labels are for Microsoft 365 groups.
_is_unified(group) if "Unified" in group.groupTypes

_is_another_kind(group) if {
	is_array(group.groupTypes)
	not _is_unified(group)
}

_labels(i) := {lower(label.labelId) |
	some label in input.groups[i].assignedLabels
	is_string(label.labelId)
}

# The labels of the group that close it to guests.
_closing(i) := _labels(i) & {lower(label) | some label in data.settings.entra.no_guest_labels}

_tenant_closes if {
	some switch in group_setting.switch("AllowToAddGuests", "true")
	switch.state == "off"
}

# The template Group.Unified.Guest, of which a label makes the group's own setting.
# https://learn.microsoft.com/en-us/entra/identity/users/groups-settings-cmdlets
_template := "08d542b9-071f-4e16-94b0-74abb372e3d9"

# Whether guests can be added to the group. Without a setting of its own they can: the tenant does not forbid it.
_guests(i) := "unknown" if {
	not is_array(object.get(input.groups[i], "settings", null))
} else := "closed" if {
	_values(i) == {"false"}
} else := "open" if {
	count(_values(i) - {"true", "false"}) == 0
} else := "unknown"

_values(i) := {lower(value.value) |
	some setting in input.groups[i].settings
	lower(setting.templateId) == _template
	some value in setting.values
	lower(value.name) == "allowtoaddguests"
}
