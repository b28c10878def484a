package imports

import "fmt"

// mapping says what a member of ScubaGear's export becomes in the snapshot.
type mapping struct {
	source string // where it goes: section and property of the snapshot
	from   string // the member of the export
	// products are the names, in lower case, that the product has in ScubaGear's arguments and in its lists of commands,
	// the present one first.
	products []string
	// commands are the commands that fill the member, this version's first. After a failure ScubaGear writes an empty
	// default in the member's place and the command's name in <product>_unsuccessful_commands.
	commands   []string
	permission string // would collect it without ScubaGear
	mayBeEmpty bool   // nothing is an answer, if the command is known to have run
	convert    func(c *conversion, items []any) (v any, problem string)
}

var (
	entraID       = []string{"aad"}
	sharePoint    = []string{"sharepoint"}
	teams         = []string{"teams"}
	exchange      = []string{"exo"}
	securitySuite = []string{"securitysuite", "defender"} // one product, renamed
	skuCommands   = []string{"Get-MgBetaSubscribedSku", "Get-MgSubscribedSku"}
)

const teamsReader = "Teams Reader (an Entra role)"

// mappings is checked against the export of ScubaGear 1.8.0; the other commands are those of its providers before and
// after: https://github.com/cisagov/ScubaGear/tree/main/PowerShell/ScubaGear/Modules/Providers
var mappings = []mapping{
	{
		source: "tenant.organization", from: "tenant_details", products: entraID,
		permission: "Organization.Read.All", convert: organization,
	},
	{
		source: "tenant.domains", from: "domain_settings", products: entraID,
		commands:   []string{"Get-MgBetaDomain", "Get-MgDomain"},
		permission: "Domain.Read.All", convert: each(graphObject(domainNames)),
	},
	{
		source: "licences.servicePlans", from: "service_plans", products: entraID,
		commands:   skuCommands,
		permission: "Organization.Read.All", convert: servicePlans,
	},
	{
		source: "licences.subscribedSkus", from: "license_information", products: entraID,
		commands:   skuCommands,
		permission: "Organization.Read.All", convert: each(graphObject(skuNames)),
	},
	{
		source: "entra.authorizationPolicy", from: "authorization_policies", products: entraID,
		commands:   []string{"Get-MgBetaPolicyAuthorizationPolicy", "Get-MgPolicyAuthorizationPolicy"},
		permission: "Policy.Read.All", convert: one(authorizationPolicy),
	},
	{
		source: "entra.authenticationMethodsPolicy", from: "authentication_method", products: entraID,
		commands:   []string{"Get-MgBetaPolicyAuthenticationMethodPolicy", "Get-MgPolicyAuthenticationMethodPolicy"},
		permission: "Policy.Read.All", convert: authenticationMethodsPolicy,
	},
	{
		// A tenant that never changed a setting of its groups has no object.
		source: "entra.groupSettings", from: "directory_settings", products: entraID, mayBeEmpty: true,
		commands:   []string{"Get-MgBetaDirectorySetting", "Get-MgDirectorySetting"},
		permission: "GroupSettings.Read.All", convert: each(groupSetting),
	},
	{
		source: "conditionalAccess.policies", from: "conditional_access_policies", products: entraID, mayBeEmpty: true,
		commands:   []string{"Get-MgBetaIdentityConditionalAccessPolicy", "Get-MgIdentityConditionalAccessPolicy"},
		permission: "Policy.Read.All", convert: each(conditionalAccessPolicy, "state", "conditions"),
	},
	{
		source: "sharePoint.tenant", from: "SPO_tenant", products: sharePoint,
		commands:   []string{"Get-SPOTenantRest", "Get-SPOTenant", "Get-PnPTenant"},
		permission: "Sites.FullControl.All", convert: one(verboseOData),
	},
	{
		source: "teams.tenantFederationConfiguration", from: "federation_configuration", products: teams,
		commands:   []string{"Get-CsTenantFederationConfiguration", "Get-TeamsTenantFederationConfigurationRest"},
		permission: teamsReader, convert: one(federation),
	},
	{
		source: "teams.clientConfiguration", from: "client_configuration", products: teams,
		commands:   []string{"Get-CsTeamsClientConfiguration", "Get-TeamsClientConfigurationRest"},
		permission: teamsReader, convert: one(cmdletObject),
	},
	{
		source: "teams.meetingPolicies", from: "meeting_policies", products: teams,
		commands:   []string{"Get-CsTeamsMeetingPolicy", "Get-TeamsMeetingPolicyRest"},
		permission: teamsReader, convert: each(cmdletObject),
	},
	{
		source: "exchange.sharingPolicies", from: "sharing_policy", products: exchange,
		commands: []string{"Get-SharingPolicy"}, convert: each(cmdletObject),
	},
	{
		source: "exchange.adminAuditLogConfig", from: "admin_audit_log_config", products: securitySuite,
		commands: []string{"Get-AdminAuditLogConfig"}, convert: one(cmdletObject),
	},
}

// neverExported is what ScubaGear has no command for, and the permission with which guestward would collect it.
var neverExported = []struct{ source, what, permission string }{
	{"entra.authenticationFlowsPolicy", "whether guests may sign themselves up", "Policy.Read.All"},
	{"entra.b2bManagementPolicy", "the domains to which invitations are limited", "Policy.Read.B2BManagementPolicy"},
	{"entra.identitySecurityDefaultsEnforcementPolicy", "whether the security defaults are on", "Policy.Read.All"},
	{"conditionalAccess.namedLocations", "named locations", "Policy.Read.All"},
	{"conditionalAccess.authenticationStrengthPolicies", "authentication strengths, other than inside the policies that use them", "Policy.Read.All"},
	{"conditionalAccess.authenticationContextClassReferences", "authentication contexts", "Policy.Read.ConditionalAccess"},
	{"crossTenantAccess.default", "cross-tenant access settings", "Policy.Read.All"},
	{"crossTenantAccess.partners", "cross-tenant access settings", "Policy.Read.All"},
	{"crossTenantSync.jobs", "cross-tenant synchronization", "Synchronization.Read.All"},
	{"sharePoint.settings", "what Graph knows of SharePoint", "SharePointTenantSettings.Read.All"},
	{"teams.externalAccessPolicies", "external access policies", teamsReader},
	{"governance.accessReviews.definitions", "access reviews", "AccessReview.Read.All"},
	{"governance.entitlementManagement.settings", "entitlement management", "EntitlementManagement.Read.All"},
	{"governance.lifecycleWorkflows.workflows", "lifecycle workflows", "LifecycleWorkflows-Workflow.Read.All"},
	{"governance.pim", "privileged identity management for guests", "RoleManagement.Read.Directory"},
	{"labels", "sensitivity labels", "SensitivityLabel.Read"},
	{"roles", "role assignments in a form that tells guests from members", "RoleManagement.Read.Directory"},
	{"applications", "which applications guests may use", "Application.Read.All"},
	{"audit", "audit logs", "AuditLog.Read.All"},
	{"guests", "guests", "User.Read.All"},
	{"guests.signInActivity", "when guests signed in", "AuditLog.Read.All"},
	{"guests.sponsors", "the sponsors of guests", "User.Read.All"},
	{"groups", "groups", "GroupMember.Read.All"},
	{"sites", "the sharing settings of sites", "Sites.FullControl.All"},
}

// one converts a member that holds a single object.
func one(convert func(c *conversion, v any) any) func(*conversion, []any) (any, string) {
	return func(c *conversion, items []any) (any, string) {
		if problem := single(items); problem != "" {
			return nil, problem
		}
		v := convert(c, items[0])
		if object, ok := v.(map[string]any); ok && isBlank(object) {
			return nil, "nothing in the object is known"
		}
		return v, ""
	}
}

// single says why items is not one object that says something.
func single(items []any) string {
	if len(items) != 1 {
		return fmt.Sprintf("one object is expected and %d are there; none was taken", len(items))
	}
	object, ok := items[0].(map[string]any)
	switch {
	case !ok:
		return "expected an object, found " + describe(items[0])
	case isBlank(object):
		return "the object is empty"
	}
	return ""
}

// each converts a member that holds a list of objects, which all have what is needed.
func each(convert func(c *conversion, v any) any, needed ...string) func(*conversion, []any) (any, string) {
	return func(c *conversion, items []any) (any, string) {
		out := make([]any, len(items))
		for i, item := range items {
			c.within(i, func() { out[i] = convert(c, item) })
			for _, name := range needed {
				if field(out[i], name) == nil {
					return nil, fmt.Sprintf("element %d: %s is missing or unusable", i, name)
				}
			}
		}
		return out, ""
	}
}
