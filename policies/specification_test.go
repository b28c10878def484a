package policies

import (
	"context"
	"encoding/json"
	"flag"
	"math/rand/v2"
	"testing"

	"github.com/guestward/guestward/policies/access"
	"github.com/guestward/guestward/policies/access/accesstest"
)

// signIns is how many sign-ins are compared; make differential asks for 100,000.
var signIns = flag.Int("signins", 5_000, "how many sign-ins the model and the specification are compared on")

// specificationQuestions are what the differential test asks.
var specificationQuestions = []access.Question{
	{Require: []string{"mfa"}, Kinds: append([]string{access.InternalMember}, access.GuestKinds...)},
	{Require: []string{"block"}},
	{Require: []string{"phishing_resistant"}},
	{Require: []string{"terms_of_use", "managed_device"}},
	{Require: []string{"sign_in_frequency"}, MaxHours: 24},
	{Require: []string{"persistent_browser_never", "block_downloads"}},
	{Require: []string{"app_enforced_restrictions"}},
	{Require: []string{"mfa"}, Resources: access.Resources{Actions: []string{"urn:user:registersecurityinfo", "urn:user:registerdevice"}}},
	{Require: []string{"mfa"}, Assume: []string{"A1=no", "A3=yes", "U1=yes", "U2=yes", "U3=no", "U4=yes", "U5=yes", "U6=yes", "U7=yes", "U8=yes", "U10=yes", "U11=yes", "U12=yes", "U13=yes", "U14=yes"}},
	{Require: []string{"mfa", "managed_device"}, Assume: []string{"A1=unknown", "A2=unknown", "A3=unknown", "U1=no", "U2=no", "U3=unknown", "U4=no", "U5=no", "U6=no", "U7=no", "U8=no", "U9=no", "U10=no", "U11=no", "U12=no", "U13=no", "U14=no"}},
}

// TestModelAgreesWithSpecification puts random sign-ins over random tenants to the model in Go and to the specification in
// Rego, which were written apart from each other.
func TestModelAgreesWithSpecification(t *testing.T) {
	c := catalogue(t)
	const each = 250
	tenants := *signIns / each
	if testing.Short() {
		tenants = min(tenants, 2)
	}
	decisions := map[string]int{}
	differences := 0
	for seed := range uint64(tenants) {
		size := accesstest.Small
		size.Policies, size.Odd, size.Guests, size.Groups = 2+int(seed%5), .25, 6, 4
		doc := accesstest.Tenant(seed, size)
		model, err := access.New(access.FromDocument(doc))
		if err != nil {
			t.Fatal(err)
		}
		q := specificationQuestions[seed%uint64(len(specificationQuestions))]
		samples, err := model.Samples(&q, each, rand.New(rand.NewPCG(seed, 7)).IntN)
		if err != nil {
			t.Fatal(err)
		}
		facts, err := value(model.Specification(q.Assume))
		if err != nil {
			t.Fatal(err)
		}
		question, err := value(q)
		if err != nil {
			t.Fatal(err)
		}
		var in []*access.SignIn
		for _, s := range samples {
			in = append(in, s.SignIn)
		}
		compiler, err := c.compiled()
		if err != nil {
			t.Fatal(err)
		}
		got, err := decide(context.Background(), compiler, facts, in, question)
		if err != nil {
			t.Fatal(err)
		}
		for i, s := range samples {
			decisions[got[i]]++
			if got[i] == s.Decision {
				continue
			}
			if differences++; differences <= 3 {
				raw, err := json.Marshal(s.SignIn)
				if err != nil {
					t.Fatal(err)
				}
				t.Errorf("seed %d: the model says %s, the specification %s\n%s", seed, s.Decision, got[i], raw)
			}
		}
	}
	t.Logf("%v, %d differences", decisions, differences)
	for _, d := range []string{"open", "stopped", "unknown"} {
		if decisions[d] == 0 {
			t.Errorf("no sign-in is %s", d)
		}
	}
}
