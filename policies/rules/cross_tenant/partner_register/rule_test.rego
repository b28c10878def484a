package rules.cross_tenant.partner_register_test

import data.rules.cross_tenant.partner_register as rule

_id := "0000020a-0000-4000-8000-000000000201"

_tenant(partner) := {
	"collection": {"collectedAt": "2026-11-20T08:00:00Z"},
	"crossTenantAccess": {"partners": [object.union({"tenantId": _id}, partner)]},
}

_entry := {"tenant_id": upper(_id), "owner": "o@contoso.com", "review_by": "2026-11-20"}

_path := ["crossTenantAccess", "partners", 0, "tenantId"]

_finds(key, message, entry) if {
	rule.findings == {{"path": _path, "key": key, "message": message}} with input as _tenant({})
		with data.settings.partners as [entry]
}

test_a_partner_that_is_not_registered_is_reported if {
	found := {{"path": _path, "key": "register", "message": $"{_id} is not in the register of partners"}}
	rule.findings == found with input as _tenant({})
	rule.findings == found with input as _tenant({})
		with data.settings.partners as [object.union(_entry, {"tenant_id": "x"})]
}

test_a_partner_without_owner_is_reported if {
	_finds("owner", $"{_id} has no owner in the register", object.remove(_entry, ["owner"]))
	_finds("owner", $"{_id} has no owner in the register", object.union(_entry, {"owner": " "}))
}

test_a_partner_without_a_day_of_review_is_reported if {
	_finds("review", $"{_id} has no day of review in the register", object.remove(_entry, ["review_by"]))
}

test_a_review_that_is_over_is_reported if {
	entry := object.union(_entry, {"review_by": "2026-11-19"})
	_finds("review", $"the review of {_id} was due on 2026-11-19", entry)
}

test_the_day_of_review_still_counts if {
	rule.findings == set() with input as _tenant({})
		with data.settings.partners as [_entry]
	rule.unknowns == set() with input as _tenant({})
	rule.not_applicable == set() with input as _tenant({})
	rule.notes == set() with input as _tenant({})
}

test_service_providers_are_listed if {
	rule.notes == {{"path": _path, "message": $"{_id} is a service provider of yours"}}
		with input as _tenant({"isServiceProvider": true})
}

test_a_partner_without_id_is_unknown if {
	rule.unknowns == {{"path": ["crossTenantAccess", "partners", 0], "message": "a partner without tenantId"}}
		with input.crossTenantAccess.partners as [{}]
	rule.findings == set() with input.crossTenantAccess.partners as [{}]
}

# By what Graph says of its domain.
test_a_partner_may_be_registered_by_its_domain if {
	name := {"tenantId": _id, "displayName": "Adatum", "defaultDomainName": "Adatum.com"}
	tenant := object.union(_tenant({}), {"crossTenantAccess": {"partnerNames": [name]}})
	entry := {"domains": ["adatum.com"], "owner": "o@contoso.com", "review_by": "2026-11-20"}
	rule.findings == set() with input as tenant with data.settings.partners as [entry]
	rule.findings == {{
		"path": _path,
		"key": "owner",
		"message": $"Adatum ({_id}) has no owner in the register",
	}} with input as tenant with data.settings.partners as [object.remove(entry, ["owner"])]
}

test_no_partner_no_register if {
	reasons := {"no organisation has settings of its own, and the register is empty"}
	rule.not_applicable == reasons with input.crossTenantAccess.partners as []
	rule.not_applicable == set() with input.crossTenantAccess.partners as [] with data.settings.partners as [_entry]
}

test_entries_for_other_layers_want_an_owner_and_a_review_as_well if {
	path := ["crossTenantAccess", "partners"]
	incomplete := {"domains": ["adatum.example"], "name": "Adatum"}
	over := {"tenant_id": "0A", "owner": "o@contoso.com", "review_by": "2026-11-19"}
	rule.findings == {
		{
			"path": path,
			"key": "adatum.example/owner",
			"message": "Adatum (adatum.example) has no owner in the register",
		},
		{
			"path": path,
			"key": "adatum.example/review",
			"message": "Adatum (adatum.example) has no day of review in the register",
		},
		{"path": path, "key": "0a/review", "message": "the review of 0a was due on 2026-11-19"},
	} with input as _tenant({}) with data.settings.partners as [_entry, incomplete, over]
	rule.findings == set() with input as _tenant({})
		with data.settings.partners as [_entry, object.union(over, {"review_by": "2026-11-20"})]
}
