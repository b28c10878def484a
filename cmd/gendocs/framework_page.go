package main

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/guestward/guestward/policies"
	"github.com/guestward/guestward/report"
)

const frameworkIntro = `# Frameworks

<!-- Made by "make docs" from policies/frameworks and the rules' metadata; do not edit. -->

What benchmarks, standards and the guide behind guestward ask for where outsiders are concerned, and the rules that decide
it. "guestward rules list --framework KEY" prints a table of this page, "guestward scan --framework KEY" reports by
control. A control is as good as its worst rule: one that is unknown does not pass. Titles are in our own words; what a
framework has about other things is not here.

`

// frameworkPage lists the controls of every framework with their rules.
func frameworkPage(rules []*policies.Rule) []byte {
	var b strings.Builder
	b.WriteString(ticked(frameworkIntro))
	b.WriteString("| Framework | Key | Version | Controls | With rules | Not covered |\n| --- | --- | --- | --- | --- | --- |\n")
	var tables strings.Builder
	for _, key := range frameworkOrder() {
		f := policies.Frameworks()[key]
		controls := f.ByControl(rules)
		decided := 0
		fmt.Fprintf(&tables, "\n## %s\n\n[The framework](%s), for `--framework %s` and `--include %s:CONTROL`.\n\n", f.Title, f.URL, key, key)
		tables.WriteString("| Control | What it asks for | Rules |\n| --- | --- | --- |\n")
		for _, c := range controls {
			if len(c.Rules) > 0 {
				decided++
			}
			fmt.Fprintf(&tables, "| %s | %s | %s |\n", c.ID, plain(c.Title), controlRules(c))
		}
		fmt.Fprintf(&b, "| [%s](#%s) | `%s` | %s | %d | %d | %d |\n", cell(f.Title), anchor(f.Title), key, cell(f.Version), len(controls), decided, len(controls)-decided)
	}
	b.WriteString(tables.String())
	b.WriteString("\n## Where frameworks disagree\n\nOne side is the default; another takes a profile (`--profile`) or a setting.\n\n")
	conflictTable(&b, policies.Conflicts(), "../policies/")
	return []byte(b.String())
}

// frameworkOrder lists the guide first, then the others by key.
func frameworkOrder() []string {
	keys := []string{policies.DefaultProfile}
	for _, key := range policies.FrameworkKeys() {
		if key != policies.DefaultProfile {
			keys = append(keys, key)
		}
	}
	return keys
}

func controlRules(c policies.ControlRules) string {
	switch {
	case len(c.Rules) == 0 && c.NotCovered == "":
		return "*No rule yet.*"
	case len(c.Rules) == 0:
		return "*Not covered.* " + plain(c.NotCovered)
	}
	var links []string
	for _, r := range c.Rules {
		links = append(links, fmt.Sprintf("[%s](../policies/rules/%s/%s/README.md) (%s)", r.ID, r.Area, r.Name, r.Severity))
	}
	return strings.Join(links, ", ")
}

// conflictTable writes one row a position. Up leads to the folder of the policies.
func conflictTable(b *strings.Builder, conflicts []policies.Conflict, up string) {
	b.WriteString("| Rule | About | Who | Says | How to follow it |\n| --- | --- | --- | --- | --- |\n")
	for _, c := range conflicts {
		for _, p := range c.Positions {
			how := report.How(c, p)
			if len(p.Profiles) == 0 {
				how = fmt.Sprintf("the setting [`%s`](%ssettings/data.yaml)", c.Setting, up)
			}
			who := plain(report.Side(p))
			if p.Source != "" {
				who = fmt.Sprintf("[this page](%s)", p.Source)
			}
			fmt.Fprintf(b, "| %s | %s | %s | %s | %s |\n", c.Rule, plain(c.Subject), who, plain(p.Says), how)
		}
	}
}

// anchor is the name that GitHub gives a heading.
func anchor(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-', r == '_', unicode.IsLetter(r), unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return -1
	}, heading)
}
