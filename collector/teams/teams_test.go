package teams

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/guestward/guestward/collector"
	"github.com/guestward/guestward/collector/collectortest"
	"github.com/guestward/guestward/collector/imports"
	"github.com/guestward/guestward/collector/snapshot"
	"github.com/guestward/guestward/collector/wire"
)

const (
	tenant   = "c0ffee00-0000-4000-8000-000000000001"
	audience = "48ac35b8-9aa8-4d74-927d-1f4a14a0b239"
)

// whole are answers to every configuration.
var whole = map[string]string{
	"TenantFederationSettings": `[{"Identity":"Global","AllowFederatedUsers":true,"AllowTeamsConsumer":false,"BlockedDomains":[],
		"AllowedDomains":{"AllowedDomain":[{"Domain":"fabrikam.com"}]},"DataSource":null,"Key":{"ScopeClass":"Global"}}]`,
	"TeamsClientConfiguration":         `[{"Identity":"Global","AllowGuestUser":true,"AllowDropBox":false}]`,
	"ExternalAccessPolicy":             `[{"Identity":"Global","EnableFederationAccess":true},{"Identity":"Tag:Closed","EnableFederationAccess":false}]`,
	"TeamsMeetingPolicy":               `[{"Identity":"Tag:B","AutoAdmittedUsers":"Everyone"},{"Identity":"Global","AutoAdmittedUsers":"EveryoneInCompany"}]`,
	"TeamsGuestMeetingConfiguration":   `[{"Identity":"Global","AllowIPVideo":true,"AllowMeetNow":true}]`,
	"TeamsGuestCallingConfiguration":   `{"Identity":"Global","AllowPrivateCalling":true}`,
	"TeamsGuestMessagingConfiguration": `{"value":[{"Identity":"Global","AllowUserChat":true}]}`,
	"TeamsChannelsPolicy":              `[{"Identity":"Global","AllowChannelSharingToExternalUser":true}]`,
}

type result struct {
	teams   map[string]json.RawMessage
	records map[string]snapshot.Source
}

// read reads the sources from a server that answers with the status and, for each configuration, the body.
func read(t *testing.T, cred *collectortest.Credential, status int, body func(name string) string, paths ...string) result {
	t.Helper()
	id := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, ok := strings.CutPrefix(r.URL.Path, "/Skype.Policy/configurations/")
		if !ok || r.Method != http.MethodGet || r.Header.Get("Authorization") != "Bearer "+collectortest.Token ||
			r.Header.Get("x-ms-tenant-id") != tenant || !id.MatchString(r.Header.Get("x-ms-correlation-id")) {
			t.Errorf("%s %s %v", r.Method, r.URL, r.Header)
		}
		w.WriteHeader(status)
		io.WriteString(w, body(name))
	}))
	defer server.Close()
	client := wire.NewClient(wire.Options{
		Hosts: []string{strings.TrimPrefix(server.URL, "http://")}, Retries: 1, Patience: time.Millisecond, Pause: time.Microsecond,
		Timeout: 5 * time.Second,
	})
	reader, err := New(Options{URL: server.URL + "/", TenantID: tenant, Credential: cred, Audience: audience, HTTP: client})
	if err != nil {
		t.Fatal(err)
	}
	var sources []*collector.Source
	for _, path := range paths {
		sources = append(sources, collector.SourceAt(path))
	}
	c, err := collector.Collect(t.Context(), collector.Options{
		Sources: sources, Readers: map[collector.API]collector.Reader{collector.Teams: reader}, Spool: t.TempDir() + "/spool",
		Cloud: "global", Version: "test", Now: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC),
	})
	if err != nil {
		t.Fatal(err)
	}
	doc, err := c.Document()
	if err != nil {
		t.Fatal(err)
	}
	res := result{records: map[string]snapshot.Source{}}
	for _, record := range doc["collection"].(snapshot.Collection).Sources {
		res.records[record.Source] = record
	}
	raw, err := json.Marshal(doc["teams"])
	if err := errors.Join(err, json.Unmarshal(raw, &res.teams)); err != nil {
		t.Fatal(err)
	}
	collectortest.CheckDocument(t, doc)
	return res
}

// TestConfigurations: there is a reading of every source of Teams, and of nothing else.
func TestConfigurations(t *testing.T) {
	var paths []string
	for _, s := range collector.Sources {
		if s.API == collector.Teams {
			paths = append(paths, s.Path)
			if s.Unsupported == "" {
				t.Errorf("%s is not labelled", s.Path)
			}
		}
	}
	slices.Sort(paths)
	known := imports.TeamsPaths()
	slices.Sort(known)
	if len(paths) != len(configurations) || !slices.Equal(paths, known) {
		t.Errorf("%v, %v", paths, known)
	}
	for _, path := range paths {
		if whole[configurations[path]] == "" {
			t.Errorf("%s is not tested", path)
		}
	}
}

func TestRead(t *testing.T) {
	cred := &collectortest.Credential{}
	res := read(t, cred, 200, func(name string) string { return whole[name] }, imports.TeamsPaths()...)
	for name, want := range map[string]string{
		"tenantFederationConfiguration": `{"AllowFederatedUsers":true,"AllowTeamsConsumer":false,"AllowedDomains":{"AllowedDomain":[{"Domain":"fabrikam.com"}]},"BlockedDomains":[],"Identity":"Global"}`,
		"clientConfiguration":           `{"AllowDropBox":false,"AllowGuestUser":true,"Identity":"Global"}`,
		"externalAccessPolicies":        `[{"EnableFederationAccess":true,"Identity":"Global"},{"EnableFederationAccess":false,"Identity":"Tag:Closed"}]`,
		"meetingPolicies":               `[{"AutoAdmittedUsers":"EveryoneInCompany","Identity":"Global"},{"AutoAdmittedUsers":"Everyone","Identity":"Tag:B"}]`,
		"guestMeetingConfiguration":     `{"AllowIPVideo":true,"AllowMeetNow":true,"Identity":"Global"}`,
		"guestCallingConfiguration":     `{"AllowPrivateCalling":true,"Identity":"Global"}`,
		"guestMessagingConfiguration":   `{"AllowUserChat":true,"Identity":"Global"}`,
		"channelsPolicies":              `[{"AllowChannelSharingToExternalUser":true,"Identity":"Global"}]`,
	} {
		if got := string(res.teams[name]); got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
		}
		record := res.records["teams."+name]
		if record.Outcome != snapshot.Collected || !strings.Contains(record.Detail, "does not document") {
			t.Errorf("%+v", record)
		}
	}
	if len(cred.Scopes()) != 8 || cred.Scopes()[0] != audience+"/.default" {
		t.Errorf("scopes %v", cred.Scopes())
	}
}

// TestLost: a value that is not understood is a gap of its own; the rest is there.
func TestLost(t *testing.T) {
	const path = "teams.tenantFederationConfiguration"
	res := read(t, &collectortest.Credential{}, 200, func(string) string {
		return `{"AllowFederatedUsers":true,"AllowedDomains":{"SomethingNew":[1]}}`
	}, path)
	if got := string(res.teams["tenantFederationConfiguration"]); got != `{"AllowFederatedUsers":true}` {
		t.Errorf("got %s", got)
	}
	collectortest.WantGap(t, res.records[path+".AllowedDomains"], "error")
	if res.records[path].Outcome != snapshot.Collected {
		t.Errorf("%+v", res.records[path])
	}
}

// TestUnusable: an answer that is none is a gap, and no data stands beside it.
func TestUnusable(t *testing.T) {
	const path = "teams.meetingPolicies"
	for body, says := range map[string]string{
		"":                                   "",
		"<html>Sign in</html>":               "",
		`[{"Identity":"Global","Aut`:         "",
		`[]`:                                 "is empty",
		`null`:                               "is empty",
		`{"AllowGuestUser":true}`:            "not an object of Get-CsTeamsMeetingPolicy",
		`[{"AutoAdmittedUsers":"Everyone"}]`: "Identity is missing",
		`{"value":[{"Identity":"Global","AutoAdmittedUsers":"Everyone"}],"@nextLink":"https://evil.example/2"}`: "one page of several",
		`[{"Identity":"Glo\u000abal\tE","AutoAdmittedUsers":"Everyone"}]`:                                       "no usable Identity",
	} {
		res := read(t, &collectortest.Credential{}, 200, func(string) string { return body }, path)
		collectortest.WantGap(t, res.records[path], "error", says)
		if res.teams != nil {
			t.Errorf("%s: data beside the gap: %s", body, res.teams)
		}
	}
}

func TestHostileText(t *testing.T) {
	const path = "teams.meetingPolicies"
	res := read(t, &collectortest.Credential{}, 200, func(string) string {
		return `[{"Identity":"Global","AutoAdmittedUsers":"Everyone","Description":"a\u0000\n\tE\u2028\ud800"}]`
	}, path)
	if record := res.records[path]; record.Outcome == snapshot.Collected && !strings.Contains(string(res.teams["meetingPolicies"]), `\u0000`) {
		t.Errorf("%s, %+v", res.teams, record)
	}
}

func TestRefusals(t *testing.T) {
	const path = "teams.clientConfiguration"
	for _, test := range []struct {
		status             int
		body, reason, says string
	}{
		{401, ``, "permission", "Teams Reader (an Entra role)"},
		{403, `{"error":{"code":"Forbidden","message":"Access Denied."}}`, "permission", "assign the Entra role Teams Reader or Global Reader to the identity that signs in: 403 Forbidden: Forbidden: Access Denied."},
		{404, `<html>`, "error", "the interface does not know TeamsClientConfiguration, it may have changed: 404 Not Found"},
		{429, ``, "throttled", "429"},
		{503, `x`, "throttled", "503"},
		{500, `{"Code":5,"Message":"a\u0000b\n` + strings.Repeat("x", 900) + `"}`, "error", "500 Internal Server Error: a b xx"},
		{302, ``, "error", "302"},
		{204, ``, "error", "204"},
	} {
		res := read(t, &collectortest.Credential{}, test.status, func(string) string {
			if test.status == 204 {
				return ""
			}
			return test.body
		}, path)
		collectortest.WantGap(t, res.records[path], test.reason, test.says)
		if detail := res.records[path].Detail; len(detail) > 500 || strings.ContainsAny(detail, "\x00\n") {
			t.Errorf("detail %q", detail)
		}
	}
	res := read(t, &collectortest.Credential{Err: errors.New("sign-in failed")}, 200, func(string) string { return "" }, path)
	collectortest.WantGap(t, res.records[path], "error", "sign-in failed")
}

func TestNew(t *testing.T) {
	good := Options{URL: "https://api.interfaces.records.teams.microsoft.com", TenantID: tenant, Audience: audience}
	if _, err := New(good); err != nil {
		t.Error(err)
	}
	for says, change := range map[string]func(*Options){
		"is not the address":       func(o *Options) { o.URL = "" },
		"\"http://teams.example\"": func(o *Options) { o.URL = "http://teams.example" },
		"\"%\"":                    func(o *Options) { o.URL = "%" },
		"not known in this cloud":  func(o *Options) { o.Audience = "" },
		"wants the tenant's id":    func(o *Options) { o.TenantID = "" },
	} {
		o := good
		change(&o)
		if _, err := New(o); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", says, err)
		}
	}
	r, _ := New(good)
	if err := r.Read(t.Context(), &collector.Source{Path: "other"}, nil); err == nil || !strings.Contains(err.Error(), "other") {
		t.Error(err)
	}
}
