package rules.teams.shared_channels_test

import data.rules.teams.shared_channels as rule

_contoso := "00000100-0000-4000-8000-000000000100"

_fabrikam := "00000200-0000-4000-8000-000000000200"

_adatum := "00000201-0000-4000-8000-000000000201"

_channel(people, teams) := {
	"id": "19:one",
	"displayName": "With Fabrikam",
	"allMembers": [{"id": $"p{n}", "tenantId": tenant} | some n, tenant in people],
	"sharedWithTeams": [{"id": $"t{n}", "tenantId": tenant} | some n, tenant in teams],
}

_tenant(channels) := {
	"tenant": {"organization": {"id": _contoso}},
	"crossTenantAccess": {"partnerNames": [{"tenantId": _fabrikam, "displayName": "Fabrikam"}]},
	"groups": [{"id": "g1"}, {"id": "g2", "channels": channels}],
}

test_an_organisation_that_nobody_approved_is_reported if {
	channels := [
		_channel([_contoso], [_contoso]),
		_channel([_contoso, _fabrikam, upper(_fabrikam), _adatum], [_contoso, _fabrikam]),
	]
	rule.findings == {
		{
			"path": ["groups", 1, "channels", 1],
			"key": _fabrikam,
			"message": concat(" ", [
				$"the channel reaches Fabrikam ({_fabrikam}), to which the register does not allow it",
				"(people: 2, teams: 1)",
			]),
		},
		{
			"path": ["groups", 1, "channels", 1],
			"key": _adatum,
			"message": $"the channel reaches {_adatum}, to which the register does not allow it (people: 1, teams: 0)",
		},
	} with input as _tenant(channels)
	rule.unknowns == set() with input as _tenant(channels)
}

test_an_organisation_may_be_approved_by_its_domain if {
	asked := {"domainTenants": [{"domainName": "adatum.com", "tenantId": _adatum}]}
	tenant := object.union(_tenant([_channel([_contoso, _adatum], [])]), {"crossTenantAccess": asked})
	entry := {"domains": ["adatum.com"], "allow": ["direct_connect"]}
	rule.findings == set() with input as tenant with data.settings.partners as [entry]
	count(rule.findings) == 1 with input as tenant with data.settings.partners as [object.remove(entry, ["allow"])]
}

test_an_approved_organisation_passes if {
	channels := [_channel([_contoso, _fabrikam], [_fabrikam])]
	rule.findings == set() with input as _tenant(channels)
		with data.settings.partners as [{"tenant_id": _fabrikam, "allow": ["direct_connect"]}]
	count(rule.findings) == 1 with input as _tenant(channels)
		with data.settings.partners as [{"tenant_id": _fabrikam, "allow": ["mfa_trust"]}]
}

test_a_channel_within_the_organisation_passes if {
	rule.findings == set() with input as _tenant([_channel([_contoso], [_contoso])])
	rule.unknowns == set() with input as _tenant([_channel([_contoso], [_contoso])])
	rule.findings == set() with input as _tenant([])
}

test_a_channel_that_was_not_read_whole_is_unknown if {
	odd := object.remove(_channel([_contoso], []), {"sharedWithTeams"})
	every channel in [odd, _channel([_contoso, null], [])] {
		rule.findings == set() with input as _tenant([channel])
		rule.unknowns == {{
			"path": ["groups", 1, "channels", 0],
			"message": "the snapshot does not tell of everybody in this channel where they come from",
		}} with input as _tenant([channel])
	}
}

test_without_groups_nothing_is_said if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
}
