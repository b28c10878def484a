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

// Request describes one sign-in as people do. What is empty is as harmless as it gets: a browser on Windows, on a device
// that nobody has registered, from an address in no named location, without risk.
type Request struct {
	User     string // id, user principal name or mail address of an external account; or a kind such as b2bCollaborationGuest
	Tenant   string // home tenant of a user who is given as a kind: id or domain; "other" means none of Microsoft Entra ID
	App      string // id or name of an application, urn:user:..., c1 to c99, or baseline
	Client   string
	Platform string
	Location string // address, name or id of a named location, or country code
	Country  string // country of an address
	// Compliant and Hybrid describe the device; DeviceAttributes adds others, such as model=Surface.
	Compliant, Hybrid bool
	DeviceAttributes  []string
	SignInRisk        string
	UserRisk          string
	InsiderRisk       string
	Flow              string
	Assume            []string
}

// Evaluation is what the policies make of one sign-in.
type Evaluation struct {
	// Outcome is blocked, locked out (a policy demands what the user cannot present), granted, or unknown.
	Outcome string `json:"outcome"`
	// Demands are what the user has to present, policy by policy, where the outcome is granted.
	Demands []string `json:"demands"`
	// Notes are what keeps the user out besides Conditional Access.
	Notes       []string       `json:"notes"`
	User        string         `json:"user"`
	Example     string         `json:"example"`
	App         string         `json:"app"`
	Policies    []PolicyView   `json:"policies"`
	Assumptions []Assumption   `json:"assumptions"`
	SignIn      *SignIn        `json:"sign_in"`
	WhatIf      map[string]any `json:"what_if"`
}

// SignIn evaluates one sign-in, policy by policy.
func (t *Tenant) SignIn(r Request) (*Evaluation, error) {
	user, err := t.findUser(r)
	if err != nil {
		return nil, err
	}
	resource, err := t.findApp(r.App)
	if err != nil {
		return nil, err
	}
	q := &Question{Require: []string{"block"}, Assume: r.Assume}
	p, err := t.pose(q)
	if err != nil {
		return nil, err
	}
	pt := &point{
		user: user, resource: resource, client: cmp.Or(r.Client, "browser"), platform: cmp.Or(r.Platform, "windows"),
		signIn: cmp.Or(r.SignInRisk, "none"), userRisk: cmp.Or(r.UserRisk, "none"), insider: cmp.Or(r.InsiderRisk, "none"), flow: cmp.Or(r.Flow, "none"),
	}
	for _, w := range []struct {
		name, word string
		known      []string
	}{
		{"client", pt.client, clientWords[1:]}, {"platform", pt.platform, append([]string{"unknown"}, platformWords[1:]...)},
		{"sign-in risk", pt.signIn, riskWords}, {"user risk", pt.userRisk, riskWords}, {"insider risk", pt.insider, insiderWords},
		{"flow", pt.flow, append([]string{"none"}, flowWords...)},
	} {
		if !slices.Contains(w.known, w.word) {
			return nil, fmt.Errorf("%s %q is none of %s", w.name, w.word, strings.Join(w.known, ", "))
		}
	}
	if pt.place, err = t.findPlace(r); err != nil {
		return nil, err
	}
	if pt.device, err = r.device(); err != nil {
		return nil, err
	}
	p.space.inexact = false         // the one device is known, whatever the filters
	p.pr = newPremises(p.pr.values) // what was asked to cut the space into atoms does not count
	e := &Evaluation{Demands: []string{}, Notes: t.outside(user), User: user.describe(), App: t.resourceWord(resource), Example: t.describePoint(pt)}
	blocked, lockedOut := truth.No, truth.No
	for _, policy := range t.Policies {
		v := p.view(policy, pt)
		answers := v.answers()
		if slices.ContainsFunc(policy.grant.controls, func(c control) bool { return c.kind == "block" }) {
			blocked = truth.Or(blocked, answers)
		} else {
			lockedOut = truth.Or(lockedOut, answers)
		}
		if v.Applies != truth.No && policy.demands() != "nothing" && answers != truth.Yes {
			demand := policy.demands()
			if v.Applies == truth.Maybe {
				demand = "perhaps " + demand
			}
			e.Demands = append(e.Demands, fmt.Sprintf("%s ('%s')", demand, policy.Name))
		}
		// That a grant lets somebody through who presents what it asks for is no reason that it does not apply.
		v.Clauses = slices.DeleteFunc(v.Clauses, func(c Clause) bool {
			return v.Stops != truth.Yes && !c.Open && (slices.Contains(c.Path, any("grantControls")) || slices.Contains(c.Path, any("sessionControls")))
		})
		e.Policies = append(e.Policies, v)
	}
	switch {
	case blocked == truth.Yes:
		e.Outcome = "blocked"
	case lockedOut == truth.Yes:
		e.Outcome = "locked out"
	case blocked == truth.Maybe || lockedOut == truth.Maybe:
		e.Outcome = "unknown"
	default:
		e.Outcome = "granted"
	}
	e.Assumptions, e.SignIn, e.WhatIf = p.pr.list(), p.signIn(pt), p.whatIf(pt)
	return e, nil
}

// outside says what keeps the user out besides Conditional Access.
func (t *Tenant) outside(u *User) []string {
	notes := []string{}
	if u.blocked {
		notes = append(notes, "the account is blocked: none of this happens until somebody unblocks it")
	}
	if u.Provider != Entra || !isExternal(u.Kind) {
		return notes
	}
	partner := t.Partners.For(realTenant(u.Tenant))
	switch {
	case u.Kind == B2BDirectConnectUser && partner.DirectConnectInbound() == truth.No:
		notes = append(notes, "cross-tenant access lets nobody of this tenant use B2B direct connect")
	case u.Kind == ServiceProvider && !partner.IsServiceProvider:
		notes = append(notes, "this tenant is not known as a service provider")
	case u.Kind != B2BDirectConnectUser && u.Kind != ServiceProvider && partner.CollaborationInbound() == truth.No:
		notes = append(notes, "cross-tenant access lets nobody of this tenant in as a guest")
	}
	return notes
}

// findUser finds an account, or makes up one of a kind.
func (t *Tenant) findUser(r Request) (*User, error) {
	kinds := append([]string{InternalMember}, GuestKinds...)
	if i := slices.IndexFunc(kinds, func(k string) bool { return strings.EqualFold(k, r.User) }); i >= 0 {
		home := strings.ToLower(r.Tenant)
		provider := Entra
		switch {
		case home == "other":
			home, provider = "", OtherProvider
		case strings.Contains(home, "."):
			id, _ := t.Partners.Tenant(home)
			if id == "" {
				return nil, fmt.Errorf("the snapshot does not tell the tenant of the domain %s; give its id", home)
			}
			home = id
		case home == "" && isExternal(kinds[i]):
			home = anyOtherTenant
		}
		u := &User{Kind: kinds[i], Tenant: home, Provider: provider, Label: "a new " + kinds[i], deleted: &t.groups.deleted}
		u.groups, u.maybeIn = t.joins(t.groups, u.Kind)
		u.roles, u.maybeRoles = t.groups.noRoles, t.groups.noRoles
		u.Trust = t.trust(u)
		return u, nil
	}
	if t.facts.Guests == nil {
		return nil, fmt.Errorf("the snapshot has no guests, and %q is none of the kinds %s", r.User, strings.Join(kinds, ", "))
	}
	for g, err := range t.facts.Guests() {
		if err != nil {
			return nil, err
		}
		if strings.EqualFold(g.ID, r.User) || strings.EqualFold(g.UserPrincipalName, r.User) || g.Mail != "" && strings.EqualFold(g.Mail, r.User) {
			u := t.classify(&g)
			u.Count, u.Examples = 1, []Account{g.account()}
			u.Trust = t.trust(&u)
			return &u, nil
		}
	}
	return nil, fmt.Errorf("no external account is called %q; give an id, a user principal name, a mail address or one of the kinds %s", r.User, strings.Join(kinds, ", "))
}

// findApp finds an application by id or name, or another resource.
func (t *Tenant) findApp(name string) (*Resource, error) {
	lower := strings.ToLower(name)
	switch {
	case slices.Contains(userActions, lower):
		return &Resource{Type: "user_action", ID: lower}, nil
	case lower == "office365":
		return &Resource{Type: "app", ID: anyOfOffice365, Names: map[string]truth.Truth{"Office365": truth.Yes}}, nil
	case lower == "baseline":
		return &Resource{Type: "baseline_scopes"}, nil
	case len(lower) > 1 && len(lower) < 4 && lower[0] == 'c' && strings.Trim(lower[1:], "0123456789") == "":
		return &Resource{Type: "authentication_context", ID: lower}, nil
	case name == "":
		return &Resource{Type: "app", ID: anyOtherApp}, nil
	case len(lower) == 36 && strings.Count(lower, "-") == 4:
		return t.appAtom(lower), nil
	}
	var found []string
	for _, id := range sortedKeys(t.apps) {
		if strings.EqualFold(t.apps[id].name, name) {
			found = append(found, id)
		}
	}
	for _, id := range sortedKeys(appTable) {
		if t.apps[id] == nil && strings.EqualFold(appTable[id].name, name) {
			found = append(found, id)
		}
	}
	switch len(found) {
	case 1:
		return t.appAtom(found[0]), nil
	case 0:
		return nil, fmt.Errorf("no application is called %q; give its application id, urn:user:registersecurityinfo, urn:user:registerdevice, c1 to c99, or baseline", name)
	}
	return nil, fmt.Errorf("several applications are called %q: %s; give the id", name, strings.Join(found, ", "))
}

// findPlace makes a place of an address, a named location or a country.
func (t *Tenant) findPlace(r Request) (*Place, error) {
	p := &Place{In: map[string]string{}, Country: strings.ToUpper(r.Country), outside: truth.Yes}
	for id, l := range t.locations {
		if l.fact != "" {
			p.In[id] = l.fact
		}
	}
	enterCountry := func(code string) {
		p.Country = strings.ToUpper(code)
		for _, id := range sortedKeys(t.locations) {
			if l := t.locations[id]; l.countries != nil && containsFold(l.countries.Codes, code) {
				if l.byGPS { // a position by GPS is another matter than the address
					p.In[id] = "maybe"
				} else {
					p.enter(l)
				}
			}
		}
	}
	if r.Country != "" {
		enterCountry(r.Country)
	}
	if r.Location == "" {
		return p, nil
	}
	if address, err := netip.ParseAddr(r.Location); err == nil {
		p.Address = address
		for _, id := range sortedKeys(t.locations) {
			if l := t.locations[id]; network.Contains(l.ranges, address) {
				p.enter(l)
			} else if l.countries != nil && r.Country == "" {
				p.In[id] = "maybe" // where the address is, nobody has said
			}
		}
		return p, nil
	}
	for _, id := range sortedKeys(t.locations) {
		if l := t.locations[id]; id == strings.ToLower(r.Location) || l.name != "" && strings.EqualFold(l.name, r.Location) {
			p.enter(l)
			if len(l.ranges) > 0 {
				p.Address = l.ranges[0].Addr()
			}
			if id == mfaTrustedIPs {
				p.Trusted = truth.Yes
			}
			return p, nil
		}
	}
	if len(r.Location) == 2 {
		enterCountry(r.Location)
		return p, nil
	}
	return nil, fmt.Errorf("%q is no address, no named location of the tenant and no country code of two letters", r.Location)
}

func (r *Request) device() (device.Device, error) {
	d := device.Device{Compliant: r.Compliant, Hybrid: r.Hybrid, Registered: r.Compliant || r.Hybrid || len(r.DeviceAttributes) > 0, Attributes: map[string]any{}}
	if r.Hybrid {
		d.TrustType = "ServerAD"
	}
	for _, one := range r.DeviceAttributes {
		name, value, ok := strings.Cut(one, "=")
		if !ok {
			return d, fmt.Errorf("device attribute %q is not of the form NAME=VALUE", one)
		}
		switch name = strings.ToLower(strings.TrimSpace(name)); name {
		case "trusttype":
			d.TrustType = value
			d.Hybrid = strings.EqualFold(value, "ServerAD")
		case "iscompliant":
			d.Compliant = strings.EqualFold(value, "true")
		default:
			d.Attributes[name] = value
		}
	}
	return d, nil
}
