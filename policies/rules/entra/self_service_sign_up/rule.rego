# METADATA
# title: Nobody becomes a guest by signing up
# description: |
#   With self-service sign-up an outsider makes a guest account in your directory without anybody inviting her. It is
#   meant for applications that you offer to the public, and it is off unless somebody switched it on.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/external-id/self-service-sign-up-overview
#     description: Self-service sign-up for B2B collaboration
#   - ref: https://learn.microsoft.com/en-us/graph/api/resources/authenticationflowspolicy
#     description: authenticationFlowsPolicy in Microsoft Graph
# custom:
#   id: GST-004
#   severity: medium
#   severity_reason: A stranger makes an account by himself; what it opens depends on the user flow and on what guests reach.
#   requires: [entra.authenticationFlowsPolicy.selfServiceSignUp.isEnabled]
#   rationale: |
#     Rules about who may invite are worth little when a guest needs no invitation. If you offer an application to the
#     public, say so with a waiver that names the application and its owner. The switch alone makes no account, a user
#     flow must exist as well; it is reported without one too, because the next flow would be live at once.
#   remediation:
#     portal: Entra admin center > External Identities > External collaboration settings, set "Enable guest self-service sign up via user flows" to No.
#     graph: 'PATCH https://graph.microsoft.com/v1.0/policies/authenticationFlowsPolicy {"selfServiceSignUp": {"isEnabled": false}}'
#     powershell: 'Update-MgPolicyAuthenticationFlowPolicy -BodyParameter @{selfServiceSignUp = @{isEnabled = $false}}'
#   controls:
#     guide: [G07]
#     zt: ["21823"]
#   since: 0.1.0
package rules.entra.self_service_sign_up

import data.lib.finding

_path := ["entra", "authenticationFlowsPolicy", "selfServiceSignUp", "isEnabled"]

findings contains finding.at(_path, "outsiders can make guest accounts for themselves (isEnabled is true)") if {
	input.entra.authenticationFlowsPolicy.selfServiceSignUp.isEnabled == true
}
