package rules.conditional_access.unmanaged_devices_test

import data.rules.conditional_access.unmanaged_devices as rule

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

_browser(session) := _policy(
	{"clientAppTypes": ["browser"], "users": {"excludeGuestsOrExternalUsers": _direct}},
	{"id": "p2", "displayName": "Browser", "sessionControls": session},
)

_direct := {"guestOrExternalUserTypes": "b2bDirectConnectUser"}

_apps := _policy(
	{"clientAppTypes": ["mobileAppsAndDesktopClients", "exchangeActiveSync", "other"]},
	_grant(["compliantDevice", "domainJoinedDevice"]),
)

# Session controls do not reach direct connect users.
_no_direct := _policy(
	{"users": {"includeUsers": [], "includeGuestsOrExternalUsers": _direct}},
	object.union(_grant(["block"]), {"id": "p3", "displayName": "No direct connect"}),
)

_downloads := {"cloudAppSecurity": {"isEnabled": true, "cloudAppSecurityType": "blockDownloads"}}

test_no_downloads_in_browsers_and_managed_devices_for_apps if {
	tenant := _tenant([_apps, _browser(_downloads), _no_direct])
	rule.findings == set() with input as tenant
	rule.unknowns == set() with input as tenant
}

# Defender for Cloud Apps sees browsers alone.
test_apps_are_not_limited_by_sessions if {
	policy := _policy({}, {"sessionControls": _downloads})
	found := rule.findings with input as _tenant([policy, _no_direct])
	some one in found
	endswith(one.message, "; in apps")
	not contains(one.message, "; in browsers")
}

test_no_policy_is_one_finding if {
	found := rule.findings with input as _tenant([])
	count(found) == 1
	some one in found
	one.path == ["conditionalAccess", "policies"]
	startswith(one.message, concat("", [
		"outsiders are not limited on unmanaged devices: no policy comes near (and 1 more at this place): ",
		"2 existing accounts (ext_fabrikam.com",
	]))
}

# Exchange's switch is not in the snapshot, SharePoint's is.
test_app_enforced_restrictions_need_the_switch_of_the_service if {
	restrictions := {"applicationEnforcedRestrictions": {"isEnabled": true}}
	off := object.union(
		_tenant([_apps, _browser(restrictions), _no_direct]),
		{"sharePoint": {"tenant": {"ConditionalAccessPolicy": 0}}},
	)
	found := rule.findings with input as off
	some one in found
	contains(one.message, "Office 365 SharePoint Online")
	on := object.union(off, {"sharePoint": {"tenant": {"ConditionalAccessPolicy": 1}}})
	settled := rule.findings with input as on with data.settings.conditional_access.unmanaged_device_apps as [_sharepoint]
	settled == set()
	open := rule.unknowns with input as on with data.settings.conditional_access.unmanaged_device_apps as [_exchange]
	open != set()
}

_sharepoint := "00000003-0000-0ff1-ce00-000000000000"

_exchange := "00000002-0000-0ff1-ce00-000000000000"

test_only_the_controls_of_the_settings_count if {
	tenant := _tenant([_apps, _browser(_downloads), _no_direct])
	found := rule.findings with input as tenant
		with data.settings.conditional_access.unmanaged_device_controls as ["block"]
	count(found) == 1
	some one in found
	endswith(one.message, "; in browsers")
}

# Other tools pass this: nobody trusts the guest's device, so that no guest gets in.
test_a_demand_that_nobody_can_meet_is_noted if {
	trust := {"crossTenantAccess": {"default": {"inboundTrust": {"isCompliantDeviceAccepted": false}}, "partners": []}}
	tenant := object.union(_tenant([_policy({}, _grant(["compliantDevice"]))]), trust)
	rule.findings == set() with input as tenant
	notes := rule.notes with input as tenant
	some note in notes
	note.path == _place(["grantControls"])
	startswith(note.message, "'P' locks out: 2 existing accounts (ext_fabrikam.com")
}
