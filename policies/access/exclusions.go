package access

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/guestward/guestward/policies/access/truth"
)

// Scope is whom a question about exclusions is about: see Question.
type Scope struct {
	Kinds        []string `json:"kinds,omitempty"`
	AcceptUsers  []string `json:"accept_users,omitempty"`
	AcceptGroups []string `json:"accept_groups,omitempty"`
	Assume       []string `json:"assume,omitempty"`
	Budget       Budget   `json:"budget,omitzero"`
}

// ReadScope reads a scope, refusing what it does not know.
func ReadScope(data []byte) (*Scope, error) {
	dec := json.NewDecoder(strings.NewReader(string(data)))
	dec.DisallowUnknownFields()
	s := &Scope{}
	if err := dec.Decode(s); err != nil {
		return nil, fmt.Errorf("scope: %w", err)
	}
	return s, s.question("block").check()
}

func (s *Scope) question(require ...string) *Question {
	return &Question{Require: require, Kinds: s.Kinds, AcceptUsers: s.AcceptUsers, AcceptGroups: s.AcceptGroups, Assume: s.Assume, Budget: s.Budget}
}

// Exclusion is what one exclusion comes to: sign-ins that the policy would stop, did it not leave out their users, and
// that no other policy asks for the same.
type Exclusion struct {
	Question *Question
	Answer   *Answer
}

// Exclusions finds, for each enabled policy that asks for MFA, terms of use or blocks, who escapes because it leaves them
// out. Tenants that a block leaves out are an allow-list, a decision of its own; managed devices, which few outsiders
// have, are nothing that leaving them out would be a gap in.
func (t *Tenant) Exclusions(s *Scope) ([]Exclusion, error) {
	var out []Exclusion
	for _, policy := range t.Policies {
		if policy.Index < 0 || !policy.enabled() {
			continue
		}
		for _, require := range policy.asks() {
			q := s.question(require...)
			if err := q.check(); err != nil {
				return nil, err
			}
			a, err := t.escapes(policy, q)
			if err != nil {
				return nil, err
			}
			if a != nil {
				out = append(out, Exclusion{q, a})
			}
		}
	}
	return out, nil
}

// asks is what the policy wants of people, as far as outsiders can be expected to have it: one of each list.
func (p *Policy) asks() [][]string {
	word := func(c control) string {
		switch c.kind {
		case "block", "mfa":
			return c.kind
		case "strength":
			return "mfa"
		case "termsOfUse":
			return "terms_of_use"
		case "compliantDevice", "domainJoinedDevice":
			return "managed_device"
		}
		return ""
	}
	var each [][]string
	var any []string
	for _, c := range p.grant.controls {
		w := word(c)
		if w != "" && w != "managed_device" {
			each = append(each, []string{w})
		}
		any = append(any, w)
	}
	switch {
	case len(each) == 0:
		return nil
	case p.grant.operator != "OR" || len(p.grant.controls) == 1:
		return each
	case slices.Contains(any, ""):
		return nil // who has the other control need not have these
	}
	return [][]string{any}
}

// escapes answers for one policy; nil when it leaves out nobody.
func (t *Tenant) escapes(policy *Policy, q *Question) (*Answer, error) {
	whole := *policy
	whole.exclude = userList{}
	whole.notGroups, whole.notRoles = newBits(len(t.groups.ids)), newBits(len(t.groups.roles))
	if e := policy.exclude.external; e != nil && q.asks("block") && (e.enumerated || e.oddTenants) {
		whole.exclude.external = e
	}
	left := policy.exclude
	left.external = whole.exclude.external
	if !left.all && !left.guests && len(left.groups)+len(left.roles) == 0 && policy.exclude.external == whole.exclude.external &&
		!slices.ContainsFunc(left.users, func(id string) bool { return !containsFold(q.AcceptUsers, id) }) {
		return nil, nil
	}
	other := *t
	other.Policies = append(slices.Clone(t.Policies), &whole)
	p, err := other.pose(q)
	if err != nil {
		return nil, err
	}
	n := len(p.policies) - 1
	if n < 0 || p.policies[n] != &whole {
		return nil, nil // it enforces nothing
	}
	domains := reduce(p.policyRegions(nil, n, truth.Truth.Must))
	p.policies, p.tenant = p.policies[:n], t

	a := &Answer{Holes: []*Hole{}, Undecided: []*Hole{}, Verdict: VerdictCovered}
	most := cmp.Or(q.Budget.Holes, defaultHoles)
	may := solver{regions: reduce(p.regions(truth.Truth.May)), steps: cmp.Or(q.Budget.Steps, defaultSteps)}
	must := solver{regions: reduce(p.regions(truth.Truth.Must))}
	seek := func(s *solver, within box, take func(b box)) error {
		for _, domain := range domains {
			for k := range domain {
				domain[k] = domain[k].and(within[k])
			}
			if domain.empty() {
				continue
			}
			found, more, err := s.holes(domain, domain, most)
			a.More = a.More || more
			if errors.Is(err, errBudget) {
				a.Reason = err.Error()
				return nil
			}
			if err != nil {
				return err
			}
			for _, b := range found {
				take(b)
				s.regions = append(s.regions, b)
			}
		}
		return nil
	}
	err = seek(&may, p.must, func(b box) {
		h := p.describe(b, false)
		v := p.view(policy, h.point)
		p.countGuests(&v, b[dimUser])
		h.NearMisses = []PolicyView{v}
		if len(v.Clauses) > 0 {
			h.Place = v.Clauses[0].Path
		}
		a.Holes = append(a.Holes, h)
		must.regions = append(must.regions, b)
	})
	if err != nil {
		return nil, err
	}
	must.steps = max(0, may.steps)
	err = seek(&must, p.may, func(b box) { a.Undecided = append(a.Undecided, p.describe(b, true)) })
	if err != nil {
		return nil, err
	}
	switch {
	case len(a.Holes) > 0:
		a.Verdict = VerdictHole
	case len(a.Undecided) > 0 || a.Reason != "":
		a.Verdict = VerdictUnknown
	}
	a.Assumptions = p.pr.list()
	return a, nil
}

// Add takes in another answer.
func (a *Answer) Add(b *Answer) {
	a.Holes = append(a.Holes, b.Holes...)
	a.Undecided = append(a.Undecided, b.Undecided...)
	a.More = a.More || b.More
	a.Reason = cmp.Or(a.Reason, b.Reason)
	for _, one := range b.Assumptions {
		if !slices.Contains(a.Assumptions, one) {
			a.Assumptions = append(a.Assumptions, one)
		}
	}
	slices.SortFunc(a.Assumptions, CompareAssumptions)
	order := []string{VerdictCovered, VerdictUnknown, VerdictHole}
	a.Verdict = order[max(slices.Index(order, a.Verdict), slices.Index(order, b.Verdict))]
}
