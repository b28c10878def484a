package graph_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/guestward/guestward/collector"
	"github.com/guestward/guestward/collector/graph/graphtest"
	"github.com/guestward/guestward/collector/snapshot"
)

func contoso(t testing.TB) *graphtest.Tenant {
	t.Helper()
	tenant, err := graphtest.LoadTenant("../../testdata/graph/contoso.json")
	if err != nil {
		t.Fatal(err)
	}
	return tenant
}

// collect reads sources of a tenant, and returns how they fared and what is in the snapshot.
func collect(t *testing.T, s *graphtest.Server, bearer string, sources []*collector.Source) (map[string]snapshot.Source, *snapshot.Snapshot) {
	t.Helper()
	c, err := collector.Collect(t.Context(), options(t, s, bearer, sources))
	if err != nil {
		t.Fatal(err)
	}
	records := map[string]snapshot.Source{}
	for _, r := range c.Records() {
		records[r.Source] = r
	}
	return records, write(t, c)
}

// part is what a snapshot holds at a dotted path: a section, a property, or one property of every element.
func part(t *testing.T, snap *snapshot.Snapshot, path string) string {
	t.Helper()
	var doc map[string]any
	var b strings.Builder
	if err := snap.Document().Encode(&b); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(b.String()), &doc); err != nil {
		t.Fatal(err)
	}
	var at any = doc
	for i, name := range strings.Split(path, ".") {
		if list, ok := at.([]any); ok && i == 1 {
			column := make([]any, len(list))
			for i, e := range list {
				column[i] = e.(map[string]any)[name]
			}
			at = column
			continue
		}
		object, _ := at.(map[string]any)
		at = object[name]
	}
	raw, err := json.Marshal(at)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// own are the requests that belong to a source alone: those that its absence saves.
func own(t *testing.T, tenant *graphtest.Tenant, source *collector.Source) []graphtest.Request {
	t.Helper()
	requests := func(sources []*collector.Source) []graphtest.Request {
		s := graphtest.New(t, graphtest.Options{Tenant: tenant, Now: testNow, Limits: graphtest.NoLimits, PageCap: 2})
		collect(t, s, s.Token(granted()...), sources)
		return s.Requests()
	}
	all := collector.Select([]string{source.Path})
	all = slices.DeleteFunc(all, func(o *collector.Source) bool { return o != source && strings.HasPrefix(o.Path, source.Path+".") })
	without := slices.DeleteFunc(slices.Clone(all), func(o *collector.Source) bool { return o == source })
	key := func(q graphtest.Request) string { return fmt.Sprint(q.Path, q.Query, q.Item) }
	known := map[string]bool{}
	for _, q := range requests(without) {
		known[key(q)] = true
	}
	return slices.DeleteFunc(requests(all), func(q graphtest.Request) bool { return known[key(q)] })
}

// faults are what can go wrong with a request, and what may become of a source that it meets for good: data means that
// the fault does no harm.
var faults = []struct {
	fault   graphtest.Fault
	forGood []string // reasons of the gap, or "data"
	once    []string // what may become of it when it happens once
}{
	{graphtest.Fault{Kind: graphtest.Throttled, RetryAfter: "0"}, []string{collector.Throttled}, []string{"data"}},
	{graphtest.Fault{Kind: graphtest.Throttled}, []string{collector.Throttled}, []string{"data"}},
	{graphtest.Fault{Kind: graphtest.Throttled, RetryAfter: "3600"}, []string{collector.Throttled}, []string{collector.Throttled}},
	{graphtest.Fault{Kind: graphtest.Unavailable, RetryAfter: "date:0s"}, []string{collector.Throttled}, []string{"data"}},
	{graphtest.Fault{Kind: graphtest.Timeout}, []string{collector.Failed}, []string{"data"}},
	{graphtest.Fault{Kind: graphtest.ServerError}, []string{collector.Failed}, []string{"data", collector.Failed}},
	{graphtest.Fault{Kind: graphtest.Reset}, []string{collector.Failed}, []string{"data"}},
	{graphtest.Fault{Kind: graphtest.Truncated}, []string{collector.Failed}, []string{"data"}},
	{graphtest.Fault{Kind: graphtest.Cut}, []string{collector.Failed}, []string{"data"}},
	{graphtest.Fault{Kind: graphtest.Empty}, []string{collector.Failed}, []string{collector.Failed}},
	{graphtest.Fault{Kind: graphtest.HTML}, []string{collector.Failed}, []string{collector.Failed}},
	{graphtest.Fault{Kind: graphtest.NullValue}, []string{collector.Failed, "data"}, []string{collector.Failed, "data"}},
	{graphtest.Fault{Kind: graphtest.WrongValue}, []string{collector.Failed, "data"}, []string{collector.Failed, "data"}},
	{graphtest.Fault{Kind: graphtest.Duplicate}, []string{"data"}, []string{"data"}},
	{graphtest.Fault{Kind: graphtest.RepeatLink}, []string{collector.Failed, "data"}, []string{"data", collector.Failed}},
	{graphtest.Fault{Kind: graphtest.ForeignLink}, []string{collector.Failed, "data"}, []string{collector.Failed, "data"}},
	{graphtest.Fault{Kind: graphtest.DowngradeLink}, []string{collector.Failed, "data"}, []string{collector.Failed, "data"}},
	// Everything is granted and bought in these tests: what Graph says is not believed.
	{graphtest.Fault{Kind: graphtest.Forbidden}, []string{collector.Failed, "data"}, []string{collector.Failed, "data"}},
	{graphtest.Fault{Kind: graphtest.Licence}, []string{collector.Failed, "data"}, []string{collector.Failed, "data"}},
	{graphtest.Fault{Kind: graphtest.Expired}, []string{collector.Failed}, []string{collector.Failed, "data"}},
	{graphtest.Fault{Kind: graphtest.NotFound}, []string{collector.Unavailable, "data"}, []string{collector.Unavailable, "data"}},
	{graphtest.Fault{Kind: graphtest.Redirect}, []string{collector.Failed}, []string{collector.Failed}},
}

// TestFaultMatrix lets every request of every source fail in every way, once and for good: what comes is the whole data or
// a gap of the right reason, and nothing else is touched.
func TestFaultMatrix(t *testing.T) {
	tenant := contoso(t)
	sources := all()
	if testing.Short() {
		sources = []*collector.Source{collector.SourceAt("conditionalAccess.policies"), collector.SourceAt("groups.settings"), collector.SourceAt("guests")}
	}
	for _, source := range sources {
		if source.Within != "" {
			continue
		}
		t.Run(source.Path, func(t *testing.T) {
			t.Parallel()
			requests := own(t, tenant, source)
			if len(requests) == 0 {
				t.Fatal("nothing is asked for it")
			}
			selected := collector.Select([]string{source.Path})
			selected = slices.DeleteFunc(selected, func(o *collector.Source) bool { return o != source && strings.HasPrefix(o.Path, source.Path+".") })
			s := graphtest.New(t, graphtest.Options{Tenant: tenant, Now: testNow, Limits: graphtest.NoLimits, PageCap: 2})
			_, whole := collect(t, s, s.Token(granted()...), selected)
			want := part(t, whole, source.Path)
			met := map[string]bool{}
			for _, q := range requests {
				_, path, _ := strings.Cut(strings.TrimPrefix(q.Path, "/"), "/")
				path = "/" + path
				if path == "/$batch" || met[path+kindOf(q)] {
					continue
				}
				met[path+kindOf(q)] = true
				for _, f := range faults {
					for _, times := range []int{0, 1} {
						fault := f.fault
						fault.Path, fault.Query, fault.Times = path, kindOf(q), times
						allowed := f.forGood
						if times == 1 {
							allowed = f.once
							if q.Item { // what breaks the answer of a batch comes as 504, which is tried again
								allowed = append(slices.Clone(allowed), "data")
							}
						}
						s := graphtest.New(t, graphtest.Options{Tenant: tenant, Now: testNow, Limits: graphtest.NoLimits, PageCap: 2, Faults: []graphtest.Fault{fault}})
						records, snap := collect(t, s, s.Token(granted()...), selected)
						record := records[source.Path]
						got := record.Reason
						if record.Outcome == snapshot.Collected {
							got = "data"
							if part(t, snap, source.Path) != want && !excused(source.Path, fault.Kind) {
								t.Errorf("%s %s %s, times %d: other data\ngot  %s\nwant %s", fault.Kind, path, fault.Query, times, part(t, snap, source.Path), want)
							}
						}
						if got == "data" && source.Path == "entra.b2bManagementPolicy" {
							continue // there is another place to read it from
						}
						if fault.Kind == graphtest.Licence && source.Licence == nil && got == collector.NoLicence {
							continue // Graph may know of a licence that the table does not
						}
						if !slices.Contains(allowed, got) {
							t.Errorf("%s (Retry-After %q) %s %s, times %d: %s, expected one of %v: %+v", fault.Kind, fault.RetryAfter, path, fault.Query, times, got, allowed, record)
						}
						for _, earlier := range selected {
							if earlier != source && records[earlier.Path].Outcome != snapshot.Collected {
								t.Errorf("%s %s: %s suffered: %+v", fault.Kind, path, earlier.Path, records[earlier.Path])
							}
						}
						s.Close()
					}
				}
			}
		})
	}
}

// kindOf tells requests of one path apart that belong to different sources.
func kindOf(q graphtest.Request) string {
	switch {
	case strings.Contains(q.Query, "signInActivity"):
		return "signInActivity"
	case strings.Contains(q.Query, "endsWith"):
		return "endsWith"
	case strings.Contains(q.Query, "sponsors"):
		return "sponsors"
	case strings.Contains(q.Query, "expand=owners"):
		return "expand=owners"
	case strings.Contains(q.Query, "applicationTemplateId"):
		return "applicationTemplateId"
	}
	return ""
}

// excused are the answers that a service may give for its own reasons, so that other data is no mistake.
func excused(path, kind string) bool {
	switch kind {
	case graphtest.NotFound: // "there is none" is an answer of its own for what a tenant may lack
		return true
	case graphtest.Forbidden, graphtest.Licence: // of the expansion, without which guests are read all the same
		return path == "guests"
	case graphtest.Duplicate: // logs are counted while they are read
		return strings.HasPrefix(path, "audit.")
	}
	return false
}
