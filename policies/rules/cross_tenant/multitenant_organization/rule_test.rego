package rules.cross_tenant.multitenant_organization_test

import data.rules.cross_tenant.multitenant_organization as rule

_own := "00000100-0000-4000-8000-000000000100"

_id := "0000020a-0000-4000-8000-000000000200"

_member := {"tenantId": _id, "displayName": "Fabrikam", "state": "active", "role": "member"}

_us := {"tenantId": _own, "displayName": "Contoso", "state": "active", "role": "owner"}

_tenant(members, template) := {
	"tenant": {"organization": {"id": _own}},
	"crossTenantAccess": {
		"multiTenantOrganization": {"state": "active"},
		"multiTenantOrganizationTenants": array.concat([_us], members),
		"partnerConfigurationTemplate": template,
	},
}

_registered := [{"tenant_id": upper(_id), "relation": "same_organisation"}]

_clean(document) if {
	rule.findings == set() with input as document with data.settings.partners as _registered
	rule.unknowns == set() with input as document with data.settings.partners as _registered
	rule.not_applicable == set() with input as document with data.settings.partners as _registered
}

_at(i, property) := ["crossTenantAccess", "multiTenantOrganizationTenants", i, property]

_stranger(name) := {{
	"path": _at(1, "tenantId"),
	"message": $"{name} is in the multitenant organization, and not in the register as same_organisation",
}}

test_a_tenant_that_is_not_registered_is_reported if {
	rule.findings == _stranger($"Fabrikam ({_id})") with input as _tenant([_member], {})
	rule.findings == _stranger($"Fabrikam ({_id})") with input as _tenant([_member], {})
		with data.settings.partners as [{"tenant_id": _id, "relation": "supplier"}]
	rule.findings == _stranger(_id) with input as _tenant([object.union(_member, {"displayName": null})], {})
}

test_an_invited_tenant_counts if {
	waiting := object.union(_member, {"state": "pending"})
	rule.findings == _stranger($"Fabrikam ({_id})") with input as _tenant([waiting], {})
	rule.notes == {{"path": _at(1, "state"), "message": $"Fabrikam ({_id}) was invited and has not joined"}}
		with input as _tenant([waiting], {})
}

test_a_removed_tenant_does_not_count if {
	_clean(_tenant([object.union(_member, {"state": "removed"})], {}))
}

test_registered_tenants_pass if {
	_clean(_tenant([_member], {}))
	rule.notes == set() with input as _tenant([_member], {})
		with data.settings.partners as _registered
}

test_a_registered_tenant_that_is_not_there_is_noted if {
	rule.notes == {{
		"path": ["crossTenantAccess", "multiTenantOrganizationTenants"],
		"key": upper(_id),
		"message": $"{upper(_id)} is registered as same_organisation, and not in the multitenant organization",
	}} with input as _tenant([], {}) with data.settings.partners as _registered
}

test_without_an_organization_there_is_nothing_to_judge if {
	rule.not_applicable == {"there is no multitenant organization"}
		with input.crossTenantAccess as {"multiTenantOrganization": {"state": "inactive"}}
}

_half(access, target) := {"accessType": access, "targets": [{"target": target}]}

_direct(access) := {"usersAndGroups": _half(access, "AllUsers"), "applications": _half(access, "AllApplications")}

_template(more) := object.union({"templateApplicationLevel": "newPartners,existingPartners"}, more)

_template_at(steps) := array.concat(["crossTenantAccess", "partnerConfigurationTemplate"], steps)

test_a_template_that_opens_is_reported if {
	rule.findings == {{
		"path": _template_at(["b2bDirectConnectInbound"]),
		"message": "opens direct connect for every tenant that joins the organization (b2bDirectConnectInbound)",
	}} with input as _tenant([], _template({"b2bDirectConnectInbound": _direct("allowed")}))
	rule.findings == {{
		"path": _template_at(["automaticUserConsentSettings", "inboundAllowed"]),
		"message": concat("", [
			"redeems invitations automatically for every tenant that joins the organization ",
			"(inboundAllowed is true)",
		]),
	}} with input as _tenant([], _template({"automaticUserConsentSettings": {"inboundAllowed": true}}))
}

test_a_template_that_does_not_apply_is_not_judged if {
	open := {"b2bDirectConnectInbound": _direct("allowed"), "automaticUserConsentSettings": {"inboundAllowed": true}}
	_clean(_tenant([_member], object.union(open, {"templateApplicationLevel": "none"})))
	_clean(_tenant([_member], object.union(open, {"templateApplicationLevel": "existingPartners"})))
}

test_a_closed_template_passes if {
	_clean(_tenant([_member], _template({
		"b2bDirectConnectInbound": _direct("blocked"),
		"b2bDirectConnectOutbound": null,
		"automaticUserConsentSettings": {"inboundAllowed": false, "outboundAllowed": null},
	})))
}

test_what_is_not_known_is_unknown if {
	rule.unknowns == {{
		"path": ["crossTenantAccess", "multiTenantOrganization", "state"],
		"message": "the state unknownFutureValue is not known",
	}} with input.crossTenantAccess as {"multiTenantOrganization": {"state": "unknownFutureValue"}}
	rule.unknowns == {{
		"path": ["crossTenantAccess", "multiTenantOrganizationTenants", 1],
		"message": "its id or state is missing, or the state is not known",
	}} with input as _tenant([object.union(_member, {"state": "leaving"})], {})
	rule.unknowns == {{"path": _template_at([]), "message": "templateApplicationLevel is missing or not known"}}
		with input as _tenant([], {"templateApplicationLevel": "everybody"})
	rule.unknowns == {{"path": _template_at([]), "message": "templateApplicationLevel is missing or not known"}}
		with input as _tenant([], {"id": "x"})
}

test_a_template_that_cannot_be_read_is_unknown if {
	rule.unknowns == {
		{
			"path": _template_at(["b2bDirectConnectOutbound"]),
			"message": "cannot be read: accessType or targets are missing, or of a kind that is not known",
		},
		{
			"path": _template_at(["automaticUserConsentSettings", "outboundAllowed"]),
			"message": "outboundAllowed is neither true nor false",
		},
	} with input as _tenant([], _template({
		"b2bDirectConnectOutbound": _direct("perhaps"),
		"automaticUserConsentSettings": {"outboundAllowed": "yes"},
	}))
}
