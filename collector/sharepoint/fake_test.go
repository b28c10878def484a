package sharepoint

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"

	"github.com/guestward/guestward/collector"
	"github.com/guestward/guestward/collector/collectortest"
	"github.com/guestward/guestward/collector/snapshot"
	"github.com/guestward/guestward/collector/wire"
)

// admin is a SharePoint administration site that answers as the real one does.
type admin struct {
	t *testing.T

	mu      sync.Mutex
	tenant  string                       // answer to SPO.Tenant
	pages   map[string]string            // start index to the list's answer
	sites   map[string]string            // address to the answer
	broken  map[string]string            // address to the ErrorInfo
	digests int                          // how many were given
	expire  func(digest, query int) bool // whether the digest is refused, at the n-th query
	refuse  func(http.ResponseWriter, *http.Request) bool
	verbose bool
	queries int
	starts  []string
	asked   []string // addresses of sites
}

// request is what a ProcessQuery says, as far as the fake understands it. It understands no more than is used.
type request struct {
	XMLName       xml.Name `xml:"http://schemas.microsoft.com/sharepoint/clientquery/2009 Request"`
	SchemaVersion string   `xml:",attr"`
	Actions       struct {
		ObjectPath []struct {
			ID   int `xml:"Id,attr"`
			Path int `xml:"ObjectPathId,attr"`
		}
		Query []struct {
			ID   int `xml:"Id,attr"`
			Path int `xml:"ObjectPathId,attr"`
		}
	}
	ObjectPaths struct {
		Constructor struct {
			ID     int    `xml:"Id,attr"`
			TypeID string `xml:"TypeId,attr"`
		}
		Method []struct {
			ID         int    `xml:"Id,attr"`
			Parent     int    `xml:"ParentId,attr"`
			Name       string `xml:",attr"`
			Parameters struct {
				Parameter []struct {
					Type     string `xml:",attr"`
					Text     string `xml:",chardata"`
					Property []struct {
						Name string `xml:",attr"`
						Text string `xml:",chardata"`
					}
				}
			}
		}
	}
}

func (a *admin) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if r.Header.Get("Authorization") != "Bearer "+collectortest.Token || !strings.Contains(r.Header.Get("Accept"), "odata=nometadata") {
		a.t.Errorf("headers %v", r.Header)
	}
	if a.refuse != nil && a.refuse(w, r) {
		return
	}
	w.Header().Set("Content-Type", "application/json")
	switch r.Method + " " + r.URL.Path {
	case "GET /_api/SPO.Tenant":
		io.WriteString(w, a.tenant)
	case "POST /_api/contextinfo":
		a.digests++
		value := fmt.Sprintf(`"FormDigestValue":"digest-%d","FormDigestTimeoutSeconds":1800`, a.digests)
		if a.verbose {
			fmt.Fprintf(w, `{"d":{"GetContextWebInformation":{"__metadata":{},%s}}}`, value)
			return
		}
		fmt.Fprintf(w, `{%s}`, value)
	case "POST /_vti_bin/client.svc/ProcessQuery":
		a.queries++
		var n int
		if _, err := fmt.Sscanf(r.Header.Get("X-RequestDigest"), "digest-%d", &n); err != nil {
			a.t.Errorf("digest %q", r.Header.Get("X-RequestDigest"))
		}
		if a.expire != nil && a.expire(n, a.queries) {
			w.WriteHeader(http.StatusForbidden)
			io.WriteString(w, `{"odata.error":{"code":"-2130575252, Microsoft.SharePoint.SPException","message":{"lang":"en-US",`+
				`"value":"The security validation for this page is invalid and might be corrupted."}}}`)
			return
		}
		a.query(w, r.Body)
	default:
		a.t.Errorf("unexpected %s %s", r.Method, r.URL)
		w.WriteHeader(http.StatusNotFound)
	}
}

func (a *admin) query(w http.ResponseWriter, body io.Reader) {
	var q request
	if err := xml.NewDecoder(body).Decode(&q); err != nil || q.SchemaVersion != "15.0.0.0" {
		a.t.Errorf("query %+v: %v", q, err)
	}
	if q.ObjectPaths.Constructor.ID != 1 || q.ObjectPaths.Constructor.TypeID != tenantType {
		a.t.Errorf("constructor %+v", q.ObjectPaths.Constructor)
	}
	ids := map[int]bool{}
	once := func(id int) {
		if id == 0 || ids[id] {
			a.t.Errorf("the number %d stands twice", id)
		}
		ids[id] = true
	}
	once(q.ObjectPaths.Constructor.ID)
	answers := map[int]string{}
	for _, m := range q.ObjectPaths.Method {
		once(m.ID)
		if m.Parent != 1 {
			a.t.Errorf("method of %d", m.Parent)
		}
		parameters := m.Parameters.Parameter
		switch m.Name {
		case "GetSitePropertiesFromSharePointByFilters":
			filter := map[string]string{}
			for _, p := range parameters[0].Property {
				filter[p.Name] = p.Text
			}
			if filter["IncludePersonalSite"] != "1" || filter["Filter"] != "" || filter["Template"] != "" {
				a.t.Errorf("filter %v", filter)
			}
			a.starts = append(a.starts, filter["StartIndex"])
			answers[m.ID] = a.pages[filter["StartIndex"]]
			if answers[m.ID] == "" {
				io.WriteString(w, faulty("System.ArgumentException", -2147024809, "no such start"))
				return
			}
		case "GetSitePropertiesByUrl":
			if len(parameters) != 2 || parameters[1].Text != "true" {
				a.t.Errorf("parameters %+v", parameters)
			}
			a.asked = append(a.asked, parameters[0].Text)
			if info := a.broken[parameters[0].Text]; info != "" {
				io.WriteString(w, info)
				return
			}
			answers[m.ID] = a.sites[parameters[0].Text]
			if answers[m.ID] == "" {
				io.WriteString(w, faulty("Microsoft.Online.SharePoint.Common.SpoNoSiteException", -1, "Cannot get site "+parameters[0].Text))
				return
			}
		default:
			a.t.Errorf("method %s", m.Name)
		}
	}
	out := []string{`{"SchemaVersion":"15.0.0.0","LibraryVersion":"16.0.27104.12006","ErrorInfo":null,"TraceCorrelationId":"c340489e"}`}
	for _, p := range q.Actions.ObjectPath {
		once(p.ID)
		out = append(out, fmt.Sprint(p.ID), `{"IsNull":false}`)
	}
	for _, p := range q.Actions.Query {
		once(p.ID)
		out = append(out, fmt.Sprint(p.ID), answers[p.Path])
	}
	io.WriteString(w, "["+strings.Join(out, ",")+"]")
}

func faulty(kind string, code int, message string) string {
	raw, _ := json.Marshal(message)
	return fmt.Sprintf(`[{"SchemaVersion":"15.0.0.0","LibraryVersion":"16.0","ErrorInfo":{"ErrorMessage":%s,"ErrorValue":null,`+
		`"TraceCorrelationId":"e1","ErrorCode":%d,"ErrorTypeName":%q},"TraceCorrelationId":"e1"}]`, raw, code, kind)
}

// siteJSON is a site as SharePoint writes one.
func siteJSON(address string, sharing int, more string) string {
	escaped := strings.ReplaceAll(address, "/", `\u002f`)
	return fmt.Sprintf(`{"_ObjectType_":"Microsoft.Online.SharePoint.TenantAdministration.SiteProperties","_ObjectIdentity_":"c3|9\nSite",`+
		`"AllowEditing":true,"GroupId":"\/Guid(11111111-2222-4333-8444-5555AAAA6666)\/","Template":"STS#3","LockState":"Unlock",`+
		`"LastContentModifiedDate":"\/Date(2022,9,27,15,22,10,240)\/","OverrideSharingCapability":false,"Owner":"alice@contoso.com",`+
		`"SensitivityLabel":"\/Guid(00000000-0000-0000-0000-000000000000)\/","SharingAllowedDomainList":null,"StorageUsage":3,`+
		`"SharingCapability":%d,"Title":"Team \/Guid(x)\/","Url":"%s"%s}`, sharing, escaped, more)
}

// pageJSON is a page of the list. The sharing settings in it are wrong, as they are in SharePoint's.
func pageJSON(next string, addresses ...string) string {
	items := []string{}
	for _, address := range addresses {
		items = append(items, siteJSON(address, 0, ""))
	}
	end := "null"
	if next != "" {
		end = fmt.Sprintf("%q", next)
	}
	return fmt.Sprintf(`{"_ObjectType_":"Microsoft.Online.SharePoint.TenantAdministration.SPOSitePropertiesEnumerable","NextStartIndex":-1,`+
		`"NextStartIndexFromSharePoint":%s,"_Child_Items_":[%s]}`, end, strings.Join(items, ","))
}

// withSites serves the addresses in pages of the size, each site open to everybody.
func (a *admin) withSites(perPage int, addresses ...string) {
	a.pages, a.sites, a.broken = map[string]string{}, map[string]string{}, map[string]string{}
	start := "0"
	if len(addresses) == 0 {
		a.pages[start] = pageJSON("")
	}
	for chunk := range slices.Chunk(addresses, perPage) {
		next := ""
		if chunk[len(chunk)-1] != addresses[len(addresses)-1] {
			next = fmt.Sprintf("SPSiteQuery,%d&<'\">", len(a.pages))
		}
		a.pages[start], start = pageJSON(next, chunk...), next
	}
	for _, address := range addresses {
		a.sites[address] = siteJSON(address, 2, "")
	}
}

type result struct {
	doc    snapshot.Document
	record snapshot.Source
	more   []snapshot.Source // below the path
	sites  []map[string]any
}

type setup struct {
	ctx    context.Context
	cred   azcore.TokenCredential
	spool  string
	resume bool
	url    string
	fails  bool // the collection itself ends with an error
}

// read reads one source of the fake.
func (a *admin) read(t *testing.T, path string, s setup) result {
	t.Helper()
	server := httptest.NewServer(a)
	defer server.Close()
	if s.url == "" {
		s.url = server.URL
	}
	if s.ctx == nil {
		s.ctx = t.Context()
	}
	if s.cred == nil {
		s.cred = &collectortest.Credential{}
	}
	if s.spool == "" {
		s.spool = t.TempDir() + "/spool"
	}
	client := wire.NewClient(wire.Options{
		Hosts: []string{strings.TrimPrefix(s.url, "http://")}, Lanes: Lanes(), Retries: 1, Patience: time.Millisecond,
		Pause: time.Microsecond, Timeout: 5 * time.Second,
	})
	reader, err := New(Options{AdminURL: s.url + "/", Credential: s.cred, HTTP: client})
	if err != nil {
		t.Fatal(err)
	}
	c, err := collector.Collect(s.ctx, collector.Options{
		Sources: []*collector.Source{collector.SourceAt(path)}, Readers: map[collector.API]collector.Reader{collector.SharePoint: reader},
		Spool: s.spool, Resume: s.resume, Target: "contoso", Cloud: "global", Version: "test", Now: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC),
	})
	if s.fails {
		if err == nil {
			t.Fatal("the collection went on")
		}
		return result{}
	}
	if err != nil {
		t.Fatal(err)
	}
	doc, err := c.Document()
	if err != nil {
		t.Fatal(err)
	}
	res := result{doc: doc}
	for _, record := range doc["collection"].(snapshot.Collection).Sources {
		switch {
		case record.Source == path:
			res.record = record
		case strings.HasPrefix(record.Source, path+"."):
			res.more = append(res.more, record)
		}
	}
	if strings.Contains(fmt.Sprint(res.record, res.more), collectortest.Token) {
		t.Error("a record holds the token")
	}
	if elements, ok := doc["sites"].(snapshot.Elements); ok {
		for raw, err := range elements {
			if err != nil {
				t.Fatal(err)
			}
			var one map[string]any
			if err := json.Unmarshal(raw, &one); err != nil {
				t.Fatal(err)
			}
			res.sites = append(res.sites, one)
		}
	}
	collectortest.CheckDocument(t, doc)
	return res
}

var errSignIn = errors.New("sign-in with certificate failed: expired")
