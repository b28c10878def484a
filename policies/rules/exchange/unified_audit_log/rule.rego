# METADATA
# title: The unified audit log is on
# description: |
#   The unified audit log records what people and administrators do in Microsoft 365, guests included. Without it nobody
#   can say later what an outsider opened, downloaded or changed.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/purview/audit-log-enable-disable
#     description: Turn auditing on or off
# custom:
#   id: LOG-002
#   severity: high
#   severity_reason: Whatever an outsider does leaves no record, and nobody can find out afterwards what was taken.
#   requires: [exchange.adminAuditLogConfig.UnifiedAuditLogIngestionEnabled]
#   rationale: |
#     What was not recorded cannot be recovered: when a guest's account is misused, the log is the only witness, and
#     other monitoring reads from it too. The service switches it on for most organisations, not for all. The value can
#     be trusted only where Exchange Online PowerShell read it; Security & Compliance PowerShell always says false.
#   remediation:
#     portal: Microsoft Purview portal > Audit, choose "Start recording user and admin activity".
#     graph: Microsoft Graph does not offer this setting.
#     powershell: Set-AdminAuditLogConfig -UnifiedAuditLogIngestionEnabled $true
#   controls:
#     guide: [G25]
#     cis_m365_7.0: ["3.1.1"]
#     cis_m365_6.0.1: ["3.1.1"]
#     scuba: [MS.SECURITYSUITE.5.1]
#     nist_800_53: [AU-12]
#     iso_27001_2022: [A.5.22, A.5.28, A.8.15, A.8.34]
#     cmmc_2.0: [AC.L2-3.1.7, AU.L2-3.3.1, AU.L2-3.3.2, SI.L2-3.14.7]
#     cis_controls_8.1: ["3.14", "8.2", "8.9", "8.12"]
#   since: 0.1.0
package rules.exchange.unified_audit_log

import data.lib.finding

_path := ["exchange", "adminAuditLogConfig", "UnifiedAuditLogIngestionEnabled"]

_value := input.exchange.adminAuditLogConfig.UnifiedAuditLogIngestionEnabled

findings contains finding.at(_path, "nothing is recorded (UnifiedAuditLogIngestionEnabled is false)") if _value == false

unknowns contains finding.at(_path, "UnifiedAuditLogIngestionEnabled is neither true nor false") if {
	value := _value
	not is_boolean(value)
}
