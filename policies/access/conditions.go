package access

import (
	"slices"

	"github.com/guestward/guestward/policies/access/truth"
)

// baselineApp is what a sign-in that asks for basic profile scopes alone is evaluated as.
// https://learn.microsoft.com/en-us/entra/identity/conditional-access/concept-enforcement-resource-exclusions
const baselineApp = "00000002-0000-0000-c000-000000000000"

// Locations that exist in every tenant and that Graph does not list.
const (
	mfaTrustedIPs    = "00000000-0000-0000-0000-000000000000" // the trusted IPs of the old MFA settings
	compliantNetwork = "3d46dbda-8382-466a-856d-eb00cbc6b910" // all compliant network locations (Global Secure Access)
)

func isExternal(kind string) bool { return kind != InternalMember && kind != InternalGuest }

// ignoresDevice says whether clients and devices do not matter for what is asked.
func (r *Resource) ignoresDevice() bool {
	return r.Type == "user_action" && r.ID == "urn:user:registerdevice"
}

// reaches says whether the users condition matches, for a sign-in with the client.
func (p *Policy) reaches(u *User, client string, pr *premises) truth.Truth {
	in := p.included(u, pr)
	if in == truth.No {
		return in
	}
	out := p.excluded(u, pr)
	if out == truth.No {
		return in
	}
	// The quirk of Exchange ActiveSync: "all users are subject to the policy".
	if isEAS(client) && p.clients.has("exchangeActiveSync") && (p.include.all || p.include.guests || p.include.external.everybody() || len(p.include.roles) > 0) {
		out = truth.And(out, truth.Not(pr.holds("U6")))
	}
	return truth.And(in, truth.Not(out))
}

func isEAS(client string) bool { return client == "exchangeActiveSync" || client == "easSupported" }

func (p *Policy) included(u *User, pr *premises) truth.Truth {
	t := p.include.match(u, p.groups, p.roles, pr)
	if t != truth.Yes && u.deleted != nil && (p.groups.meets(u.deleted.groups) || p.roles.meets(u.deleted.roles)) {
		t = truth.Or(t, pr.holds("U2"))
	}
	return t
}

func (p *Policy) excluded(u *User, pr *premises) truth.Truth {
	return p.exclude.match(u, p.notGroups, p.notRoles, pr)
}

// match says whether one side of the users condition has the user; groups and roles are its own, by the tenant's index.
func (l *userList) match(u *User, groups, roles bits, pr *premises) truth.Truth {
	t := l.names(u)
	if t == truth.Yes {
		return t
	}
	t = truth.Or(t, truth.Or(u.in(groups, roles)))
	if t != truth.Yes && l.all {
		if u.Kind != B2BDirectConnectUser && u.Kind != ServiceProvider {
			return truth.Yes
		}
		t = truth.Or(t, pr.holds("A1"))
	}
	if t != truth.Yes && l.external != nil {
		t = truth.Or(t, l.external.match(u, pr))
	}
	return t
}

// names says whether the list names the user, or all guests.
func (l *userList) names(u *User) truth.Truth {
	if l.guests && u.Kind != InternalMember {
		return truth.Yes
	}
	if u.ID != "" && slices.Contains(l.users, u.ID) {
		return truth.Yes
	}
	if u.anyID { // an account that the snapshot does not list may be any of these
		for _, id := range l.users {
			if !slices.Contains(u.notIDs, id) {
				return truth.Maybe
			}
		}
	}
	return truth.No
}

// everybody says whether these are all external users.
func (e *externals) everybody() bool {
	return e != nil && !e.enumerated && !e.oddTenants && !slices.ContainsFunc(GuestKinds, func(k string) bool { return !slices.Contains(e.kinds, k) })
}

func (e *externals) match(u *User, pr *premises) truth.Truth {
	t := truth.No
	switch {
	case slices.Contains(e.kinds, u.Kind):
		t = truth.Yes
	case e.odd:
		t = truth.Maybe
	default:
		return t
	}
	switch {
	case e.oddTenants:
		return truth.Maybe
	case !e.enumerated:
		return t
	case u.Kind == InternalGuest:
		return truth.And(t, pr.holds("U1"))
	case u.Provider == OtherProvider:
		return truth.And(t, pr.holds("A3"))
	case u.Tenant != "":
		return truth.And(t, truth.Of(slices.Contains(e.tenants, u.Tenant)))
	case len(e.tenants) > 0:
		return truth.Maybe
	}
	return truth.No
}

// targets says whether the applications condition matches.
func (p *Policy) targets(r *Resource, pr *premises) truth.Truth {
	if p.apps.everything {
		return truth.Yes
	}
	switch r.Type {
	case "user_action":
		return truth.Of(slices.Contains(p.apps.actions, r.ID))
	case "authentication_context":
		return truth.Of(slices.Contains(p.apps.contexts, r.ID))
	case "baseline_scopes":
		return p.targetsBaseline(pr)
	}
	t := truth.No
	for _, name := range p.apps.include {
		t = truth.Or(t, r.called(name))
	}
	if f := p.apps.filter; f != nil && !f.exclude && t != truth.Yes {
		t = truth.Or(t, r.filtered(p.ID, pr))
	}
	if t == truth.No {
		return t
	}
	out := truth.No
	for _, name := range p.apps.exclude {
		out = truth.Or(out, r.called(name))
	}
	if f := p.apps.filter; f != nil && f.exclude && out != truth.Yes {
		out = truth.Or(out, r.filtered(p.ID, pr))
	}
	return truth.And(t, truth.Not(out))
}

// targetsBaseline says whether the policy reaches a sign-in that asks for basic profile scopes alone.
func (p *Policy) targetsBaseline(pr *premises) truth.Truth {
	excludes := len(p.apps.exclude) > 0 || p.apps.filter != nil && p.apps.filter.exclude
	if slices.Contains(p.apps.include, "all") && !excludes {
		return truth.Yes
	}
	t := p.targets(&Resource{Type: "app", ID: baselineApp}, pr)
	if t == truth.No {
		return t
	}
	return truth.And(t, pr.holds("U3"))
}

// called says whether a policy that uses the name, in lower case, means the app.
func (r *Resource) called(name string) truth.Truth {
	switch name {
	case "all":
		return truth.Yes
	case "none":
		return truth.No
	case r.ID:
		return truth.Yes
	case "office365":
		name = "Office365"
	case "microsoftadminportals":
		name = "MicrosoftAdminPortals"
	}
	return r.Names[name]
}

func (r *Resource) filtered(policy string, pr *premises) truth.Truth {
	if t, ok := r.Filters[policy]; ok {
		return t
	}
	return pr.holds("U4")
}

func (p *Policy) takesClient(client string, pr *premises) truth.Truth {
	switch {
	case p.clients.has("all") || p.clients.has(client) || client == "easSupported" && p.clients.has("exchangeActiveSync"):
		return truth.Yes
	case p.clients.odd:
		return truth.Maybe
	case p.clients.empty():
		return pr.holds("U5")
	}
	return truth.No
}

// matchWord says whether a list of an enumeration has the word.
func (l wordList) match(word string) truth.Truth {
	switch {
	case l.has("all") || l.has(word):
		return truth.Yes
	case l.odd:
		return truth.Maybe
	}
	return truth.No
}

func (p *Policy) takesPlatform(platform string) truth.Truth {
	if p.platforms == nil {
		return truth.Yes
	}
	return truth.And(p.platforms.include.match(platform), truth.Not(p.platforms.exclude.match(platform)))
}

func (p *Policy) takesPlace(l *Place, pr *premises) truth.Truth {
	if p.locations == nil {
		return truth.Yes
	}
	one := func(list wordList) truth.Truth {
		t := truth.No
		for _, id := range list.words {
			switch id {
			case "all":
				return truth.Yes
			case "alltrusted":
				t = truth.Or(t, l.Trusted)
			default:
				if in := l.In[id]; in == "deleted" {
					t = truth.Or(t, pr.holds("U7"))
				} else {
					t = truth.Or(t, factOf(in))
				}
			}
		}
		return t
	}
	in := one(p.locations.include)
	if in == truth.No {
		return in
	}
	return truth.And(in, truth.Not(one(p.locations.exclude)))
}

func factOf(word string) truth.Truth {
	switch word {
	case "yes":
		return truth.Yes
	case "maybe":
		return truth.Maybe
	}
	return truth.No
}

// takesDevice is told whether the filter's rule matches the device as this tenant sees it.
func (p *Policy) takesDevice(matches truth.Truth) truth.Truth {
	switch {
	case p.deviceFilter == nil:
		return truth.Yes
	case p.deviceFilter.exclude:
		return truth.Not(matches)
	}
	return matches
}

func takesRisk(l wordList, level string) truth.Truth {
	if l.empty() {
		return truth.Yes
	}
	return l.match(level)
}

func (p *Policy) takesInsiderRisk(level, kind string, pr *premises) truth.Truth {
	if p.insiderRisk.empty() {
		return truth.Yes
	}
	if kind == InternalMember {
		return p.insiderRisk.match(level)
	}
	switch pr.holds("U8") {
	case truth.Yes:
		return p.insiderRisk.match(level)
	case truth.No:
		return p.insiderRisk.match("none")
	}
	return truth.And(truth.Maybe, p.insiderRisk.match(level))
}

func (p *Policy) takesFlow(flow string) truth.Truth {
	if p.flows.empty() {
		return truth.Yes
	}
	return p.flows.match(flow)
}

// counts says whether the policy enforces anything at all.
func (p *Policy) counts(pr *premises) truth.Truth {
	t := truth.Of(p.enabled())
	if t == truth.Yes && len(p.Odd) > 0 {
		t = pr.holds("U14")
	}
	if p.onlyMaybe {
		t = truth.And(t, truth.Maybe)
	}
	return t
}
