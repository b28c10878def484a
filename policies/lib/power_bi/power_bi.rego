# METADATA
# description: |
#   What rules about Power BI share. Each of its tenant settings is off, on for some groups, or on for everybody. The
#   service leaves enabledSecurityGroups out where a setting is on for everybody:
#   https://learn.microsoft.com/en-us/rest/api/fabric/admin/tenants/list-tenant-settings
package lib.power_bi

import data.lib.finding

# METADATA
# description: |
#   For whom the setting is on: nobody, groups, everybody, or unknown. A group that the settings say holds everybody, by
#   its id or name, limits nothing. Groups that are excluded do not make the rest few.
reach(setting, everyone_groups) := "nobody" if {
	setting.enabled == false
} else := "everybody" if {
	setting.enabled == true
	_groups(setting) == []
} else := "everybody" if {
	setting.enabled == true
	some group in _groups(setting)
	some name in everyone_groups
	some field in ["graphId", "name"]
	lower(group[field]) == lower(name)
} else := "groups" if {
	setting.enabled == true
} else := "unknown"

_groups(setting) := groups if {
	groups := object.get(setting, "enabledSecurityGroups", [])
	is_array(groups)
} else := []

# METADATA
# description: A finding where the setting of that name reaches further than it may; what says what it then means.
findings(settings, name, everyone_groups, allowed, what) := {found |
	some i, setting in settings
	setting.settingName == name
	whom := reach(setting, everyone_groups)
	whom in {"groups", "everybody"}
	not whom in allowed
	found := finding.at(["powerBI", "tenantSettings", i, "enabled"], $"{what} ({name} is on for {_words[whom]})")
}

_words := {"everybody": "the whole organisation", "groups": "some groups"}

# METADATA
# description: The unknowns of a rule that asks for the setting of that name.
unknowns(settings, name) := {found |
	some i, setting in settings
	setting.settingName == name
	not is_boolean(object.get(setting, "enabled", null))
	found := finding.at(["powerBI", "tenantSettings", i], $"{name} is neither on nor off")
} | {found |
	count([setting | some setting in settings; setting.settingName == name]) == 0
	found := finding.at(["powerBI", "tenantSettings"], $"{name} is not among the settings that were read")
}
