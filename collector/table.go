package collector

// The service plans that stand behind a licence error. Ids are in collector/snapshot/plans.go.
var (
	premium1 = []string{"AAD_PREMIUM", "AAD_PREMIUM_P2"}
	premium2 = []string{"AAD_PREMIUM_P2", "Entra_Identity_Governance"}
	govern   = []string{"Entra_Identity_Governance"}
)

// Clouds that lack something, by the schema that each publishes:
// https://graph.microsoft.us/v1.0/$metadata and https://microsoftgraph.chinacloudapi.cn/v1.0/$metadata
var (
	notUSGov  = []string{"usgov", "dod"}
	notChina  = []string{"china"}
	onlyWorld = []string{"usgov", "dod", "china"}
)

var (
	policyRead  = Need{"Policy.Read.All"}
	userRead    = Need{"User.Read.All", "Directory.Read.All"}
	groupRead   = Need{"GroupMember.Read.All", "Group.Read.All", "Directory.Read.All"}
	appRead     = Need{"Application.Read.All", "Directory.Read.All"}
	auditRead   = Need{"AuditLog.Read.All"}
	roleRead    = Need{"RoleManagement.Read.Directory"}
	reviewRead  = Need{"AccessReview.Read.All"}
	packageRead = Need{"EntitlementManagement.Read.All"}
	siteAdmin   = Need{"Sites.FullControl.All"}
	teamsReader = Need{"Teams Reader (an Entra role)"}
	exchangeApp = Need{"Exchange.ManageAsApp"}
	fabricAdmin = Need{"Fabric Administrator (an Entra role)"}
	azureReader = Need{"Security Administrator (an Entra role)"}
	devOpsUser  = Need{"Basic access (in Azure DevOps)"}
)

const (
	betaOnly   = "only the beta interface has it"
	teamsRoute = "the interface behind Teams PowerShell, which Microsoft does not document"
)

// Sources is everything that guestward can read, in the order in which it is told. Paths below a section are properties of
// it; guests, groups and sites are collections, whose rows below the first are read for every element.
//
// Permissions: the least of https://learn.microsoft.com/en-us/graph/permissions-reference that reads it, then others that
// the page of the method accepts.
var Sources = []Source{
	{Path: "tenant.organization", API: Graph, Needs: []Need{{"Organization.Read.All", "User.Read.All", "Directory.Read.All"}}, About: "the organisation: its id, name, domains and plans"},
	{Path: "tenant.domains", API: Graph, Needs: []Need{{"Domain.Read.All", "Directory.Read.All"}}, About: "domains and how their users sign in"},
	{Path: "licences.subscribedSkus", API: Graph, Needs: []Need{{"LicenseAssignment.Read.All", "Organization.Read.All", "Directory.Read.All"}}, About: "what the organisation has bought"},

	{Path: "entra.authorizationPolicy", API: Graph, Needs: []Need{policyRead}, About: "who may invite, and what guests see"},
	{Path: "entra.authenticationFlowsPolicy", API: Graph, Needs: []Need{policyRead}, Absent: notUSGov, About: "whether guests may sign themselves up"},
	{Path: "entra.authenticationMethodsPolicy", API: Graph, Needs: []Need{{"Policy.Read.All", "Policy.Read.AuthenticationMethod"}}, Absent: notChina, About: "ways to sign in, one-time codes by mail among them"},
	{Path: "entra.externalIdentitiesPolicy", API: Graph, Needs: []Need{policyRead}, Absent: onlyWorld, Unsupported: betaOnly, About: "whether guests may leave by themselves"},
	{Path: "entra.b2bManagementPolicy", API: Graph, Needs: []Need{{"Policy.Read.All", "Policy.Read.B2BManagementPolicy"}}, Absent: onlyWorld, Unsupported: betaOnly + ", in one documented and one undocumented place", About: "the domains to which invitations are limited"},
	{Path: "entra.identitySecurityDefaultsEnforcementPolicy", API: Graph, Needs: []Need{policyRead}, About: "whether the security defaults are on"},
	{Path: "entra.adminConsentRequestPolicy", API: Graph, Needs: []Need{{"Policy.Read.All", "Directory.Read.All"}}, About: "whether users may ask for consent to applications"},
	{Path: "entra.identityProviders", API: Graph, Needs: []Need{{"IdentityProvider.Read.All"}}, About: "identity providers of guests"},
	{Path: "entra.b2xUserFlows", API: Graph, Needs: []Need{{"IdentityUserFlow.Read.All"}}, Absent: notUSGov, About: "flows with which guests sign themselves up"},
	{Path: "entra.groupSettings", API: Graph, Needs: []Need{{"GroupSettings.Read.All", "Directory.Read.All"}}, About: "settings of all groups, guests in groups among them"},
	{Path: "entra.groupLifecyclePolicies", API: Graph, Needs: []Need{{"Directory.Read.All"}}, About: "when groups expire"},

	{Path: "conditionalAccess.policies", API: Graph, Needs: []Need{policyRead}, About: "Conditional Access policies"},
	{Path: "conditionalAccess.namedLocations", API: Graph, Needs: []Need{policyRead}, About: "named locations"},
	{Path: "conditionalAccess.authenticationStrengthPolicies", API: Graph, Needs: []Need{{"Policy.Read.All", "Policy.Read.AuthenticationMethod"}}, About: "authentication strengths"},
	{Path: "conditionalAccess.authenticationContextClassReferences", API: Graph, Needs: []Need{{"AuthenticationContext.Read.All", "Policy.Read.ConditionalAccess"}}, About: "authentication contexts"},
	{Path: "conditionalAccess.termsOfUse", API: Graph, Needs: []Need{{"Agreement.Read.All"}}, About: "terms of use, which only a signed-in person can read"},

	{Path: "crossTenantAccess.policy", API: Graph, Needs: []Need{policyRead}, About: "other Microsoft clouds that are let in"},
	{Path: "crossTenantAccess.default", API: Graph, Needs: []Need{policyRead}, About: "cross-tenant access for every organisation"},
	{Path: "crossTenantAccess.partners", API: Graph, Needs: []Need{policyRead}, About: "cross-tenant access for single organisations"},
	{Path: "crossTenantAccess.partnerNames", API: Graph, Needs: []Need{{"CrossTenantInformation.ReadBasic.All"}}, After: []string{"crossTenantAccess.partners"}, About: "names of partner tenants"},
	{Path: "crossTenantAccess.domainTenants", API: Graph, Needs: []Need{{"CrossTenantInformation.ReadBasic.All"}}, After: []string{"guests"}, About: "the tenants to which external users' domains belong"},
	{Path: "crossTenantAccess.partnerConfigurationTemplate", API: Graph, Needs: []Need{{"MultiTenantOrganization.Read.All"}}, Absent: onlyWorld, About: "cross-tenant access for members of the multitenant organization"},
	{Path: "crossTenantAccess.identitySynchronizationTemplate", API: Graph, Needs: []Need{{"MultiTenantOrganization.Read.All"}}, Absent: onlyWorld, About: "synchronization for members of the multitenant organization"},
	{Path: "crossTenantAccess.multiTenantOrganization", API: Graph, Needs: []Need{{"MultiTenantOrganization.Read.All"}}, Absent: onlyWorld, About: "the multitenant organization"},
	{Path: "crossTenantAccess.multiTenantOrganizationTenants", API: Graph, Needs: []Need{{"MultiTenantOrganization.Read.All"}}, Absent: onlyWorld, After: []string{"crossTenantAccess.multiTenantOrganization"}, About: "tenants of the multitenant organization"},

	{Path: "crossTenantSync.servicePrincipals", API: Graph, Needs: []Need{appRead}, About: "applications that synchronize users into other tenants"},
	{Path: "crossTenantSync.jobs", API: Graph, Needs: []Need{{"Synchronization.Read.All"}}, After: []string{"crossTenantSync.servicePrincipals"}, About: "their jobs, scopes and attribute mappings"},
	{Path: "crossTenantSync.assignments", API: Graph, Needs: []Need{appRead}, After: []string{"crossTenantSync.servicePrincipals"}, About: "who is synchronized"},

	{Path: "sharePoint.settings", API: Graph, Needs: []Need{{"SharePointTenantSettings.Read.All"}}, About: "what Graph knows of SharePoint's sharing"},
	{Path: "sharePoint.tenant", API: SharePoint, Needs: []Need{siteAdmin}, After: []string{"tenant.organization"}, About: "all sharing settings of SharePoint and OneDrive"},

	{Path: "teams.tenantFederationConfiguration", API: Teams, Needs: []Need{teamsReader}, Unsupported: teamsRoute, About: "which organisations Teams talks to"},
	{Path: "teams.clientConfiguration", API: Teams, Needs: []Need{teamsReader}, Unsupported: teamsRoute, About: "guests, storage and mail in Teams"},
	{Path: "teams.externalAccessPolicies", API: Teams, Needs: []Need{teamsReader}, Unsupported: teamsRoute, About: "external access policies"},
	{Path: "teams.meetingPolicies", API: Teams, Needs: []Need{teamsReader}, Unsupported: teamsRoute, About: "meeting policies"},
	{Path: "teams.guestMeetingConfiguration", API: Teams, Needs: []Need{teamsReader}, Unsupported: teamsRoute, About: "what guests may do in meetings"},
	{Path: "teams.guestCallingConfiguration", API: Teams, Needs: []Need{teamsReader}, Unsupported: teamsRoute, About: "whether guests may call"},
	{Path: "teams.guestMessagingConfiguration", API: Teams, Needs: []Need{teamsReader}, Unsupported: teamsRoute, About: "what guests may do in chats"},
	{Path: "teams.channelsPolicies", API: Teams, Needs: []Need{teamsReader}, Unsupported: teamsRoute, About: "shared channels"},

	{Path: "exchange.sharingPolicies", API: Exchange, Needs: []Need{exchangeApp}, About: "calendar sharing"},
	{Path: "exchange.adminAuditLogConfig", API: Exchange, Needs: []Need{exchangeApp}, About: "the unified audit log"},
	{Path: "exchange.unifiedAuditLogRetentionPolicies", API: Exchange, Needs: []Need{exchangeApp}, About: "how long the unified audit log is kept"},

	{Path: "azure.diagnosticSettings", API: Azure, Needs: []Need{azureReader}, About: "where Entra ID's logs are exported to"},
	{Path: "powerBI.tenantSettings", API: Fabric, Needs: []Need{fabricAdmin}, About: "tenant settings of Power BI and Fabric"},
	{Path: "azureDevOps.policies", API: DevOps, Needs: []Need{devOpsUser}, About: "whether Azure DevOps lets guests in"},

	{Path: "governance.accessReviews.definitions", API: Graph, Needs: []Need{reviewRead}, Licence: premium2, About: "access reviews"},
	{Path: "governance.accessReviews.instances", API: Graph, Needs: []Need{reviewRead}, Licence: premium2, After: []string{"governance.accessReviews.definitions"}, About: "when reviews took place"},
	{Path: "governance.accessReviews.decisions", API: Graph, Needs: []Need{reviewRead}, Licence: premium2, After: []string{"governance.accessReviews.instances"}, About: "what reviewers decided, counted"},
	{Path: "governance.entitlementManagement.settings", API: Graph, Needs: []Need{packageRead}, Licence: premium2, About: "what becomes of guests whose access packages ended"},
	{Path: "governance.entitlementManagement.catalogs", API: Graph, Needs: []Need{packageRead}, Licence: premium2, About: "catalogs of access packages"},
	{Path: "governance.entitlementManagement.accessPackages", API: Graph, Needs: []Need{packageRead}, Licence: premium2, About: "access packages"},
	{Path: "governance.entitlementManagement.assignmentPolicies", API: Graph, Needs: []Need{packageRead}, Licence: premium2, About: "who may request access packages, and for how long"},
	{Path: "governance.entitlementManagement.connectedOrganizations", API: Graph, Needs: []Need{packageRead}, Licence: premium2, About: "connected organisations"},
	{Path: "governance.entitlementManagement.assignments", API: Graph, Needs: []Need{packageRead}, Licence: premium2, About: "access packages that somebody holds"},
	{Path: "governance.lifecycleWorkflows.workflows", API: Graph, Needs: []Need{{"LifecycleWorkflows-Workflow.Read.All", "LifecycleWorkflows.Read.All"}}, Licence: govern, About: "lifecycle workflows"},
	{Path: "governance.pim.groupEligibility", API: Graph, Needs: []Need{{"PrivilegedEligibilitySchedule.Read.AzureADGroup"}}, Licence: premium2, After: []string{"groups"}, About: "who can activate membership or ownership of a group"},
	{Path: "governance.pim.groupAssignments", API: Graph, Needs: []Need{{"PrivilegedAssignmentSchedule.Read.AzureADGroup"}}, Licence: premium2, After: []string{"groups"}, About: "time-limited membership of role-assignable groups"},

	{Path: "labels.sensitivityLabels", API: Graph, Needs: []Need{{"SensitivityLabel.Read", "SensitivityLabels.Read.All"}}, Absent: onlyWorld, About: "sensitivity labels"},

	{Path: "roles.definitions", API: Graph, Needs: []Need{{"RoleManagement.Read.Directory", "RoleManagement.Read.All", "Directory.Read.All"}}, About: "directory roles"},
	{Path: "roles.assignments", API: Graph, Needs: []Need{{"RoleManagement.Read.Directory", "Directory.Read.All"}, userRead}, About: "who holds a directory role"},
	{Path: "roles.eligibility", API: Graph, Needs: []Need{{"RoleManagement.Read.Directory", "RoleEligibilitySchedule.Read.Directory", "RoleManagement.Read.All"}, userRead}, Licence: premium2, About: "who can activate a directory role"},
	{Path: "roles.schedule", API: Graph, Needs: []Need{{"RoleManagement.Read.Directory", "RoleAssignmentSchedule.Read.Directory", "RoleManagement.Read.All"}, userRead}, Licence: premium2, About: "how long directory roles are held"},
	{Path: "roles.policies", API: Graph, Needs: []Need{roleRead}, Licence: premium2, About: "what activating a directory role takes"},

	{Path: "applications.servicePrincipals", API: Graph, Needs: []Need{appRead}, About: "applications of the tenant"},
	{Path: "applications.assignments", API: Graph, Needs: []Need{appRead}, After: []string{"applications.servicePrincipals", "guests"}, About: "applications assigned to external users or to groups"},
	{Path: "applications.owners", API: Graph, Needs: []Need{appRead}, After: []string{"guests"}, About: "external users who own applications or service principals"},
	{Path: "applications.grants", API: Graph, Needs: []Need{{"Directory.Read.All"}}, After: []string{"guests"}, About: "what external users let applications do"},

	// The page of the method asks for Directory.Read.All besides, Microsoft's list of permissions does not: the list is followed.
	// https://learn.microsoft.com/en-us/graph/api/directoryaudit-list
	{Path: "audit.invitations", API: Graph, Needs: []Need{{"AuditLog.Read.All", "Directory.Read.All"}}, Absent: notChina, About: "who invited guests lately, counted"},
	{Path: "audit.guestSignIns", API: Graph, Needs: []Need{auditRead}, Licence: premium1, After: []string{"tenant.organization", "guests"}, About: "how external users signed in lately, counted"},

	{Path: "guests", API: Graph, Needs: []Need{userRead}, After: []string{"tenant.organization"}, About: "external users, external members among them"},
	{Path: "guests.sponsors", API: Graph, Needs: []Need{{"User.Read.All"}}, After: []string{"guests"}, About: "who answers for them"},
	{Path: "guests.signInActivity", API: Graph, Needs: []Need{auditRead, userRead}, Licence: premium1, After: []string{"guests"}, Late: true, About: "when they last signed in"},
	{Path: "guests.registration", API: Graph, Needs: []Need{auditRead}, Licence: premium1, After: []string{"guests"}, About: "second factors they registered here"},

	{Path: "groups", API: Graph, Needs: []Need{groupRead}, About: "groups"},
	{Path: "groups.externalMembers", API: Graph, Needs: []Need{groupRead, {"Member.Read.Hidden"}}, After: []string{"guests", "groups"}, About: "external users and groups in groups"},
	{Path: "groups.externalOwners", API: Graph, Needs: []Need{groupRead}, Within: "groups.externalMembers", About: "external users who own groups"},
	{Path: "groups.settings", API: Graph, Needs: []Need{{"GroupSettings.Read.All", "Group.Read.All", "Directory.Read.All"}}, After: []string{"groups", "groups.externalMembers"}, About: "whether single groups let guests in"},
	{Path: "groups.team", API: Graph, Needs: []Need{{"TeamSettings.Read.All", "Group.Read.All", "Directory.Read.All"}}, After: []string{"groups", "groups.externalMembers"}, About: "what guests may do in single teams"},
	{Path: "groups.channels", API: Graph, Needs: []Need{{"Channel.ReadBasic.All", "ChannelSettings.Read.All", "Group.Read.All", "Directory.Read.All"}, {"ChannelMember.Read.All"}}, After: []string{"groups"}, About: "shared channels and the outsiders in them"},

	{Path: "sites", API: SharePoint, Needs: []Need{siteAdmin}, After: []string{"tenant.organization"}, About: "sharing settings of single sites"},
}
