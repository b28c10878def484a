package graph_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/guestward/guestward/collector"
	"github.com/guestward/guestward/collector/graph"
	"github.com/guestward/guestward/collector/graph/graphtest"
	"github.com/guestward/guestward/collector/snapshot"
)

// bulk are the sources that grow with the number of guests and groups and that have a route for all of them at once.
func bulk() []*collector.Source {
	return collector.Select([]string{"guests.sponsors", "guests.signInActivity", "groups.externalMembers"})
}

// write brings a collection to disk, and opens it as a scan would.
func write(t testing.TB, c *collector.Collection) *snapshot.Snapshot {
	t.Helper()
	doc, err := c.Document()
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "tenant.json")
	if err := doc.Write(name); err != nil {
		t.Fatal(err)
	}
	snap, err := snapshot.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { snap.Close() })
	return snap
}

// content is what a snapshot says of the tenant: everything but how it was collected.
func content(t testing.TB, snap *snapshot.Snapshot) string {
	t.Helper()
	doc := snap.Document()
	delete(doc, "collection")
	var b strings.Builder
	if err := doc.Encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestNothingIsLostUnderFaults lets one request in ten fail, in every way that a busy service and a bad network know.
func TestNothingIsLostUnderFaults(t *testing.T) {
	guests, groups, rate := 100_000, 2_000, 0.02 // of each of five kinds: one request in ten
	if testing.Short() {
		guests, groups, rate = 5_000, 200, 0.1
	}
	tenant := graphtest.Synthetic(guests, groups)
	read := func(faults ...graphtest.Fault) (*snapshot.Snapshot, *graphtest.Server) {
		s := graphtest.New(t, graphtest.Options{Tenant: tenant, Now: testNow, Limits: graphtest.NoLimits, Faults: faults})
		o := options(t, s, s.Token(granted()...), bulk(), func(o *graph.Options) { o.HTTP = client(t, s, 12) })
		c, err := collector.Collect(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range c.Records() {
			if r.Outcome == snapshot.Gap && r.Reason != collector.NotRequested {
				t.Errorf("%+v", r)
			}
		}
		return write(t, c), s
	}
	whole, _ := read()
	var faults []graphtest.Fault
	for i, kind := range []string{graphtest.Throttled, graphtest.Unavailable, graphtest.Timeout, graphtest.Reset, graphtest.Truncated} {
		faults = append(faults, graphtest.Fault{Kind: kind, Rate: rate, Seed: int64(i)})
	}
	faulty, s := read(faults...)
	hit := 0
	for _, q := range s.Requests() {
		if q.Fault != "" {
			hit++
		}
	}
	if hit < 5 {
		t.Errorf("only %d requests failed: the test tests nothing", hit)
	}
	if content(t, whole) != content(t, faulty) {
		t.Error("the snapshots differ")
	}
	if n, _ := faulty.Count("guests"); n < guests {
		t.Errorf("%d guests of %d", n, guests)
	}
	t.Logf("%d of %d requests failed", hit, len(s.Requests()))
}

// TestRequestsAreTheLeastThatPagesAllow counts the requests of a large tenant.
func TestRequestsAreTheLeastThatPagesAllow(t *testing.T) {
	const guests, groups = 20_000, 3_000
	s := graphtest.New(t, graphtest.Options{Tenant: graphtest.Synthetic(guests, groups), Now: testNow, Limits: graphtest.NoLimits})
	c, err := collector.Collect(t.Context(), options(t, s, s.Token(granted()...), bulk()))
	if err != nil {
		t.Fatal(err)
	}
	members := 0
	for raw, err := range write(t, c).Document()["guests"].(snapshot.Elements) {
		if err != nil {
			t.Fatal(err)
		}
		var user struct{ UserType string }
		if err := json.Unmarshal(raw, &user); err != nil {
			t.Fatal(err)
		}
		if user.UserType == "Member" {
			members++
		}
	}
	pages := func(n, size int) int { return (n + size - 1) / size }
	delta := 0
	for _, q := range s.Requests() {
		if strings.HasPrefix(q.Path, "/v1.0/groups/delta") {
			delta++ // its pages are the service's to size
		}
	}
	least := 2 + // organisation, subscriptions
		pages(guests, 999) + 1 + // inventory; external members
		pages(guests, 500) + pages(members, 20) + // activity; of members in batches
		pages(members, 20) + // sponsors of members in batches
		pages(groups, 999) + delta
	sent := 0
	for _, q := range s.Requests() {
		if !q.Item {
			sent++
		}
	}
	if float64(sent) > 1.05*float64(least) || sent < least {
		t.Errorf("%d requests, the least is %d", sent, least)
	}
	t.Logf("%d requests, the least is %d", sent, least)
}
