package access

import (
	"fmt"
	"slices"
	"strings"

	"github.com/guestward/guestward/policies/access/truth"
)

// LockOut is users who cannot sign in to anything, whatever they do.
type LockOut struct {
	Who      string    `json:"who"`
	Existing []Account `json:"existing"`
	Count    int       `json:"count"`
	Reach    Reach     `json:"reach"`
	// Certain is false where they may be locked out.
	Certain  bool         `json:"certain"`
	Policies []LockingOut `json:"policies"`
	Text     string       `json:"text"`
	Place    []any        `json:"place"`
}

// LockingOut is a policy that keeps them out, and how.
type LockingOut struct {
	Index  int    `json:"index"`
	ID     string `json:"id"`
	Name   string `json:"name"`
	Blocks bool   `json:"blocks"` // otherwise it demands what they cannot present
	// Alone says that it would without the others.
	Alone bool `json:"alone"`
}

// LockOuts is who is locked out, and what that rests on.
type LockOuts struct {
	LockOuts    []*LockOut   `json:"locked_out"`
	Assumptions []Assumption `json:"assumptions"`
	// Reason says why the list may lack somebody; empty otherwise.
	Reason string `json:"reason,omitempty"`
}

// LockedOut finds the outsiders who can get into nothing with any client that shows a page. Those for whom that is only
// possible are listed as not certain.
func (t *Tenant) LockedOut(assume []string) (*LockOuts, error) {
	q := &Question{Require: []string{"block"}, Assume: assume}
	p, err := t.pose(q)
	if err != nil {
		return nil, err
	}
	out := &LockOuts{LockOuts: []*LockOut{}}
	pages := newBits(len(p.groups[dimClient])) // clients that show a page
	for c, atoms := range p.groups[dimClient] {
		if modern(p.space.clients[atoms[0]]) {
			pages.set(c)
		}
	}
	all := map[bool][]box{}
	of := map[bool]map[*Policy][]box{true: {}, false: {}}
	for _, certain := range []bool{true, false} {
		reading := truth.Truth.May
		if certain {
			reading = truth.Truth.Must
		}
		for i, policy := range p.policies {
			of[certain][policy] = p.policyRegions(nil, i, reading)
			all[certain] = append(all[certain], of[certain][policy]...)
		}
		all[certain] = reduce(all[certain])
	}
	groups := map[string]*LockOut{}
	steps := defaultSteps
	for g := range p.must[dimUser].all() {
		domain := p.must
		domain[dimUser] = newBits(len(p.groups[dimUser]))
		domain[dimUser].set(g)
		domain[dimClient] = pages
		certain := false
		for _, certain = range []bool{true, false} {
			s := solver{regions: all[certain], steps: steps}
			hole, err := s.find(domain, 0)
			steps = max(0, s.steps)
			if err != nil {
				out.Reason = err.Error()
				break
			}
			if hole == nil {
				p.lockOut(groups, g, certain, of[certain], domain)
				break
			}
		}
	}
	for _, key := range sortedKeys(groups) {
		out.LockOuts = append(out.LockOuts, groups[key])
	}
	out.Assumptions = p.pr.list()
	return out, nil
}

// ordinary is the part of a domain in which nothing is out of the way: no risk, no special flow. What keeps people out
// there is why they are locked out, whatever else would stop them elsewhere.
func (p *problem) ordinary(domain box) box {
	s := p.space
	for dim, words := range map[int][]string{dimSignInRisk: s.risks, dimUserRisk: s.risks, dimInsiderRisk: s.insider, dimFlow: s.flows} {
		domain[dim] = newBits(len(p.groups[dim]))
		for g, atoms := range p.groups[dim] {
			if words[atoms[0]] == "none" {
				domain[dim].set(g)
			}
		}
	}
	return domain
}

// lockOut adds the users of a group of atoms, those who exist under one entry if the same policies keep them out.
func (p *problem) lockOut(groups map[string]*LockOut, g int, certain bool, regions map[*Policy][]box, domain box) {
	var by []LockingOut
	var because []string
	ordinary := p.ordinary(domain)
	for _, policy := range p.policies {
		if !slices.ContainsFunc(regions[policy], func(b box) bool { return b.meets(&ordinary) }) {
			continue
		}
		blocks := slices.ContainsFunc(policy.grant.controls, func(c control) bool { return c.kind == "block" })
		how := "cannot satisfy"
		if blocks {
			how = "blocked by"
		}
		one := fmt.Sprintf("%s '%s'", how, policy.Name)
		if !slices.Contains(because, one) {
			alone := solver{regions: regions[policy], steps: defaultSteps}
			hole, err := alone.find(domain, 0)
			by = append(by, LockingOut{policy.Index, policy.ID, policy.Name, blocks, hole == nil && err == nil})
			because = append(because, one)
		}
	}
	for _, i := range p.groups[dimUser][g] {
		u := p.space.users[i]
		key := u.Label
		if u.Count > 0 {
			key = fmt.Sprint("\x00", certain, because)
		}
		l := groups[key]
		if l == nil {
			l = &LockOut{Who: u.Label, Existing: []Account{}, Reach: u.Reach, Certain: certain, Policies: by, Place: []any{"conditionalAccess", "policies"}}
			// Where to look first: at one that would be enough by itself.
			first := max(0, slices.IndexFunc(by, func(p LockingOut) bool { return p.Alone }))
			if len(by) > 0 && by[first].Index >= 0 {
				l.Place = append(l.Place, by[first].Index, "grantControls")
			}
			groups[key] = l
		}
		if u.Count > 0 {
			l.Count += u.Count
			l.Existing = append(l.Existing, u.Examples...)
			slices.SortFunc(l.Existing, func(a, b Account) int { return strings.Compare(a.ID, b.ID) })
			l.Existing = l.Existing[:min(len(l.Existing), keptExamples)]
			var names []string
			for _, a := range l.Existing[:min(3, len(l.Existing))] {
				names = append(names, a.Name)
			}
			list := strings.Join(names, ", ")
			if l.Count > len(names) {
				list += ", ..."
			}
			l.Who = fmt.Sprintf("%s (%s)", plural(l.Count, "existing account"), list)
		}
		l.Text = l.Who + ": " + strings.Join(because, "; ")
	}
}
