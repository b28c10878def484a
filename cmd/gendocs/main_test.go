package main

import (
	"strings"
	"testing"

	"github.com/guestward/guestward/collector"
	"github.com/guestward/guestward/policies"
)

func TestPagesAreInStep(t *testing.T) {
	if err := run("../..", true); err != nil {
		t.Error(err)
	}
}

func TestFillNeedsItsMarkers(t *testing.T) {
	if _, err := fill([]byte("no marker"), "rules", "x"); err == nil {
		t.Error("no error")
	}
}

func TestSourcePage(t *testing.T) {
	catalogue, err := policies.Load()
	if err != nil {
		t.Fatal(err)
	}
	page := string(sourcePage(catalogue.Rules()))
	for _, s := range collector.Sources {
		if n := strings.Count(page, "\n| `"+s.Path+"` |"); n != 1 {
			t.Errorf("%s has %d rows", s.Path, n)
		}
	}
	for _, p := range collector.Permissions {
		if p.ID != "" && strings.Count(page, "`"+p.ID+"`") != 1 {
			t.Errorf("%s: its id %s is not there once", p.Name, p.ID)
		}
	}
	for _, want := range []string{
		"`Organization.Read.All` (`User.Read.All`, `Directory.Read.All`) |",
		"`AuditLog.Read.All` and `User.Read.All` (`Directory.Read.All`)",
		"`AAD_PREMIUM` or `AAD_PREMIUM_P2`",
		"| every run |",
		"; *may change: only the beta interface has it* |",
		"What is read live may change: the interface behind Teams PowerShell",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is not there", want)
		}
	}
	if cells := columns(row(t, page, "guests.sponsors")); cells[6] != "LIF-002" {
		t.Errorf("guests.sponsors is for %q", cells[6])
	}
}

// Every row of a table has as many cells as its head.
func TestTablesAreWhole(t *testing.T) {
	pages, err := generate("../..")
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for name, page := range pages {
		width := 0
		for line := range strings.Lines(string(page)) {
			switch {
			case !strings.HasPrefix(line, "|"):
				width = 0
			case width == 0:
				width = len(columns(line))
			case len(columns(line)) != width:
				t.Errorf("%s: %d cells, want %d: %s", name, len(columns(line)), width, line)
			default:
				rows++
			}
		}
	}
	if rows < 200 {
		t.Errorf("only %d rows were looked at", rows)
	}
}

func TestPlain(t *testing.T) {
	for in, want := range map[string]string{
		"a|b": `a\|b`, "`a`": "\\`a\\`", "*a* _b_": `\*a\* \_b\_`, "[a](b)": `\[a\](b)`, "<a>": `\<a\>`, `a\|b`: `a\\\|b`,
		"a\nb": "a b", "it's 1, 2.": "it's 1, 2.",
	} {
		if got := plain(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

func row(t *testing.T, page, path string) string {
	t.Helper()
	_, rest, ok := strings.Cut(page, "\n| `"+path+"` |")
	if !ok {
		t.Fatalf("no row of %s", path)
	}
	line, _, _ := strings.Cut(rest, "\n")
	return "| `" + path + "` |" + line
}

// columns splits a row at its bars, leaving those that are escaped.
func columns(line string) []string {
	line = strings.ReplaceAll(strings.TrimSpace(line), `\|`, "\x00")
	cells := strings.Split(strings.TrimSuffix(strings.TrimPrefix(line, "|"), "|"), "|")
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	return cells
}
