package live_test

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	"github.com/guestward/guestward/cmd/internal/live"
	"github.com/guestward/guestward/collector"
	"github.com/guestward/guestward/collector/graph/graphtest"
	"github.com/guestward/guestward/collector/signin"
	"github.com/guestward/guestward/collector/snapshot"
	"github.com/guestward/guestward/policies"
)

// token is a credential that has one token.
type token string

func (t token) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	return azcore.AccessToken{Token: string(t), ExpiresOn: time.Now().Add(time.Hour)}, nil
}

// TestLiveTenantsAreJudgedAsTheirSnapshots serves every tenant of testdata, and expects of the collected snapshot the
// verdicts of the hand-made one.
func TestLiveTenantsAreJudgedAsTheirSnapshots(t *testing.T) {
	files, err := filepath.Glob("../../../testdata/tenants/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal(err, files)
	}
	if testing.Short() {
		files = nil // under the race detector one tenant will do
	}
	files = append(files, "../demo/contoso.json")
	catalogue, err := policies.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			made, err := snapshot.Open(file)
			if err != nil {
				t.Fatal(err)
			}
			defer made.Close()
			tenant, err := graphtest.FromSnapshot(file)
			if err != nil {
				t.Fatal(err)
			}
			s := graphtest.New(t, graphtest.Options{Tenant: tenant, Now: made.Collection.CollectedAt, Limits: graphtest.NoLimits, PageCap: 5})
			cloud, err := signin.CloudByName("global")
			if err != nil {
				t.Fatal(err)
			}
			o := live.Options{
				Sources: collector.All(), Credential: token(s.Token(graphtest.Permissions()...)), SharePoint: true, Cloud: cloud,
				GraphURL: s.URL, SharePointURL: s.SharePointURL, TeamsURL: s.TeamsURL, TeamsLive: true,
				LogDays: 30, Spool: filepath.Join(t.TempDir(), "spool"), Target: "test", Version: "1",
				Now: made.Collection.CollectedAt, Pause: time.Millisecond,
			}
			c, err := live.Collect(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			doc, err := c.Document()
			if err != nil {
				t.Fatal(err)
			}
			var b strings.Builder
			if err := doc.Encode(&b); err != nil {
				t.Fatal(err)
			}
			read, err := snapshot.OpenBytes("collected", []byte(b.String()))
			if err != nil {
				t.Fatal(err)
			}
			want, got := verdicts(t, catalogue, made), verdicts(t, catalogue, read)
			for i, w := range want {
				rule := w.Rule
				if slices.ContainsFunc(rule.Requires, func(r policies.Requirement) bool { return exported(r.Paths()[0]) }) {
					if got[i].Status != policies.Unknown && (got[i].Status != policies.NotApplicable || w.Status != policies.NotApplicable) {
						t.Errorf("%s: %s, though only an export has what it needs", rule.ID, got[i].Status)
					}
					continue
				}
				if slices.ContainsFunc(rule.Uses, func(r policies.Requirement) bool { return r.Paths()[0] == "conditionalAccess.termsOfUse" }) {
					if got[i].Status == policies.Pass && w.Status != policies.Pass {
						t.Errorf("%s passes, though no application can read the agreements", rule.ID)
					}
					continue
				}
				if slices.ContainsFunc(rule.Uses, func(r policies.Requirement) bool { return exported(r.Paths()[0]) }) {
					if got[i].Status == policies.Pass {
						t.Errorf("%s passes, though only an export has all that it reads", rule.ID)
					}
					continue
				}
				same := got[i].Status == w.Status && got[i].Count == w.Count
				if inOneOnly(rule) && (got[i].Status == policies.Unknown || w.Status == policies.Unknown) {
					continue
				}
				if !same {
					t.Errorf("%s: %s with %d findings (%s), the hand-made snapshot %s with %d (%s)", rule.ID, got[i].Status, got[i].Count, got[i].Reason, w.Status, w.Count, w.Reason)
				}
			}
		})
	}
}

// inOneOnly says whether a rule reads what a hand-made snapshot does not let the service have: counts of what it would have
// to list one by one, or what the tenant at hand leaves out.
func inOneOnly(rule *policies.Rule) bool {
	return slices.ContainsFunc(slices.Concat(rule.Requires, rule.Uses), func(r policies.Requirement) bool {
		return slices.ContainsFunc([]string{
			"audit.", "governance.accessReviews.instances", "governance.accessReviews.decisions",
			"groups.channels", "applications.assignments",
		}, func(prefix string) bool { return strings.HasPrefix(r.Paths()[0], prefix) })
	})
}

// exported says whether nothing but an administrator's export brings the path.
func exported(path string) bool {
	section, _, _ := strings.Cut(path, ".")
	return slices.Contains([]string{"exchange", "azure", "powerBI", "azureDevOps"}, section)
}

func verdicts(t *testing.T, c *policies.Catalogue, snap *snapshot.Snapshot) []policies.Result {
	t.Helper()
	e, err := c.Evaluate(t.Context(), snap, policies.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e.Results
}
