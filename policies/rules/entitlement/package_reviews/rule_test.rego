package rules.entitlement.package_reviews_test

import data.rules.entitlement.package_reviews as rule

_policies := ["governance", "entitlementManagement", "assignmentPolicies"]

_user := {"@odata.type": "#microsoft.graph.singleUser", "userId": "u1"}

_colleague := {"@odata.type": "#microsoft.graph.externalSponsors"}

_review := {
	"isEnabled": true,
	"isSelfReview": false,
	"expirationBehavior": "removeAccess",
	"schedule": {
		"startDateTime": "2026-01-05T08:00:00Z",
		"recurrence": {"pattern": {"type": "absoluteMonthly", "interval": 1}, "range": {"type": "noEnd"}},
	},
	"primaryReviewers": [_user],
	"fallbackReviewers": [],
}

_reviewed(change) := [{
	"id": "p1",
	"displayName": "Partners",
	"allowedTargetScope": "specificConnectedOrganizationUsers",
	"expiration": {"type": "afterDuration", "duration": "P365D"},
	"reviewSettings": object.union(_review, change),
	"accessPackage": {"id": "a1", "displayName": "Project"},
}]

_settings(review) := json.patch(_reviewed({}), [{"op": "add", "path": "0/reviewSettings", "value": review}])

_ending(expiration, review) := json.patch(_settings(review), [{
	"op": "add",
	"path": "0/expiration",
	"value": expiration,
}])

_at(steps, message) := {{
	"path": array.concat(_policies, array.concat([0, "reviewSettings"], steps)),
	"message": $"'Partners' of 'Project': {message}",
}}

_document(policies) := {
	"collection": {"collectedAt": "2026-11-20T08:00:00Z"},
	"governance": {
		"entitlementManagement": {"assignmentPolicies": policies},
		"pim": {"groupEligibility": []},
	},
	"groups": [],
	"guests": [{"id": "x1", "userType": "Guest"}],
}

_found(policies) := found if {
	found := rule.findings with input as _document(policies)
}

_asked(policies) := asked if {
	asked := rule.unknowns with input as _document(policies)
}

test_a_good_review_passes if {
	_found(_reviewed({})) == set()
	_asked(_reviewed({})) == set()
	rule.not_applicable == set() with input as _document(_reviewed({}))
	endless := _ending({"type": "noExpiration"}, _review)
	_found(endless) == set()
	_asked(endless) == set()
}

test_access_that_neither_ends_nor_is_reviewed_is_reported if {
	message := "access neither ends within 90 days nor is it reviewed"
	_found(_settings(null)) == _at([], message)
	_found(_reviewed({"isEnabled": false})) == _at(["isEnabled"], message)
	_asked(_settings(null)) == set()
	_found(_ending({"type": "afterDuration", "duration": "P91D"}, null)) == _at([], message)
}

test_access_that_ends_soon_needs_no_review if {
	_found(_ending({"type": "afterDuration", "duration": "P90D"}, null)) == set()
	_asked(_ending({"type": "afterDuration", "duration": "P90D"}, null)) == set()
	_found(_ending({"type": "afterDateTime", "endDateTime": "2027-02-18T08:00:00Z"}, null)) == set()
	count(_found(_ending({"type": "afterDateTime", "endDateTime": "2027-02-18T08:00:01Z"}, null))) == 1
	rule.findings == set() with input as _document(_ending({"type": "afterDuration", "duration": "P91D"}, null))
		with data.settings.access_packages.unreviewed_max_days as 91
}

test_an_end_that_cannot_be_read_is_unknown if {
	odd := {"type": "zzz"}
	_found(_ending(odd, null)) == set()
	_asked(_ending(odd, null)) == {{
		"path": array.concat(_policies, [0, "expiration"]),
		"message": concat("", [
			"'Partners' of 'Project' has no review that suffices, ",
			"and the snapshot does not tell when access ends",
		]),
	}}
	_asked(_ending(odd, _review)) == set()
}

test_access_that_silence_keeps_is_reported if {
	every behaviour in ["keepAccess", "acceptAccessRecommendation"] {
		_found(_reviewed({"expirationBehavior": behaviour})) == _at(
			["expirationBehavior"],
			$"who is not reviewed may keep access (expirationBehavior is {behaviour})",
		)
	}
}

test_rare_reviews_are_reported if {
	quarterly := _reviewed({"schedule": {"recurrence": {"pattern": {"interval": 3}}}})
	_found(quarterly) == _at(
		["schedule", "recurrence", "pattern"],
		"up to 92 days pass between two reviews; 31 are allowed",
	)
	rule.findings == set() with input as _document(quarterly)
		with data.settings.access_reviews.max_interval_days as 92
	weekly := _reviewed({"schedule": {"recurrence": {"pattern": {"type": "weekly"}}}})
	_found(weekly) == set()
}

test_reviews_that_are_over_are_reported if {
	_found(_reviewed({"schedule": {"recurrence": null}})) == _at(["schedule"], "the review does not come back")
	ended := _reviewed({"schedule": {"recurrence": {"range": {"type": "endDate", "endDate": "2026-11-01"}}}})
	_found(ended) == _at(["schedule", "recurrence", "range"], "no further reviews will come")
	lasting := _reviewed({"schedule": {"recurrence": {"range": {"type": "endDate", "endDate": "2026-12-21"}}}})
	_found(lasting) == set()
	_asked(lasting) == set()
}

test_self_review_is_reported_unless_allowed if {
	self := _reviewed({"isSelfReview": true, "primaryReviewers": []})
	_found(self) == _at(["isSelfReview"], "outsiders decide about their own access")
	rule.findings == set() with input as _document(self) with data.settings.access_reviews.self_review_allowed as true
	rule.unknowns == set() with input as _document(self) with data.settings.access_reviews.self_review_allowed as true
}

test_reviewers_are_asked if {
	_found(_reviewed({"primaryReviewers": []})) == _at(["primaryReviewers"], "nobody is asked to review")
	_found(_reviewed({"primaryReviewers": [_colleague]})) == _at(
		["primaryReviewers"],
		"only outsiders are asked to review",
	)
	_found(_reviewed({"primaryReviewers": [_colleague], "fallbackReviewers": [_user]})) == set()
	_found(_reviewed({"fallbackReviewers": null})) == set()
	_asked(_reviewed({"fallbackReviewers": null})) == set()
}

test_every_lack_is_reported if {
	count(_found(_reviewed({
		"expirationBehavior": "keepAccess",
		"isSelfReview": true,
		"schedule": {"recurrence": null},
	}))) == 3
}

test_what_cannot_be_read_is_unknown if {
	every change, question in {
		{"isEnabled": null}: {"steps": ["isEnabled"], "message": "the snapshot does not tell whether access is reviewed"},
		{"isSelfReview": null}: {"steps": ["isSelfReview"], "message": "the snapshot does not tell who reviews"},
		{"expirationBehavior": "zzz"}: {
			"steps": ["expirationBehavior"],
			"message": "expirationBehavior has the value zzz, which this version does not know",
		},
		{"expirationBehavior": null}: {
			"steps": ["expirationBehavior"],
			"message": "expirationBehavior has the value null, which this version does not know",
		},
		{"schedule": {"recurrence": {"pattern": {"type": "zzz"}}}}: {
			"steps": ["schedule"],
			"message": "the snapshot does not tell how often reviews come",
		},
		{"schedule": {"recurrence": {"range": {"type": "zzz"}}}}: {
			"steps": ["schedule"],
			"message": "the snapshot does not tell whether reviews go on",
		},
		{"primaryReviewers": null}: {
			"steps": ["primaryReviewers"],
			"message": "the snapshot does not tell who reviews",
		},
		{"primaryReviewers": [{"@odata.type": "#microsoft.graph.zzz"}]}: {
			"steps": ["primaryReviewers"],
			"message": "the snapshot does not tell who reviews",
		},
	} {
		_found(_reviewed(change)) == set()
		_asked(_reviewed(change)) == _at(question.steps, question.message)
	}
}

test_a_schedule_that_is_missing_is_unknown if {
	count(_asked(_reviewed({"schedule": null}))) == 2
	_found(_reviewed({"schedule": null})) == set()
}

test_review_settings_that_are_missing_are_unknown if {
	policies := [object.remove(_reviewed({})[0], ["reviewSettings"])]
	_found(policies) == set()
	count(_asked(policies)) > 0
	every name in object.keys(_review) - {"fallbackReviewers"} {
		lossy := _settings(object.remove(_review, [name]))
		_found(lossy) == set()
		count(_asked(lossy)) > 0
	}
}

test_policies_for_others_are_not_judged if {
	inside := [object.union(_settings(null)[0], {"allowedTargetScope": "allMemberUsers"})]
	_found(inside) == set()
	rule.not_applicable == {"no access package can be requested by outsiders"} with input as _document(inside)
}

test_a_scope_unheard_of_is_unknown if {
	count(_asked([object.union(_settings(null)[0], {"allowedTargetScope": "zzz"})])) == 1
}

test_missing_policies_say_nothing if {
	rule.findings == set() with input as {}
	rule.unknowns == set() with input as {}
	rule.not_applicable == set() with input as {}
}
