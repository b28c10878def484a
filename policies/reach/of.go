package reach

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/guestward/guestward/policies/decoded"
)

// The kinds of things that can be reached.
const (
	Groups       = "groups"
	Teams        = "teams"
	Channels     = "channels"
	Sites        = "sites"
	Applications = "applications"
	Roles        = "roles"
	Packages     = "packages"
	Grants       = "grants"
	Owns         = "owns"
)

// Kinds are all kinds, in the order in which they are told.
var Kinds = []string{Roles, Owns, Groups, Teams, Channels, Sites, Applications, Packages, Grants}

// sources are what each kind is made of.
var sources = map[string][]string{
	Groups:       {"groups", "groups.externalMembers", "governance.pim.groupEligibility"},
	Teams:        {"groups", "groups.externalMembers"},
	Channels:     {"groups", "groups.channels"},
	Sites:        {"groups", "groups.externalMembers", "governance.pim.groupEligibility", "sites"},
	Applications: {"groups.externalMembers", "governance.pim.groupEligibility", "applications.servicePrincipals", "applications.assignments"},
	Roles:        {"groups.externalMembers", "roles.definitions", "roles.assignments", "roles.eligibility", "governance.pim.groupEligibility"},
	Packages:     {"governance.entitlementManagement.assignments"},
	Grants:       {"applications.grants"},
	Owns:         {"groups", "groups.externalOwners", "governance.pim.groupEligibility", "applications.owners"},
}

// Item is one thing that an outsider reaches.
type Item struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Path are the ids of the groups on the way, from the outsider's to the last; empty when nothing stands between.
	Path []string `json:"path"`
	// How says the same in words.
	How string `json:"how"`

	// Of a role: whose assignment it is, where it holds, whether it is active, activated or eligible, and until when.
	Holder     string `json:"holder,omitempty"`
	Scope      string `json:"scope,omitempty"`
	State      string `json:"state,omitempty"`
	Definition string `json:"definition,omitempty"`
	Custom     bool   `json:"custom,omitempty"`
	// Until is when it ends, "" when it does not; UntilKnown is false where the snapshot does not tell.
	Until      string `json:"until,omitempty"`
	UntilKnown bool   `json:"until_known,omitempty"`
	// ThroughActivation says that membership of a group must be activated first.
	ThroughActivation bool `json:"through_activation,omitempty"`
	// AppID is the id under which an application is known in every tenant.
	AppID string `json:"app_id,omitempty"`
	// Scopes are the permissions of a grant; Everybody says that an administrator gave it for all.
	Scopes    []string `json:"scopes,omitempty"`
	Everybody bool     `json:"everybody,omitempty"`
}

// Reach is what one outsider reaches.
type Reach struct {
	Groups       []Item `json:"groups"`
	Teams        []Item `json:"teams"`
	Channels     []Item `json:"channels"`
	Sites        []Item `json:"sites"`
	Applications []Item `json:"applications"`
	Roles        []Item `json:"roles"`
	Packages     []Item `json:"packages"`
	Grants       []Item `json:"grants"`
	Owns         []Item `json:"owns"`
	// Unknown are the sources without which the lists may be too short.
	Unknown []string `json:"unknown"`
}

// List is the list of a kind.
func (r *Reach) List(kind string) *[]Item {
	switch kind {
	case Groups:
		return &r.Groups
	case Teams:
		return &r.Teams
	case Channels:
		return &r.Channels
	case Sites:
		return &r.Sites
	case Applications:
		return &r.Applications
	case Roles:
		return &r.Roles
	case Packages:
		return &r.Packages
	case Grants:
		return &r.Grants
	case Owns:
		return &r.Owns
	}
	return nil
}

// Empty says whether nothing is reached; Unknown may still hold something.
func (r *Reach) Empty() bool {
	return !slices.ContainsFunc(Kinds, func(kind string) bool { return len(*r.List(kind)) > 0 })
}

// Unknown are the sources that are missing for the kinds.
func (m *Model) Unknown(kinds []string) []string {
	list := []string{}
	for _, kind := range kinds {
		for _, s := range sources[kind] {
			if m.lacks(s) && !slices.Contains(list, s) {
				list = append(list, s)
			}
		}
	}
	slices.Sort(list)
	return list
}

// Of is what the principal with the id reaches of the kinds; no kinds mean all.
func (m *Model) Of(id string, kinds ...string) (*Reach, error) {
	if len(kinds) == 0 {
		kinds = Kinds
	}
	if err := CheckKinds(kinds); err != nil {
		return nil, err
	}
	r, err := m.Some(id, kinds)
	if err != nil {
		return nil, err
	}
	if r == nil {
		r = &Reach{}
		for _, kind := range kinds {
			*r.List(kind) = []Item{}
		}
	}
	r.Unknown = m.Unknown(kinds)
	return r, nil
}

// CheckKinds says whether all kinds are ones that there are.
func CheckKinds(kinds []string) error {
	for _, kind := range kinds {
		if !slices.Contains(Kinds, kind) {
			return fmt.Errorf("nothing is called %q; what can be reached is %s", kind, strings.Join(Kinds, ", "))
		}
	}
	return nil
}

// Some is what the principal with the id reaches of the kinds, without what is unknown; nil when that is nothing.
func (m *Model) Some(id string, kinds []string) (*Reach, error) {
	who := keyOf(id)
	if !m.may(who, kinds) {
		return nil, nil
	}
	r, w := &Reach{}, m.walk(id, who)
	for _, kind := range kinds {
		list, err := m.items(w, kind)
		if err != nil {
			return nil, err
		}
		slices.SortStableFunc(list, func(a, b Item) int {
			return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.ID, b.ID), strings.Compare(a.Scope, b.Scope), strings.Compare(a.State, b.State), strings.Compare(a.Holder, b.Holder))
		})
		*r.List(kind) = list
	}
	if r.Empty() {
		return nil, nil
	}
	return r, nil
}

// Count is how many things of each kind the principal with the id reaches, in the order of the kinds; nil when none. Groups
// and teams are counted without writing down the ways to them.
func (m *Model) Count(id string, kinds []string) ([]int, error) {
	who := keyOf(id)
	if !m.may(who, kinds) {
		return nil, nil
	}
	w := m.walk(id, who)
	counts, all := make([]int, len(kinds)), 0
	for i, kind := range kinds {
		switch kind {
		case Groups:
			for _, s := range w.stops {
				if s.first {
					counts[i]++
				}
			}
		case Teams:
			for _, s := range w.stops {
				if w.inTeam(s) {
					counts[i]++
				}
			}
		default:
			list, err := m.items(w, kind)
			if err != nil {
				return nil, err
			}
			counts[i] = len(list)
		}
		all += counts[i]
	}
	if all == 0 {
		return nil, nil
	}
	return counts, nil
}

// inTeam says whether somebody who stands there is in a team: members of groups in its group are not.
func (w *walk) inTeam(s stop) bool {
	return w.m.groups[s.group].team && s.direct && (!s.eligible || w.m.activated[edge{w.who, toward(s.group, member)}])
}

// may says whether the principal may reach something of the kinds: false is certain, true is not. Most outsiders are
// nowhere but in a group or two, and finding that out takes no way through the groups.
func (m *Model) may(who key, kinds []string) bool {
	edges := m.of(who)
	through := func(opens func(group) bool) bool {
		return slices.ContainsFunc(edges, func(e edge) bool {
			return (e.kind() == member || e.kind() == eligibleMember) && opens(m.groups[e.group()])
		})
	}
	for _, kind := range kinds {
		var any bool
		switch kind {
		case Groups, Teams, Sites:
			any = through(func(group) bool { return true })
		case Channels:
			any = len(m.channels[who]) > 0
		case Applications:
			any = len(m.apps[who]) > 0 || through(func(g group) bool { return g.apps })
		case Roles:
			any = len(m.roles[who]) > 0 || through(func(g group) bool { return g.roles })
		case Packages:
			any = len(m.packages[who]) > 0
		case Grants:
			any = len(m.grants[who])+len(m.grants[key{}]) > 0
		case Owns:
			any = len(m.owned[who]) > 0 || slices.ContainsFunc(edges, func(e edge) bool { return e.kind() == owner || e.kind() == eligibleOwner })
		}
		if any {
			return true
		}
	}
	return false
}

// walk is the way from a principal to every group it is in or can get into.
type walk struct {
	m     *Model
	id    string
	who   key
	edges []edge
	stops []stop
}

// stop is a group on the way.
type stop struct {
	group    int32
	from     int  // the stop before it; -1 at the beginning
	eligible bool // only after membership of a group was activated
	direct   bool // in the group itself, not in a group within it
	first    bool // before other stops at the same group
	until    end  // when the first of the steps to it ends
}

// walk goes from group to group. It stops at each once as somebody who is in it, and once as somebody who must activate
// something first, and tells those who are in the group itself from those who are in a group within. What holds already
// comes first, and the shortest way before longer ones, unless a longer one lasts longer.
func (m *Model) walk(id string, who key) *walk {
	w := &walk{m: m, id: id, who: who, edges: m.of(who)}
	w.stops = make([]stop, 0, 2*len(w.edges))
	for _, kind := range []int{member, eligibleMember} {
		held := len(w.stops)
		for _, e := range w.edges {
			if e.kind() == kind && !m.activated[e] {
				w.stopAt(stop{group: e.group(), from: -1, eligible: kind == eligibleMember, direct: true, until: m.until(e)})
			}
		}
		// A stop to which a way is found that lasts longer is left anew. Ways only ever get longer, so that this ends, and
		// none leads back to where it came from.
		for again := true; again; {
			again = false
			for i := 0; i < len(w.stops); i++ {
				s := w.stops[i]
				if kind == eligibleMember {
					for _, e := range m.groups[s.group].eligible {
						again = w.stopAt(stop{group: e.group(), from: i, eligible: true, direct: true, until: min(s.until, m.until(e))}) || again
					}
					if i < held {
						continue
					}
				}
				for _, parent := range m.groups[s.group].parents {
					e := edge{m.groups[s.group].key, toward(parent, member)}
					again = w.stopAt(stop{group: parent, from: i, eligible: s.eligible, until: min(s.until, m.until(e))}) || again
				}
			}
		}
	}
	return w
}

// stopAt adds a stop, or the longer way to one that there is, and says whether it did the latter.
func (w *walk) stopAt(s stop) bool {
	s.first = true
	for i := range w.stops {
		old := &w.stops[i]
		if old.group != s.group {
			continue
		}
		s.first = false
		if old.eligible == s.eligible && old.direct == s.direct {
			if s.until <= old.until {
				return false
			}
			s.first = old.first
			*old = s
			return true
		}
	}
	w.stops = append(w.stops, s)
	return false
}

// path are the ids of the groups up to the stop.
func (w *walk) path(i int) []string {
	list := []string{}
	for ; i >= 0; i = w.stops[i].from {
		list = append(list, w.m.groups[w.stops[i].group].id)
	}
	slices.Reverse(list)
	return list
}

// how is the way to the stop in words.
func (w *walk) how(i int) string {
	s := w.stops[i]
	name := "'" + cmp.Or(w.m.groups[s.group].name, w.m.groups[s.group].id) + "'"
	switch {
	case s.from < 0 && s.eligible:
		return "can activate membership of " + name
	case s.from < 0:
		return "member of " + name
	case s.direct:
		return w.how(s.from) + ", which can activate membership of " + name
	default:
		return w.how(s.from) + ", which is a member of " + name
	}
}

// items are the things of one kind.
func (m *Model) items(w *walk, kind string) ([]Item, error) {
	list := []Item{}
	switch kind {
	case Groups, Teams:
		for i, s := range w.stops {
			if g := m.groups[s.group]; kind == Groups && s.first || kind == Teams && w.inTeam(s) {
				list = append(list, Item{ID: g.id, Name: g.name, Path: w.path(i), How: w.how(i), ThroughActivation: s.eligible})
			}
		}
	case Channels:
		for _, c := range m.channels[w.who] {
			list = append(list, Item{ID: c.id, Name: c.name, Path: []string{c.team}, How: "member of the shared channel in team '" + cmp.Or(c.teamName, c.team) + "'"})
		}
	case Sites:
		sites, err := m.groupSites()
		if err != nil {
			return nil, err
		}
		for i, s := range w.stops {
			if !s.first {
				continue
			}
			for _, site := range sites[s.group] {
				list = append(list, Item{ID: site.URL, Name: cmp.Or(site.Title, site.URL), Path: w.path(i), How: w.how(i) + ", to which the site belongs", ThroughActivation: s.eligible})
			}
		}
	case Applications:
		w.each(func(k key, i int) {
			// An assignment holds for those who are in the group itself, not for those in groups within it.
			// https://learn.microsoft.com/en-us/entra/identity/enterprise-apps/assign-user-or-group-access-portal
			if i >= 0 && !w.stops[i].direct {
				return
			}
			for _, a := range m.apps[k] {
				sp := m.services[a.resource]
				how := "assigned directly"
				if i >= 0 {
					how = w.how(i) + ", which is assigned to it"
				}
				list = append(list, Item{ID: a.resource, AppID: sp.appID, Name: cmp.Or(sp.name, a.name, a.resource), Path: w.path(i), How: how, ThroughActivation: i >= 0 && w.stops[i].eligible})
			}
		})
		list = longestOfEach(list, itemID)
	case Roles:
		w.each(func(k key, i int) {
			for _, r := range m.roles[k] {
				list = append(list, w.role(r, i))
			}
		})
		list = longestOfEach(list, func(i Item) string { return strings.Join([]string{i.ID, i.Scope, i.State, i.Holder}, " ") })
	case Packages:
		for _, p := range m.packages[w.who] {
			how := "assigned"
			if p.until != "" {
				how += " until " + p.until
			}
			list = append(list, Item{ID: p.id, Name: cmp.Or(p.name, p.id), Path: []string{}, How: how, State: p.state, Until: p.until})
		}
	case Grants:
		for _, g := range slices.Concat(m.grants[w.who], m.grants[key{}]) {
			how := "consented to it"
			if g.everybody {
				how = "an administrator consented for everybody"
			}
			sp := m.services[g.client]
			list = append(list, Item{ID: g.client, AppID: sp.appID, Name: cmp.Or(sp.name, g.client), Path: []string{}, How: how, Scopes: strings.Fields(g.scope), Everybody: g.everybody})
		}
	case Owns:
		for _, e := range w.edges {
			if e.kind() != owner && e.kind() != eligibleOwner {
				continue
			}
			g := m.groups[e.group()]
			how := "owner of the group"
			if e.kind() == eligibleOwner {
				how = "can activate ownership of the group"
			}
			how += m.holding(g.key)
			list = append(list, Item{ID: g.id, Name: cmp.Or(g.name, g.id), Path: []string{}, How: how, ThroughActivation: e.kind() == eligibleOwner})
		}
		for _, o := range m.owned[w.who] {
			// Whoever adds a secret to an application can act as its service principal, with the roles that this has.
			principal, how := m.principals[strings.ToLower(o.appID)], "owner of the application"
			if strings.EqualFold(o.kind, "servicePrincipal") {
				principal, how = o.resource, "owner of the enterprise application"
			}
			if principal != "" {
				how += m.holding(keyOf(principal))
			}
			list = append(list, Item{ID: o.resource, AppID: o.appID, Name: cmp.Or(o.name, m.services[principal].name, o.resource), Path: []string{}, How: how})
		}
		list = longestOfEach(list, itemID) // owner before eligible owner: the edges are in this order
	}
	return list, nil
}

func itemID(i Item) string { return i.ID }

// longestOfEach keeps of the items that are one and the same the one that ends last; of several the first, which is the
// shortest way. It takes an activation only if all of them do.
func longestOfEach(list []Item, same func(Item) string) []Item {
	at, kept := map[string]int{}, list[:0]
	for _, it := range list {
		n, ok := at[same(it)]
		if !ok {
			at[same(it)] = len(kept)
			kept = append(kept, it)
			continue
		}
		through := kept[n].ThroughActivation && it.ThroughActivation
		if it.end() > kept[n].end() {
			kept[n] = it
		}
		kept[n].ThroughActivation = through
	}
	return kept
}

// end is until when the item is held.
func (i Item) end() end {
	switch {
	case i.Until != "":
		return end(i.Until)
	case i.UntilKnown:
		return never
	}
	return untold
}

// each calls for the principal itself, with -1, and for every group on the way.
func (w *walk) each(take func(k key, i int)) {
	take(w.who, -1)
	for i, s := range w.stops {
		take(w.m.groups[s.group].key, i)
	}
}

// role is a role that the principal holds, or the group at the stop.
func (w *walk) role(r role, i int) Item {
	name := w.m.names[r.definition]
	it := Item{
		ID: cmp.Or(name.template, r.definition), Definition: r.definition, Name: cmp.Or(name.name, r.definition), Custom: name.custom,
		Path: w.path(i), Holder: w.id, Scope: r.scope, State: r.state,
	}
	until := r.until
	words := map[string]string{"active": "holds it", "activated": "has activated it", "eligible": "can activate it"}[r.state]
	if i < 0 {
		it.How = words + " directly"
	} else {
		s := w.stops[i]
		it.Holder = w.m.groups[s.group].id
		it.How = w.how(i) + ", which " + words
		it.ThroughActivation = s.eligible
		if s.eligible {
			it.State = "eligible"
		}
		until = min(until, s.until) // both must hold, so what ends first ends it
	}
	it.UntilKnown = until != untold
	if until < untold {
		it.Until = string(until)
	}
	return it
}

// holding are, in words, the roles that a group or a service principal holds or can activate.
func (m *Model) holding(k key) string {
	var names []string
	for _, r := range m.roles[k] {
		names = append(names, cmp.Or(m.names[r.definition].name, r.definition))
	}
	if len(names) == 0 {
		return ""
	}
	slices.Sort(names)
	return ", which holds " + strings.Join(slices.Compact(names), ", ")
}

// groupSites are the sites of the groups that outsiders may be in. They are read when somebody asks first.
func (m *Model) groupSites() (map[int32][]Site, error) {
	m.siteOnce.Do(func() {
		m.sites = map[int32][]Site{}
		if m.facts.Sites == nil {
			return
		}
		for s, err := range m.facts.Sites() {
			if err != nil {
				m.siteErr = err
				return
			}
			for _, id := range slices.Compact([]string{s.GroupID, s.RelatedGroupID}) {
				if n, ok := m.number[keyOf(id)]; ok && id != "" {
					m.sites[n] = append(m.sites[n], s)
				}
			}
		}
	})
	return m.sites, m.siteErr
}

// Sources are the sources that a kind is made of.
func Sources(kind string) []string { return sources[kind] }

// Open are the applications, other than Microsoft's own, to which everybody in the directory may sign in.
func (m *Model) Open() []string {
	names := []string{}
	for _, o := range decoded.Objects(m.facts.Sections, "applications", "servicePrincipals") {
		if required, ok := o["appRoleAssignmentRequired"].(bool); ok && !required && !strings.EqualFold(decoded.Text(o, "appOwnerOrganizationId"), microsoft) && o["accountEnabled"] != false {
			names = append(names, cmp.Or(decoded.Text(o, "displayName"), decoded.Text(o, "id")))
		}
	}
	slices.Sort(names)
	return names
}

// microsoft is the tenant to which Microsoft's own services belong.
// https://learn.microsoft.com/en-us/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in
const microsoft = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"
