package imports

import (
	"fmt"
	"slices"
	"strings"

	"github.com/guestward/guestward/collector/snapshot"
)

// exportsFormat is a folder or file of what administrators export by hand: .github/EXPORTS.md says how.
var exportsFormat = &format{
	name: "the export", tool: "administrator's export", collector: "administrators' exports", unit: "command",
	folder: "if one file holds them all, name that",
	timely: `put them into one file with a member "collectedAt"`,
	absent: "the export lacks %s: .github/EXPORTS.md has its command; then guestward import exports",
	rest:   "no administrator's export holds it; collect with guestward",
	list:   slices.Concat(adminOutputs, teamsCmdlets),
	remedies: remedies{
		broken: "run the command again and copy its file unchanged",
		deep:   "no command of .github/EXPORTS.md writes such",
	},
}

// adminOutputs are the commands of .github/EXPORTS.md that are not Teams'.
var adminOutputs = []output{
	{
		// The diagnostic settings of Entra ID, of which there may be none. Their properties:
		// https://learn.microsoft.com/en-us/azure/templates/microsoft.aadiam/diagnosticsettings
		name: "diagnosticSettings", source: "azure.diagnosticSettings", convert: diagnosticSetting, list: true,
		tells: []string{"properties"}, within: []string{"value"}, mayBeEmpty: true,
	},
	{
		// https://learn.microsoft.com/en-us/powershell/module/exchangepowershell/get-adminauditlogconfig
		name: "Get-AdminAuditLogConfig", source: "exchange.adminAuditLogConfig", convert: cmdletObject,
		tells: []string{"UnifiedAuditLogIngestionEnabled"},
	},
	{
		// https://learn.microsoft.com/en-us/powershell/module/exchangepowershell/get-sharingpolicy
		name: "Get-SharingPolicy", source: "exchange.sharingPolicies", convert: cmdletObject, list: true,
		tells: []string{"Domains"},
	},
	{
		// https://learn.microsoft.com/en-us/powershell/module/exchangepowershell/get-unifiedauditlogretentionpolicy
		name: "Get-UnifiedAuditLogRetentionPolicy", source: "exchange.unifiedAuditLogRetentionPolicies", convert: cmdletObject,
		list: true, tells: []string{"RetentionDuration"}, mayBeEmpty: true,
	},
	{
		// The page has the answer's list under both names.
		// https://learn.microsoft.com/en-us/rest/api/fabric/admin/tenants/list-tenant-settings
		name: "tenantSettings", source: "powerBI.tenantSettings", convert: restObject, list: true,
		tells: []string{"settingName"}, within: []string{"tenantSettings", "value"},
	},
	{
		name: "azureDevOpsPolicies", source: "azureDevOps.policies", convert: guestPolicy, list: true,
		tells: []string{"organization"},
	},
}

// Exports reads what administrators exported: a folder with one file for each command, one file with a member for each,
// or one such file. Those of Teams PowerShell may be among them.
func Exports(name string) (*Export, error) { return readExport(name, exportsFormat) }

// ExportsDocument makes a snapshot of what Exports reads. Everything else is a gap.
func ExportsDocument(name string) (doc snapshot.Document, warnings []string, err error) {
	return exportDocument(name, exportsFormat)
}

// ExportPaths lists the paths of the snapshot that Exports fills.
func ExportPaths() []string {
	var paths []string
	for _, m := range exportsFormat.list {
		paths = append(paths, m.source)
	}
	return paths
}

// restObject is an object of a service's answer, under its own names.
func restObject(c *conversion, v any) any {
	return c.walk(v, func(_ map[string]any, name string, v any) (string, any) { return name, v })
}

// diagnosticSetting is a diagnostic setting by its name, with its properties beside it.
func diagnosticSetting(c *conversion, v any) any {
	made := map[string]any{"name": field(v, "name")}
	properties, ok := field(v, "properties").(map[string]any)
	if !ok {
		return made
	}
	for name, value := range restObject(c, properties).(map[string]any) {
		if name != "name" {
			made[name] = value
		}
	}
	return made
}

// guestAccess is the policy of an organisation in Azure DevOps that bars guests. Its page shows the opposite: "External
// guest access" is on where the policy is off.
const guestAccess = "Policy.DisallowAadGuestUserAccess"

// guestPolicy is that policy out of an organisation's, which stand by themselves or in the page's {"policy": ...}.
func guestPolicy(c *conversion, v any) any {
	organization := text(field(v, "organization"))
	if organization == "" {
		return map[string]any{}
	}
	made := map[string]any{"id": fmt.Sprintf("%s/%s", organization, guestAccess), "organization": organization, "name": guestAccess}
	found := 0
	for _, policy := range list(field(v, "policies")) {
		if inner, ok := field(policy, "policy").(map[string]any); ok {
			policy = inner
		}
		if !strings.EqualFold(text(field(policy, "name")), guestAccess) {
			continue
		}
		found++
		for _, name := range []string{"value", "effectiveValue", "isValueUndefined"} {
			if value := field(policy, name); value != nil {
				made[name] = value
			}
		}
	}
	if found != 1 {
		delete(made, "effectiveValue")
		c.within("effectiveValue", func() { c.lost(fmt.Sprintf("%d policies named %s are there, not one", found, guestAccess)) })
	}
	return made
}
