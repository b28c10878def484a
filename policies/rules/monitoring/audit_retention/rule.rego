# METADATA
# title: The unified audit log is kept long enough
# description: |
#   The unified audit log forgets after 180 days, unless a retention policy keeps records longer. What a guest opened or
#   shared last year is known only if a policy covers the records that tell it.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/purview/audit-log-retention-policies
#     description: Manage audit log retention policies
#   - ref: https://learn.microsoft.com/en-us/powershell/module/exchangepowershell/new-unifiedauditlogretentionpolicy
#     description: New-UnifiedAuditLogRetentionPolicy
# custom:
#   id: LOG-003
#   severity: medium
#   severity_reason: What an outsider took half a year ago cannot be found out any more; it matters once misuse is noticed that late.
#   requires:
#     - exchange.unifiedAuditLogRetentionPolicies[].Priority
#     - exchange.unifiedAuditLogRetentionPolicies[].RetentionDuration
#     - exchange.unifiedAuditLogRetentionPolicies[].RecordTypes?
#     - exchange.unifiedAuditLogRetentionPolicies[].Operations?
#     - exchange.unifiedAuditLogRetentionPolicies[].UserIds?
#   uses: [tenant.organization.verifiedDomains]
#   licence: [M365_ADVANCED_AUDITING]
#   settings: [monitoring.audit_record_types, monitoring.audit_retention_days]
#   rationale: |
#     For people with the licence of advanced audit Microsoft keeps records of Exchange, SharePoint and Entra ID for a year
#     by itself; for everybody else, guests among them, 180 days. So only a policy of your own counts here, and of those
#     that cover a type of record the one with the lowest priority number. A policy for some users or operations covers
#     no type as a whole, but one that is shorter and comes first takes records away, unless it is for accounts with names
#     of your own domains alone. Longer than 180 days needs a
#     licence for the person whose act is recorded: for guests without one export the log as well.
#   remediation:
#     portal: Microsoft Purview portal > Audit > Policies, create a retention policy for the types of record, for a year or longer.
#     graph: Microsoft Graph does not offer this setting.
#     powershell: 'New-UnifiedAuditLogRetentionPolicy -Name "Outsiders" -RecordTypes AzureActiveDirectory,SharePointFileOperation,SharePointSharingOperation -RetentionDuration TwelveMonths -Priority 1'
#   controls:
#     guide: [G25]
#     scuba: [MS.SECURITYSUITE.5.2]
#     nist_800_53: [AU-11]
#   since: 0.1.0
package rules.monitoring.audit_retention

import data.lib.finding
import data.lib.guest
import data.settings.monitoring as settings

_path := ["exchange", "unifiedAuditLogRetentionPolicies"]

# https://learn.microsoft.com/en-us/powershell/module/exchangepowershell/new-unifiedauditlogretentionpolicy
_days := {
	"SevenDays": 7,
	"OneMonth": 30,
	"ThreeMonths": 90,
	"SixMonths": 180,
	"NineMonths": 270,
	"TwelveMonths": 365,
	"ThreeYears": 1095,
	"FiveYears": 1825,
	"SevenYears": 2555,
	"TenYears": 3650,
}

# For how many days Microsoft keeps what no policy is about: https://learn.microsoft.com/en-us/purview/audit-log-retention-policies
_standard := 180

_is_short(policy) if _days[policy.RetentionDuration] < settings.audit_retention_days

_says_nothing(value) if value in {null, []}

_covers(policy, _) if {
	not _is_off(policy)
	_says_nothing(policy.RecordTypes)
}

_covers(policy, type) if {
	not _is_off(policy)
	some name in policy.RecordTypes
	lower(name) == lower(type)
}

# A policy that is off keeps nothing.
_is_off(policy) if policy.Enabled == false

# The priorities of the policies that keep every record of the type.
_whole(type) := {policy.Priority |
	some policy in input.exchange.unifiedAuditLogRetentionPolicies
	_covers(policy, type)
	_says_nothing(policy.Operations)
	_says_nothing(policy.UserIds)
}

findings contains finding.keyed(_path, type, message) if {
	is_array(input.exchange.unifiedAuditLogRetentionPolicies)
	some type in settings.audit_record_types
	_whole(type) == set()
	settings.audit_retention_days > _standard
	message := $"no retention policy covers {type}: records of outsiders are kept for {_standard} days"
}

# Those of the types that a policy decides: nothing that covers all of the type comes before it.
_decides(policy) := sort([type |
	some type in settings.audit_record_types
	_covers(policy, type)
	not _is_for_insiders(policy)
	not _comes_after(policy, type)
])

_comes_after(policy, type) if policy.Priority > min(_whole(type))

# A name of an own domain without the mark of a guest.
_is_for_insiders(policy) if {
	count(policy.UserIds) > 0
	every name in policy.UserIds {
		guest.domain(name) in _own_domains
		not guest.is_foreign(name)
	}
}

_own_domains := {lower(domain.name) | some domain in input.tenant.organization.verifiedDomains}

findings contains finding.at(array.concat(_path, [i, "RetentionDuration"]), message) if {
	some i, policy in input.exchange.unifiedAuditLogRetentionPolicies
	_is_short(policy)
	types := _decides(policy)
	count(types) > 0
	message := $"policy {policy.Name} keeps {concat(", ", types)}{_part(policy)} for {policy.RetentionDuration} only"
}

_part(policy) := " of some users" if {
	not _says_nothing(policy.UserIds)
} else := " for some operations" if {
	not _says_nothing(policy.Operations)
} else := ""

unknowns contains finding.at(array.concat(_path, [i, "RetentionDuration"]), message) if {
	some i, policy in input.exchange.unifiedAuditLogRetentionPolicies
	not policy.RetentionDuration in object.keys(_days)
	count(_decides(policy)) > 0
	message := $"policy {policy.Name} has a duration that this version does not know"
}

unknowns contains finding.at(array.concat(_path, [i, "Priority"]), message) if {
	some i, policy in input.exchange.unifiedAuditLogRetentionPolicies
	not is_number(policy.Priority)
	message := $"policy {policy.Name} has a priority that is no number"
}
