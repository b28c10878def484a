package graphtest

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// sitesPage is how many sites an answer holds.
const sitesPage = 300

// The types of a request for sites: the tenant and the filter, as every client of the interface sends them, see
// https://github.com/pnp/cli-microsoft365/blob/main/src/m365/spo/commands/tenant/tenant-site-list.ts
const (
	tenantType = "{268004ae-ef6b-4e9b-8425-127220d84719}"
	filterType = "{b92aeee2-c92c-4b67-abcc-024e471bc140}"
)

// sharePoint serves the tenant administration of SharePoint.
func (s *Server) sharePoint(c *call) *reply {
	if c.grants.secret {
		return plain(401, "application/json", `{"error_description":"Unsupported app only token."}`).
			with("WWW-Authenticate", `Bearer realm="", error="invalid_token"`)
	}
	allowed := c.grants.any([]string{sitesPermission})
	if r := s.stateError(c); r != nil {
		return r
	}
	switch c.method + " " + c.path {
	case "GET /_api/SPO.Tenant":
		if r := s.noMetadata(c); r != nil {
			return r
		}
		if c.query != "" {
			return s.violate(c, "SPO.Tenant is read whole")
		}
		if !allowed {
			return spError(403, "-2147024891, System.UnauthorizedAccessException", "Attempted to perform an unauthorized operation.")
		}
		if s.options.Tenant.sharePoint == nil {
			return spError(404, "-1, Microsoft.SharePoint.Client.ResourceNotFoundException",
				"Cannot find resource for the request SPO.Tenant.")
		}
		return plain(200, plainJSON, string(appendWhole(nil, s.options.Tenant.sharePoint)))
	case "POST /_api/contextinfo":
		if r := s.noMetadata(c); r != nil {
			return r
		}
		body := fmt.Sprintf(`{"FormDigestTimeoutSeconds":1800,"FormDigestValue":%s,"LibraryVersion":"16.0.27026.12006",`+
			`"SiteFullUrl":%s,"SupportedSchemaVersions":["14.0.0.0","15.0.0.0"],"WebFullUrl":%s}`,
			quoted(s.digest()), quoted(s.SharePointURL), quoted(s.SharePointURL))
		return plain(200, plainJSON, body)
	case "POST /_vti_bin/client.svc/ProcessQuery":
		return s.processQuery(c, allowed)
	}
	if c.method != http.MethodGet {
		return s.violate(c, "a request that writes")
	}
	return s.violate(c, "unknown path")
}

func (s *Server) digest() string {
	return "0x" + strings.Repeat("C0FFEE", 20) + "," + s.options.Now.UTC().Format("02 Jan 2006 15:04:05 -0000")
}

func (s *Server) noMetadata(c *call) *reply {
	if strings.ReplaceAll(c.header.Get("Accept"), " ", "") != "application/json;odata=nometadata" {
		return s.violate(c, "Accept: %q, and application/json;odata=nometadata is what there is", c.header.Get("Accept"))
	}
	return nil
}

const plainJSON = "application/json;odata=nometadata;charset=utf-8"

func spError(status int, code, message string) *reply {
	body := fmt.Sprintf(`{"odata.error":{"code":%s,"message":{"lang":"en-US","value":%s}}}`, quoted(code), quoted(message))
	return plain(status, plainJSON, body)
}

// csomRequest is a request in the form of the client-side object model.
// https://learn.microsoft.com/en-us/openspecs/sharepoint_protocols/ms-csom/
type csomRequest struct {
	XMLName xml.Name `xml:"http://schemas.microsoft.com/sharepoint/clientquery/2009 Request"`
	Schema  string   `xml:"SchemaVersion,attr"`
	Actions struct {
		List []struct {
			XMLName xml.Name
			ID      int `xml:"Id,attr"`
			Path    int `xml:"ObjectPathId,attr"`
		} `xml:",any"`
	} `xml:"Actions"`
	Paths struct {
		Constructors []struct {
			ID   int    `xml:"Id,attr"`
			Type string `xml:"TypeId,attr"`
		} `xml:"Constructor"`
		Methods []csomMethod `xml:"Method"`
	} `xml:"ObjectPaths"`
}

// csomMethod is a method that is called.
type csomMethod struct {
	ID         int    `xml:"Id,attr"`
	Parent     int    `xml:"ParentId,attr"`
	Name       string `xml:"Name,attr"`
	Parameters []struct {
		Type       string `xml:"TypeId,attr"`
		Kind       string `xml:"Type,attr"`
		Text       string `xml:",chardata"`
		Properties []struct {
			Name string `xml:"Name,attr"`
			Type string `xml:"Type,attr"`
			Text string `xml:",chardata"`
		} `xml:"Property"`
	} `xml:"Parameters>Parameter"`
}

// siteFilter is what a request for sites asks for, and how each part must be typed.
var siteFilter = map[string]string{
	"Filter": "String", "IncludeDetail": "Boolean", "IncludePersonalSite": "Enum", "StartIndex": "String", "Template": "String",
}

func (s *Server) processQuery(c *call, allowed bool) *reply {
	if c.header.Get("X-RequestDigest") != s.digest() {
		return s.violate(c, "X-RequestDigest is not what _api/contextinfo gave")
	}
	var q csomRequest
	if err := xml.Unmarshal(c.body, &q); err != nil {
		return s.violate(c, "the query is not readable: %v", err)
	}
	if q.Schema != "15.0.0.0" || len(q.Paths.Constructors) != 1 || q.Paths.Constructors[0].Type != tenantType {
		return s.violate(c, "the query is about something other than the tenant")
	}
	if s.options.Tenant.closed && !s.options.Tenant.told["sites"] {
		return spError(404, "-1, Microsoft.SharePoint.Client.ResourceNotFoundException",
			"Cannot find resource for the request ProcessQuery.")
	}
	answers := map[int]func(b []byte) ([]byte, error){}
	for _, m := range q.Paths.Methods {
		if m.Parent != q.Paths.Constructors[0].ID {
			return s.violate(c, "%s is asked of something other than the tenant", m.Name)
		}
		answer, err := s.siteMethod(c, &m)
		if err != nil {
			return s.violate(c, "%v", err)
		}
		answers[m.ID] = answer
	}
	if !allowed {
		return csomFailure(-2147024891, "System.UnauthorizedAccessException", "Attempted to perform an unauthorized operation.")
	}
	b := fmt.Appendf(nil, csomHead, "null")
	for _, a := range q.Actions.List {
		b = fmt.Appendf(b, ",%d,", a.ID)
		if a.XMLName.Local != "Query" {
			b = append(b, `{"IsNull":false}`...)
			continue
		}
		if answers[a.Path] == nil {
			return s.violate(c, "the query is not about a method")
		}
		var err error
		var missing noSite
		if b, err = answers[a.Path](b); errors.As(err, &missing) {
			return csomFailure(-1, "Microsoft.Online.SharePoint.Common.SpoNoSiteException", err.Error())
		} else if err != nil {
			return s.violate(c, "%v", err)
		}
	}
	return &reply{status: 200, body: append(b, ']'), header: csomHeader}
}

// csomHead begins every answer; behind it come numbers of actions, each with its result.
const csomHead = `[{"SchemaVersion":"15.0.0.0","LibraryVersion":"16.0.27026.12006","ErrorInfo":%s,` +
	`"TraceCorrelationId":"` + trace + `"}`

const trace = "00000010-0000-4000-9000-000000000010"

var csomHeader = map[string]string{"Content-Type": "application/json; charset=utf-8"}

// noSite is the address of a site that does not exist.
type noSite string

func (n noSite) Error() string { return "Cannot get site " + string(n) + "." }

// csomFailure is an error: it comes with a good status, and without any result.
func csomFailure(code int, typ, message string) *reply {
	info := fmt.Sprintf(`{"ErrorMessage":%s,"ErrorValue":null,"TraceCorrelationId":"`+trace+`","ErrorCode":%d,"ErrorTypeName":%s}`,
		quoted(message), code, quoted(typ))
	return &reply{status: 200, body: fmt.Appendf(nil, csomHead+"]", info), header: csomHeader}
}

// siteMethod says how a method of the tenant is answered; all that read sites are known.
func (s *Server) siteMethod(c *call, m *csomMethod) (func(b []byte) ([]byte, error), error) {
	switch m.Name {
	case "GetSitePropertiesFromSharePointByFilters":
		if len(m.Parameters) != 1 || m.Parameters[0].Type != filterType {
			return nil, fmt.Errorf("%s takes one parameter, the filter", m.Name)
		}
		filter := map[string]string{}
		for _, p := range m.Parameters[0].Properties {
			if want, known := siteFilter[p.Name]; !known || p.Type != want {
				return nil, fmt.Errorf("the filter has no %s of type %s", p.Name, p.Type)
			}
			filter[p.Name] = p.Text
		}
		return func(b []byte) ([]byte, error) { return s.appendSites(b, c, filter) }, nil
	case "GetSitePropertiesByUrl":
		if len(m.Parameters) != 2 || m.Parameters[0].Kind != "String" || m.Parameters[1].Kind != "Boolean" {
			return nil, fmt.Errorf("%s takes two parameters, the address and whether details are wanted", m.Name)
		}
		address, detailed := m.Parameters[0].Text, m.Parameters[1].Text == "true"
		return func(b []byte) ([]byte, error) {
			i, ok := s.options.Tenant.sites.find(address)
			if !ok {
				return nil, noSite(address)
			}
			c.log.Elements++
			return appendSite(b, s.options.Tenant.sites, i, detailed), nil
		}, nil
	}
	return nil, fmt.Errorf("the method is %s", m.Name)
}

func (s *Server) appendSites(b []byte, c *call, filter map[string]string) ([]byte, error) {
	sites := s.options.Tenant.sites
	at := 0
	if start := filter["StartIndex"]; start != "" && start != "0" {
		text, ok := readSkipToken(start, "s&", "sites", "")
		n, err := strconv.Atoi(text)
		if !ok || err != nil {
			return nil, fmt.Errorf("StartIndex is not what the page before gave: %q", start)
		}
		at = n
	}
	size := sitesPage
	if s.options.PageCap > 0 {
		size = s.options.PageCap
	}
	b = append(b, `{"_ObjectType_":"Microsoft.Online.SharePoint.TenantAdministration.SPOSitePropertiesEnumerable",`...)
	b = append(b, `"NextStartIndex":-1,"NextStartIndexFromSharePoint":`...)
	var items []byte
	n, next := 0, ""
	for i := at; i < sites.len(); i++ {
		template, _ := sites.value(i, "Template").(string)
		if personal := strings.HasPrefix(template, "SPSPERS"); personal && filter["IncludePersonalSite"] != "1" {
			continue
		}
		if n == size {
			next = skipToken("s&", "sites", "", strconv.Itoa(i))
			break
		}
		if n++; n > 1 {
			items = append(items, ',')
		}
		items = appendSite(items, sites, i, filter["IncludeDetail"] == "true")
	}
	c.log.Elements = n
	if next == "" {
		b = append(b, "null"...)
	} else {
		b = append(b, quoted(next)...)
	}
	b = append(b, `,"_Child_Items_":[`...)
	b = append(b, items...)
	return append(b, "]}"...), nil
}

// detail are properties that show their defaults unless details are asked for. Which ones the service treats so is written
// nowhere; these stand for them.
var detail = map[string]string{
	"DefaultSharingLinkType": "0", "DefaultLinkPermission": "0", "ConditionalAccessPolicy": "0", "ExternalUserExpirationInDays": "0",
	"AnonymousLinkExpirationInDays": "0", "OverrideTenantExternalUserExpirationPolicy": "false",
	"OverrideTenantAnonymousLinkExpirationPolicy": "false", "BlockGuestsAsSiteAdmin": "0", "AuthenticationContextName": "null",
}

func appendSite(b []byte, r rows, i int, detailed bool) []byte {
	address, _ := r.value(i, "Url").(string)
	b = append(b, `{"_ObjectType_":"Microsoft.Online.SharePoint.TenantAdministration.SiteProperties","_ObjectIdentity_":`...)
	b = append(b, quoted(trace+"|908bed80-a04a-4433-b4a0-883d9847d110:\nSiteProperties\n"+address)...)
	names := slices.Sorted(slices.Values(r.names(i)))
	for _, name := range names {
		text, _ := r.appendValue(nil, i, name)
		if plain, ok := detail[name]; ok && !detailed {
			text = []byte(plain)
		}
		b = append(append(append(b, ','), quoted(name)...), ':')
		b = append(b, csomValue(text)...)
	}
	return append(b, '}')
}

var guid = regexp.MustCompile(`^"([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})"$`)

// csomValue gives dates and GUIDs the form that they have in CSOM: \/Date(2026,10,20,8,0,0,0)\/ counts months from 0.
// https://learn.microsoft.com/en-us/openspecs/sharepoint_protocols/ms-csom/
func csomValue(text []byte) []byte {
	if m := guid.FindSubmatch(text); m != nil {
		return fmt.Appendf(nil, `"\/Guid(%s)\/"`, m[1])
	}
	var s string
	if json.Unmarshal(text, &s) != nil {
		return text
	}
	if at, err := time.Parse(time.RFC3339, s); err == nil {
		return fmt.Appendf(nil, `"\/Date(%d,%d,%d,%d,%d,%d,%d)\/"`,
			at.Year(), at.Month()-1, at.Day(), at.Hour(), at.Minute(), at.Second(), at.Nanosecond()/1e6)
	}
	return []byte(strings.ReplaceAll(string(text), "/", `\u002f`))
}

// teams serves the interface behind Teams PowerShell, which nobody documents: a configuration is the list of its
// instances.
func (s *Server) teams(c *call) *reply {
	name, ok := strings.CutPrefix(c.path, "/Skype.Policy/configurations/")
	if !ok || strings.Contains(name, "/") || c.query != "" {
		return s.violate(c, "unknown path")
	}
	if c.method != http.MethodGet {
		return s.violate(c, "a request that writes")
	}
	if !c.grants.any(teamsRoles) {
		return plain(403, "application/json", `{"code":"Forbidden","message":"Access Denied."}`)
	}
	if r := s.stateError(c); r != nil {
		return r
	}
	raw, ok := s.options.Tenant.teams[name]
	if !ok {
		return plain(404, "application/json", `{"code":"NotFound","message":"There is no such configuration."}`)
	}
	return &reply{status: 200, body: raw, header: map[string]string{"Content-Type": "application/json; charset=utf-8"}}
}
