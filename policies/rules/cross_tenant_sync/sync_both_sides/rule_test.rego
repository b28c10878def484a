package rules.cross_tenant_sync.sync_both_sides_test

import data.rules.cross_tenant_sync.sync_both_sides as rule

_id := "0000020a-0000-4000-8000-000000000200"

_on := {"userSyncInbound": {"isSyncAllowed": true}}

_p1 := [{"servicePlanId": "41781fb2-bc02-4b7c-bd55-b576c07bb09d", "provisioningStatus": "Success"}]

_tenant(sync, consent, jobs, plans) := {
	"licences": {"servicePlans": plans},
	"crossTenantAccess": {"default": {}, "partners": [{
		"tenantId": _id,
		"identitySynchronization": sync,
		"automaticUserConsentSettings": consent,
	}]},
	"crossTenantSync": {"jobs": jobs},
}

_redeems(inbound, outbound) := {"inboundAllowed": inbound, "outboundAllowed": outbound}

_inbound := ["crossTenantAccess", "partners", 0, "automaticUserConsentSettings", "inboundAllowed"]

_job := [{"id": "job"}]

_elsewhere := {{
	"path": ["crossTenantSync", "jobs", 0],
	"message": "the other half is in another tenant's snapshot",
}}

test_a_target_that_does_not_redeem_is_reported if {
	found := {{
		"path": _inbound,
		"message": $"{_id} may synchronize into this tenant, which does not redeem its invitations",
	}}
	rule.findings == found with input as _tenant(_on, null, [], _p1)
	rule.findings == found with input as _tenant(_on, _redeems(false, true), [], _p1)
	rule.unknowns == set() with input as _tenant(_on, null, [], _p1)
	rule.not_applicable == set() with input as _tenant(_on, null, [], _p1)
}

test_a_target_that_redeems_is_one_half if {
	rule.findings == set() with input as _tenant(_on, _redeems(true, false), [], _p1)
	rule.unknowns == {{
		"path": ["crossTenantAccess", "partners", 0],
		"message": $"whether {_id} redeems invitations outbound is in its own snapshot",
	}} with input as _tenant(_on, _redeems(true, false), [], _p1)
}

test_a_source_that_redeems_for_nobody_is_reported if {
	rule.findings == {{
		"path": ["crossTenantSync", "jobs"],
		"message": "no partner's invitations are redeemed outbound",
	}} with input as _tenant(null, _redeems(true, false), _job, _p1)
	rule.unknowns == _elsewhere with input as _tenant(null, null, _job, _p1)
}

test_a_source_that_redeems_is_one_half if {
	rule.findings == set() with input as _tenant(null, _redeems(false, true), _job, _p1)
	rule.unknowns == _elsewhere with input as _tenant(null, _redeems(false, true), _job, _p1)
	rule.notes == set() with input as _tenant(null, _redeems(false, true), _job, _p1)
}

_unlicensed := {{
	"path": ["licences", "servicePlans"],
	"message": "synchronization is in use without Microsoft Entra ID P1 in this tenant",
}}

test_a_source_without_licence_is_reported if {
	rule.findings == _unlicensed with input as _tenant(null, _redeems(false, true), _job, [])
		with data.settings.cross_tenant.sync_licence as "source"
	rule.findings == _unlicensed
		with input as _tenant(null, _redeems(false, true), _job, [object.union(_p1[0], {"provisioningStatus": "Disabled"})])
}

test_a_target_without_licence_depends_on_the_setting if {
	rule.findings == _unlicensed with input as _tenant(_on, _redeems(true, false), [], [])
	rule.findings == set() with input as _tenant(_on, _redeems(true, false), [], [])
		with data.settings.cross_tenant.sync_licence as "source"
	rule.notes == {{
		"path": ["licences", "servicePlans"],
		"message": "Microsoft asks for Microsoft Entra ID P1 in the source tenant only (page of April 2026)",
	}} with input as _tenant(_on, _redeems(true, false), [], [])
}

test_licences_that_were_not_read_are_unknown if {
	{
		"path": ["licences", "servicePlans"],
		"message": "whether there is Microsoft Entra ID P1 was not read",
	} in rule.unknowns with input as object.remove(_tenant(null, _redeems(false, true), _job, []), ["licences"])
}

test_what_was_not_read_is_unknown if {
	unknown := {{
		"path": ["crossTenantAccess", "partners", 0],
		"message": $"whether {_id} may synchronize into this tenant was not read",
	}}
	rule.unknowns == unknown with input as _tenant({}, null, [], _p1)
	rule.not_applicable == set() with input as _tenant({}, null, [], _p1)
	rule.unknowns == {{"path": _inbound, "message": "inboundAllowed is neither true nor false"}}
		with input as _tenant(_on, _redeems("yes", false), [], _p1)
}

test_no_synchronization_is_nothing_to_judge if {
	idle := {"nothing is synchronized between this tenant and others"}
	rule.not_applicable == idle with input as _tenant(null, null, [], [])
	rule.not_applicable == idle with input as _tenant({"userSyncInbound": {"isSyncAllowed": false}}, null, [], [])
	rule.findings == set() with input as _tenant(null, null, [], [])
}
