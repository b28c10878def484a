package access

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/guestward/guestward/policies/access/accesstest"
	"github.com/guestward/guestward/policies/access/truth"
)

// lawQuestions are those that the laws are tried with.
var lawQuestions = []Question{
	{Require: []string{"mfa"}},
	{Require: []string{"block"}, Clients: []string{"exchangeActiveSync", "easSupported", "other"}},
	{Require: []string{"block"}, Devices: "unmanaged"},
	{Require: []string{"phishing_resistant"}},
	{Require: []string{"mfa", "managed_device"}, Kinds: []string{InternalMember, B2BCollaborationGuest}},
	{Require: []string{"block"}, Resources: Resources{Except: []string{"Office365"}}},
	{Require: []string{"sign_in_frequency", "persistent_browser_never"}, MaxHours: 24},
	{Require: []string{"app_enforced_restrictions", "block"}, Devices: "unmanaged", Resources: Resources{Only: []string{"Office365"}}},
	{Require: []string{"mfa"}, Resources: Resources{Actions: userActions}},
	{Require: []string{"block"}, SignInRisk: []string{"high"}, Locations: &Outside{Countries: []string{"CH"}, Named: []string{"AllTrusted"}}},
	{Require: []string{"terms_of_use"}, Assume: []string{"U10=yes", "U14=yes", "U3=unknown", "A1=no", "A2=unknown"}},
}

// clone copies a document.
func clone(t *testing.T, doc map[string]any) map[string]any {
	t.Helper()
	data, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func ask(t *testing.T, doc map[string]any, q Question) *Answer {
	t.Helper()
	tenant, err := New(FromDocument(doc))
	if err != nil {
		t.Fatal(err)
	}
	a, err := tenant.Uncovered(&q)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func policiesOf(doc map[string]any) []any {
	return doc["conditionalAccess"].(map[string]any)["policies"].([]any)
}

func setPolicies(doc map[string]any, list []any) {
	doc["conditionalAccess"].(map[string]any)["policies"] = list
}

// rank orders verdicts, the safest last.
func rank(verdict string) int {
	return slices.Index([]string{VerdictHole, VerdictUnknown, VerdictCovered}, verdict)
}

// seeds is how many random tenants each law is tried on.
func seeds(t *testing.T, n int) int {
	if testing.Short() {
		return n / 10
	}
	return n
}

// TestSolverAgreesWithCounting compares the solver with a walk over every sign-in of small tenants.
func TestSolverAgreesWithCounting(t *testing.T) {
	tenants, cells := 0, 0
	for seed := range uint64(seeds(t, 60)) {
		doc := accesstest.Tenant(seed, accesstest.Small)
		q := lawQuestions[seed%uint64(len(lawQuestions))]
		tenant, err := New(FromDocument(doc))
		if err != nil {
			t.Fatal(err)
		}
		p, err := tenant.pose(&q)
		if err != nil {
			t.Fatal(err)
		}
		n := 1
		for dim := range dims {
			n *= len(p.groups[dim])
		}
		if n > 60_000 {
			continue
		}
		tenants++
		cells += n
		may := reduce(p.regions(truth.Truth.May))
		must := reduce(p.regions(truth.Truth.Must))
		in := func(list []box, at [dims]int) bool {
			return slices.ContainsFunc(list, func(b box) bool {
				for dim := range dims {
					if !b[dim].has(at[dim]) {
						return false
					}
				}
				return true
			})
		}
		worst := VerdictCovered
		var at [dims]int
		var walk func(dim int)
		walk = func(dim int) {
			if dim < dims {
				for at[dim] = range p.groups[dim] {
					walk(dim + 1)
				}
				return
			}
			var atoms [dims]int
			certain := true
			for d := range dims {
				g := p.groups[d][at[d]]
				atoms[d] = g[len(g)-1]
				certain = certain && p.must[d].has(at[d])
			}
			pt := p.pointAt(atoms)
			decision := p.decide(pt)
			want := truth.No
			if in(may, at) {
				want = truth.Maybe
			}
			if in(must, at) {
				want = truth.Yes
			}
			if decision != want {
				t.Fatalf("seed %d: %+v %s: by policies %s, by regions %s", seed, pt, tenant.resourceWord(pt.resource), decision, want)
			}
			switch {
			case decision == truth.No && certain:
				worst = VerdictHole
			case decision != truth.Yes && worst == VerdictCovered:
				worst = VerdictUnknown
			}
		}
		walk(0)
		a, err := p.solve()
		if err != nil {
			t.Fatal(err)
		}
		if a.Verdict != worst {
			t.Errorf("seed %d: %s, by counting %s%s", seed, a.Verdict, worst, inWords(a))
		}
	}
	if tenants == 0 {
		t.Fatal("no tenant was small enough")
	}
	t.Logf("%d tenants, %d sign-ins", tenants, cells)
}

// TestHolesAreOpen holds each hole's witness, and other sign-ins of the domain, against the decision policy by policy.
func TestHolesAreOpen(t *testing.T) {
	size := accesstest.Small
	size.Policies, size.Guests, size.Groups, size.Apps, size.Locations = 12, 40, 6, 6, 5
	holes := 0
	for seed := range uint64(seeds(t, 60)) {
		doc := accesstest.Tenant(1000+seed, size)
		q := lawQuestions[seed%uint64(len(lawQuestions))]
		tenant, err := New(FromDocument(doc))
		if err != nil {
			t.Fatal(err)
		}
		p, err := tenant.pose(&q)
		if err != nil {
			t.Fatal(err)
		}
		a, err := p.solve()
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range a.Holes {
			holes++
			if d := p.decide(h.point); d != truth.No {
				t.Errorf("seed %d: a hole is %s: %s", seed, d, h.Text)
			}
		}
		for _, h := range a.Undecided {
			if d := p.decide(h.point); d == truth.Yes {
				t.Errorf("seed %d: what is undecided is stopped: %s", seed, h.Text)
			}
			if len(h.Reasons) == 0 {
				t.Errorf("seed %d: no reason is given: %s", seed, h.Text)
			}
		}
		if a.Verdict == VerdictCovered {
			r := rand.New(rand.NewPCG(seed, 2))
			samples, err := tenant.Samples(&q, 50, r.IntN)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range samples {
				if s.Decision != "stopped" {
					t.Errorf("seed %d: covered, and yet %s: %+v", seed, s.Decision, s.SignIn)
				}
			}
		}
	}
	if holes == 0 {
		t.Error("no tenant had a hole")
	}
}

// TestMorePoliciesNeverOpenAHole adds an enabled policy, and disables one.
func TestMorePoliciesNeverOpenAHole(t *testing.T) {
	for seed := range uint64(seeds(t, 60)) {
		doc := accesstest.Tenant(2000+seed, accesstest.Small)
		doc["entra"] = map[string]any{"identitySecurityDefaultsEnforcementPolicy": map[string]any{"isEnabled": false}}
		q := lawQuestions[seed%uint64(len(lawQuestions))]
		before := ask(t, doc, q)
		fewer := clone(t, doc)
		list := policiesOf(fewer)
		i := int(seed) % len(list)
		list[i].(map[string]any)["state"] = "disabled"
		if after := ask(t, fewer, q); rank(after.Verdict) > rank(before.Verdict) {
			t.Errorf("seed %d: without policy %d it is %s, with it %s", seed, i, after.Verdict, before.Verdict)
		}
	}
}

// TestExclusionsNeverCloseAHole excludes somebody, or some app, from a policy.
func TestExclusionsNeverCloseAHole(t *testing.T) {
	for seed := range uint64(seeds(t, 60)) {
		doc := accesstest.Tenant(3000+seed, accesstest.Small)
		q := lawQuestions[seed%uint64(len(lawQuestions))]
		before := ask(t, doc, q)
		changed := clone(t, doc)
		list := policiesOf(changed)
		c, _ := list[int(seed)%len(list)].(map[string]any)["conditions"].(map[string]any)
		users, ok := c["users"].(map[string]any)
		apps, ok2 := c["applications"].(map[string]any)
		if !ok || !ok2 {
			continue // mangled
		}
		r := rand.New(rand.NewPCG(seed, 3))
		switch seed % 3 {
		case 0:
			old, _ := users["excludeGroups"].([]any)
			users["excludeGroups"] = append(old, accesstest.ID("a", r.IntN(2)))
		case 1:
			old, _ := users["excludeUsers"].([]any)
			users["excludeUsers"] = append(old, accesstest.ID("e", r.IntN(3)))
		case 2:
			old, _ := apps["excludeApplications"].([]any)
			apps["excludeApplications"] = append(old, accesstest.ID("b", r.IntN(2)))
		}
		if after := ask(t, changed, q); rank(after.Verdict) > rank(before.Verdict) {
			t.Errorf("seed %d: with an exclusion more it is %s, before %s", seed, after.Verdict, before.Verdict)
		}
	}
}

// TestOrderIdsAndCopiesChangeNothing shuffles policies, and adds report-only copies.
func TestOrderIdsAndCopiesChangeNothing(t *testing.T) {
	size := accesstest.Small
	size.Policies, size.Guests, size.Groups = 6, 8, 4
	for seed := range uint64(seeds(t, 60)) {
		doc := accesstest.Tenant(4000+seed, size)
		q := lawQuestions[seed%uint64(len(lawQuestions))]
		before := ask(t, doc, q)
		changed := clone(t, doc)
		list := policiesOf(changed)
		for _, p := range clone(t, doc)["conditionalAccess"].(map[string]any)["policies"].([]any) {
			p := p.(map[string]any)
			p["id"] = fmt.Sprint("copy of ", p["id"])
			p["state"] = "enabledForReportingButNotEnforced"
			list = append(list, p)
		}
		r := rand.New(rand.NewPCG(seed, 4))
		r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		setPolicies(changed, list)
		for _, collection := range []string{"guests", "groups"} {
			if l, ok := changed[collection].([]any); ok {
				r.Shuffle(len(l), func(i, j int) { l[i], l[j] = l[j], l[i] })
			}
		}
		after := ask(t, changed, q)
		if after.Verdict != before.Verdict || !slices.Equal(texts(after), texts(before)) {
			t.Errorf("seed %d: in another order it is %s%s\nbefore %s%s", seed, after.Verdict, inWords(after), before.Verdict, inWords(before))
		}
		// New ids, the same everywhere.
		data, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 2 {
			data = replaceAll(data, accesstest.ID("b", i), accesstest.ID("5", 100-i))
			data = replaceAll(data, accesstest.ID("a", i), accesstest.ID("4", 100-i))
		}
		var renamed map[string]any
		if err := json.Unmarshal(data, &renamed); err != nil {
			t.Fatal(err)
		}
		if after := ask(t, renamed, q); after.Verdict != before.Verdict {
			t.Errorf("seed %d: with other ids it is %s, before %s", seed, after.Verdict, before.Verdict)
		}
	}
}

func texts(a *Answer) []string {
	var out []string
	for _, h := range slices.Concat(a.Holes, a.Undecided) {
		out = append(out, h.Text)
	}
	return out
}

// TestSplittingAPolicyChangesNothing replaces a policy by two that share its platforms, or its flows, between them.
func TestSplittingAPolicyChangesNothing(t *testing.T) {
	for seed := range uint64(seeds(t, 60)) {
		doc := accesstest.Tenant(5000+seed, accesstest.Small)
		q := lawQuestions[seed%uint64(len(lawQuestions))]
		before := ask(t, doc, q)
		changed := clone(t, doc)
		list := policiesOf(changed)
		i := int(seed) % len(list)
		part := func(n int) map[string]any {
			p := clone(t, list[i].(map[string]any))
			p["id"] = fmt.Sprint(p["id"], " part ", n)
			return p
		}
		one, two := part(1), part(2)
		conditions := func(p map[string]any) map[string]any {
			c, _ := p["conditions"].(map[string]any)
			return c
		}
		if conditions(one) == nil || conditions(one)["platforms"] != nil {
			continue
		}
		conditions(one)["platforms"] = map[string]any{"includePlatforms": []any{"windows", "iOS"}, "excludePlatforms": []any{}}
		conditions(two)["platforms"] = map[string]any{"includePlatforms": []any{"all"}, "excludePlatforms": []any{"windows", "iOS"}}
		setPolicies(changed, append(append(slices.Clone(list[:i]), one, two), list[i+1:]...))
		if after := ask(t, changed, q); after.Verdict != before.Verdict {
			t.Errorf("seed %d: split, it is %s, before %s", seed, after.Verdict, before.Verdict)
		}
	}
}

// TestAnEmptyPurseIsNeverCovered gives the search too little to end.
func TestAnEmptyPurseIsNeverCovered(t *testing.T) {
	size := accesstest.Small
	size.Policies = 8
	short := 0
	for seed := range uint64(seeds(t, 60)) {
		doc := accesstest.Tenant(6000+seed, size)
		q := lawQuestions[seed%uint64(len(lawQuestions))]
		whole := ask(t, doc, q)
		for _, steps := range []int{1, 2, 3, 5, 8, 20} {
			q.Budget.Steps = steps
			a := ask(t, doc, q)
			if a.Reason != "" {
				short++
				if a.Verdict == VerdictCovered {
					t.Errorf("seed %d: covered after %d steps, without an end", seed, steps)
				}
			}
			if a.Verdict == VerdictCovered && whole.Verdict != VerdictCovered || a.Verdict == VerdictHole && whole.Verdict != VerdictHole {
				t.Errorf("seed %d: %s after %d steps, %s after all", seed, a.Verdict, steps, whole.Verdict)
			}
		}
	}
	if short == 0 {
		t.Error("no search ran out of steps")
	}
}

func replaceAll(data []byte, old, new string) []byte {
	return []byte(replacer(old, new).Replace(string(data)))
}

// replacer replaces an id in either case.
func replacer(old, new string) *strings.Replacer {
	return strings.NewReplacer(old, new, strings.ToUpper(old), strings.ToUpper(new))
}
