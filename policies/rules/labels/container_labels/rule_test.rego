package rules.labels.container_labels_test

import data.rules.labels.container_labels as rule

_settings(value) := [{
	"id": "s1",
	"templateId": "62375ab9-6b52-47ed-826b-58e47e0e304b",
	"values": [{"name": "EnableMIPLabels", "value": value}],
}]

_label(target) := {"id": "L1", "name": "Confidential", "applicableTo": target, "sublabels": []}

_silent := {"id": "L1", "name": "Confidential"}

_tenant(switch, labels, files) := {
	"entra": {"groupSettings": _settings(switch)},
	"labels": {"sensitivityLabels": labels},
	"sharePoint": {"tenant": {"EnableAIPIntegration": files}},
}

_findings(labels) := found if {
	found := rule.findings with input as _tenant("True", labels, true)
}

_unknowns(labels) := found if {
	found := rule.unknowns with input as _tenant("True", labels, true)
}

_labels_path := ["labels", "sensitivityLabels"]

_no_label := {{"path": _labels_path, "message": "no sensitivity label can be put on a group or site"}}

_untold := {{
	"path": _labels_path,
	"message": "Graph did not tell what the labels are for; name those for groups and sites in labels.container_labels",
}}

test_all_that_is_missing_is_reported if {
	rule.findings == {
		{
			"path": ["entra", "groupSettings", 0, "values", 0, "value"],
			"key": "EnableMIPLabels",
			"message": "groups and sites cannot carry a sensitivity label (EnableMIPLabels is False)",
		},
		{
			"path": ["sharePoint", "tenant", "EnableAIPIntegration"],
			"message": "SharePoint does not read files' labels (EnableAIPIntegration is false)",
		},
	} | _no_label with input as _tenant("False", [], false)
	rule.unknowns == set() with input as _tenant("False", [], false)
}

test_labels_are_off_until_somebody_turns_them_on if {
	{
		"path": ["entra", "groupSettings"],
		"key": "EnableMIPLabels",
		"message": "groups and sites cannot carry a sensitivity label (EnableMIPLabels is not set, which means false)",
	} in rule.findings with input.entra.groupSettings as []
}

test_a_label_for_groups_or_sites_passes if {
	every target in ["email,file,site,unifiedGroup", "Site", "file, unifiedGroup"] {
		_findings([_label(target)]) == set()
		_unknowns([_label(target)]) == set()
	}
}

test_labels_for_other_things_are_not_enough if {
	_findings([_label("email,file")]) == _no_label
	_unknowns([_label("email,file")]) == set()
	_findings([_label("website")]) == _no_label
}

test_a_label_that_is_off_is_not_enough if {
	_findings([object.union(_label("site"), {"isEnabled": false})]) == _no_label
	_findings([object.union(_label("site"), {"isEnabled": true})]) == set()
}

test_a_label_with_sublabels_cannot_be_applied if {
	parent := {"id": "L0", "applicableTo": "site", "sublabels": [_label("file")]}
	_findings([parent]) == _no_label
	_findings([object.union(parent, {"sublabels": [_label("file"), _label("site")]})]) == set()
	_findings([object.union(parent, {"sublabels": null})]) == set()
}

test_labels_whose_use_is_not_told_are_unknown if {
	every label in [_silent, _label(null), _label(""), _label("file,unknownFutureValue")] {
		_findings([label]) == set()
		_unknowns([label, _label("file")]) == _untold
		_unknowns([label, _label("site")]) == set()
	}
}

test_the_settings_can_tell_instead if {
	_findings([_silent]) == set() with data.settings.labels.container_labels as ["l1"]
	files := object.union(_silent, {"id": "l1", "applicableTo": "email,file"})
	count(_findings([files])) == 1 with data.settings.labels.container_labels as ["l1"]
	_unknowns([_silent]) == set() with data.settings.labels.container_labels as ["l1"]
	_unknowns([_silent]) == _untold with data.settings.labels.container_labels as ["l2"]
}

test_what_was_not_read_is_unknown if {
	rule.findings == set() with input.entra.groupSettings as _settings("maybe")
	rule.unknowns == {
		{
			"path": ["entra", "groupSettings", 0, "values", 0, "value"],
			"key": "EnableMIPLabels",
			"message": "EnableMIPLabels has the value maybe, which is neither true nor false",
		},
		{"path": _labels_path, "message": "the sensitivity labels were not read"},
		{
			"path": ["sharePoint", "tenant", "EnableAIPIntegration"],
			"message": "whether SharePoint reads the labels of files is not known",
		},
	} with input.entra.groupSettings as _settings("maybe")
	rule.findings == set() with input as {}
}
