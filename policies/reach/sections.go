package reach

import (
	"cmp"
	"slices"
	"strings"

	"github.com/guestward/guestward/policies/decoded"
)

// role is a directory role that a principal holds.
type role struct {
	definition, scope string
	state             string // active, activated or eligible
	until             end
}

// end is until when something holds. Ends are in order: a time, in the service's form, comes before what is not told, which
// may be any, and that before never.
type end string

const (
	untold end = "~"
	never  end = "~~"
)

// endOf is when an instance of a schedule ends. A time that is null means never; one that is not there at all means nothing.
func endOf(o map[string]any) end {
	if v, ok := o["endDateTime"]; ok && v == nil {
		return never
	}
	return cmp.Or(end(decoded.Text(o, "endDateTime")), untold)
}

type roleName struct {
	template, name string
	custom         bool
}

type service struct{ appID, name string }

// ownership is of an application or a service principal.
type ownership struct {
	kind, resource string
	name, appID    string
}

type assigned struct{ resource, name string }

type grant struct {
	client, scope string
	everybody     bool
}

type held struct{ id, name, state, until string }

// readRoles brings together who holds and who can activate roles. The list of assignments has activations too; only the
// schedule tells them apart, and when each ends.
func (m *Model) readRoles() {
	m.names, m.roles = map[string]roleName{}, map[key][]role{}
	for _, d := range decoded.Objects(m.facts.Sections, "roles", "definitions") {
		id := strings.ToLower(decoded.Text(d, "id"))
		builtIn, known := d["isBuiltIn"].(bool)
		m.names[id] = roleName{cmp.Or(strings.ToLower(decoded.Text(d, "templateId")), id), decoded.Text(d, "displayName"), known && !builtIn}
	}
	for _, part := range []struct{ source, state string }{{"eligibility", "eligible"}, {"schedule", "active"}, {"assignments", "active"}} {
		for _, o := range decoded.Objects(m.facts.Sections, "roles", part.source) {
			who, definition := decoded.Text(o, "principalId"), strings.ToLower(decoded.Text(o, "roleDefinitionId"))
			if who == "" || definition == "" {
				m.untold["roles."+part.source] = true
				continue
			}
			r := role{definition: definition, scope: cmp.Or(decoded.Text(o, "directoryScopeId"), decoded.Text(o, "appScopeId"), "/"), state: part.state, until: untold}
			if part.source != "assignments" {
				r.until = endOf(o)
				if strings.EqualFold(decoded.Text(o, "assignmentType"), "Activated") {
					r.state = "activated"
				}
			}
			k := keyOf(who)
			i := slices.IndexFunc(m.roles[k], func(x role) bool {
				return x.definition == r.definition && x.scope == r.scope && (x.state == "eligible") == (r.state == "eligible")
			})
			switch {
			case i < 0:
				m.roles[k] = append(m.roles[k], r)
			case part.source != "assignments" && r.until > m.roles[k][i].until:
				m.roles[k][i] = r // the one that holds longest
			}
		}
	}
	for k, list := range m.roles { // an activation comes and goes; what it rests on stays
		m.roles[k] = slices.DeleteFunc(list, func(r role) bool {
			return r.state == "activated" && slices.ContainsFunc(list, func(x role) bool {
				return x.state == "eligible" && x.definition == r.definition && x.scope == r.scope
			})
		})
	}
}

func (m *Model) readApplications() {
	m.services, m.apps, m.grants = map[string]service{}, map[key][]assigned{}, map[key][]grant{}
	m.principals, m.owned = map[string]string{}, map[key][]ownership{}
	for _, o := range decoded.Objects(m.facts.Sections, "applications", "servicePrincipals") {
		id, app := strings.ToLower(decoded.Text(o, "id")), decoded.Text(o, "appId")
		m.services[id] = service{app, decoded.Text(o, "displayName")}
		if app != "" {
			m.principals[strings.ToLower(app)] = id
		}
	}
	for _, o := range decoded.Objects(m.facts.Sections, "applications", "owners") {
		who, resource := decoded.Text(o, "ownerId"), decoded.Text(o, "resourceId")
		if who == "" || resource == "" {
			m.untold["applications.owners"] = true
			continue
		}
		k := keyOf(who)
		m.owned[k] = append(m.owned[k], ownership{decoded.Text(o, "resourceType"), strings.ToLower(resource), decoded.Text(o, "resourceDisplayName"), decoded.Text(o, "appId")})
	}
	for _, o := range decoded.Objects(m.facts.Sections, "applications", "assignments") {
		who, resource := decoded.Text(o, "principalId"), decoded.Text(o, "resourceId")
		if who == "" || resource == "" {
			m.untold["applications.assignments"] = true
			continue
		}
		k := keyOf(who)
		one := assigned{strings.ToLower(resource), decoded.Text(o, "resourceDisplayName")}
		if !slices.Contains(m.apps[k], one) { // several roles in one application
			m.apps[k] = append(m.apps[k], one)
		}
	}
	for _, o := range decoded.Objects(m.facts.Sections, "applications", "grants") {
		who, client := decoded.Text(o, "principalId"), strings.ToLower(decoded.Text(o, "clientId"))
		g := grant{client, decoded.Text(o, "scope"), strings.EqualFold(decoded.Text(o, "consentType"), "AllPrincipals")}
		switch {
		case client == "" || who == "" && !g.everybody:
			m.untold["applications.grants"] = true
		case g.everybody:
			m.grants[key{}] = append(m.grants[key{}], g)
		default:
			m.grants[keyOf(who)] = append(m.grants[keyOf(who)], g)
		}
	}
}

// readPackages reads the access packages that somebody holds. What expired or failed is not among them.
func (m *Model) readPackages() {
	m.packages = map[key][]held{}
	for _, o := range decoded.Objects(m.facts.Sections, "governance", "entitlementManagement", "assignments") {
		who := decoded.Text(o, "target", "objectId")
		switch state := strings.ToLower(decoded.Text(o, "state")); {
		case state == "expired" || state == "deliveryfailed":
		case who == "":
			// Somebody who has not come yet: the account is made when the package is delivered.
		default:
			k := keyOf(who)
			m.packages[k] = append(m.packages[k], held{decoded.Text(o, "accessPackage", "id"), decoded.Text(o, "accessPackage", "displayName"), state, decoded.Text(o, "schedule", "expiration", "endDateTime")})
		}
	}
}
