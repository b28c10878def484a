package lib.attestation_test

import data.lib.attestation

_entry := {
	"rule": "GOV-001",
	"owner": "Megan Bowen",
	"date": "2026-06-01",
	"expires": "2026-11-20",
	"evidence": "https://contoso.com/audit/7",
	"statement": "Reviewed by the audit.",
}

_now := "2026-11-20T08:00:00Z"

_findings(change) := found if {
	found := attestation.findings("GOV-001")
		with data.settings.attestations.given as [object.union(_entry, change)]
		with input.collection.collectedAt as _now
}

_said(message) := {{"path": ["tenant", "organization", "id"], "message": message}}

test_an_attestation_holds_to_its_last_day if {
	_findings({}) == set()
	_findings({"expires": "2026-11-19"}) == _said("the attestation of Megan Bowen ended on 2026-11-19")
}

test_of_several_attestations_the_one_that_holds_counts if {
	old := object.union(_entry, {"date": "2025-06-01", "expires": "2026-06-01", "owner": "Lee Gu"})
	every given in [[old, _entry], [_entry, old]] {
		attestation.findings("GOV-001") == set() with data.settings.attestations.given as given
			with input.collection.collectedAt as _now
		some note in attestation.notes("GOV-001") with data.settings.attestations.given as given
			with input.collection.collectedAt as _now
		startswith(note.message, "Megan Bowen attested")
	}
	older := object.union(old, {"date": "2024-06-01", "expires": "2025-06-01"})
	attestation.findings("GOV-001") == _said("the attestation of Lee Gu ended on 2026-06-01")
		with data.settings.attestations.given as [older, old]
		with input.collection.collectedAt as _now
}

test_the_future_attests_nothing if {
	_findings({"date": "2026-11-20"}) == set()
	late := "the attestation of Megan Bowen is dated 2026-11-21, after the snapshot"
	_findings({"date": "2026-11-21", "expires": "2027-01-01"}) == _said(late)
}

test_an_attestation_is_not_for_ever if {
	_findings({"date": "2026-01-01", "expires": "2027-02-05"}) == set()
	long := "the attestation of Megan Bowen is for 401 days, 400 are the most"
	_findings({"date": "2026-01-01", "expires": "2027-02-06"}) == _said(long)
}

test_an_unanswered_question_is_unknown if {
	attestation.unknowns("GOV-001", "does it?") == _said("nobody has attested it (settings, attestations): does it?")
		with data.settings.attestations.given as [object.union(_entry, {"rule": "GOV-002"})]
	attestation.unknowns("GOV-001", "does it?") == set() with data.settings.attestations.given as [_entry]
	attestation.findings("GOV-001") == set() with data.settings.attestations.given as []
	attestation.notes("GOV-001") == set() with data.settings.attestations.given as []
}

test_the_auditor_reads_who_said_what if {
	attestation.notes("GOV-001") == _said(concat("", [
		"Megan Bowen attested on 2026-06-01, until 2026-11-20: Reviewed by the audit.",
		" Evidence: https://contoso.com/audit/7",
	]))
		with data.settings.attestations.given as [_entry]
}
