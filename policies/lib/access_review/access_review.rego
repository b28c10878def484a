# METADATA
# description: |
#   Reads accessReviewScheduleDefinition objects of Microsoft Graph: whom they cover, whether they go on, how often they
#   come and who decides. Scopes are queries or, since 2026, named types:
#   https://learn.microsoft.com/en-us/graph/accessreviews-scope-concept
#   https://learn.microsoft.com/en-us/graph/api/resources/accessreviewprincipalscope
package lib.access_review

import data.lib.duration
import data.lib.guest

# The states that Microsoft names, and those that real definitions have besides.
# https://learn.microsoft.com/en-us/graph/api/resources/accessreviewscheduledefinition
_statuses := {
	"initializing": "stopped",
	"notstarted": "stopped",
	"starting": "running",
	"inprogress": "running",
	"completing": "running",
	"autoreviewing": "running",
	"autoreviewed": "running",
	"applying": "running",
	"applied": "stopped",
	"completed": "stopped",
}

# METADATA
# description: Whether the series is running, stopped (ended, not begun, or without a status) or unknown.
status(definition) := _statuses[lower(definition.status)] if {
	definition.status != null
} else := "unknown" if {
	definition.status != null
} else := "stopped"

# METADATA
# description: |
#   How far the definition reaches: all when it asks for the guests of every group, or of a group that is known to hold
#   every guest; some when it asks for guests elsewhere. Undefined when it does not ask for guests.
reach(definition, guest_groups) := "all" if {
	count(_principals(definition)) > 0
	some place in _places(definition)
	place in ({"*", "**"} | {lower(group) | some group in guest_groups})
} else := "some" if {
	count(_principals(definition)) > 0
}

# METADATA
# description: |
#   Where the definition asks for guests: group ids, "*" for every Microsoft 365 group, "**" for every group, "teams" for
#   every team, "groups?" for groups that it chooses in a way that is not known here, "?" for what is no group.
places(definition) := _places(definition) if {
	count(_principals(definition)) > 0
} else := set()

# METADATA
# description: Whether external members are asked about too, not accounts with userType Guest alone.
covers_members(definition) if {
	some scope in _principals(definition)
	_everybody(scope)
}

# METADATA
# description: |
#   After how many days without a sign-in somebody is reviewed: 0 when everybody is. Undefined when the snapshot does
#   not say it in days.
idle_days(definition) := 0 if {
	some scope in _principals(definition)
	not _is_idle(scope)
} else := min([days | some scope in _principals(definition); days := duration.days(scope.inactiveDuration)])

# METADATA
# description: |
#   Whether the account of a guest who is denied goes, not the access that is reviewed alone. Nothing else has an effect on
#   a dynamic group: https://learn.microsoft.com/en-us/graph/api/accessreview-apply
deletes(definition) if {
	some action in definition.settings.applyActions
	action["@odata.type"] == "#microsoft.graph.disableAndDeleteUserApplyAction"
}

# METADATA
# description: |
#   Whether the definition reviews groups that it finds by itself, such as all of them, not those that it names.
enumerates(definition) if {
	some place in places(definition)
	place in {"*", "**", "teams", "groups?"}
}

# The scopes that ask for all guests, or for everybody. Beside resources the members of one group are a part of them.
_principals(definition) := [scope |
	some scope in _principal_scopes(definition.scope)
	_asks_for_guests(scope)
	not _narrows(definition.scope, scope)
]

_narrows(whole, scope) if {
	count(whole.principalScopes) > 0
	_group(_read(scope.query).path)
}

_principal_scopes(scope) := scope.principalScopes if {
	count(scope.principalScopes) > 0
} else := [scope]

_asks_for_guests(scope) if _everybody(scope)

_asks_for_guests(scope) if scope.scopeType in {"guestUsers", "inactiveGuestUsers"}

_asks_for_guests(scope) if {
	query := _read(scope.query)
	query.filter == "usertypeeq'guest'"
	_lists_users(query.path)
}

_everybody(scope) if scope.scopeType in {"allUsers", "inactiveUsers"}

_everybody(scope) if {
	query := _read(scope.query)
	query.filter == ""
	_lists_users(query.path)
}

_is_idle(scope) if scope.scopeType in {"inactiveUsers", "inactiveGuestUsers"}

_is_idle(scope) if endswith(scope["@odata.type"], ".accessReviewInactiveUsersQueryScope")

_is_idle(scope) if scope.inactiveDuration != null

_members := {"members", "members/microsoft.graph.user", "transitivemembers", "transitivemembers/microsoft.graph.user"}

_lists_users("/users")

_lists_users(path) if trim_prefix(path, "./") in _members

_lists_users(path) if _group(path)

_places(definition) := {_place(scope) | some scope in definition.scope.resourceScopes} if {
	count(definition.scope.resourceScopes) > 0
} else := {group} if {
	group := _group(_read(definition.scope.query).path)
} else := {place} if {
	place := _place(definition.instanceEnumerationScope)
} else := set()

_place(scope) := lower(scope.resourceId) if {
	scope.scopeType == "group"
} else := _choice(query.filter) if {
	query := _read(scope.query)
	query.path == "/groups"
} else := group if {
	group := _group(_read(scope.query).path)
} else := "?"

# The filters of https://learn.microsoft.com/en-us/graph/accessreviews-scope-concept; an example of all teams there has
# a quotation mark too many.
_choice(filter) := "**" if {
	filter == ""
} else := "*" if {
	regex.match(`^grouptypes/any\((\w+):\w+eq'unified'$`, filter)
} else := "teams" if {
	pattern := `^grouptypes/any\((\w+):\w+eq'unified'\)andresourceprovisioningoptions/any\((\w+):\w+eq'team'[)']*$`
	regex.match(pattern, filter)
} else := "groups?"

# The id in /groups/{id} and in the members of it.
_group(path) := parts[2] if {
	parts := split(path, "/")
	parts[1] == "groups"
	concat("/", array.slice(parts, 3, count(parts))) in ({""} | _members)
}

# METADATA
# description: |
#   Of which directory roles the definition asks about every user, as [id, part]: the part active are those who hold the
#   role, eligible those who can activate it. Reviews of guests, of inactive users or of applications are not of them.
roles(definition) := {[role, part] |
	some scope in _role_scopes(definition)
	some [role, part] in _role_parts(scope)
}

# METADATA
# description: Whether the definition is a review of everybody in directory roles, guests among them or not.
asks_roles(definition) if count(roles(definition)) > 0

asks_roles(definition) if asks_unknown_roles(definition)

# METADATA
# description: Whether the definition asks about a directory role in a way that is not known here.
asks_unknown_roles(definition) if {
	some scope in _role_scopes(definition)
	query := _read(scope.query)
	startswith(query.path, "/rolemanagement/directory/")
	count(_role_parts(scope)) == 0
	not contains(query.filter, "microsoft.graph.serviceprincipal")
}

_role_scopes(definition) := definition.scope.resourceScopes if {
	some scope in definition.scope.principalScopes
	_everybody(scope)
	not _is_idle(scope)
	not _narrows(definition.scope, scope)
} else := [definition.scope] if {
	object.get(definition.scope, "principalScopes", null) in [null, []]
	not _is_idle(definition.scope)
} else := []

_role_parts(scope) := _both(lower(scope.resourceId)) if {
	scope.scopeType == "directoryRole"
} else := _both(role) if {
	path := _read(scope.query).path
	startswith(path, "/rolemanagement/directory/roledefinitions/")
	role := trim_prefix(path, "/rolemanagement/directory/roledefinitions/")
} else := {[role, part]} if {
	query := _read(scope.query)
	part := _instances[query.path]
	role := _filtered_role(query.filter)
} else := set()

_both(role) := {[role, "active"], [role, "eligible"]}

_instances := {
	"/rolemanagement/directory/roleassignmentscheduleinstances": "active",
	"/rolemanagement/directory/roleeligibilityscheduleinstances": "eligible",
}

# The one role that the filter names, when it narrows in no other way than Microsoft's examples do.
_filtered_role(filter) := terms[0][1] if {
	terms := regex.find_all_string_submatch_n(`roledefinitionideq'([0-9a-f-]+)'`, filter, -1)
	count(terms) == 1
	known := `roledefinitionideq'[0-9a-f-]+'|assignmenttypeeq'assigned'|isof\(principal,'microsoft\.graph\.user'\)?`
	regex.match(`^(and)*$`, regex.replace(filter, known, ""))
}

# A query as {path, filter}: lower case, without version, blanks, escapes and outer brackets.
_read(text) := {"path": path, "filter": concat("&", filters)} if {
	parts := split(strings.replace_n(_escapes, lower(text)), "?")
	path := trim_suffix(trim_prefix(trim_prefix(parts[0], "/v1.0"), "/beta"), "/")
	options := split(concat("?", array.slice(parts, 1, count(parts))), "&")
	filters := [trim(trim_prefix(o, "$filter="), "()") | some o in options; startswith(o, "$filter=")]
}

_escapes := {
	" ": "", "+": "", "%20": "",
	"%23": "#", "%24": "$", "%27": "'", "%28": "(", "%29": ")", "%2c": ",", "%3a": ":", "%40": "@",
}

# METADATA
# description: |
#   Longest time between two reviews, in days. Undefined without a recurrence, and for a pattern that access reviews do
#   not have: https://learn.microsoft.com/en-us/graph/api/resources/recurrencepattern
interval_days(definition) := days[pattern.type] if {
	pattern := definition.settings.recurrence.pattern
	pattern.interval > 0
	days := {
		"daily": pattern.interval,
		"weekly": pattern.interval * 7,
		# The longest run of so many months: 31, 62, 92, 123 days.
		"absoluteMonthly": floor(((306 * pattern.interval) + 9) / 10),
	}
}

# METADATA
# description: |
#   Whether further reviews will come by the series' own calendar: yes, no (not said, or over) or unknown.
continues(definition) := _goes_on(definition.settings.recurrence.range, definition) if {
	definition.settings.recurrence.range.type != null
} else := "no"

_goes_on(range, definition) := "yes" if {
	range.type == "noEnd"
} else := "no" if {
	range.type == "endDate"
	not _has_future(range)
} else := "yes" if {
	# However the calendar falls, one more fits in.
	range.type == "endDate"
	guest.age(_date(range.endDate)) + interval_days(definition) <= 0
} else := answer if {
	range.type == "endDate"
	answer := _falls_before(_date(range.endDate), definition)
} else := "no" if {
	range.type == "numbered"
	not _is_told(range)
} else := answer if {
	range.type == "numbered"
	answer := {true: "yes", false: "no"}[_is_after(definition, range.numberOfOccurrences - 1)]
} else := "unknown"

_date(text) := time.parse_ns("2006-01-02", text)

_has_future(range) if _is_ahead(_date(range.endDate))

_is_ahead(moment) if moment > guest.now

_is_told(range) if {
	range.numberOfOccurrences > 0
	_date(range.startDate)
}

# Whether the review of that number, from 0, begins after the snapshot.
_is_after(definition, k) := _begins(definition, k) > guest.now

# The numbers between which the first review after the snapshot is, by the shortest and the longest interval.
_falls_before(end, definition) := answer if {
	age := guest.age(_begins(definition, 0))
	longest := interval_days(definition)
	shortest := min([longest, 28 * definition.settings.recurrence.pattern.interval])
	from := max([0, floor(age / longest)])
	to := max([0, floor(age / shortest) + 1])
	next := min([date | some k in numbers.range(from, to); date := _begins(definition, k); _is_ahead(date)])
	answer := {true: "yes", false: "no"}[next <= end]
}

# When the review of that number begins. Graph moves what no month has to its last day; the 28th is early enough for all.
_begins(definition, k) := time.add_date(date, 0, 0, k * interval_days(definition)) if {
	definition.settings.recurrence.pattern.type in {"daily", "weekly"}
	date := _date(definition.settings.recurrence.range.startDate)
}

_begins(definition, k) := time.add_date(date, 0, k * pattern.interval, 0) if {
	pattern := definition.settings.recurrence.pattern
	pattern.type == "absoluteMonthly"
	date := _date(regex.replace(definition.settings.recurrence.range.startDate, `(29|3\d)$`, "28"))
}

# METADATA
# description: How long one review stays open, in days; the stages together where there are stages.
open_days(definition) := sum(days) if {
	has_stages(definition)
	days := [stage.durationInDays | some stage in definition.stageSettings]
	count(days) == count(definition.stageSettings)
}

open_days(definition) := definition.settings.instanceDurationInDays if not has_stages(definition)

# METADATA
# description: Whether the review has stages; their reviewers and durations then replace those of the definition.
has_stages(definition) if count(definition.stageSettings) > 0

# METADATA
# description: |
#   Whether a guest's own answer decides: nobody else is asked, approvals of a stage in which guests answer for
#   themselves are not passed on, or guests have the last word on more than approvals. No reviewers means self-review:
#   https://learn.microsoft.com/en-us/graph/api/resources/accessreviewreviewerscope
is_self_review(definition) if {
	not has_stages(definition)
	_by_guest(definition)
}

is_self_review(definition) if {
	has_stages(definition)
	every stage in definition.stageSettings {
		_by_guest(stage)
	}
}

is_self_review(definition) if {
	some i, stage in definition.stageSettings
	i < count(definition.stageSettings) - 1
	_by_guest(stage)
	count(stage.decisionsThatWillMoveToNextStage) > 0
	not "Approve" in stage.decisionsThatWillMoveToNextStage
}

is_self_review(definition) if {
	last := count(definition.stageSettings) - 1
	_by_guest(definition.stageSettings[last])
	not _passes_approvals_alone(definition.stageSettings[last - 1])
}

# Without a list every decision is passed on:
# https://learn.microsoft.com/en-us/graph/api/resources/accessreviewstagesettings
_passes_approvals_alone(stage) if {
	{decision | some decision in stage.decisionsThatWillMoveToNextStage} == {"Approve"}
}

_by_guest(stage) if object.get(stage, "reviewers", null) in [null, []]

_by_guest(stage) if {
	some reviewer in stage.reviewers
	reviewer.scopeType == "self"
}

# METADATA
# description: |
#   Whom the definition names as reviewers, and where: {steps, kind, id}. The kind is user, or group for those in it, or
#   unknown for what is read in no other way. Where there are stages, theirs count. Owners, managers and sponsors are not
#   named.
#   https://learn.microsoft.com/en-us/graph/accessreviews-reviewers-concept
named_reviewers(definition) := {{"steps": array.concat(steps, [k]), "kind": kind, "id": id} |
	some [steps, list] in _reviewer_lists(definition)
	some k, reviewer in list
	not _is_relation(reviewer)
	[kind, id] := _named(reviewer)
}

_reviewer_lists(definition) := {[["stageSettings", s, name], stage[name]] |
	some s, stage in definition.stageSettings
	some name in _reviewer_names
} if {
	has_stages(definition)
} else := {[[name], definition[name]] | some name in _reviewer_names}

_reviewer_names := {"reviewers", "fallbackReviewers"}

_is_relation(reviewer) if reviewer.scopeType in {"manager", "sponsor", "managerOrSponsor", "resourceOwner", "self"}

_is_relation(reviewer) if _read(reviewer.query).path in {"./owners", "./manager", "./sponsors"}

# The owners of one group.
_is_relation(reviewer) if regex.match("^/groups/[^/]+/owners$", _read(reviewer.query).path)

_named(reviewer) := [kind, lower(reviewer.reviewerId)] if {
	kind := reviewer.scopeType
	kind in {"user", "group"}
} else := ["user", parts[2]] if {
	parts := split(_read(reviewer.query).path, "/")
	parts[1] == "users"
	count(parts) == 3
} else := ["group", _group(_read(reviewer.query).path)] if {
	_group(_read(reviewer.query).path)
} else := ["unknown", null]
