package access

import (
	"cmp"
	"slices"
	"strings"

	"github.com/guestward/guestward/policies/decoded"
)

// Reference is something that an enabled policy names by its id.
type Reference struct {
	Path   []any  `json:"path"`
	Policy string `json:"policy"` // its name
	Kind   string `json:"kind"`   // user, group, role, app or location
	// Excluded says that the policy leaves it out.
	Excluded bool   `json:"excluded"`
	ID       string `json:"id"`
	Name     string `json:"name"`
	// State is exists, deleted, or unknown: the snapshot does not tell. It lists accounts of outsiders, and those who
	// have roles, but no others.
	State string `json:"state"`
	// ExternalMembers is how many accounts of outsiders a group or role certainly holds.
	ExternalMembers int `json:"external_members"`
}

// References lists what the enabled policies name.
func (t *Tenant) References() []Reference {
	out := []Reference{}
	accounts := map[string]bool{}
	for _, u := range t.Users {
		if u.ID != "" {
			accounts[u.ID] = true
		}
	}
	for _, list := range []string{"assignments", "eligibility", "schedule"} {
		for _, a := range decoded.Objects(t.facts.Sections, "roles", list) {
			if decoded.At(a, "principal") != nil {
				accounts[strings.ToLower(decoded.Text(a, "principalId"))] = true
			}
		}
	}
	places := map[string]bool{mfaTrustedIPs: true, compliantNetwork: true}
	for _, l := range decoded.Objects(t.facts.Sections, "conditionalAccess", "namedLocations") {
		places[strings.ToLower(decoded.Text(l, "id"))] = true
	}
	known := func(exists bool, source string) string {
		switch {
		case exists:
			return "exists"
		case source == "" || t.facts.Lacks(source):
			return "unknown"
		}
		return "deleted"
	}
	lists := []struct {
		kind, condition, side string
		words                 []string
		fill                  func(r *Reference)
	}{
		{"user", "users", "Users", []string{"all", "none", "guestsorexternalusers"}, func(r *Reference) {
			r.State = known(accounts[r.ID], "")
		}},
		{"group", "users", "Groups", nil, func(r *Reference) {
			name, exists := t.groups.names[r.ID]
			r.Name = name
			r.State = known(exists, "groups")
			r.ExternalMembers = t.external(func(u *User) bool { return u.groups.has(t.groups.index[r.ID]) })
		}},
		{"role", "users", "Roles", nil, func(r *Reference) {
			i := t.groups.roleAt[r.ID]
			r.Name = t.RoleName(r.ID)
			r.State = known(!t.groups.deleted.roles.has(i) && !t.facts.Lacks("roles.definitions"), "roles.definitions")
			r.ExternalMembers = t.external(func(u *User) bool { return u.roles.has(i) })
		}},
		{"app", "applications", "Applications", []string{"all", "none", "office365", "microsoftadminportals"}, func(r *Reference) {
			_, listed := appTable[r.ID]
			r.Name = t.AppName(r.ID)
			r.State = known(listed || t.apps[r.ID] != nil, "applications.servicePrincipals")
		}},
		{"location", "locations", "Locations", []string{"all", "alltrusted"}, func(r *Reference) {
			if l := t.locations[r.ID]; l != nil {
				r.Name = l.name
			}
			r.State = known(places[r.ID], "conditionalAccess.namedLocations")
		}},
	}
	for _, p := range t.Policies {
		if p.Index < 0 || !p.enabled() {
			continue
		}
		for _, l := range lists {
			condition, _ := decoded.At(t.raw[p.Index], "conditions", l.condition).(map[string]any)
			for _, side := range []string{"include", "exclude"} {
				for i, id := range lowered((&reader{}).list(condition, side+l.side)) {
					if slices.Contains(l.words, id) {
						continue
					}
					r := Reference{
						Path:   []any{"conditionalAccess", "policies", p.Index, "conditions", l.condition, side + l.side, i},
						Policy: p.Name, Kind: l.kind, Excluded: side == "exclude", ID: id,
					}
					l.fill(&r)
					r.Name = cmp.Or(r.Name, id)
					out = append(out, r)
				}
			}
		}
	}
	return out
}

// external counts the accounts of outsiders for whom the test holds.
func (t *Tenant) external(test func(u *User) bool) int {
	n := 0
	for _, u := range t.Users {
		if u.Count > 0 && test(u) {
			n += u.Count
		}
	}
	return n
}
