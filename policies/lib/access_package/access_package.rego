# METADATA
# description: |
#   Access packages of entitlement management: which policies outsiders can request through, who decides about them,
#   when access ends, and what becomes of people who lost their last package.
#   https://learn.microsoft.com/en-us/graph/api/resources/accesspackageassignmentpolicy
package lib.access_package

import data.lib.duration
import data.lib.finding
import data.lib.guest
import data.lib.outsiders as accounts

_management := ["governance", "entitlementManagement"]

# METADATA
# description: The path of something in the policy at an index.
policy_path(i, steps) := array.concat(array.concat(_management, ["assignmentPolicies", i]), steps)

# METADATA
# description: The path of something in the assignment at an index.
assignment_path(i, steps) := array.concat(array.concat(_management, ["assignments", i]), steps)

# METADATA
# description: The path of something in the connected organisation at an index.
organization_path(i, steps) := array.concat(array.concat(_management, ["connectedOrganizations", i]), steps)

# METADATA
# description: How people know a thing of entitlement management - by its name, else by its id.
name(thing) := thing.displayName if {
	is_string(thing.displayName)
	thing.displayName != ""
} else := thing.id if {
	is_string(thing.id)
} else := "something without a name"

# METADATA
# description: How people know the policy at an index, with its access package.
label(i) := $"'{name(policy)}' of '{name(policy.accessPackage)}'" if {
	policy := input.governance.entitlementManagement.assignmentPolicies[i]
	is_object(policy.accessPackage)
} else := $"'{name(input.governance.entitlementManagement.assignmentPolicies[i])}'"

# Whom each allowedTargetScope lets request:
# https://learn.microsoft.com/en-us/entra/id-governance/entitlement-management-access-package-request-policy
_audiences := {
	"notspecified": "nobody", # administrators assign
	"specificdirectoryserviceprincipals": "inside",
	"allmemberusers": "inside",
	"alldirectoryserviceprincipals": "inside",
	"alldirectoryagentidentities": "inside",
	"alldirectoryusers": "guests",
	"specificconnectedorganizationusers": "named",
	"allconfiguredconnectedorganizationusers": "configured",
	"allexternalusers": "everybody",
}

# METADATA
# description: |
#   Whom the policy is for: nobody (administrators assign), inside (people of the directory that it names, or its
#   members), guests (everybody in the directory, guests included), named or configured (connected organisations),
#   everybody; or unknown.
audience(policy) := whom if {
	whom := _audiences[lower(policy.allowedTargetScope)]
} else := whom if {
	lower(policy.allowedTargetScope) == "specificdirectoryusers"
	whom := _audience_of({_is_of_outsiders(target) | some target in policy.specificAllowedTargets})
} else := "unknown"

_audience_of(answers) := "guests" if {
	"yes" in answers
} else := "inside" if {
	answers == {"no"}
}

# Whether a target of a policy that names people, groups or rules takes in outsiders.
_is_of_outsiders(target) := answer if {
	target["@odata.type"] == "#microsoft.graph.singleUser"
	answer := accounts.are("user", target.userId)
} else := answer if {
	target["@odata.type"] == "#microsoft.graph.groupMembers"
	answer := accounts.are("group", target.groupId)
} else := "yes" if {
	regex.match(`user\.usertype\s+-eq\s+["']guest["']`, lower(target.membershipRule))
} else := "unknown"

_outside := {"named", "configured", "everybody"}

# METADATA
# description: |
#   The audience of each policy through which outsiders can request now, by the policy's index. A hidden package counts:
#   who knows its link can request it.
#   https://learn.microsoft.com/en-us/entra/id-governance/entitlement-management-external-users
open[i] := whom if {
	some i, whom in _for_outsiders
	not _closed(input.governance.entitlementManagement.assignmentPolicies[i])
}

# METADATA
# description: The indexes of policies for outsiders through which nobody can request now, by a switch elsewhere.
closed contains i if {
	some i, _ in _for_outsiders
	not open[i]
}

_for_outsiders[i] := whom if {
	some i, policy in input.governance.entitlementManagement.assignmentPolicies
	whom := audience(policy)
	whom in (_outside | {"guests"})
}

# "Enable new requests" is off, for oneself and for others.
_closed(policy) if {
	policy.requestorSettings.enableTargetsToSelfAddAccess == false
	policy.requestorSettings.enableOnBehalfRequestorsToAddAccess == false
}

# A catalog that is not enabled, or not for external users, which is about those outside the directory:
# https://learn.microsoft.com/en-us/entra/id-governance/entitlement-management-catalog-create
_closed(policy) if lower(policy.catalog.state) == "unpublished"

_closed(policy) if {
	policy.catalog.isExternallyVisible == false
	audience(policy) in _outside
}

# METADATA
# description: Where it cannot be told for whom a policy is.
unknown_audiences contains finding.at(policy_path(i, ["allowedTargetScope"]), message) if {
	some i, policy in input.governance.entitlementManagement.assignmentPolicies
	audience(policy) == "unknown"
	scope := object.get(policy, "allowedTargetScope", null)
	message := $"{label(i)}: allowedTargetScope has the value {scope}, which this version does not know"
}

# METADATA
# description: Whether no policy is open to outsiders, for certain.
none_open if {
	is_array(input.governance.entitlementManagement.assignmentPolicies)
	count(open) == 0
	count(unknown_audiences) == 0
}

# METADATA
# description: Whether an account of the directory is of an outsider for certain.
is_external(account) if account.userType == "Guest"

is_external(account) if guest.is_foreign(account.userPrincipalName)

# METADATA
# description: |
#   The object ids of outsiders whom entitlement management itself knows: sponsors of connected organisations, and
#   holders of access packages.
outsiders contains lower(sponsor.id) if {
	some organization in input.governance.entitlementManagement.connectedOrganizations
	some sponsor in organization.externalSponsors
}

outsiders contains lower(sponsor.id) if {
	some organization in input.governance.entitlementManagement.connectedOrganizations
	some sponsor in organization.internalSponsors
	is_external(sponsor)
}

outsiders contains lower(assignment.target.objectId) if {
	some assignment in input.governance.entitlementManagement.assignments
	holder(assignment.target) == "outsider"
}

_own_domains := {lower(domain.name) | some domain in input.tenant.organization.verifiedDomains}

# METADATA
# description: |
#   Who holds an access package: outsider, insider (programs too) or unknown. Only guests have a lifecycle, and who has
#   no object id is not in the directory yet: https://learn.microsoft.com/en-us/graph/api/resources/accesspackagesubject
holder(target) := "insider" if {
	lower(target.subjectType) == "serviceprincipal"
} else := "outsider" if {
	lower(target.subjectLifecycle) in {"governed", "notgoverned"}
} else := "outsider" if {
	guest.is_foreign(target.principalName)
} else := "outsider" if {
	object.get(target, "objectId", "absent") == null
} else := "insider" if {
	guest.domain(target.principalName) in _own_domains
} else := "outsider" if {
	count(_own_domains) > 0
	guest.domain(target.principalName)
} else := "unknown"

# https://learn.microsoft.com/en-us/graph/api/resources/subjectset
_insiders := {
	"#microsoft.graph.singleServicePrincipal",
	"#microsoft.graph.requestorManager",
	"#microsoft.graph.targetManager",
	"#microsoft.graph.targetApplicationOwners",
	"#microsoft.graph.targetUserSponsors",
}

_decides := {"yes": "outsider", "no": "insider", "unknown": "unknown"}

# METADATA
# description: |
#   Who decides when a subject set approves or reviews what the policy lets request: outsider when it is known to be one,
#   else insider; or unknown, for a kind of set that no documentation knows, or where the snapshot lacks what would tell. An
#   outsider in a group, or among the sponsors, makes the set one. Other people's managers are not read.
decides(policy, subject) := "outsider" if {
	subject["@odata.type"] == "#microsoft.graph.externalSponsors"
} else := "outsider" if {
	subject["@odata.type"] == "#microsoft.graph.connectedOrganizationMembers"
} else := "outsider" if {
	lower(subject.userId) in outsiders
} else := _decides[accounts.are("user", subject.userId)] if {
	subject["@odata.type"] == "#microsoft.graph.singleUser"
} else := _decides[accounts.are("group", subject.groupId)] if {
	subject["@odata.type"] == "#microsoft.graph.groupMembers"
} else := _sponsors(policy) if {
	subject["@odata.type"] == "#microsoft.graph.internalSponsors"
} else := "insider" if {
	subject["@odata.type"] in _insiders
} else := "unknown"

# The internal sponsors of the organisations that the policy is for; without one nobody decides who should not.
_sponsors(policy) := "outsider" if {
	some organization in _organizations(policy)
	some sponsor in organization.internalSponsors
	sponsors(sponsor) == "outsider"
} else := "unknown" if {
	some organization in _organizations(policy)
	some sponsor in organization.internalSponsors
	sponsors(sponsor) == "unknown"
} else := "insider" if {
	is_array(input.governance.entitlementManagement.connectedOrganizations)
} else := "unknown"

_organizations(policy) := [organization |
	some organization in input.governance.entitlementManagement.connectedOrganizations
	_is_for(policy, organization)
]

_is_for(policy, _) if audience(policy) != "named"

_is_for(policy, organization) if {
	some target in policy.specificAllowedTargets
	lower(target.connectedOrganizationId) == lower(organization.id)
}

# METADATA
# description: Who an internal sponsor of a connected organisation is - outsider, insider, or unknown.
sponsors(sponsor) := "outsider" if {
	is_external(sponsor)
} else := _decides[accounts.are("group", sponsor.id)] if {
	sponsor["@odata.type"] == "#microsoft.graph.group"
} else := _decides[accounts.are("user", sponsor.id)] if {
	is_string(sponsor.userPrincipalName)
} else := "unknown"

# METADATA
# description: |
#   Everybody who can approve in a stage, each of them alone: undefined when the snapshot does not tell.
#   https://learn.microsoft.com/en-us/entra/id-governance/entitlement-management-access-package-approval-policy
approvers(stage) := who if {
	stage.isEscalationEnabled == false
	who := array.concat(stage.primaryApprovers, stage.fallbackPrimaryApprovers)
} else := array.flatten([
	stage.primaryApprovers,
	stage.fallbackPrimaryApprovers,
	stage.escalationApprovers,
	stage.fallbackEscalationApprovers,
])

# METADATA
# description: |
#   After how many days access ends: never, a number (from the snapshot's time, where a date is set), or unknown.
#   https://learn.microsoft.com/en-us/graph/api/resources/expirationpattern
ends_after(expiration) := "never" if {
	lower(expiration.type) in {"noexpiration", "notspecified"}
} else := days if {
	lower(expiration.type) == "afterduration"
	days := duration.in_days(expiration.duration)
} else := days if {
	lower(expiration.type) == "afterdatetime"
	days := 0 - guest.age(time.parse_rfc3339_ns(expiration.endDateTime))
} else := "unknown"

# METADATA
# description: |
#   What becomes of guests who came by an access package and lost the last one: deleted after so many days, kept, or
#   unknown with the steps and the message that tell why.
#   https://learn.microsoft.com/en-us/graph/api/resources/entitlementmanagementsettings
leavers(settings) := {"kind": "kept", "action": action} if {
	action := object.get(settings, "externalUserLifecycleAction", null)
	action in {null, "none", "blockSignIn"}
} else := {"kind": "deleted", "days": days} if {
	settings.externalUserLifecycleAction == "blockSignInAndDelete"
	days := duration.days(settings.durationUntilExternalUserDeletedAfterBlocked)
} else := {"kind": "unknown", "steps": [_wait], "message": $"{_wait} is not a number of days such as P30D"} if {
	settings.externalUserLifecycleAction == "blockSignInAndDelete"
} else := {"kind": "unknown", "steps": ["externalUserLifecycleAction"], "message": message} if {
	action := settings.externalUserLifecycleAction
	message := $"externalUserLifecycleAction has the value {action}, which this version does not know"
}

_wait := "durationUntilExternalUserDeletedAfterBlocked"
