package access

import (
	"cmp"
	"errors"
	"slices"

	"github.com/guestward/guestward/policies/access/truth"
)

// The verdicts.
const (
	VerdictCovered = "covered" // every sign-in of the domain meets the requirement
	VerdictHole    = "hole"
	VerdictUnknown = "unknown" // some might not; nobody can say
)

// Answer is what the solver says to a question.
type Answer struct {
	Verdict string `json:"verdict"`
	// Holes are sign-ins that certainly do not meet the requirement, largest boxes first found; More says that there are
	// others.
	Holes []*Hole `json:"holes"`
	More  bool    `json:"more"`
	// Undecided are sign-ins of which the snapshot, or Microsoft's documentation, does not tell.
	Undecided []*Hole `json:"undecided"`
	// Assumptions are what the answer rests on.
	Assumptions []Assumption `json:"assumptions"`
	// Reason says why the verdict is unknown where no undecided sign-in does.
	Reason string `json:"reason,omitempty"`
}

const (
	defaultSteps = 5_000_000
	defaultHoles = 12
)

// Uncovered answers a question.
func (t *Tenant) Uncovered(q *Question) (*Answer, error) {
	if err := q.check(); err != nil {
		return nil, err
	}
	p, err := t.pose(q)
	if err != nil {
		return nil, err
	}
	return p.solve()
}

func (p *problem) solve() (*Answer, error) {
	r := p.search()
	a := &Answer{Verdict: r.verdict, Holes: []*Hole{}, Undecided: []*Hole{}, More: r.more}
	if r.exhausted {
		a.Reason = errBudget.Error()
	}
	for _, b := range r.open {
		a.Holes = append(a.Holes, p.describe(b, false))
	}
	for _, b := range r.undecided {
		a.Undecided = append(a.Undecided, p.describe(b, true))
	}
	byReach := func(x, y *Hole) int {
		return cmp.Or(cmp.Compare(x.Reach, y.Reach), cmp.Compare(boolByte(x.point.user.unlisted), boolByte(y.point.user.unlisted)))
	}
	slices.SortStableFunc(a.Holes, byReach)
	slices.SortStableFunc(a.Undecided, byReach)
	a.Assumptions = p.pr.list()
	if r.steps+len(p.groups[dimUser]) < quickly {
		a.Assumptions = slices.DeleteFunc(a.Assumptions, func(one Assumption) bool { return !p.matters(one.Name, r) })
	}
	return a, nil
}

// found is the outcome of a search: boxes, not yet in words.
type found struct {
	open, undecided []box
	more, exhausted bool
	verdict         string
	steps           int
}

// search finds what is not covered: first by what may enforce the requirement, so that what is left is open for certain,
// then by what must.
func (p *problem) search() (r found) {
	steps := cmp.Or(p.q.Budget.Steps, defaultSteps)
	most := cmp.Or(p.q.Budget.Holes, defaultHoles)
	may := solver{regions: reduce(p.regions(truth.Truth.May)), steps: steps}
	var err error
	if !p.must.empty() {
		// Accounts that the snapshot does not list are told of along with others who are in the same hole.
		wide := p.must
		wide[dimUser] = p.may[dimUser]
		r.open, r.more, err = may.holes(p.must, wide, most)
		r.exhausted = errors.Is(err, errBudget)
	}
	r.steps = steps - may.steps
	if !r.more && !r.exhausted && !p.may.empty() {
		must := solver{regions: append(reduce(p.regions(truth.Truth.Must)), r.open...), steps: may.steps}
		r.undecided, _, err = must.holes(p.may, p.may, most)
		r.exhausted = errors.Is(err, errBudget)
		r.steps = steps - must.steps
	}
	switch {
	case len(r.open) > 0:
		r.verdict = VerdictHole
	case len(r.undecided) > 0 || r.exhausted:
		r.verdict = VerdictUnknown
	default:
		r.verdict = VerdictCovered
	}
	return r
}

// quickly is how many steps and users a search may have taken for it to be made again without each assumption.
const quickly = 2000

// matters says whether the answer would be another if the assumption had another value.
func (p *problem) matters(name string, before found) bool {
	for _, value := range []string{"yes", "no", "unknown"} {
		if value == p.pr.values[name] {
			continue
		}
		q := *p.q
		q.Assume = append(slices.Clone(q.Assume), name+"="+value)
		other, err := p.tenant.pose(&q)
		if err != nil {
			return true
		}
		after := other.search()
		if after.verdict != before.verdict || len(after.open) != len(before.open) || len(after.undecided) != len(before.undecided) || after.more != before.more {
			return true
		}
	}
	return false
}
