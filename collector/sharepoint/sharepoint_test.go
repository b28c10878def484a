package sharepoint

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/guestward/guestward/collector"
	"github.com/guestward/guestward/collector/collectortest"
	"github.com/guestward/guestward/collector/snapshot"
)

const host = "https://contoso.sharepoint.com/sites/"

func numbered(n int) (list []string) {
	for i := range n {
		list = append(list, fmt.Sprintf("%s%04d", host, i))
	}
	return list
}

const tenantJSON = `{"odata.metadata":"x","SharingCapability":2,"ODBSharingCapability":"0","EmailAttestationReAuthDays":"30",
	"StorageQuota":"1099511627776","SharingAllowedDomainList":"a.example b.example","GuestSharingGroupAllowListInTenantByPrincipalIdentity":[],
	"Unknown@odata.type":"#x","ShowEveryoneClaim":false,"Name\u0007":"\ud800 <b>"}`

const verboseJSON = `{"d":{"__metadata":{"id":"x","type":"Microsoft.Online.SharePoint.TenantAdministration.Tenant"},"SharingCapability":2,
	"ODBSharingCapability":0,"EmailAttestationReAuthDays":30,"StorageQuota":"1099511627776","SharingAllowedDomainList":"a.example b.example",
	"GuestSharingGroupAllowListInTenantByPrincipalIdentity":{"__metadata":{"type":"Collection(Edm.String)"},"results":[]},
	"Sites":{"__deferred":{"uri":"https://x"}},"ShowEveryoneClaim":false,"Name\u0007":"\ud800 <b>"}}`

func TestTenant(t *testing.T) {
	want := map[string]any{
		"SharingCapability": 2., "ODBSharingCapability": 0., "EmailAttestationReAuthDays": 30., "StorageQuota": "1099511627776",
		"SharingAllowedDomainList": "a.example b.example", "GuestSharingGroupAllowListInTenantByPrincipalIdentity": []any{},
		"ShowEveryoneClaim": false, "Name\a": "\ufffd <b>",
	}
	for _, answer := range []string{tenantJSON, verboseJSON} {
		cred := &collectortest.Credential{}
		res := (&admin{t: t, tenant: answer}).read(t, "sharePoint.tenant", setup{cred: cred})
		if res.record.Outcome != snapshot.Collected || len(res.more) > 0 {
			t.Errorf("record %+v, %+v", res.record, res.more)
		}
		raw, err := json.Marshal(res.doc["sharePoint"])
		var got struct{ Tenant map[string]any }
		if err := errors.Join(err, json.Unmarshal(raw, &got)); err != nil || !reflect.DeepEqual(got.Tenant, want) {
			t.Errorf("%v: got\n%v\nwant\n%v", err, got.Tenant, want)
		}
		if len(cred.Scopes()) != 1 || !strings.HasPrefix(cred.Scopes()[0], "http://127.0.0.1:") || !strings.HasSuffix(cred.Scopes()[0], "/.default") ||
			strings.Contains(cred.Scopes()[0], "//.default") {
			t.Errorf("scopes %v", cred.Scopes())
		}
	}
}

// TestTenantOdd: a setting of an unexpected type is left out and recorded; the others are there.
func TestTenantOdd(t *testing.T) {
	answer := `{"SharingCapability":"many","RequireAnonymousLinksExpireInDays":1.5,"EmailAttestationRequired":"true","FileAnonymousLinkType":"007",
		"WhoCanShareAllowListInTenantByGroupId":["x",5],"ODBSharingCapability":1,"DefaultSharingLinkType":null}`
	res := (&admin{t: t, tenant: answer}).read(t, "sharePoint.tenant", setup{})
	if res.record.Outcome != snapshot.Collected || len(res.more) != 5 {
		t.Fatalf("record %+v, %+v", res.record, res.more)
	}
	for _, record := range res.more {
		name := strings.TrimPrefix(record.Source, "sharePoint.tenant.")
		collectortest.WantGap(t, record, "error", name+": ", "expected")
	}
	raw, _ := json.Marshal(res.doc["sharePoint"])
	if string(raw) != `{"tenant":{"DefaultSharingLinkType":null,"ODBSharingCapability":1}}` {
		t.Errorf("got %s", raw)
	}
}

func TestTenantUnusable(t *testing.T) {
	for answer, detail := range map[string]string{
		tenantJSON[:len(tenantJSON)-20]:       "not whole JSON",
		`{"odata.error":{"code":"x"}}`:        "SharingCapability is missing",
		`[]`:                                  "SharingCapability is missing",
		`{"d":{"results":[]}}`:                "SharingCapability is missing",
		`{"SharingCapability":2} {}`:          "goes on behind its end",
		"":                                    "--sharepoint-admin-url",
		"<html><title>Sign in</title></html>": "--sharepoint-admin-url",
	} {
		res := (&admin{t: t, tenant: answer}).read(t, "sharePoint.tenant", setup{})
		collectortest.WantGap(t, res.record, "error", detail)
		if res.doc["sharePoint"] != nil {
			t.Errorf("%s: data beside the gap", answer)
		}
	}
}

// TestRefusals: what SharePoint refuses becomes the gap that says what would help, for both sources.
func TestRefusals(t *testing.T) {
	for _, test := range []struct {
		status             int
		body, reason, says string
	}{
		{401, `{"error_description":"Unsupported app only token."}`, "permission", "SharePoint takes no client secret: sign in with a certificate or a federated credential Sites.FullControl.All"},
		{401, ``, "permission", "grant the application Sites.FullControl.All of SharePoint"},
		{403, `{"odata.error":{"code":"-2147024891, System.UnauthorizedAccessException","message":{"lang":"en-US","value":"Attempted to perform an unauthorized operation."}}}`,
			"permission", "Attempted to perform an unauthorized operation. Sites.FullControl.All -2147024891, System.UnauthorizedAccessException"},
		{403, `{"error":{"code":"x","message":"plain"}}`, "permission", "plain"},
		{404, `<html>`, "error", "Give it with --sharepoint-admin-url: 404"},
		{302, ``, "error", "Give it with --sharepoint-admin-url: 302"},
		{429, ``, "throttled", "429"},
		{503, `The service is unavailable.`, "throttled", "503"},
		{500, `{"error":{"message":{"value":"a\u0000b` + strings.Repeat("x", 900) + `"}}}`, "error", "500 Internal Server Error: a bx"},
		{400, `{"error":[]}`, "error", "400"},
	} {
		for _, path := range []string{"sharePoint.tenant", "sites"} {
			a := &admin{t: t, refuse: func(w http.ResponseWriter, _ *http.Request) bool {
				w.Header().Set("Location", "https://elsewhere.example/")
				w.WriteHeader(test.status)
				io.WriteString(w, test.body)
				return true
			}}
			res := a.read(t, path, setup{})
			collectortest.WantGap(t, res.record, test.reason, strings.Split(test.says, " Sites.Full")[0])
			if test.reason == "permission" && res.record.Permission != "Sites.FullControl.All" {
				t.Errorf("permission %q", res.record.Permission)
			}
			if len(res.record.Detail) > 500 || strings.ContainsAny(res.record.Detail, "\x00\n") {
				t.Errorf("detail %q", res.record.Detail)
			}
		}
	}
}

func TestTransport(t *testing.T) {
	source := collector.SourceAt("sites")
	for _, err := range []error{
		&net.DNSError{Err: "no such host", Name: "contoso-admin.sharepoint.com", IsNotFound: true},
		x509.HostnameError{Certificate: &x509.Certificate{DNSNames: []string{"other.example"}}, Host: "contoso"},
	} {
		wrapped := &url.Error{Op: "Get", URL: "https://secret.example/?token=x", Err: fmt.Errorf("giving up: %w", &url.Error{URL: "x", Err: err})}
		g := collector.AsGap(gap(transportError(wrapped), source))
		if g.Reason != collector.Failed || !strings.Contains(g.Detail, flag) || strings.Contains(g.Detail, "secret.example") {
			t.Errorf("%v: %+v", err, g)
		}
	}
	if g := collector.AsGap(gap(transportError(&net.DNSError{Err: "timeout", IsTimeout: true}), source)); strings.Contains(g.Detail, flag) {
		t.Errorf("%+v", g)
	}
	res := (&admin{t: t}).read(t, "sharePoint.tenant", setup{cred: &collectortest.Credential{Err: errSignIn}})
	collectortest.WantGap(t, res.record, "error", errSignIn.Error())
	stopped, stop := context.WithCancel(t.Context())
	stop()
	(&admin{t: t, tenant: tenantJSON}).read(t, "sharePoint.tenant", setup{ctx: stopped, fails: true})
}

// TestSites: every site is there once, with what SharePoint says of it when it is asked for by its address; the list
// says that all of them are closed.
func TestSites(t *testing.T) {
	a := &admin{t: t, verbose: true}
	a.withSites(60, numbered(130)...)
	odd := host + "0007"
	a.sites[odd] = siteJSON(odd, 1, `,"RestrictedAccessControl":true,"ExternalUserExpirationInDays":"60"`)
	res := a.read(t, "sites", setup{})
	if res.record.Outcome != snapshot.Collected || len(res.sites) != 130 || *res.record.Count != 130 || len(res.more) > 0 {
		t.Fatalf("%d sites, %+v", len(res.sites), res.record)
	}
	for i, one := range res.sites {
		sharing := 2.
		want := map[string]any{
			"Url": numbered(130)[i], "Title": "Team /Guid(x)/", "Template": "STS#3", "LockState": "Unlock", "Owner": "alice@contoso.com",
			"GroupId": "11111111-2222-4333-8444-5555aaaa6666", "SensitivityLabel": "00000000-0000-0000-0000-000000000000",
			"OverrideSharingCapability": false, "SharingAllowedDomainList": nil,
		}
		if one["Url"] == odd {
			sharing, want["RestrictedAccessControl"], want["ExternalUserExpirationInDays"] = 1., true, 60.
		}
		if want["SharingCapability"] = sharing; !reflect.DeepEqual(one, want) {
			t.Fatalf("got\n%v\nwant\n%v", one, want)
		}
	}
	// Three pages; of 60, 60 and 10 sites three, three and one batches.
	if a.queries != 3+3+3+1 || a.digests != 1 || len(a.asked) != 130 {
		t.Errorf("%d queries, %d digests, %d asked", a.queries, a.digests, len(a.asked))
	}
	if want := []string{"0", `SPSiteQuery,0&<'">`, `SPSiteQuery,1&<'">`}; !slices.Equal(a.starts, want) {
		t.Errorf("starts %q", a.starts)
	}
}

func TestNoSites(t *testing.T) {
	a := &admin{t: t}
	a.withSites(10)
	if res := a.read(t, "sites", setup{}); res.record.Outcome != snapshot.Collected || len(res.sites) != 0 {
		t.Errorf("%+v", res)
	}
}

// TestRedirects: an address that only leads elsewhere is no site.
func TestRedirects(t *testing.T) {
	a := &admin{t: t}
	a.withSites(10, numbered(2)...)
	a.pages["0"] = strings.Replace(a.pages["0"], "STS#3", redirect, 1)
	if res := a.read(t, "sites", setup{}); len(res.sites) != 1 || len(a.asked) != 1 {
		t.Errorf("%+v", res.sites)
	}
}

// TestDigestExpiry: a digest that is refused is renewed, once, however many requests find it so.
func TestDigestExpiry(t *testing.T) {
	a := &admin{t: t, expire: func(digest, query int) bool { return digest == 1 && query > 2 }}
	a.withSites(100, numbered(100)...)
	res := a.read(t, "sites", setup{})
	if res.record.Outcome != snapshot.Collected || len(res.sites) != 100 || a.digests != 2 {
		t.Errorf("%d sites, %d digests, %+v", len(res.sites), a.digests, res.record)
	}
	a = &admin{t: t, expire: func(int, int) bool { return true }}
	a.withSites(100, numbered(1)...)
	collectortest.WantGap(t, a.read(t, "sites", setup{}).record, "permission", "security validation")
	if a.queries != 2 || a.digests != 2 {
		t.Errorf("%d queries, %d digests", a.queries, a.digests)
	}
	a.withSites(100, numbered(1)...)
	a.expire, a.pages["0"] = nil, "null"
	for _, code := range []int{digestInvalid, digestTimedOut} {
		if !mayBeDigest(newFault(json.RawMessage(fmt.Sprintf(`{"ErrorCode":%d}`, code)))) {
			t.Errorf("%d is no digest's", code)
		}
	}
	a.refuse = func(w http.ResponseWriter, r *http.Request) bool {
		io.WriteString(w, `{"FormDigestTimeoutSeconds":1800}`)
		return true
	}
	collectortest.WantGap(t, a.read(t, "sites", setup{}).record, "error", "FormDigestValue is missing")
}

// TestUnreadableSites: a site that cannot be read keeps its place without settings, the others are whole, and the source
// is a gap that names it.
func TestUnreadableSites(t *testing.T) {
	a := &admin{t: t}
	a.withSites(60, numbered(60)...)
	bad := numbered(60)[17]
	a.broken[bad] = faulty("Microsoft.Online.SharePoint.Common.SpoNoSiteException", -1, "Cannot get site\n"+bad)
	other := numbered(60)[30]
	a.sites[other] = siteJSON(host+"another", 0, "")
	res := a.read(t, "sites", setup{})
	collectortest.WantGap(t, res.record, "error", "SharePoint did not give the settings of all sites")
	if len(res.sites) != 60 {
		t.Fatalf("%d sites", len(res.sites))
	}
	for _, one := range res.sites {
		_, has := one["SharingCapability"]
		if has == (one["Url"] == bad || one["Url"] == other) || one["Title"] == nil {
			t.Errorf("%v", one)
		}
	}
	for _, address := range numbered(60) {
		a.broken[address] = faulty("System.UnauthorizedAccessException", accessDenied, "Access denied.")
	}
	res = a.read(t, "sites", setup{})
	collectortest.WantGap(t, res.record, "permission", "Access denied.", "Sites.FullControl.All", "System.UnauthorizedAccessException")
	if res.sites != nil {
		t.Error("data beside the gap")
	}
}

// TestSitesUnusable: what is not understood is a gap that names it, never data.
func TestSitesUnusable(t *testing.T) {
	one := numbered(1)[0]
	for name, test := range map[string]struct {
		page, site, says string
	}{
		"repeated start":    {page: pageJSON("0", one), says: "the same page"},
		"no next":           {page: `{"_Child_Items_":[]}`, says: "NextStartIndexFromSharePoint is missing"},
		"odd next":          {page: `{"_Child_Items_":[],"NextStartIndexFromSharePoint":5}`, says: "NextStartIndexFromSharePoint is no text"},
		"no items":          {page: `{"NextStartIndexFromSharePoint":null}`, says: "_Child_Items_ is no list"},
		"null items":        {page: `{"NextStartIndexFromSharePoint":null,"_Child_Items_":null}`, says: "_Child_Items_ is no list"},
		"odd item":          {page: `{"NextStartIndexFromSharePoint":null,"_Child_Items_":[5]}`, says: "element 0 is no object"},
		"null list":         {page: "null", says: "the list of sites is no object"},
		"no address":        {page: `{"NextStartIndexFromSharePoint":null,"_Child_Items_":[{"Title":"x"}]}`, says: "element 0: the Url is missing"},
		"null address":      {page: `{"NextStartIndexFromSharePoint":null,"_Child_Items_":[{"Url":null}]}`, says: "element 0: the Url: "},
		"hostile address":   {page: strings.Replace(pageJSON("", one), "contoso", `con\ttoso`, 2), says: "is no address"},
		"hostile bytes":     {page: strings.Replace(pageJSON("", one), "0000\"", "\xff\"", 1), says: "is no address"},
		"odd title":         {page: strings.Replace(pageJSON("", one), `"Title":"Team`, `"Title":5,"x":"Team`, 1), says: one + ": Title: expected text, found number 5"},
		"no sharing":        {site: strings.Replace(siteJSON(one, 2, ""), "SharingCapability", "Sharing", 2), says: one + ": SharingCapability is missing"},
		"odd sharing":       {site: strings.Replace(siteJSON(one, 2, ""), `SharingCapability":2`, `SharingCapability":"open"`, 1), says: `SharingCapability: expected an integer, found string "open"`},
		"odd switch":        {site: siteJSON(one, 2, `,"RestrictedAccessControl":"yes"`), says: "RestrictedAccessControl: expected true or false"},
		"odd group":         {site: siteJSON(one, 2, `,"RelatedGroupId":"\/Guid(x)\/"`), says: "RelatedGroupId: expected an id"},
		"null site":         {site: "null", says: one + ": the answer is no object"},
		"site without Url":  {site: `{"SharingCapability":2}`, says: one + ": the Url is missing"},
		"truncated in site": {site: `{"Url":`, says: "not whole JSON"},
	} {
		a := &admin{t: t}
		a.withSites(10, one)
		if test.page != "" {
			a.pages["0"] = test.page
		}
		if test.site != "" {
			a.sites[one] = test.site
		}
		res := a.read(t, "sites", setup{})
		t.Run(name, func(t *testing.T) { collectortest.WantGap(t, res.record, "error", test.says) })
		if res.sites != nil || strings.ContainsAny(res.record.Detail, "\t\n") {
			t.Errorf("%s: %+v", name, res)
		}
	}
}

// TestParseAnswers: an answer of the object model in another form is none.
func TestParseAnswers(t *testing.T) {
	for body, says := range map[string]string{
		`[{"ErrorInfo":null},5`:        "not whole JSON",
		`{"ErrorInfo":null}`:           "not whole JSON",
		`[]`:                           "no header",
		`[5]`:                          "header is no object",
		`[{}]`:                         "has no ErrorInfo",
		`[{"ErrorInfo":null},5]`:       "has no answer",
		`[{"ErrorInfo":null},"5",{}]`:  "part 1 of the answer is no number",
		`[{"ErrorInfo":null},null,{}]`: "part 1 of the answer is no number",
		`[{"ErrorInfo":null},1.5,{}]`:  "part 1 of the answer is no number",
		`[{"ErrorInfo":null},5,1,5,2]`: "5 stands twice",
		`[{"ErrorInfo":"x"}]`:          "ErrorInfo is not understood",
		faulty("System.X", -5, "a\nb"): "System.X: a b",
	} {
		if _, err := parseAnswers([]byte(body)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", body, err, says)
		}
	}
}

// TestHostileText: names of any kind neither break the spool nor the snapshot.
func TestHostileText(t *testing.T) {
	one := numbered(1)[0]
	a := &admin{t: t}
	a.withSites(10, one)
	a.pages["0"] = strings.Replace(a.pages["0"], "Team ", "\\n\\tE\\u0000\\u2028\xff\\ud800</script>", 1)
	res := a.read(t, "sites", setup{})
	if len(res.sites) != 1 || res.sites[0]["Title"] != "\n\tE\x00\u2028\ufffd\ufffd</script>/Guid(x)/" {
		t.Errorf("%q, %+v", res.sites, res.record)
	}
}

// TestResume: an interrupted reading goes on at the last page, and begins anew where SharePoint forgot it.
func TestResume(t *testing.T) {
	for _, forgotten := range []bool{false, true} {
		spool := t.TempDir() + "/spool"
		ctx, stop := context.WithCancel(t.Context())
		a := &admin{t: t}
		a.withSites(2, numbered(6)...)
		a.refuse = func(w http.ResponseWriter, r *http.Request) bool {
			if len(a.starts) == 2 {
				stop()
				w.WriteHeader(http.StatusServiceUnavailable)
				return true
			}
			return false
		}
		a.read(t, "sites", setup{ctx: ctx, spool: spool, fails: true})
		a.refuse, a.starts, a.asked = nil, nil, nil
		want := []string{`SPSiteQuery,0&<'">`, `SPSiteQuery,1&<'">`}
		if forgotten {
			a.pages = map[string]string{"0": pageJSON("other", numbered(6)[:3]...), "other": pageJSON("", numbered(6)[3:]...)}
			want = []string{want[0], "0", "other"}
		}
		res := a.read(t, "sites", setup{spool: spool, resume: true})
		if len(res.sites) != 6 || res.record.Outcome != snapshot.Collected || *res.record.Count != 6 {
			t.Errorf("%d sites, %+v", len(res.sites), res.record)
		}
		if !slices.Equal(a.starts, want) {
			t.Errorf("starts %q, want %q", a.starts, want)
		}
	}
}

func TestAdminURL(t *testing.T) {
	for _, test := range []struct {
		domains        []string
		suffix         string
		address, error string
	}{
		{[]string{"contoso.com", "Contoso.onmicrosoft.com"}, "-admin.sharepoint.com", "https://contoso-admin.sharepoint.com", ""},
		{[]string{"contoso.onmicrosoft.com", "contoso.mail.onmicrosoft.com", "contoso.onmicrosoft.com"}, "-admin.sharepoint.com", "https://contoso-admin.sharepoint.com", ""},
		{[]string{"agency.onmicrosoft.us"}, "-admin.sharepoint.us", "https://agency-admin.sharepoint.us", ""},
		{[]string{"gongsi.partner.onmschina.cn"}, "-admin.sharepoint.cn", "https://gongsi-admin.sharepoint.cn", ""},
		{[]string{"a.onmicrosoft.com", "b.onmicrosoft.com"}, "-admin.sharepoint.com", "", "(a, b)"},
		{[]string{"contoso.com", "evil.com/x.onmicrosoft.com", "-.onmicrosoft.com", ".onmicrosoft.com"}, "-admin.sharepoint.com", "", "none of which"},
		{nil, "-admin.sharepoint.com", "", "none of which"},
		{[]string{"contoso.onmicrosoft.com"}, "", "", "not known in this cloud"},
	} {
		address, err := AdminURL(test.domains, test.suffix)
		if address != test.address || (err == nil) != (test.error == "") || err != nil && !strings.Contains(err.Error(), test.error) {
			t.Errorf("%v: %s, %v", test.domains, address, err)
		}
		if err != nil && !strings.Contains(err.Error(), flag) {
			t.Errorf("%v does not say what to do", err)
		}
	}
}

func TestNew(t *testing.T) {
	for address, ok := range map[string]bool{
		"https://contoso-admin.sharepoint.com": true, "https://contoso-admin.sharepoint.com/": true, "http://127.0.0.1:5": true,
		"": false, "contoso-admin.sharepoint.com": false, "http://contoso-admin.sharepoint.com": false, "https://": false, "%": false,
		"https://u:p@contoso-admin.sharepoint.com": false, "https://contoso-admin.sharepoint.com/_layouts": false,
		"https://contoso-admin.sharepoint.com?x=1": false, "https://contoso-admin.sharepoint.com/#x": false, "ftp://contoso": false,
	} {
		if r, err := New(Options{AdminURL: address}); (err == nil) != ok || err == nil && strings.HasSuffix(r.AdminURL, "/") {
			t.Errorf("%s: %v", address, err)
		}
	}
	r, err := New(Options{AdminURL: "https://contoso-admin.sharepoint.com"})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Read(t.Context(), &collector.Source{Path: "other"}, nil); err == nil || !strings.Contains(err.Error(), "other") {
		t.Error(err)
	}
}

// TestTenantTypes: the schema has the settings where they are looked for, and knows the sites' as they are read.
func TestTenantTypes(t *testing.T) {
	if got := tenantTypes()["SharingCapability"]; got == nil || !slices.Equal(got.Type, types{"integer", "null"}) {
		t.Errorf("%+v", got)
	}
	for name := range details {
		if _, twice := always[name]; twice {
			t.Errorf("%s is read twice", name)
		}
	}
}

// FuzzAnswers: no answer makes the parser panic, and what it accepts it accepts whole.
func FuzzAnswers(f *testing.F) {
	f.Add([]byte(`[{"ErrorInfo":null},2,{"IsNull":false},5,` + pageJSON("x", numbered(2)...) + `]`))
	f.Add([]byte(`[{"ErrorInfo":null},5,` + siteJSON(host, 2, `,"RestrictedAccessControl":null`) + `]`))
	f.Add([]byte(faulty("X", -1, "y")))
	f.Add([]byte(`[{"ErrorInfo":{"ErrorCode":"x"}},1]`))
	f.Add([]byte(tenantJSON))
	f.Add([]byte(verboseJSON))
	f.Fuzz(func(t *testing.T, body []byte) {
		if object, _, err := parseTenant(body); err == nil {
			for name, want := range tenantTypes() {
				if v, ok := object[name]; ok {
					if _, problem := want.fit(v); problem != "" {
						t.Errorf("%s: %s", name, problem)
					}
				}
			}
		}
		answers, err := parseAnswers(body)
		if err != nil {
			return
		}
		for _, raw := range answers {
			p, err := parsePage(raw)
			if err != nil {
				continue
			}
			for _, one := range p.sites {
				address, err := addressOf(one)
				if err != nil {
					continue
				}
				if address == "" || strings.ContainsAny(address, "\t\n\r") {
					t.Errorf("address %q", address)
				}
				element, err := (&site{address: address, listed: one, whole: one}).element()
				if err != nil {
					continue
				}
				if strings.ContainsAny(string(element), "\n") || !json.Valid(element) {
					t.Errorf("element %q", element)
				}
			}
		}
	})
}
