package access

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/guestward/guestward/policies/access/device"
	"github.com/guestward/guestward/policies/access/truth"
)

// Hole is a box of sign-ins that do not meet a requirement, or of which nobody knows, in words and by example.
type Hole struct {
	Reach Reach `json:"reach"`
	Who   Who   `json:"who"`
	// The other dimensions: what is in the hole, or only the word any.
	Resource    []string `json:"resource"`
	Client      []string `json:"client"`
	Platform    []string `json:"platform"`
	Location    []string `json:"location"`
	Device      []string `json:"device"`
	SignInRisk  []string `json:"sign_in_risk"`
	UserRisk    []string `json:"user_risk"`
	InsiderRisk []string `json:"insider_risk"`
	Flow        []string `json:"flow"`
	// Text is all of it in one line, Example one sign-in of it.
	Text    string `json:"text"`
	Example string `json:"example"`
	// Witness is one concrete sign-in of the hole; WhatIf asks Microsoft's own evaluator about it.
	Witness *SignIn        `json:"witness"`
	WhatIf  map[string]any `json:"what_if"`
	// NearMisses are the policies that come nearest to stopping the witness, and the clauses that fail.
	NearMisses []PolicyView `json:"near_misses"`
	// Reasons are why it is not known; of holes there are none.
	Reasons []Clause `json:"reasons"`
	// Place is where in the snapshot the hole is best looked for.
	Place []any `json:"place"`

	point    *point
	decision string // of the witness: stopped, open or unknown
}

// Who is the users of a hole.
type Who struct {
	Existing []Account `json:"existing"` // the first of them
	Count    int       `json:"count"`    // of existing accounts
	Kinds    []string  `json:"kinds"`
	New      []string  `json:"new"`    // who could come
	Latent   []string  `json:"latent"` // who could come if a setting elsewhere changed
}

// MarshalText makes the word of it.
func (r Reach) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

const (
	fewLabels = 6
	fewMisses = 3
	fewReason = 5
)

// describe puts a box into words.
func (p *problem) describe(b box, undecided bool) *Hole {
	h := &Hole{NearMisses: []PolicyView{}, Reasons: []Clause{}}
	s := p.space
	h.Who = p.who(b[dimUser])
	labels := func(dim int, label func(i int) string) []string {
		if b[dim].equal(p.may[dim]) {
			return []string{"any"}
		}
		var out []string
		for g := range b[dim].all() {
			for _, i := range p.groups[dim][g] {
				if l := label(i); !slices.Contains(out, l) {
					out = append(out, l)
				}
			}
		}
		return out
	}
	office := p.holdsOffice365(b[dimResource])
	h.Resource = labels(dimResource, func(i int) string {
		if office && s.resources[i].Names["Office365"] == truth.Yes {
			return "Office 365"
		}
		return p.tenant.resourceWord(s.resources[i])
	})
	h.Client = labels(dimClient, func(i int) string { return s.clients[i] })
	h.Platform = labels(dimPlatform, func(i int) string { return s.platforms[i] })
	h.Location = labels(dimPlace, func(i int) string { return s.places[i].String() })
	h.Device = labels(dimDevice, func(i int) string { return deviceWord(s.devices[i]) })
	h.SignInRisk = labels(dimSignInRisk, func(i int) string { return s.risks[i] })
	h.UserRisk = labels(dimUserRisk, func(i int) string { return s.risks[i] })
	h.InsiderRisk = labels(dimInsiderRisk, func(i int) string { return s.insider[i] })
	h.Flow = labels(dimFlow, func(i int) string { return s.flows[i] })

	h.point = p.witness(b, undecided)
	h.decision = decisions[p.decide(h.point)]
	h.Reach = h.point.user.Reach
	if h.point.place.Latent {
		h.Reach = Latent
	}
	h.Text = h.sentence()
	h.Example = p.tenant.describePoint(h.point)
	h.Witness = p.signIn(h.point)
	h.WhatIf = p.whatIf(h.point)
	h.Place = []any{"conditionalAccess", "policies"}
	if undecided {
		h.Reasons = p.reasons(h.point)
		if len(h.Reasons) > 0 {
			h.Place = h.Reasons[0].Path
		}
		return h
	}
	h.NearMisses = p.nearMisses(h.point, b[dimUser])
	if len(h.NearMisses) > 0 {
		h.Place = h.NearMisses[0].Clauses[0].Path
	}
	return h
}

// holdsOffice365 says whether every app of Office 365 that the question is about is in the set.
func (p *problem) holdsOffice365(b bits) bool {
	any := false
	for g, atoms := range p.groups[dimResource] {
		for _, i := range atoms {
			if p.space.resources[i].Names["Office365"] == truth.Yes {
				if !b.has(g) {
					return false
				}
				any = any || p.space.resources[i].ID == anyOfOffice365
			}
		}
	}
	return any
}

func (p *problem) usersIn(b bits) []*User {
	var out []*User
	for g := range b.all() {
		for _, i := range p.groups[dimUser][g] {
			out = append(out, p.space.users[i])
		}
	}
	return out
}

func (p *problem) who(b bits) Who {
	w := Who{Existing: []Account{}, Kinds: []string{}, New: []string{}, Latent: []string{}}
	kinds := map[string]bool{}
	var unlisted []string
	var future []*User
	dormant := 0 // accounts that exist and cannot sign in as things are
	for _, u := range p.usersIn(b) {
		kinds[u.Kind] = true
		switch {
		case u.unlisted:
			if !slices.Contains(unlisted, u.Kind) {
				unlisted = append(unlisted, u.Kind)
			}
		case u.Count > 0 && u.Reach == Latent:
			dormant += u.Count
		case u.Count > 0:
			w.Count += u.Count
			w.Existing = append(w.Existing, u.Examples...)
		default:
			future = append(future, u)
		}
	}
	w.New, w.Latent = p.kindsOf(future)
	if dormant > 0 {
		w.Latent = append([]string{plural(dormant, "account") + " blocked here or shut out by cross-tenant access"}, w.Latent...)
	}
	if w.Count+dormant+len(future) == 0 {
		w.New = append(w.New, "accounts that the snapshot does not list ("+strings.Join(unlisted, ", ")+")")
	}
	slices.SortFunc(w.Existing, func(a, b Account) int { return cmp.Compare(a.ID, b.ID) })
	w.Existing = w.Existing[:min(len(w.Existing), keptExamples)]
	w.Kinds = append(w.Kinds, sortedKeys(kinds)...)
	return w
}

// kindsOf names those who could come, in the order of the kinds: a kind alone where nobody of it is missing.
func (p *problem) kindsOf(future []*User) (open, latent []string) {
	open, latent = []string{}, []string{}
	all := map[string]int{} // of each kind, how many homes there are
	for _, u := range p.usersIn(p.may[dimUser]) {
		if u.Count == 0 && !u.unlisted {
			all[u.Kind]++
		}
	}
	here := map[string]int{}
	reaches := map[string]map[Reach]bool{}
	for _, u := range future {
		here[u.Kind]++
		if reaches[u.Kind] == nil {
			reaches[u.Kind] = map[Reach]bool{}
		}
		reaches[u.Kind][u.Reach] = true
	}
	told := map[string]bool{}
	for _, u := range p.tenant.Users { // in their order
		if !slices.Contains(future, u) {
			continue
		}
		list := &open
		if u.Reach == Latent {
			list = &latent
		}
		label := u.Label
		if here[u.Kind] == all[u.Kind] && len(reaches[u.Kind]) == 1 {
			label = "any " + u.Kind
			if u.Kind == InternalMember {
				label = u.Label
			}
		}
		if key := fmt.Sprint(u.Reach == Latent, label); !told[key] {
			told[key] = true
			*list = append(*list, label)
		}
	}
	return open, latent
}

// elsewhere is a place of which no location tells.
const elsewhere = "everywhere else"

// String is the place in words.
func (l *Place) String() string {
	words := slices.Clone(l.labels)
	for _, id := range sortedKeys(l.In) {
		if l.In[id] != "yes" {
			words = append(words, "named location "+id+", which the snapshot does not hold")
		}
	}
	if len(words) == 0 {
		return elsewhere
	}
	return strings.Join(words, " and ")
}

func deviceWord(d device.Device) string {
	var is []string
	if d.Compliant {
		is = append(is, "compliant")
	}
	if d.Hybrid {
		is = append(is, "hybrid joined")
	}
	switch {
	case !d.Registered:
		return "an unregistered device"
	case len(is) > 0:
		return "a " + strings.Join(is, " and ") + " device"
	}
	return "a registered device that is neither compliant nor hybrid joined"
}

// resourceWord is the resource as people call it.
func (t *Tenant) resourceWord(r *Resource) string {
	if r.Type == "baseline_scopes" {
		return "basic profile scopes"
	}
	return t.appWord(r.ID)
}

// sentence puts the hole into one line.
func (h *Hole) sentence() string {
	var who []string
	if h.Who.Count > 0 {
		var names []string
		for _, a := range h.Who.Existing[:min(3, len(h.Who.Existing))] {
			names = append(names, a.Name)
		}
		list := strings.Join(names, ", ")
		if h.Who.Count > len(names) {
			list += ", ..."
		}
		who = append(who, fmt.Sprintf("%s (%s)", plural(h.Who.Count, "existing account"), list))
	}
	if len(h.Who.New) > 0 {
		who = append(who, some(h.Who.New))
	}
	if len(h.Who.Latent) > 0 {
		latent := some(h.Who.Latent)
		if len(who) > 0 {
			latent = "if settings change, " + latent
		}
		who = append(who, latent)
	}
	text := strings.Join(who, "; ")
	for _, d := range []struct {
		word string
		list []string
	}{
		{"app", h.Resource}, {"client", h.Client}, {"platform", h.Platform}, {"location", h.Location}, {"device", h.Device},
		{"sign-in risk", h.SignInRisk}, {"user risk", h.UserRisk}, {"insider risk", h.InsiderRisk}, {"flow", h.Flow},
	} {
		if len(d.list) != 1 || d.list[0] != "any" {
			text += "; " + d.word + ": " + some(d.list)
		}
	}
	return text
}

// describePoint is one sign-in in words.
func (t *Tenant) describePoint(pt *point) string {
	text := fmt.Sprintf("%s to %s, %s on %s", strings.Replace(pt.user.describe(), "any ", "some ", 1), t.resourceWord(pt.resource), pt.client, pt.platform)
	if where := pt.place.String(); where != elsewhere {
		text += ", from " + where
	}
	if pt.place.Address != (netip.Addr{}) && len(pt.place.labels) > 0 {
		text += " (" + pt.place.Address.String() + ")"
	}
	if pt.device.Registered {
		text += ", on " + deviceWord(pt.device)
	}
	for _, other := range []struct{ word, value string }{{"sign-in risk", pt.signIn}, {"user risk", pt.userRisk}, {"insider risk", pt.insider}, {"flow", pt.flow}} {
		if other.value != "none" {
			text += ", " + other.word + " " + other.value
		}
	}
	return text
}

func some(list []string) string {
	if more := len(list) - fewLabels; more > 1 {
		return fmt.Sprintf("%s and %d more", strings.Join(list[:fewLabels], ", "), more)
	}
	return strings.Join(list, ", ")
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// witness chooses one sign-in of the box: of somebody who exists, if there is one, with what people know best.
func (p *problem) witness(b box, undecided bool) *point {
	s := p.space
	best := func(dim int, rank func(i int) int) int {
		chosen, least := -1, 0
		for g := range b[dim].all() {
			if !undecided && !p.must[dim].has(g) {
				continue // not for certain a part of the question
			}
			for _, i := range p.groups[dim][g] {
				if r := rank(i); chosen < 0 || r < least {
					chosen, least = i, r
				}
			}
		}
		return chosen
	}
	first := func(i int) int { return i }
	return p.pointAt([dims]int{
		dimUser: best(dimUser, func(i int) int {
			u := s.users[i]
			r := 2 * int(u.Reach)
			if u.unlisted {
				r++
			}
			return r
		}),
		dimResource: best(dimResource, func(i int) int {
			switch r := s.resources[i]; {
			case r.ID == sharePoint:
				return 0
			case r.ID == exchange:
				return 1
			case appTable[r.ID].name != "":
				return 2
			case r.Type == "baseline_scopes":
				return 4
			}
			return 3
		}),
		dimClient:      best(dimClient, first),
		dimPlatform:    best(dimPlatform, first),
		dimPlace:       best(dimPlace, func(i int) int { return int(boolByte(s.places[i].Latent)) }),
		dimDevice:      best(dimDevice, first),
		dimSignInRisk:  best(dimSignInRisk, first),
		dimUserRisk:    best(dimUserRisk, first),
		dimInsiderRisk: best(dimInsiderRisk, first),
		dimFlow:        best(dimFlow, first),
	})
}

// signIn writes a point as the specification reads it.
func (p *problem) signIn(pt *point) *SignIn {
	u := pt.user
	in := &SignIn{
		User:     Caller{Kind: u.Kind, IdentityProvider: u.Provider, Groups: p.tenant.groupFacts(u), Roles: p.tenant.roleFacts(u), Trust: u.Trust},
		Resource: Resource{Type: pt.resource.Type, ID: pt.resource.ID, Names: pt.resource.Names, Filters: pt.resource.Filters},
		Client:   pt.client, Platform: pt.platform, Locations: pt.place.In, Trusted: pt.place.Trusted,
		Device:        Device{pt.device.Registered, pt.device.Compliant, pt.device.Hybrid},
		DeviceFilters: map[string]truth.Truth{},
		SignInRisk:    pt.signIn, UserRisk: pt.userRisk, InsiderRisk: pt.insider, Flow: pt.flow,
	}
	switch {
	case u.ID != "":
		in.User.ID = &u.ID
	case len(u.Examples) > 0:
		in.User.ID = &u.Examples[0].ID
	}
	if u.Tenant != "" {
		in.User.HomeTenant = &u.Tenant
	}
	views := sees(u, pt.device, p.pr)
	for _, policy := range p.tenant.Policies {
		if policy.deviceFilter != nil {
			in.DeviceFilters[policy.ID] = p.filterMatches(policy, views)
		}
	}
	return in
}

func (t *Tenant) groupFacts(u *User) map[string]string {
	return membershipFacts(t.groups.ids, t.groups.deleted.groups, u.groups, u.maybeIn)
}

func (t *Tenant) roleFacts(u *User) map[string]string {
	return membershipFacts(t.groups.roles, t.groups.deleted.roles, u.roles, u.maybeRoles)
}

// membershipFacts writes sets by the ids of their members, in the words of the specification.
func membershipFacts(ids []string, deleted, is, may bits) map[string]string {
	facts := map[string]string{}
	for i, id := range ids {
		switch {
		case deleted.has(i):
			facts[id] = "deleted"
		case is.has(i):
			facts[id] = "yes"
		case may.has(i):
			facts[id] = "maybe"
		}
	}
	return facts
}

// reasons are the clauses that leave the point open.
func (p *problem) reasons(pt *point) []Clause {
	out := []Clause{}
	for _, policy := range p.policies {
		v := p.view(policy, pt)
		if v.answers() != truth.Maybe {
			continue
		}
		for _, c := range v.Clauses {
			if c.Open {
				c.Text = fmt.Sprintf("policy '%s' %s", v.Name, c.Text)
				out = append(out, c)
			}
		}
	}
	if len(out) == 0 { // it certainly escapes, but is it asked about?
		text := fmt.Sprintf("whether %s belongs to what is asked is not known", p.tenant.resourceWord(pt.resource))
		switch {
		case pt.user.unlisted:
			text = "the snapshot does not list all accounts"
		case p.q.asksAbout(pt.user.Provider) == truth.Maybe:
			text = "where " + pt.user.describe() + " signs in is not known"
		}
		out = append(out, Clause{Path: []any{"conditionalAccess", "policies"}, Text: text, Open: true})
	}
	return out[:min(len(out), fewReason)]
}

// nearMisses are the policies that come nearest to stopping the point: those of which least would have to change, and
// of those first the ones with the control that is asked for, then those with the conditions that the question is about.
// What asks for something else comes last.
func (p *problem) nearMisses(pt *point, users bits) []PolicyView {
	var out []PolicyView
	for _, policy := range p.tenant.Policies {
		if policy.Index < 0 || policy.Inapplicable != "" {
			continue
		}
		v := p.view(policy, pt)
		if v.answers() != truth.No || v.beside && len(v.Clauses) > 1 || policy.onlyLegacy() && modern(pt.client) {
			continue
		}
		out = append(out, v)
	}
	slices.SortStableFunc(out, func(a, b PolicyView) int {
		return cmp.Or(cmp.Compare(boolByte(a.beside), boolByte(b.beside)), cmp.Compare(boolByte(b.direct), boolByte(a.direct)), cmp.Compare(len(a.Clauses), len(b.Clauses)), cmp.Compare(p.resembles(b), p.resembles(a)), cmp.Compare(clauseRank(a), clauseRank(b)), cmp.Compare(a.ID, b.ID))
	})
	out = out[:min(len(out), fewMisses)]
	for i := range out {
		p.countGuests(&out[i], users)
	}
	return out
}

// resembles counts the conditions of the policy that are those of the question: who asks about risk looks for the policy
// about risk.
func (p *problem) resembles(v PolicyView) (n int) {
	policy := p.tenant.Policies[v.Index]
	for _, both := range []bool{
		len(p.q.SignInRisk) > 0 && len(policy.signInRisk.words) > 0,
		len(p.q.UserRisk) > 0 && len(policy.userRisk.words) > 0,
		len(p.q.Flows) > 0 && len(policy.flows.words) > 0,
		p.q.Locations != nil && policy.locations != nil,
		len(p.q.Resources.Actions) > 0 && len(policy.apps.actions) > 0,
	} {
		n += int(boolByte(both))
	}
	return n
}

// onlyLegacy says whether the policy is for legacy clients alone. That it leaves others alone is its purpose.
func (p *Policy) onlyLegacy() bool {
	return len(p.clients.words) > 0 && !slices.ContainsFunc(p.clients.words, func(c string) bool { return c == "all" || modern(c) })
}

// clauseRank orders policies that fail by as many clauses: where people make exceptions first.
func clauseRank(v PolicyView) int {
	order := []string{"users", "applications", "locations", "grantControls", "devices", "signInRiskLevels", "userRiskLevels", "authenticationFlows", "sessionControls", "state", "insiderRiskLevels", "platforms", "clientAppTypes"}
	rank := 0
	for _, c := range v.Clauses {
		r := len(order)
		for _, step := range c.Path {
			if word, ok := step.(string); ok && slices.Contains(order, word) {
				r = slices.Index(order, word)
			}
		}
		rank = max(rank, r)
	}
	return rank
}

// countGuests replaces the clause about the witness by those about every user of the hole, with how many accounts each
// lets through.
func (p *problem) countGuests(v *PolicyView, users bits) {
	i := slices.IndexFunc(v.Clauses, func(c Clause) bool { return slices.Contains(c.Path, any("users")) })
	if i < 0 || v.Index < 0 {
		return
	}
	policy := p.tenant.Policies[v.Index]
	byPlace := map[string]*Clause{}
	for _, u := range p.usersIn(users) {
		t := policy.reaches(u, "browser", p.pr)
		if t == truth.Yes || u.Count == 0 {
			continue
		}
		text, path := p.userClause(policy, u, t)
		full := append([]any{"conditionalAccess", "policies", v.Index}, path...)
		key := fmt.Sprint(full)
		if byPlace[key] == nil {
			byPlace[key] = &Clause{Path: full, Text: text}
		}
		byPlace[key].Guests += u.Count
	}
	if len(byPlace) == 0 {
		return
	}
	var clauses []Clause
	for _, key := range sortedKeys(byPlace) {
		c := *byPlace[key]
		c.Text = fmt.Sprintf("%s, %s", c.Text, plural(c.Guests, "account"))
		clauses = append(clauses, c)
	}
	slices.SortStableFunc(clauses, func(a, b Clause) int { return cmp.Compare(b.Guests, a.Guests) })
	v.Clauses = slices.Concat(v.Clauses[:i], clauses[:min(len(clauses), fewReason)], v.Clauses[i+1:])
}
