package policies

import "slices"

// ControlRules is a control with the rules that decide it.
type ControlRules struct {
	Control
	Rules     []*Rule    // sorted by id
	Conflicts []Conflict // with what other frameworks ask for
}

// ByControl lists every control of a framework, in its order, with those of the rules that name it.
func (f Framework) ByControl(rules []*Rule) []ControlRules {
	list := make([]ControlRules, len(f.Controls))
	for i, control := range f.Controls {
		list[i].Control = control
		for _, r := range rules {
			if slices.Contains(r.Controls[f.Key], control.ID) {
				list[i].Rules = append(list[i].Rules, r)
			}
		}
		for _, c := range Conflicts() {
			if c.Concerns(f.Key, control.ID) {
				list[i].Conflicts = append(list[i].Conflicts, c)
			}
		}
	}
	return list
}

// The statuses that only a control has: NotCovered has no rule, NotAsked has one that the scan left out.
const (
	NotCovered Status = "not_covered"
	NotAsked   Status = "not_asked"
)

// ControlStatuses lists the statuses of controls, the one that decides first.
var ControlStatuses = []Status{Fail, Error, Unknown, NotAsked, Pass, NotApplicable, NotCovered}

// ControlResult is what the rules of one control say together.
type ControlResult struct {
	ControlRules
	Status  Status
	Results []Result // of the rules that were asked, in the order of Rules
}

// FrameworkResult is a scan as one framework sees it.
type FrameworkResult struct {
	Framework
	Results []ControlResult // in the framework's order
}

// Judge finds the status of every control of the framework: the worst of its rules, where unknown is worse than pass. A
// rule that was not asked may have failed, so that a control with one does not pass. The rules are the whole catalogue.
func (f Framework) Judge(rules []*Rule, results []Result) FrameworkResult {
	out := FrameworkResult{Framework: f}
	for _, control := range f.ByControl(rules) {
		judged := ControlResult{ControlRules: control, Status: NotCovered}
		worst := len(ControlStatuses)
		for _, r := range control.Rules {
			status := NotAsked
			if i := slices.IndexFunc(results, func(res Result) bool { return res.Rule.ID == r.ID }); i >= 0 {
				judged.Results = append(judged.Results, results[i])
				status = results[i].Status
			}
			if rank := slices.Index(ControlStatuses, status); rank < worst {
				worst, judged.Status = rank, status
			}
		}
		out.Results = append(out.Results, judged)
	}
	return out
}
