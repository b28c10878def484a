package policies

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// awaited are controls whose rules are being written. DELETE this list, and what reads it, when they are there: then a
// control has a rule or says why not.
var awaited = map[string][]string{
	"guide":          {"G02", "G17", "G26", "G31", "G33"},
	"cis_m365_7.0":   {"1.2.1", "3.3.1", "5.1.6.1", "5.2.3.7", "5.3.1", "5.3.3", "5.3.4", "5.3.5"},
	"cis_m365_6.0.1": {"1.2.1", "5.1.3.1", "5.2.3.7", "5.3.3"},
	"scuba":          {"MS.AAD.3.5", "MS.AAD.7.4", "MS.AAD.7.5"},
	"zt":             {"21822", "21868", "21874", "21875", "21878", "21879", "21929", "22128", "35012"},
	"nist_800_53":    {"CM-7b"},
	"iso_27001_2022": {"A.5.33"},
}

// TestFrameworksAreComplete: every control has rules or a reason for having none, never both.
func TestFrameworksAreComplete(t *testing.T) {
	c := catalogue(t)
	for key, f := range Frameworks() {
		bad := func(format string, args ...any) {
			t.Errorf("frameworks/%s.yaml: %s", key, fmt.Sprintf(format, args...))
		}
		if u, err := url.Parse(f.URL); err != nil || u.Scheme != "https" || f.Title == "" || f.Version == "" {
			bad("title, version or url (https) is missing")
		}
		seen := map[string]bool{}
		for _, control := range f.ByControl(c.rules) {
			switch {
			case control.ID == "" || strings.TrimSpace(control.ID) != control.ID || control.Title == "":
				bad("control %q lacks an id or a title", control.ID)
			case seen[control.ID]:
				bad("control %s is there twice", control.ID)
			case len(control.Rules) > 0 && control.NotCovered != "":
				bad("control %s is decided by %s: delete not_covered", control.ID, control.Rules[0].ID)
			case len(control.Rules) == 0 && control.NotCovered == "" && slices.Contains(awaited[key], control.ID):
				t.Logf("%s %s waits for its rule", key, control.ID)
			case len(control.Rules) == 0 && control.NotCovered == "":
				bad("control %s has neither a rule nor not_covered", control.ID)
			}
			seen[control.ID] = true
		}
	}
	guide := Frameworks()["guide"].Controls
	if len(guide) != 33 {
		t.Errorf("the guide has %d statements, not 33", len(guide))
	}
	for i, control := range guide {
		if want := fmt.Sprintf("G%02d", i+1); control.ID != want || control.NotCovered != "" {
			t.Errorf("the guide's statement %s stands where %s should, or is not covered", control.ID, want)
		}
	}
}

func TestConflictsAreReal(t *testing.T) {
	c := catalogue(t)
	for _, conflict := range Conflicts() {
		bad := func(format string, args ...any) {
			t.Errorf("conflict about %s: %s", conflict.Rule, fmt.Sprintf(format, args...))
		}
		r, ok := c.byID[conflict.Rule]
		if !ok {
			bad("there is no such rule")
			continue
		}
		if !slices.Contains(r.Settings, conflict.Setting) {
			bad("it does not read the setting %s", conflict.Setting)
		}
		if conflict.Subject == "" || len(conflict.Positions) < 2 {
			bad("it needs a subject and two sides")
		}
		// Every profile takes one side, and sides that differ judge by different values.
		values := map[string]string{}
		for _, profile := range Profiles() {
			settings, err := c.Settings(profile, "", nil)
			if err != nil {
				t.Fatal(err)
			}
			value, _ := settings.Value(conflict.Setting)
			values[profile] = fmt.Sprint(value)
			n := 0
			for _, p := range conflict.Positions {
				if slices.Contains(p.Profiles, profile) {
					n++
				}
			}
			if n > 1 {
				bad("the profile %s is on %d sides", profile, n)
			}
		}
		defaults := 0
		for i, p := range conflict.Positions {
			if p.Default() {
				defaults++
			}
			if p.Says == "" || (len(p.Controls) == 0) == (p.Source == "") {
				bad("a side needs says, and controls or a source")
			}
			for _, name := range p.Controls {
				key, id, _ := strings.Cut(name, ":")
				if _, ok := Frameworks()[key].Control(id); !ok || !slices.Contains(r.Controls[key], id) {
					bad("%s is not a control of the rule", name)
				}
			}
			for _, profile := range p.Profiles {
				if _, ok := values[profile]; !ok {
					bad("there is no profile %s", profile)
				}
				for _, other := range conflict.Positions[:i] {
					for _, o := range other.Profiles {
						if values[o] == values[profile] {
							bad("the profiles %s and %s are on two sides with one value", profile, o)
						}
					}
				}
			}
		}
		if defaults != 1 {
			bad("%d sides are the default", defaults)
		}
	}
}

func TestFrameworkByName(t *testing.T) {
	c := &Catalogue{rules: []*Rule{{ID: "OWN-001", Controls: map[string][]string{"acme": {"A-1"}, "scuba": {"MS.NEW.1"}}}}}
	f, err := c.Framework("SCuBA")
	if err != nil || f.Key != "scuba" || f.Controls[len(f.Controls)-1].ID != "MS.NEW.1" {
		t.Errorf("scuba: %v %v", f.Key, err)
	}
	if _, ok := Frameworks()["scuba"].Control("MS.NEW.1"); ok {
		t.Error("the known framework was changed")
	}
	if f, err := c.Framework("acme"); err != nil || f.Title != "acme" || len(f.Controls) != 1 {
		t.Errorf("acme: %v %v", f, err)
	}
	if _, err := c.Framework("nist"); err == nil || !strings.Contains(err.Error(), `no framework is called "nist"; there are acme, cis_controls_8.1,`) {
		t.Errorf("unknown framework: %v", err)
	}
}

func TestJudgeControls(t *testing.T) {
	f := Framework{Key: "f", Controls: []Control{{ID: "1"}, {ID: "2", NotCovered: "because"}}}
	for _, test := range []struct {
		statuses []Status // of the rules; NotAsked leaves the rule out
		want     Status
	}{
		{nil, NotCovered},
		{[]Status{Pass}, Pass},
		{[]Status{Pass, NotApplicable}, Pass},
		{[]Status{NotApplicable, NotApplicable}, NotApplicable},
		{[]Status{Pass, Unknown}, Unknown},
		{[]Status{NotApplicable, Unknown}, Unknown},
		{[]Status{Unknown, Error}, Error},
		{[]Status{Pass, Error, Fail, Unknown}, Fail},
		{[]Status{NotAsked}, NotAsked},
		{[]Status{Pass, NotAsked}, NotAsked},
		{[]Status{NotAsked, Unknown}, Unknown},
		{[]Status{NotAsked, Fail}, Fail},
	} {
		var rules []*Rule
		var results []Result
		for i, status := range test.statuses {
			r := &Rule{ID: fmt.Sprintf("ABC-%03d", i), Controls: map[string][]string{"f": {"1"}}}
			rules = append(rules, r)
			if status != NotAsked {
				results = append(results, Result{Rule: r, Status: status})
			}
		}
		got := f.Judge(rules, results).Results
		if got[0].Status != test.want || len(got[0].Rules) != len(rules) || len(got[0].Results) != len(results) {
			t.Errorf("%v: %s, want %s", test.statuses, got[0].Status, test.want)
		}
		if got[1].Status != NotCovered || got[1].NotCovered != "because" {
			t.Errorf("a control without rules is %s", got[1].Status)
		}
	}
}
