package graph_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/guestward/guestward/collector"
	"github.com/guestward/guestward/collector/graph/graphtest"
)

const appOwners = "applications.owners"

// TestAppOwners looks at who is kept of the owners: external users, of registrations and of service principals. An
// application with more owners than an expansion shows is asked about by itself, and no other.
func TestAppOwners(t *testing.T) {
	s := graphtest.New(t, graphtest.Options{Tenant: contoso(t), Now: testNow, Limits: graphtest.NoLimits})
	_, snap := collect(t, s, s.Token(granted()...), collector.Select([]string{appOwners}))
	var rows []struct{ ID, OwnerID, ResourceType, ResourceID, ResourceDisplayName, AppID string }
	if err := json.Unmarshal([]byte(part(t, snap, appOwners)), &rows); err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	for _, r := range rows {
		if r.ID != r.ResourceID+" "+r.OwnerID || r.AppID == "" {
			t.Errorf("%+v", r)
		}
		got[r.ResourceType+" "+r.ResourceDisplayName]++
	}
	// Hannah Jarvis, a member of ours, has #EXT# in her name, but not where it means something.
	want := map[string]int{"application Partner portal": 2, "application Everybody's sandbox": 18, "servicePrincipal Build robot": 1}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", got, want)
	}
	for _, q := range s.Requests() {
		if strings.HasSuffix(q.Path, "/owners") && !strings.Contains(q.Path, "00000414") {
			t.Errorf("%s was asked", q.Path)
		}
	}
}

// TestAppOwnersGoOn interrupts the reading in each of its halves.
func TestAppOwnersGoOn(t *testing.T) {
	var apps, principals, users []map[string]any
	for i := range 60 {
		id := func(kind int) string { return fmt.Sprintf("%08d-0000-4000-8000-%012d", kind+i, kind+i) }
		users = append(users, map[string]any{"id": id(1000), "userType": "Guest", "userPrincipalName": fmt.Sprintf("u%d_x.example#EXT#@contoso.onmicrosoft.com", i)})
		apps = append(apps, map[string]any{"id": id(2000), "appId": id(4000), "owners": []string{id(1000)}})
		principals = append(principals, map[string]any{"id": id(3000), "appId": id(4000), "owners": []string{id(1000)}})
	}
	text, err := json.Marshal(map[string]any{"users": users, "collections": map[string]any{
		"/applications": apps, "/servicePrincipals": principals,
		"/organization": []any{map[string]any{"id": "00000100-0000-4000-8000-000000000100", "verifiedDomains": []any{map[string]any{"name": "contoso.onmicrosoft.com", "isInitial": true}}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "tenant.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	tenant, err := graphtest.LoadTenant(file)
	if err != nil {
		t.Fatal(err)
	}
	var contents []string
	for _, after := range []int64{0, 20, 80} {
		s := graphtest.New(t, graphtest.Options{Tenant: tenant, Now: testNow, Limits: graphtest.NoLimits, PageCap: 10})
		o := options(t, s, s.Token(granted()...), collector.Select([]string{appOwners}))
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		if after > 0 {
			o.Progress = stopping{appOwners, after, new(atomic.Int64), stop}
			if _, err := collector.Collect(ctx, o); !errors.Is(err, context.Canceled) {
				t.Fatalf("it was not interrupted: %v", err)
			}
			o.Progress, o.Resume = nil, true
		}
		c, err := collector.Collect(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		snap := write(t, c)
		if n := strings.Count(part(t, snap, appOwners), "ownerId"); n != 120 {
			t.Errorf("after %d: %d owners", after, n)
		}
		contents = append(contents, content(t, snap))
	}
	if contents[0] != contents[1] || contents[0] != contents[2] {
		t.Error("the snapshots differ")
	}
}
