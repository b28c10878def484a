package lib.access_package_test

import data.lib.access_package

_policy(scope) := {"id": "p", "displayName": "Partners", "allowedTargetScope": scope, "catalog": _catalog}

_catalog := {"state": "published", "isExternallyVisible": true}

_open(policies) := found if {
	found := access_package.open with input.governance.entitlementManagement.assignmentPolicies as policies
}

test_each_scope_has_its_audience if {
	access_package.audience(_policy("notSpecified")) == "nobody"
	every scope in [
		"specificDirectoryServicePrincipals", "allMemberUsers",
		"allDirectoryServicePrincipals", "allDirectoryAgentIdentities",
	] {
		access_package.audience(_policy(scope)) == "inside"
	}
	access_package.audience(_policy("allDirectoryUsers")) == "guests"
	access_package.audience(_policy("specificConnectedOrganizationUsers")) == "named"
	access_package.audience(_policy("allConfiguredConnectedOrganizationUsers")) == "configured"
	access_package.audience(_policy("allExternalUsers")) == "everybody"
	access_package.audience(_policy("AllExternalUsers")) == "everybody"
}

test_a_scope_unheard_of_is_unknown if {
	every scope in ["unknownFutureValue", "zzz", "", null] {
		policies := [_policy(scope)]
		_open(policies) == {}
		not access_package.none_open with input.governance.entitlementManagement.assignmentPolicies as policies
		access_package.unknown_audiences == {{
			"path": ["governance", "entitlementManagement", "assignmentPolicies", 0, "allowedTargetScope"],
			"message": $"'Partners': allowedTargetScope has the value {scope}, which this version does not know",
		}} with input.governance.entitlementManagement.assignmentPolicies as policies
	}
	access_package.audience({}) == "unknown"
}

test_policies_for_outsiders_are_open if {
	_open([
		_policy("allMemberUsers"), _policy("allDirectoryUsers"),
		_policy("specificConnectedOrganizationUsers"), _policy("allConfiguredConnectedOrganizationUsers"),
		_policy("allExternalUsers"), _policy("notSpecified"),
	]) == {1: "guests", 2: "named", 3: "configured", 4: "everybody"}
}

test_a_switch_elsewhere_closes_them if {
	outside := _policy("allExternalUsers")
	inside := _policy("allDirectoryUsers")
	off := {"requestorSettings": {
		"enableTargetsToSelfAddAccess": false,
		"enableOnBehalfRequestorsToAddAccess": false,
	}}
	manager := {"requestorSettings": {
		"enableTargetsToSelfAddAccess": false,
		"enableOnBehalfRequestorsToAddAccess": true,
	}}
	unpublished := {"catalog": {"state": "unpublished"}}
	internal := {"catalog": {"isExternallyVisible": false}}
	policies := [object.union(one, change) |
		some one in [outside, inside]
		some change in [off, manager, unpublished, internal]
	]
	_open(policies) == {1: "everybody", 5: "guests", 7: "guests"}
	access_package.closed == {0, 2, 3, 4, 6} with input.governance.entitlementManagement.assignmentPolicies as policies
}

test_what_is_not_known_closes_nothing if {
	_open([{"allowedTargetScope": "allExternalUsers"}]) == {0: "everybody"}
	nulls := {"allowedTargetScope": "allExternalUsers", "requestorSettings": null, "catalog": null}
	_open([nulls]) == {0: "everybody"}
}

test_no_open_policy_is_certain_only_of_a_list if {
	access_package.none_open with input.governance.entitlementManagement.assignmentPolicies as []
	not access_package.none_open with input as {}
	not access_package.none_open with input.governance.entitlementManagement.assignmentPolicies as [
		_policy("allExternalUsers"),
		_policy("allMemberUsers"),
	]
}

test_things_have_names if {
	access_package.name({"id": "x", "displayName": "Partner access"}) == "Partner access"
	access_package.name({"id": "x", "displayName": ""}) == "x"
	access_package.name({"id": "x", "displayName": null}) == "x"
	access_package.name({}) == "something without a name"
	access_package.name(null) == "something without a name"
	policy := object.union(_policy("allExternalUsers"), {"accessPackage": {"displayName": "Falcon"}})
	access_package.label(0) == "'Partners' of 'Falcon'"
		with input.governance.entitlementManagement.assignmentPolicies as [policy]
	access_package.label(0) == "'Partners'" with input.governance.entitlementManagement.assignmentPolicies as [
		_policy("allExternalUsers"),
	]
}

test_places if {
	access_package.policy_path(1, ["x"]) == ["governance", "entitlementManagement", "assignmentPolicies", 1, "x"]
	access_package.assignment_path(2, []) == ["governance", "entitlementManagement", "assignments", 2]
	access_package.organization_path(0, ["state"]) == [
		"governance", "entitlementManagement", "connectedOrganizations", 0, "state",
	]
}

_tenant := {"organization": {"verifiedDomains": [{"name": "Contoso.com"}, {"name": "contoso.onmicrosoft.com"}]}}

_holder(target) := who if {
	who := access_package.holder(target) with input.tenant as _tenant
}

test_holders_who_are_outsiders if {
	_holder({"objectId": "1", "principalName": "a_fabrikam.com#EXT#@contoso.onmicrosoft.com"}) == "outsider"
	_holder({"objectId": "1", "principalName": "ann@fabrikam.com"}) == "outsider"
	_holder({"objectId": null, "principalName": null}) == "outsider"

	# External members and guests whose names look like everybody's.
	_holder({"objectId": "1", "principalName": "ann@contoso.com", "subjectLifecycle": "notGoverned"}) == "outsider"
	_holder({"objectId": "1", "principalName": "ann@contoso.com", "subjectLifecycle": "governed"}) == "outsider"
}

test_holders_who_are_not if {
	_holder({"objectId": "1", "principalName": "ann@contoso.com", "subjectLifecycle": "notDefined"}) == "insider"
	_holder({"objectId": "1", "principalName": "ANN@CONTOSO.COM"}) == "insider"
	_holder({"objectId": null, "subjectType": "servicePrincipal"}) == "insider"
}

test_holders_who_cannot_be_told if {
	_holder({"objectId": "1", "principalName": null}) == "unknown"
	_holder({}) == "unknown"
	access_package.holder({"objectId": "1", "principalName": "ann@fabrikam.com"}) == "unknown" with input as {}
}

test_outsiders_are_collected if {
	management := {
		"connectedOrganizations": [{
			"externalSponsors": [{"id": "A"}],
			"internalSponsors": [
				{"id": "b", "userType": "Guest"},
				{"id": "c", "userType": "Member", "userPrincipalName": "c_fabrikam.com#EXT#@contoso.onmicrosoft.com"},
				{"id": "d", "userType": "Member", "userPrincipalName": "d@contoso.com"},
			],
		}],
		"assignments": [
			{"target": {"objectId": "e", "principalName": "e@fabrikam.com"}},
			{"target": {"objectId": "f", "principalName": "f@contoso.com"}},
		],
	}
	document := {"tenant": _tenant, "governance": {"entitlementManagement": management}, "guests": []}
	access_package.outsiders == {"a", "b", "c", "e"} with input as document
	user := "#microsoft.graph.singleUser"
	access_package.decides({}, {"@odata.type": user, "userId": "E"}) == "outsider" with input as document
	access_package.decides({}, {"@odata.type": user, "userId": "d"}) == "insider" with input as document
}

test_who_decides if {
	every kind in [
		"singleServicePrincipal", "requestorManager", "targetManager", "targetApplicationOwners",
		"targetUserSponsors",
	] {
		access_package.decides({}, {"@odata.type": $"#microsoft.graph.{kind}"}) == "insider"
	}
	every kind in ["singleUser", "groupMembers", "internalSponsors"] {
		access_package.decides({}, {"@odata.type": $"#microsoft.graph.{kind}"}) == "unknown"
	}
	every kind, id in {"singleUser": "userId", "groupMembers": "groupId"} {
		subject := {"@odata.type": $"#microsoft.graph.{kind}", id: null}
		access_package.decides({}, subject) == "unknown" with input as {"guests": [], "groups": []}
	}
	access_package.decides({}, {"@odata.type": "#microsoft.graph.externalSponsors"}) == "outsider"
	access_package.decides({}, {"@odata.type": "#microsoft.graph.connectedOrganizationMembers"}) == "outsider"
	access_package.decides({}, {"@odata.type": "#microsoft.graph.zzz"}) == "unknown"
	access_package.decides({}, {}) == "unknown"
	access_package.decides({}, null) == "unknown"
}

_people := {
	"guests": [{"id": "x1", "userType": "Guest"}, {"id": "x2", "userType": "Member"}],
	"groups": [{"id": "g1", "externalMembers": []}, {"id": "g2", "externalMembers": ["x2"]}],
	"governance": {
		"pim": {"groupEligibility": []},
		"entitlementManagement": {"connectedOrganizations": [
			{"id": "O1", "internalSponsors": [_sponsor("u1"), {"@odata.type": "#microsoft.graph.group", "id": "g1"}]},
			{"id": "o2", "internalSponsors": [_sponsor("x2")]},
			{"id": "o3", "internalSponsors": [{"@odata.type": "#microsoft.graph.group", "id": "g2"}]},
			{"id": "o4", "internalSponsors": [{"@odata.type": "#microsoft.graph.directoryObject", "id": "u1"}]},
			{"id": "o5", "internalSponsors": []},
		]},
	},
}

_sponsor(id) := {"@odata.type": "#microsoft.graph.user", "id": id, "userPrincipalName": "a@contoso.com"}

_for(organization) := object.union(_policy("specificConnectedOrganizationUsers"), {"specificAllowedTargets": [{
	"@odata.type": "#microsoft.graph.connectedOrganizationMembers",
	"connectedOrganizationId": organization,
}]})

test_internal_sponsors_are_those_of_the_policys_organisations if {
	sponsors := {"@odata.type": "#microsoft.graph.internalSponsors"}
	every id, who in {"o1": "insider", "o2": "outsider", "O3": "outsider", "o4": "unknown", "o5": "insider"} {
		access_package.decides(_for(id), sponsors) == who with input as _people
	}
	access_package.decides(_policy("allExternalUsers"), sponsors) == "outsider" with input as _people
}

_chosen(target) := object.union(_policy("specificDirectoryUsers"), {"specificAllowedTargets": [target]})

_rule(text) := {"@odata.type": "#microsoft.graph.attributeRuleMembers", "membershipRule": text}

test_people_and_groups_by_name_may_be_outsiders if {
	user := {"@odata.type": "#microsoft.graph.singleUser", "userId": "u1"}
	group := {"@odata.type": "#microsoft.graph.groupMembers", "groupId": "g1"}
	every target in [user, group] {
		access_package.audience(_chosen(target)) == "inside" with input as _people
		access_package.audience(_chosen(target)) == "unknown" with input as {}
	}
	every target in [
		object.union(user, {"userId": "X1"}),
		object.union(group, {"groupId": "g2"}),
		_rule(`(user.userType  -eq "Guest")`),
	] {
		access_package.audience(_chosen(target)) == "guests" with input as _people
	}
	access_package.audience(_chosen(_rule(`(user.department -eq "Sales")`))) == "unknown" with input as _people
	access_package.audience(_policy("specificDirectoryUsers")) == "unknown" with input as _people
}

test_everybody_who_can_approve if {
	stage := {
		"isEscalationEnabled": false,
		"primaryApprovers": ["a"],
		"fallbackPrimaryApprovers": ["b"],
		"escalationApprovers": ["c"],
		"fallbackEscalationApprovers": ["d"],
	}
	access_package.approvers(stage) == ["a", "b"]
	access_package.approvers(object.union(stage, {"isEscalationEnabled": true})) == ["a", "b", "c", "d"]
	access_package.approvers(object.union(stage, {"isEscalationEnabled": null})) == ["a", "b", "c", "d"]
	null in access_package.approvers(object.union(stage, {"primaryApprovers": null}))
	not _has_approvers(object.remove(stage, ["primaryApprovers"]))
	not _has_approvers({})
}

_has_approvers(stage) if access_package.approvers(stage)

test_when_access_ends if {
	access_package.ends_after({"type": "noExpiration"}) == "never"
	access_package.ends_after({"type": "notSpecified"}) == "never"
	access_package.ends_after({"type": "afterDuration", "duration": "P90D"}) == 90
	access_package.ends_after({"type": "afterDuration", "duration": "PT12H"}) == 0.5
	now := "2026-11-20T08:00:00Z"
	last := {"type": "afterDateTime", "endDateTime": "2026-11-30T08:00:00Z"}
	access_package.ends_after(last) == 10 with input.collection.collectedAt as now
	later := {"type": "afterDateTime", "endDateTime": "2026-11-30T08:00:01Z"}
	access_package.ends_after(later) == 11 with input.collection.collectedAt as now
	past := {"type": "afterDateTime", "endDateTime": "2026-11-10T08:00:00Z"}
	access_package.ends_after(past) == -10 with input.collection.collectedAt as now
}

test_when_access_ends_cannot_be_told if {
	every expiration in [
		null, {}, {"type": null}, {"type": "zzz"}, {"type": "afterDuration", "duration": "P1Y"},
		{"type": "afterDuration", "duration": null}, {"type": "afterDateTime", "endDateTime": null},
		{"type": "afterDateTime", "endDateTime": "soon"},
	] {
		access_package.ends_after(expiration) == "unknown" with input.collection.collectedAt as "2026-11-20T08:00:00Z"
	}
}

test_what_becomes_of_leavers if {
	every action in [null, "none", "blockSignIn"] {
		access_package.leavers({"externalUserLifecycleAction": action}) == {"kind": "kept", "action": action}
	}
	access_package.leavers({}) == {"kind": "kept", "action": null}
	access_package.leavers({
		"externalUserLifecycleAction": "blockSignInAndDelete",
		"durationUntilExternalUserDeletedAfterBlocked": "P30D",
	}) == {"kind": "deleted", "days": 30}
	access_package.leavers({
		"externalUserLifecycleAction": "blockSignInAndDelete",
		"durationUntilExternalUserDeletedAfterBlocked": "P1M",
	}) == {
		"kind": "unknown",
		"steps": ["durationUntilExternalUserDeletedAfterBlocked"],
		"message": "durationUntilExternalUserDeletedAfterBlocked is not a number of days such as P30D",
	}
	access_package.leavers({"externalUserLifecycleAction": "zzz"}) == {
		"kind": "unknown",
		"steps": ["externalUserLifecycleAction"],
		"message": "externalUserLifecycleAction has the value zzz, which this version does not know",
	}
}
