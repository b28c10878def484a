# METADATA
# title: Guests in groups are a decision
# description: |
#   By default every owner of a Microsoft 365 group or team may add guests, who then read its files and mail. An
#   organisation can forbid that, allow it in writing, or let sensitivity labels decide which groups are closed to guests.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/identity/users/groups-settings-cmdlets
#     description: Cmdlets for configuring group settings
#   - ref: https://learn.microsoft.com/en-us/entra/identity/users/groups-assign-sensitivity-labels
#     description: Assign sensitivity labels to Microsoft 365 groups
# custom:
#   id: GST-008
#   severity: medium
#   severity_reason: An owner adds guests to a group whose content was never meant for them; it takes that owner's mistake.
#   requires: [entra.groupSettings]
#   settings: [entra.guest_group_access, entra.no_guest_labels]
#   rationale: |
#     Team owners know their project, not your confidential ones. guest_group_access says what was decided: deny,
#     label_governed (name the labels that close a group in no_guest_labels) or allow, which passes because the decision
#     is written down. EIDSCA asks for the opposite, guests' access to groups switched on: that is the profile allow.
#     Whether each labelled group really is closed is written in the group's own settings, which this version does not
#     read; it then says unknown rather than pass. Administrators can add guests whatever is set here.
#   remediation:
#     portal: Microsoft 365 admin center > Settings > Org settings > Microsoft 365 Groups, or labels for groups in the Microsoft Purview portal.
#     graph: PATCH https://graph.microsoft.com/v1.0/groupSettings/{id} with all values as they are, but AllowToAddGuests "false" (or EnableMIPLabels "true").
#     powershell: Get-MgBetaDirectorySetting, set AllowToAddGuests to "false" (or EnableMIPLabels to "true") among its values, then Update-MgBetaDirectorySetting -DirectorySettingId {id} with all values.
#   controls:
#     guide: [G10, G12]
#     eidsca: [EIDSCA.ST09]
#   since: 0.1.0
package rules.entra.guest_group_access

import data.lib.finding
import data.lib.group_setting

_decision := data.settings.entra.guest_group_access

# What the service does when nothing is set.
_standards := {"AllowToAddGuests": "true", "AllowGuestsToAccessGroups": "true", "EnableMIPLabels": "false"}

# The switches that the decision is about.
_asked := {
	"deny": {
		"AllowToAddGuests": "guests can be added to groups",
		"AllowGuestsToAccessGroups": "guests can use the groups they are in",
	},
	"label_governed": {"AllowToAddGuests": "", "EnableMIPLabels": ""},
}

_switch[name] := group_setting.switch(name, standard) if some name, standard in _standards

findings contains finding.keyed(switch.path, name, $"{what} ({name} is {switch.text})") if {
	_decision == "deny"
	some name, what in _asked.deny
	some switch in _switch[name]
	switch.state == "on"
}

findings contains finding.keyed(labels.path, "EnableMIPLabels", message) if {
	_labels_decide
	some labels in _switch.EnableMIPLabels
	labels.state == "off"
	message := $"guests can be added and no sensitivity label can forbid it (EnableMIPLabels is {labels.text})"
}

findings contains finding.keyed(adding.path, "AllowToAddGuests", message) if {
	_labels_decide
	data.settings.entra.no_guest_labels == []
	some labels in _switch.EnableMIPLabels
	labels.state == "on"
	some adding in _switch.AllowToAddGuests
	message := $"guests can be added and no label closes a group to them (AllowToAddGuests is {adding.text})"
}

unknowns contains finding.keyed(adding.path, "AllowToAddGuests", message) if {
	_labels_decide
	data.settings.entra.no_guest_labels != []
	some labels in _switch.EnableMIPLabels
	labels.state == "on"
	some adding in _switch.AllowToAddGuests
	message := "labels decide about guests; whether the groups that they close refuse guests is not in the snapshot"
}

unknowns contains finding.keyed(switch.path, name, message) if {
	some name, _ in _asked[_decision]
	some switch in _switch[name]
	switch.state == "unknown"
	message := $"{name} has the value {switch.text}, which is neither true nor false"
}

# Guests can be added, so that it is up to the labels to keep them out of some groups.
_labels_decide if {
	_decision == "label_governed"
	some adding in _switch.AllowToAddGuests
	adding.state == "on"
}
