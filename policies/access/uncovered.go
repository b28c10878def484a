package access

import (
	"cmp"
	"encoding/binary"
	"errors"
	"slices"
	"strings"

	"github.com/guestward/guestward/policies/access/device"
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
			p.reach[i] = append(p.reach[i], p.reachOf(policy, u))
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
			r := p.reachOf(policy, u)
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

func (p *problem) reachOf(policy *Policy, u *User) reached {
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

// regions are the boxes in which a policy does what the question asks for, in one reading.
func (p *problem) regions(reading func(truth.Truth) bool) []box {
	var out []box
	for i := range p.policies {
		out = p.policyRegions(out, i, reading)
	}
	return out
}

// policyRegions adds those of one policy.
func (p *problem) policyRegions(out []box, index int, reading func(truth.Truth) bool) []box {
	s, policy := p.space, p.policies[index]
	if !reading(policy.counts(p.pr)) {
		return out
	}
	pick := func(dim int, test func(i int) truth.Truth) bits {
		b := newBits(len(p.groups[dim]))
		for g, atoms := range p.groups[dim] {
			if reading(test(atoms[0])) {
				b.set(g)
			}
		}
		return b
	}
	var base box
	base[dimResource] = pick(dimResource, func(i int) truth.Truth { return policy.targets(s.resources[i], p.pr) })
	base[dimPlatform] = pick(dimPlatform, func(i int) truth.Truth { return policy.takesPlatform(s.platforms[i]) })
	base[dimPlace] = pick(dimPlace, func(i int) truth.Truth { return policy.takesPlace(s.places[i], p.pr) })
	base[dimSignInRisk] = pick(dimSignInRisk, func(i int) truth.Truth { return takesRisk(policy.signInRisk, s.risks[i]) })
	base[dimUserRisk] = pick(dimUserRisk, func(i int) truth.Truth { return takesRisk(policy.userRisk, s.risks[i]) })
	base[dimFlow] = pick(dimFlow, func(i int) truth.Truth { return policy.takesFlow(s.flows[i]) })
	for _, dim := range []int{dimResource, dimPlatform, dimPlace, dimSignInRisk, dimUserRisk, dimFlow} {
		if base[dim].empty() {
			return out
		}
	}
	insider := func(kind string) bits {
		return pick(dimInsiderRisk, func(i int) truth.Truth { return policy.takesInsiderRisk(s.insider[i], kind, p.pr) })
	}
	insiderOf := map[bool]bits{true: insider(B2BCollaborationGuest), false: insider(InternalMember)}
	normal, eas := newBits(len(p.groups[dimUser])), newBits(len(p.groups[dimUser]))
	for g, r := range p.reach[index] {
		if reading(r.normal) {
			normal.set(g)
		}
		if reading(r.eas) {
			eas.set(g)
		}
	}

	// Resources that are alike to session and grant controls.
	type sort struct {
		ignoring bool
		enforced truth.Truth
	}
	bySort := map[sort]bits{}
	for g := range base[dimResource].all() {
		r := s.resources[p.groups[dimResource][g][0]]
		k := sort{r.ignoresDevice(), p.tenant.enforced[r.ID]}
		if bySort[k] == nil {
			bySort[k] = newBits(len(p.groups[dimResource]))
		}
		bySort[k].set(g)
	}
	for _, ignoring := range []bool{false, true} {
		for _, enforced := range []truth.Truth{truth.No, truth.Maybe, truth.Yes} {
			resources := bySort[sort{ignoring, enforced}]
			if resources == nil {
				continue
			}
			base[dimResource] = resources
			resource := s.resources[p.groups[dimResource][firstOf(resources)][0]]
			for _, isEASClient := range []bool{false, true} {
				users := normal
				if isEASClient {
					users = eas
				}
				out = p.callerRegions(out, base, policy, reading, users, insiderOf, resource, enforced, isEASClient)
			}
		}
	}
	return out
}

func firstOf(b bits) int {
	for i := range b.all() {
		return i
	}
	return -1
}

// callerRegions adds the boxes over users, clients and devices: classes of callers that fare alike share them.
func (p *problem) callerRegions(out []box, base box, policy *Policy, reading func(truth.Truth) bool, users bits, insiderOf map[bool]bits, resource *Resource, enforced truth.Truth, eas bool) []box {
	// A shape is what a policy makes of a class of callers; classes that fare alike have the same.
	type shape struct {
		external bool
		rows     []bits
		users    bits
	}
	var shapes []*shape
	byKey := map[string]*shape{}
	ofClass := make([]*shape, len(p.classes))
	for g := range users.all() {
		class := p.class[g]
		if ofClass[class] == nil {
			sh := &shape{external: p.classes[class].Kind != InternalMember, rows: p.rows(policy, class, reading, resource, enforced, eas)}
			key := []byte{boolByte(sh.external)}
			for _, row := range sh.rows {
				for _, w := range row {
					key = binary.BigEndian.AppendUint64(key, w)
				}
			}
			if byKey[string(key)] == nil {
				byKey[string(key)] = sh
				shapes = append(shapes, sh)
				sh.users = newBits(len(p.groups[dimUser]))
			}
			ofClass[class] = byKey[string(key)]
		}
		ofClass[class].users.set(g)
	}
	for _, sh := range shapes {
		b := base
		b[dimUser] = sh.users
		b[dimInsiderRisk] = insiderOf[sh.external]
		done := newBits(len(p.groups[dimClient]))
		for c, row := range sh.rows {
			if row.empty() || done.has(c) {
				continue
			}
			b[dimClient] = newBits(len(p.groups[dimClient]))
			for other, otherRow := range sh.rows {
				if row.equal(otherRow) {
					b[dimClient].set(other)
					done.set(other)
				}
			}
			b[dimDevice] = row
			if !b.empty() {
				out = append(out, b)
			}
		}
	}
	return out
}

// rows are, for each client, the devices from which the policy does what the question asks for.
func (p *problem) rows(policy *Policy, class int, reading func(truth.Truth) bool, resource *Resource, enforced truth.Truth, eas bool) []bits {
	s := p.space
	rows := make([]bits, len(p.groups[dimClient]))
	ignoring := resource.ignoresDevice() && !policy.grant.strict
	for c, atoms := range p.groups[dimClient] {
		rows[c] = newBits(len(p.groups[dimDevice]))
		client := s.clients[atoms[0]]
		if isEAS(client) != eas {
			continue
		}
		takes := policy.takesClient(client, p.pr)
		if ignoring {
			takes = truth.Yes
		}
		if !reading(takes) {
			continue
		}
		limits := policy.session.answers(p.classes[class].Kind, client, enforced, p.q, p.pr)
		for d, devices := range p.groups[dimDevice] {
			dev := devices[0]
			t := takes
			if !ignoring && policy.deviceFilter != nil {
				t = truth.And(t, p.filtered(policy, class, dev))
			}
			if !reading(t) {
				continue
			}
			stops := p.stops(policy, class, client, s.devices[dev], resource)
			if reading(truth.And(t, truth.Or(stops, limits))) {
				rows[c].set(d)
			}
		}
	}
	return rows
}

func (p *problem) stops(policy *Policy, class int, client string, d device.Device, resource *Resource) truth.Truth {
	key := stopKey{policy, class, modern(client), d.Compliant, d.Hybrid, resource.ignoresDevice()}
	t, ok := p.stopsAt[key]
	if !ok {
		t = policy.grant.stops(p.classes[class].caller(client, Device{d.Registered, d.Compliant, d.Hybrid}), resource, p.q, p.pr)
		p.stopsAt[key] = t
	}
	return t
}
