package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/guestward/guestward/cmd/internal/access"
	"github.com/guestward/guestward/policies"
	"github.com/guestward/guestward/report"
)

// A page of a rule leaves nothing out that is known of the rule.
func TestRulePagesAreComplete(t *testing.T) {
	c, err := policies.Load()
	if err != nil {
		t.Fatal(err)
	}
	settings, err := c.Settings("")
	if err != nil {
		t.Fatal(err)
	}
	profiles, err := profileSettings(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range c.Rules() {
		page := string(rulePage(r, settings, profiles))
		want := []string{
			"# " + r.ID + ": " + r.Title, "**Severity:** " + string(r.Severity), "**Introduced in:** " + r.Since, r.Because,
			"## Why", r.Rationale, "## How to mend it", r.Remediation.Portal, r.Remediation.Graph, r.Remediation.PowerShell,
			"## How it is decided", "## Data, permissions and licence", "## Settings", "## Controls", "## Read more",
		}
		for _, req := range r.Requires {
			want = append(want, "- `"+req.String()+"`")
		}
		for _, use := range r.Uses {
			want = append(want, "- `"+use.String()+"`")
		}
		if r.Notes {
			want = append(want, "Notes tell what else was seen")
		}
		if r.Unknowns {
			want = append(want, "A value that the rule cannot judge")
		}
		for _, s := range access.Sources([]*policies.Rule{r}) {
			if slices.Contains(access.Sources(nil), s) {
				continue
			}
			want = append(want, "| `"+s.Path+"` |", permissionNeeds(s.Needs))
		}
		want = append(want, r.Licence...)
		for _, name := range r.Settings {
			want = append(want, fmt.Sprintf("| `%s` | `%s` |", name, cell(report.SettingText(settings, name))))
		}
		for key, ids := range r.Controls {
			for _, id := range ids {
				want = append(want, fmt.Sprintf(") | %s | %s |", id, plain(report.ControlTitle(key, id))))
			}
		}
		for _, conflict := range r.Conflicts() {
			for _, p := range conflict.Positions {
				want = append(want, plain(p.Says))
			}
		}
		for _, text := range want {
			if !strings.Contains(page, text) {
				t.Errorf("%s: its page lacks %q", r.ID, text)
			}
		}
	}
}

func TestFrameworkPage(t *testing.T) {
	pages, err := generate("../..")
	if err != nil {
		t.Fatal(err)
	}
	page := string(pages[".github/FRAMEWORKS.md"])
	for key, f := range policies.Frameworks() {
		if !strings.Contains(page, "\n## "+f.Title+"\n") {
			t.Errorf("%s has no table", key)
		}
		for _, c := range f.Controls {
			if !strings.Contains(page, fmt.Sprintf("\n| %s | %s | ", c.ID, plain(c.Title))) || !strings.Contains(page, plain(c.NotCovered)) {
				t.Errorf("%s %s is not there", key, c.ID)
			}
		}
	}
	// What links lead to is there.
	headings := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^## (.*)$`).FindAllStringSubmatch(page, -1) {
		headings[anchor(m[1])] = true
	}
	links := 0
	for name, page := range pages {
		for _, m := range regexp.MustCompile(`(?:FRAMEWORKS\.md|\()#([^)]*)\)`).FindAllSubmatch(page, -1) {
			if name != ".github/FRAMEWORKS.md" && !strings.Contains(string(m[0]), "FRAMEWORKS.md") {
				continue
			}
			links++
			if !headings[string(m[1])] {
				t.Errorf("%s leads to %s, which is not there", name, m[1])
			}
		}
	}
	if links < 100 {
		t.Errorf("only %d links were looked at", links)
	}
}

func TestAnchor(t *testing.T) {
	for heading, want := range map[string]string{
		"NIST SP 800-53 Rev. 5": "nist-sp-800-53-rev-5", "ISO/IEC 27001:2022 Annex A": "isoiec-270012022-annex-a", "A (B)": "a-b",
	} {
		if got := anchor(heading); got != want {
			t.Errorf("%q: %s, want %s", heading, got, want)
		}
	}
}
