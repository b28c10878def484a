# METADATA
# description: |
#   The tenant's settings for Microsoft 365 groups: the object made from the template Group.Unified. A tenant that never
#   changed one has no such object, and a setting that the object does not hold has the service's default:
#   https://learn.microsoft.com/en-us/entra/identity/users/groups-settings-cmdlets
package lib.group_setting

_template := "62375ab9-6b52-47ed-826b-58e47e0e304b"

_states := {"true": "on", "false": "off"}

# METADATA
# description: |
#   A switch as a set of {state, path, text}: state is on, off or unknown; path leads to the value, or to the list that
#   lacks it; text is the value as it stands. One element, unless the service sent a setting twice. Undefined when the
#   snapshot has no settings.
switch(name, standard) := _found(name) if {
	count(_found(name)) > 0
} else := {{"state": "unknown", "path": _place, "text": "(not read)"}} if {
	some setting in _unified
	not is_array(object.get(setting, "values", null))
} else := {{
	"state": _states[standard],
	"path": _place,
	"text": $"not set, which means {standard}",
}} if {
	is_array(input.entra.groupSettings)
}

# METADATA
# description: |
#   A text, whose default is empty, as a set of {state, path, text}: state is set, empty or unknown. The rest as for switch.
words(name) := _written(name) if {
	count(_written(name)) > 0
} else := {{"state": "unknown", "path": _place, "text": "(not read)"}} if {
	some setting in _unified
	not is_array(object.get(setting, "values", null))
} else := {{"state": "empty", "path": _place, "text": ""}} if {
	is_array(input.entra.groupSettings)
}

_unified[i] := setting if {
	some i, setting in input.entra.groupSettings
	lower(setting.templateId) == _template
}

_found(name) := {{"state": _state(value), "path": path, "text": $"{value}"} |
	some [path, value] in _entries(name)
}

_written(name) := {{"state": _text_state(value), "path": path, "text": $"{value}"} |
	some [path, value] in _entries(name)
}

# The values of the name, each behind its place; one that is missing is null.
_entries(name) := {[path, value] |
	some i, setting in _unified
	some j, entry in setting.values
	lower(entry.name) == lower(name)
	value := object.get(entry, "value", null)
	path := ["entra", "groupSettings", i, "values", j, "value"]
}

_state(value) := state if {
	state := _states[lower(trim_space(value))]
} else := "unknown"

_text_state(value) := "empty" if {
	trim_space(value) == ""
} else := "set" if {
	is_string(value)
} else := "unknown"

# The list that would hold an absent setting.
_place := ["entra", "groupSettings", i, "values"] if {
	i := min([n | some n, _ in _unified])
} else := ["entra", "groupSettings"]
