package lib.conditional_access_test

import data.lib.conditional_access as ca

_asking(grant) := object.union(_policy, {"grantControls": grant})

_stops(tenant, policy, signin, question) := "yes" if {
	ca.stops(tenant, policy, signin, question, "must")
	ca.stops(tenant, policy, signin, question, "may")
} else := "maybe" if {
	not ca.stops(tenant, policy, signin, question, "must")
	ca.stops(tenant, policy, signin, question, "may")
} else := "no" if {
	not ca.stops(tenant, policy, signin, question, "must")
}

_user(patch) := object.union(_signin, {"user": patch})

# Whether the control alone keeps the user out, whatever is asked.
_locks_out(tenant, control, signin) := _stops(tenant, policy, signin, {"require": ["block"]}) if {
	policy := _asking({"builtInControls": [control]})
}

_internal := {"internalMember", "internalGuest"}

_external := {
	"b2bCollaborationGuest",
	"b2bCollaborationMember",
	"b2bDirectConnectUser",
	"otherExternalUser",
	"serviceProvider",
}

test_a_policy_that_asks_nothing_stops_nobody if {
	every grant in [null, {}, {"operator": "OR", "builtInControls": []}, {"builtInControls": null, "termsOfUse": ""}] {
		every answer in ["mfa", "block", "sign_in_frequency"] {
			_stops(_tenant, _asking(grant), _signin, {"require": [answer]}) == "no"
		}
	}
	_stops(_tenant, _policy, _signin, {"require": ["mfa"]}) == "no"
}

test_block_stops_everybody if {
	every kind in _internal | _external {
		_locks_out(_tenant, "block", _user({"kind": kind})) == "yes"
	}
}

test_the_answer_is_what_is_asked if {
	every answer, grant in {
		"mfa": {"builtInControls": "mfa"},
		"managed_device": {"operator": "OR", "builtInControls": ["compliantDevice", "domainJoinedDevice"]},
		"terms_of_use": {"termsOfUse": ["x"]},
	} {
		device := object.union(_signin, {
			"user": {"kind": "internalGuest"},
			"device": {"registered": true, "compliant": true, "hybrid": true},
		})
		_stops(_tenant, _asking(grant), device, {"require": ["block", answer]}) == "yes"
		_stops(_tenant, _asking(grant), device, {"require": ["phishing_resistant"]}) == "no"
	}
}

test_operators if {
	mfa := {"require": ["mfa"]}
	both := {"builtInControls": ["mfa"], "termsOfUse": ["x"]}
	_stops(_tenant, _asking(object.union(both, {"operator": "AND"})), _signin, mfa) == "yes"
	_stops(_tenant, _asking(object.union(both, {"operator": "OR"})), _signin, mfa) == "no"
	every operator in [null, "and", "XOR"] {
		_stops(_tenant, _asking(object.union(both, {"operator": operator})), _signin, mfa) == "maybe"
		_stops(_tenant, _asking({"operator": operator, "builtInControls": ["mfa"]}), _signin, mfa) == "yes"
	}
}

test_old_clients_prove_nothing if {
	every client in ["exchangeActiveSync", "easSupported", "other"] {
		every kind in ["internalMember", "b2bCollaborationGuest"] {
			signin := object.union(_user({"kind": kind, "trust": {"mfa": "yes", "compliant": "yes"}}), {
				"client": client,
				"device": {"compliant": true, "hybrid": true},
			})
			every control in ["mfa", "compliantDevice", "compliantApplication", "passwordChange", "riskRemediation"] {
				_locks_out(_assuming("U13", "yes"), control, signin) == "yes"
			}
			every grant in [
				{"termsOfUse": ["x"]},
				{"customAuthenticationFactors": ["x"]},
				{"authenticationStrength": {"allowedCombinations": ["fido2"]}},
			] {
				_stops(_tenant, _asking(grant), signin, {"require": ["block"]}) == "yes"
			}
		}
	}
}

test_direct_connect_users_show_the_mfa_of_home if {
	every truth, opposite in _opposite {
		direct := _user({"kind": "b2bDirectConnectUser", "trust": {"mfa": truth}})
		_locks_out(_tenant, "mfa", direct) == opposite
		strength := _asking({"authenticationStrength": {"allowedCombinations": ["sms,federatedSingleFactor"]}})
		_stops(_tenant, strength, direct, {"require": ["block"]}) == opposite
	}
	every kind in (_internal | _external) - {"b2bDirectConnectUser"} {
		_locks_out(_tenant, "mfa", _user({"kind": kind})) == "no"
	}
}

test_devices_need_trust_or_an_account_of_the_tenant if {
	every control, state in {"compliantDevice": "compliant", "domainJoinedDevice": "hybrid"} {
		device := {"device": {"registered": true, state: true}}
		every truth, opposite in _opposite {
			trusted := object.union(_user({"trust": {state: truth}}), device)
			_locks_out(_tenant, control, trusted) == opposite
			_locks_out(_tenant, control, object.union(trusted, {"user": {"identity_provider": "other"}})) == "yes"
		}
		every truth, wanted in {"yes": "maybe", "maybe": "maybe", "no": "yes"} {
			unknown := _user({"trust": {state: truth}, "identity_provider": "unknown"})
			_locks_out(_tenant, control, object.union(unknown, device)) == wanted
		}
		every kind in _internal {
			_locks_out(_tenant, control, object.union(_user({"kind": kind}), device)) == "no"
			_locks_out(_tenant, control, _user({"kind": kind})) == "yes"
		}
		_locks_out(_tenant, control, _user({"trust": {state: "yes"}})) == "yes"
	}
}

test_what_only_accounts_of_the_tenant_can_do if {
	every control in ["compliantApplication", "passwordChange"] {
		every kind in _internal {
			_locks_out(_tenant, control, _user({"kind": kind})) == "no"
		}
		every kind in _external {
			_locks_out(_tenant, control, _user({"kind": kind})) == "yes"
		}
	}
}

test_u12_approved_applications if {
	every value, truth in _three {
		every kind in _external {
			_locks_out(_assuming("U12", value), "approvedApplication", _user({"kind": kind})) == truth
		}
		_locks_out(_assuming("U12", value), "approvedApplication", _user({"kind": "internalGuest"})) == "no"
		old := object.union(_signin, {"client": "other"})
		_locks_out(_assuming("U12", value), "approvedApplication", old) == truth
	}
}

test_u13_risk_remediation if {
	every value, truth in _three {
		every control in ["riskRemediation", "secureSignInSession"] {
			_locks_out(_assuming("U13", value), control, _user({})) == _opposite[truth]
			_locks_out(_assuming("U13", value), control, _user({"kind": "internalMember"})) == "no"
		}
	}
}

test_terms_and_custom_controls if {
	block := {"require": ["block"]}
	terms := _asking({"termsOfUse": ["x"]})
	_stops(_tenant, terms, _signin, block) == "no"
	_stops(_tenant, terms, _user({"kind": "b2bDirectConnectUser"}), block) == "maybe"
	_stops(_tenant, terms, _user({"kind": "b2bDirectConnectUser"}), {"require": ["terms_of_use"]}) == "yes"
	custom := _asking({"customAuthenticationFactors": ["x"]})
	_stops(_tenant, custom, _signin, block) == "maybe"
	_stops(_tenant, custom, _user({"kind": "internalGuest"}), block) == "no"
}

test_a_control_that_nobody_knows_may_be_satisfied if {
	every control in ["unknownFutureValue", "MFA"] {
		every kind in ["internalMember", "b2bDirectConnectUser"] {
			_locks_out(_tenant, control, _user({"kind": kind})) == "maybe"
		}
		_locks_out(_tenant, control, object.union(_signin, {"client": "other"})) == "maybe"
	}
}

test_the_registration_of_a_device_asks_for_mfa_alone if {
	registration := object.union(_signin, {"resource": {"type": "user_action", "id": "urn:user:registerdevice"}})
	_locks_out(_tenant, "passwordChange", registration) == "no"
	_locks_out(_tenant, "block", registration) == "maybe"
	mfa := {"require": ["mfa"]}
	asking := _asking({"operator": "OR", "builtInControls": ["mfa", "compliantApplication"], "termsOfUse": ["x"]})
	_stops(_tenant, asking, registration, mfa) == "yes"
	strength := {"allowedCombinations": ["fido2"], "requirementsSatisfied": "mfa"}
	_stops(_tenant, _asking({"authenticationStrength": strength}), registration, mfa) == "yes"
}

# How a strength of one combination answers: what it is, and whether the user can present it.
_strength(combinations, satisfied) := _asking({"authenticationStrength": {
	"id": "s",
	"allowedCombinations": combinations,
	"requirementsSatisfied": satisfied,
}})

_inside := {"kind": "internalGuest"}

test_combinations_that_are_mfa if {
	every combination in [
		"fido2", "windowsHelloForBusiness", "x509CertificateMultiFactor", "deviceBasedPush", "federatedMultiFactor",
		"temporaryAccessPassOneTime", "temporaryAccessPassMultiUse", "password, sms", "voice,password",
		"federatedSingleFactor,hardwareOath", "x509CertificateSingleFactor,password", "email,password",
		"password,x509CertificateMultiFactor",
	] {
		_stops(_tenant, _strength([combination], "mfa"), _user(_inside), {"require": ["mfa"]}) == "yes"
		_stops(_tenant, _strength([combination], "none"), _user(_inside), {"require": ["mfa"]}) == "maybe"
		_stops(_tenant, _strength([combination], null), _user(_inside), {"require": ["mfa"]}) == "maybe"
	}
	every combination in ["password", "sms", "federatedSingleFactor", "sms,voice", "qrCodePin", "password,password"] {
		every satisfied in ["mfa", "none"] {
			_stops(_tenant, _strength([combination], satisfied), _user(_inside), {"require": ["mfa"]}) == "no"
		}
		_stops(_tenant, _strength(["fido2", combination], "none"), _user(_inside), {"require": ["mfa"]}) == "no"
	}
	_stops(_tenant, _strength(["fido2", "password,sms"], "mfa"), _user(_inside), {"require": ["mfa"]}) == "yes"
}

test_a_strength_that_says_mfa_and_is_not_answers_for_nobody_certainly if {
	combinations := ["qrCodePin", "sms,federatedSingleFactor"]
	_stops(_tenant, _strength(combinations, "mfa"), _signin, {"require": ["mfa"]}) == "maybe"
	_stops(_tenant, _strength(combinations, "none"), _signin, {"require": ["mfa"]}) == "yes"
	_stops(_tenant, _strength(combinations, "none, mfa"), _user(_inside), {"require": ["mfa"]}) == "no"
}

test_combinations_that_resist_phishing if {
	asked := {"require": ["phishing_resistant"]}
	every satisfied in ["mfa", "none"] {
		every combination in ["fido2", "windowsHelloForBusiness", "password,x509CertificateMultiFactor"] {
			_stops(_tenant, _strength([combination], satisfied), _user(_inside), asked) == "yes"
		}
		every combination in ["deviceBasedPush", "federatedMultiFactor", "password,sms"] {
			_stops(_tenant, _strength(["fido2", combination], satisfied), _user(_inside), asked) == "no"
		}
	}
}

test_a_combination_that_nobody_knows_may_be_anything if {
	every combination in ["retina", "password,retina", "", null, 1] {
		every answer in ["mfa", "phishing_resistant"] {
			_stops(_tenant, _strength([combination], "mfa"), _user(_inside), {"require": [answer]}) == "maybe"
			_stops(_tenant, _strength([combination], "mfa"), _signin, {"require": [answer]}) == "maybe"
		}
		_stops(_tenant, _strength([combination], "mfa"), _user(_inside), {"require": ["block"]}) == "no"
		_stops(_tenant, _strength([combination], "mfa"), _signin, {"require": ["block"]}) == "maybe"
	}
}

test_a_strength_is_looked_up if {
	tenant := object.union(_tenant, {"strengths": {"S": {
		"allowedCombinations": ["fido2"],
		"requirementsSatisfied": "mfa",
	}}})
	every own in [{"id": "s"}, {"id": "S", "allowedCombinations": null}, {"id": "S", "allowedCombinations": []}] {
		asking := _asking({"authenticationStrength": own})
		_stops(tenant, asking, _user(_inside), {"require": ["phishing_resistant"]}) == "yes"
	}
	every own in [{"id": "x"}, {"id": 1, "displayName": "x"}, "s", {"id": "x", "allowedCombinations": "fido2"}] {
		asking := _asking({"authenticationStrength": own})
		_stops(tenant, asking, _user(_inside), {"require": ["phishing_resistant"]}) == "maybe"
	}
	nothing := _asking({"authenticationStrength": {"id": null, "allowedCombinations": null}})
	_stops(tenant, nothing, _signin, {"require": ["mfa"]}) == "no"
}

_out(tenant, combination, user) := _stops(tenant, _strength([combination], "mfa"), _user(user), {"require": ["block"]})

test_external_users_present_what_the_tenant_accepts if {
	here := {"sms,federatedSingleFactor", "federatedSingleFactor, voice", "password", "federatedSingleFactor"}
	every combination in here {
		every truth in ["yes", "maybe", "no"] {
			_out(_tenant, combination, {"trust": {"mfa": truth}}) == "no"
			_out(_tenant, combination, {"trust": {"mfa": truth}, "identity_provider": "unknown"}) == "no"
		}
		_out(_assuming("U10", "yes"), combination, {"identity_provider": "other"}) == "no"
	}
	every combination in ["fido2", "sms", "hardwareOath,federatedSingleFactor", "federatedMultiFactor", "sms,voice"] {
		every truth, opposite in _opposite {
			_out(_tenant, combination, {"trust": {"mfa": truth}}) == opposite
			_out(_tenant, combination, {"kind": "b2bDirectConnectUser", "trust": {"mfa": truth}}) == opposite
		}
		every kind in _internal {
			_out(_tenant, combination, {"kind": kind}) == "no"
		}
	}
}

test_u11_combinations_that_begin_with_a_password if {
	every value, truth in _three {
		tenant := _assuming("U11", value)
		_out(tenant, "password,softwareOath", {}) == _opposite[truth]
		_out(tenant, "microsoftAuthenticatorPush,password", {}) == _opposite[truth]
		_out(tenant, "password,hardwareOath", {}) == "yes"
		_out(tenant, "password,sms", {"trust": {"mfa": "yes"}}) == "no"
	}
}

test_u10_strengths_for_users_of_other_providers if {
	other := {"identity_provider": "other", "trust": {"mfa": "yes"}}
	unknown := {"identity_provider": null, "trust": {"mfa": "yes"}}
	every value, truth in _three {
		tenant := _assuming("U10", value)
		_out(tenant, "fido2", other) == truth
		_out(tenant, "fido2", unknown) == {"yes": "maybe", "maybe": "maybe", "no": "no"}[truth]
		sms := _strength(["sms,federatedSingleFactor"], "mfa")
		_stops(tenant, sms, _user(other), {"require": ["mfa"]}) == truth
		_stops(tenant, sms, _user(other), {"require": ["phishing_resistant"]}) == "no"
		_stops(tenant, sms, _user(unknown), {"require": ["mfa"]}) == {"yes": "yes", "maybe": "maybe", "no": "maybe"}[truth]
		old := object.union(_user(other), {"client": "other"})
		_stops(tenant, sms, old, {"require": ["block"]}) == "yes"
		direct := object.union(other, {"kind": "b2bDirectConnectUser", "trust": {"mfa": "no"}})
		_out(tenant, "fido2", direct) == "yes"
	}
}

_session(controls) := object.union(_policy, {"sessionControls": controls})

test_sign_in_frequency if {
	asked := {"require": ["sign_in_frequency"], "max_hours": 24}
	often := [
		{"isEnabled": true, "frequencyInterval": "everyTime"},
		{"isEnabled": true, "frequencyInterval": "timeBased", "type": "hours", "value": 24},
		{"isEnabled": true, "type": "days", "value": 1},
	]
	every value, truth in {"yes": "yes", "unknown": "maybe", "no": "maybe"} {
		every frequency in often {
			policy := _session({"signInFrequency": frequency})
			_stops(_assuming("U9", value), policy, _signin, asked) == truth
			_stops(_assuming("U9", value), policy, _user({"kind": "b2bDirectConnectUser"}), asked) == "no"
			_stops(_assuming("U9", value), policy, _signin, {"require": ["mfa"], "max_hours": 24}) == "no"
		}
	}
	every frequency in [
		{"isEnabled": false, "frequencyInterval": "everyTime"},
		{"frequencyInterval": "everyTime"},
		{"isEnabled": true},
		{"isEnabled": true, "type": "hours", "value": 25},
		{"isEnabled": true, "type": "days", "value": 2},
		{"isEnabled": true, "type": "hours", "value": null},
		{"isEnabled": true, "type": "weeks", "value": 0},
		null,
	] {
		_stops(_tenant, _session({"signInFrequency": frequency}), _signin, asked) == "no"
	}
}

test_persistent_browser_never if {
	asked := {"require": ["persistent_browser_never"]}
	never := {"isEnabled": true, "mode": "never"}
	_stops(_tenant, _session({"persistentBrowser": never}), _signin, asked) == "yes"
	_stops(_tenant, _session({"persistentBrowser": {"isEnabled": true, "mode": "always"}}), _signin, asked) == "no"
	_stops(_tenant, _session({"persistentBrowser": {"isEnabled": null, "mode": "never"}}), _signin, asked) == "no"
}

test_app_enforced_restrictions if {
	asked := {"require": ["app_enforced_restrictions"]}
	policy := _session({"applicationEnforcedRestrictions": {"isEnabled": true}})
	every truth in ["yes", "maybe", "no"] {
		_stops({"assume": _assume, "app_enforced": {"app": truth}}, policy, _signin, asked) == truth
	}
	honoured := {"assume": _assume, "app_enforced": {"app": "yes"}}
	_stops(honoured, policy, object.union(_signin, {"client": "mobileAppsAndDesktopClients"}), asked) == "no"
	_stops(honoured, policy, object.union(_signin, {"resource": {"id": "x"}}), asked) == "no"
	_stops(honoured, policy, object.union(_signin, {"resource": {"type": "authentication_context"}}), asked) == "no"
	_stops(_tenant, policy, _signin, asked) == "no"
	_stops(honoured, _session({"applicationEnforcedRestrictions": null}), _signin, asked) == "no"
}

test_block_downloads if {
	every type, truth in {"blockDownloads": "yes", "mcasConfigured": "maybe", "monitorOnly": "no"} {
		policy := _session({"cloudAppSecurity": {"isEnabled": true, "cloudAppSecurityType": type}})
		_stops(_tenant, policy, _signin, {"require": ["block", "block_downloads"]}) == truth
	}
}

test_a_policy_that_cannot_be_passed_answers_every_question if {
	every answer in ["mfa", "sign_in_frequency", "terms_of_use", "unheard of"] {
		_stops(_tenant, _asking({"builtInControls": ["passwordChange"]}), _signin, {"require": [answer]}) == "yes"
	}
}

_decided(policies, signin) := [
	ca.decision(tenant, signin, question),
	ca.stopping(tenant, signin, question, "must"),
	ca.stopping(tenant, signin, question, "may"),
] if {
	tenant := object.union(_tenant, {"policies": policies})
	question := {"require": ["mfa"]}
}

test_one_policy_that_stops_is_enough if {
	mfa := _asking({"builtInControls": ["mfa"]})
	perhaps := object.union(mfa, {"id": "perhaps", "conditions": {"clientAppTypes": []}})
	free := object.union(_policy, {"id": "free"})
	_decided([free, mfa, perhaps], _signin) == ["stopped", {"p"}, {"p", "perhaps"}]
	_decided([free, perhaps], _signin) == ["unknown", set(), {"perhaps"}]
	_decided([free], _signin) == ["open", set(), set()]
	_decided([object.remove(mfa, ["id"])], _signin) == ["stopped", {null}, {null}]
}

test_security_defaults_stop_old_clients_and_ask_mfa_for_azure if {
	defaults := object.union(_tenant, {"security_defaults": true, "policies": []})
	mfa := {"require": ["mfa"]}
	azure := object.union(_signin, {"resource": {"id": "797f4846-ba00-4fd7-ba43-dac1f8f63013"}})
	old := object.union(_signin, {"client": "other"})
	ca.decision(defaults, old, {"require": ["block"]}) == "stopped"
	ca.stopping(defaults, old, mfa, "must") == {"security-defaults"}
	ca.decision(defaults, _signin, mfa) == "open"
	ca.decision(defaults, azure, mfa) == "stopped"
	ca.decision(defaults, azure, {"require": ["phishing_resistant"]}) == "open"
	direct := object.union(azure, {"user": {"kind": "b2bDirectConnectUser"}})
	ca.decision(defaults, direct, {"require": ["block"]}) == "stopped"
	beside := object.union(defaults, {"policies": [object.union(_policy, {"state": "disabled"}), {}]})
	ca.decision(beside, azure, mfa) == "stopped"
	ca.decision(object.union(defaults, {"policies": [_policy]}), azure, mfa) == "unknown"
	ca.decision(object.union(defaults, {"security_defaults": false}), azure, mfa) == "open"
	ca.decision(object.union(defaults, {"security_defaults": "maybe"}), azure, mfa) == "unknown"
}
