package graph_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	"github.com/guestward/guestward/collector"
	"github.com/guestward/guestward/collector/graph"
	"github.com/guestward/guestward/collector/graph/graphtest"
	"github.com/guestward/guestward/collector/signin"
	"github.com/guestward/guestward/collector/snapshot"
	"github.com/guestward/guestward/collector/wire"
)

// token is a credential that has one token.
type token string

func (t token) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	return azcore.AccessToken{Token: string(t), ExpiresOn: time.Now().Add(time.Hour)}, nil
}

// granted are all permissions of the table that only read.
func granted(but ...string) []string {
	var names []string
next:
	for _, p := range collector.Permissions {
		for _, b := range but {
			if p.Name == b {
				continue next
			}
		}
		if p.API == collector.Graph && !p.DelegatedOnly {
			names = append(names, p.Name)
		}
	}
	return names
}

// testNow is the time of the tenants in testdata.
var testNow = time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)

// client talks to the fake without any pace.
func client(t testing.TB, s *graphtest.Server, retries int) *http.Client {
	t.Helper()
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	return wire.NewClient(wire.Options{
		Hosts: []string{u.Host}, Lanes: []wire.Lane{{Prefix: "/", Parallel: 4}},
		Retries: retries, Patience: time.Second, Pause: time.Millisecond, Timeout: 2 * time.Second,
	})
}

// options are those of a collection from the fake, with nothing that makes a test slow.
func options(t testing.TB, s *graphtest.Server, bearer string, sources []*collector.Source, more ...func(*graph.Options)) collector.Options {
	t.Helper()
	o := graph.Options{URL: s.URL, Credential: token(bearer), HTTP: client(t, s, 4), LogDays: 30, Pause: time.Millisecond}
	if claims, err := signin.ReadClaims(bearer); err == nil {
		o.Granted = claims.Roles
	}
	for _, change := range more {
		change(&o)
	}
	reader, err := graph.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return collector.Options{
		Sources: sources, Readers: map[collector.API]collector.Reader{collector.Graph: reader},
		Missing: map[collector.API]*collector.Gap{
			collector.SharePoint: {Reason: collector.NotRequested}, collector.Teams: {Reason: collector.NotRequested}, collector.Exchange: {Reason: collector.NotRequested},
		},
		Spool: filepath.Join(t.TempDir(), "spool"), Target: "test", Cloud: "global", Version: "1", Now: testNow,
	}
}

// all are the sources of Graph that an application can read.
func all() []*collector.Source {
	var list []*collector.Source
	for _, s := range collector.All() {
		if s.API == collector.Graph && s.Path != "conditionalAccess.termsOfUse" {
			list = append(list, s)
		}
	}
	return list
}

func TestEverySourceOfGraphIsRead(t *testing.T) {
	for _, s := range collector.All() {
		if s.API == collector.Graph && s.Within == "" && !graph.Reads(s.Path) {
			t.Errorf("nothing reads %s", s.Path)
		}
	}
}

// TestEveryRequestIsInTheSchema reads a tenant that has something of everything, and holds every request against Graph's
// own schema.
func TestEveryRequestIsInTheSchema(t *testing.T) {
	schema := loadCSDL(t)
	s := graphtest.New(t, graphtest.Options{Tenant: contoso(t), Now: testNow, Limits: graphtest.NoLimits})
	records, _ := collect(t, s, s.Token(granted()...), all())
	for _, source := range all() {
		if r := records[source.Path]; r.Outcome != snapshot.Collected {
			t.Errorf("%+v", r)
		}
	}
	exceptions := map[string]bool{}
	for _, q := range s.Requests() {
		if err := schema.checkRequest(q.Path, q.Query); err != nil {
			t.Errorf("%s %s?%s: %v", q.Method, q.Path, q.Query, err)
		}
		if notInSchema[q.Path] != "" {
			exceptions[q.Path] = true
		}
	}
	if len(exceptions) == 0 || schema.checkRequest("/v1.0/users", "$select=id,nickname") == nil || schema.checkRequest("/v1.0/policies/nothing", "") == nil {
		t.Error("the check checks nothing")
	}
}

// TestTwoRunsDifferInCollectionAlone reads the same tenant twice.
func TestTwoRunsDifferInCollectionAlone(t *testing.T) {
	tenant := contoso(t)
	var contents []string
	for _, cap := range []int{0, 2} { // the second time in small pages
		s := graphtest.New(t, graphtest.Options{Tenant: tenant, Now: testNow, Limits: graphtest.NoLimits, PageCap: cap})
		_, snap := collect(t, s, s.Token(granted()...), all())
		contents = append(contents, content(t, snap))
	}
	if contents[0] != contents[1] {
		t.Error("the snapshots differ")
	}
}

// TestEachPermissionIsNamed takes every permission away in turn: the snapshot names exactly that one, at exactly the
// sources that need it or rest on one that does. Directory.Read.All, which stands in for many, is not granted.
func TestEachPermissionIsNamed(t *testing.T) {
	tenant := contoso(t)
	const broad = "Directory.Read.All"
	var first []string // the permission that guestward asks for, of each need
	for _, source := range all() {
		for _, need := range source.Needs {
			if need[0] != broad && !slices.Contains(first, need[0]) {
				first = append(first, need[0])
			}
		}
	}
	for _, lost := range append(first, broad) {
		t.Run(lost, func(t *testing.T) {
			rest := slices.DeleteFunc(slices.Clone(first), func(name string) bool { return name == lost })
			s := graphtest.New(t, graphtest.Options{Tenant: tenant, Now: testNow, Limits: graphtest.NoLimits})
			records, _ := collect(t, s, s.Token(rest...), all())
			named, needed := 0, false
			for _, source := range all() {
				record, lacking := records[source.Path], source.Lacking(rest)
				needed = needed || lacking == lost
				var because string // of what a gap is there: the source's own lack, or that of one it rests on
				for _, path := range append(slices.Clone(source.After), source.Within) {
					if path != "" && records[path].Outcome == snapshot.Gap {
						because = records[path].Permission
					}
				}
				if because == "" {
					because = lacking
				}
				switch {
				case because == "" && record.Outcome == snapshot.Gap:
					t.Errorf("%s is a gap and lacks nothing: %+v", source.Path, record)
				case because != "" && record.Outcome == snapshot.Collected:
					t.Errorf("%s is read without %s", source.Path, because)
				case because != "" && (record.Reason != collector.NoPermission || record.Permission != because):
					t.Errorf("%s lacks %s: %+v", source.Path, because, record)
				case because == lost:
					named++
				}
			}
			if needed && named == 0 { // nothing needs it where others that are granted would do
				t.Errorf("%s is missing and nothing names it", lost)
			}
		})
	}
}

// TestNoTokenIsWritten looks for the token in everything that a collection leaves behind or says, while Graph refuses,
// breaks off and sends elsewhere.
func TestNoTokenIsWritten(t *testing.T) {
	for _, kind := range []string{"", graphtest.Expired, graphtest.Forbidden, graphtest.Reset, graphtest.Redirect, graphtest.ForeignLink, graphtest.HTML} {
		o := graphtest.Options{Tenant: contoso(t), Now: testNow, Limits: graphtest.NoLimits, PageCap: 2}
		if kind != "" {
			o.Faults = []graphtest.Fault{{Kind: kind, Rate: 0.5}}
		}
		s := graphtest.New(t, o)
		bearer := s.Token(granted()...)
		secret := bearer[len(bearer)/3 : len(bearer)/3+24]
		co := options(t, s, bearer, all())
		var log strings.Builder
		co.Progress = logged{new(sync.Mutex), &log}
		c, err := collector.Collect(t.Context(), co)
		if err != nil {
			t.Fatal(err)
		}
		err = filepath.WalkDir(co.Spool, func(name string, entry os.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			raw, err := os.ReadFile(name)
			if strings.Contains(string(raw), secret) {
				t.Errorf("%s: the token is in %s", kind, entry.Name())
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		if err := write(t, c).Document().Encode(&b); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(b.String(), secret) || strings.Contains(log.String(), secret) {
			t.Errorf("%s: the token is in the snapshot or the log", kind)
		}
		if strings.Contains(b.String(), "skiptoken") {
			t.Errorf("%s: the token of a page is in the snapshot", kind)
		}
	}
}

// logged writes down what a progress would tell.
type logged struct {
	mu *sync.Mutex
	w  *strings.Builder
}

func (l logged) Begin(int)                  {}
func (l logged) Start(*collector.Source)    {}
func (l logged) Add(*collector.Source, int) {}
func (l logged) End(_ *collector.Source, record snapshot.Source) {
	l.mu.Lock()
	defer l.mu.Unlock()
	fmt.Fprintf(l.w, "%+v\n", record)
}
