package lib.conditional_access

# What a policy that applies asks: https://learn.microsoft.com/en-us/graph/api/resources/conditionalaccessgrantcontrols

# METADATA
# description: |
#   The policy, which applies to the sign-in, lets it pass only if it answers the question: somebody who has every proof
#   that he can present, but for those that answer, does not satisfy the grant controls; or a session control answers.
stops(tenant, policy, signin, question, reading) if {
	controls := _controls(policy, signin.resource)
	lacking := {control |
		some control in controls
		not _satisfies(tenant, policy, signin, control, question, _other[reading])
	}
	count(lacking) > 0
	_refuses(object.get(policy, ["grantControls", "operator"], null), controls, lacking, reading)
}

stops(tenant, policy, signin, question, reading) if {
	signin.user.kind != "b2bDirectConnectUser"
	some answer in question.require
	_limits(tenant, policy.sessionControls, signin, question, answer, reading)
}

_refuses(_, controls, controls, _)

_refuses("AND", _, _, _)

_refuses(operator, _, _, "may") if not operator in {"AND", "OR"}

# The controls that the policy asks of the resource. The names of lists stand for what is in them.
_controls(policy, resource) := controls & {"block", "mfa", "authenticationStrength"} if {
	_registers_a_device(resource)
	controls := _all_controls(policy)
} else := _all_controls(policy)

_all_controls(policy) := (_words(object.get(policy, ["grantControls", "builtInControls"], null)) | {name |
	some name in ["termsOfUse", "customAuthenticationFactors"]
	count(_words(policy.grantControls[name])) > 0
}) | {"authenticationStrength" | not _is_blank(object.get(policy, ["grantControls", "authenticationStrength"], null))}

# The sign-in can satisfy the control without answering the question.
_satisfies(_, _, signin, control, question, reading) if {
	_presents(signin, control, reading)
	not _answers(question, control)
}

_satisfies(tenant, _, _, "approvedApplication", _, reading) if not _assumed(tenant, "U12", _other[reading])

_satisfies(tenant, _, signin, control, _, reading) if {
	control in {"riskRemediation", "secureSignInSession"}
	_can_prove(signin.client)
	not _is_internal(signin.user)
	_assumed(tenant, "U13", reading)
}

_satisfies(tenant, policy, signin, "authenticationStrength", question, "may") if {
	_can_prove(signin.client)
	some provider in _providers(signin.user)
	_satisfies_strength(tenant, policy, signin, question, provider, "may")
}

_satisfies(tenant, policy, signin, "authenticationStrength", question, "must") if {
	_can_prove(signin.client)
	every provider in _providers(signin.user) {
		_satisfies_strength(tenant, policy, signin, question, provider, "must")
	}
}

_answers(question, control) if {
	some answer in question.require
	control in {
		"mfa": {"mfa"},
		"terms_of_use": {"termsOfUse"},
		"managed_device": {"compliantDevice", "domainJoinedDevice"},
	}[answer]
}

# What can be presented: https://learn.microsoft.com/en-us/entra/external-id/authentication-conditional-access

_can_prove(client) if not client in _legacy_clients

_is_internal(user) if user.kind in {"internalMember", "internalGuest"}

_presents(signin, "mfa", reading) if {
	_can_prove(signin.client)
	_can_do_mfa(signin.user, reading)
}

_presents(signin, "compliantDevice", reading) if _has_device(signin, "compliant", reading)

_presents(signin, "domainJoinedDevice", reading) if _has_device(signin, "hybrid", reading)

_presents(signin, control, _) if {
	control in (_own_users_controls | {"customAuthenticationFactors"})
	_can_prove(signin.client)
	_is_internal(signin.user)
}

_presents(signin, "customAuthenticationFactors", "may") if _can_prove(signin.client)

_presents(signin, "termsOfUse", reading) if {
	_can_prove(signin.client)
	_can_accept_terms(signin.user, reading)
}

_presents(signin, "block", "may") if _registers_a_device(signin.resource)

_presents(_, control, "may") if not control in _known_controls

_own_users_controls := {
	"approvedApplication",
	"compliantApplication",
	"passwordChange",
	"riskRemediation",
	"secureSignInSession",
}

_known_controls := _own_users_controls | {
	"authenticationStrength",
	"block",
	"compliantDevice",
	"customAuthenticationFactors",
	"domainJoinedDevice",
	"mfa",
	"termsOfUse",
}

# A direct connect user shows what was done at home.
_can_do_mfa(user, _) if user.kind != "b2bDirectConnectUser"

_can_do_mfa(user, reading) if user.trust.mfa in _counts[reading]

# Terms of use are not supported for direct connect users; whether they are skipped is not documented.
_can_accept_terms(user, _) if user.kind != "b2bDirectConnectUser"

_can_accept_terms(_, "may")

_has_device(signin, state, reading) if {
	_can_prove(signin.client)
	signin.device[state] == true
	_shows_device(signin.user, state, reading)
}

_shows_device(user, _, _) if _is_internal(user)

_shows_device(user, state, reading) if {
	not _is_internal(user)
	user.trust[state] in _counts[reading]
	every provider in _providers(user) {
		provider == "entra"
	}
}

_shows_device(user, state, "may") if {
	not _is_internal(user)
	user.trust[state] in _counts.may
	"entra" in _providers(user)
}

# Where the user may sign in: at a tenant, or at another provider of identities.
_providers(user) := {user.identity_provider} if {
	user.identity_provider in {"entra", "other"}
} else := {"entra", "other"}

# Authentication strengths:
# https://learn.microsoft.com/en-us/entra/identity/authentication/concept-authentication-strengths

_satisfies_strength(tenant, policy, signin, question, provider, reading) if {
	_can_prove(signin.client)
	strength := _strength(tenant, policy.grantControls.authenticationStrength)
	some factors in _combinations(strength)
	not _combination_answers(question, strength, factors, _other[reading])
	_presents_factors(tenant, signin.user, provider, factors, reading)
}

# The strength asks nothing of those who do not sign in at a tenant.
_satisfies_strength(tenant, _, signin, _, "other", reading) if {
	signin.user.kind in (_external_kinds - {"b2bDirectConnectUser"})
	not _assumed(tenant, "U10", _other[reading])
}

# The strength as the policy has it, else as the tenant has it; one that is not known has no combinations.
_strength(tenant, own) := own if {
	is_array(own.allowedCombinations)
	count(own.allowedCombinations) > 0
} else := strengths[0] if {
	is_string(own.id)
	strengths := [strength |
		some id, strength in tenant.strengths
		lower(id) == lower(own.id)
	]
} else := {}

# The combinations as sets of factors: what their order is does not matter.
_combinations(strength) := {_words(combination) | some combination in strength.allowedCombinations} if {
	is_array(strength.allowedCombinations)
	count(strength.allowedCombinations) > 0
} else := {set()}

_presents_factors(_, user, _, _, _) if _is_internal(user)

_presents_factors(_, user, provider, factors, reading) if {
	_is_known(factors)
	_home_mfa_counts(user, provider, reading)
}

_presents_factors(tenant, user, _, factors, reading) if {
	user.kind in (_external_kinds - {"b2bDirectConnectUser"})
	_can_be_done_here(tenant, factors, reading)
}

_presents_factors(_, _, _, factors, "may") if not _is_known(factors)

_home_mfa_counts(user, provider, reading) if {
	_signs_in_at_home(user, provider)
	user.trust.mfa in _counts[reading]
}

_signs_in_at_home(_, "entra")

_signs_in_at_home(user, _) if user.kind == "b2bDirectConnectUser"

# What an external user can use in this tenant after signing in elsewhere.
_can_be_done_here(_, factors, _) if factors in {{"password"}, {"federatedSingleFactor"}}

_can_be_done_here(_, factors, _) if {
	"federatedSingleFactor" in factors
	count(factors) == 2
	count(factors & _methods_for_guests) == 1
}

_can_be_done_here(tenant, factors, reading) if {
	"password" in factors
	count(factors) == 2
	count(factors & _methods_for_guests) == 1
	_assumed(tenant, "U11", reading)
}

_methods_for_guests := {"microsoftAuthenticatorPush", "sms", "softwareOath", "voice"}

# The combination answers the question. If Graph and the combinations differ about whether the strength is MFA, none
# does for certain.
_combination_answers(question, _, factors, reading) if {
	"phishing_resistant" in question.require
	_resists_phishing(factors) in _counts[reading]
}

_combination_answers(question, strength, factors, reading) if {
	"mfa" in question.require
	_is_mfa(factors) in _counts[reading]
	_may_answer(strength, reading)
}

_may_answer(_, "may")

_may_answer(strength, "must") if not _is_disputed(strength)

_is_disputed(strength) if {
	"mfa" in _satisfied(strength)
	"no" in _kinds(strength)
} else if {
	not "mfa" in _satisfied(strength)
	_kinds(strength) == {"yes"}
} else := false

_kinds(strength) := {_is_mfa(factors) | some factors in _combinations(strength)}

_satisfied(strength) := _words(object.get(strength, "requirementsSatisfied", null))

# A combination that is empty, or names a factor that nobody knows, may be anything.
_is_known(factors) if {
	count(factors) > 0
	count(factors - _factors) == 0
}

_resists_phishing(factors) := "maybe" if {
	not _is_known(factors)
} else := "yes" if {
	count(factors & _phishing_resistant) > 0
} else := "no"

_is_mfa(factors) := "maybe" if {
	not _is_known(factors)
} else := "yes" if {
	count(factors & _multiple) > 0
} else := "yes" if {
	count(factors) > 1
	count(factors & _first) > 0
} else := "no"

_factors := (_multiple | _first) | _second

_phishing_resistant := {"fido2", "windowsHelloForBusiness", "x509CertificateMultiFactor"}

_multiple := _phishing_resistant | {
	"deviceBasedPush",
	"federatedMultiFactor",
	"temporaryAccessPassMultiUse",
	"temporaryAccessPassOneTime",
}

_first := {"federatedSingleFactor", "password", "x509CertificateSingleFactor"}

_second := _methods_for_guests | {"email", "hardwareOath", "qrCodePin"}

# Session controls: https://learn.microsoft.com/en-us/graph/api/resources/conditionalaccesssessioncontrols

_limits(tenant, controls, _, question, "sign_in_frequency", reading) if {
	controls.signInFrequency.isEnabled == true
	object.get(controls.signInFrequency, "authenticationType", null) in {null, "primaryAndSecondaryAuthentication"}
	_is_often_enough(controls.signInFrequency, question)
	_shortest_wins(tenant, reading)
}

_limits(_, controls, _, _, "persistent_browser_never", _) if {
	controls.persistentBrowser.isEnabled == true
	controls.persistentBrowser.mode == "never"
}

_limits(tenant, controls, signin, _, "app_enforced_restrictions", reading) if {
	controls.applicationEnforcedRestrictions.isEnabled == true
	signin.client == "browser"
	signin.resource.type == "app"
	_fact(tenant.app_enforced, lower(signin.resource.id), _counts[reading])
}

_limits(_, controls, _, _, "block_downloads", reading) if {
	controls.cloudAppSecurity.isEnabled == true
	_blocks_downloads(controls.cloudAppSecurity.cloudAppSecurityType, reading)
}

_is_often_enough(frequency, _) if frequency.frequencyInterval == "everyTime"

_is_often_enough(frequency, question) if {
	object.get(frequency, "frequencyInterval", null) in {null, "timeBased"}
	is_number(frequency.value)
	frequency.value * {"hours": 1, "days": 24}[frequency.type] <= question.max_hours
}

_shortest_wins(_, "may")

_shortest_wins(tenant, reading) if _assumed(tenant, "U9", reading)

_blocks_downloads("blockDownloads", _)

# What a policy of Defender for Cloud Apps does is not in Graph.
_blocks_downloads("mcasConfigured", "may")

# Security defaults: https://learn.microsoft.com/en-us/entra/fundamentals/security-defaults

_security_defaults_stop(tenant, signin, question, reading) if {
	_are_in_force(tenant, reading)
	_security_defaults_refuse(tenant, signin, question, reading)
}

# They exclude having enabled policies. Whether they are on is true, false or "maybe".
_are_in_force(tenant, "may") if tenant.security_defaults in {true, "maybe"}

_are_in_force(tenant, "must") if {
	tenant.security_defaults == true
	not _has_enabled_policies(tenant)
}

_has_enabled_policies(tenant) if "enabled" in {policy.state | some policy in tenant.policies}

_security_defaults_refuse(_, signin, _, _) if signin.client in _legacy_clients

_security_defaults_refuse(tenant, signin, question, reading) if {
	signin.resource.type == "app"
	_names({"797f4846-ba00-4fd7-ba43-dac1f8f63013"}, signin.resource, reading)
	not _satisfies(tenant, {}, signin, "mfa", question, _other[reading])
}
