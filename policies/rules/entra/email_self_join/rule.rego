# METADATA
# title: A mailbox alone does not let people into the directory
# description: |
#   Two old switches let people make an account by proving that they can read a mailbox: by joining the organisation
#   whose domain the address has, or by subscribing to a service with it. Such accounts are made without your decision.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/identity/users/directory-self-service-signup
#     description: Self-service sign-up by mail verification
#   - ref: https://learn.microsoft.com/en-us/graph/api/resources/authorizationpolicy
#     description: authorizationPolicy in Microsoft Graph
# custom:
#   id: GST-005
#   severity: medium
#   severity_reason: Anybody with a mailbox at your domain joins the directory, former contractors included; it takes such a mailbox.
#   requires:
#     - entra.authorizationPolicy.allowEmailVerifiedUsersToJoinOrganization
#     - entra.authorizationPolicy.allowedToSignUpEmailBasedSubscriptions
#   rationale: |
#     An address in your domain proves less than it seems: shared mailboxes, aliases and mailing lists read mail as
#     well, and an account made this way has passed none of your checks. No admin center shows the switches, so they
#     stand as they stood when the tenant was made.
#   remediation:
#     portal: No admin center offers these settings; use Microsoft Graph or PowerShell.
#     graph: 'PATCH https://graph.microsoft.com/v1.0/policies/authorizationPolicy {"allowEmailVerifiedUsersToJoinOrganization": false, "allowedToSignUpEmailBasedSubscriptions": false}'
#     powershell: Update-MgPolicyAuthorizationPolicy -AllowEmailVerifiedUsersToJoinOrganization:$false -AllowedToSignUpEmailBasedSubscriptions:$false
#   controls:
#     eidsca: [EIDSCA.AP05, EIDSCA.AP06]
#   since: 0.1.0
package rules.entra.email_self_join

import data.lib.finding

_switches := {
	"allowEmailVerifiedUsersToJoinOrganization": "people can join the organisation by verifying a mail address",
	"allowedToSignUpEmailBasedSubscriptions": "people can make an account by subscribing with a mail address",
}

findings contains finding.at(["entra", "authorizationPolicy", name], $"{what} ({name} is true)") if {
	some name, what in _switches
	input.entra.authorizationPolicy[name] == true
}
