package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/guestward/guestward/collector/snapshot"
	"github.com/guestward/guestward/policies"
)

const (
	lineColumns    = 80  // what fits into a terminal that nobody has widened, a mail and a CI log
	labelColumns   = 10  // the severity in front of a rule
	nameColumns    = 60  // of a name that somebody else chose
	messageColumns = 400 // of a message: five lines

	shownFindings = 10 // of one rule
	shownExamples = 3  // of a rule about a population
	shownWaived   = 3
)

// Table writes the report for people: what fails in blocks, worst first, then what is not known, then the sum.
func Table(w io.Writer, r *Report, o Options) error {
	t := &table{out: bufio.NewWriter(w), palette: palette(o.Color), verbose: o.Verbose}
	t.head(r)
	var broken, unknown, idle, passed []policies.Result
	for _, res := range r.WorstFirst() {
		switch res.Status {
		case policies.Fail:
			t.failing(res)
		case policies.Error:
			broken = append(broken, res)
		case policies.Unknown:
			unknown = append(unknown, res)
		case policies.NotApplicable:
			idle = append(idle, res)
		case policies.Pass:
			passed = append(passed, res)
		}
	}
	t.accepted(passed)
	t.broken(broken)
	t.unknown(unknown)
	t.idle(idle)
	if t.verbose {
		t.passed(passed)
	}
	for _, f := range r.Frameworks {
		t.framework(f)
	}
	t.sum(r)
	return cmp.Or(t.err, t.out.Flush())
}

// style is the parameter of an ANSI "select graphic rendition" sequence. Only colours that can be read on black and on
// white are used, and none carries a meaning that the words do not.
type style string

const (
	bold  style = "1"
	dim   style = "2"
	red   style = "31"
	green style = "32"
	amber style = "33"
	alarm style = "1;7;31" // white on red
)

// palette says whether to paint.
type palette bool

func (p palette) paint(s style, text string) string {
	if !p || s == "" || text == "" {
		return text
	}
	return "\x1b[" + string(s) + "m" + text + "\x1b[0m"
}

func severityStyle(s policies.Severity) style {
	switch s {
	case policies.Critical:
		return alarm
	case policies.High:
		return "1;31"
	case policies.Medium:
		return "1;33"
	case policies.Low:
		return "1;34"
	default:
		return bold
	}
}

type table struct {
	out     *bufio.Writer // remembers the first error of writing
	palette palette
	verbose bool
	err     error // of reading findings
}

func (t *table) line(parts ...string) {
	for _, p := range parts {
		t.out.WriteString(p)
	}
	t.out.WriteByte('\n')
}

// text writes wrapped text. The first line begins with mark, the others are indented by as much.
func (t *table) text(mark string, s style, text string) {
	indent := strings.Repeat(" ", columns(mark))
	for i, l := range wrap(Terminal(text), lineColumns-len(indent)) {
		if i > 0 {
			mark = indent
		}
		t.line(mark, t.palette.paint(s, l))
	}
}

func (t *table) head(r *Report) {
	name := cmp.Or(r.Tenant.Name, r.Tenant.Domain, r.Tenant.ID, "A tenant without a name")
	title := clip(Terminal(name), nameColumns)
	if r.Tenant.Name != "" && r.Tenant.Domain != "" {
		title += " (" + clip(Terminal(r.Tenant.Domain), nameColumns) + ")"
	}
	t.text("", bold, title)
	t.row("tenant", cmp.Or(r.Tenant.ID, "unknown: the snapshot does not say"))
	t.row("snapshot", r.Snapshot.collected())
	for _, p := range r.Peers {
		who := p.Tenant.ID
		if name := cmp.Or(p.Tenant.Name, p.Tenant.Domain); name != "" {
			who = fmt.Sprintf("%s (%s)", clip(Terminal(name), nameColumns), who)
		}
		t.row("peer", fmt.Sprintf("%s: %s", who, p.Snapshot.collected()))
	}
	t.row("profile", cmp.Or(r.Profile, "none, the default settings"))
	if t.verbose {
		for _, note := range r.Snapshot.Notes {
			t.row("note", clip(note, messageColumns))
		}
	}
}

// collected says in words which snapshot it is, and of when.
func (s Snapshot) collected() string {
	when := "at an unknown time"
	if !s.CollectedAt.IsZero() {
		when = s.CollectedAt.UTC().Format("2006-01-02 15:04 UTC")
	}
	return fmt.Sprintf("%s, collected %s", s.Name, when)
}

// row writes a labelled value within a block.
func (t *table) row(label, value string) {
	const width = 10
	mark := "  " + fmt.Sprintf("%-*s", width, label)
	for i, l := range wrap(Terminal(value), lineColumns-len(mark)) {
		if i > 0 {
			mark = strings.Repeat(" ", len(mark))
		}
		t.line(t.palette.paint(dim, mark), l)
	}
}

// title opens a block: a label, then what it is about.
func (t *table) title(label string, s style, id, title string) {
	pad := strings.Repeat(" ", max(2, labelColumns-len(label)))
	mark := t.palette.paint(s, label) + pad
	indent := len(label + pad)
	if id != "" {
		mark += t.palette.paint(bold, id) + "  "
		indent += len(id) + 2
	}
	for _, l := range wrap(Terminal(title), lineColumns-indent) {
		t.line(mark, t.palette.paint(bold, l))
		mark = strings.Repeat(" ", indent)
	}
}

// failing writes the block of a rule that found something.
func (t *table) failing(res policies.Result) {
	severity := res.Rule.Severity
	t.line()
	t.title(strings.ToUpper(string(severity)), severityStyle(severity), res.Rule.ID, res.Rule.Title)
	most := shownFindings
	if res.Group != nil {
		most = shownExamples
		count := res.Among(res.Count - res.Waived)
		if res.Count-res.Waived > most {
			count += ", for example"
		}
		t.text("  ", "", count)
	}
	live, waived := t.pick(res, most, shownWaived)
	for _, f := range live {
		t.finding(f, "")
	}
	t.more(res.Count-res.Waived-len(live), "")
	for _, f := range waived {
		t.finding(f, dim)
	}
	t.more(res.Waived-len(waived), "waived ")
	t.notes(res)
	t.text("  → ", "", res.Rule.Remediation.Portal)
}

// pick returns the first few live and the first few waived findings.
func (t *table) pick(res policies.Result, mostLive, mostWaived int) (live, waived []policies.Finding) {
	mostLive = min(mostLive, res.Count-res.Waived)
	mostWaived = min(mostWaived, res.Waived)
	if res.Findings == nil || mostLive+mostWaived == 0 {
		return nil, nil
	}
	for f, err := range res.Findings.All() {
		if err != nil {
			t.err = cmp.Or(t.err, err)
			break
		}
		switch {
		case f.Waived == nil && len(live) < mostLive:
			live = append(live, f)
		case f.Waived != nil && len(waived) < mostWaived:
			waived = append(waived, f)
		}
		if len(live) == mostLive && len(waived) == mostWaived {
			break
		}
	}
	return live, waived
}

func (t *table) finding(f policies.Finding, s style) {
	text := clip(Terminal(headline(f)), messageColumns)
	if f.Waived != nil {
		until := "waived until " + f.Waived.Expires
		if f.Waived.Owner != "" {
			until += " by " + clip(Terminal(f.Waived.Owner), nameColumns)
		}
		text = until + ": " + text
	}
	t.text("  • ", s, text)
	if f.Waived != nil {
		t.text("    ", dim, "because "+clip(Terminal(f.Waived.Reason), messageColumns))
	}
	t.place(f.Location)
}

// place writes where a value stands. It is not wrapped: terminals and editors open it with a click.
func (t *table) place(l snapshot.Location) {
	if l.Start.Line == 0 {
		return
	}
	place := fmt.Sprintf("%s:%d:%d", Terminal(l.File), l.Start.Line, l.Start.Column)
	if !l.Exact {
		place += " (absent there)"
	}
	t.line("    ", t.palette.paint(dim, disarm(place)))
}

func (t *table) more(n int, what string) {
	if n > 0 {
		t.line("  ", t.palette.paint(dim, fmt.Sprintf("and %d %smore (see -f json)", n, what)))
	}
}

func (t *table) notes(res policies.Result) {
	if !t.verbose {
		return
	}
	for i, f := range res.Notes {
		if i == shownFindings {
			t.more(len(res.Notes)-i, "notes ")
			return
		}
		t.text("  note: ", dim, clip(Terminal(headline(f)), messageColumns))
		t.place(f.Location)
	}
}

// accepted writes the rules that hold only because their findings are waived.
func (t *table) accepted(passed []policies.Result) {
	for _, res := range passed {
		if res.Waived == 0 {
			continue
		}
		t.line()
		t.title("WAIVED", bold, res.Rule.ID, res.Rule.Title)
		_, waived := t.pick(res, 0, shownFindings)
		for _, f := range waived {
			t.finding(f, "")
		}
		t.more(res.Waived-len(waived), "")
	}
}

func (t *table) broken(results []policies.Result) {
	for _, res := range results {
		t.line()
		t.title("ERROR", alarm, res.Rule.ID, res.Rule.Title)
		t.text("  ", red, "Not evaluated: "+clip(Terminal(res.Reason), messageColumns))
	}
}

// unknown writes what could not be judged, by cause: one missing permission can silence twenty rules.
func (t *table) unknown(results []policies.Result) {
	if len(results) == 0 {
		return
	}
	t.line()
	t.title("UNKNOWN", severityStyle(policies.Medium), "", plural(len(results), "rule")+" could not be judged. Unknown is not a pass.")
	for _, c := range causes(results) {
		t.text("  • ", "", clip(Terminal(c.reason), messageColumns))
		t.labelled("missing", c.sources)
		t.labelled("needs", c.permission)
		t.labelled("rules", c.rules)
	}
}

func (t *table) idle(results []policies.Result) {
	if len(results) == 0 {
		return
	}
	t.line()
	t.title("NOT APPLICABLE", bold, "", plural(len(results), "rule")+" had nothing to judge.")
	for _, c := range causes(results) {
		t.text("  • ", "", clip(Terminal(c.reason), messageColumns))
		t.labelled("rules", c.rules)
	}
}

// labelled writes a wrapped list below a point.
func (t *table) labelled(label string, words []string) {
	if len(words) > 0 {
		t.row(fmt.Sprintf("  %-8s", label), strings.Join(words, " "))
	}
}

// cause is a reason that several results share.
type cause struct {
	reason                     string
	sources, permission, rules []string
}

// causes groups results by reason, worst rule first. Reasons of gaps begin with the path that was not read: gaps
// that differ in it alone are one cause.
func causes(results []policies.Result) []*cause {
	var list []*cause
	for _, res := range results {
		c := cause{reason: res.Reason}
		if g := res.Gap; g != nil {
			if rest, ok := strings.CutPrefix(res.Reason, g.Source+": "); ok {
				c.reason, c.sources = rest, []string{g.Source}
			}
			if g.Permission != "" {
				c.permission = []string{g.Permission}
			}
		}
		i := slices.IndexFunc(list, func(o *cause) bool {
			return o.reason == c.reason && slices.Equal(o.permission, c.permission) && (o.sources == nil) == (c.sources == nil)
		})
		if i < 0 {
			list, i = append(list, &c), len(list)
		} else if c.sources != nil && !slices.Contains(list[i].sources, c.sources[0]) {
			list[i].sources = append(list[i].sources, c.sources[0])
		}
		list[i].rules = append(list[i].rules, res.Rule.ID)
	}
	for _, c := range list {
		slices.Sort(c.rules)
	}
	return list
}

func (t *table) passed(results []policies.Result) {
	if len(results) > 0 {
		t.line()
	}
	for _, res := range results {
		t.title("PASS", "1;32", res.Rule.ID, res.Rule.Title)
		t.notes(res)
	}
}

// sum writes the last lines: the counts, and what they mean.
func (t *table) sum(r *Report) {
	s := r.Summary()
	var parts []string
	add := func(n int, what string) {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, what))
		}
	}
	if s.Fail > 0 {
		var by []string
		for _, severity := range policies.Severities {
			if n := s.BySeverity[severity]; n > 0 {
				by = append(by, fmt.Sprintf("%d %s", n, severity))
			}
		}
		add(s.Fail, fmt.Sprintf("fail (%s)", strings.Join(by, ", ")))
	}
	add(s.Error, "error")
	add(s.Unknown, "unknown")
	add(s.Pass, "pass")
	add(s.NotApplicable, "not applicable")
	text := plural(s.Rules, "rule")
	if len(parts) > 0 {
		text += ": " + strings.Join(parts, ", ")
	}
	if s.Waived > 0 {
		text += "; " + plural(s.Waived, "finding") + " waived"
	}
	t.line()
	t.text("", bold, text)
	v, verdict := verdict(s)
	t.text("", v, verdict)
}

// verdict says in words what the counts mean. It must not sound like all is well when something is unknown.
func verdict(s Summary) (style, string) {
	undecided := s.Unknown + s.Error
	switch {
	case s.Rules == 0:
		return amber, "No rule was asked, so nothing was judged."
	case s.Fail > 0 && undecided > 0:
		return red, fmt.Sprintf("There may be more: %s could not be judged.", plural(undecided, "rule"))
	case s.Fail > 0:
		return "", ""
	case s.Pass == 0 && undecided > 0:
		return amber, "Nothing could be judged: the tenant may be wide open."
	case s.Pass == 0:
		return amber, "No rule applies to this tenant, so nothing was judged."
	case undecided > 0:
		return amber, fmt.Sprintf("Nothing that could be judged fails, but %s could not be judged: this is not an all-clear.", plural(undecided, "rule"))
	case s.Waived > 0:
		return green, fmt.Sprintf("Nothing fails, with %s waived.", plural(s.Waived, "finding"))
	default:
		return green, "Nothing fails."
	}
}

// headline is the message of a finding, with the name of its object where the message does not give it.
func headline(f policies.Finding) string {
	name := clip(oneLine(f.Resource.Name), nameColumns)
	switch {
	case name == "":
		return f.Message
	case strings.Contains(f.Message, f.Resource.Name): // a name of 10,000 letters would hide what is wrong
		return strings.ReplaceAll(f.Message, f.Resource.Name, name)
	default:
		return name + ": " + f.Message
	}
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
