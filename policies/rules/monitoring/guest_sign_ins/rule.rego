# METADATA
# title: Outsiders sign in from registered organisations only
# description: |
#   The sign-in log tells which organisations outsiders really come from. This rule holds it against your register of
#   partners: each organisation whose people signed in, and to which the register does not allow it, is listed with the
#   number of sign-ins.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/graph/api/resources/signin
#     description: signIn in Microsoft Graph
#   - ref: https://learn.microsoft.com/en-us/entra/identity/monitoring-health/concept-sign-ins
#     description: Sign-in logs in Microsoft Entra ID
# custom:
#   id: LOG-004
#   severity: medium
#   severity_reason: People of an organisation that nobody here answers for are at work in the tenant, once somebody has let them in.
#   requires: [audit.guestSignIns, tenant.organization.id]
#   uses: [crossTenantAccess.domainTenants, crossTenantAccess.partnerNames]
#   licence: [AAD_PREMIUM, AAD_PREMIUM_P2]
#   settings: [partners]
#   rationale: |
#     Settings say who may come in, the log says who does. As long as the register is empty every foreign organisation is
#     reported: the list that comes out is the draft of a register. An entry is enough that allows guests, sync or
#     direct_connect; one that allows none of them says that its people do not sign in here. Personal Microsoft accounts
#     belong to a tenant of Microsoft's own, which no register should hold. Sign-ins that name this tenant itself as
#     home, by outsiders with a code by mail or another identity provider, are counted in a note: the log
#     does not say where they come from, and LIF-004 judges the domains of their addresses. Only interactive
#     sign-ins of the last days are in the log that Microsoft Graph gives, and it does not say how many factors there
#     were; sign-ins to which no Conditional Access policy applied are counted in a note instead.
#   remediation:
#     portal: Write the organisation into the register of partners, or find its guests under Entra admin center > Users > Sign-in logs, filter by home tenant, and remove them.
#     graph: GET https://graph.microsoft.com/v1.0/auditLogs/signIns, and look for the homeTenantId.
#     powershell: Get-MgBetaAuditLogSignIn -All | Where-Object HomeTenantId -eq '{tenant id}'
#   controls:
#     guide: [G25]
#   since: 0.1.0
package rules.monitoring.guest_sign_ins

import data.lib.finding
import data.lib.partners

_path := ["audit", "guestSignIns"]

_rows := input.audit.guestSignIns

_own := lower(input.tenant.organization.id)

# https://learn.microsoft.com/en-us/entra/identity-platform/id-token-claims-reference
_personal := "9188040d-6c67-4c5b-b112-36a304b66dad"

_home(row) := lower(row.homeTenantId) if row.homeTenantId != ""

_has_home(row) if _home(row)

_is_expected(row) if _home(row) == _own

_is_expected(row) if {
	some what in _ways_in
	partners.allows_tenant(_home(row), what)
}

# What lets people sign in here: an account, invited or synchronized, or direct connect without one. Whoever is only
# shared with or talked to does not; an access package gives an account, which the register calls guests.
_ways_in := ["guests", "sync", "direct_connect"]

# Rows from elsewhere, by tenant.
_strangers[tenant] contains i if {
	some i, row in _rows
	row.succeeded == true
	not _is_expected(row)
	tenant := _home(row)
}

findings contains finding.keyed(_path, tenant, message) if {
	some tenant, rows in _strangers
	message := $"{_count(rows)} sign-ins from {_label(tenant)}, {_why(tenant)}"
}

_why(tenant) := "to which the register allows none (guests, sync or direct_connect)" if {
	partners.of_tenant(tenant)
} else := "which is not in the register of partners"

unknowns contains finding.keyed(_path, "home", $"{_count(rows)} sign-ins do not tell the home tenant") if {
	rows := {i |
		some i, row in _rows
		object.get(row, "succeeded", null) != false
		not _has_home(row)
	}
	count(rows) > 0
}

unknowns contains finding.keyed(_path, "outcome", $"{_count(rows)} sign-ins do not tell whether they succeeded") if {
	rows := {i |
		some i, row in _rows
		not object.get(row, "succeeded", null) in [true, false]
		_has_home(row)
		not _is_expected(row)
	}
	count(rows) > 0
}

notes contains finding.at(_path, "no outsider signed in during the time that the log covers") if _rows == []

notes contains finding.at(_path, message) if {
	count(_rows) > 0
	tenants := {tenant | some row in _rows; row.succeeded == true; tenant := _home(row)} - {_own}
	message := $"{_count(_with("succeeded", true))} sign-ins succeeded, from {count(tenants)} other tenants"
}

notes contains finding.at(_path, $"{_count(rows)} sign-ins of outsiders failed") if {
	rows := _with("succeeded", false)
	count(rows) > 0
}

notes contains finding.at(_path, $"{_count(rows)} of the sign-ins name this tenant itself as home") if {
	rows := {i | some i in _with("succeeded", true); _home(_rows[i]) == _own}
	count(rows) > 0
}

notes contains finding.at(_path, $"to {_count(rows)} of the sign-ins no Conditional Access policy applied") if {
	rows := _with("succeeded", true) & _with("conditionalAccessStatus", "notApplied")
	count(rows) > 0
}

_with(name, value) := {i | some i, row in _rows; row[name] == value}

# A row without a number stands for one sign-in at least.
_count(rows) := sum([n | some i in rows; n := object.get(_rows[i], "count", 1)])

_label(tenant) := $"personal Microsoft accounts ({tenant})" if {
	tenant == _personal
} else := $"{name} ({tenant})" if {
	name := min(_names(tenant))
} else := tenant

_names(tenant) := {known.displayName |
	some known in _known
	lower(known.tenantId) == tenant
	is_string(known.displayName)
}

_known contains known if some known in input.crossTenantAccess.partnerNames

_known contains known if some known in input.crossTenantAccess.domainTenants
