package rules.entitlement.organizations_named_test

import data.rules.entitlement.organizations_named as rule

_policies := ["governance", "entitlementManagement", "assignmentPolicies"]

_good := {
	"id": "p1",
	"displayName": "Partners",
	"allowedTargetScope": "specificConnectedOrganizationUsers",
	"specificAllowedTargets": [{
		"@odata.type": "#microsoft.graph.connectedOrganizationMembers",
		"connectedOrganizationId": "o1",
	}],
	"requestorSettings": {"enableTargetsToSelfAddAccess": true, "enableOnBehalfRequestorsToAddAccess": false},
	"accessPackage": {"id": "a1", "displayName": "Project"},
	"catalog": {"id": "c1", "state": "published", "isExternallyVisible": true},
}

_with(change) := object.union(_good, change)

_everybody := _with({"allowedTargetScope": "allExternalUsers", "specificAllowedTargets": []})

_configured := _with({"allowedTargetScope": "allConfiguredConnectedOrganizationUsers", "specificAllowedTargets": []})

_scope(i) := array.concat(_policies, [i, "allowedTargetScope"])

test_anybody_is_reported if {
	rule.findings == {{
		"path": _scope(1),
		"message": "'Partners' of 'Project' can be requested by anybody on the internet",
	}} with input.governance.entitlementManagement.assignmentPolicies as [_good, _everybody]
	rule.unknowns == set() with input.governance.entitlementManagement.assignmentPolicies as [_good, _everybody]
}

test_every_connected_organisation_is_reported_unless_allowed if {
	rule.findings == {{
		"path": _scope(0),
		"message": "'Partners' of 'Project' can be requested by every connected organisation, those to come included",
	}} with input.governance.entitlementManagement.assignmentPolicies as [_configured]
	rule.findings == set() with input.governance.entitlementManagement.assignmentPolicies as [_configured]
		with data.settings.access_packages.all_connected_organizations_allowed as true
	rule.notes == {{
		"path": _scope(0),
		"message": "'Partners' of 'Project' can be requested by every configured connected organisation",
	}} with input.governance.entitlementManagement.assignmentPolicies as [_configured]
		with data.settings.access_packages.all_connected_organizations_allowed as true
}

test_organisations_by_name_pass if {
	rule.findings == set() with input.governance.entitlementManagement.assignmentPolicies as [_good]
	rule.unknowns == set() with input.governance.entitlementManagement.assignmentPolicies as [_good]
	rule.notes == set() with input.governance.entitlementManagement.assignmentPolicies as [_good]
	rule.not_applicable == set() with input.governance.entitlementManagement.assignmentPolicies as [_good]
}

test_names_that_cannot_be_read_are_unknown if {
	every targets in [
		null,
		[{"@odata.type": "#microsoft.graph.zzz", "connectedOrganizationId": "o1"}],
		[{"@odata.type": "#microsoft.graph.connectedOrganizationMembers", "connectedOrganizationId": null}],
	] {
		policies := [_with({"specificAllowedTargets": targets})]
		rule.findings == set() with input.governance.entitlementManagement.assignmentPolicies as policies
		rule.unknowns == {{
			"path": array.concat(_policies, [0, "specificAllowedTargets"]),
			"message": "'Partners' of 'Project': the snapshot does not tell which organisations may request",
		}} with input.governance.entitlementManagement.assignmentPolicies as policies
	}
}

test_a_scope_unheard_of_is_unknown if {
	policies := [_with({"allowedTargetScope": "unknownFutureValue"})]
	rule.findings == set() with input.governance.entitlementManagement.assignmentPolicies as policies
	rule.not_applicable == set() with input.governance.entitlementManagement.assignmentPolicies as policies
	rule.unknowns == {{
		"path": _scope(0),
		"message": concat("", [
			"'Partners' of 'Project': allowedTargetScope has the value unknownFutureValue, ",
			"which this version does not know",
		]),
	}} with input.governance.entitlementManagement.assignmentPolicies as policies
}

test_a_policy_that_is_switched_off_is_a_note if {
	policies := [object.union(_everybody, {"catalog": {"isExternallyVisible": false}})]
	rule.findings == set() with input.governance.entitlementManagement.assignmentPolicies as policies
	rule.notes == {{
		"path": _scope(0),
		"message": "'Partners' of 'Project' is for outsiders, but its requests or its catalog are switched off",
	}} with input.governance.entitlementManagement.assignmentPolicies as policies
	rule.not_applicable == {"no access package can be requested by people outside the directory"}
		with input.governance.entitlementManagement.assignmentPolicies as policies
}

test_nothing_for_outsiders_does_not_apply if {
	rule.not_applicable == {"no access package can be requested by people outside the directory"}
		with input.governance.entitlementManagement.assignmentPolicies as []
	rule.not_applicable == {"access packages are open to people of the directory only"}
		with input.governance.entitlementManagement.assignmentPolicies as [
			_with({"allowedTargetScope": "allDirectoryUsers"}),
			_with({"allowedTargetScope": "allMemberUsers"}),
		]
}

test_missing_policies_say_nothing if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
	rule.not_applicable == set() with input as {}
}
