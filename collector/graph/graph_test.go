package graph_test

import (
	"context"
	"net/url"
	"path/filepath"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	"github.com/guestward/guestward/collector"
	"github.com/guestward/guestward/collector/graph"
	"github.com/guestward/guestward/collector/graph/graphtest"
	"github.com/guestward/guestward/collector/signin"
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

// options are those of a collection from the fake, with nothing that makes a test slow.
func options(t testing.TB, s *graphtest.Server, bearer string, sources []*collector.Source, more ...func(*graph.Options)) collector.Options {
	t.Helper()
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	client := wire.NewClient(wire.Options{
		Hosts: []string{u.Host}, Lanes: []wire.Lane{{Prefix: "/", Parallel: 4}},
		Retries: 4, Patience: time.Second, Pause: time.Millisecond, Timeout: 2 * time.Second,
	})
	o := graph.Options{URL: s.URL, Credential: token(bearer), HTTP: client, LogDays: 30, Pause: time.Millisecond}
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

func TestCollectContoso(t *testing.T) {
	tenant, err := graphtest.LoadTenant("../../testdata/graph/contoso.json")
	if err != nil {
		t.Fatal(err)
	}
	s := graphtest.New(t, graphtest.Options{Tenant: tenant, Now: testNow, Limits: graphtest.NoLimits, PageCap: 3})
	c, err := collector.Collect(t.Context(), options(t, s, s.Token(granted()...), all()))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range c.Records() {
		t.Logf("%+v", r)
	}
}
