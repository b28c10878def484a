package rules.teams.shared_channel_policies_test

import data.rules.teams.shared_channel_policies as rule

_policy(identity, share, join) := {
	"Identity": identity,
	"AllowSharedChannelCreation": true,
	"AllowChannelSharingToExternalUser": share,
	"AllowUserToParticipateInExternalSharedChannel": join,
}

_open := [_policy("Global", true, true)]

_path(i, switch) := ["teams", "channelsPolicies", i, switch]

_share := "AllowChannelSharingToExternalUser"

_join := "AllowUserToParticipateInExternalSharedChannel"

_fabrikam := "00000200-0000-4000-8000-000000000200"

_register := [{"tenant_id": _fabrikam, "allow": ["direct_connect"]}]

_all(access) := {
	"usersAndGroups": {"accessType": access, "targets": [{"target": "AllUsers"}]},
	"applications": {"accessType": access, "targets": [{"target": "AllApplications"}]},
}

_partner(id) := {
	"tenantId": id,
	"b2bDirectConnectInbound": _all("allowed"),
	"b2bDirectConnectOutbound": _all("allowed"),
}

_access(partners) := {"default": {}, "partners": partners}

_findings(policies, access) := found if {
	found := rule.findings with input as {"teams": {"channelsPolicies": policies}, "crossTenantAccess": access}
		with data.settings.partners as _register
}

_unknowns(policies, access) := found if {
	found := rule.unknowns with input as {"teams": {"channelsPolicies": policies}, "crossTenantAccess": access}
		with data.settings.partners as _register
}

test_a_partner_may_be_approved_by_its_domain if {
	asked := {"domainTenants": [{"domainName": "fabrikam.com", "tenantId": _fabrikam}]}
	access := object.union(_access([_partner(_fabrikam)]), asked)
	entry := {"domains": ["fabrikam.com"], "allow": ["direct_connect"]}
	rule.findings == set() with input as {"teams": {"channelsPolicies": _open}, "crossTenantAccess": access}
		with data.settings.partners as [entry]
	rule.unknowns == set() with input as {"teams": {"channelsPolicies": _open}, "crossTenantAccess": access}
		with data.settings.partners as [entry]
}

test_open_policies_without_an_approved_partner_are_reported if {
	policies := [_policy("Global", true, true), _policy("Tag:Sales", false, true)]
	rule.findings == {
		{
			"path": _path(0, _share),
			"message": concat(" ", [
				"channels policy Global lets owners share channels with people outside,",
				"while the register allows nobody direct connect (AllowChannelSharingToExternalUser is true)",
			]),
		},
		{
			"path": _path(0, _join),
			"message": concat(" ", [
				"channels policy Global lets staff join the channels of other organisations,",
				"while the register allows nobody direct connect",
				"(AllowUserToParticipateInExternalSharedChannel is true)",
			]),
		},
		{
			"path": _path(1, _join),
			"message": concat(" ", [
				"channels policy Tag:Sales lets staff join the channels of other organisations,",
				"while the register allows nobody direct connect",
				"(AllowUserToParticipateInExternalSharedChannel is true)",
			]),
		},
	} with input.teams.channelsPolicies as policies
	rule.unknowns == set() with input.teams.channelsPolicies as policies
}

test_closed_policies_pass if {
	rule.findings == set() with input.teams.channelsPolicies as [_policy("Global", false, false)]
	rule.unknowns == set() with input.teams.channelsPolicies as [_policy("Global", false, false)]
}

test_a_policy_that_nobody_holds_does_not_count if {
	policies := [_policy("Global", false, false), _policy("Tag:Sales", true, true)]
	rule.findings == set() with input.teams.channelsPolicies as policies
		with data.settings.teams.unassigned_policies as ["Tag:Sales"]
}

test_making_shared_channels_alone_is_no_sharing_outside if {
	policy := object.union(_policy("Global", true, false), {"AllowSharedChannelCreation": false})
	{found.path | some found in rule.findings} == {_path(0, _share)} with input.teams.channelsPolicies as [policy]
}

test_an_approved_partner_makes_open_policies_right if {
	_findings(_open, _access([_partner(_fabrikam)])) == set()
	_unknowns(_open, _access([_partner(_fabrikam)])) == set()
	_findings(_open, _access([])) == set()
}

test_direct_connect_with_everybody_is_reported_by_direction if {
	access := {"default": {"b2bDirectConnectInbound": _all("allowed")}, "partners": []}
	_findings(_open, access) == {{
		"path": _path(0, _share),
		"message": concat(" ", [
			"channels policy Global lets owners share channels with people outside,",
			"and direct connect is open to every organisation (AllowChannelSharingToExternalUser is true)",
		]),
	}}
}

test_direct_connect_with_another_partner_is_reported if {
	_findings([_policy("Global", false, true)], _access([_partner(_fabrikam), _partner("x")])) == {{
		"path": _path(0, _join),
		"message": concat(" ", [
			"channels policy Global lets staff join the channels of other organisations,",
			"and direct connect is open to organisations to which the register does not allow it",
			"(AllowUserToParticipateInExternalSharedChannel is true)",
		]),
	}}
	_findings([_policy("Global", false, false)], _access([_partner("x")])) == set()
}

_unknown(switch, doing) := {
	"path": _path(0, switch),
	"message": $"channels policy Global {doing}; whom direct connect lets through is not known",
}

test_direct_connect_that_was_not_read_is_unknown if {
	both := {
		_unknown(_share, "lets owners share channels with people outside"),
		_unknown(_join, "lets staff join the channels of other organisations"),
	}
	every access in [{}, {"default": {}}, {"partners": []}] {
		_findings(_open, access) == set()
		_unknowns(_open, access) == both
	}
	odd := _access([{"tenantId": "x", "b2bDirectConnectInbound": {"usersAndGroups": {}, "applications": {}}}])
	_unknowns(_open, odd) == {_unknown(_share, "lets owners share channels with people outside")}
	_unknowns([_policy("Global", false, false)], {}) == set()
}

test_a_switch_that_is_neither_is_unknown if {
	rule.unknowns == {{
		"path": _path(0, _share),
		"message": concat(" ", [
			"AllowChannelSharingToExternalUser of channels policy Global has the value null,",
			"which this version does not know",
		]),
	}} with input.teams.channelsPolicies as [_policy("Global", null, false)]
}

test_a_list_without_global_is_not_complete if {
	rule.unknowns == {{
		"path": ["teams", "channelsPolicies"],
		"message": "the Global channels policy is missing, so the list is not complete",
	}} with input.teams.channelsPolicies as []
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
}
