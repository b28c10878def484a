package rules.conditional_access.locations_test

import data.rules.conditional_access.locations as rule

_place(rest) := array.concat(["conditionalAccess", "policies", 0], rest)

_base := {
	"id": "p1",
	"displayName": "P",
	"state": "enabled",
	"conditions": {
		"users": {"includeUsers": ["All"]},
		"applications": {"includeApplications": ["All"]},
		"clientAppTypes": ["all"],
	},
}

_policy(conditions, rest) := object.union(object.union(_base, {"conditions": conditions}), rest)

_grant(controls) := {"grantControls": {"operator": "OR", "builtInControls": controls}}

# Guests and an external member of fabrikam.
_tenant(policies) := {
	"conditionalAccess": {"policies": policies, "namedLocations": []},
	"entra": {"identitySecurityDefaultsEnforcementPolicy": {"isEnabled": false}},
	"guests": [_account("ext", "Member"), _account("guest", "Guest")],
	"groups": [{"id": "g1", "displayName": "Partners", "externalMembers": ["ext"]}],
}

_account(id, type) := {
	"id": id,
	"userPrincipalName": sprintf("%s_fabrikam.com#EXT#@contoso.com", [id]),
	"userType": type,
	"identities": [{"signInType": "federated", "issuer": "ExternalAzureAD"}],
}

test_a_missing_section_is_nothing if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
	rule.notes == set() with input as {}
}

_hq(ranges) := {
	"@odata.type": "#microsoft.graph.ipNamedLocation",
	"id": "hq",
	"displayName": "HQ",
	"isTrusted": true,
	"ipRanges": [{"cidrAddress": range} | some range in ranges],
}

_home := {
	"@odata.type": "#microsoft.graph.countryNamedLocation",
	"id": "home",
	"displayName": "Home",
	"countriesAndRegions": ["CH"],
}

_with(policies, locations) := object.union(
	_tenant(policies),
	{"conditionalAccess": {"policies": policies, "namedLocations": locations}},
)

_outside(excluded) := _policy(
	{"locations": {"includeLocations": ["All"], "excludeLocations": excluded}},
	_grant(["block"]),
)

_halves := ["0.0.0.0/1", "128.0.0.0/1"]

_place_of(rest) := array.concat(["conditionalAccess", "namedLocations", 0], rest)

test_blocked_outside_trusted_places if {
	tenant := _with([_outside(["AllTrusted"])], [_hq(["198.51.100.0/24", "2001:db8::/32"])])
	rule.findings == set() with input as tenant
	rule.unknowns == set() with input as tenant
	noted := rule.notes with input as tenant
	"A1" in {note.key | some note in noted}
}

test_a_country_is_approved_by_the_settings_alone if {
	tenant := _with([_outside(["home"])], [_home])
	found := rule.findings with input as tenant
	some one in found
	one.path == _place(["conditions", "locations", "excludeLocations", 0])
	contains(one.message, "named location 'Home'")
	rule.findings == set() with input as tenant with data.settings.conditional_access.allowed_countries as ["CH"]
	rule.unknowns == set() with input as tenant with data.settings.conditional_access.allowed_countries as ["CH"]
}

test_no_policy_is_a_finding if {
	found := rule.findings with input as _with([], [_hq(["198.51.100.0/24"])])
	some one in found
	one.path == ["conditionalAccess", "policies"]
	startswith(one.message, "outsiders get in from places that are not approved: no policy comes near: ")
	contains(one.message, ": 2 existing accounts")
}

# Peers pass this: the policy is there, and there is no place outside.
test_a_trusted_location_that_is_everywhere if {
	found := rule.findings with input as _with([_outside(["AllTrusted"])], [_hq(["198.51.100.0/24", "0.0.0.0/0", "::/0"])])
	found == {
		{
			"path": _place_of(["ipRanges", 1, "cidrAddress"]),
			"message": "the trusted location 'HQ' holds every address of 0.0.0.0/0",
		},
		{
			"path": _place_of(["ipRanges", 2, "cidrAddress"]),
			"message": "the trusted location 'HQ' holds every address of ::/0",
		},
	}
}

test_in_pieces_it_is_everywhere_too if {
	found := rule.findings with input as _with([_outside(["AllTrusted"])], [_hq(array.concat(_halves, ["2001:db8::/32"]))])
	found == {{
		"path": _place_of(["ipRanges"]),
		"message": "the trusted location 'HQ' holds every address in pieces",
	}}
	six := rule.findings with input as _with([_outside(["AllTrusted"])], [_hq(["::/1", "8000::/2", "c000::/2"])])
	{one.path | some one in six} == {_place_of(["ipRanges"])}
}

test_half_of_it_is_a_range if {
	rule.findings == set() with input as _with([_outside(["AllTrusted"])], [_hq(["0.0.0.0/1", "not a range", null])])
	all_but_trusted := object.union(_hq(_halves), {"isTrusted": false})
	rule.findings == set() with input as _with([_outside(["AllTrusted"])], [all_but_trusted])
}

# The snapshot does not tell who is in the group.
test_an_excluded_group_that_was_not_collected_is_unknown if {
	policy := _policy({"users": {"excludeGroups": ["g1"]}}, _grant(["block"]))
	tenant := object.union(_tenant([policy]), {"groups": null})
	rule.findings == set() with input as tenant
	unknown := rule.unknowns with input as tenant
	some one in unknown
	one.path == _place(["conditions", "users", "excludeGroups", 0])
}
