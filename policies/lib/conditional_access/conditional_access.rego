# METADATA
# description: |
#   What Conditional Access does to one sign-in, as a specification, from Graph's own policies. Truths are yes, maybe
#   and no, assumptions yes, unknown and no; so every question about a policy has two readings. The reading "must"
#   counts what is certain, the reading "may" what is possible, and what is negated is asked in the other reading.
#   Functions with a reading are true or undefined. A property that is missing, null or of the wrong type lists
#   nothing; one of the wrong type, or unheard of, makes its policy one that may count (assumption U14).
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/graph/api/resources/conditionalaccesspolicy
#     description: The policies
#   - ref: https://learn.microsoft.com/en-us/entra/identity/conditional-access/concept-conditional-access-policies
#     description: How they are enforced
package lib.conditional_access

# METADATA
# description: |
#   Whether the sign-in is stopped unless it answers the question: stopped, open or unknown. The question is
#   {"require": [...]}, of which any one answers; block is answered by nothing.
decision(tenant, signin, question) := "open" if {
	count(_possible(tenant, signin, question)) == 0
	not _security_defaults_stop(tenant, signin, question, "may")
} else := "stopped" if {
	some policy in _possible(tenant, signin, question)
	_effective(tenant, policy, signin, question, "must")
} else := "stopped" if {
	_security_defaults_stop(tenant, signin, question, "must")
} else := "unknown"

# What is certain is possible, so the other policies need not be asked again.
_possible(tenant, signin, question) := [policy |
	some policy in tenant.policies
	_effective(tenant, policy, signin, question, "may")
]

_effective(tenant, policy, signin, question, reading) if {
	applies(tenant, policy, signin, reading)
	stops(tenant, policy, signin, question, reading)
}

# METADATA
# description: |
#   The ids of the policies that apply to the sign-in and stop it unless it answers the question; null for a policy that
#   has none, security-defaults for the security defaults.
stopping(tenant, signin, question, reading) := {object.get(policy, "id", null) |
	some policy in tenant.policies
	_effective(tenant, policy, signin, question, reading)
} | {"security-defaults" | _security_defaults_stop(tenant, signin, question, reading)}

# METADATA
# description: |
#   The policy applies to the sign-in: all conditions are met. A policy without users, such as one for workloads, never
#   applies to a person.
applies(tenant, policy, signin, reading) if {
	policy.state == "enabled"
	_selects(tenant, policy.conditions.users, "include", signin.user, reading)
	not _spares(tenant, policy.conditions, signin, _other[reading])
	_concerns(tenant, policy, signin.resource, reading)
	_client(tenant, policy.conditions, signin, reading)
	_platform(policy.conditions, signin.platform, reading)
	_location(tenant, policy.conditions, signin, reading)
	_device(policy, signin, reading)
	_risk(policy.conditions, "signInRiskLevels", signin.sign_in_risk, reading)
	_risk(policy.conditions, "userRiskLevels", signin.user_risk, reading)
	_insider_risk(tenant, policy.conditions, signin, reading)
	_flow(policy.conditions, signin.flow, reading)
	not _is_for_workloads(policy.conditions)
	not _discounted(tenant, policy, reading)
}

# Mind that OPA takes the negation of a call for undefined if an argument is: what may be missing is never an argument
# there.

# The words for truths and for assumptions that count in a reading.
_counts := {"must": {"yes"}, "may": {"yes", "maybe", "unknown"}}

_other := {"must": "may", "may": "must"}

_assumed(tenant, name, reading) if object.get(tenant, ["assume", name], "unknown") in _counts[reading]

# Lists come as arrays or as one text with commas. Names of values count as written, ids in any case.
_words(list) := {word |
	some text in list
	is_string(text)
	word := trim_space(text)
	word != ""
} if {
	is_array(list)
} else := {word |
	some text in split(list, ",")
	word := trim_space(text)
	word != ""
} if {
	is_string(list)
} else := set()

_ids(list) := {lower(word) | some word in _words(list)}

# A fact about an id, such as a group's, in the words given.
_fact(facts, id, words) if {
	some word in words
	[id, word] in _lower_case(facts)
}

_lower_case(facts) := {[lower(id), word] | some id, word in facts}

# A value is listed, or may be meant by one that nobody knows, such as unknownFutureValue.
_listed(words, value, known, _) if {
	value in words
	value in known
}

_listed(words, _, known, "may") if count(words - known) > 0

# Who: https://learn.microsoft.com/en-us/entra/identity/conditional-access/concept-conditional-access-users-groups

_side := {
	"include": {
		"users": "includeUsers",
		"groups": "includeGroups",
		"roles": "includeRoles",
		"guests": "includeGuestsOrExternalUsers",
		"applications": "includeApplications",
	},
	"exclude": {
		"users": "excludeUsers",
		"groups": "excludeGroups",
		"roles": "excludeRoles",
		"guests": "excludeGuestsOrExternalUsers",
		"applications": "excludeApplications",
	},
}

_selects(tenant, users, side, user, reading) if {
	"all" in _ids(users[_side[side].users])
	_is_among_all(tenant, user.kind, reading)
}

_selects(_, users, side, user, _) if {
	"guestsorexternalusers" in _ids(users[_side[side].users])
	user.kind in _guest_kinds
}

_selects(_, users, side, user, _) if {
	is_string(user.id)
	lower(user.id) in _ids(users[_side[side].users])
}

_selects(tenant, users, side, user, reading) if {
	some kind in ["groups", "roles"]
	some id in _ids(users[_side[side][kind]])
	_belongs(tenant, user[kind], id, side, reading)
}

_selects(tenant, users, side, user, reading) if {
	guests := users[_side[side].guests]
	_listed(_words(guests.guestOrExternalUserTypes), user.kind, _guest_kinds | {"none"}, reading)
	_comes_from(tenant, guests, user, reading)
}

_guest_kinds := {"internalGuest"} | _external_kinds

_external_kinds := {
	"b2bCollaborationGuest",
	"b2bCollaborationMember",
	"b2bDirectConnectUser",
	"otherExternalUser",
	"serviceProvider",
}

# Two kinds have no object in the directory.
_is_among_all(_, kind, _) if not kind in {"b2bDirectConnectUser", "serviceProvider"}

_is_among_all(tenant, _, reading) if _assumed(tenant, "A1", reading)

# To a group or role. One that no longer exists excludes nobody.
_belongs(_, memberships, id, _, reading) if _fact(memberships, id, _counts[reading])

_belongs(tenant, memberships, id, "include", reading) if {
	_fact(memberships, id, {"deleted"})
	_assumed(tenant, "U2", reading)
}

_comes_from(_, guests, _, _) if _membership(guests) == "all"

_comes_from(tenant, guests, user, reading) if {
	_membership(guests) == "enumerated"
	members := _ids(object.get(guests, ["externalTenants", "members"], null))
	_is_enumerated(tenant, members, user, _origin(user), reading)
}

_comes_from(_, guests, _, "may") if not _membership(guests) in {"all", "enumerated"}

_membership(guests) := "garbage" if {
	tenants := object.get(guests, "externalTenants", null)
	not is_object(tenants)
	not _is_blank(tenants)
} else := kind if {
	kind := object.get(guests, ["externalTenants", "membershipKind"], null)
	kind != null
} else := "all"

_origin(user) := "here" if {
	user.kind == "internalGuest"
} else := "no tenant" if {
	user.identity_provider == "other"
} else := "tenant" if {
	is_string(user.home_tenant)
} else := "unknown"

_is_enumerated(tenant, _, _, "here", reading) if _assumed(tenant, "U1", reading)

_is_enumerated(tenant, _, _, "no tenant", reading) if _assumed(tenant, "A3", reading)

_is_enumerated(_, members, user, "tenant", _) if lower(user.home_tenant) in members

_is_enumerated(_, members, _, "unknown", "may") if count(members) > 0

_spares(tenant, conditions, signin, reading) if {
	_selects(tenant, conditions.users, "exclude", signin.user, reading)
	not _spares_nobody(tenant, conditions, signin.client, _other[reading])
}

# Exchange ActiveSync:
# https://learn.microsoft.com/en-us/entra/identity/conditional-access/concept-conditional-access-conditions
_spares_nobody(tenant, conditions, client, reading) if {
	client in {"exchangeActiveSync", "easSupported"}
	"exchangeActiveSync" in _words(conditions.clientAppTypes)
	_takes_a_class(conditions.users)
	_assumed(tenant, "U6", reading)
}

_takes_a_class(users) if {
	some id in _ids(users.includeUsers)
	id in {"all", "guestsorexternalusers"}
}

_takes_a_class(users) if count(_words(users.includeRoles)) > 0

_takes_a_class(users) if {
	guests := users.includeGuestsOrExternalUsers
	count(_guest_kinds - _words(guests.guestOrExternalUserTypes)) == 0
	_membership(guests) == "all"
}

_is_for_workloads(conditions) if count(_words(conditions.clientApplications.includeServicePrincipals)) > 0

# To what: https://learn.microsoft.com/en-us/entra/identity/conditional-access/concept-conditional-access-cloud-apps

_concerns(tenant, policy, resource, reading) if {
	resource.type == "app"
	_reaches(tenant, policy, resource, reading)
}

_concerns(_, policy, resource, _) if {
	resource.type == "baseline_scopes"
	"all" in _ids(policy.conditions.applications.includeApplications)
	not _leaves_out(policy.conditions.applications)
}

_concerns(tenant, policy, resource, reading) if {
	resource.type == "baseline_scopes"
	_assumed(tenant, "U3", reading)
	_reaches(tenant, policy, {"id": "00000002-0000-0000-c000-000000000000"}, reading)
}

_concerns(_, policy, resource, _) if {
	resource.type == "user_action"
	lower(resource.id) in _ids(policy.conditions.applications.includeUserActions)
}

_concerns(_, policy, resource, _) if {
	resource.type == "authentication_context"
	lower(resource.id) in _ids(policy.conditions.applications.includeAuthenticationContextClassReferences)
}

_leaves_out(applications) if count(_words(applications.excludeApplications)) > 0

_leaves_out(applications) if applications.applicationFilter.mode == "exclude"

_reaches(tenant, policy, app, reading) if {
	_chooses(tenant, policy, "include", app, reading)
	not _chooses(tenant, policy, "exclude", app, _other[reading])
}

_chooses(_, policy, side, app, reading) if {
	_names(_ids(policy.conditions.applications[_side[side].applications]), app, reading)
}

_chooses(_, policy, side, app, reading) if {
	policy.conditions.applications.applicationFilter.mode == side
	_filter(app, policy) in _counts[reading]
}

_chooses(tenant, policy, side, app, reading) if {
	policy.conditions.applications.applicationFilter.mode == side
	_filter(app, policy) == null
	_assumed(tenant, "U4", reading)
}

# Whether the policy's filter matches the application; null where its attributes are not known.
_filter(app, policy) := object.get(app, ["filters", object.get(policy, "id", null)], null)

_names(ids, _, _) if "all" in ids

_names(ids, app, _) if lower(app.id) in ids

_names(ids, app, reading) if {
	some name, truth in app.names
	truth in _counts[reading]
	lower(name) in ids
}

# How: https://learn.microsoft.com/en-us/graph/api/resources/conditionalaccessconditionset

# Policies for the registration of a device leave its conditions and the client's out of account.
_registers_a_device(resource) if {
	resource.type == "user_action"
	lower(resource.id) == "urn:user:registerdevice"
}

_client(_, _, signin, _) if _registers_a_device(signin.resource)

_client(tenant, conditions, signin, reading) if {
	not _registers_a_device(signin.resource)
	_client_listed(tenant, _words(object.get(conditions, "clientAppTypes", null)), signin.client, reading)
}

_client_listed(_, types, client, reading) if _listed(types, client, _client_types, reading)

_client_listed(_, types, "easSupported", _) if "exchangeActiveSync" in types

_client_listed(_, types, _, _) if "all" in types

_client_listed(tenant, set(), _, reading) if _assumed(tenant, "U5", reading)

_client_types := {"all", "browser", "mobileAppsAndDesktopClients"} | _legacy_clients

_legacy_clients := {"exchangeActiveSync", "easSupported", "other"}

_platform(conditions, platform, reading) if {
	_is_on(_words(conditions.platforms.includePlatforms), platform, reading)
	not _is_on(_words(object.get(conditions.platforms, "excludePlatforms", null)), platform, _other[reading])
}

_platform(conditions, _, _) if not _has_words(conditions, "platforms", ["includePlatforms", "excludePlatforms"])

_is_on(platforms, _, _) if "all" in platforms

_is_on(platforms, platform, reading) if _listed(platforms, platform, _platforms, reading)

_platforms := {"all", "android", "iOS", "linux", "macOS", "windows", "windowsPhone"}

_location(tenant, conditions, signin, reading) if {
	_is_at(tenant, _ids(conditions.locations.includeLocations), signin, reading)
	not _is_at(tenant, _ids(object.get(conditions.locations, "excludeLocations", null)), signin, _other[reading])
}

_location(_, conditions, _, _) if not _has_words(conditions, "locations", ["includeLocations", "excludeLocations"])

_is_at(_, locations, _, _) if "all" in locations

_is_at(_, locations, signin, reading) if {
	"alltrusted" in locations
	signin.trusted in _counts[reading]
}

_is_at(_, locations, signin, reading) if {
	some id in locations
	_fact(signin.locations, id, _counts[reading])
}

_is_at(tenant, locations, signin, reading) if {
	some id in locations
	_fact(signin.locations, id, {"deleted"})
	_assumed(tenant, "U7", reading)
}

_has_words(conditions, name, lists) if {
	some list in lists
	count(_words(conditions[name][list])) > 0
}

_device(_, signin, _) if _registers_a_device(signin.resource)

_device(policy, _, _) if {
	not object.get(policy, ["conditions", "devices", "deviceFilter", "mode"], null) in {"include", "exclude"}
}

_device(policy, signin, reading) if {
	policy.conditions.devices.deviceFilter.mode == "include"
	_device_matches(policy, signin, reading)
}

_device(policy, signin, reading) if {
	policy.conditions.devices.deviceFilter.mode == "exclude"
	not _device_matches(policy, signin, _other[reading])
}

_device_matches(policy, signin, reading) if signin.device_filters[policy.id] in _counts[reading]

_risk(conditions, name, level, reading) if {
	levels := _words(object.get(conditions, name, null))
	_any_or_listed(levels, level, {"none", "low", "medium", "high", "hidden"}, reading)
}

_any_or_listed(words, value, known, reading) if _listed(words, value, known, reading)

_any_or_listed(set(), _, _, _)

_insider_risk(tenant, conditions, signin, reading) if {
	levels := _words(object.get(conditions, "insiderRiskLevels", null))
	level := _insider_level(tenant, signin, reading)
	_any_or_listed(levels, level, {"none", "minor", "moderate", "elevated"}, reading)
}

# The level that an outsider has if there are any for outsiders; null, which no policy lists, is none that is certain.
_insider_level(tenant, signin, reading) := signin.insider_risk if {
	signin.user.kind == "internalMember"
} else := signin.insider_risk if {
	_assumed(tenant, "U8", reading)
} else := "none" if {
	not _assumed(tenant, "U8", "may")
} else := null

_flow(conditions, flow, reading) if {
	methods := _words(object.get(conditions, ["authenticationFlows", "transferMethods"], null)) - {"none"}
	_any_or_listed(methods, flow, {"deviceCodeFlow", "authenticationTransfer"}, reading)
}

# What the model does not know: properties that hold something, and values of the wrong type.

_discounted(tenant, policy, reading) if {
	not _assumed(tenant, "U14", reading)
	_is_opaque(policy)
}

# A condition that is there and says nothing has lost something; without it, it would match all.
_discounted(tenant, policy, reading) if {
	not _assumed(tenant, "U14", reading)
	some path, properties in _said
	part := object.get(policy, path, null)
	is_object(part)
	every property in properties {
		_is_blank(object.get(part, property, null))
	}
}

_is_opaque(policy) if {
	some path, properties in _properties
	part := object.get(policy, path, null)
	is_object(part)
	some name, value in part
	not value in {null, "", []}
	not _fits(object.get(properties, name, "unknown"), name, value)
	not _is_blank(value)
} else if {
	some path in [["conditions", "devices", "deviceFilter"], ["conditions", "applications", "applicationFilter"]]
	filter := object.get(policy, path, {})
	is_object(filter)
	not _is_blank(filter)
	not object.get(filter, "mode", null) in {"include", "exclude"}
} else := false

_fits("any", _, _)

_fits("text", _, value) if is_string(value)

_fits("list", _, value) if is_string(value)

_fits("list", _, value) if {
	is_array(value)
	every element in value {
		is_string(element)
	}
}

_fits("object", _, value) if is_object(value)

_fits("unknown", name, _) if startswith(name, "@")

_fits("unknown", name, _) if contains(name, "@odata.")

# An object whose every property is null is how some exports write null.
_is_blank(value) if not _holds_something(value)

_holds_something(value) if {
	walk(value, [_, leaf])
	not is_object(leaf)
	not is_array(leaf)
	not leaf in {null, ""}
}

_properties := {
	[]: {
		"id": "text",
		"displayName": "any",
		"description": "any",
		"createdDateTime": "any",
		"modifiedDateTime": "any",
		"deletedDateTime": "any",
		"state": "text",
		"templateId": "any",
		"conditions": "object",
		"grantControls": "object",
		"sessionControls": "object",
	},
	["conditions"]: {
		"applications": "object",
		"authenticationFlows": "object",
		"clientApplications": "object",
		"clientAppTypes": "list",
		"devices": "object",
		"insiderRiskLevels": "list",
		"locations": "object",
		"platforms": "object",
		"signInRiskLevels": "list",
		"userRiskLevels": "list",
		"users": "object",
	},
	["conditions", "users"]: {
		"includeUsers": "list",
		"excludeUsers": "list",
		"includeGroups": "list",
		"excludeGroups": "list",
		"includeRoles": "list",
		"excludeRoles": "list",
		"includeGuestsOrExternalUsers": "object",
		"excludeGuestsOrExternalUsers": "object",
	},
	["conditions", "applications"]: {
		"includeApplications": "list",
		"excludeApplications": "list",
		"includeUserActions": "list",
		"includeAuthenticationContextClassReferences": "list",
		"applicationFilter": "object",
	},
	["conditions", "applications", "applicationFilter"]: {"mode": "text", "rule": "text"},
	["conditions", "authenticationFlows"]: {"transferMethods": "list"},
	["conditions", "devices"]: {"deviceFilter": "object"},
	["conditions", "devices", "deviceFilter"]: {"mode": "text", "rule": "text"},
	["conditions", "locations"]: {"includeLocations": "list", "excludeLocations": "list"},
	["conditions", "platforms"]: {"includePlatforms": "list", "excludePlatforms": "list"},
	["grantControls"]: {
		"operator": "text",
		"builtInControls": "list",
		"customAuthenticationFactors": "list",
		"termsOfUse": "list",
		"authenticationStrength": "object",
	},
}

_said := {
	["conditions", "authenticationFlows"]: ["transferMethods"],
	["conditions", "devices"]: ["deviceFilter"],
	["conditions", "locations"]: ["includeLocations", "excludeLocations"],
	["conditions", "platforms"]: ["includePlatforms", "excludePlatforms"],
	["conditions", "users", "excludeGuestsOrExternalUsers"]: ["guestOrExternalUserTypes"],
	["conditions", "users", "includeGuestsOrExternalUsers"]: ["guestOrExternalUserTypes"],
}
