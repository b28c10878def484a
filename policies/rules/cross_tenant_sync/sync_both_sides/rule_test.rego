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

# With the snapshot of the other tenant.

_us := "0000010A-0000-4000-8000-000000000100"

_half(settings) := {
	"tenantId": _id,
	"collection": {"collectedAt": "2026-11-20T08:00:00Z"},
	"licences": {"servicePlans": _p1},
	"crossTenantAccess": {"default": {}, "partners": [object.union({"tenantId": lower(_us)}, settings)]},
	"crossTenantSync": {"jobs": [{"id": "theirs"}]},
}

_with(tenant, half) := object.union(tenant, {
	"collection": {"collectedAt": "2026-11-20T08:00:00Z"},
	"tenant": {"organization": {"id": _us}},
	"peers": [half],
})

_clean(document) if {
	rule.findings == set() with input as document
	rule.unknowns == set() with input as document
	rule.not_applicable == set() with input as document
}

_target := _tenant(_on, _redeems(true, false), [], _p1)

_their_redemption(outbound) := _half({"automaticUserConsentSettings": {"outboundAllowed": outbound}})

_at_partner := ["crossTenantAccess", "partners", 0]

test_a_target_whose_source_fits_passes if {
	_clean(_with(_target, _their_redemption(true)))
	rule.unknowns != set() with input as _with(_target, object.union(_their_redemption(true), {"tenantId": "x"}))
}

test_a_source_that_does_not_redeem_is_reported_in_the_target if {
	found := {{
		"path": _at_partner,
		"key": "redeems_outbound",
		"message": $"{_id} may synchronize into this tenant, and does not redeem invitations outbound",
	}}
	rule.findings == found with input as _with(_target, _their_redemption(false))
	rule.findings == found with input as _with(_target, _their_redemption(null))
	rule.unknowns == set() with input as _with(_target, _their_redemption(false))
}

test_a_source_without_licence_is_reported_in_the_target if {
	unlicensed := object.union(_their_redemption(true), {"licences": {"servicePlans": []}})
	rule.findings == {{
		"path": _at_partner,
		"key": "source_licence",
		"message": $"{_id} synchronizes without Microsoft Entra ID P1",
	}} with input as _with(_target, unlicensed)
	_clean(_with(_target, object.union(unlicensed, {"crossTenantSync": {"jobs": []}})))
}

test_a_source_without_jobs_is_noted if {
	{
		"path": _at_partner,
		"message": $"{_id} may synchronize into this tenant, and has no job that would",
	} in rule.notes with input as _with(_target, object.union(_their_redemption(true), {"crossTenantSync": {"jobs": []}}))
}

_undecided(document, messages) if {
	rule.findings == set() with input as document
	rule.unknowns == {{"path": _at_partner, "message": m} | some m in messages} with input as document
}

test_what_the_source_does_not_say_is_unknown if {
	_undecided(
		_with(_target, object.remove(_their_redemption(true), ["crossTenantAccess"])),
		[$"whether {_id} redeems invitations outbound: its snapshot does not say"],
	)
	_undecided(
		_with(_target, object.remove(_their_redemption(true), ["crossTenantSync"])),
		[$"whether {_id} synchronizes: its snapshot does not say"],
	)
	_undecided(
		_with(_target, object.remove(_their_redemption(true), ["licences"])),
		[$"whether {_id} has Microsoft Entra ID P1: its snapshot does not say"],
	)
	_undecided(
		_with(_target, object.union(_their_redemption(false), {"collection": {"collectedAt": "2026-10-20T08:00:00Z"}})),
		[
			$"whether {_id} redeems invitations outbound: its snapshot is more than 7 days from this one",
			$"whether {_id} synchronizes: its snapshot is more than 7 days from this one",
		],
	)
}

_principal := "00003800-0000-4000-8000-000000003800"

_source(outbound) := _tenant(null, _redeems(false, outbound), [{"id": "job", "servicePrincipalId": _principal}], _p1)

_taking(inbound) := _half({
	"identitySynchronization": _on,
	"automaticUserConsentSettings": {"inboundAllowed": inbound},
})

_leads_there := [$"{upper(_principal)}={_id}"]

test_a_source_whose_target_fits_passes if {
	document := _with(_source(true), _taking(true))
	rule.findings == set() with input as document with data.settings.cross_tenant.sync_targets as _leads_there
	rule.unknowns == set() with input as document with data.settings.cross_tenant.sync_targets as _leads_there
}

test_where_a_job_leads_must_be_told if {
	told := _with(_source(true), _taking(true))
	rule.unknowns == {{
		"path": ["crossTenantSync", "jobs", 0],
		"message": "in which tenant job makes accounts is kept with its secrets; sync_targets does not say it",
	}} with input as told
	rule.unknowns == {{
		"path": ["crossTenantSync", "jobs", 0],
		"message": "the other half is in the snapshot of somebody",
	}} with input as told with data.settings.cross_tenant.sync_targets as [$"{_principal}=somebody"]
	rule.findings == set() with input as told
}

test_a_target_that_does_not_take_this_tenant_is_reported if {
	found := {{
		"path": ["crossTenantSync", "jobs", 0],
		"key": "target",
		"message": $"job makes accounts in {_id}, which does not let this tenant do so",
	}}
	refusing := _with(_source(true), _half({"identitySynchronization": null}))
	rule.findings == found with input as refusing with data.settings.cross_tenant.sync_targets as _leads_there
	rule.unknowns == set() with input as refusing with data.settings.cross_tenant.sync_targets as _leads_there
	rule.findings == set() with input as refusing
}

test_a_source_that_does_not_redeem_for_its_target_is_reported if {
	found := {
		"key": $"we_redeem {_id}",
		"message": $"people may be synchronized into {_id}, without redeeming invitations outbound",
	}
	object.union(found, {"path": _at_partner}) in rule.findings with input as _with(_source(false), _taking(true))
	rule.findings == {object.union(found, {"path": ["crossTenantAccess", "partners"]})}
		with input as object.union(
			_with(_source(true), _taking(true)),
			{"crossTenantAccess": {"partners": [{
				"tenantId": "another",
				"automaticUserConsentSettings": _redeems(false, true),
			}]}},
		)
	rule.unknowns == {{"path": _at_partner, "message": "outboundAllowed is neither true nor false"}}
		with input as _with(_source("yes"), _taking(true))
		with data.settings.cross_tenant.sync_targets as _leads_there
}

test_a_target_that_does_not_redeem_is_reported_in_the_source if {
	rule.findings == {{
		"path": _at_partner,
		"key": $"redeems_inbound {_id}",
		"message": $"{_id} lets this tenant synchronize, and does not redeem its invitations",
	}} with input as _with(_source(true), _taking(false))
}

test_a_target_without_licence_is_reported_in_the_source if {
	unlicensed := _with(_source(true), object.union(_taking(true), {"licences": {"servicePlans": []}}))
	rule.findings == {{
		"path": _at_partner,
		"key": $"target_licence {_id}",
		"message": $"{_id} lets this tenant synchronize without Microsoft Entra ID P1",
	}} with input as unlicensed
	rule.findings == set() with input as unlicensed with data.settings.cross_tenant.sync_licence as "source"
}

_undecided_source(half, message) if {
	document := _with(_source(true), half)
	rule.findings == set() with input as document with data.settings.cross_tenant.sync_targets as _leads_there
	rule.unknowns == {{"path": _at_partner, "message": message}}
		with input as document
		with data.settings.cross_tenant.sync_targets as _leads_there
}

test_what_the_target_does_not_say_is_unknown if {
	_undecided_source(
		object.remove(_taking(true), ["crossTenantAccess"]),
		$"whether {_id} lets this tenant synchronize: its snapshot does not say",
	)
	_undecided_source(
		object.union(_taking(false), {"collection": {"collectedAt": "2026-12-20T08:00:00Z"}}),
		$"whether {_id} lets this tenant synchronize: its snapshot is more than 7 days from this one",
	)
	_undecided_source(
		_taking("yes"),
		$"whether {_id} redeems invitations inbound: its snapshot does not say",
	)
	_undecided_source(
		object.remove(_taking(true), ["licences"]),
		$"whether {_id} has Microsoft Entra ID P1: its snapshot does not say",
	)
}
