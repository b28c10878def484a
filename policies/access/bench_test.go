package access

import (
	"runtime"
	"testing"
	"time"

	"github.com/guestward/guestward/policies/access/accesstest"
)

// BenchmarkLargeTenant is the most that a tenant is expected to have: 200 policies, 20,000 guests, 60 groups, 80 apps,
// 25 locations. It tells the model's making, the first hole and the whole answer apart.
func BenchmarkLargeTenant(b *testing.B) {
	doc := accesstest.Tenant(1, accesstest.Large)
	f := FromDocument(doc)
	var made, first, whole time.Duration
	for b.Loop() {
		start := time.Now()
		t, err := New(f)
		if err != nil {
			b.Fatal(err)
		}
		made += time.Since(start)
		start = time.Now()
		q := Question{Require: []string{"mfa"}, Budget: Budget{Holes: 1}}
		a, err := t.Uncovered(&q)
		if err != nil {
			b.Fatal(err)
		}
		first += time.Since(start)
		start = time.Now()
		q.Budget.Holes = 12
		if a, err = t.Uncovered(&q); err != nil {
			b.Fatal(err)
		}
		whole += time.Since(start)
		b.ReportMetric(float64(len(t.Users)), "classes")
		b.ReportMetric(float64(len(a.Holes)), "holes")
	}
	n := float64(b.N)
	b.ReportMetric(made.Seconds()/n, "s/model")
	b.ReportMetric(first.Seconds()/n, "s/first_hole")
	b.ReportMetric(whole.Seconds()/n, "s/12_holes")
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.HeapSys>>20), "MB")
}
