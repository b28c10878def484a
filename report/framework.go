package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/guestward/guestward/policies"
)

// FrameworkTitle is the framework's full name, or its key when nobody has given it one.
func FrameworkTitle(key string) string {
	if f, ok := policies.Frameworks()[key]; ok {
		return f.Title
	}
	return key
}

// ControlTitle is what a control of a known framework asks for, or "".
func ControlTitle(key, id string) string {
	c, _ := policies.Frameworks()[key].Control(id)
	return c.Title
}

// Side is who takes a position of a conflict, in words: the controls, or the page.
func Side(p policies.Position) string {
	if len(p.Controls) == 0 {
		return p.Source
	}
	var parts []string
	for _, name := range p.Controls {
		key, id, _ := strings.Cut(name, ":")
		if i := slices.IndexFunc(parts, func(part string) bool { return strings.HasPrefix(part, key+" ") }); i >= 0 {
			parts[i] += ", " + id
			continue
		}
		parts = append(parts, key+" "+id)
	}
	return strings.Join(parts, "; ")
}

// How says how a rule is made to judge by a position.
func How(c policies.Conflict, p policies.Position) string {
	var profiles []string
	for _, profile := range p.Profiles {
		if profile != policies.DefaultProfile {
			profiles = append(profiles, "--profile "+profile)
		}
	}
	switch {
	case p.Default():
		return strings.Join(append([]string{"the default"}, profiles...), ", ")
	case len(profiles) > 0:
		return strings.Join(profiles, ", ")
	default:
		return "the setting " + c.Setting
	}
}

const (
	statusColumns  = 16 // of the status in front of a control
	controlColumns = 20 // of its id
)

// framework writes what the scan says of every control of a framework.
func (t *table) framework(f policies.FrameworkResult) {
	t.line()
	t.text("", bold, fmt.Sprintf("%s, control by control", f.Title))
	width := 0
	for _, c := range f.Results {
		width = min(max(width, columns(Terminal(c.ID))), controlColumns)
	}
	counts := map[policies.Status]int{}
	for _, c := range f.Results {
		counts[c.Status]++
		mark := "  " + t.palette.paint(controlStyle(c.Status), strings.ToUpper(words(c.Status)))
		mark += strings.Repeat(" ", statusColumns-len(words(c.Status)))
		id := clip(Terminal(c.ID), controlColumns)
		mark += id + strings.Repeat(" ", width-columns(id)+2)
		indent := 2 + statusColumns + width + 2
		for _, text := range []string{c.Title, rulesOf(c)} {
			for _, l := range wrap(Terminal(text), lineColumns-indent) {
				if l == "" {
					continue
				}
				t.line(mark, l)
				mark = strings.Repeat(" ", indent)
			}
		}
	}
	var parts []string
	for _, status := range policies.ControlStatuses {
		if n := counts[status]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, words(status)))
		}
	}
	sum := plural(len(f.Results), "control")
	if len(parts) > 0 {
		sum += ": " + strings.Join(parts, ", ")
	}
	t.text("  ", bold, sum)
	t.conflicts(conflictsOf(f))
}

// rulesOf lists the rules of a control with what they say, or why there is none.
func rulesOf(c policies.ControlResult) string {
	if c.Status == policies.NotCovered {
		return c.NotCovered
	}
	var parts []string
	for _, r := range c.Rules {
		status := policies.NotAsked
		if i := slices.IndexFunc(c.Results, func(res policies.Result) bool { return res.Rule.ID == r.ID }); i >= 0 {
			status = c.Results[i].Status
		}
		parts = append(parts, r.ID+" "+words(status))
	}
	return strings.Join(parts, ", ")
}

// conflictsOf lists the conflicts about the controls of a framework, each once.
func conflictsOf(f policies.FrameworkResult) []policies.Conflict {
	var list []policies.Conflict
	for _, c := range f.Results {
		for _, conflict := range c.Conflicts {
			if !slices.ContainsFunc(list, func(o policies.Conflict) bool {
				return o.Rule == conflict.Rule && o.Subject == conflict.Subject
			}) {
				list = append(list, conflict)
			}
		}
	}
	return list
}

func (t *table) conflicts(list []policies.Conflict) {
	if len(list) == 0 {
		return
	}
	t.line()
	t.text("  ", bold, "Where frameworks disagree")
	for _, c := range list {
		t.text("  • ", "", c.Rule+": "+c.Subject)
		for _, p := range c.Positions {
			t.text("      ", "", fmt.Sprintf("%s: %s (%s)", Side(p), p.Says, How(c, p)))
		}
	}
}

// words is a status as text has it.
func words(s policies.Status) string { return strings.ReplaceAll(string(s), "_", " ") }

func controlStyle(s policies.Status) style {
	switch s {
	case policies.Fail, policies.Error:
		return red
	case policies.Unknown, policies.NotAsked:
		return amber
	case policies.Pass:
		return green
	default:
		return ""
	}
}
