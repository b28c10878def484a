package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/guestward/guestward/policies/partners"
)

// maxDomains is how many domains of one organisation are shown.
const maxDomains = 6

// Partners writes for people which organisation is let in where.
func Partners(w io.Writer, m *partners.Matrix, o Options) error {
	t := &table{out: bufio.NewWriter(w), palette: palette(o.Color)}
	t.text("", bold, "Who is open where")
	t.text("", dim, "by default: nothing names the organisation there, so that holds what holds for any other; unknown: the snapshot does not tell")
	var only []*partners.Row // of whom there is nothing but people
	for _, row := range m.Rows {
		if row.Entry == nil && !row.Named() {
			only = append(only, row)
			continue
		}
		t.partner(row)
	}
	if len(m.Rows) == len(only) {
		t.line()
		t.text("", "", "Nothing names an organisation, and the register is empty.")
	}
	if len(only) > 0 {
		t.line()
		t.line(t.palette.paint(bold, "Not registered, named nowhere"))
	}
	for _, row := range only {
		name := row.ID
		if row.Name != "" {
			name = row.Name + " (" + row.ID + ")"
		}
		t.text("  • ", "", clip(name, 2*nameColumns)+": "+guestsOf(row.Guests))
	}
	if m.Homeless == nil {
		t.line()
		t.text("", amber, "The snapshot does not hold the external users: how many there are is unknown.")
	} else if *m.Homeless > 0 {
		t.line()
		t.text("", dim, "External users who do not tell where they come from: "+fmt.Sprint(*m.Homeless))
	}
	if len(m.Unread) > 0 {
		t.line()
		t.line(t.palette.paint(bold, "Not read"))
	}
	for _, u := range m.Unread {
		t.text("  • ", "", u.Says+": "+u.Why)
		t.clause(u.Path, nil)
	}
	return t.out.Flush()
}

func guestsOf(n *int) string {
	if n == nil {
		return "external users unknown"
	}
	return plural(*n, "external user")
}

var stateWords = map[partners.State]string{partners.Open: "open", partners.Closed: "closed", partners.Unknown: "unknown", partners.None: "has no tenant"}

// partner writes one organisation.
func (t *table) partner(row *partners.Row) {
	t.line()
	t.text("", bold, clip(row.Label(), nameColumns))
	known := slices.DeleteFunc(slices.Concat([]string{row.TenantID}, row.Others, row.Domains), func(s string) bool { return s == "" })
	if more := len(known) - maxDomains - 1; more > 0 {
		known = append(known[:maxDomains+1], fmt.Sprintf("and %d more", more))
	}
	t.text("  ", dim, strings.Join(known, ", "))
	if e := row.Entry; e == nil {
		t.text("  ", red, "not registered")
	} else {
		t.text("  ", "", "registered: "+cmp.Or(e.Relation, "relation not said")+", owner "+cmp.Or(strings.TrimSpace(e.Owner), "not said"))
		switch {
		case row.Overdue:
			t.text("  ", red, "review OVERDUE since "+e.ReviewBy)
		case e.ReviewBy == "":
			t.text("  ", amber, "no day of review")
		default:
			t.text("  ", "", "review by "+e.ReviewBy)
		}
	}
	t.text("  ", "", guestsOf(row.Guests))
	states := map[string][]string{}
	for _, l := range partners.Layers {
		cell := row.Layers[l.Name]
		word, title := stateWords[cell.State], l.Title
		if cell.Default && (cell.State == partners.Open || cell.State == partners.Closed) {
			word += " by default"
		}
		if len(cell.Places) > 0 && row.Entry != nil && !slices.Contains(row.Entry.Allow, l.Allow) {
			title += " (NOT ALLOWED)"
		}
		states[word] = append(states[word], title)
	}
	for _, s := range []struct {
		word  string
		style style
	}{{"open", amber}, {"open by default", amber}, {"closed", green}, {"closed by default", green}, {"unknown", ""}, {"has no tenant", dim}} {
		if list := states[s.word]; len(list) > 0 {
			t.text(fmt.Sprintf("  %-18s", s.word), s.style, strings.Join(list, ", "))
		}
	}
	if len(row.Closed) > 0 {
		t.text("  ", dim, "allowed, but closed: "+strings.Join(row.Closed, ", "))
	}
}
