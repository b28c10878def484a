# METADATA
# title: People are taught how to share with outsiders
# description: |
#   Settings stop what must never happen; within them people decide every day with whom to share. They should have been
#   taught what may leave, how to invite, and whom to ask.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/microsoft-365/solutions/collaborate-with-people-outside-your-organization
#     description: Collaborating with people outside your organization
# custom:
#   id: GOV-002
#   severity: low
#   severity_reason: Nobody gets in this way; people share more than they should because nobody told them how.
#   requires: [tenant.organization.id]
#   settings: [attestations.given, attestations.max_days]
#   rationale: |
#     GST-012 sees whether links to guidelines are set. That people know what they say is a matter of training; its record
#     is the evidence.
#
#     No interface tells, so somebody answers: write an entry with rule GOV-002 into attestations.given of your settings, with
#     owner, date, evidence, statement and the day on which it expires. Without one the rule is unknown, with one that has
#     expired it fails.
#   remediation:
#     portal: Train everybody who may share or invite, when they start and every year, and keep the record.
#     graph: Microsoft Graph does not know it.
#     powershell: There is no cmdlet for it.
#   controls:
#     guide: [G30]
#   since: 0.1.0
package rules.governance.sharing_training

import data.lib.attestation

_question := "have those who share with outsiders been taught how to do it securely?"

findings contains problem if some problem in attestation.findings("GOV-002")

unknowns contains open if some open in attestation.unknowns("GOV-002", _question)

notes contains answer if some answer in attestation.notes("GOV-002")
