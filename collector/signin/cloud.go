package signin

import (
	"fmt"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
)

// Cloud is one of the separate Microsoft clouds and the hosts by which it is reached.
type Cloud struct {
	Name string // what --cloud takes: global, usgov, dod or china

	Login                 string // where tokens come from, such as https://login.microsoftonline.us
	Graph                 string // Microsoft Graph without a version, such as https://graph.microsoft.us
	SharePointAdminSuffix string // what follows the tenant's name in its admin host, such as "-admin.sharepoint.us"

	// Teams is the undocumented administration interface that the Teams PowerShell module speaks to, and TeamsAudience
	// whom its tokens are for. Both are empty where the host is not known.
	Teams         string
	TeamsAudience string

	// FederationAudience is the `aud` that an assertion of another issuer (GitHub, GitLab, Kubernetes) must carry.
	FederationAudience string

	azure   cloud.Configuration
	aliases []string // other login hosts of the same cloud, accepted in AZURE_AUTHORITY_HOST
}

// Clouds are the clouds that can be collected from, the usual one first.
//
// Login and Graph: https://learn.microsoft.com/graph/deployments
//
// SharePoint: https://learn.microsoft.com/microsoft-365/enterprise/urls-and-ip-address-ranges,
// .../microsoft-365-u-s-government-gcc-high-endpoints, .../microsoft-365-u-s-government-dod-endpoints and
// .../urls-and-ip-address-ranges-21vianet. A DoD tenant may have an admin host under dps.mil instead; such a tenant
// gives its host itself.
//
// FederationAudience: https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity
var Clouds = []Cloud{
	{
		Name:                  "global", // includes GCC
		Login:                 "https://login.microsoftonline.com",
		Graph:                 "https://graph.microsoft.com",
		SharePointAdminSuffix: "-admin.sharepoint.com",
		// Not documented by Microsoft; the host is named in
		// https://learn.microsoft.com/microsoftteams/aa-cq-cqd-historical-reports, the audience in the Teams module.
		Teams:              "https://api.interfaces.records.teams.microsoft.com",
		TeamsAudience:      "48ac35b8-9aa8-4d74-927d-1f4a14a0b239",
		FederationAudience: "api://AzureADTokenExchange",
		azure:              cloud.AzurePublic,
		aliases:            []string{"login.microsoft.com", "login.windows.net", "sts.windows.net"},
	},
	{
		Name:                  "usgov", // GCC High
		Login:                 "https://login.microsoftonline.us",
		Graph:                 "https://graph.microsoft.us",
		SharePointAdminSuffix: "-admin.sharepoint.us",
		FederationAudience:    "api://AzureADTokenExchangeUSGov",
		azure:                 cloud.AzureGovernment,
		aliases:               []string{"login.usgovcloudapi.net"},
	},
	{
		Name:                  "dod",
		Login:                 "https://login.microsoftonline.us",
		Graph:                 "https://dod-graph.microsoft.us",
		SharePointAdminSuffix: "-admin.sharepoint-mil.us",
		FederationAudience:    "api://AzureADTokenExchangeUSGov",
		azure:                 cloud.AzureGovernment,
		aliases:               []string{"login.usgovcloudapi.net"},
	},
	{
		Name:                  "china", // operated by 21Vianet
		Login:                 "https://login.chinacloudapi.cn",
		Graph:                 "https://microsoftgraph.chinacloudapi.cn",
		SharePointAdminSuffix: "-admin.sharepoint.cn",
		FederationAudience:    "api://AzureADTokenExchangeChina",
		azure:                 cloud.AzureChina,
		aliases:               []string{"login.partner.microsoftonline.cn"},
	},
}

// CloudByName finds a cloud by the name that --cloud takes.
func CloudByName(name string) (Cloud, error) {
	names := make([]string, len(Clouds))
	for i, c := range Clouds {
		if c.Name == name {
			return c, nil
		}
		names[i] = c.Name
	}
	return Cloud{}, fmt.Errorf("unknown cloud %q: use one of %s", name, strings.Join(names, ", "))
}

// GraphScope is what to ask a token for Microsoft Graph for: everything that was consented to.
func (c Cloud) GraphScope() string { return c.Graph + "/.default" }

// TeamsScope is the scope of the Teams administration interface, "" where it is not known.
func (c Cloud) TeamsScope() string {
	if c.TeamsAudience == "" {
		return ""
	}
	return c.TeamsAudience + "/.default"
}

// checkAuthority refuses an AZURE_AUTHORITY_HOST that contradicts the cloud: of two wishes one would be ignored.
func (c Cloud) checkAuthority(authority string) error {
	if authority == "" {
		return nil
	}
	host := strings.TrimPrefix(strings.ToLower(authority), "https://")
	host, _, _ = strings.Cut(host, "/")
	for _, known := range append([]string{strings.TrimPrefix(c.Login, "https://")}, c.aliases...) {
		if host == known {
			return nil
		}
	}
	return fmt.Errorf("%s is %q, but the cloud %s signs in at %s: unset it, or choose its cloud with --cloud",
		envAuthorityHost, authority, c.Name, c.Login)
}
