package rules.entitlement.package_hygiene_test

import data.rules.entitlement.package_hygiene as rule

_management := ["governance", "entitlementManagement"]

_internal := {"@odata.type": "#microsoft.graph.internalSponsors"}

_external := {"@odata.type": "#microsoft.graph.externalSponsors"}

_user := {"@odata.type": "#microsoft.graph.singleUser", "userId": "u1"}

_target(id) := {"@odata.type": "#microsoft.graph.connectedOrganizationMembers", "connectedOrganizationId": id}

_stage(primary, fallback) := {
	"isEscalationEnabled": false,
	"primaryApprovers": primary,
	"fallbackPrimaryApprovers": fallback,
}

_approved_by(primary, fallback) := {"requestApprovalSettings": {
	"isApprovalRequiredForAdd": true,
	"stages": [_stage(primary, fallback)],
}}

_policy(change) := object.union(
	object.union(
		{
			"id": "p1",
			"displayName": "Partners",
			"allowedTargetScope": "specificConnectedOrganizationUsers",
			"specificAllowedTargets": [_target("O1")],
			"accessPackage": {"id": "A1", "displayName": "Project"},
		},
		_approved_by([_internal], [_user]),
	),
	change,
)

_fabrikam := {
	"id": "o1",
	"displayName": "Fabrikam",
	"state": "configured",
	"internalSponsors": [],
	"externalSponsors": [{"id": "g1"}],
}

_with(change) := object.union(
	{
		"accessPackages": [{"id": "a1", "displayName": "Project"}],
		"assignmentPolicies": [_policy({})],
		"connectedOrganizations": [_fabrikam],
	},
	change,
)

_found(change) := found if {
	found := rule.findings with input.governance.entitlementManagement as _with(change)
}

_asked(change) := asked if {
	asked := rule.unknowns with input.governance.entitlementManagement as _with(change)
}

_of_policy(steps, message) := {{
	"path": array.concat(_management, array.concat(["assignmentPolicies", 0], steps)),
	"message": $"'Partners' of 'Project'{message}",
}}

_first_stage := ["requestApprovalSettings", "stages", 0]

test_what_leads_somewhere_passes if {
	_found({}) == set()
	_asked({}) == set()
	rule.not_applicable == set() with input.governance.entitlementManagement as _with({})
}

test_a_package_without_a_policy_is_reported if {
	_found({"accessPackages": [{"id": "a1", "displayName": "Project"}, {"id": "a2", "displayName": "Old"}]}) == {{
		"path": array.concat(_management, ["accessPackages", 1]),
		"message": "'Old' has no policy, so nobody can get it",
	}}
}

test_a_policy_without_a_package_is_reported if {
	_found({"accessPackages": []}) == _of_policy(["accessPackage"], " belongs to no access package that exists")
	_found({"accessPackages": [], "assignmentPolicies": [_policy({"accessPackage": null})]}) == {{
		"path": array.concat(_management, ["assignmentPolicies", 0, "accessPackage"]),
		"message": "'Partners' belongs to no access package that exists",
	}}
}

test_a_policy_that_does_not_tell_its_package_is_unknown if {
	odd := {"assignmentPolicies": [_policy({"accessPackage": {"id": null}})]}
	_found(odd) == set()
	_asked(odd) == _of_policy(["accessPackage"], ": the snapshot does not tell of which access package")
	count(_asked({"assignmentPolicies": [object.remove(_policy({}), ["accessPackage"])]})) == 1
}

test_an_organisation_that_is_gone_is_reported if {
	_found({"assignmentPolicies": [_policy({"specificAllowedTargets": [_target("o1"), _target("o2")]})]}) == _of_policy(
		["specificAllowedTargets", 1],
		" names a connected organisation that does not exist",
	)
}

test_a_policy_that_names_no_organisation_is_reported if {
	_found({"assignmentPolicies": [_policy({"specificAllowedTargets": []})]}) == _of_policy(
		["specificAllowedTargets"],
		" is for connected organisations and names none",
	)
	inside := _policy({"specificAllowedTargets": [], "allowedTargetScope": "allMemberUsers"})
	_found({"assignmentPolicies": [inside]}) == set()
}

test_a_stage_without_approvers_is_reported if {
	_found({"assignmentPolicies": [_policy(_approved_by([], []))]}) == _of_policy(
		_first_stage,
		": nobody is named to approve in this stage",
	)
	off := object.union(_policy(_approved_by([], [])), {"requestApprovalSettings": {"isApprovalRequiredForAdd": false}})
	_found({"assignmentPolicies": [off]}) == set()
}

test_sponsors_who_are_nobody_are_reported if {
	message := ": sponsors are to approve, without a fallback, and there are none for Fabrikam"
	alone := {"assignmentPolicies": [_policy(_approved_by([_internal], []))]}
	_found(alone) == _of_policy(_first_stage, message)
	every scope in ["allConfiguredConnectedOrganizationUsers", "allExternalUsers"] {
		all := _policy(object.union(_approved_by([_internal], []), {"allowedTargetScope": scope}))
		_found({"assignmentPolicies": [all]}) == _of_policy(_first_stage, message)
		proposed := object.union(_fabrikam, {"state": "proposed"})
		_found({"assignmentPolicies": [all], "connectedOrganizations": [proposed]}) == set()
	}
	sponsored := object.union(_fabrikam, {"internalSponsors": [{"id": "u1"}]})
	_found(object.union(alone, {"connectedOrganizations": [sponsored]})) == set()
	_found({"assignmentPolicies": [_policy(_approved_by([_internal, _external], []))]}) == set()
	_found({"assignmentPolicies": [_policy(_approved_by([_external], []))]}) == set()
	inside := _policy(object.union(_approved_by([_internal], []), {"allowedTargetScope": "allMemberUsers"}))
	_found({"assignmentPolicies": [inside]}) == set()
}

test_approvers_who_cannot_be_read_are_unknown if {
	settings := {"isApprovalRequiredForAdd": true, "stages": [{}]}
	odd := {"assignmentPolicies": [_policy({"requestApprovalSettings": settings})]}
	_found(odd) == set()
	_asked(odd) == _of_policy(_first_stage, ": the snapshot does not tell who approves")
}

test_nothing_does_not_apply if {
	nothing := {"accessPackages": [], "assignmentPolicies": [], "connectedOrganizations": []}
	rule.not_applicable == {"there are no access packages"} with input.governance.entitlementManagement as nothing
	_found(nothing) == set()
}

test_missing_sections_say_nothing if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
	rule.not_applicable == set() with input as {}
}
