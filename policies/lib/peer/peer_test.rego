package lib.peer_test

import data.lib.peer

_us := "00000100-0000-4000-8000-00000000010A"

_them := "0000020a-0000-4000-8000-000000000200"

_at(when, access) := {
	"collection": {"collectedAt": "2026-11-20T08:00:00Z"},
	"tenant": {"organization": {"id": _us}},
	"peers": [{
		"tenantId": _them,
		"collection": {"collectedAt": when},
		"crossTenantAccess": access,
		"crossTenantSync": {"jobs": [{"id": "a"}, {"id": "b"}]},
		"licences": {"servicePlans": [
			{"servicePlanId": "p1", "provisioningStatus": "Success"},
			{"servicePlanId": "p2", "provisioningStatus": "Disabled"},
		]},
	}],
}

_tenant(access) := _at("2026-11-19T08:00:00Z", access)

_for_us(settings) := {"default": {}, "partners": [{"tenantId": "x"}, object.union({"tenantId": lower(_us)}, settings)]}

_redeem := ["automaticUserConsentSettings", "inboundAllowed"]

test_a_snapshot_is_found_by_its_tenant if {
	peer.is_given(upper(_them)) with input as _tenant({})
	not peer.is_given(_us) with input as _tenant({})
	not peer.is_given("") with input as {}
	peer.given == set() with input as {}
}

test_settings_for_this_tenant_come_first if {
	access := _for_us({"automaticUserConsentSettings": {"inboundAllowed": true}})
	peer.says(upper(_them), _redeem) == true with input as _tenant(access)
	peer.redeems(_them, "inboundAllowed") == true with input as _tenant(access)
	peer.redeems(_them, "outboundAllowed") == false with input as _tenant(access)
}

test_without_settings_the_default_and_the_service_decide if {
	peer.redeems(_them, "inboundAllowed") == false with input as _tenant(_for_us({}))
	peer.redeems(_them, "inboundAllowed") == false with input as _tenant({"default": {}, "partners": []})
	peer.redeems(_them, "inboundAllowed") == true
		with input as _tenant({"default": {"automaticUserConsentSettings": {"inboundAllowed": true}}, "partners": []})
}

_silent(document) if {
	peer.says(_them, _redeem) == "unknown" with input as document
	peer.redeems(_them, "inboundAllowed") == "unknown" with input as document
	peer.takes_sync(_them) == "unknown" with input as document
	peer.gate(_them, "b2bDirectConnectInbound") == "unknown" with input as document
}

test_what_is_missing_is_unknown if {
	_silent({})
	_silent(object.remove(_tenant(_for_us({})), ["tenant"]))
	_silent(object.remove(_tenant(_for_us({})), ["collection"]))
	_silent(object.remove(_tenant(_for_us({})), ["peers"]))
	_silent(_tenant({}))
	_silent(_tenant({"default": {}}))
	_silent(_tenant({"partners": [{"tenantId": _us}]}))
	_silent(_tenant({"default": {}, "partners": [{}]}))
	_silent(_tenant({"default": {}, "partners": [{"tenantId": _us}, {"tenantId": lower(_us)}]}))
	peer.redeems(_them, "inboundAllowed") == "unknown" with input as _tenant({"partners": []})
	peer.redeems(_them, "inboundAllowed") == "unknown"
		with input as _tenant(_for_us({"automaticUserConsentSettings": {"inboundAllowed": "yes"}}))
	peer.redeems(_them, "inboundAllowed") == "unknown"
		with input as _tenant(_for_us({"automaticUserConsentSettings": true}))
}

test_what_is_far_away_answers_nothing if {
	open := _for_us({"automaticUserConsentSettings": {"inboundAllowed": true}})
	peer.redeems(_them, "inboundAllowed") == true with input as _at("2026-11-13T08:00:00Z", open)
	peer.redeems(_them, "inboundAllowed") == true with input as _at("2026-11-27T08:00:00Z", open)
	_silent(_at("2026-11-13T07:59:59Z", open))
	_silent(_at("2026-11-27T08:00:01Z", open))
	peer.is_given(_them) with input as _at("2026-11-27T08:00:01Z", open)
	peer.jobs(_them) == "unknown" with input as _at("2026-11-27T08:00:01Z", open)
	peer.has_plan(_them, {"p1"}) == "unknown" with input as _at("2026-11-27T08:00:01Z", open)
	peer.why_unknown(_them) == "its snapshot is more than 7 days from this one"
		with input as _at("2026-11-27T08:00:01Z", open)
	peer.why_unknown(upper(_them)) == "its snapshot does not say" with input as _tenant(open)
}

test_a_tenant_takes_whom_it_says_it_takes if {
	peer.takes_sync(_them) == true
		with input as _tenant(_for_us({"identitySynchronization": {"userSyncInbound": {"isSyncAllowed": true}}}))
	peer.takes_sync(_them) == false
		with input as _tenant(_for_us({"identitySynchronization": {"userSyncInbound": {"isSyncAllowed": false}}}))
	peer.takes_sync(_them) == false with input as _tenant(_for_us({"identitySynchronization": null}))
	peer.takes_sync(_them) == false with input as _tenant({"partners": []})
	peer.takes_sync(_them) == "unknown" with input as _tenant(_for_us({}))
	peer.takes_sync(_them) == "unknown" with input as _tenant(_for_us({"identitySynchronization": {}}))
	peer.takes_sync(_them) == "unknown" with input as _tenant(_for_us({"identitySynchronization": "yes"}))
	peer.takes_sync(_them) == "unknown"
		with input as _tenant(_for_us({"identitySynchronization": {"userSyncInbound": {"isSyncAllowed": "yes"}}}))
}

test_gates_are_those_towards_this_tenant if {
	open := {
		"usersAndGroups": {"accessType": "allowed", "targets": [{"target": "AllUsers"}]},
		"applications": {"accessType": "allowed", "targets": [{"target": "Office365"}]},
	}
	peer.gate(_them, "b2bDirectConnectInbound") == "open"
		with input as _tenant(_for_us({"b2bDirectConnectInbound": open}))
	peer.gate(_them, "b2bDirectConnectOutbound") == "closed"
		with input as _tenant(_for_us({"b2bDirectConnectInbound": open}))
}

test_jobs_and_licences_are_counted if {
	peer.jobs(upper(_them)) == 2 with input as _tenant({})
	peer.jobs(_them) == "unknown" with input as {}
	peer.has_plan(_them, {"p1", "p3"}) == true with input as _tenant({})
	peer.has_plan(_them, {"p2"}) == false with input as _tenant({})
	peer.has_plan(_them, {"p1"}) == "unknown" with input as {}
}
