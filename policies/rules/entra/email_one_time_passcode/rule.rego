# METADATA
# title: One-time codes by e-mail for outsiders are as decided
# description: |
#   A guest without a work account or Microsoft account can sign in with a code sent to her mailbox. That ends by itself
#   when she loses the mailbox; without codes she is asked to make a Microsoft account, which she keeps for ever.
# related_resources:
#   - ref: https://learn.microsoft.com/en-us/entra/external-id/one-time-passcode
#     description: Email one-time passcode authentication for B2B guest users
#   - ref: https://learn.microsoft.com/en-us/graph/api/resources/emailauthenticationmethodconfiguration
#     description: emailAuthenticationMethodConfiguration in Microsoft Graph
#   - ref: https://learn.microsoft.com/en-us/entra/identity/authentication/how-to-authentication-methods-manage
#     description: The two controls of email one-time passcode
# custom:
#   id: GST-009
#   severity: medium
#   severity_reason: Somebody who left a partner keeps signing in with a private account, or whoever reads a guest's mailbox signs in as her.
#   requires: [entra.authenticationMethodsPolicy.authenticationMethodConfigurations]
#   settings: [entra.email_one_time_passcode, entra.email_method]
#   rationale: |
#     Codes prove, at each sign-in, that the guest still has the mailbox she was invited at. email_one_time_passcode says
#     what was decided, enabled or disabled; we take enabled, as Microsoft does, because the alternative is an account of
#     the guest's own making. The switch is allowExternalIdToUseEmailOtp; every other tool reads the state of the method,
#     which is about how your own people reset their password. CIS and SCuBA want that state off, and Microsoft does not
#     let the method be off while outsiders may use it, so their profiles ask for both. The value default is not a
#     decision, but does the same as enabled: Microsoft switched codes on in October 2021 wherever nobody had switched
#     them off.
#   remediation:
#     portal: Entra admin center > Entra ID > Authentication methods > Policies > Email OTP > Configure > Allow external users to use email OTP.
#     graph: 'PATCH https://graph.microsoft.com/v1.0/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/email {"@odata.type": "#microsoft.graph.emailAuthenticationMethodConfiguration", "allowExternalIdToUseEmailOtp": "enabled"}'
#     powershell: Update-MgPolicyAuthenticationMethodPolicyAuthenticationMethodConfiguration -AuthenticationMethodConfigurationId Email -BodyParameter with that content.
#   controls:
#     guide: [G01]
#     cis_m365_7.0: ["5.2.3.7"]
#     cis_m365_6.0.1: ["5.2.3.7"]
#     scuba: [MS.AAD.3.5]
#     nist_800_53: [CM-7b, IA-5c]
#   since: 0.1.0
package rules.entra.email_one_time_passcode

import data.lib.finding

_place := ["entra", "authenticationMethodsPolicy", "authenticationMethodConfigurations"]

_path(i, property) := array.concat(_place, [i, property])

_email[i] := method if {
	some i, method in input.entra.authenticationMethodsPolicy.authenticationMethodConfigurations
	lower(method.id) == "email"
}

_switch := "allowExternalIdToUseEmailOtp"

# Since October 2021 the default is on, https://learn.microsoft.com/en-us/entra/external-id/one-time-passcode
_means := {"default": "enabled", "enabled": "enabled", "disabled": "disabled"}

_states := {"enabled", "disabled"}

# What each answer does to outsiders.
_effect := {
	"enabled": "outsiders may sign in with codes sent to their mailbox",
	"disabled": "outsiders who have no other account must make a Microsoft account, codes are off",
}

findings contains finding.at(_path(i, _switch), $"{_effect[_means[value]]} ({_switch} is {value})") if {
	some i, method in _email
	value := method.allowExternalIdToUseEmailOtp
	_means[value] != data.settings.entra.email_one_time_passcode
	not _contradicts(method)
}

# The method is off, and the switch for outsiders is not: Microsoft's portal does not let it be set so.
_contradicts(method) if {
	method.state == "disabled"
	_means[method.allowExternalIdToUseEmailOtp] == "enabled"
}

unknowns contains finding.at(_path(i, _switch), message) if {
	some i, method in _email
	_contradicts(method)
	message := $"state is disabled and {_switch} is {method[_switch]}: no documentation says which of them counts"
}

findings contains finding.at(_path(i, "state"), "the method Email is on for your own people (state is enabled)") if {
	data.settings.entra.email_method == "disabled"
	some i, method in _email
	method.state == "enabled"
}

unknowns contains finding.at(_place, "the method Email is not among those that were read") if {
	is_array(input.entra.authenticationMethodsPolicy.authenticationMethodConfigurations)
	count(_email) == 0
}

unknowns contains finding.at(_path(i, _switch), message) if {
	some i, method in _email
	value := object.get(method, _switch, null)
	not _means[value]
	message := $"{_switch} has the value {value}, which this version does not know"
}

unknowns contains finding.at(_path(i, "state"), $"state has the value {value}, which this version does not know") if {
	data.settings.entra.email_method == "disabled"
	some i, method in _email
	value := object.get(method, "state", null)
	not value in _states
}

notes contains finding.at(_path(i, _switch), "default: nobody has decided; Microsoft's default is enabled") if {
	some i, method in _email
	method.allowExternalIdToUseEmailOtp == "default"
}

notes contains finding.at(_path(i, "state"), $"for your own people the method Email is {method.state}") if {
	data.settings.entra.email_method == "any"
	some i, method in _email
	method.state in _states
}
