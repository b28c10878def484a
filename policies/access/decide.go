package access

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/guestward/guestward/policies/access/device"
	"github.com/guestward/guestward/policies/access/truth"
	"github.com/guestward/guestward/policies/decoded"
)

// point is one sign-in, made of atoms.
type point struct {
	user     *User
	resource *Resource
	client   string
	platform string
	place    *Place
	device   device.Device
	signIn   string // risk
	userRisk string
	insider  string
	flow     string
}

// Clause is a part of a policy that keeps it from stopping a sign-in, or leaves open whether it does.
type Clause struct {
	// Path leads to the clause from the root of the snapshot.
	Path []any  `json:"path"`
	Text string `json:"text"`
	// Guests is how many existing accounts the clause lets through, where it is about accounts.
	Guests int `json:"guests,omitempty"`
	// Open says that it is not certain.
	Open bool `json:"open,omitempty"`
}

// PolicyView is what one policy makes of one sign-in.
type PolicyView struct {
	Index   int         `json:"index"`
	ID      string      `json:"id"`
	Name    string      `json:"name"`
	State   string      `json:"state"`
	Applies truth.Truth `json:"applies"`
	// Stops says whether it keeps the sign-in from escaping the requirement, given that it applies.
	Stops truth.Truth `json:"stops"`
	// Demands are the grant controls, in words.
	Demands string `json:"demands"`
	// Clauses are why it does not apply or not stop, or why that is open.
	Clauses []Clause `json:"clauses"`

	beside bool // whatever were changed of its conditions, it does not do what the question asks for
	direct bool // it has the very control that the question asks for
}

// view evaluates one policy at a point, clause by clause.
func (p *problem) view(policy *Policy, pt *point) PolicyView {
	v := PolicyView{Index: policy.Index, ID: policy.ID, Name: policy.Name, State: policy.State, Applies: truth.Yes, Demands: policy.demands(), Clauses: []Clause{}}
	v.direct = slices.ContainsFunc(policy.grant.controls, func(c control) bool {
		return p.q.answeredBy(c.kind) || c.kind == "strength" && p.q.asks("mfa") || (c.kind == "strength" || c.kind == "mfa") && p.q.asks("phishing_resistant") || c.kind == "block" && p.q.asks("block")
	}) || p.q.session() && policy.session.String() != ""
	root := []any{"conditionalAccess", "policies", policy.Index}
	if policy.Index < 0 {
		root = []any{"entra", "identitySecurityDefaultsEnforcementPolicy", "isEnabled"}
	}
	add := func(t truth.Truth, text string, path ...any) {
		v.Applies = truth.And(v.Applies, t)
		if t != truth.Yes {
			full := root
			if policy.Index >= 0 {
				full = append(slices.Clone(root), path...)
			}
			v.Clauses = append(v.Clauses, Clause{Path: full, Text: text, Open: t == truth.Maybe})
		}
	}
	switch {
	case policy.Inapplicable != "":
		add(truth.No, policy.Inapplicable, "conditions", "users")
	case policy.State == "enabledForReportingButNotEnforced":
		add(truth.No, "is report-only", "state")
	case policy.State != "enabled":
		add(truth.No, "is "+cmp.Or(policy.State, "in no state"), "state")
	}
	if t := policy.counts(p.pr); t == truth.Maybe || t == truth.No && policy.enabled() {
		for _, o := range policy.Odd {
			v.Applies = truth.And(v.Applies, t)
			v.Clauses = append(v.Clauses, Clause{Path: o.Path, Text: o.Text, Open: t == truth.Maybe})
		}
		if policy.onlyMaybe {
			add(truth.Maybe, "security defaults are not known to be on")
		}
	}
	if t := policy.reaches(pt.user, pt.client, p.pr); t != truth.Yes {
		text, path := p.userClause(policy, pt.user, t)
		add(t, text, path...)
	}
	text, path := p.appClause(policy, pt.resource)
	add(policy.targets(pt.resource, p.pr), text, path...)
	ignoring := pt.resource.ignoresDevice() && !policy.grant.strict
	if !ignoring {
		add(policy.takesClient(pt.client, p.pr), "is for "+listWords(policy.clients, "client apps"), "conditions", "clientAppTypes")
	}
	if policy.platforms != nil {
		add(policy.takesPlatform(pt.platform), "is for "+pairWords(*policy.platforms, nil), "conditions", "platforms")
	}
	if policy.locations != nil {
		text, path := p.placeClause(policy, pt.place)
		add(policy.takesPlace(pt.place, p.pr), text, path...)
	}
	if policy.deviceFilter != nil && !ignoring {
		mode := "is for devices that match"
		if policy.deviceFilter.exclude {
			mode = "leaves out devices that match"
		}
		t := policy.takesDevice(p.filterMatches(policy, sees(pt.user, pt.device, p.pr)))
		add(t, mode+" "+policy.deviceFilter.rule, "conditions", "devices", "deviceFilter")
	}
	add(takesRisk(policy.signInRisk, pt.signIn), "is for sign-in risk "+listWords(policy.signInRisk, "levels"), "conditions", "signInRiskLevels")
	add(takesRisk(policy.userRisk, pt.userRisk), "is for user risk "+listWords(policy.userRisk, "levels"), "conditions", "userRiskLevels")
	add(policy.takesInsiderRisk(pt.insider, pt.user.Kind, p.pr), "is for insider risk "+listWords(policy.insiderRisk, "levels"), "conditions", "insiderRiskLevels")
	add(policy.takesFlow(pt.flow), "is for "+listWords(policy.flows, "flows"), "conditions", "authenticationFlows")

	stops := policy.grant.stops(pt.user.caller(pt.client, Device{pt.device.Registered, pt.device.Compliant, pt.device.Hybrid}), pt.resource, p.q, p.pr)
	stops = truth.Or(stops, policy.session.answers(pt.user.Kind, pt.client, p.tenant.enforced[pt.resource.ID], p.q, p.pr))
	v.Stops = stops
	if stops != truth.Yes {
		text, path, beside := p.grantClause(policy, pt)
		v.Clauses = append(v.Clauses, Clause{Path: append(slices.Clone(root), path...), Text: text, Open: stops == truth.Maybe})
		v.beside = beside && stops == truth.No
	}
	return v
}

// demands is what the policy asks of whom it reaches, in words.
func (p *Policy) demands() string {
	var out []string
	if len(p.grant.controls) > 0 {
		out = append(out, p.grant.String())
	}
	if s := p.session.String(); s != "" {
		out = append(out, s)
	}
	if len(out) == 0 {
		return "nothing"
	}
	return strings.Join(out, ", and ")
}

func (v *PolicyView) answers() truth.Truth { return truth.And(v.Applies, v.Stops) }

// decide is what all policies together make of the point: yes when one stops it.
func (p *problem) decide(pt *point) truth.Truth {
	t := truth.No
	for _, policy := range p.policies {
		v := p.view(policy, pt)
		t = truth.Or(t, v.answers())
	}
	return t
}

func listWords(l wordList, what string) string {
	ws := slices.Clone(l.words)
	if l.odd {
		ws = append(ws, "a value that nobody knows")
	}
	if len(ws) == 0 {
		return "no " + what
	}
	return strings.Join(ws, ", ")
}

func pairWords(l wordPair, name func(string) string) string {
	list := func(l wordList) string {
		ws := slices.Clone(l.words)
		if name != nil {
			for i := range ws {
				ws[i] = name(ws[i])
			}
		}
		return listWords(wordList{ws, l.odd}, "")
	}
	s := list(l.include)
	if !l.exclude.empty() {
		s += " but " + list(l.exclude)
	}
	return s
}

// userClause finds the entry of the users condition that leaves the user out, or in doubt.
func (p *problem) userClause(policy *Policy, u *User, t truth.Truth) (string, []any) {
	users := []any{"conditions", "users"}
	entry := func(name string, i int) []any { return append(slices.Clone(users), name, i) }
	raw := p.tenant.raw
	if policy.Index < 0 || policy.Index >= len(raw) {
		return "does not reach this user", users
	}
	in := policy.included(u, p.pr)
	if in == truth.No {
		return "does not name " + u.describe(), users
	}
	list := func(name string) []string {
		r := &reader{}
		o, _ := decoded.At(raw[policy.Index], "conditions", "users").(map[string]any)
		return lowered(r.list(o, name))
	}
	if in == truth.Yes || policy.excluded(u, p.pr) != truth.No {
		word := map[bool]string{true: "may exclude", false: "excludes"}[t == truth.Maybe]
		for i, id := range list("excludeUsers") {
			switch {
			case id == "guestsorexternalusers" && u.Kind != InternalMember:
				return word + " all guests and external users", entry("excludeUsers", i)
			case id == "all":
				return word + " all users", entry("excludeUsers", i)
			case u.ID == id:
				return word + " the user " + u.describe(), entry("excludeUsers", i)
			}
		}
		for i, id := range list("excludeGroups") {
			g, ok := p.tenant.groups.index[id]
			if ok && (u.groups.has(g) || t == truth.Maybe && u.maybeIn.has(g)) {
				return word + " group '" + p.tenant.GroupName(id) + "'", entry("excludeGroups", i)
			}
		}
		for i, id := range list("excludeRoles") {
			r, ok := p.tenant.groups.roleAt[id]
			if ok && (u.roles.has(r) || t == truth.Maybe && u.maybeRoles.has(r)) {
				return word + " role '" + p.tenant.RoleName(id) + "'", entry("excludeRoles", i)
			}
		}
		if e := policy.exclude.external; e != nil && e.match(u, p.pr) != truth.No {
			return word + " " + e.String(), append(slices.Clone(users), "excludeGuestsOrExternalUsers")
		}
		if u.anyID && len(policy.exclude.users) > 0 {
			for i, id := range list("excludeUsers") {
				if !slices.Contains(u.notIDs, id) {
					return "excludes the user " + id + ", who is none of the external accounts of the snapshot", entry("excludeUsers", i)
				}
			}
		}
		if t == truth.Maybe && in == truth.Yes {
			return "may not hold its exclusions for Exchange ActiveSync", users
		}
	}
	if in == truth.Maybe {
		if e := policy.include.external; e != nil && e.match(u, p.pr) == truth.Maybe {
			return "is for " + e.String() + ", which may not reach " + u.describe(), append(slices.Clone(users), "includeGuestsOrExternalUsers")
		}
		for i, id := range list("includeGroups") {
			g := p.tenant.groups.index[id]
			switch {
			case p.tenant.groups.deleted.groups.has(g):
				return "is for group " + id + ", which is not in the directory", entry("includeGroups", i)
			case u.maybeIn.has(g):
				return "is for group '" + p.tenant.GroupName(id) + "', of which the snapshot does not tell whether " + u.describe() + " is in it", entry("includeGroups", i)
			}
		}
		if len(policy.include.roles) > 0 {
			return "is for roles of which the snapshot does not tell who has them", append(slices.Clone(users), "includeRoles")
		}
	}
	return "may not reach " + u.describe(), users
}

func (e *externals) String() string {
	s := strings.Join(e.kinds, ", ")
	if e.odd {
		s = strings.TrimPrefix(s+", a kind of guests that nobody knows", ", ")
	}
	switch {
	case e.enumerated:
		s += " of tenants " + strings.Join(e.tenants, ", ")
	case e.oddTenants:
		s += " of tenants chosen in a way that nobody knows"
	}
	return s
}

// appClause finds the entry of the applications condition that decides.
func (p *problem) appClause(policy *Policy, r *Resource) (string, []any) {
	apps := []any{"conditions", "applications"}
	names := func(ids []string) string {
		var out []string
		for _, id := range ids {
			out = append(out, p.tenant.appWord(id))
		}
		return strings.Join(out, ", ")
	}
	switch r.Type {
	case "user_action", "authentication_context":
		return "is not for " + r.ID, apps
	}
	for i, id := range policy.apps.exclude {
		if r.Type == "baseline_scopes" || r.called(id) != truth.No {
			return "excludes " + p.tenant.appWord(id), append(slices.Clone(apps), "excludeApplications", i)
		}
	}
	if f := policy.apps.filter; f != nil {
		return "filters applications by " + f.rule, append(slices.Clone(apps), "applicationFilter")
	}
	if len(policy.apps.include) == 0 {
		return "is for no application", apps
	}
	return "is for " + names(policy.apps.include) + " only", append(slices.Clone(apps), "includeApplications")
}

// appWord is how people call an application or a group of them.
func (t *Tenant) appWord(id string) string {
	switch id {
	case "all":
		return "all applications"
	case "none":
		return "no application"
	case "office365":
		return "Office 365"
	case "microsoftadminportals":
		return "the Microsoft admin portals"
	}
	return t.AppName(id)
}

func (p *problem) placeClause(policy *Policy, l *Place) (string, []any) {
	where := []any{"conditions", "locations"}
	name := func(id string) string {
		switch id {
		case "all":
			return "all locations"
		case "alltrusted":
			return "all trusted locations"
		}
		if known := p.tenant.locations[id]; known != nil && known.name != "" {
			return "'" + known.name + "'"
		}
		return id
	}
	for i, id := range policy.locations.exclude.words {
		if id == "all" || id == "alltrusted" && l.Trusted != truth.No || l.In[id] != "" {
			return "excludes " + name(id), append(where, "excludeLocations", i)
		}
	}
	return "is for " + pairWords(*policy.locations, name), append(where, "includeLocations")
}

// grantClause says why grant and session controls let the caller through. beside says that they ask for something else
// altogether.
func (p *problem) grantClause(policy *Policy, pt *point) (text string, path []any, beside bool) {
	path = []any{"grantControls"}
	if p.q.asks("sign_in_frequency") && policy.session.hours > p.q.MaxHours {
		return fmt.Sprintf("asks to sign in again after %g hours only", policy.session.hours), []any{"sessionControls", "signInFrequency"}, false
	}
	if p.q.asks("app_enforced_restrictions") && policy.session.appEnforced {
		return "has the app limit the session, which this app, as it is set up, or this client does not do", []any{"sessionControls", "applicationEnforcedRestrictions"}, false
	}
	if p.q.session() {
		return "does not limit the session as asked", []any{"sessionControls"}, true
	}
	controls := policy.grant.controls
	if len(controls) == 0 {
		return "asks for nothing", path, true
	}
	c := pt.user.caller(pt.client, Device{pt.device.Registered, pt.device.Compliant, pt.device.Hybrid})
	var answering, other []string
	var open *control
	for i := range controls {
		ctl := &controls[i]
		switch t := ctl.satisfiedBy(c, p.q, p.pr); {
		case t == truth.No:
			answering = append(answering, ctl.String())
		default:
			if t == truth.Maybe && open == nil {
				open = ctl
			}
			other = append(other, ctl.String())
			path = ctl.path
		}
	}
	strength := slices.ContainsFunc(controls, func(c control) bool { return c.kind == "strength" })
	switch {
	case strength && isExternal(pt.user.Kind) && pt.user.Provider != Entra:
		text = "demands " + strings.Join(other, ", ") + ", and Microsoft does not say whether a strength is enforced on users who sign in without Microsoft Entra ID"
		if open == nil {
			text = "demands " + strings.Join(other, ", ") + ", which is not enforced on users who sign in without Microsoft Entra ID (U10)"
		}
		return text, path, false
	case open != nil:
		return "demands " + open.String() + ", of which it is not known what this user can do about it", open.path, false
	case len(answering) > 0 && len(other) > 0 && policy.grant.operator != "AND":
		return fmt.Sprintf("accepts another control instead (%s)", policy.grant.String()), path, false
	case strength && (p.q.asks("mfa") || p.q.asks("phishing_resistant")):
		return "demands " + strings.Join(other, ", ") + ", which weaker methods satisfy too", path, false
	case p.q.asks("phishing_resistant") && slices.ContainsFunc(controls, func(c control) bool { return c.kind == "mfa" }):
		return "asks for " + policy.grant.String() + ", which methods that can be phished satisfy too", path, false
	}
	return "asks for " + policy.grant.String() + " only", path, true
}

// String is the control in the words of the portal's policy summary.
func (ctl *control) String() string {
	switch ctl.kind {
	case "strength":
		return "strength '" + cmp.Or(ctl.strength.name, ctl.strength.id) + "'"
	case "unknown":
		return "a control that nobody knows"
	case "custom":
		return "a custom control"
	}
	return ctl.kind
}

func (g *grant) String() string {
	if len(g.controls) == 0 {
		return "nothing"
	}
	var out []string
	for i := range g.controls {
		out = append(out, g.controls[i].String())
	}
	return strings.Join(out, " "+cmp.Or(g.operator, "OR")+" ")
}

// GroupName is how people know the group.
func (t *Tenant) GroupName(id string) string { return cmp.Or(t.groups.names[id], id) }

// RoleName is how people know the role.
func (t *Tenant) RoleName(id string) string {
	for _, d := range decoded.Objects(t.facts.Sections, "roles", "definitions") {
		if strings.EqualFold(decoded.Text(d, "templateId"), id) || strings.EqualFold(decoded.Text(d, "id"), id) {
			return cmp.Or(decoded.Text(d, "displayName"), id)
		}
	}
	return id
}

// describe is the user in a sentence.
func (u *User) describe() string {
	if len(u.Examples) > 0 {
		return u.Examples[0].Name
	}
	return u.Label
}
