package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/guestward/guestward/policies"
)

// withFramework is the fixture seen by a framework that has every status of a control, and a conflict.
func withFramework() *Report {
	r := fixture()
	results := map[string]policies.Result{}
	for _, res := range r.Results {
		results[res.Rule.ID] = res
	}
	f := policies.FrameworkResult{Framework: policies.Framework{Key: "acme", Title: "The rules of Acme 3", Version: "3", URL: "https://acme.example/rules"}}
	add := func(id, title string, status policies.Status, edit func(*policies.ControlResult), rules ...string) {
		c := policies.ControlResult{ControlRules: policies.ControlRules{Control: policies.Control{ID: id, Title: title}}, Status: status}
		for _, rule := range rules {
			res, ok := results[rule]
			if ok {
				c.Results = append(c.Results, res)
			} else {
				res.Rule = fixtureRule(rule, policies.Low, "A rule that was left out")
			}
			c.Rules = append(c.Rules, res.Rule)
		}
		if edit != nil {
			edit(&c)
		}
		f.Results = append(f.Results, c)
	}
	conflict := policies.Conflict{
		Rule: "GST-002", Subject: "Who may invite guests", Setting: "entra.guest_invitations_from",
		Positions: []policies.Position{
			{Controls: []string{"acme:1.1", "acme:1.2", "other:X-1"}, Says: "administrators", Profiles: []string{"guide"}},
			{Controls: []string{"third:T-1"}, Says: "members too", Profiles: []string{"third"}},
			{Source: "https://acme.example/page", Says: "everybody"},
		},
	}
	conflicting := func(c *policies.ControlResult) { c.Conflicts = []policies.Conflict{conflict} }
	add("1.1", "Only chosen people invite guests", policies.Fail, conflicting, "GST-002", "GST-001", "SPO-002")
	add("1.2", "The same once more, in so many words that they do not fit into one line", policies.Error, conflicting, "ELM-001", "SPO-003")
	add("1.10", "Sharing is limited", policies.Unknown, nil, "GST-001", "SPO-004")
	add("2.1", "Nothing was left out", policies.NotAsked, nil, "GST-001", "OWN-001")
	add("2.2", "Guests see little", policies.Pass, nil, "GST-001", "AR-001")
	add("2.3", "Guests are reviewed", policies.NotApplicable, nil, "AR-001", "AR-003")
	add("2.4", "Doors are locked", policies.NotCovered, func(c *policies.ControlResult) {
		c.NotCovered = "Doors are not in the snapshot, however often somebody asks for them."
	})
	add(hostile, hostile, policies.Pass, nil, "GST-001")
	r.Frameworks = []policies.FrameworkResult{f, {Framework: policies.Framework{Key: "empty", Title: "empty"}}}
	return r
}

func TestFrameworkGolden(t *testing.T) {
	whole := table80(t, withFramework(), Options{})
	_, view, ok := strings.Cut(whole, "\nThe rules of Acme 3")
	if !ok {
		t.Fatal("the framework is not shown")
	}
	golden(t, "report.framework.txt", []byte("The rules of Acme 3"+view))
	for line := range strings.Lines(view) {
		if n := columns(strings.TrimSuffix(line, "\n")); n > lineColumns {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	// The view comes on top: what stands there without it stands there still.
	plain := table80(t, fixture(), Options{})
	before, _, _ := strings.Cut(whole, "\nThe rules of Acme 3")
	if !strings.HasPrefix(plain, before) {
		t.Error("a framework changes the rest of the table")
	}
	colour := table80(t, withFramework(), Options{Color: true})
	if colour == whole || colourings.ReplaceAllString(colour, "") != whole {
		t.Error("colour does more than colouring")
	}
}

func TestFrameworkInJSON(t *testing.T) {
	got := jsonReport(t, withFramework())
	validate(t, SchemaJSON, got)
	_, view, ok := bytes.Cut(got, []byte("  \"frameworks\": "))
	view, _, end := bytes.Cut(view, []byte("  \"results\": "))
	if !ok || !end {
		t.Fatal("no member frameworks before the results")
	}
	golden(t, "report.framework.json", view)
	if bytes.Contains(jsonReport(t, fixture()), []byte(`"frameworks"`)) {
		t.Error("the member is there without a framework")
	}
}

func TestFrameworkJSON(t *testing.T) {
	f := policies.Frameworks()["guide"]
	rule := fixtureRule("GST-002", policies.High, "Title")
	var b bytes.Buffer
	if err := FrameworkJSON(&b, f, f.ByControl([]*policies.Rule{rule})); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"key": "guide"`, `"id": "G33"`, `"id": "GST-002",`, `"rules": []`} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%s is missing", want)
		}
	}
	if strings.Contains(b.String(), "status") || strings.Contains(b.String(), "null") {
		t.Error("a list has a status, or a null")
	}
}

func TestHow(t *testing.T) {
	c := policies.Conflict{Setting: "a.b"}
	for want, p := range map[string]policies.Position{
		"the default":              {Profiles: []string{"guide"}},
		"the default, --profile a": {Profiles: []string{"guide", "a"}},
		"--profile a, --profile b": {Profiles: []string{"a", "b"}},
		"the setting a.b":          {},
	} {
		if got := How(c, p); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
