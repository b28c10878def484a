package access

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/guestward/guestward/policies/access/accesstest"
)

// BenchmarkLargeTenant is the most that a tenant is expected to have: 200 policies, 20,000 guests, 60 groups, 80 apps,
// 25 locations. It tells the making of the model, the first hole and twelve holes apart; as a yardstick of the machine it
// decides single sign-ins, policy by policy.
func BenchmarkLargeTenant(b *testing.B) {
	f := FromDocument(accesstest.Tenant(1, accesstest.Large))
	q := Question{Require: []string{"mfa"}}
	var made, first, twelve, points time.Duration
	timed := func(sum *time.Duration, do func()) {
		start := time.Now()
		do()
		*sum += time.Since(start)
	}
	const samples = 200
	for b.Loop() {
		var t *Tenant
		var err error
		timed(&made, func() { t, err = New(f) })
		if err != nil {
			b.Fatal(err)
		}
		for holes, sum := range map[int]*time.Duration{1: &first, 12: &twelve} {
			q.Budget.Holes = holes
			timed(sum, func() { _, err = t.Uncovered(&q) })
			if err != nil {
				b.Fatal(err)
			}
		}
		p, err := t.pose(&q)
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		timed(&points, func() {
			for range samples {
				p.decide(p.pick(func(of int) int { n = (n*31 + 17) % 1_000_003; return n % of }))
			}
		})
		b.ReportMetric(float64(len(t.Users)), "classes")
	}
	n := float64(b.N)
	b.ReportMetric(made.Seconds()/n, "s/model")
	b.ReportMetric(first.Seconds()/n, "s/first_hole")
	b.ReportMetric(twelve.Seconds()/n, "s/12_holes")
	b.ReportMetric(float64(first)/(float64(points)/samples), "sign-ins/first_hole")
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.HeapSys>>20), "MB")
}

// BenchmarkRealExport is the seven policies that CISA publishes with ScubaGear.
func BenchmarkRealExport(b *testing.B) {
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "scubagear", "ProviderSettingsExport.json"))
	if err != nil {
		b.Skip("the export is not here: ", err)
	}
	var export map[string]any
	if err := json.Unmarshal(data, &export); err != nil {
		b.Fatal(err)
	}
	doc := map[string]any{"conditionalAccess": map[string]any{"policies": camel(export["conditional_access_policies"])}}
	for b.Loop() {
		t, err := New(FromDocument(doc))
		if err != nil {
			b.Fatal(err)
		}
		if _, err := t.Uncovered(&Question{Require: []string{"mfa"}}); err != nil {
			b.Fatal(err)
		}
	}
}

// camel turns the names that PowerShell writes into Graph's.
func camel(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, one := range v {
			out[string(name[0]|0x20)+name[1:]] = camel(one)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = camel(v[i])
		}
		return out
	}
	return v
}
