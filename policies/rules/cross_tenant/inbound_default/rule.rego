# METADATA
# title: Not everybody in the world can become a guest
# description: |
#   The default of cross-tenant access decides for every organisation that has no settings of its own here. As the service
#   ships it, anybody of any organisation may be invited, and may use every application that guests may use.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/external-id/cross-tenant-access-settings-b2b-collaboration
#     description: Manage cross-tenant access settings for B2B collaboration
#   - ref: https://learn.microsoft.com/en-us/graph/api/resources/crosstenantaccesspolicyconfigurationdefault
#     description: crossTenantAccessPolicyConfigurationDefault in Microsoft Graph
# custom:
#   id: XTA-001
#   severity: high
#   severity_reason: "Anybody in the world who is invited or signs up becomes a guest: no list of organisations stands before it."
#   requires: [crossTenantAccess.default]
#   uses: [entra.b2bManagementPolicy]
#   settings: [cross_tenant.default_inbound]
#   rationale: |
#     Whom you work with is a short list; everybody else has no business in your directory. Closed by default and open for
#     partners by name, the tenant stops strangers at sign-in, those included who became guests long ago. A list of domains
#     that may be invited stops new invitations only. With default_inbound: allow_list it counts all the same, as CISA's
#     MS.AAD.8.3 has it, and the open default becomes a note.
#
#     The default is closed when users or applications are blocked as a whole; it is limited when it lets in users that it
#     lists. A blocked list lets everybody else in and fails, and so does a default that opens only some applications to all
#     users. Maester reads accessType without the targets: it passes a default that blocks three people.
#   remediation:
#     portal: Entra admin center > External Identities > Cross-tenant access settings > Default settings > Inbound access settings > B2B collaboration, block all external users and all applications; first add the partners under Organizational settings and allow them there.
#     graph: 'PATCH https://graph.microsoft.com/v1.0/policies/crossTenantAccessPolicy/default {"b2bCollaborationInbound": {"usersAndGroups": {"accessType": "blocked", "targets": [{"target": "AllUsers", "targetType": "user"}]}, "applications": {"accessType": "blocked", "targets": [{"target": "AllApplications", "targetType": "application"}]}}}'
#     powershell: Update-MgPolicyCrossTenantAccessPolicyDefault -B2BCollaborationInbound $blocked
#   controls:
#     scuba: [MS.AAD.8.3]
#     nist_800_53: [AC-3]
#   since: 0.1.0
package rules.cross_tenant.inbound_default

import data.lib.cross_tenant
import data.lib.finding

_users := cross_tenant.of_default(["b2bCollaborationInbound", "usersAndGroups"])

_applications := cross_tenant.of_default(["b2bCollaborationInbound", "applications"])

_who := cross_tenant.reach(_users.value)

_what := cross_tenant.reach(_applications.value)

_open if {
	_who in {"everybody", "others"}
	_what in {"everybody", "others", "listed"}
}

_message := {
	"everybody": "people of every organisation can become guests: b2bCollaborationInbound lets all users in",
	"others": "people of every organisation can become guests: b2bCollaborationInbound blocks only the users it lists",
}

_list_counts if data.settings.cross_tenant.default_inbound == "allow_list"

_list := input.entra.b2bManagementPolicy.allowedDomains

findings contains finding.at(_users.path, _message[_who]) if {
	_open
	not _excused
}

_excused if {
	_list_counts
	is_array(_list)
}

_excused if {
	_list_counts
	not input.entra.b2bManagementPolicy
}

unknowns contains finding.at(["entra", "b2bManagementPolicy"], message) if {
	_open
	_list_counts
	not input.entra.b2bManagementPolicy
	message := "not in the snapshot: whether a list of domains limits the open default is not known"
}

unknowns contains finding.at(half.path, message) if {
	not _who in {"nobody", "listed"}
	_what != "nobody"
	some half in [_users, _applications]
	cross_tenant.reach(half.value) == "unknown"
	message := "cannot be read: accessType or targets are missing, or of a kind that is not known"
}

notes contains finding.at(_users.path, $"{_message[_who]}; invitations are limited to a list") if {
	_open
	_list_counts
	is_array(_list)
}
