package rules.entitlement.connected_organizations_test

import data.rules.entitlement.connected_organizations as rule

_tenant := {
	"@odata.type": "#microsoft.graph.azureActiveDirectoryTenant",
	"tenantId": "00000200-0000-4000-8000-000000000200",
	"displayName": "Fabrikam",
}

_domain(name) := {"@odata.type": "#microsoft.graph.domainIdentitySource", "domainName": name}

_register := [{"tenant_id": "00000200-0000-4000-8000-000000000200", "name": "Fabrikam"}]

_member := {"@odata.type": "#microsoft.graph.user", "id": "u1", "userPrincipalName": "ann@contoso.com"}

_good := {
	"id": "o1",
	"displayName": "Fabrikam",
	"state": "configured",
	"identitySources": [_tenant],
	"internalSponsors": [_member],
	"externalSponsors": [],
}

_with(change) := object.union(_good, change)

_document(organization) := {
	"governance": {
		"entitlementManagement": {"connectedOrganizations": [organization]},
		"pim": {"groupEligibility": []},
	},
	"groups": [{"id": "s1", "externalMembers": []}, {"id": "s2", "externalMembers": ["x1"]}],
	"guests": [{"id": "x1", "userType": "Member"}],
}

_found(organization) := found if {
	found := rule.findings with input as _document(organization) with data.settings.partners as _register
}

_asked(organization) := asked if {
	asked := rule.unknowns with input as _document(organization) with data.settings.partners as _register
}

_at(steps, message) := {{
	"path": array.concat(["governance", "entitlementManagement", "connectedOrganizations", 0], steps),
	"message": message,
}}

test_a_good_organisation_passes if {
	_found(_good) == set()
	_asked(_good) == set()
	rule.not_applicable == set() with input.governance.entitlementManagement.connectedOrganizations as [_good]
	rule.notes == set() with input.governance.entitlementManagement.connectedOrganizations as [_good]
}

test_a_proposed_organisation_is_reported if {
	_found(_with({"state": "proposed"})) == _at(
		["state"],
		"Fabrikam was added by a request of one of its people; nobody decided about it (proposed)",
	)
}

test_a_state_unheard_of_is_unknown if {
	every state in ["unknownFutureValue", null] {
		_found(_with({"state": state})) == set()
		_asked(_with({"state": state})) == _at(
			["state"],
			$"Fabrikam: state has the value {state}, which this version does not know",
		)
	}
}

test_an_organisation_without_a_sponsor_is_reported if {
	foreign := "bo_fabrikam.com#EXT#@contoso.onmicrosoft.com"
	every sponsors in [
		[],
		[{"id": "g1", "userType": "Guest", "userPrincipalName": "bo@contoso.com"}],
		[{"id": "m1", "userType": "Member", "userPrincipalName": foreign}],
		[object.union(_member, {"accountEnabled": false})],
		[object.union(_member, {"id": "X1"})],
	] {
		_found(_with({"internalSponsors": sponsors})) == _at(
			["internalSponsors"],
			"Fabrikam has no sponsor inside the organisation",
		)
		_asked(_with({"internalSponsors": sponsors})) == set()
	}
}

test_one_sponsor_is_enough if {
	every sponsors in [
		[{"id": "g1", "userType": "Guest"}, _member],
		[{"@odata.type": "#microsoft.graph.group", "id": "s1"}],
		[object.union(_member, {"accountEnabled": true, "userType": "Member"})],
	] {
		_found(_with({"internalSponsors": sponsors})) == set()
		_asked(_with({"internalSponsors": sponsors})) == set()
	}
}

test_sponsors_who_cannot_be_told_are_unknown if {
	every sponsors in [
		null,
		[{"@odata.type": "#microsoft.graph.directoryObject", "id": "u1"}],
		[{"@odata.type": "#microsoft.graph.group", "id": "s2"}],
	] {
		_found(_with({"internalSponsors": sponsors})) == set()
		_asked(_with({"internalSponsors": sponsors})) == _at(
			["internalSponsors"],
			"Fabrikam: the snapshot does not tell whether somebody inside sponsors it",
		)
	}
}

test_personal_accounts_are_no_organisation if {
	social := {"@odata.type": "#microsoft.graph.socialIdentitySource", "socialIdentitySourceType": "facebook"}
	_found(_with({"identitySources": [social]})) == _at(
		["identitySources", 0],
		"Fabrikam is nobody in particular: everybody with a personal account is part of it",
	)
	_found(_with({"identitySources": [_tenant, _domain("GMail.com")]})) == _at(
		["identitySources", 1],
		"Fabrikam is nobody in particular: everybody can have an address of GMail.com",
	)
}

test_a_domain_must_be_approved_where_domains_are if {
	sources := {"identitySources": [_domain("proseware.com")]}
	_found(_with(sources)) == set()
	_asked(_with(sources)) == set()
	rule.findings == _at(["identitySources", 0], "Fabrikam: proseware.com is not an approved domain")
		with input.governance.entitlementManagement.connectedOrganizations as [_with(sources)]
		with data.settings.domains.approved as ["fabrikam.com"]
	mail := _with({"identitySources": [_domain("gmail.com")]})
	count(rule.findings) == 1 with input.governance.entitlementManagement.connectedOrganizations as [mail]
		with data.settings.domains.approved as ["fabrikam.com"]
	every approved in [["Proseware.com"], ["*.com"]] {
		rule.findings == set()
			with input.governance.entitlementManagement.connectedOrganizations as [_with(sources)]
			with data.settings.domains.approved as approved
	}
}

test_a_tenant_must_be_in_the_register if {
	message := "Fabrikam (00000299-0000-4000-8000-000000000299) is not in the register of partners"
	every kind in ["azureActiveDirectoryTenant", "crossCloudAzureActiveDirectoryTenant"] {
		other := {"@odata.type": $"#microsoft.graph.{kind}", "tenantId": "00000299-0000-4000-8000-000000000299"}
		_found(_with({"identitySources": [other]})) == _at(["identitySources", 0], message)
	}
}

test_people_who_cannot_be_told_are_unknown if {
	every source in [
		{"@odata.type": "#microsoft.graph.zzz"},
		{"@odata.type": "#microsoft.graph.azureActiveDirectoryTenant", "tenantId": null},
		{"@odata.type": "#microsoft.graph.externalDomainFederation", "domainName": null},
		{},
	] {
		organization := _with({"identitySources": [source]})
		_found(organization) == set()
		_asked(organization) == _at(
			["identitySources", 0],
			"Fabrikam: the snapshot does not tell whose people these are",
		)
	}
	_asked(object.remove(_good, ["identitySources"])) == _asked(_with({"identitySources": null}))
	_asked(_with({"identitySources": null})) == _at(
		["identitySources"],
		"Fabrikam: the snapshot does not tell whose people these are",
	)
}

test_an_organisation_of_nobody_is_a_note if {
	empty := _with({"identitySources": []})
	_found(empty) == set()
	_asked(empty) == set()
	rule.notes == _at(["identitySources"], "Fabrikam has no people: no directory and no domain")
		with input.governance.entitlementManagement.connectedOrganizations as [empty]
}

test_no_organisation_does_not_apply if {
	rule.not_applicable == {"there are no connected organisations"}
		with input.governance.entitlementManagement.connectedOrganizations as []
}

test_missing_organisations_say_nothing if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
	rule.not_applicable == set() with input as {}
}
