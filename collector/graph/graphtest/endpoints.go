package graphtest

import (
	"regexp"
	"strings"
)

type kind int

const (
	one     kind = iota // an object
	list                // a list in pages
	item                // an element of a list
	related             // directory objects that an element is related to
	count               // the number of elements, as text
	delta               // a delta query
	byIDs               // objects of the directory, by id
	action              // what is answered elsewhere
)

// endpoint is a path of Graph and what it understands.
type endpoint struct {
	path string // {} stands for an id
	typ  string
	kind kind
	// accepts are the permissions of which one is needed; nil means that no application may read it.
	accepts []string
	// licence is the error that a tenant without the licence gets.
	licence *licence
	// page is how many elements a page has, most how many $top may ask for. Without most, $top is not understood.
	page, most int
	options    string // other query options that are understood
	expands    string // navigation properties that may be expanded
	inline     string // navigation properties that are always there
	needs      string // properties of which one must be filtered by
	directory  bool   // objects of the directory, where advanced queries exist
	delegated  string // the permission of a signed-in user, where applications have none
}

// licence is what a path needs of the tenant, and what it says without.
type licence struct {
	plans  []string
	status int
	code   string
	text   string
}

// https://learn.microsoft.com/en-us/entra/id-governance/licensing-fundamentals
var (
	needsPremium  = &licence{[]string{premium1, premium2}, 403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant", "Neither tenant is B2C or tenant doesn't have premium license"}
	needsPIM      = &licence{[]string{premium2, governance}, 400, "AadPremiumLicenseRequired", "The tenant needs to have Microsoft Entra ID P2 or Microsoft Entra ID Governance license."}
	needsPackages = &licence{[]string{premium2, governance}, 403, "NoLicense", "User is not authorized to perform the operation. Reason: Tenant does not meet license requirement!"}
	needsReviews  = &licence{[]string{premium2, governance}, 403, "UnknownError", ""}
	needsWorkflow = &licence{[]string{governance}, 403, "UnknownError", ""}
)

func perm(names string) []string { return strings.Fields(names) }

var (
	policyAll = perm("Policy.Read.All")
	methods   = perm("Policy.Read.AuthenticationMethod Policy.Read.All")
	mto       = perm("MultiTenantOrganization.Read.All")
	apps      = perm("Application.Read.All Directory.Read.All")
	syncs     = perm("Synchronization.Read.All")
	usersRead = perm("User.Read.All Directory.Read.All User.ReadBasic.All")
	groupRead = perm("GroupMember.Read.All Directory.Read.All Group.Read.All Group.ReadBasic.All")
	members   = perm("GroupMember.Read.All Directory.Read.All Group.Read.All Group.ReadBasic.All GroupMember.ReadBasic.All")
	owners    = perm("GroupMember.Read.All Directory.Read.All Group.Read.All")
	settings  = perm("GroupSettings.Read.All Directory.Read.All Group.Read.All")
	directory = perm("Directory.Read.All")
	channels  = perm("Channel.ReadBasic.All ChannelSettings.Read.All")
	reviews   = perm("AccessReview.Read.All")
	packages  = perm("EntitlementManagement.Read.All")
	workflows = perm("LifecycleWorkflows-Workflow.Read.All LifecycleWorkflows.Read.All LifecycleWorkflows-Workflow.ReadBasic.All")
	audit     = perm("AuditLog.Read.All")
)

// domainLookup takes a name in ASCII: https://graph.microsoft.com/v1.0/$metadata has Unicode="false".
const domainLookup = "/tenantRelationships/findTenantInformationByDomainName(domainName='{}')"

// domainPath is where the tenant of a domain is asked for.
func domainPath(domain string) string { return strings.Replace(domainLookup, "{}", domain, 1) }

// isDomain says whether text can be the name of a domain: https://www.rfc-editor.org/rfc/rfc1035#section-2.3.1
var isDomain = regexp.MustCompile(`^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$`).MatchString

// endpoints are everything that Graph serves here. Permissions are the least and the others that are accepted, without
// those that write: https://learn.microsoft.com/en-us/graph/permissions-reference
//
// Page sizes are documented for users, groups, access reviews and logs; the others are the service's usual ones.
var endpoints = []endpoint{
	{path: "/organization", typ: "organization", kind: list, accepts: perm("Organization.Read.All User.Read.All Directory.Read.All"), options: "select"},
	{path: "/subscribedSkus", typ: "subscribedSku", kind: list, accepts: perm("LicenseAssignment.Read.All Organization.Read.All Directory.Read.All"), options: "select"},
	{path: "/domains", typ: "domain", kind: list, accepts: perm("Domain.Read.All Directory.Read.All"), page: 100, most: 999, options: "select"},

	{path: "/policies/authorizationPolicy", typ: "authorizationPolicy", accepts: policyAll, options: "select"},
	{path: "/policies/authenticationFlowsPolicy", typ: "authenticationFlowsPolicy", accepts: policyAll, options: "select"},
	{path: "/policies/authenticationMethodsPolicy", typ: "authenticationMethodsPolicy", accepts: methods, inline: "authenticationMethodConfigurations"},
	{path: "/policies/adminConsentRequestPolicy", typ: "adminConsentRequestPolicy", accepts: perm("Policy.Read.All Directory.Read.All")},
	{path: "/policies/identitySecurityDefaultsEnforcementPolicy", typ: "identitySecurityDefaultsEnforcementPolicy", accepts: policyAll, options: "select"},
	{path: "/beta/policies/externalIdentitiesPolicy", typ: "beta.externalIdentitiesPolicy", accepts: policyAll},
	{path: "/beta/policies/b2bManagementPolicies", typ: "beta.b2bManagementPolicy", kind: list, accepts: perm("Policy.Read.B2BManagementPolicy")},
	{path: "/beta/legacy/policies", typ: "beta.legacyPolicy", kind: list, accepts: policyAll},
	{path: "/identity/b2xUserFlows", typ: "b2xIdentityUserFlow", kind: list, accepts: perm("IdentityUserFlow.Read.All"), page: 100, options: "select expand", expands: "identityProviders userFlowIdentityProviders"},
	{path: "/identity/identityProviders", typ: "identityProviderBase", kind: list, accepts: perm("IdentityProvider.Read.All"), page: 100, options: "select"},
	{path: "/directory/federationConfigurations/microsoft.graph.samlOrWsFedExternalDomainFederation", typ: "samlOrWsFedExternalDomainFederation", kind: list, accepts: perm("IdentityProvider.Read.All"), page: 100, options: "select expand", expands: "domains"},

	{path: "/identity/conditionalAccess/policies", typ: "conditionalAccessPolicy", kind: list, accepts: policyAll, page: 100, most: 100, options: "select filter"},
	{path: "/identity/conditionalAccess/namedLocations", typ: "namedLocation", kind: list, accepts: policyAll, page: 100, most: 100, options: "select filter"},
	{path: "/identity/conditionalAccess/authenticationContextClassReferences", typ: "authenticationContextClassReference", kind: list, accepts: perm("AuthenticationContext.Read.All Policy.Read.ConditionalAccess"), page: 100, options: "select"},
	{path: "/policies/authenticationStrengthPolicies", typ: "authenticationStrengthPolicy", kind: list, accepts: methods, page: 10, options: "select expand", expands: "combinationConfigurations"},
	{path: "/identityGovernance/termsOfUse/agreements", typ: "agreement", kind: list, delegated: "Agreement.Read.All", page: 100, options: "select"},

	{path: "/policies/crossTenantAccessPolicy", typ: "crossTenantAccessPolicy", accepts: policyAll, options: "select"},
	{path: "/policies/crossTenantAccessPolicy/default", typ: "crossTenantAccessPolicyConfigurationDefault", accepts: policyAll, options: "select"},
	{path: "/policies/crossTenantAccessPolicy/partners", typ: "crossTenantAccessPolicyConfigurationPartner", kind: list, accepts: policyAll, page: 100, options: "select expand", expands: "identitySynchronization"},
	{path: "/policies/crossTenantAccessPolicy/partners/{}/identitySynchronization", typ: "crossTenantIdentitySyncPolicyPartner", accepts: policyAll},
	{path: "/policies/crossTenantAccessPolicy/templates/multiTenantOrganizationPartnerConfiguration", typ: "multiTenantOrganizationPartnerConfigurationTemplate", accepts: mto},
	{path: "/policies/crossTenantAccessPolicy/templates/multiTenantOrganizationIdentitySynchronization", typ: "multiTenantOrganizationIdentitySyncPolicyTemplate", accepts: mto},
	{path: "/tenantRelationships/multiTenantOrganization", typ: "multiTenantOrganization", accepts: mto},
	{path: "/tenantRelationships/multiTenantOrganization/tenants", typ: "multiTenantOrganizationMember", kind: list, accepts: mto, page: 100, options: "select"},
	{path: "/tenantRelationships/findTenantInformationByTenantId(tenantId='{}')", typ: "tenantInformation", accepts: perm("CrossTenantInformation.ReadBasic.All")},
	{path: domainLookup, typ: "tenantInformation", accepts: perm("CrossTenantInformation.ReadBasic.All")},
	{path: "/tenantRelationships/delegatedAdminRelationships", typ: "delegatedAdminRelationship", kind: list, accepts: perm("DelegatedAdminRelationship.Read.All"), page: 100, most: 300, options: "select filter"},

	{path: "/applications", typ: "application", kind: list, accepts: apps, page: 100, most: 999, options: "select filter expand count", expands: "owners", directory: true},
	{path: "/applications/{}/owners", typ: "directoryObject", kind: related, accepts: apps, page: 100, most: 999, options: "select", directory: true},
	{path: "/servicePrincipals", typ: "servicePrincipal", kind: list, accepts: apps, page: 100, most: 999, options: "select filter expand count", expands: "owners", directory: true},
	{path: "/servicePrincipals/{}", typ: "servicePrincipal", kind: item, accepts: apps, options: "select"},
	{path: "/servicePrincipals/{}/owners", typ: "directoryObject", kind: related, accepts: apps, page: 100, most: 999, options: "select", directory: true},
	{path: "/servicePrincipals/{}/synchronization/jobs", typ: "synchronizationJob", kind: list, accepts: syncs, page: 100},
	{path: "/servicePrincipals/{}/synchronization/jobs/{}", typ: "synchronizationJob", kind: item, accepts: syncs},
	{path: "/servicePrincipals/{}/synchronization/jobs/{}/schema", typ: "synchronizationSchema", accepts: syncs, inline: "directories"},
	{path: "/servicePrincipals/{}/appRoleAssignedTo", typ: "appRoleAssignment", kind: list, accepts: apps, page: 100, most: 999, options: "select"},
	{path: "/oauth2PermissionGrants", typ: "oAuth2PermissionGrant", kind: list, accepts: directory, page: 100, most: 999, options: "select filter"},

	{path: "/users", typ: "user", kind: list, accepts: usersRead, page: 100, most: 999, options: "select filter expand count", expands: "sponsors manager", directory: true},
	{path: "/users/$count", typ: "user", kind: count, accepts: usersRead, options: "filter", directory: true},
	{path: "/users/{}", typ: "user", kind: item, accepts: usersRead, options: "select expand", expands: "sponsors manager"},
	{path: "/users/{}/sponsors", typ: "directoryObject", kind: related, accepts: perm("User.Read.All"), page: 100, most: 999, options: "select", directory: true},
	{path: "/directoryObjects/getByIds", typ: "directoryObject", kind: byIDs, accepts: perm("Directory.Read.All User.Read.All GroupMember.Read.All Application.Read.All"), options: "select"},

	{path: "/groups", typ: "group", kind: list, accepts: groupRead, page: 100, most: 999, options: "select filter expand count", expands: "owners members", directory: true},
	{path: "/groups/$count", typ: "group", kind: count, accepts: groupRead, options: "filter", directory: true},
	{path: "/groups/delta", typ: "group", kind: delta, accepts: groupRead, page: 200, most: 999, options: "select"},
	{path: "/groups/{}", typ: "group", kind: item, accepts: groupRead, options: "select expand", expands: "owners"},
	{path: "/groups/{}/owners", typ: "directoryObject", kind: related, accepts: owners, page: 100, most: 999, options: "select filter count", directory: true},
	{path: "/groups/{}/members", typ: "directoryObject", kind: related, accepts: members, page: 100, most: 999, options: "select filter count", directory: true},
	{path: "/groups/{}/members/microsoft.graph.user", typ: "user", kind: related, accepts: members, page: 100, most: 999, options: "select filter count", directory: true},
	{path: "/groups/{}/transitiveMembers", typ: "directoryObject", kind: related, accepts: members, page: 100, most: 999, options: "select filter count", directory: true},
	{path: "/groups/{}/transitiveMembers/microsoft.graph.user", typ: "user", kind: related, accepts: members, page: 100, most: 999, options: "select filter count", directory: true},
	{path: "/groups/{}/settings", typ: "groupSetting", kind: list, accepts: settings},
	{path: "/groupSettings", typ: "groupSetting", kind: list, accepts: settings, page: 100, options: "select"},
	{path: "/groupLifecyclePolicies", typ: "groupLifecyclePolicy", kind: list, accepts: directory, page: 100, options: "select"},
	{path: "/teams/{}", typ: "team", accepts: perm("TeamSettings.Read.All Team.ReadBasic.All Group.Read.All Directory.Read.All"), options: "select"},
	{path: "/teams/{}/allChannels", typ: "channel", kind: list, accepts: channels, options: "select filter"},
	{path: "/teams/{}/channels", typ: "channel", kind: list, accepts: append(perm("Group.Read.All Directory.Read.All"), channels...), options: "select filter"},
	{path: "/teams/{}/channels/{}/allMembers", typ: "conversationMember", kind: list, accepts: perm("ChannelMember.Read.All"), page: 100, most: 999, options: "filter select"},
	{path: "/teams/{}/channels/{}/sharedWithTeams", typ: "sharedWithChannelTeamInfo", kind: list, accepts: perm("ChannelMember.Read.All"), page: 100, options: "select"},

	{path: "/security/dataSecurityAndGovernance/sensitivityLabels", typ: "sensitivityLabel", kind: list, accepts: perm("SensitivityLabel.Read SensitivityLabels.Read.All"), page: 100, options: "select expand", expands: "sublabels"},
	{path: "/beta/security/dataSecurityAndGovernance/sensitivityLabels", typ: "beta.sensitivityLabel", kind: list, accepts: perm("SensitivityLabel.Read SensitivityLabels.Read.All"), page: 100, options: "select expand", expands: "sublabels"},
	{path: "/beta/security/informationProtection/sensitivityLabels", typ: "beta.informationProtectionLabel", kind: list, accepts: perm("InformationProtectionPolicy.Read.All"), page: 100},
	{path: "/admin/sharepoint/settings", typ: "sharepointSettings", accepts: perm("SharePointTenantSettings.Read.All"), options: "select"},
	{path: "/admin/reportSettings", typ: "adminReportSettings", accepts: perm("ReportSettings.Read.All")},

	{path: "/identityGovernance/accessReviews/definitions", typ: "accessReviewScheduleDefinition", kind: list, accepts: reviews, licence: needsReviews, page: 100, most: 100, options: "select filter skip"},
	{path: "/identityGovernance/accessReviews/definitions/{}/instances", typ: "accessReviewInstance", kind: list, accepts: reviews, licence: needsReviews, page: 100, most: 100, options: "select filter skip"},
	{path: "/identityGovernance/accessReviews/definitions/{}/instances/{}/decisions", typ: "accessReviewInstanceDecisionItem", kind: list, accepts: reviews, licence: needsReviews, page: 100, most: 100, options: "select filter skip"},
	{path: "/identityGovernance/entitlementManagement/settings", typ: "entitlementManagementSettings", accepts: packages, licence: needsPackages},
	{path: "/identityGovernance/entitlementManagement/accessPackages", typ: "accessPackage", kind: list, accepts: packages, licence: needsPackages, page: 100, most: 999, options: "select filter expand", expands: "catalog assignmentPolicies"},
	{path: "/identityGovernance/entitlementManagement/assignmentPolicies", typ: "accessPackageAssignmentPolicy", kind: list, accepts: packages, licence: needsPackages, page: 100, most: 999, options: "select filter expand", expands: "accessPackage catalog"},
	{path: "/identityGovernance/entitlementManagement/catalogs", typ: "accessPackageCatalog", kind: list, accepts: packages, licence: needsPackages, page: 100, most: 999, options: "select filter"},
	{path: "/identityGovernance/entitlementManagement/connectedOrganizations", typ: "connectedOrganization", kind: list, accepts: packages, licence: needsPackages, page: 100, most: 999, options: "select filter expand", expands: "internalSponsors externalSponsors"},
	{path: "/identityGovernance/entitlementManagement/assignments", typ: "accessPackageAssignment", kind: list, accepts: packages, licence: needsPackages, page: 100, most: 999, options: "select filter expand", expands: "target accessPackage assignmentPolicy"},
	{path: "/identityGovernance/lifecycleWorkflows/workflows", typ: "workflow", kind: list, accepts: workflows, licence: needsWorkflow, page: 100, most: 100, options: "select filter"},
	{path: "/identityGovernance/lifecycleWorkflows/workflows/{}", typ: "workflow", kind: item, accepts: workflows, licence: needsWorkflow, options: "select expand", expands: "tasks", inline: "tasks"},

	{path: "/roleManagement/directory/roleDefinitions", typ: "unifiedRoleDefinition", kind: list, accepts: perm("RoleManagement.Read.Directory RoleManagement.Read.All Directory.Read.All"), page: 999, most: 999, options: "select filter"},
	{path: "/roleManagement/directory/roleAssignments", typ: "unifiedRoleAssignment", kind: list, accepts: perm("RoleManagement.Read.Directory Directory.Read.All"), page: 100, most: 999, options: "select filter expand", expands: "principal roleDefinition"},
	{path: "/roleManagement/directory/roleEligibilityScheduleInstances", typ: "unifiedRoleEligibilityScheduleInstance", kind: list, accepts: perm("RoleEligibilitySchedule.Read.Directory RoleManagement.Read.Directory RoleManagement.Read.All"), licence: needsPIM, page: 100, most: 999, options: "select filter expand", expands: "principal roleDefinition"},
	{path: "/roleManagement/directory/roleAssignmentScheduleInstances", typ: "unifiedRoleAssignmentScheduleInstance", kind: list, accepts: perm("RoleAssignmentSchedule.Read.Directory RoleManagement.Read.Directory RoleManagement.Read.All"), licence: needsPIM, page: 100, most: 999, options: "select filter expand", expands: "principal roleDefinition activatedUsing"},
	{path: "/policies/roleManagementPolicyAssignments", typ: "unifiedRoleManagementPolicyAssignment", kind: list, accepts: perm("RoleManagement.Read.All RoleManagement.Read.Directory"), licence: needsPIM, page: 100, options: "select filter expand", expands: "policy", needs: "scopeId"},
	{path: "/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances", typ: "privilegedAccessGroupEligibilityScheduleInstance", kind: list, accepts: perm("PrivilegedEligibilitySchedule.Read.AzureADGroup"), licence: needsPIM, page: 100, most: 999, options: "select filter expand", expands: "principal group", needs: "groupId principalId"},
	{path: "/identityGovernance/privilegedAccess/group/assignmentScheduleInstances", typ: "privilegedAccessGroupAssignmentScheduleInstance", kind: list, accepts: perm("PrivilegedAssignmentSchedule.Read.AzureADGroup"), licence: needsPIM, page: 100, most: 999, options: "select filter expand", expands: "principal group", needs: "groupId principalId"},

	{path: "/reports/authenticationMethods/userRegistrationDetails", typ: "userRegistrationDetails", kind: list, accepts: audit, licence: needsPremium, page: 100, most: 999, options: "select filter"},
	{path: "/auditLogs/directoryAudits", typ: "directoryAudit", kind: list, accepts: perm("AuditLog.Read.All Directory.Read.All"), page: 1000, most: 1000, options: "select filter orderby"},
	{path: "/auditLogs/signIns", typ: "signIn", kind: list, accepts: audit, licence: needsPremium, page: 1000, most: 1000, options: "select filter orderby"},
	{path: "/auditLogs/provisioning", typ: "provisioningObjectSummary", kind: list, accepts: perm("ProvisioningLog.Read.All AuditLog.Read.All Directory.Read.All"), page: 1000, most: 1000, options: "select filter orderby"},

	{path: "/$batch", kind: action},
}

// activityPage is the most that $top may ask for where signInActivity is selected.
// https://learn.microsoft.com/en-us/graph/api/user-list#optional-query-parameters
const activityPage = 500

// sitesPermission and teamsRoles open SharePoint's tenant administration and the interface behind Teams PowerShell. Roles
// of the directory are told in the token like permissions, for the sake of the tests.
const sitesPermission = "Sites.FullControl.All"

var teamsRoles = []string{"Teams Reader (an Entra role)", "Global Reader (an Entra role)"}

// basicUser is what who may read only basic profiles sees of a user.
// https://learn.microsoft.com/en-us/graph/permissions-reference#userreadbasicall
var basicUser = []string{"id", "displayName", "givenName", "surname", "mail", "userPrincipalName", "photo"}

// defaultUser is what a user shows without $select.
// https://learn.microsoft.com/en-us/graph/api/user-list#response
var defaultUser = []string{
	"businessPhones", "displayName", "givenName", "jobTitle", "mail", "mobilePhone", "officeLocation", "preferredLanguage", "surname",
	"userPrincipalName", "id",
}

// Permissions are all that some endpoint accepts, roles for Teams included.
func Permissions() []string {
	seen := map[string]bool{}
	var all []string
	for _, e := range endpoints {
		for _, name := range e.accepts {
			if !seen[name] {
				seen[name] = true
				all = append(all, name)
			}
		}
	}
	return append(all, "Member.Read.Hidden", sitesPermission, teamsRoles[0])
}

// router finds endpoints by path: first by the number of parts.
var router = func() map[int][]*endpoint {
	m := map[int][]*endpoint{}
	for i := range endpoints {
		n := strings.Count(endpoints[i].path, "/")
		m[n] = append(m[n], &endpoints[i])
	}
	return m
}()

func route(path string) *endpoint {
	switch path {
	case "/groups/delta()", "/groups/microsoft.graph.delta()", "/groups/microsoft.graph.delta":
		path = "/groups/delta"
	case "/directoryObjects/microsoft.graph.getByIds":
		path = "/directoryObjects/getByIds"
	}
	path = strings.ReplaceAll(path, "/graph.user", "/microsoft.graph.user")
	path = strings.ReplaceAll(path, "/graph.samlOrWsFed", "/microsoft.graph.samlOrWsFed")
	for _, e := range router[strings.Count(path, "/")] {
		if pathMatches(e.path, path) && (e.kind != item || looksLikeID(path)) {
			return e
		}
	}
	return nil
}

func pathMatches(pattern, path string) bool {
	for pattern != "" {
		before, after, hole := strings.Cut(pattern, "{}")
		if !strings.HasPrefix(path, before) {
			return false
		}
		path = path[len(before):]
		if !hole {
			return path == ""
		}
		end := strings.IndexAny(path, "/'")
		if end < 0 {
			end = len(path)
		}
		if end == 0 {
			return false
		}
		path, pattern = path[end:], after
	}
	return path == ""
}
