package collector

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/guestward/guestward/collector/snapshot"
)

// scripted is a Reader whose sources do what a test says.
type scripted map[string]func(ctx context.Context, out *Output) error

func (s scripted) Read(ctx context.Context, source *Source, out *Output) error {
	if f := s[source.Path]; f != nil {
		return f(ctx, out)
	}
	return nil
}

// list is a reading of elements under the ids that they have.
func list(texts ...string) func(context.Context, *Output) error {
	return func(_ context.Context, out *Output) error {
		for _, text := range texts {
			var e struct{ ID string }
			if err := json.Unmarshal([]byte(text), &e); err != nil {
				return err
			}
			if err := out.Add(e.ID, json.RawMessage(text)); err != nil {
				return err
			}
			if err := out.Checkpoint(e.ID); err != nil {
				return err
			}
		}
		return nil
	}
}

var testNow = time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)

func options(t *testing.T, reader Reader, paths ...string) Options {
	t.Helper()
	return Options{
		Sources: Select(paths), Readers: map[API]Reader{Graph: reader},
		Spool: filepath.Join(t.TempDir(), "spool"), Target: "test", Cloud: "global", Version: "1", Now: testNow,
	}
}

// collect runs a collection and opens its snapshot as a scan would.
func collect(t *testing.T, o Options) *snapshot.Snapshot {
	t.Helper()
	c, err := Collect(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return reopen(t, c)
}

func reopen(t *testing.T, c *Collection) *snapshot.Snapshot {
	t.Helper()
	doc, err := c.Document()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := doc.Encode(&b); err != nil {
		t.Fatal(err)
	}
	snap, err := snapshot.OpenBytes("test", b.Bytes())
	if err != nil {
		t.Fatalf("%v\n%s", err, b.String())
	}
	return snap
}

func sourceOf(t *testing.T, snap *snapshot.Snapshot, path string) snapshot.Source {
	t.Helper()
	for _, s := range snap.Collection.Sources {
		if s.Source == path {
			return s
		}
	}
	t.Fatalf("no record of %s", path)
	return snapshot.Source{}
}

func elements(t *testing.T, snap *snapshot.Snapshot, name string) []string {
	t.Helper()
	var out []string
	for raw, err := range snap.Document()[name].(snapshot.Elements) {
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := json.Compact(&b, raw); err != nil {
			t.Fatal(err)
		}
		out = append(out, b.String())
	}
	return out
}

func TestEveryRowOfTheTableIsRecorded(t *testing.T) {
	snap := collect(t, options(t, scripted{"tenant.organization": list(`{"id":"t"}`)}, "entra.authorizationPolicy"))
	for i := range Sources {
		sourceOf(t, snap, Sources[i].Path)
	}
	if got := sourceOf(t, snap, "guests"); got.Reason != NotRequested || got.Permission != "User.Read.All" {
		t.Errorf("guests, which nobody asked for: %+v", got)
	}
	// A reading that brings nothing where one object is expected is no answer.
	if got := sourceOf(t, snap, "entra.authorizationPolicy"); got.Outcome != snapshot.Gap || got.Reason != Failed {
		t.Errorf("a policy that was not there: %+v", got)
	}
}

func TestOneFailureStopsNothingElse(t *testing.T) {
	for _, test := range []struct {
		err  error
		want snapshot.Source
	}{
		{&Gap{Reason: NoPermission, Code: "Authorization_RequestDenied", Detail: "403"}, snapshot.Source{Reason: NoPermission, Code: "Authorization_RequestDenied", Detail: "403", Permission: "Policy.Read.All"}},
		{&Gap{Reason: NoPermission, Permission: "Other.Read"}, snapshot.Source{Reason: NoPermission, Permission: "Other.Read"}},
		{&Gap{Reason: NoLicence, Code: "NoLicense"}, snapshot.Source{Reason: NoLicence, Code: "NoLicense"}},
		{&Gap{Reason: Throttled}, snapshot.Source{Reason: Throttled}},
		{errors.New("the answer broke off"), snapshot.Source{Reason: Failed, Detail: "the answer broke off"}},
		{fmt.Errorf("page 3: %w", &Gap{Reason: Unavailable}), snapshot.Source{Reason: Unavailable}},
	} {
		snap := collect(t, options(t, scripted{
			"conditionalAccess.policies": func(ctx context.Context, out *Output) error {
				if err := list(`{"id":"a"}`, `{"id":"b"}`)(ctx, out); err != nil { // two pages came, then it broke
					return err
				}
				return test.err
			},
			"conditionalAccess.namedLocations": list(`{"id":"n"}`),
		}, "conditionalAccess"))
		got := sourceOf(t, snap, "conditionalAccess.policies")
		test.want.Source, test.want.Outcome = "conditionalAccess.policies", snapshot.Gap
		got.StartedAt, got.EndedAt = "", ""
		if got != test.want {
			t.Errorf("got %+v\nwant %+v", got, test.want)
		}
		var section map[string][]any
		if err := snap.Section("conditionalAccess", &section); err != nil {
			t.Fatal(err)
		}
		if _, there := section["policies"]; there {
			t.Error("a short list was taken for the list")
		}
		if len(section["namedLocations"]) != 1 {
			t.Error("another source was stopped")
		}
	}
}

func TestWhatRestsOnAGapIsOne(t *testing.T) {
	snap := collect(t, options(t, scripted{
		"crossTenantAccess.partners": func(context.Context, *Output) error { return &Gap{Reason: NoPermission, Code: "x"} },
		"crossTenantAccess.partnerNames": func(context.Context, *Output) error {
			t.Error("it was read all the same")
			return nil
		},
	}, "crossTenantAccess.partnerNames"))
	got := sourceOf(t, snap, "crossTenantAccess.partnerNames")
	if got.Reason != NoPermission || got.Permission != "Policy.Read.All" || !strings.Contains(got.Detail, "crossTenantAccess.partners") {
		t.Errorf("%+v", got)
	}
}

func TestCloudsThatLackASource(t *testing.T) {
	o := options(t, scripted{}, "labels")
	o.Cloud = "china"
	if got := sourceOf(t, collect(t, o), "labels.sensitivityLabels"); got.Reason != Unavailable || !strings.Contains(got.Detail, "china") {
		t.Errorf("%+v", got)
	}
}

func TestCollectionsAreJoinedById(t *testing.T) {
	snap := collect(t, options(t, scripted{
		"tenant.organization": list(`{"id":"t"}`),
		// The same guest on two pages: it moved while they were read.
		"guests": list(`{"id":"c"}`, `{"id":"a","displayName":"old"}`, `{"id":"b","sponsors":[]}`, `{"id":"a","displayName":"new"}`),
		"guests.signInActivity": func(_ context.Context, out *Output) error {
			for _, id := range []string{"c", "zz", "a", "A"} { // one who is no guest, and one whose id only looks alike
				if err := out.Add(id, json.RawMessage(`{"signInActivity":{"lastSignInDateTime":"`+id+`"}}`)); err != nil {
					return err
				}
			}
			return nil
		},
	}, "guests"))
	got := elements(t, snap, "guests")
	want := []string{
		`{"displayName":"new","id":"a","signInActivity":{"lastSignInDateTime":"a"}}`,
		`{"id":"b","sponsors":[]}`,
		`{"id":"c","signInActivity":{"lastSignInDateTime":"c"}}`,
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestMembershipsInParts(t *testing.T) {
	snap := collect(t, options(t, scripted{
		"tenant.organization": list(`{"id":"t"}`),
		"groups":              list(`{"id":"g1"}`, `{"id":"g2"}`),
		"groups.externalMembers": func(_ context.Context, out *Output) error {
			for _, part := range []string{`{"externalMembers":["b","a"],"owners":["o"]}`, `{"externalMembers":["c","a"],"memberGroups":["g2"]}`} {
				if err := out.Add("g1", json.RawMessage(part)); err != nil {
					return err
				}
				if err := out.Checkpoint("next"); err != nil {
					return err
				}
			}
			return nil
		},
	}, "groups.externalMembers"))
	got := elements(t, snap, "groups")
	want := []string{
		`{"externalMembers":["a","b","c"],"externalOwners":[],"id":"g1","memberGroups":["g2"],"owners":["o"]}`,
		`{"id":"g2"}`, // of which nobody said anything
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestServicePlansOfSubscriptionsThatWork(t *testing.T) {
	snap := collect(t, options(t, scripted{
		"licences.subscribedSkus": list(
			`{"id":"1","skuId":"1","capabilityStatus":"Enabled","servicePlans":[{"servicePlanId":"P","servicePlanName":"X","provisioningStatus":"PendingActivation"}]}`,
			`{"id":"2","skuId":"2","capabilityStatus":"Warning","servicePlans":[{"servicePlanId":"p","servicePlanName":"X","provisioningStatus":"Success"}]}`,
			`{"id":"3","skuId":"3","capabilityStatus":"Suspended","servicePlans":[{"servicePlanId":"q","servicePlanName":"Y","provisioningStatus":"Success"}]}`),
	}, "licences"))
	var section struct{ ServicePlans []servicePlan }
	if err := snap.Section("licences", &section); err != nil {
		t.Fatal(err)
	}
	want := []servicePlan{{ServicePlanID: "p", ServicePlanName: "X", ProvisioningStatus: "Success"}}
	if fmt.Sprint(section.ServicePlans) != fmt.Sprint(want) {
		t.Errorf("got %+v", section.ServicePlans)
	}
}

// TestResume breaks a collection off at every step, goes on, and expects what one without interruption brings.
func TestResume(t *testing.T) {
	texts := make([]string, 7)
	for i := range texts {
		texts[i] = fmt.Sprintf(`{"id":"g%d"}`, i)
	}
	read := func(stopBefore int, stop func()) scripted {
		return scripted{
			"tenant.organization": list(`{"id":"t"}`),
			"guests": func(ctx context.Context, out *Output) error {
				from := 0
				if c := out.Cursor(); c != "" {
					if _, err := fmt.Sscanf(c, "%d", &from); err != nil {
						return err
					}
				}
				for i := from; i < len(texts); i++ {
					if i == stopBefore {
						if err := out.Add("lost", json.RawMessage(`{"id":"lost"}`)); err != nil { // after the last checkpoint
							return err
						}
						stop()
						<-ctx.Done()
						return ctx.Err()
					}
					if err := list(texts[i])(ctx, out); err != nil {
						return err
					}
					if err := out.Checkpoint(fmt.Sprint(i + 1)); err != nil {
						return err
					}
				}
				return nil
			},
		}
	}
	whole := elements(t, collect(t, options(t, read(-1, nil), "guests")), "guests")
	for stopBefore := range texts {
		o := options(t, nil, "guests")
		ctx, cancel := context.WithCancel(t.Context())
		o.Readers = map[API]Reader{Graph: read(stopBefore, cancel)}
		if _, err := Collect(ctx, o); !errors.Is(err, context.Canceled) {
			t.Fatalf("stopped before %d: %v", stopBefore, err)
		}
		if stopBefore%2 == 0 { // the program ended in the middle of a line
			f, err := os.OpenFile(filepath.Join(o.Spool, "guests.spool"), os.O_APPEND|os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := f.WriteString("E\tg9\t{\"id\":"); err != nil {
				t.Fatal(err)
			}
			f.Close()
		}
		if _, err := Collect(t.Context(), o); err == nil || !strings.Contains(err.Error(), "--resume") {
			t.Fatalf("a new collection over an interrupted one: %v", err)
		}
		o.Resume, o.Now = true, testNow.Add(time.Hour)
		o.Readers = map[API]Reader{Graph: read(-1, nil)}
		other := o
		other.Target = "another tenant"
		if _, err := Collect(t.Context(), other); err == nil || !strings.Contains(err.Error(), "another tenant") {
			t.Fatalf("going on with another tenant: %v", err)
		}
		snap := collect(t, o)
		if got := elements(t, snap, "guests"); fmt.Sprint(got) != fmt.Sprint(whole) {
			t.Errorf("stopped before %d:\ngot  %s\nwant %s", stopBefore, got, whole)
		}
		if !snap.Collection.CollectedAt.Equal(testNow) {
			t.Errorf("the clock moved: %s", snap.Collection.CollectedAt)
		}
	}
}

func TestResumeWithoutASpool(t *testing.T) {
	o := options(t, scripted{}, "guests")
	o.Resume = true
	if _, err := Collect(t.Context(), o); !errors.Is(err, ErrNoSpool) {
		t.Error(err)
	}
}

func TestSpoolIsPrivateAndRemoved(t *testing.T) {
	o := options(t, scripted{"tenant.organization": list(`{"id":"t"}`)}, "tenant")
	c, err := Collect(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	files := 0
	err = filepath.WalkDir(o.Spool, func(name string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %s", name, info.Mode())
		}
		files++
		return nil
	})
	if err != nil || files < 3 {
		t.Fatal(err, files)
	}
	if err := c.Remove(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(o.Spool); !os.IsNotExist(err) {
		t.Error("the spool is still there")
	}
}

func TestSelect(t *testing.T) {
	paths := func(list []*Source) string {
		var names []string
		for _, s := range list {
			names = append(names, s.Path)
		}
		return strings.Join(names, " ")
	}
	for _, test := range []struct{ wanted, want string }{
		{"entra.authorizationPolicy.allowInvitesFrom", "tenant.organization licences.subscribedSkus entra.authorizationPolicy"},
		{"licences.servicePlans", "tenant.organization licences.subscribedSkus"},
		{"guests.signInActivity", "tenant.organization licences.subscribedSkus guests guests.signInActivity"},
		{"crossTenantSync.jobs", "tenant.organization licences.subscribedSkus crossTenantSync.servicePrincipals crossTenantSync.jobs"},
		{"groups.externalOwners", "tenant.organization licences.subscribedSkus guests groups groups.externalMembers groups.externalOwners"},
	} {
		if got := paths(Select([]string{test.wanted})); got != test.want {
			t.Errorf("%s: got %s, want %s", test.wanted, got, test.want)
		}
	}
}
