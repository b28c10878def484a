package access

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/guestward/guestward/policies/access/accesstest"
)

// FuzzModel gives the model any JSON for policies. It must not break, and what it calls covered must be stopped, sign-in
// by sign-in, by a policy that says it is enabled.
func FuzzModel(f *testing.F) {
	for seed := range uint64(6) {
		data, err := json.Marshal(accesstest.Tenant(seed, accesstest.Small))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, c := range cases {
		f.Add([]byte(`{"conditionalAccess": {"policies": [` + strings.Join(c.policies, ",") + `]}, "guests": [], "groups": []}`))
	}
	f.Add([]byte(`{"conditionalAccess": {"policies": [7, null, "x", {"conditions": 3, "grantControls": []}]}, "guests": [null, 3], "groups": [{"memberGroups": 7}], "crossTenantAccess": [], "roles": {"assignments": [1]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var doc map[string]any
		if json.Unmarshal(data, &doc) != nil || len(data) > 100_000 {
			return
		}
		tenant, err := New(FromDocument(doc))
		if err != nil {
			t.Fatal(err)
		}
		q := Question{Require: []string{"mfa"}, Budget: Budget{Steps: 10_000}}
		a, err := tenant.Uncovered(&q)
		if err != nil {
			return // such as more places than are told apart
		}
		if _, err := tenant.LockedOut(nil); err != nil {
			t.Fatal(err)
		}
		if a.Verdict != VerdictCovered {
			return
		}
		if !strings.Contains(string(data), "enabled") && !strings.Contains(string(data), `\u`) {
			t.Error("covered without a policy that is enabled")
		}
		samples, err := tenant.Samples(&q, 20, rand.New(rand.NewPCG(1, 1)).IntN)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range samples {
			if s.Decision != "stopped" {
				t.Errorf("covered, and yet %s: %+v", s.Decision, s.SignIn)
			}
		}
	})
}
