package report

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/guestward/guestward/policies"
)

// ExplainJSON writes everything that is known of the rules, in the form that a JSON report has it.
func ExplainJSON(w io.Writer, rules []*policies.Rule) error {
	list := make([]jsonRule, len(rules))
	for i, r := range rules {
		list[i] = describe(r)
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(list)
}

// Explain writes one rule for people: why, what it reads, how to mend what it finds.
func Explain(w io.Writer, r *policies.Rule, s *policies.Settings, o Options) error {
	t := &table{out: bufio.NewWriter(w), palette: palette(o.Color)}
	t.line(t.palette.paint(bold, r.ID+"  "), t.palette.paint(severityStyle(r.Severity), string(r.Severity)))
	t.text("", bold, r.Title)
	section := func(name string, paragraphs ...string) {
		t.line()
		t.line(t.palette.paint(bold, name))
		for _, p := range paragraphs {
			t.text("  ", "", p)
		}
	}
	if r.Because != "" {
		t.text("", dim, r.Because)
	}
	section("What", strings.Split(r.Description, "\n\n")...)
	section("Why", strings.Split(r.Rationale, "\n\n")...)
	section("How to mend it")
	t.row("portal", r.Remediation.Portal)
	// Commands are copied: a line break would spoil them.
	t.line(t.palette.paint(dim, "  graph     "), Terminal(r.Remediation.Graph))
	t.line(t.palette.paint(dim, "  pwsh      "), Terminal(r.Remediation.PowerShell))
	section("What it needs")
	for _, req := range r.Requires {
		t.text("  • ", "", req.String())
	}
	if len(r.Peer) > 0 {
		t.text("  • ", "", "of the other tenant, where its snapshot is given with --peer: "+strings.Join(r.Peer, ", "))
	}
	if len(r.Licence) > 0 {
		t.text("  • ", "", "a licence with "+strings.Join(r.Licence, " or "))
	}
	if len(r.Settings) > 0 {
		section("Settings")
		for _, name := range r.Settings {
			t.text("  • ", "", fmt.Sprintf("%s: %s", name, SettingText(s, name)))
		}
	}
	if len(r.Controls) > 0 {
		section("Controls")
		for _, key := range slices.Sorted(maps.Keys(r.Controls)) {
			t.text("  • ", "", fmt.Sprintf("%s: %s", FrameworkTitle(key), strings.Join(r.Controls[key], ", ")))
		}
	}
	t.conflicts(r.Conflicts())
	section("Read more")
	for _, l := range r.Links {
		t.text("  • ", "", l.Title)
		t.line("    ", t.palette.paint(dim, Terminal(l.URL)))
	}
	return t.out.Flush()
}

// SettingText is the value of a setting as YAML would have it on one line.
func SettingText(s *policies.Settings, name string) string {
	value, ok := s.Value(name)
	if !ok {
		return "not set"
	}
	data, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return strings.ReplaceAll(string(data), `","`, `", "`)
}
