package rules.governance.access_assessments_test

import data.rules.governance.access_assessments as rule

_given := [{
	"rule": "GOV-001",
	"owner": "Megan Bowen",
	"date": "2026-06-01",
	"expires": "2027-05-31",
	"evidence": "ticket 7",
	"statement": "It is so.",
}]

_path := ["tenant", "organization", "id"]

test_a_question_that_nobody_answered_is_unknown if {
	rule.findings == set() with data.settings.attestations.given as []
	count(rule.unknowns) == 1 with data.settings.attestations.given as []
	some question in rule.unknowns with data.settings.attestations.given as []
	question.path == _path
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
