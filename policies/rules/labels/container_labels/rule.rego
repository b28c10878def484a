# METADATA
# title: Sensitivity labels can govern teams and sites
# description: |
#   A sensitivity label on a team or site decides whether guests get in and how far its content is shared, so that the
#   choice is made once, by those who know, and not by every owner. It takes labels that are made for groups and sites,
#   and two switches of the tenant.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/purview/sensitivity-labels-teams-groups-sites
#     description: Use sensitivity labels to protect content in Teams, groups and sites
#   - ref: https://learn.microsoft.com/en-us/entra/identity/users/groups-assign-sensitivity-labels
#     description: Assign sensitivity labels to Microsoft 365 groups
#   - ref: https://learn.microsoft.com/en-us/purview/sensitivity-labels-sharepoint-onedrive-files
#     description: Enable sensitivity labels for files in SharePoint and OneDrive
# custom:
#   id: LBL-001
#   severity: medium
#   severity_reason: Guests get into a confidential team when one owner, who has no label to be bound by, adds them.
#   requires: [entra.groupSettings]
#   uses: [labels.sensitivityLabels, sharePoint.tenant.EnableAIPIntegration]
#   licence: [AAD_PREMIUM]
#   settings: [labels.container_labels]
#   rationale: |
#     Without labels on groups there is one answer for the whole tenant: guests everywhere, or nowhere. EnableMIPLabels
#     turns them on and is off unless somebody did. EnableAIPIntegration lets SharePoint read the labels of files, and with
#     it tell the owner when a file is more confidential than the site it lies in. Graph documents for its first version
#     what a label is for (applicableTo), while the schema of that version lacks it: where it does not come, name the
#     labels for groups and sites in labels.container_labels, else the answer is unknown. A label with sublabels cannot be
#     applied and does not count. Graph tells neither what a label does with guests nor to whom it is published; the Zero
#     Trust Assessment asks only whether labels exist. LBL-002 asks whether groups with outsiders carry one.
#   remediation:
#     portal: Microsoft Purview portal > Information Protection > Sensitivity labels, choose "Groups & sites" in the scope of a label, set privacy and external sharing, and publish it.
#     graph: PATCH https://graph.microsoft.com/v1.0/groupSettings/{id} with all values as they are, but EnableMIPLabels "true"
#     powershell: Update-MgBetaDirectorySetting -DirectorySettingId {id} with EnableMIPLabels "True" among all values; Execute-AzureAdLabelSync in Security & Compliance PowerShell; Set-SPOTenant -EnableAIPIntegration $true
#   controls:
#     guide: [G10, G12]
#     cis_m365_7.0: ["3.3.1"]
#     zt: ["35012"]
#   since: 0.1.0
package rules.labels.container_labels

import data.lib.finding
import data.lib.group_setting

_labels_path := ["labels", "sensitivityLabels"]

_files_path := ["sharePoint", "tenant", "EnableAIPIntegration"]

_labels := input.labels.sensitivityLabels

_were_read if is_array(_labels)

_switch := group_setting.switch("EnableMIPLabels", "false")

findings contains finding.keyed(switch.path, "EnableMIPLabels", message) if {
	some switch in _switch
	switch.state == "off"
	message := $"groups and sites cannot carry a sensitivity label (EnableMIPLabels is {switch.text})"
}

findings contains finding.at(_labels_path, "no sensitivity label can be put on a group or site") if {
	_were_read
	not "unknown" in _uses
	not "container" in _uses
}

findings contains finding.at(_files_path, "SharePoint does not read files' labels (EnableAIPIntegration is false)") if {
	input.sharePoint.tenant.EnableAIPIntegration == false
}

unknowns contains finding.keyed(switch.path, "EnableMIPLabels", message) if {
	some switch in _switch
	switch.state == "unknown"
	message := $"EnableMIPLabels has the value {switch.text}, which is neither true nor false"
}

unknowns contains finding.at(_labels_path, message) if {
	_were_read
	"unknown" in _uses
	not "container" in _uses
	message := "Graph did not tell what the labels are for; name those for groups and sites in labels.container_labels"
}

unknowns contains finding.at(_labels_path, "the sensitivity labels were not read") if not _were_read

unknowns contains finding.at(_files_path, "whether SharePoint reads the labels of files is not known") if {
	not is_boolean(object.get(input, _files_path, null))
}

# What the labels that can be applied are for.
_uses contains _use(label) if {
	some label in _labels
	count(_sublabels(label)) == 0
}

_uses contains _use(label) if {
	some parent in _labels
	some label in _sublabels(parent)
}

_sublabels(label) := label.sublabels if {
	is_array(label.sublabels)
} else := []

# https://learn.microsoft.com/en-us/graph/api/resources/security-sensitivitylabel
_use(label) := "other" if {
	label.isEnabled == false
} else := "container" if {
	some target in split(lower(label.applicableTo), ",")
	trim_space(target) in {"unifiedgroup", "site"}
} else := "other" if {
	is_string(label.applicableTo)
	trim_space(label.applicableTo) != ""
	not contains(lower(label.applicableTo), "unknownfuturevalue")
} else := "container" if {
	some id in data.settings.labels.container_labels
	lower(id) == lower(label.id)
} else := "unknown"
