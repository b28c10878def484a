package access

import (
	"slices"
	"strings"

	"github.com/guestward/guestward/policies/access/device"
	"github.com/guestward/guestward/policies/access/truth"
)

// problem is a question about a tenant in the form that the solver takes.
type problem struct {
	tenant   *Tenant
	q        *Question
	pr       *premises
	space    *space
	policies []*Policy           // those that may enforce something
	classes  []*User             // one user of each class of callers
	classOf  map[callerClass]int // index into classes
	views    [][][]device.Device // class, device: how this tenant may see it
	groups   [dims][][]int       // atoms that nothing tells apart
	must     box                 // the domain, as far as it is certain
	may      box                 // and with what may belong to it
	stopsAt  map[stopKey]truth.Truth
	class    []int       // of each group of users
	reach    [][]reached // of each policy, each group of users
}

// reached says whether a policy reaches users: with Exchange ActiveSync, which has a quirk, and with other clients.
type reached struct{ normal, eas truth.Truth }

// callerClass is what the grant controls know of a user.
type callerClass struct {
	kind, provider string
	trust          Trust
}

func classOf(u *User) callerClass { return callerClass{u.Kind, u.Provider, u.Trust} }

type stopKey struct {
	policy                              *Policy
	class                               int
	modern, compliant, hybrid, ignoring bool
}

// pose prepares a question: cuts the space into atoms, joins those that nothing tells apart, and marks the domain.
func (t *Tenant) pose(q *Question) (*problem, error) {
	assume, err := Assuming(q.Assume...)
	if err != nil {
		return nil, err
	}
	s, err := t.newSpace(q)
	if err != nil {
		return nil, err
	}
	p := &problem{tenant: t, q: q, pr: newPremises(assume), space: s, classOf: map[callerClass]int{}, stopsAt: map[stopKey]truth.Truth{}}
	for _, policy := range t.Policies {
		if policy.counts(p.pr).May() {
			p.policies = append(p.policies, policy)
		}
	}
	for _, u := range s.users {
		c := classOf(u)
		if _, ok := p.classOf[c]; !ok {
			p.classOf[c] = len(p.classes)
			p.classes = append(p.classes, u)
		}
	}
	for _, u := range p.classes {
		var of [][]device.Device
		for _, d := range s.devices {
			of = append(of, sees(u, d, p.pr))
		}
		p.views = append(p.views, of)
	}
	p.join()
	return p, nil
}

// join groups the atoms of each dimension by all that policies and the question make of them.
func (p *problem) join() {
	q, s := p.q, p.space
	kinds := q.Kinds
	if len(kinds) == 0 {
		kinds = GuestKinds
	}
	domain := [dims]func(i int) truth.Truth{
		dimUser: func(i int) truth.Truth {
			u := s.users[i]
			switch {
			case !slices.Contains(kinds, u.Kind) || p.accepted(u):
				return truth.No
			case u.unlisted:
				return truth.And(truth.Maybe, q.asksAbout(u.Provider))
			}
			return q.asksAbout(u.Provider)
		},
		dimResource: func(i int) truth.Truth { return q.Resources.match(s.resources[i]) },
		dimClient:   oneOf(q.Clients, s.clients),
		dimPlatform: oneOf(q.Platforms, s.platforms),
		dimPlace:    func(i int) truth.Truth { return s.places[i].outside },
		dimDevice: func(i int) truth.Truth {
			return truth.Of(q.Devices == "" || !s.devices[i].Compliant && !s.devices[i].Hybrid)
		},
		dimSignInRisk: oneOf(q.SignInRisk, s.risks),
		dimUserRisk:   oneOf(q.UserRisk, s.risks),
		dimFlow:       oneOf(q.Flows, s.flows),
	}
	everything := func(int) truth.Truth { return truth.Yes }
	for dim := range dims {
		if domain[dim] == nil {
			domain[dim] = everything
		}
		bySignature := map[string]int{}
		var sig []byte
		var in []truth.Truth
		for i := range s.size(dim) {
			d := domain[dim](i)
			if d == truth.No {
				continue
			}
			sig = p.signature(append(sig[:0], byte(d)), dim, i)
			g, ok := bySignature[string(sig)]
			if !ok {
				g = len(p.groups[dim])
				bySignature[string(sig)] = g
				p.groups[dim] = append(p.groups[dim], nil)
				in = append(in, d)
			}
			p.groups[dim][g] = append(p.groups[dim][g], i)
		}
		n := len(p.groups[dim])
		p.must[dim], p.may[dim] = newBits(n), newBits(n)
		for g, d := range in {
			p.may[dim].set(g)
			if d == truth.Yes {
				p.must[dim].set(g)
			}
		}
	}
	p.reach = make([][]reached, len(p.policies))
	for _, g := range p.groups[dimUser] {
		u := s.users[g[0]]
		p.class = append(p.class, p.classOf[classOf(u)])
		for i, policy := range p.policies {
			p.reach[i] = append(p.reach[i], p.reachedBy(policy, u))
		}
	}
}

// asksAbout says whether the question is about those who sign in there.
func (q *Question) asksAbout(provider string) truth.Truth {
	switch {
	case len(q.Providers) == 0 || slices.Contains(q.Providers, provider):
		return truth.Yes
	case provider == UnknownProvider:
		return truth.Maybe
	}
	return truth.No
}

// accepted says whether leaving the user out is a decision that the question knows of.
func (p *problem) accepted(u *User) bool {
	if u.ID != "" && containsFold(p.q.AcceptUsers, u.ID) {
		return true
	}
	for _, id := range p.q.AcceptGroups {
		if i, ok := p.tenant.groups.index[strings.ToLower(id)]; ok && u.groups.has(i) {
			return true
		}
	}
	return false
}

func containsFold(list []string, s string) bool {
	return slices.ContainsFunc(list, func(one string) bool { return strings.EqualFold(one, s) })
}

func oneOf(wanted, atoms []string) func(int) truth.Truth {
	return func(i int) truth.Truth { return truth.Of(len(wanted) == 0 || slices.Contains(wanted, atoms[i])) }
}

// match says whether the question is about the resource.
func (rs *Resources) match(r *Resource) truth.Truth {
	if len(rs.Actions) > 0 {
		return truth.Of(r.Type == "user_action")
	}
	any := func(list []string) truth.Truth {
		t := truth.No
		for _, name := range list {
			t = truth.Or(t, r.called(strings.ToLower(name)))
		}
		return t
	}
	in := truth.Yes
	if len(rs.Only) > 0 {
		in = any(rs.Only)
	}
	return truth.And(in, truth.Not(any(rs.Except)))
}

// signature writes what all policies make of the atom.
func (p *problem) signature(sig []byte, dim, i int) []byte {
	s := p.space
	switch dim {
	case dimUser:
		u := s.users[i]
		c := p.classOf[classOf(u)]
		sig = append(sig, byte(c), byte(c>>8), byte(u.Reach))
		for _, policy := range p.policies {
			r := p.reachedBy(policy, u)
			sig = append(sig, byte(r.normal)<<2|byte(r.eas))
		}
	case dimResource:
		r := s.resources[i]
		sig = append(sig, boolByte(r.ignoresDevice()), byte(p.tenant.enforced[r.ID]))
		for _, policy := range p.policies {
			sig = append(sig, byte(policy.targets(r, p.pr)))
		}
	case dimClient:
		c := s.clients[i]
		sig = append(sig, boolByte(modern(c)), boolByte(c == "browser" && p.q.asks("app_enforced_restrictions")), boolByte(isEAS(c)))
		for _, policy := range p.policies {
			sig = append(sig, byte(policy.takesClient(c, p.pr)))
		}
	case dimPlatform:
		for _, policy := range p.policies {
			sig = append(sig, byte(policy.takesPlatform(s.platforms[i])))
		}
	case dimPlace:
		sig = append(sig, boolByte(s.places[i].Latent))
		for _, policy := range p.policies {
			sig = append(sig, byte(policy.takesPlace(s.places[i], p.pr)))
		}
	case dimDevice:
		sig = append(sig, boolByte(s.devices[i].Compliant), boolByte(s.devices[i].Hybrid))
		for _, policy := range p.policies {
			for c := range p.classes {
				if policy.deviceFilter != nil {
					sig = append(sig, byte(p.filtered(policy, c, i)))
				}
			}
		}
	case dimSignInRisk, dimUserRisk:
		for _, policy := range p.policies {
			l := policy.signInRisk
			if dim == dimUserRisk {
				l = policy.userRisk
			}
			sig = append(sig, byte(takesRisk(l, s.risks[i])))
		}
	case dimInsiderRisk:
		for _, policy := range p.policies {
			sig = append(sig, byte(policy.takesInsiderRisk(s.insider[i], InternalMember, p.pr))<<2|byte(policy.takesInsiderRisk(s.insider[i], B2BCollaborationGuest, p.pr)))
		}
	case dimFlow:
		for _, policy := range p.policies {
			sig = append(sig, byte(policy.takesFlow(s.flows[i])))
		}
	}
	return sig
}

func (p *problem) reachedBy(policy *Policy, u *User) reached {
	normal := policy.reaches(u, "browser", p.pr)
	if !policy.clients.has("exchangeActiveSync") {
		return reached{normal, normal}
	}
	return reached{normal, policy.reaches(u, "exchangeActiveSync", p.pr)}
}

func boolByte(b bool) byte {
	if b {
		return 1
	}
	return 0
}

// filtered says whether the policy's device condition matches the device of a caller of the class.
func (p *problem) filtered(policy *Policy, class, dev int) truth.Truth {
	return policy.takesDevice(p.filterMatches(policy, p.views[class][dev]))
}

// filterMatches is what the policy's device filter says of every view of a device: maybe where they differ, and where its
// rule could not be read or devices cannot be told apart.
func (p *problem) filterMatches(policy *Policy, views []device.Device) truth.Truth {
	rule := policy.deviceFilter.device
	if rule == nil || p.space.inexact {
		return truth.Maybe
	}
	t := rule.Match(views[0])
	for _, v := range views[1:] {
		t = common(t, rule.Match(v))
	}
	return t
}
