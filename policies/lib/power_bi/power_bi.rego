# METADATA
# description: |
#   What rules about Power BI share. Each of its tenant settings is off, on for some groups, or on for everybody. The
#   service leaves enabledSecurityGroups out where a setting is on for everybody:
#   https://learn.microsoft.com/en-us/rest/api/fabric/admin/tenants/list-tenant-settings
#
#   A question has the name of the setting, what it lets somebody do, whom that is about (guests or members), for whom
#   it may be on (allowed), and everyone_groups, the groups that the settings say hold everybody.
package lib.power_bi

import data.lib.finding

# METADATA
# description: |
#   For whom the setting is on: nobody, groups, everybody, or unknown. A group limits nothing if the settings say that
#   it holds everybody, by its id or name, or if its rule takes in everybody that the question is about. Groups that are
#   excluded do not make the rest few.
reach(document, setting, question) := "nobody" if {
	setting.enabled == false
} else := "everybody" if {
	setting.enabled == true
	_groups(setting) == []
} else := "everybody" if {
	setting.enabled == true
	some group in _groups(setting)
	some name in question.everyone_groups
	some field in ["graphId", "name"]
	lower(group[field]) == lower(name)
} else := "everybody" if {
	setting.enabled == true
	"every" in _taken(document, setting, question)
} else := "unknown" if {
	setting.enabled == true
	"groups" in question.allowed
	count(_doubts(document, setting, question)) > 0
} else := "groups" if {
	setting.enabled == true
} else := "unknown"

_groups(setting) := groups if {
	groups := object.get(setting, "enabledSecurityGroups", [])
	is_array(groups)
} else := []

# Whom the groups of the setting take in by their rules. Of groups that the snapshot does not hold nothing is told.
_taken(document, setting, question) := {id: takes[question.whom] |
	ids := {group.graphId | some group in _groups(setting); _is_name(group.graphId)}
	count(ids) > 0
	some id, takes in access.takes(document, ids)
}

_is_name(text) if {
	is_string(text)
	text != ""
}

_doubts(document, setting, question) := {$"whether the rule of group {id} takes in everybody is open" |
	some id, whom in _taken(document, setting, question)
	whom == "unknown"
} | {"which group it is on for was not read" |
	some group in _groups(setting)
	not _is_named(group)
}

_is_named(group) if {
	some field in ["graphId", "name"]
	_is_name(group[field])
}

# METADATA
# description: A finding where the setting reaches further than it may.
findings(document, question) := {found |
	some i, setting in document.powerBI.tenantSettings
	setting.settingName == question.name
	whom := reach(document, setting, question)
	whom in {"groups", "everybody"}
	not whom in question.allowed
	message := $"{question.what} ({question.name} is on for {_words(document, setting, question, whom)})"
	found := finding.at(["powerBI", "tenantSettings", i, "enabled"], message)
}

_words(_, _, _, "groups") := "some groups"

_words(document, setting, question, "everybody") := words if {
	first := min([id | some id, "every" in _taken(document, setting, question)])
	words := $"group {first}, whose rule takes in all {_whom[question.whom]}"
} else := "the whole organisation"

_whom := {"guests": "guests", "members": "colleagues"}

# METADATA
# description: What cannot be told of the setting.
unknowns(document, question) := ({found |
	some i, setting in document.powerBI.tenantSettings
	setting.settingName == question.name
	not is_boolean(object.get(setting, "enabled", null))
	found := finding.at(["powerBI", "tenantSettings", i], $"{question.name} is neither on nor off")
} | {found |
	some i, setting in document.powerBI.tenantSettings
	setting.settingName == question.name
	setting.enabled == true
	reach(document, setting, question) == "unknown"
	doubts := concat("; ", sort(_doubts(document, setting, question)))
	found := finding.at(["powerBI", "tenantSettings", i, "enabledSecurityGroups"], $"{question.name}: {doubts}")
}) | {found |
	not _is_there(document, question.name)
	found := finding.at(["powerBI", "tenantSettings"], $"{question.name} is not among the settings that were read")
}

_is_there(document, name) if {
	some setting in document.powerBI.tenantSettings
	setting.settingName == name
}
