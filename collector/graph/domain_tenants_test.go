package graph_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/guestward/guestward/collector"
	"github.com/guestward/guestward/collector/graph"
	"github.com/guestward/guestward/collector/graph/graphtest"
	"github.com/guestward/guestward/collector/snapshot"
)

const domainTenants = "crossTenantAccess.domainTenants"

// looked counts how often each domain was asked about.
func looked(t *testing.T, s *graphtest.Server) map[string]int {
	t.Helper()
	times := map[string]int{}
	for _, q := range s.Requests() {
		name, ok := strings.CutPrefix(q.Path, "/v1.0/tenantRelationships/findTenantInformationByDomainName(domainName='")
		if !ok {
			continue
		}
		if !q.Item {
			t.Errorf("%s was asked outside a batch", q.Path)
		}
		times[strings.TrimSuffix(name, "')")]++
	}
	return times
}

// changed is contoso with another state.
func changed(t *testing.T, change func(state map[string]any)) *graphtest.Tenant {
	t.Helper()
	raw, err := os.ReadFile("../../testdata/graph/contoso.json")
	if err != nil {
		t.Fatal(err)
	}
	var state map[string]any
	if err := json.Unmarshal(raw, &state); err != nil {
		t.Fatal(err)
	}
	change(state)
	if raw, err = json.Marshal(state); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "tenant.json")
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	tenant, err := graphtest.LoadTenant(file)
	if err != nil {
		t.Fatal(err)
	}
	return tenant
}

// outsiders is contoso with other guests: one for each user, whose members are added to what a guest has. The objects are
// what is known of domains.
func outsiders(t *testing.T, objects map[string]any, users ...map[string]any) *graphtest.Tenant {
	t.Helper()
	return changed(t, func(state map[string]any) {
		var list []any
		for i, u := range users {
			guest := map[string]any{
				"id": fmt.Sprintf("%08d-0000-4000-8000-%012d", i, i), "userType": "Guest", "displayName": "Guest", "userPrincipalName": fmt.Sprintf("guest%d@contoso.com", i),
			}
			maps.Copy(guest, u)
			list = append(list, guest)
		}
		state["users"], state["groups"] = list, []any{}
		for domain, o := range objects {
			state["objects"].(map[string]any)["/tenantRelationships/findTenantInformationByDomainName(domainName='"+domain+"')"] = o
		}
	})
}

func TestDomainTenants(t *testing.T) {
	s := graphtest.New(t, graphtest.Options{Tenant: contoso(t), Now: testNow, Limits: graphtest.NoLimits})
	records, snap := collect(t, s, s.Token(granted()...), collector.Select([]string{domainTenants}))
	if r := records[domainTenants]; r.Outcome != snapshot.Collected || *r.Count != 5 {
		t.Errorf("%+v", r)
	}
	const want = `[` +
		`{"defaultDomainName":"adatum.com","displayName":"Adatum","domainName":"adatum.com","tenantId":"00000201-0000-4000-8000-000000000201"},` +
		`{"defaultDomainName":"contoso.com","displayName":"Contoso","domainName":"contoso.com","tenantId":"00000100-0000-4000-8000-000000000100"},` +
		`{"defaultDomainName":"fabrikam.com","displayName":"Fabrikam","domainName":"fabrikam.com","tenantId":"00000200-0000-4000-8000-000000000200"},` +
		`{"defaultDomainName":null,"displayName":null,"domainName":"relecloud.com","tenantId":null},` +
		`{"defaultDomainName":null,"displayName":null,"domainName":"xn--bcher-kva.example","tenantId":null}]`
	if got := part(t, snap, domainTenants); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for domain, n := range looked(t, s) {
		if n != 1 {
			t.Errorf("%s was asked about %d times", domain, n)
		}
	}
}

// TestDomainTenantsOfHostileAddresses gives guests addresses that must not become part of a request.
func TestDomainTenantsOfHostileAddresses(t *testing.T) {
	var users []map[string]any
	hostile := []string{
		"a@evil.example')/users", "a@evil.example'", "a@evil.example/x", "a@evil.example%27", "a@evil.example?$select=id", "a@" + strings.Repeat("a.", 126) + "example",
		"a@" + strings.Repeat("a", 64) + ".example", "a@localhost", "a@10.0.0.1", "a@-evil.example", "a@evil-.example", "a@evil..example", "a@.example", "a@evil.example.",
		"a@ev il.example", "a@ev\til.example", "a@ev\nil.example", "a@bücher.example", "a@evil_corp.example", "a@{evil}.example", "a@[1.2.3.4]", "a@",
	}
	for _, mail := range hostile {
		users = append(users, map[string]any{"mail": mail})
	}
	users = append(users, map[string]any{"mail": nil}, map[string]any{"mail": "no address"}, map[string]any{"mail": "Ann@Fabrikam.COM"},
		map[string]any{"userPrincipalName": "x_evil.example'#EXT#@contoso.onmicrosoft.com"})
	s := graphtest.New(t, graphtest.Options{Tenant: outsiders(t, nil, users...), Now: testNow, Limits: graphtest.NoLimits})
	records, snap := collect(t, s, s.Token(granted()...), collector.Select([]string{domainTenants}))
	if got := looked(t, s); len(got) != 1 || got["fabrikam.com"] != 1 {
		t.Errorf("%v", got)
	}
	r := records[domainTenants]
	if want := fmt.Sprintf("%d addresses of external users", len(hostile)+1); r.Outcome != snapshot.Collected || !strings.Contains(r.Detail, want) {
		t.Errorf("%+v, want %q", r, want)
	}
	if got := part(t, snap, domainTenants); strings.Contains(got, "evil") {
		t.Error(got)
	}
}

// TestDomainTenantsThatAreNotTold says that nothing but 404 means that a domain has no tenant.
func TestDomainTenantsThatAreNotTold(t *testing.T) {
	const path = "/tenantRelationships/findTenantInformationByDomainName(domainName='odd.example')"
	users := []map[string]any{{"mail": "a@fabrikam.com"}, {"mail": "a@odd.example"}}
	for name, test := range map[string]struct {
		object any
		fault  string
		reason string
	}{
		"no id":     {object: map[string]any{"displayName": "Odd"}, reason: collector.Failed},
		"null":      {object: map[string]any{"tenantId": nil}, reason: collector.Failed},
		"no text":   {object: map[string]any{"tenantId": 7}, reason: collector.Failed},
		"blank":     {object: map[string]any{"tenantId": ""}, reason: collector.Failed},
		"forbidden": {fault: graphtest.Forbidden, reason: collector.Failed}, // it is granted
		"broken":    {fault: graphtest.ServerError, reason: collector.Failed},
		"busy":      {fault: graphtest.Throttled, reason: collector.Throttled},
		"not found": {},
	} {
		objects := map[string]any{}
		if test.object != nil {
			objects["odd.example"] = test.object
		}
		o := graphtest.Options{Tenant: outsiders(t, objects, users...), Now: testNow, Limits: graphtest.NoLimits}
		if test.fault != "" {
			o.Faults = []graphtest.Fault{{Path: path, Kind: test.fault}}
		}
		s := graphtest.New(t, o)
		records, snap := collect(t, s, s.Token(granted()...), collector.Select([]string{domainTenants}))
		got := part(t, snap, domainTenants)
		switch r := records[domainTenants]; {
		case r.Reason != test.reason:
			t.Errorf("%s: %+v, want %q", name, r, test.reason)
		case test.reason != "" && got != "null":
			t.Errorf("%s: %s", name, got)
		case test.reason == "" && !strings.Contains(got, `{"defaultDomainName":null,"displayName":null,"domainName":"odd.example","tenantId":null}`):
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestDomainTenantsOfTheFirstGuests(t *testing.T) {
	s := graphtest.New(t, graphtest.Options{Tenant: contoso(t), Now: testNow, Limits: graphtest.NoLimits})
	o := options(t, s, s.Token(granted()...), collector.Select([]string{domainTenants}), func(o *graph.Options) { o.MaxGuests = 2 })
	c, err := collector.Collect(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(c.Records(), func(r snapshot.Source) bool { return r.Source == domainTenants })
	if r := c.Records()[i]; r.Outcome != snapshot.Gap || r.Reason != collector.NotRequested || r.Count == nil || *r.Count != 2 {
		t.Errorf("%+v", r)
	}
	if got := looked(t, s); len(got) != 2 || got["fabrikam.com"]+got["adatum.com"] != 2 {
		t.Errorf("%v", got)
	}
	if got := part(t, write(t, c), domainTenants); strings.Count(got, "domainName") != 2 {
		t.Error(got)
	}
}

// stopping ends the collection when enough of the source was brought.
type stopping struct {
	path  string
	after int64
	n     *atomic.Int64
	stop  func()
}

func (stopping) Begin(int)                              {}
func (stopping) Start(*collector.Source)                {}
func (stopping) End(*collector.Source, snapshot.Source) {}
func (p stopping) Add(s *collector.Source, n int) {
	if s.Path == p.path && p.n.Add(int64(n)) >= p.after {
		p.stop()
	}
}

// TestDomainTenantsGoOn interrupts the reading, goes on, and expects that each domain was asked about once.
func TestDomainTenantsGoOn(t *testing.T) {
	var users []map[string]any
	objects := map[string]any{}
	for i := range 600 { // two in a row of one domain, and all of them twice
		domain := fmt.Sprintf("d%d.example", i/2%150)
		users = append(users, map[string]any{"mail": fmt.Sprintf("guest%d@%s", i, domain)})
		if i%4 < 2 {
			objects[domain] = map[string]any{"tenantId": fmt.Sprintf("%08d-0000-4000-8000-%012d", i/2, i/2)}
		}
	}
	tenant := outsiders(t, objects, users...)
	var contents []string
	for _, after := range []int64{0, 20, 100} {
		s := graphtest.New(t, graphtest.Options{Tenant: tenant, Now: testNow, Limits: graphtest.NoLimits})
		o := options(t, s, s.Token(granted()...), collector.Select([]string{domainTenants}))
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		if after > 0 {
			o.Progress = stopping{domainTenants, after, new(atomic.Int64), stop}
			if _, err := collector.Collect(ctx, o); !errors.Is(err, context.Canceled) {
				t.Fatalf("it was not interrupted: %v", err)
			}
			if n := len(looked(t, s)); int64(n) != after {
				t.Fatalf("interrupted after %d, want %d", n, after)
			}
			o.Progress, o.Resume = nil, true
		}
		c, err := collector.Collect(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		times := looked(t, s)
		if len(times) != 150 {
			t.Errorf("%d domains", len(times))
		}
		for domain, n := range times {
			if n != 1 {
				t.Errorf("after %d: %s was asked about %d times", after, domain, n)
			}
		}
		if n := s.Count("/$batch"); after == 0 && n != 8 {
			t.Errorf("%d batches", n)
		}
		contents = append(contents, content(t, write(t, c)))
	}
	if contents[0] != contents[1] || contents[0] != contents[2] {
		t.Error("the snapshots differ")
	}
}

// TestWhatConditionalAccessRestsOn names members that a model of Conditional Access reads, of elements that it may name
// whether or not an external user has to do with them.
func TestWhatConditionalAccessRestsOn(t *testing.T) {
	paths := []string{"roles.definitions", "roles.assignments", "applications.servicePrincipals", "groups", "groups.externalMembers"}
	tenant := changed(t, func(state map[string]any) {
		state["groups"] = append(state["groups"].([]any),
			map[string]any{"id": "00001790-0000-4000-8000-000000001790", "displayName": "Nobody", "groupTypes": []string{}, "membershipRule": nil, "members": []string{}},
			map[string]any{"id": "00001791-0000-4000-8000-000000001791", "displayName": "Employees", "groupTypes": []string{}, "membershipRule": nil, "members": []string{"00000901-0000-4000-8000-000000000901"}})
	})
	s := graphtest.New(t, graphtest.Options{Tenant: tenant, Now: testNow, Limits: graphtest.NoLimits})
	_, snap := collect(t, s, s.Token(granted()...), collector.Select(paths))
	for path, members := range map[string][]string{
		"roles.definitions":              {"id", "templateId", "isBuiltIn", "isEnabled"},
		"roles.assignments":              {"principalId", "roleDefinitionId", "directoryScopeId"},
		"applications.servicePrincipals": {"appId", "appOwnerOrganizationId", "tags"},
		"groups":                         {"membershipRule", "externalMembers", "memberGroups"},
	} {
		var list []map[string]any
		if err := json.Unmarshal([]byte(part(t, snap, path)), &list); err != nil || len(list) == 0 {
			t.Fatalf("%s: %v", path, err)
		}
		closed := 0
		for _, e := range list {
			for _, name := range members {
				if _, ok := e[name]; !ok {
					t.Errorf("%s %v has no %s", path, e["id"], name)
				}
			}
			if outsiders, _ := e["externalMembers"].([]any); len(outsiders) == 0 {
				closed++
			}
		}
		if path == "groups" && closed != 2 {
			t.Errorf("%d groups without outsiders", closed)
		}
	}
}
