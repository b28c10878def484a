package imports

import (
	"fmt"
	"slices"
	"strings"

	"github.com/guestward/guestward/collector"
)

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
	mayBeEmpty bool // nothing is an answer, if the command is known to have run
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

// mappings is checked against the export of ScubaGear 1.8.0; the other commands are those of its providers before and
// after: https://github.com/cisagov/ScubaGear/tree/main/PowerShell/ScubaGear/Modules/Providers
var mappings = []mapping{
	{
		source: "tenant.organization", from: "tenant_details", products: entraID,
		convert: organization,
	},
	{
		source: "tenant.domains", from: "domain_settings", products: entraID,
		commands: []string{"Get-MgBetaDomain", "Get-MgDomain"},
		convert:  each(graphObject(domainNames)),
	},
	{
		source: "licences.servicePlans", from: "service_plans", products: entraID,
		commands: skuCommands,
		convert:  servicePlans,
	},
	{
		source: "licences.subscribedSkus", from: "license_information", products: entraID,
		commands: skuCommands,
		convert:  each(graphObject(skuNames)),
	},
	{
		source: "entra.authorizationPolicy", from: "authorization_policies", products: entraID,
		commands: []string{"Get-MgBetaPolicyAuthorizationPolicy", "Get-MgPolicyAuthorizationPolicy"},
		convert:  one(authorizationPolicy),
	},
	{
		source: "entra.authenticationMethodsPolicy", from: "authentication_method", products: entraID,
		commands: []string{"Get-MgBetaPolicyAuthenticationMethodPolicy", "Get-MgPolicyAuthenticationMethodPolicy"},
		convert:  authenticationMethodsPolicy,
	},
	{
		// A tenant that never changed a setting of its groups has no object.
		source: "entra.groupSettings", from: "directory_settings", products: entraID, mayBeEmpty: true,
		commands: []string{"Get-MgBetaDirectorySetting", "Get-MgDirectorySetting"},
		convert:  each(groupSetting),
	},
	{
		source: "conditionalAccess.policies", from: "conditional_access_policies", products: entraID, mayBeEmpty: true,
		commands: []string{"Get-MgBetaIdentityConditionalAccessPolicy", "Get-MgIdentityConditionalAccessPolicy"},
		convert:  each(conditionalAccessPolicy, "state", "conditions"),
	},
	{
		source: "sharePoint.tenant", from: "SPO_tenant", products: sharePoint,
		commands: []string{"Get-SPOTenantRest", "Get-SPOTenant", "Get-PnPTenant"},
		convert:  one(verboseOData),
	},
	{
		source: "teams.tenantFederationConfiguration", from: "federation_configuration", products: teams,
		commands: []string{"Get-CsTenantFederationConfiguration", "Get-TeamsTenantFederationConfigurationRest"},
		convert:  one(federation),
	},
	{
		source: "teams.clientConfiguration", from: "client_configuration", products: teams,
		commands: []string{"Get-CsTeamsClientConfiguration", "Get-TeamsClientConfigurationRest"},
		convert:  one(cmdletObject),
	},
	{
		source: "teams.meetingPolicies", from: "meeting_policies", products: teams,
		commands: []string{"Get-CsTeamsMeetingPolicy", "Get-TeamsMeetingPolicyRest"},
		convert:  each(cmdletObject),
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

// permissionFor is the permission with which guestward would collect what goes to the path: the table of the collector
// says so.
func permissionFor(path string) string {
	if strings.HasPrefix(path, "licences.") {
		path = "licences.subscribedSkus"
	}
	if s := collector.SourceAt(path); s != nil {
		return s.Permission()
	}
	return ""
}

// others lists what the collector can read and the table above does not name.
func others() []*collector.Source {
	return slices.DeleteFunc(collector.All(), func(s *collector.Source) bool {
		return slices.ContainsFunc(mappings, func(m mapping) bool { return m.source == s.Path })
	})
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
