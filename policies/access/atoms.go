package access

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/guestward/guestward/policies/access/device"
	"github.com/guestward/guestward/policies/access/network"
	"github.com/guestward/guestward/policies/access/truth"
)

// The dimensions of a sign-in. Each is cut into atoms: values that no policy tells apart.
const (
	dimUser = iota
	dimResource
	dimClient
	dimPlatform
	dimPlace
	dimDevice
	dimSignInRisk
	dimUserRisk
	dimInsiderRisk
	dimFlow
	dims
)

// Place is where a sign-in comes from.
type Place struct {
	In      map[string]string // named locations: yes, maybe or deleted; absent is no
	Trusted truth.Truth
	Address netip.Addr
	Country string // ISO code; "" is not known
	Latent  bool   // in a location that Graph cannot tell of
	outside truth.Truth
	labels  []string
}

// space is the atoms of one question.
type space struct {
	users     []*User
	resources []*Resource
	clients   []string
	platforms []string
	places    []*Place
	devices   []device.Device
	risks     []string
	insider   []string
	flows     []string
	// inexact: the device filters are too many to enumerate devices; they count as undecided.
	inexact bool
}

func (s *space) size(dim int) int {
	return [dims]int{len(s.users), len(s.resources), len(s.clients), len(s.platforms), len(s.places), len(s.devices), len(s.risks), len(s.risks), len(s.insider), len(s.flows)}[dim]
}

// deviceLimit is how many kinds of devices are told apart. Filters that need more count as undecided.
const deviceLimit = 2000

// newSpace cuts the dimensions for a question about the policies.
func (t *Tenant) newSpace(q *Question) (*space, error) {
	s := &space{
		users:     t.usersBut(q.AcceptUsers),
		clients:   []string{"browser", "mobileAppsAndDesktopClients", "exchangeActiveSync", "easSupported", "other"},
		platforms: []string{"windows", "macOS", "iOS", "android", "linux", "windowsPhone", "unknown"},
		risks:     []string{"none", "low", "medium", "high"},
		insider:   []string{"none", "minor", "moderate", "elevated"},
		flows:     []string{"none", "deviceCodeFlow", "authenticationTransfer"},
	}
	s.resources = t.resourceAtoms(q)
	var err error
	if s.places, err = t.placeAtoms(q); err != nil {
		return nil, err
	}
	var rules []*device.Rule
	for _, p := range t.Policies {
		if p.deviceFilter != nil {
			if rule := p.deviceFilter.device; rule != nil {
				rules = append(rules, rule)
			}
		}
	}
	var exact bool
	s.devices, exact = device.Representatives(rules, deviceLimit)
	s.inexact = !exact
	return s, nil
}

// usersBut are the users of a question that is not about the accounts: those that the snapshot does not list are none of
// them.
func (t *Tenant) usersBut(accepted []string) []*User {
	if len(accepted) == 0 {
		return t.Users
	}
	ids := lowered(slices.Clone(accepted))
	out := slices.Clone(t.Users)
	for i, u := range out {
		if u.anyID {
			other := *u
			other.notIDs = ids
			out[i] = &other
		}
	}
	return out
}

// resourceAtoms are the apps that somebody names, and one for each sort of app that nobody names.
func (t *Tenant) resourceAtoms(q *Question) []*Resource {
	var out []*Resource
	if len(q.Resources.Actions) > 0 {
		for _, a := range q.Resources.Actions {
			out = append(out, &Resource{Type: "user_action", ID: a})
		}
		return out
	}
	ids := map[string]bool{azureManagement: true, sharePoint: true, exchange: true}
	for _, p := range t.Policies {
		for _, id := range slices.Concat(p.apps.include, p.apps.exclude) {
			ids[id] = true
		}
	}
	for _, id := range slices.Concat(q.Resources.Except, q.Resources.Only) {
		ids[strings.ToLower(id)] = true
	}
	for _, word := range []string{"all", "none", "office365", "microsoftadminportals"} {
		delete(ids, word)
	}
	for _, id := range sortedKeys(ids) {
		out = append(out, t.appAtom(id))
	}
	return append(out,
		&Resource{Type: "app", ID: anyOfOffice365, Names: map[string]truth.Truth{"Office365": truth.Yes}},
		&Resource{Type: "app", ID: "any other admin portal", Names: map[string]truth.Truth{"MicrosoftAdminPortals": truth.Yes, azureManagement: truth.Maybe}},
		&Resource{Type: "app", ID: anyOtherApp},
		&Resource{Type: "baseline_scopes"},
	)
}

// Apps that nobody names.
const (
	anyOtherApp    = "any other app"
	anyOfOffice365 = "any other app of Office 365"
)

// appAtom is one app with the names of app groups that it may go by.
func (t *Tenant) appAtom(id string) *Resource {
	r := &Resource{Type: "app", ID: id, Names: map[string]truth.Truth{}}
	known, listed := appTable[id]
	switch a := t.apps[id]; {
	case listed:
		r.Names["Office365"], r.Names["MicrosoftAdminPortals"] = known.office365, known.adminPortals
	case a != nil && a.owner != "" && a.owner != microsoftServices:
		// an app of somebody else's tenant: neither
	default:
		r.Names["Office365"], r.Names["MicrosoftAdminPortals"] = truth.Maybe, truth.Maybe
	}
	if known.management {
		r.Names[azureManagement] = truth.Yes
	}
	for name, v := range r.Names {
		if v == truth.No {
			delete(r.Names, name)
		}
	}
	return r
}

// placeAtoms are the combinations of address, country and networks that the locations tell apart. That an address lies in
// a country is not checked: every combination counts as possible.
func (t *Tenant) placeAtoms(q *Question) ([]*Place, error) {
	used := map[string]bool{}
	anyTrusted := q.Locations != nil && slices.Contains(q.Locations.Named, "AllTrusted")
	for _, p := range t.Policies {
		if p.locations == nil {
			continue
		}
		for _, id := range slices.Concat(p.locations.include.words, p.locations.exclude.words) {
			used[id] = true
		}
	}
	anyTrusted = anyTrusted || used["alltrusted"]
	delete(used, "all")
	delete(used, "alltrusted")
	if q.Locations != nil {
		for _, id := range q.Locations.Named {
			if id = strings.ToLower(id); id == "alltrusted" {
				continue
			}
			if t.locations[id] == nil {
				return nil, fmt.Errorf("question: locations.named has %q, which is no named location of the tenant", id)
			}
			used[id] = true
		}
	}
	if anyTrusted {
		used[mfaTrustedIPs] = true
		for id, l := range t.locations {
			if l.trusted || l.maybeTrusted {
				used[id] = true
			}
		}
	}
	var ip, countries, gps, compliant []*location
	fixed := map[string]string{}
	for _, id := range sortedKeys(used) {
		switch l := t.locations[id]; {
		case id == mfaTrustedIPs:
		case l.fact != "":
			fixed[id] = l.fact
		case l.countries != nil && l.byGPS:
			gps = append(gps, l)
		case l.countries != nil:
			countries = append(countries, l)
		case l.compliant:
			compliant = append(compliant, l)
		default:
			ip = append(ip, l)
		}
	}
	var allowed []network.CountryList
	if q.Locations != nil && len(q.Locations.Countries) > 0 {
		allowed = append(allowed, network.CountryList{Codes: q.Locations.Countries})
	}
	var ranges [][]netip.Prefix
	for _, l := range ip {
		ranges = append(ranges, l.ranges)
	}
	lists := func(of []*location, more []network.CountryList) (out []network.CountryList) {
		for _, l := range of {
			out = append(out, *l.countries)
		}
		return append(out, more...)
	}
	areas, byIP := network.Areas(ranges), network.Countries(lists(countries, allowed))
	byGPS := network.Countries(lists(gps, nil))
	if n := len(areas) * len(byIP) * len(byGPS); n > placeLimit {
		return nil, fmt.Errorf("the named locations make %d different places; %d is the most", n, placeLimit)
	}
	var out []*Place
	for _, area := range areas {
		for _, country := range byIP {
			for _, position := range byGPS {
				for on := range min(2, 1+len(compliant)) {
					for trusted := range 2 {
						if trusted == 1 && !used[mfaTrustedIPs] {
							continue
						}
						p := &Place{In: map[string]string{}, Address: area.Example, Country: country.Example}
						for id, fact := range fixed {
							p.In[id] = fact
							if t.locations[id].trusted || t.locations[id].maybeTrusted {
								p.Trusted = truth.Or(p.Trusted, truth.Maybe)
							}
						}
						for _, i := range area.In {
							p.enter(ip[i])
						}
						allow := false
						for _, i := range country.In {
							if i == len(countries) {
								allow = true
								continue
							}
							p.enter(countries[i])
						}
						for _, i := range position.In {
							p.enter(gps[i])
						}
						if on == 1 {
							for _, l := range compliant {
								p.enter(l)
							}
						}
						if trusted == 1 {
							p.enter(t.locations[mfaTrustedIPs])
							p.Trusted, p.Latent = truth.Yes, true
						}
						p.outside = q.outside(p, allow)
						out = append(out, p)
					}
				}
			}
		}
	}
	return out, nil
}

const placeLimit = 100_000

func (p *Place) enter(l *location) {
	p.In[l.id] = "yes"
	switch {
	case l.trusted:
		p.Trusted = truth.Yes
	case l.maybeTrusted:
		p.Trusted = truth.Or(p.Trusted, truth.Maybe)
	}
	p.labels = append(p.labels, fmt.Sprintf("named location '%s'", cmp.Or(l.name, l.id)))
}

// outside says whether the place is one that the question is about.
func (q *Question) outside(p *Place, allowedCountry bool) truth.Truth {
	if q.Locations == nil {
		return truth.Yes
	}
	in := truth.Of(allowedCountry)
	for _, id := range q.Locations.Named {
		if strings.EqualFold(id, "AllTrusted") {
			in = truth.Or(in, p.Trusted)
		} else {
			in = truth.Or(in, factOf(p.In[strings.ToLower(id)]))
		}
	}
	return truth.Not(in)
}

// sees is the device as this tenant sees it: without trust in what the caller's tenant says of devices it is a stranger.
// Where two views are possible both are given.
func sees(c *User, d device.Device, pr *premises) []device.Device {
	if !isExternal(c.Kind) || !d.Registered {
		return []device.Device{d}
	}
	var views []device.Device
	compliant, hybrid := c.Trust.Compliant, c.Trust.Hybrid
	if c.Provider == UnknownProvider {
		compliant, hybrid = truth.And(compliant, truth.Maybe), truth.And(hybrid, truth.Maybe)
	}
	known := truth.Or(compliant, hybrid)
	if known != truth.Yes { // it may be unregistered to us
		switch pr.holds("A2") {
		case truth.Yes:
			views = append(views, device.Device{})
		case truth.No:
			views = append(views, d)
		default:
			views = append(views, device.Device{}, d)
		}
	}
	if known != truth.No {
		views = append(views, d)
		if compliant != truth.Yes || hybrid != truth.Yes {
			// Of the claims only some are believed. What is then seen of the rest is not documented.
			partial := d
			partial.Compliant = d.Compliant && compliant != truth.No
			if hybrid == truth.No && d.Hybrid {
				partial.Hybrid, partial.TrustType = false, ""
			}
			views = append(views, partial)
		}
	}
	return views
}
