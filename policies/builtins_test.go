package policies

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/open-policy-agent/opa/v1/rego"

	"github.com/guestward/guestward/collector/snapshot"
)

// TestAFailingBuiltinIsNoPass gives the model a question that it refuses. To the rule that would only be undefined.
func TestAFailingBuiltinIsNoPass(t *testing.T) {
	rule := strings.ReplaceAll(`# METADATA
# title: t
# description: d
# related_resources: [{ref: "https://example.com", description: d}]
# custom:
#   id: OWN-001
#   severity: low
#   requires: [conditionalAccess.policies]
#   rationale: r
#   remediation: {portal: p, graph: g, powershell: s}
#   since: 0.1.0
package rules.own.refused

findings contains {"path": ["conditionalAccess"], "message": "x"} if access.uncovered(input, {"require": ["magic"]}).holes
`, "\t", " ")
	c, err := Load(fstest.MapFS{"rule.rego": {Data: []byte(rule)}})
	if err != nil {
		t.Fatal(err)
	}
	for _, custom := range []bool{true, false} {
		r, _ := c.Rule("OWN-001")
		r.Custom = custom
		s, err := snapshot.OpenBytes("x.json", []byte(`{"collection": {"schemaVersion": 1, "collectedAt": "2026-11-20T08:00:00Z"}, "conditionalAccess": {"policies": []}}`))
		if err != nil {
			t.Fatal(err)
		}
		e, err := c.Evaluate(context.Background(), s, Options{Rules: []*Rule{r}})
		if err != nil {
			t.Fatal(err)
		}
		if got := e.Results[0]; got.Status != Error || !strings.Contains(got.Reason, "magic") {
			t.Errorf("custom %v: %s: %s", custom, got.Status, got.Reason)
		}
	}
}

// TestReachRefusesWhatItCannotAnswer asks the models for what there is not, and about guests without an id.
func TestReachRefusesWhatItCannotAnswer(t *testing.T) {
	for call, want := range map[string]string{
		`reach.guests(input, ["castles"])`:                 "castles",
		`reach.guests(input, "roles")`:                     "no list of names",
		`reach.guests({"guests": [{"id": 1}]}, ["roles"])`: "guest 0 has no id",
		`reach.counts(input, ["groups"], "many")`:          "many",
		`reach.counts(input, [], 1)`:                       "no number",
		`reach.counts({"guests": [{}]}, ["groups"], 1)`:    "guest 0 has no id",
		`reach.accounts(input, "g1")`:                      "no list of texts",
		`reach.accounts("input", ["g1"])`:                  "not the input document",
		`access.takes(input, "g1")`:                        "no list of texts",
		`reach.unknown("input", ["groups"])`:               "not the input document",
	} {
		_, err := rego.New(rego.Query("x = "+call), rego.Input(map[string]any{})).Eval(context.Background())
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", call, err)
		}
	}
}

// TestRulesThatAskTheModelAreKnown holds that the engine makes the model before it asks such a rule.
func TestRulesThatAskTheModelAreKnown(t *testing.T) {
	guestGroups := []string{"AR-001", "AR-004", "GST-010", "LIF-005"}
	throughLibraries := []string{"GST-013", "AR-001", "AR-002", "AR-003", "AR-004", "ELM-001", "ELM-002", "ELM-003", "ELM-004", "ELM-005", "ELM-006", "ELM-007", "LIF-005"}
	c := catalogue(t)
	if _, err := c.compiled(); err != nil { // which finds it out
		t.Fatal(err)
	}
	for _, r := range c.rules {
		if want := r.Area == "conditional_access" || r.Area == "power_bi" || slices.Contains(guestGroups, r.ID); r.asksModel != want {
			t.Errorf("%s: asks the model: %v", r.ID, r.asksModel)
		}
		if want := r.Area == "privileges" || slices.Contains(throughLibraries, r.ID); r.asksReach != want {
			t.Errorf("%s: asks the model of reach: %v", r.ID, r.asksReach)
		}
	}
}
