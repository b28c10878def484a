package partners

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/guestward/guestward/policies/decoded"
)

// domainList is a layer that has a list of domains, or of organisations.
type domainList struct {
	named   []namedPlace
	refused []string // domains; "*.x" with everything below
	rest    State    // what holds for whom no list names
}

type namedPlace struct {
	Place
	tenant string // where it is named by its tenant
}

// of is the layer of a row. Whoever has no domain that we know may still have one that is listed.
func (l domainList) of(row *Row, layer string) Cell {
	places := row.named[layer]
	for _, p := range l.named {
		covers := func(d string) bool { return below(d, strings.ToLower(p.Domain)) }
		if slices.ContainsFunc(row.Domains, covers) && !slices.ContainsFunc(places, func(q Place) bool { return q.Domain == p.Domain }) {
			places = append(places, p.Place)
		}
	}
	refused := func(d string) bool {
		return slices.ContainsFunc(l.refused, func(r string) bool { return d == r || below(d, r) })
	}
	switch {
	case len(places) > 0:
		return Cell{State: Open, Places: places}
	case len(row.Domains) == 0 && len(l.named)+len(l.refused) > 0:
		return Cell{State: Unknown, Default: true}
	case len(row.Domains) > 0 && !slices.ContainsFunc(row.Domains, func(d string) bool { return !refused(d) }):
		return Cell{State: Closed}
	}
	return Cell{State: l.rest, Default: true}
}

func (j *joiner) readLists() (map[string]domainList, []Unread) {
	lists, unread := map[string]domainList{}, j.unreadPartners()
	for layer, read := range map[string]func() (domainList, []Unread){
		Invitations: j.invitations, SharePoint: j.sharePoint, Teams: j.teams, Calendars: j.calendars, AccessPackages: j.accessPackages,
	} {
		l, u := read()
		lists[layer] = l
		for i := range u {
			u[i].Layer = layer
		}
		unread = append(unread, u...)
	}
	slices.SortStableFunc(unread, func(a, b Unread) int { return strings.Compare(a.Layer, b.Layer) })
	return lists, unread
}

func (j *joiner) unreadPartners() []Unread {
	path := []any{"crossTenantAccess", "partners"}
	partners, ok := decoded.At(j.Sections, "crossTenantAccess", "partners").([]any)
	if !ok {
		return []Unread{{Layer: GuestsInbound, Path: path, Why: "not in the snapshot"}}
	}
	var out []Unread
	for i, p := range partners {
		if decoded.Text(p, "tenantId") == "" {
			out = append(out, Unread{Layer: GuestsInbound, Path: append(slices.Clone(path), i), Why: "a partner without tenantId"})
		}
	}
	return out
}

// domainsAt reads a list of domains; a text has them with spaces between.
func domainsAt(v any, path ...any) (places []namedPlace, ok bool) {
	if s, isText := v.(string); isText {
		for _, d := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" \t\r\n,;", r) }) {
			places = append(places, namedPlace{Place: Place{Path: path, Domain: strings.ToLower(d)}})
		}
		return places, true
	}
	entries, isList := v.([]any)
	for i, e := range entries {
		d, isText := e.(string)
		step := append(slices.Clone(path), i)
		if o, isObject := e.(map[string]any); isObject {
			d, isText = o["Domain"].(string)
			step = append(step, "Domain")
		}
		if d = strings.ToLower(strings.TrimSpace(d)); !isText || d == "" {
			return places, false
		}
		places = append(places, namedPlace{Place: Place{Path: step, Domain: d}})
	}
	return places, isList
}

func domains(places []namedPlace) (out []string) {
	for _, p := range places {
		out = append(out, p.Domain)
	}
	return out
}

// invitations: a policy without lists lets everybody be invited; Entra has one list or the other.
// https://learn.microsoft.com/en-us/entra/external-id/allow-deny-list
func (j *joiner) invitations() (domainList, []Unread) {
	path := []any{"entra", "b2bManagementPolicy"}
	policy, ok := decoded.At(j.Sections, "entra", "b2bManagementPolicy").(map[string]any)
	if !ok {
		return domainList{rest: Unknown}, []Unread{{Path: path, Why: "not in the snapshot"}}
	}
	if policy["allowedDomains"] != nil {
		named, ok := domainsAt(policy["allowedDomains"], "entra", "b2bManagementPolicy", "allowedDomains")
		if !ok {
			return domainList{named: named, rest: Unknown}, []Unread{{Path: append(path, "allowedDomains"), Why: "is no list of domains"}}
		}
		return domainList{named: named, rest: Closed}, nil
	}
	if policy["blockedDomains"] == nil {
		return domainList{rest: Open}, nil
	}
	blocked, ok := domainsAt(policy["blockedDomains"])
	if !ok {
		return domainList{rest: Unknown}, []Unread{{Path: append(path, "blockedDomains"), Why: "is no list of domains"}}
	}
	return domainList{refused: domains(blocked), rest: Open}, nil
}

// sharePoint asks both sources and believes the one that opens most, as lib.sharepoint does; where they give the same mode
// they may still differ in the list.
func (j *joiner) sharePoint() (domainList, []Unread) {
	tenant, graph := decoded.At(j.Sections, "sharePoint", "tenant"), decoded.At(j.Sections, "sharePoint", "settings")
	levels := []string{word(decoded.At(tenant, "SharingCapability")), word(decoded.At(graph, "sharingCapability"))}
	off := slices.ContainsFunc(levels, func(l string) bool { return l != "" })
	for _, l := range levels {
		off = off && (l == "" || l == "0" || l == "disabled")
	}
	if off {
		return domainList{rest: Closed}, nil
	}
	modes := map[string]string{"0": "none", "1": "allowList", "2": "blockList", "none": "none", "allowList": "allowList", "blockList": "blockList"}
	order := []string{"none", "unknown", "blockList", "allowList"}
	kind := ""
	lists := map[string][][2]string{} // source and list, by the mode that puts it in force
	for _, s := range []struct{ name, mode, allow, deny string }{
		{"tenant", "SharingDomainRestrictionMode", "SharingAllowedDomainList", "SharingBlockedDomainList"},
		{"settings", "sharingDomainRestrictionMode", "sharingAllowedDomainList", "sharingBlockedDomainList"},
	} {
		mode := word(decoded.At(j.Sections, "sharePoint", s.name, s.mode))
		if mode == "" {
			continue
		}
		k := cmp.Or(modes[mode], "unknown")
		if kind == "" || slices.Index(order, k) < slices.Index(order, kind) {
			kind = k
		}
		lists[k] = append(lists[k], [2]string{s.name, map[string]string{"allowList": s.allow, "blockList": s.deny}[k]})
	}
	switch kind {
	case "none":
		return domainList{rest: Open}, nil
	case "allowList", "blockList":
		return j.ofBoth(kind == "allowList", lists[kind])
	}
	return domainList{rest: Unknown}, []Unread{{Path: []any{"sharePoint"}, Why: "whether SharePoint limits domains was not read"}}
}

// ofBoth makes one list of what the sources say that it is: what any of them allows, or what all of them block. A domain
// has the place where it stands first.
func (j *joiner) ofBoth(allow bool, lists [][2]string) (l domainList, unread []Unread) {
	for i, list := range lists {
		path := []any{"sharePoint", list[0], list[1]}
		named, ok := domainsAt(decoded.At(j.Sections, "sharePoint", list[0], list[1]), path...)
		if !ok {
			unread = append(unread, Unread{Path: path, Why: "the list that is in force was not read"})
			continue
		}
		if allow {
			named = slices.DeleteFunc(named, func(p namedPlace) bool { return slices.Contains(domains(l.named), p.Domain) })
			l.named = append(l.named, named...)
		} else if here := domains(named); i == 0 {
			l.refused = here
		} else {
			l.refused = slices.DeleteFunc(l.refused, func(d string) bool { return !slices.Contains(here, d) })
		}
	}
	l.rest = Open
	if allow {
		l.rest = Closed
	}
	if len(unread) > 0 {
		l.refused, l.rest = nil, Unknown
	}
	return l, unread
}

// teams: the tenant's switch stands above its list, and external access policies may open for their holders what the list
// closes. https://learn.microsoft.com/en-us/powershell/module/microsoftteams/set-csexternalaccesspolicy
func (j *joiner) teams() (l domainList, unread []Unread) {
	base := []any{"teams", "tenantFederationConfiguration"}
	tenant, ok := decoded.At(j.Sections, "teams", "tenantFederationConfiguration").(map[string]any)
	if !ok {
		return domainList{rest: Unknown}, []Unread{{Path: base, Why: "not in the snapshot"}}
	}
	switch on, isSwitch := tenant["AllowFederatedUsers"].(bool); {
	case !isSwitch:
		return domainList{rest: Unknown}, []Unread{{Path: append(base, "AllowFederatedUsers"), Why: "is neither true nor false"}}
	case !on:
		return domainList{rest: Closed}, nil
	}
	l.rest = Closed
	unsure := func(path []any, why string) {
		unread = append(unread, Unread{Path: path, Why: why})
		if l.rest == Closed {
			l.rest = Unknown
		}
	}
	allowed, isObject := tenant["AllowedDomains"].(map[string]any)
	_, everybody := allowed["AllowAllKnownDomains"]
	named, isList := domainsAt(allowed["AllowedDomain"], append(base, "AllowedDomains", "AllowedDomain")...)
	switch {
	case isObject && (len(allowed) == 0 || everybody && len(allowed) == 1):
		l.rest = Open
		blocked, ok := domainsAt(tenant["BlockedDomains"])
		for _, d := range domains(blocked) {
			l.refused = append(l.refused, d)
			if tenant["BlockAllSubdomains"] == true {
				l.refused = append(l.refused, "*."+d)
			}
		}
		if !ok && tenant["BlockedDomains"] != nil {
			l.refused = nil
		}
	case isObject && len(allowed) == 1 && isList:
		l.named = named
	default:
		l.named = named
		unsure(append(base, "AllowedDomains"), "is no list of domains")
	}
	policies, ok := decoded.At(j.Sections, "teams", "externalAccessPolicies").([]any)
	if !ok {
		unsure([]any{"teams", "externalAccessPolicies"}, "not in the snapshot; a policy may open what the list closes")
	}
	for i, p := range policies {
		path := []any{"teams", "externalAccessPolicies", i}
		identity := decoded.Text(p, "Identity")
		on, isSwitch := decoded.At(p, "EnableFederationAccess").(bool)
		reach := decoded.Text(p, "CommunicationWithExternalOrgs")
		switch {
		case identity != "Global" && slices.Contains(j.Unassigned, identity), isSwitch && !on:
		case isSwitch && (reach == "OrganizationDefault" || reach == "BlockAllExternalDomains" || identity == "Global" && decoded.At(p, "CommunicationWithExternalOrgs") == nil):
		case isSwitch && (reach == "AllowAllExternalDomains" || reach == "BlockSpecificExternalDomains"):
			l.rest, l.refused = Open, nil
		case isSwitch && reach == "AllowSpecificExternalDomains":
			more, ok := domainsAt(decoded.At(p, "AllowedExternalDomains"), append(path, "AllowedExternalDomains")...)
			l.named = append(l.named, more...)
			if !ok {
				unsure(append(path, "AllowedExternalDomains"), "is no list of domains")
			}
		default:
			unsure(path, fmt.Sprintf("whom the external access policy %s lets in is not known", identity))
		}
	}
	return l, unread
}

// accessPackages: a configured connected organisation may be named by any policy, and all of them at once by one.
// https://learn.microsoft.com/en-us/entra/id-governance/entitlement-management-organization
func (j *joiner) accessPackages() (l domainList, unread []Unread) {
	path := []any{"governance", "entitlementManagement", "connectedOrganizations"}
	organisations, ok := decoded.At(j.Sections, "governance", "entitlementManagement", "connectedOrganizations").([]any)
	if !ok {
		if j.lacksLicence("governance.entitlementManagement.connectedOrganizations") {
			return domainList{rest: Closed}, nil // nobody can have made one
		}
		return domainList{rest: Unknown}, []Unread{{Path: path, Why: "not in the snapshot"}}
	}
	l.rest = j.packagesForOthers()
	for i, o := range organisations {
		here := append(slices.Clone(path), i)
		sources, ok := decoded.At(o, "identitySources").([]any)
		if !ok {
			unread = append(unread, Unread{Path: here, Why: "its identitySources were not read"})
		}
		configured := decoded.Text(o, "state") == "configured"
		if !configured {
			unread = append(unread, Unread{Path: append(slices.Clone(here), "state"), Why: "the connected organisation is not configured: a policy may name it all the same"})
		}
		for k, s := range sources {
			p := namedPlace{Place: Place{Path: append(slices.Clone(here), "identitySources", k), Domain: strings.ToLower(decoded.Text(s, "domainName"))}, tenant: decoded.Text(s, "tenantId")}
			social := strings.EqualFold(decoded.Text(s, "@odata.type"), "#microsoft.graph.socialIdentitySource") // no organisation
			switch {
			case p.tenant == "" && p.Domain == "" && !social:
				unread = append(unread, Unread{Path: p.Path, Why: "names neither a tenant nor a domain"})
			case configured && !social:
				l.named = append(l.named, p)
			}
		}
	}
	if len(unread) > 0 && l.rest == Closed {
		l.rest = Unknown
	}
	return l, unread
}

// packagesForOthers says whether a policy lets everybody ask.
func (j *joiner) packagesForOthers() State {
	policies, ok := decoded.At(j.Sections, "governance", "entitlementManagement", "assignmentPolicies").([]any)
	if !ok {
		return Unknown
	}
	for _, p := range policies {
		if decoded.Text(p, "allowedTargetScope") == "allExternalUsers" {
			return Open
		}
	}
	return Closed
}

// lacksLicence says whether a source was not read because the tenant has no licence for what it holds.
func (j *joiner) lacksLicence(source string) bool {
	return decoded.Gaps(j.Sections)[source] == "licence"
}

// word is a text or a number as a text; "" for nothing.
func word(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}
