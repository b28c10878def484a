package rules.cross_tenant.restricted_devices_test

import data.rules.cross_tenant.restricted_devices as rule

_given := [{
	"rule": "XTA-011",
	"owner": "Megan Bowen",
	"date": "2026-06-01",
	"expires": "2027-05-31",
	"evidence": "ticket 7",
	"statement": "It is so.",
}]

_path := ["tenant", "organization", "id"]

test_a_question_that_nobody_answered_is_unknown if {
	policy := {"usersAndGroups": {}}
	rule.findings == set() with data.settings.attestations.given as []
	open := rule.unknowns with data.settings.attestations.given as []
		with input.crossTenantAccess["default"].tenantRestrictions as policy
	count(open) == 1
	some question in open
	question.path == _path
	rule.unknowns == set() with data.settings.attestations.given as [] with input.crossTenantAccess["default"] as {}
}

test_an_answer_holds_until_it_ends if {
	rule.findings == set() with data.settings.attestations.given as _given
		with input.collection.collectedAt as "2027-05-31T23:00:00Z"
	rule.unknowns == set() with data.settings.attestations.given as _given
	count(rule.notes) == 1 with data.settings.attestations.given as _given
	rule.findings == {{"path": _path, "message": "the attestation of Megan Bowen ended on 2027-05-31"}}
		with data.settings.attestations.given as _given
		with input.collection.collectedAt as "2027-06-01T00:00:00Z"
}

test_without_a_policy_there_is_nothing_to_signal if {
	count(rule.not_applicable) == 1 with input.crossTenantAccess["default"] as {}
	rule.not_applicable == set() with input.crossTenantAccess["default"].tenantRestrictions as {"usersAndGroups": {}}
}
