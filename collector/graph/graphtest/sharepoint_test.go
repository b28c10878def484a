package graphtest

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"strings"
	"testing"
)

// sitesQuery is a request for sites, as PnP's command line sends it.
func sitesQuery(start string, detail bool, personal int) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(start)) // a builder takes everything
	return fmt.Sprintf(`<Request AddExpandoFieldTypeSuffix="true" SchemaVersion="15.0.0.0" LibraryVersion="16.0.0.0" ApplicationName="test" `+
		`xmlns="http://schemas.microsoft.com/sharepoint/clientquery/2009"><Actions><ObjectPath Id="2" ObjectPathId="1" /><ObjectPath Id="4" ObjectPathId="3" />`+
		`<Query Id="5" ObjectPathId="3"><Query SelectAllProperties="true"><Properties /></Query><ChildItemQuery SelectAllProperties="true"><Properties />`+
		`</ChildItemQuery></Query></Actions><ObjectPaths><Constructor Id="1" TypeId="{268004ae-ef6b-4e9b-8425-127220d84719}" />`+
		`<Method Id="3" ParentId="1" Name="GetSitePropertiesFromSharePointByFilters"><Parameters><Parameter TypeId="{b92aeee2-c92c-4b67-abcc-024e471bc140}">`+
		`<Property Name="Filter" Type="String"></Property><Property Name="IncludeDetail" Type="Boolean">%v</Property>`+
		`<Property Name="IncludePersonalSite" Type="Enum">%d</Property><Property Name="StartIndex" Type="String">%s</Property>`+
		`<Property Name="Template" Type="String"></Property></Parameter></Parameters></Method></ObjectPaths></Request>`, detail, personal, b.String())
}

func sharePointClient(t *testing.T, o Options) (*Server, client) {
	s, c := contoso(t, o)
	c.token = s.Token("Sites.FullControl.All")
	c.extra = map[string]string{"Accept": "application/json;odata=nometadata"}
	a, err := c.try("POST", s.SharePointURL+"/_api/contextinfo", "")
	if err != nil || a.status != 200 {
		t.Fatalf("%v %d %s", err, a.status, a.text)
	}
	c.extra["X-RequestDigest"], _ = a.doc["FormDigestValue"].(string)
	return s, c
}

// sites reads all pages.
func (c client) sites(s *Server, detail bool, personal int) (list []map[string]any, pages int) {
	c.t.Helper()
	for start := "0"; ; {
		a, err := c.try("POST", s.SharePointURL+"/_vti_bin/client.svc/ProcessQuery", sitesQuery(start, detail, personal))
		if err != nil {
			c.t.Fatal(err)
		}
		var parts []any
		if err := json.Unmarshal([]byte(a.text), &parts); err != nil || len(parts) != 7 {
			c.t.Fatalf("%v %s", err, a.text)
		}
		if head := parts[0].(map[string]any); head["ErrorInfo"] != nil || head["SchemaVersion"] != "15.0.0.0" {
			c.t.Fatalf("%v", head)
		}
		result := parts[6].(map[string]any)
		for _, site := range result["_Child_Items_"].([]any) {
			list = append(list, site.(map[string]any))
		}
		pages++
		next, more := result["NextStartIndexFromSharePoint"].(string)
		if !more {
			return list, pages
		}
		start = next
	}
}

func TestSites(t *testing.T) {
	s, c := sharePointClient(t, Options{PageCap: 2})
	list, pages := c.sites(s, true, 0)
	if len(list) != 4 || pages != 2 {
		t.Fatalf("%d sites on %d pages", len(list), pages)
	}
	first := list[0]
	for name, want := range map[string]any{
		"_ObjectType_": "Microsoft.Online.SharePoint.TenantAdministration.SiteProperties",
		"Url":          "https://contoso.sharepoint.com/sites/partners", "SiteId": "/Guid(" + id(1951) + ")/",
		"LastContentModifiedDate": "/Date(2026,9,20,8,0,0,997)/", "ExternalUserExpirationInDays": 60.0,
	} {
		if first[name] != want {
			t.Errorf("%s: %v, want %v", name, first[name], want)
		}
	}
	list, _ = c.sites(s, false, 1)
	if len(list) != 5 || list[0]["ExternalUserExpirationInDays"] != 0.0 || list[0]["SharingCapability"] != 1.0 {
		t.Errorf("with personal sites, without details: %d, %v", len(list), list[0])
	}
	c.token = s.Token()
	if a, _ := c.try("POST", s.SharePointURL+"/_vti_bin/client.svc/ProcessQuery", sitesQuery("0", true, 0)); a.status != 200 || !strings.Contains(a.text, "UnauthorizedAccessException") {
		t.Errorf("without permission: %d %s", a.status, a.text)
	}
}

// TestSiteByURL asks for several sites in one request, as for details of a page of them.
func TestSiteByURL(t *testing.T) {
	s, c := sharePointClient(t, Options{})
	ask := func(addresses ...string) []any {
		t.Helper()
		var actions, paths string
		for i, address := range addresses {
			path := 10 * (i + 1)
			actions += fmt.Sprintf(`<ObjectPath Id="%d" ObjectPathId="%d"/><Query Id="%d" ObjectPathId="%d"><Query SelectAllProperties="true"><Properties/></Query></Query>`,
				path+1, path, path+2, path)
			paths += fmt.Sprintf(`<Method Id="%d" ParentId="1" Name="GetSitePropertiesByUrl"><Parameters><Parameter Type="String">https://contoso.sharepoint.com/%s</Parameter>`+
				`<Parameter Type="Boolean">true</Parameter></Parameters></Method>`, path, address)
		}
		body := `<Request SchemaVersion="15.0.0.0" LibraryVersion="16.0.0.0" xmlns="http://schemas.microsoft.com/sharepoint/clientquery/2009"><Actions>` + actions +
			`</Actions><ObjectPaths><Constructor Id="1" TypeId="{268004ae-ef6b-4e9b-8425-127220d84719}" />` + paths + `</ObjectPaths></Request>`
		a, err := c.try("POST", s.SharePointURL+"/_vti_bin/client.svc/ProcessQuery", body)
		if err != nil || a.status != 200 {
			t.Fatalf("%v %d %s", err, a.status, a.text)
		}
		var parts []any
		if err := json.Unmarshal([]byte(a.text), &parts); err != nil {
			t.Fatal(err)
		}
		return parts
	}
	parts := ask("sites/partners", "sites/Über Größe &amp; Co")
	if len(parts) != 9 || parts[1] != 11.0 || parts[3] != 12.0 || parts[4].(map[string]any)["ExternalUserExpirationInDays"] != 60.0 ||
		parts[8].(map[string]any)["SiteId"] != "/Guid("+id(1953)+")/" {
		t.Errorf("%v", parts)
	}
	parts = ask("sites/partners", "sites/gone")
	if len(parts) != 1 || !strings.Contains(fmt.Sprint(parts[0]), "SpoNoSiteException") {
		t.Errorf("%v", parts)
	}
}

func TestSitesAreStrict(t *testing.T) {
	good := sitesQuery("0", true, 0)
	for change, want := range map[string]string{
		"GetSitePropertiesFromSharePointByFilters -> DeleteSite": "DeleteSite",
		"268004ae -> 00000000":            "something other",
		"b92aeee2 -> 00000000":            "one parameter",
		`Name="Filter" -> Name="Nothing"`: "no Nothing",
		`Name="IncludeDetail" Type="Boolean" -> Name="Filter" Type="Enum"`:                           "no Filter of type Enum",
		`<Query Id="5" ObjectPathId="3"> -> <Query Id="5" ObjectPathId="1">`:                         "not about a method",
		">0</Property><Property Name=\"Template\" -> >made-up</Property><Property Name=\"Template\"": "StartIndex",
		"</Request> -> </Requests>": "not readable",
	} {
		s, c := sharePointClient(t, Options{Allowed: []string{""}})
		from, to, _ := strings.Cut(change, " -> ")
		body := strings.Replace(good, from, to, 1)
		if body == good {
			t.Fatalf("%s changes nothing", change)
		}
		a, err := c.try("POST", s.SharePointURL+"/_vti_bin/client.svc/ProcessQuery", body)
		if v := s.Violations(); err != nil || a.status != 400 || len(v) != 1 || !strings.Contains(v[0], want) {
			t.Errorf("%s: %d, violations %q", change, a.status, v)
		}
	}
	s, c := sharePointClient(t, Options{Allowed: []string{""}})
	delete(c.extra, "X-RequestDigest")
	if a, _ := c.try("POST", s.SharePointURL+"/_vti_bin/client.svc/ProcessQuery", good); a.status != 400 {
		t.Errorf("without a digest: %d", a.status)
	}
}

func TestSharePointTenant(t *testing.T) {
	s, c := sharePointClient(t, Options{})
	a := c.get(s.SharePointURL + "/_api/SPO.Tenant")
	if a.status != 200 || a.doc["SharingCapability"] != 3.0 || a.doc["StorageQuota"] != "1099511627776" {
		t.Errorf("%d %s", a.status, a.text)
	}
	for about, test := range map[string]struct {
		token  string
		status int
	}{
		"a client secret":        {s.TokenWith(TokenOptions{Permissions: []string{"Sites.FullControl.All"}, Secret: true}), 401},
		"without the permission": {s.Token("Policy.Read.All"), 403},
		"no token":               {"", 401},
	} {
		c.token = test.token
		if a := c.get(s.SharePointURL + "/_api/SPO.Tenant"); a.status != test.status {
			t.Errorf("%s: %d %s", about, a.status, a.text)
		}
	}
}

func TestTeams(t *testing.T) {
	s, c := contoso(t, Options{})
	for name, n := range map[string]int{
		"TenantFederationSettings": 1, "TeamsClientConfiguration": 1, "ExternalAccessPolicy": 1, "TeamsMeetingPolicy": 2,
		"TeamsGuestMeetingConfiguration": 1, "TeamsGuestCallingConfiguration": 1, "TeamsGuestMessagingConfiguration": 1, "TeamsChannelsPolicy": 1,
	} {
		a := c.get(s.TeamsURL + "/Skype.Policy/configurations/" + name)
		var list []map[string]any
		if err := json.Unmarshal([]byte(a.text), &list); err != nil || len(list) != n || list[0]["Identity"] != "Global" {
			t.Errorf("%s: %v %s", name, err, a.text)
		}
	}
	if a := c.get(s.TeamsURL + "/Skype.Policy/configurations/Nothing"); a.status != 404 {
		t.Errorf("%d", a.status)
	}
	c.token = s.Token("Policy.Read.All")
	if a := c.get(s.TeamsURL + "/Skype.Policy/configurations/TeamsMeetingPolicy"); a.status != 403 {
		t.Errorf("without the role: %d", a.status)
	}
}
