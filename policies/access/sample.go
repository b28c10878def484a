package access

import "github.com/guestward/guestward/policies/access/truth"

// Sample is one sign-in of a question's domain and what the model makes of it: stopped, open or unknown.
type Sample struct {
	SignIn   *SignIn
	Decision string
	Views    []PolicyView // of the policies that may enforce something
}

// Samples decides single sign-ins of the question's domain, which pick chooses: it is told how many values there are and
// returns one of their numbers. What stands for accounts that the snapshot does not list is left out.
func (t *Tenant) Samples(q *Question, n int, pick func(n int) int) ([]Sample, error) {
	if err := q.check(); err != nil {
		return nil, err
	}
	p, err := t.pose(q)
	if err != nil {
		return nil, err
	}
	for dim := range dims {
		if len(p.groups[dim]) == 0 {
			return nil, nil // the domain is empty
		}
	}
	var out []Sample
	for range n {
		if pt := p.pick(pick); !pt.user.unlisted {
			sample := Sample{SignIn: p.signIn(pt), Decision: decisions[p.decide(pt)]}
			for _, policy := range p.policies {
				sample.Views = append(sample.Views, p.view(policy, pt))
			}
			out = append(out, sample)
		}
	}
	return out, nil
}

var decisions = map[truth.Truth]string{truth.No: "open", truth.Maybe: "unknown", truth.Yes: "stopped"}

// pick chooses an atom of each dimension.
func (p *problem) pick(pick func(n int) int) *point {
	atom := func(dim int) int {
		g := p.groups[dim][pick(len(p.groups[dim]))]
		return g[pick(len(g))]
	}
	return p.pointAt([dims]int{atom(dimUser), atom(dimResource), atom(dimClient), atom(dimPlatform), atom(dimPlace), atom(dimDevice), atom(dimSignInRisk), atom(dimUserRisk), atom(dimInsiderRisk), atom(dimFlow)})
}

// pointAt is the sign-in of the atoms.
func (p *problem) pointAt(at [dims]int) *point {
	s := p.space
	return &point{
		user: s.users[at[dimUser]], resource: s.resources[at[dimResource]], client: s.clients[at[dimClient]],
		platform: s.platforms[at[dimPlatform]], place: s.places[at[dimPlace]], device: s.devices[at[dimDevice]],
		signIn: s.risks[at[dimSignInRisk]], userRisk: s.risks[at[dimUserRisk]], insider: s.insider[at[dimInsiderRisk]], flow: s.flows[at[dimFlow]],
	}
}
