package rules.cross_tenant_sync.inbound_sync_test

import data.rules.cross_tenant_sync.inbound_sync as rule

_id := "0000020a-0000-4000-8000-000000000200"

_sync(allowed) := {"userSyncInbound": {"isSyncAllowed": allowed}}

_partner(sync) := {"partners": [{"tenantId": _id, "identitySynchronization": sync}]}

_path := ["crossTenantAccess", "partners", 0, "identitySynchronization", "userSyncInbound", "isSyncAllowed"]

_found := {{
	"path": _path,
	"message": $"{_id} may make accounts here, which the register does not allow (sync)",
}}

_clean(access) if {
	rule.findings == set() with input.crossTenantAccess as access
	rule.unknowns == set() with input.crossTenantAccess as access
}

test_a_tenant_that_is_not_approved_is_reported if {
	rule.findings == _found with input.crossTenantAccess as _partner(_sync(true))
	rule.findings == _found with input.crossTenantAccess as _partner(_sync(true))
		with data.settings.partners as [{"tenant_id": _id, "allow": ["automatic_redemption"]}]
	rule.unknowns == set() with input.crossTenantAccess as _partner(_sync(true))
}

test_an_approved_tenant_passes if {
	_clean(_partner(_sync(true)))
		with data.settings.partners as [{"tenant_id": upper(_id), "allow": ["sync"]}]
}

test_no_synchronization_passes if {
	_clean(_partner(_sync(false)))
	_clean(_partner(null))
	_clean({"partners": []})
}

test_what_was_not_read_is_unknown if {
	rule.unknowns == {{
		"path": ["crossTenantAccess", "partners", 0],
		"message": "its identitySynchronization was not read",
	}} with input.crossTenantAccess.partners as [{"tenantId": _id}]
}

test_what_is_no_boolean_is_unknown if {
	unknown := {{"path": _path, "message": "isSyncAllowed is neither true nor false"}}
	rule.unknowns == unknown with input.crossTenantAccess as _partner(_sync("true"))
	rule.unknowns == unknown with input.crossTenantAccess as _partner(_sync(null))
	rule.unknowns == unknown with input.crossTenantAccess as _partner({})
	rule.unknowns == unknown with input.crossTenantAccess as _partner(true)
}

_template(level, allowed) := {
	"partners": [],
	"identitySynchronizationTemplate": object.union(_sync(allowed), {"templateApplicationLevel": level}),
}

test_a_template_for_whoever_joins_is_reported if {
	rule.findings == {{
		"path": ["crossTenantAccess", "identitySynchronizationTemplate", "userSyncInbound", "isSyncAllowed"],
		"message": "every tenant that joins the multitenant organization may synchronize its people into this one",
	}} with input.crossTenantAccess as _template("newPartners,existingPartners", true)
}

test_a_template_that_cannot_be_read_is_unknown if {
	every level in ["unknownFutureValue", null, "newPartners,zzz"] {
		unknown := rule.unknowns with input.crossTenantAccess as _template(level, true)
		unknown == {{
			"path": ["crossTenantAccess", "identitySynchronizationTemplate", "templateApplicationLevel"],
			"message": $"templateApplicationLevel has the value {level}, which this version does not know",
		}}
	}
	count(rule.findings) == 1 with input.crossTenantAccess as _template("NewPartners", true)
	rule.unknowns == {{
		"path": ["crossTenantAccess", "identitySynchronizationTemplate"],
		"message": "the template of the multitenant organization was not read",
	}} with input.crossTenantAccess as {"partners": [], "multiTenantOrganization": {"state": "active"}}
}

test_a_template_that_does_not_apply_passes if {
	_clean(_template("none", true))
	_clean(_template("existingPartners", true))
	_clean(_template("newPartners", false))
	_clean({"partners": [], "identitySynchronizationTemplate": {}})
}

_other(jobs) := {
	"tenantId": lower(_id),
	"collection": {"collectedAt": "2026-11-20T08:00:00Z"},
	"crossTenantSync": {"jobs": jobs},
}

_told(jobs) := {
	"collection": {"collectedAt": "2026-11-20T08:00:00Z"},
	"crossTenantAccess": {"partners": [{
		"tenantId": _id,
		"identitySynchronization": {"userSyncInbound": {"isSyncAllowed": true}},
	}]},
	"peers": [_other(jobs)],
}

_noted(text) := {{
	"path": [
		"crossTenantAccess", "partners", 0,
		"identitySynchronization", "userSyncInbound", "isSyncAllowed",
	],
	"message": $"{_id} {text}",
}}

test_whether_the_right_is_used_is_noted if {
	rule.notes == set() with input as object.remove(_told([]), ["peers"])
	rule.notes == _noted("has no job of synchronization: nothing uses the right") with input as _told([])
	rule.notes == _noted("has jobs of synchronization (2 in all); which of them lead here is kept with their secrets")
		with input as _told([{}, {}])
	rule.notes == _noted("may use the right or not: its snapshot does not say") with input as _told(null)
}
