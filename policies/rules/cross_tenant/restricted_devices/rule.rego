# METADATA
# title: Tenant restrictions reach your devices and networks
# description: |
#   A tenant restrictions policy does nothing by itself: a proxy, Windows or Global Secure Access must signal it with each
#   sign-in. Devices that do not, let their users sign in anywhere.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/external-id/tenant-restrictions-v2
#     description: Set up tenant restrictions v2
# custom:
#   id: XTA-011
#   severity: high
#   severity_reason: Somebody inside signs in to a foreign tenant from a device that signals nothing, and carries data out.
#   requires: [crossTenantAccess.default, tenant.organization.id]
#   settings: [attestations.given, attestations.max_days]
#   rationale: |
#     XTA-005 judges the policy. What signals it is set on devices and networks: a Group Policy, a proxy that inserts
#     sec-Restrict-Tenant-Access-Policy, or Global Secure Access. Without a policy there is nothing to signal.
#
#     No interface tells, so somebody answers: write an entry with rule XTA-011 into attestations.given of your settings, with
#     owner, date, evidence, statement and the day on which it expires. Without one the rule is unknown, with one that has
#     expired it fails.
#   remediation:
#     portal: Set up Global Secure Access signalling, a proxy that inserts the header, or the Windows policy Cloud Policy Details, on every device and network.
#     graph: Microsoft Graph does not tell what devices and proxies signal.
#     powershell: There is no cmdlet for it.
#   controls: {}
#   since: 0.1.0
package rules.cross_tenant.restricted_devices

import data.lib.attestation

_question := "does every device and network signal the tenant restrictions policy?"

findings contains problem if some problem in attestation.findings("XTA-011")

unknowns contains open if {
	_policy != null
	some open in attestation.unknowns("XTA-011", _question)
}

notes contains answer if some answer in attestation.notes("XTA-011")

not_applicable contains "there is no tenant restrictions policy to signal; XTA-005 asks for one" if {
	_policy == null
}

_policy := object.get(input.crossTenantAccess["default"], "tenantRestrictions", null)
