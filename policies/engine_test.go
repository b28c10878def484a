package policies

import (
	"context"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/guestward/guestward/collector/snapshot"
)

// userRule is a complete rule of a user's own; body stands for its text below the package line.
func userRule(id, name, body string, custom ...string) string {
	library := ""
	if strings.Contains(body, "finding.") {
		library = "import data.lib.finding\n\n"
	}
	return fmt.Sprintf(`# METADATA
# title: A rule of our own
# description: It says something.
# related_resources:
#   - ref: https://learn.microsoft.com/
#     description: A page
# custom:
#   id: %s
#   severity: high
#   requires: [entra.authorizationPolicy.allowInvitesFrom]
#   rationale: Because.
#   remediation: {portal: Click., graph: PATCH, powershell: Set}
#   since: 1.0.0
%spackage rules.own.%s

%s%s
`, id, strings.Join(custom, ""), name, library, body)
}

const ordinary = `findings contains finding.at(["entra", "authorizationPolicy", "allowInvitesFrom"], "bad") if {
	input.entra.authorizationPolicy.allowInvitesFrom == "everyone"
}`

func folder(files map[string]string) fs.FS {
	m := fstest.MapFS{}
	for name, text := range files {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return Folder("own", m)
}

func TestUserRuleRunsUnderTheSameContract(t *testing.T) {
	c, err := Load(folder(map[string]string{
		"guests/rule.rego":   userRule("OWN-001", "invites", ordinary, "#   settings: [own.limit]\n"),
		"settings/data.yaml": "own: {limit: 3}\n",
	}))
	if err != nil {
		t.Fatal(err)
	}
	r, ok := c.Rule("own-001")
	if !ok || !r.Custom || r.Area != "own" {
		t.Fatalf("rule %+v", r)
	}
	settings, err := c.Settings("", SettingsFile{"s.yaml", []byte("own: {limit: 4}\nguests: {inactive_days: 30}\n")})
	if err != nil {
		t.Fatal(err)
	}
	if v, _ := settings.Value("own.limit"); v != 4 {
		t.Errorf("own.limit is %v", v)
	}
	e := judge(t, c, document(t, "default"), Options{Rules: []*Rule{r}, Settings: settings})
	res := e.Results[0]
	if res.Status != Fail || res.Count != 1 || res.Findings.First(1)[0].Location.Start.Line < 2 {
		t.Errorf("result %+v", res)
	}
}

// TestBadRules holds what is said of rules that break the contract.
func TestBadRules(t *testing.T) {
	oneThread(t)
	for _, test := range []struct{ name, text, want string }{
		{"does not parse", "package rules.own.x\n\nfindings contains {", "own/x.rego:3"},
		{"does not compile", userRule("OWN-001", "x", "findings contains missing_function(1) if { true }"), "undefined function missing_function"},
		{"calls the network", userRule("OWN-001", "x", `findings contains r if { r := http.send({"method": "get", "url": "https://x"}) }`), "undefined function http.send; rules have no network, no clock"},
		{"reads the clock", userRule("OWN-001", "x", `findings contains r if { r := time.now_ns() }`), "undefined function time.now_ns"},
		{"no metadata", "package rules.own.x\n\nfindings contains 1 if { false }", "own/x.rego:1: the package rules.own.x has no METADATA block"},
		{"missing field", strings.Replace(userRule("OWN-001", "x", ordinary), "#   rationale: Because.\n", "", 1), "METADATA lacks custom.rationale"},
		{"misspelt field", strings.Replace(userRule("OWN-001", "x", ordinary), "rationale:", "rational:", 1), `unknown field "rational"`},
		{"bad severity", strings.Replace(userRule("OWN-001", "x", ordinary), "severity: high", "severity: grave", 1), `"grave" is none of critical, high`},
		{"bad id", userRule("own one", "x", ordinary), `"own one" is not of the form ABC-001`},
		{"id of a built-in rule", userRule("GST-002", "x", ordinary), `the id GST-002 belongs to "Only chosen roles may invite guests"; ids are never given twice`},
		{"package of a built-in rule", strings.Replace(userRule("OWN-001", "x", ordinary), "rules.own.x", "rules.entra.guest_invitations", 1), "the package rules.entra.guest_invitations is already in policies/"},
		{"package at the wrong depth", strings.Replace(userRule("OWN-001", "x", ordinary), "rules.own.x", "rules.x", 1), "not of the form rules.<area>.<name>"},
		{"no findings", userRule("OWN-001", "x", "other contains 1 if { finding.at([], 1) }"), "defines no partial set `findings"},
		{"findings is no set", userRule("OWN-001", "x", `findings := [finding.at(["a"], "b")]`), "defines no partial set `findings"},
		{"each of no collection", userRule("OWN-001", "x", ordinary, "#   each: people\n"), `"people" is not a collection`},
		{"collection without each", strings.Replace(userRule("OWN-001", "x", ordinary), "requires: [entra.authorizationPolicy.allowInvitesFrom]", "requires: [guests]", 1), "guests is a collection, which a rule reads with each"},
		{"bad path", strings.Replace(userRule("OWN-001", "x", ordinary), "entra.authorizationPolicy.allowInvitesFrom]", "entra..x]", 1), `"entra..x" is not a path`},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Load(folder(map[string]string{"x.rego": test.text}))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
			if _, ok := err.(*PolicyError); err != nil && !ok {
				t.Errorf("%T is not a policy error", err)
			}
		})
	}
	hidden := namedFS{fstest.MapFS{"rules/entra/guest_invitations/rule.rego": {Data: []byte(userRule("OWN-001", "x", ordinary))}}, "policies"}
	if _, err := Load(hidden); err == nil || !strings.Contains(err.Error(), "another file is known by this name; give the folder another name") {
		t.Errorf("a file in the place of a built-in one: %v", err)
	}
	if _, err := Load(folder(map[string]string{"README": ""})); err == nil || !strings.Contains(err.Error(), "own: the folder holds no .rego file") {
		t.Errorf("empty folder: %v", err)
	}
	c, err := Load(folder(map[string]string{"x.rego": userRule("OWN-001", "x", ordinary), "settings/data.yaml": "guests: {inactive_days: 1}\n"}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Settings(""); err == nil || !strings.Contains(err.Error(), `the settings "guests" are guestward's own`) {
		t.Errorf("stolen settings: %v", err)
	}
}

// TestBrokenRuleIsLoud checks that a rule that goes wrong while it runs is an error, and that the others still report.
func TestBrokenRuleIsLoud(t *testing.T) {
	forever := `findings contains finding.at(["entra"], "x") if {
	some i in numbers.range(1, 100000)
	some j in numbers.range(1, 100000)
	i * j == -1
}`
	c, err := Load(folder(map[string]string{
		"a.rego": userRule("OWN-001", "a", forever),
		"b.rego": userRule("OWN-002", "b", `findings contains {"msg": "not ours"} if { input.entra }`),
		"c.rego": userRule("OWN-003", "c", ordinary),
		"d.rego": userRule("OWN-004", "d", `findings contains finding.at(["entra"], m) if { some m in ["one", "two"] }`),
		"e.rego": strings.Replace(userRule("OWN-005", "e", `findings contains finding.at(["entra"], "x") if { input.guests }`, "#   each: guests\n"), "requires: [entra.authorizationPolicy.allowInvitesFrom]", "requires: [guests]", 1),
		"f.rego": userRule("OWN-006", "f", `findings contains finding.at(["entra"], "x") if { data.settings.own == 1 }
findings contains finding.at(["entra"], y) if { y := conflict }
conflict := 1 if { input.entra }
conflict := 2 if { input.entra }`),
		"g.rego": userRule("OWN-007", "g", ordinary+`
unknowns := [finding.at(["entra"], "x")]`),
		"h.rego": userRule("OWN-008", "h", ordinary+`
not_applicable := "x"`),
	}))
	if err != nil {
		t.Fatal(err)
	}
	rules, err := c.Select([]string{"own"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	e := judge(t, c, document(t, "messy"), Options{Rules: rules, RuleTimeout: 200 * time.Millisecond})
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("the endless rule ran for %v", took)
	}
	for i, want := range []string{
		"took longer than 200ms: it may never end", "findings holds something that is not made by finding.at", "",
		"two findings are about the same place, /entra", "reports about one of its elements, not about /entra", "conflict",
		"unknowns is no set: define it with `unknowns contains", "not_applicable is no set",
	} {
		r := e.Results[i]
		if want == "" {
			if r.Status == Error {
				t.Errorf("%s: %s", r.Rule.ID, r.Reason)
			}
			continue
		}
		if r.Status != Error || !strings.Contains(r.Reason, want) {
			t.Errorf("%s: %s %q, want %q", r.Rule.ID, r.Status, r.Reason, want)
		}
	}
}

func TestSelect(t *testing.T) {
	c := catalogue(t)
	ids := func(include, exclude []string) string {
		rules, err := c.Select(include, exclude)
		if err != nil {
			return err.Error()
		}
		var out []string
		for _, r := range rules {
			out = append(out, r.ID)
		}
		return strings.Join(out, " ")
	}
	for _, test := range []struct {
		include, exclude []string
		want             string
	}{
		{[]string{"gst-002"}, nil, "GST-002"},
		{[]string{"scuba:ms.aad.8.2"}, nil, "GST-002"},
		{[]string{"GST-00[12]"}, []string{"GST-001"}, "GST-002"},
		{[]string{"SCUBA:MS.AAD.8.*"}, nil, "GST-001 GST-002 GST-003 XTA-001"},
		{[]string{"exo", "log"}, nil, "EXO-001 LOG-001 LOG-002 LOG-003 LOG-004"},
		{[]string{"eidsca"}, []string{"GST-00[5-9]"}, "GST-001 GST-002"},
		{[]string{"exchange"}, []string{"exchange"}, ""},
		{[]string{"NOPE-1"}, nil, "no rule is called \"NOPE-1\"; `guestward rules list` shows the ids, areas and controls that can be named"},
		{nil, []string{"nope"}, "no rule is called \"nope\"; `guestward rules list` shows the ids, areas and controls that can be named"},
	} {
		if got := ids(test.include, test.exclude); got != test.want {
			t.Errorf("%v without %v: %s, want %s", test.include, test.exclude, got, test.want)
		}
	}
	if all := ids(nil, nil); len(strings.Fields(all)) != len(c.Rules()) {
		t.Errorf("all: %s", all)
	}
}

// TestShuffledInputKeepsFingerprints reorders every array whose order means nothing and moves every line: findings keep
// their identity, and statuses do not change.
func TestShuffledInputKeepsFingerprints(t *testing.T) {
	if testing.Short() {
		t.Skip("a scan like the others, many times")
	}
	c := catalogue(t)
	rnd := rand.New(rand.NewPCG(3, 4))
	for _, name := range tenantNames(t) {
		doc := document(t, name)
		before := identities(t, judge(t, c, doc, Options{AllFindings: true}))
		for round := range 3 {
			data := shuffled(rnd, map[string]any(doc), snapshot.Schema())
			s, err := snapshot.OpenBytes("shuffled.json", compact(t, data))
			if err != nil {
				t.Fatal(err)
			}
			e, err := c.Evaluate(context.Background(), s, Options{AllFindings: true})
			if err != nil {
				t.Fatal(err)
			}
			if after := identities(t, e); !slices.Equal(before, after) {
				t.Fatalf("%s, round %d:\n%v\n%v", name, round, before, after)
			}
			e.Close()
		}
	}
}

// identities lists status and fingerprints of all results, sorted, and checks that they are distinct.
func identities(t *testing.T, e *Evaluation) []string {
	t.Helper()
	var out []string
	for _, r := range e.Results {
		out = append(out, fmt.Sprint(r.Rule.ID, " ", r.Status, " ", r.Count))
		seen := map[string]bool{}
		for f, err := range r.Findings.All() {
			if err != nil {
				t.Fatal(err)
			}
			if seen[f.Fingerprint] || len(f.Fingerprint) != 32 {
				t.Errorf("%s: the fingerprint %q of %s is not its own", r.Rule.ID, f.Fingerprint, f.Path.Pointer())
			}
			seen[f.Fingerprint] = true
			out = append(out, r.Rule.ID+" "+f.Fingerprint)
		}
		if r.Group != nil {
			out = append(out, r.Rule.ID+" group "+r.Group.Fingerprint)
		}
	}
	slices.Sort(out)
	return out
}

// TestFindingsSpill checks that findings beyond memory come back whole and in order.
func TestFindingsSpill(t *testing.T) {
	f := &findings{}
	for i := range keptFindings + 500 {
		if err := f.add(Finding{Path: snapshot.Path{"guests", i}, Message: fmt.Sprint(i)}); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 { // it can be read more than once
		n := 0
		for one, err := range f.All() {
			if err != nil {
				t.Fatal(err)
			}
			if one.Path[1] != n || one.Message != fmt.Sprint(n) {
				t.Fatalf("finding %d is %+v", n, one)
			}
			n++
		}
		if n != keptFindings+500 {
			t.Errorf("%d findings", n)
		}
	}
	name := f.spill.Name()
	if err := f.close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(name); err == nil {
		t.Error("the temporary file is still there")
	}
	dropped := &findings{drop: true}
	for range keptFindings + 500 {
		if err := dropped.add(Finding{}); err != nil {
			t.Fatal(err)
		}
	}
	if !dropped.full() || dropped.spill != nil {
		t.Error("findings that nobody asks for are kept on disk")
	}
}

// TestOnlyPopulationsForget checks that a rule about the configuration keeps all that it finds: each is an alert of its own.
func TestOnlyPopulationsForget(t *testing.T) {
	c, err := Load(folder(map[string]string{"x.rego": userRule("OWN-001", "x", `findings contains finding.keyed(["entra", "authorizationPolicy"], sprintf("%d", [i]), "x") if {
	some i in numbers.range(1, 1200)
}`)}))
	if err != nil {
		t.Fatal(err)
	}
	rules, err := c.Select([]string{"own"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	res := judge(t, c, document(t, "default"), Options{Rules: rules}).Results[0]
	for _, err := range res.Findings.All() {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != 1200 || res.Count != n {
		t.Errorf("%d of %d findings: %s %s", n, res.Count, res.Status, res.Reason)
	}
}

func TestSeveralFindingsAboutOneElementAreNoElements(t *testing.T) {
	c := catalogue(t)
	for id, want := range map[string]string{"SPO-014": "3 of 3 sites in 5 findings", "LBL-002": "13 of 17 groups"} {
		r, _ := c.Rule(id)
		res := judge(t, c, document(t, "messy"), Options{Rules: []*Rule{r}}).Results[0]
		if got := res.Among(res.Count); got != want || res.Group == nil || !strings.HasPrefix(res.Group.Message, want+", ") {
			t.Errorf("%s finds %q, and its group says %+v", id, got, res.Group)
		}
	}
}

func TestInterruptedEvaluationIsAnError(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := catalogue(t).Evaluate(ctx, openTenant(t, "messy"), Options{}); err == nil {
		t.Error("a cancelled evaluation gave results")
	}
}
