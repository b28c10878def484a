package report

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/guestward/guestward/collector/snapshot"
	"github.com/guestward/guestward/policies/access"
	"github.com/guestward/guestward/policies/access/crosstenant"
	"github.com/guestward/guestward/policies/access/truth"
)

// AccessAnswer is a question that a rule asks, and the model's answer.
type AccessAnswer struct {
	Rule     string           `json:"rule"`
	Title    string           `json:"title"`
	Question *access.Question `json:"question"`
	Answer   *access.Answer   `json:"answer"`
}

// Access is what outsiders can do in a tenant.
type Access struct {
	Tenant    string            `json:"tenant"`
	Answers   []AccessAnswer    `json:"answers"`
	LockedOut []*access.LockOut `json:"locked_out"`
	// LockedOutReason says why somebody may be missing there; empty otherwise.
	LockedOutReason string              `json:"locked_out_reason,omitempty"`
	Assumptions     []access.Assumption `json:"assumptions"`
	// Locate says where a place of the snapshot stands; nil leaves places out.
	Locate func(snapshot.Path) snapshot.Location `json:"-"`
}

// ExplainAccess writes for people what outsiders can do: what escapes, what is proven, who is locked out, and what all
// of it rests on.
func ExplainAccess(w io.Writer, a *Access, o Options) error {
	t := &table{out: bufio.NewWriter(w), palette: palette(o.Color), verbose: o.Verbose}
	t.text("", bold, "What outsiders can do in "+cmp.Or(a.Tenant, "this tenant"))
	t.text("", dim, "[actual] accounts that exist can do it; [open] whom an invitation would bring; [latent] only if a setting elsewhere changes")
	for _, one := range a.Answers {
		t.answer(one, a.Locate)
	}
	t.line()
	t.line(t.palette.paint(bold, "Locked out: who can sign in to nothing with a browser or an app"))
	switch {
	case a.LockedOutReason != "":
		t.text("  • ", "", "not everybody was looked at: "+a.LockedOutReason)
	case len(a.LockedOut) == 0:
		t.text("  ", "", "nobody")
	}
	for _, l := range a.LockedOut {
		text := l.Text
		if !l.Certain {
			text = "perhaps " + text
		}
		t.text("  • ", "", text)
	}
	t.assumptions(a.Assumptions)
	return t.out.Flush()
}

var verdictWords = map[string]string{access.VerdictHole: "GAP", access.VerdictUnknown: "UNKNOWN", access.VerdictCovered: "PROVEN"}

func (t *table) answer(one AccessAnswer, locate func(snapshot.Path) snapshot.Location) {
	t.line()
	paint := map[string]style{access.VerdictHole: red, access.VerdictUnknown: amber, access.VerdictCovered: green}[one.Answer.Verdict]
	t.line(t.palette.paint(bold, Terminal(one.Rule)), "  ", t.palette.paint(paint, verdictWords[one.Answer.Verdict]))
	t.text("", bold, one.Title)
	t.text("  ", dim, "asked: "+questionText(one.Question))
	if one.Answer.Verdict == access.VerdictCovered {
		t.text("  ", "", "no sign-in escapes")
	}
	for _, h := range one.Answer.Holes {
		t.text("  • ", "", fmt.Sprintf("[%s] %s", h.Reach, h.Text))
		for _, near := range h.NearMisses {
			for i, c := range near.Clauses {
				lead := fmt.Sprintf("'%s' does not stop it, because it ", near.Name)
				if i > 0 {
					lead = "and "
				}
				t.text("      ", "", lead+c.Text)
				t.clause(c.Path, locate)
			}
		}
		if len(h.NearMisses) == 0 {
			t.text("      ", "", "no policy comes near")
		}
		t.text("      ", dim, "for example: "+h.Example)
	}
	if one.Answer.More {
		t.text("  • ", "", "and more: mend these first")
	}
	for _, h := range one.Answer.Undecided {
		t.text("  • ", "", "[unknown] "+h.Text)
		for _, c := range h.Reasons {
			t.text("      ", "", c.Text)
			t.clause(c.Path, locate)
		}
	}
	if one.Answer.Reason != "" {
		t.text("  • ", "", "[unknown] "+one.Answer.Reason)
	}
	var names []string
	for _, as := range one.Answer.Assumptions {
		names = append(names, as.Name+"="+as.Value)
	}
	if len(names) > 0 {
		t.text("  ", dim, "rests on "+strings.Join(names, ", "))
	}
}

// clause writes where a clause stands.
func (t *table) clause(path []any, locate func(snapshot.Path) snapshot.Location) {
	text := snapshot.Path(path).Dotted()
	if locate != nil {
		if l := locate(path); l.File != "" {
			text += fmt.Sprintf(" (%s:%d)", l.File, l.Start.Line)
		}
	}
	t.line("        ", t.palette.paint(dim, Terminal(text))) // a path is copied: a line break would spoil it
}

// assumptions writes what verdicts rest on, with source and date.
func (t *table) assumptions(list []access.Assumption) {
	if len(list) == 0 {
		return
	}
	t.line()
	t.line(t.palette.paint(bold, "Assumptions"), t.palette.paint(dim, " (change one with --assume NAME=VALUE: yes, no or unknown)"))
	for _, a := range list {
		t.text(fmt.Sprintf("  %-4s", a.Name), "", fmt.Sprintf("%s: %s", a.Value, a.Statement))
		t.line(t.palette.paint(dim, "      "+Terminal(a.Date+", "+a.Source))) // an address must not be broken
	}
}

// questionText is a question in words.
func questionText(q *access.Question) string {
	text := strings.ReplaceAll(strings.Join(q.Require, " or "), "_", " ")
	if q.MaxHours > 0 {
		text += fmt.Sprintf(" (at most %g hours)", q.MaxHours)
	}
	for _, part := range []struct {
		word string
		list []string
	}{
		{"for", q.Kinds}, {"with", q.Clients}, {"on", q.Platforms}, {"at sign-in risk", q.SignInRisk}, {"at user risk", q.UserRisk}, {"in flow", q.Flows},
		{"for all apps but", q.Resources.Except}, {"for", q.Resources.Only}, {"for", q.Resources.Actions},
	} {
		if len(part.list) > 0 && !(part.word == "for" && slices.Equal(part.list, access.GuestKinds)) {
			text += ", " + part.word + " " + strings.Join(part.list, ", ")
		}
	}
	if len(q.Resources.Except)+len(q.Resources.Only)+len(q.Resources.Actions) == 0 {
		text += ", for all applications"
	}
	if len(q.Providers) > 0 {
		text += ", for users who sign in with " + map[string]string{access.Entra: "Microsoft Entra ID", access.OtherProvider: "something else"}[q.Providers[0]]
	}
	if q.Devices != "" {
		text += ", from " + q.Devices + " devices"
	}
	if q.Locations != nil {
		text += ", from outside " + strings.Join(append(slices.Clone(q.Locations.Named), q.Locations.Countries...), ", ")
	}
	return text
}

// ExplainSignIn writes what each policy makes of one sign-in.
func ExplainSignIn(w io.Writer, e *access.Evaluation, locate func(snapshot.Path) snapshot.Location, o Options) error {
	t := &table{out: bufio.NewWriter(w), palette: palette(o.Color)}
	paint := map[string]style{"blocked": red, "locked out": red, "unknown": amber, "granted": green}[e.Outcome]
	t.line(t.palette.paint(bold, Terminal(e.User)), " to ", t.palette.paint(bold, Terminal(e.App)), ": ", t.palette.paint(paint, e.Outcome))
	t.text("  ", dim, e.Example)
	for _, note := range e.Notes {
		t.text("  • ", amber, note)
	}
	if e.Outcome == "granted" || e.Outcome == "unknown" {
		if len(e.Demands) == 0 {
			t.text("  ", "", "no policy asks for anything")
		}
		for _, d := range e.Demands {
			t.text("  • ", "", "asks for "+d)
		}
	}
	for _, v := range e.Policies {
		t.line()
		word, s := "does not apply", dim
		switch {
		case v.Applies == truth.Maybe:
			word, s = "may apply", amber
		case v.Applies == truth.Yes && v.Stops == truth.Yes:
			word, s = "applies, and keeps the user out", red
		case v.Applies == truth.Yes:
			word, s = "applies", green
		}
		t.text("", bold, cmp.Or(v.Name, v.ID))
		t.line("  ", t.palette.paint(s, word))
		if v.Applies != truth.No {
			t.text("  ", "", "asks for "+v.Demands)
		}
		for _, c := range v.Clauses {
			t.text("  • ", "", c.Text)
			t.clause(c.Path, locate)
		}
	}
	t.assumptions(e.Assumptions)
	return t.out.Flush()
}

// ExplainPartner writes what cross-tenant access comes to for one organisation, and what does not fit Conditional Access.
func ExplainPartner(w io.Writer, e *crosstenant.Effective, notes []string, locate func(snapshot.Path) snapshot.Location, o Options) error {
	t := &table{out: bufio.NewWriter(w), palette: palette(o.Color)}
	name := cmp.Or(e.Name, e.TenantID, "any organisation without settings of its own")
	if e.Name != "" {
		name += " (" + e.TenantID + ")"
	}
	t.text("", bold, name)
	if !e.Listed {
		t.text("  ", dim, "has no settings of its own: what holds is the default")
	}
	for _, note := range notes {
		t.text("  • ", amber, note)
	}
	group := ""
	for _, setting := range crosstenant.Names() {
		v := e.Value(setting)
		if head, _, _ := strings.Cut(setting, "."); head != group {
			group = head
			t.line()
			word := ""
			if open, ok := opens(e, group); ok {
				word = "  " + open
			}
			t.line(t.palette.paint(bold, group), word)
		}
		_, name, _ := strings.Cut(setting, ".")
		t.text("  ", "", fmt.Sprintf("%s: %s (%s)", name, valueText(v.Value), strings.ReplaceAll(string(v.Source), "_", " ")))
		if v.Source != crosstenant.Unknown {
			t.clause(v.Path, locate)
		}
	}
	return t.out.Flush()
}

// opens says in a word whether a setting lets anybody in.
func opens(e *crosstenant.Effective, group string) (string, bool) {
	var open truth.Truth
	switch group {
	case "b2bCollaborationInbound":
		open = e.CollaborationInbound()
	case "b2bDirectConnectInbound":
		open = e.DirectConnectInbound()
	default:
		return "", false
	}
	return map[truth.Truth]string{truth.No: "closed", truth.Maybe: "not known whether open", truth.Yes: "open"}[open], true
}

// valueText is a setting in words: of users and applications who is meant, else the value.
func valueText(v any) string {
	o, ok := v.(map[string]any)
	switch {
	case v == nil:
		return "not known"
	case !ok:
		return fmt.Sprint(v)
	}
	list, ok := o["targets"].([]any)
	if !ok {
		raw, err := json.Marshal(v)
		if err != nil {
			return fmt.Sprint(v)
		}
		return string(raw)
	}
	var targets []string
	for _, one := range list {
		target, _ := one.(map[string]any)
		targets = append(targets, fmt.Sprint(target["target"]))
	}
	return fmt.Sprintf("%v %s", o["accessType"], strings.Join(targets, ", "))
}
