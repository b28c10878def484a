package signin

import (
	"net/url"
	"strings"
	"testing"
)

func TestCloudByName(t *testing.T) {
	for _, test := range []struct{ name, login, graph, admin string }{
		{"global", "https://login.microsoftonline.com", "https://graph.microsoft.com", "-admin.sharepoint.com"},
		{"usgov", "https://login.microsoftonline.us", "https://graph.microsoft.us", "-admin.sharepoint.us"},
		{"dod", "https://login.microsoftonline.us", "https://dod-graph.microsoft.us", "-admin.sharepoint-mil.us"},
		{"china", "https://login.chinacloudapi.cn", "https://microsoftgraph.chinacloudapi.cn", "-admin.sharepoint.cn"},
	} {
		c, err := CloudByName(test.name)
		if err != nil || c.Name != test.name || c.Login != test.login || c.Graph != test.graph ||
			c.SharePointAdminSuffix != test.admin {
			t.Errorf("%s: %+v, %v", test.name, c, err)
		}
		if got, want := c.GraphScope(), test.graph+"/.default"; got != want {
			t.Errorf("%s: scope %q, want %q", test.name, got, want)
		}
	}
	for _, name := range []string{"", "Global", "germany"} {
		if _, err := CloudByName(name); err == nil || !strings.Contains(err.Error(), "global, usgov, dod, china") {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// Each cloud is whole: hosts are https addresses without a path, and azidentity signs in where Login says.
func TestCloudsAreWhole(t *testing.T) {
	for _, c := range Clouds {
		for _, address := range []string{c.Login, c.Graph, c.Teams} {
			u, err := url.Parse(address)
			if address != "" && (err != nil || u.Scheme != "https" || "https://"+u.Host != address) {
				t.Errorf("%s: %q is not the address of a host", c.Name, address)
			}
		}
		if strings.TrimSuffix(c.azure.ActiveDirectoryAuthorityHost, "/") != c.Login {
			t.Errorf("%s: azidentity would sign in at %s", c.Name, c.azure.ActiveDirectoryAuthorityHost)
		}
		if !strings.HasPrefix(c.SharePointAdminSuffix, "-admin.") || !strings.HasPrefix(c.FederationAudience, "api://") {
			t.Errorf("%s: %+v", c.Name, c)
		}
		if (c.Teams == "") != (c.TeamsScope() == "") {
			t.Errorf("%s: Teams host %q and scope %q", c.Name, c.Teams, c.TeamsScope())
		}
	}
	if got := Clouds[0].TeamsScope(); got != "48ac35b8-9aa8-4d74-927d-1f4a14a0b239/.default" {
		t.Errorf("Teams scope %q", got)
	}
}
