package lib.shared_channel_test

import data.lib.shared_channel

_home := {"tenant": {"organization": {"id": "AAA"}}}

_channel := {
	"allMembers": [{"tenantId": "aaa"}, {"tenantId": "BBB"}, {"tenantId": "bbb"}],
	"sharedWithTeams": [{"tenantId": "aaa"}, {"tenantId": "ccc"}, {"tenantId": "bbb"}],
}

test_other_organisations_are_found_among_people_and_teams if {
	shared_channel.tenants(_channel) == {"bbb", "ccc"} with input as _home
	shared_channel.tenants({"allMembers": null}) == set() with input as _home
}

test_people_and_teams_are_counted if {
	shared_channel.count_of(_channel, "bbb") == {"people": 2, "teams": 1}
	shared_channel.count_of(_channel, "ccc") == {"people": 0, "teams": 1}
}

test_a_channel_is_readable_when_every_home_is_known if {
	shared_channel.is_readable(_channel)
	shared_channel.is_readable({"allMembers": [], "sharedWithTeams": []})
	every odd in [
		{"allMembers": []},
		{"allMembers": null, "sharedWithTeams": []},
		{"allMembers": [{}], "sharedWithTeams": []},
		{"allMembers": [], "sharedWithTeams": [{"tenantId": ""}]},
		{"allMembers": [], "sharedWithTeams": [{"tenantId": null}]},
	] {
		not shared_channel.is_readable(odd)
	}
}
