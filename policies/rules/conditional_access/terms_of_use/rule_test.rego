package rules.conditional_access.terms_of_use_test

import data.rules.conditional_access.terms_of_use as rule

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

_terms(id, agreements) := object.union(
	_tenant([_policy({}, {"grantControls": {"operator": "OR", "builtInControls": [], "termsOfUse": [id]}})]),
	{"conditionalAccess": {"termsOfUse": agreements}},
)

_agreement(expiry) := object.union({"id": "t1", "displayName": "Guests' terms"}, expiry)

_place_of(rest) := array.concat(["conditionalAccess", "termsOfUse", 0], rest)

_yearly := {"userReacceptRequiredFrequency": "P365D"}

test_terms_for_everybody_once_a_year if {
	tenant := _terms("T1", [_agreement(_yearly)])
	rule.findings == set() with input as tenant
	rule.unknowns == set() with input as tenant
	noted := rule.notes with input as tenant
	"A1" in {note.key | some note in noted}
	expiring := _terms("t1", [_agreement({
		"userReacceptRequiredFrequency": null,
		"termsExpiration": {"frequency": "P90D", "startDateTime": "2026-01-01T00:00:00Z"},
	})])
	rule.findings == set() with input as expiring
}

_never := {{
	"path": _place_of([]),
	"message": "'Guests' terms' need not be accepted again within 365 days",
}}

test_both_sides_of_the_limit if {
	rule.findings == _never with input as _terms("t1", [_agreement({"userReacceptRequiredFrequency": "P366D"})])
	rule.findings == _never with input as _terms("t1", [_agreement({})])
	rule.findings == set() with input as _terms("t1", [_agreement(_yearly)])
	found := rule.findings with input as _terms("t1", [_agreement(_yearly)])
		with data.settings.conditional_access.terms_of_use_max_days as 364
	count(found) == 1
}

test_a_time_that_nobody_can_read_is_unknown if {
	tenant := _terms("t1", [_agreement({"userReacceptRequiredFrequency": "P1Y"})])
	rule.findings == set() with input as tenant
	unknown := rule.unknowns with input as tenant
	unknown == {{
		"path": _place_of([]),
		"message": "when 'Guests' terms' must be accepted again is not clear: P1Y",
	}}
}

test_terms_that_are_gone if {
	found := rule.findings with input as _terms("t2", [_agreement(_yearly)])
	found == {{
		"path": _place(["grantControls", "termsOfUse", 0]),
		"message": "asks for terms of use that no longer exist",
	}}
}

test_agreements_that_were_not_collected_are_unknown if {
	tenant := object.remove(_terms("t1", []), ["conditionalAccess"])
	policies := _terms("t1", []).conditionalAccess.policies
	unknown := rule.unknowns with input as object.union(tenant, {"conditionalAccess": {"policies": policies}})
	unknown == {{
		"path": _place(["grantControls", "termsOfUse", 0]),
		"message": "whether these terms must be accepted again was not collected",
	}}
}

test_terms_or_mfa_are_no_terms if {
	either := {"grantControls": {"operator": "OR", "builtInControls": ["mfa"], "termsOfUse": ["t1"]}}
	tenant := object.union(_terms("t1", [_agreement(_yearly)]), {"conditionalAccess": {"policies": [_policy({}, either)]}})
	found := rule.findings with input as tenant
	some one in found
	one.path == _place(["grantControls", "builtInControls"])
	startswith(one.message, "outsiders get in without accepting terms of use: ")
	contains(one.message, ": 2 existing accounts")
}

test_an_external_member_is_left_out if {
	conditions := {"users": {"excludeGroups": ["g1"]}}
	tenant := object.union(_terms("t1", [_agreement(_yearly)]), {"conditionalAccess": {"policies": [_policy(
		conditions,
		{"grantControls": {"operator": "OR", "termsOfUse": ["t1"]}},
	)]}})
	found := rule.findings with input as tenant
	some one in found
	one.path == _place(["conditions", "users", "excludeGroups", 0])
}

# The agreement of a policy for employees is none of ours.
test_terms_for_employees_are_not_looked_at if {
	conditions := {"users": {"excludeUsers": ["GuestsOrExternalUsers"]}}
	tenant := object.union(_terms("t1", [_agreement({})]), {"conditionalAccess": {"policies": [_policy(
		conditions,
		{"grantControls": {"operator": "OR", "termsOfUse": ["t1"]}},
	)]}})
	found := rule.findings with input as tenant
	{one.path | some one in found} == {_place(["conditions", "users", "excludeUsers", 0])}
}

test_direct_connect_alone_has_no_terms if {
	reasons := rule.not_applicable with input as _tenant([])
		with data.settings.conditional_access.guest_kinds as ["b2bDirectConnectUser"]
	reasons == {"no kind of outsiders in the settings supports terms of use"}
	rule.not_applicable == set() with input as _tenant([])
}

# The snapshot does not tell who is in the group.
test_an_excluded_group_that_was_not_collected_is_unknown if {
	users := {"conditions": {"users": {"excludeGroups": ["g1"]}}}
	terms := _terms("t1", [_agreement(_yearly)])
	policy := object.union(terms.conditionalAccess.policies[0], users)
	tenant := object.union(terms, {"groups": null, "conditionalAccess": {"policies": [policy]}})
	rule.findings == set() with input as tenant
	unknown := rule.unknowns with input as tenant
	some one in unknown
	one.path == _place(["conditions", "users", "excludeGroups", 0])
}

test_what_is_no_text_is_unknown if {
	tenant := _terms("t1", [_agreement({"userReacceptRequiredFrequency": 365})])
	rule.findings == set() with input as tenant
	unknown := rule.unknowns with input as tenant
	{one.path | some one in unknown} == {_place_of([])}
}
