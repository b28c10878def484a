# METADATA
# title: What outsiders can do is assessed regularly, with reports
# description: |
#   Settings drift and projects end. Somebody should look at the whole of what outsiders can do on fixed days, write down
#   what was found, and see to it that it is mended.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/architecture/7-secure-access-conditional-access
#     description: Secure external access to resources
# custom:
#   id: GOV-001
#   severity: medium
#   severity_reason: What opens after the last look stays open; it takes a change that nobody notices.
#   requires: [tenant.organization.id]
#   settings: [attestations.given, attestations.max_days]
#   rationale: |
#     A scan shows one day. That scans are scheduled, read and acted upon is a matter of people; a ticket, a report or a
#     scheduled workflow is the evidence.
#
#     No interface tells, so somebody answers: write an entry with rule GOV-001 into attestations.given of your settings, with
#     owner, date, evidence, statement and the day on which it expires. Without one the rule is unknown, with one that has
#     expired it fails.
#   remediation:
#     portal: Schedule a scan, for example in GitHub Actions or Azure Pipelines, keep its reports, and enter a regular appointment that reads them.
#     graph: Microsoft Graph does not know it.
#     powershell: There is no cmdlet for it.
#   controls:
#     guide: [G31]
#   since: 0.1.0
package rules.governance.access_assessments

import data.lib.attestation

_question := "is the access of outsiders assessed on fixed days, with reports that somebody acts upon?"

findings contains problem if some problem in attestation.findings("GOV-001")

unknowns contains open if some open in attestation.unknowns("GOV-001", _question)

notes contains answer if some answer in attestation.notes("GOV-001")
