package access

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"github.com/guestward/guestward/policies/access/crosstenant"
	"github.com/guestward/guestward/policies/access/network"
	"github.com/guestward/guestward/policies/access/truth"
	"github.com/guestward/guestward/policies/decoded"
)

// Tenant is a tenant as the model sees it.
type Tenant struct {
	Policies []*Policy // with security defaults behind Graph's
	Users    []*User   // classes of existing and of future users
	Partners *crosstenant.Access

	id        string
	locations map[string]*location
	apps      map[string]*app // by id
	// enforced says which apps limit what unmanaged devices can do, once a policy tells them to.
	enforced   map[string]truth.Truth
	groups     *tracked
	facts      Facts
	raw        []any                     // Graph's policies
	strengths  map[string]map[string]any // by id
	defaultsOn truth.Truth               // security defaults
	classify   func(*Guest) User         // nil where the snapshot has no guests
}

// app is a service principal of the tenant.
type app struct{ name, owner string }

// location is a named location.
type location struct {
	id, name string
	trusted  bool
	// maybeTrusted: the snapshot does not say whether it is.
	maybeTrusted bool
	ranges       []netip.Prefix
	countries    *network.CountryList
	byGPS        bool
	compliant    bool // the compliant network of Global Secure Access
	// fact, if any, is what every sign-in has for it: "maybe" (the snapshot does not say) or "deleted".
	fact string
}

// New builds the model of a tenant.
func New(f Facts) (*Tenant, error) {
	t := &Tenant{facts: f, id: strings.ToLower(decoded.Text(f.Sections, "tenant", "organization", "id"))}
	section, _ := f.Sections["crossTenantAccess"].(map[string]any)
	t.Partners = crosstenant.Read(section)
	t.strengths = map[string]map[string]any{}
	for _, s := range decoded.Objects(f.Sections, "conditionalAccess", "authenticationStrengthPolicies") {
		t.strengths[strings.ToLower(decoded.Text(s, "id"))] = s
	}
	t.raw, _ = decoded.At(f.Sections, "conditionalAccess", "policies").([]any)
	for i, one := range t.raw {
		raw, _ := one.(map[string]any)
		p := readPolicy(raw, i)
		for j := range p.grant.controls {
			if c := &p.grant.controls[j]; c.kind == "strength" {
				one, _ := decoded.At(raw, "grantControls", "authenticationStrength").(map[string]any)
				c.strength = readStrength(one, t.strengths)
			}
		}
		t.Policies = append(t.Policies, p)
	}
	t.readLocations()
	t.readApps()
	if err := t.readUsers(); err != nil {
		return nil, err
	}
	t.addSecurityDefaults()
	return t, nil
}

// azureManagement is the application that security defaults always want MFA for.
// https://learn.microsoft.com/en-us/entra/fundamentals/security-defaults
const azureManagement = "797f4846-ba00-4fd7-ba43-dac1f8f63013"

// SecurityDefaults is the id that security defaults go by.
const SecurityDefaults = "security-defaults"

// addSecurityDefaults writes as policies what security defaults are certain to do: stop legacy authentication, and ask
// for MFA at Azure's management. Everything else happens "when necessary", so that nothing follows from it.
func (t *Tenant) addSecurityDefaults() {
	on, known := decoded.At(t.facts.Sections, "entra", "identitySecurityDefaultsEnforcementPolicy", "isEnabled").(bool)
	if known && !on {
		return
	}
	enabled := slices.ContainsFunc(t.Policies, func(p *Policy) bool { return p.State == "enabled" })
	if !known && enabled {
		return // they cannot be on beside enabled policies
	}
	t.defaultsOn = truth.Maybe
	if known && !enabled {
		t.defaultsOn = truth.Yes
	}
	for _, p := range []*Policy{
		{
			apps:    appList{everything: true},
			clients: wordList{words: []string{"exchangeActiveSync", "other"}},
			grant:   grant{operator: "OR", controls: []control{{kind: "block"}}, strict: true},
		}, {
			apps:    appList{include: []string{azureManagement}},
			clients: wordList{words: []string{"all"}},
			grant:   grant{operator: "OR", controls: []control{{kind: "mfa"}}},
		},
	} {
		p.Index, p.ID, p.Name, p.State = -1, SecurityDefaults, "Security defaults", "enabled"
		p.session = readSession(nil)
		p.include.all, p.include.guests = true, true // every kind, without leaning on an assumption
		p.onlyMaybe = t.defaultsOn != truth.Yes
		p.groups, p.notGroups = newBits(len(t.groups.ids)), newBits(len(t.groups.ids))
		p.roles, p.notRoles = newBits(len(t.groups.roles)), newBits(len(t.groups.roles))
		t.Policies = append(t.Policies, p)
	}
}

func (t *Tenant) readLocations() {
	t.locations = map[string]*location{
		mfaTrustedIPs:    {id: mfaTrustedIPs, name: "MFA trusted IPs"},
		compliantNetwork: {id: compliantNetwork, name: "all compliant network locations", compliant: true},
	}
	for _, raw := range decoded.Objects(t.facts.Sections, "conditionalAccess", "namedLocations") {
		l := &location{id: strings.ToLower(decoded.Text(raw, "id")), name: decoded.Text(raw, "displayName")}
		trusted, told := raw["isTrusted"].(bool)
		l.trusted = trusted
		switch strings.ToLower(strings.TrimPrefix(decoded.Text(raw, "@odata.type"), "#microsoft.graph.")) {
		case "ipnamedlocation":
			if _, ok := raw["ipRanges"].([]any); !ok {
				l.fact = "maybe" // the snapshot lost the ranges
			}
			l.maybeTrusted = !told
			for _, r := range decoded.Objects(raw, "ipRanges") {
				prefix, err := network.ParseRange(decoded.Text(r, "cidrAddress"))
				if err != nil {
					l.fact = "maybe" // a range that cannot be read could hold any address
					continue
				}
				l.ranges = append(l.ranges, prefix)
			}
		case "countrynamedlocation":
			l.countries = &network.CountryList{}
			codes, ok := raw["countriesAndRegions"].([]any)
			if !ok {
				l.fact = "maybe"
			}
			for _, c := range codes {
				if code, ok := c.(string); ok {
					l.countries.Codes = append(l.countries.Codes, code)
				}
			}
			l.countries.IncludeUnknown, _ = raw["includeUnknownCountriesAndRegions"].(bool)
			l.byGPS = strings.EqualFold(decoded.Text(raw, "countryLookupMethod"), "authenticatorAppGps")
		case "compliantnetworknamedlocation":
			l.compliant = true
		default:
			l.fact = "maybe"
		}
		t.locations[l.id] = l
	}
	gone := "deleted"
	if t.facts.Lacks("conditionalAccess.namedLocations") {
		gone = "maybe"
	}
	for _, p := range t.Policies {
		if p.locations == nil {
			continue
		}
		for _, id := range slices.Concat(p.locations.include.words, p.locations.exclude.words) {
			if id != "all" && id != "alltrusted" && t.locations[id] == nil {
				t.locations[id] = &location{id: id, fact: gone}
			}
		}
	}
}

func (t *Tenant) readApps() {
	t.apps = map[string]*app{}
	for _, raw := range decoded.Objects(t.facts.Sections, "applications", "servicePrincipals") {
		if id := strings.ToLower(decoded.Text(raw, "appId")); id != "" {
			t.apps[id] = &app{decoded.Text(raw, "displayName"), strings.ToLower(decoded.Text(raw, "appOwnerOrganizationId"))}
		}
	}
	t.enforced = map[string]truth.Truth{sharePoint: t.sharePointLimits(), exchange: truth.Maybe}
}

// The services that honour app-enforced restrictions.
// https://learn.microsoft.com/en-us/entra/identity/conditional-access/concept-conditional-access-session
const (
	exchange   = "00000002-0000-0ff1-ce00-000000000000"
	sharePoint = "00000003-0000-0ff1-ce00-000000000000"
)

// sharePointLimits says whether SharePoint limits unmanaged devices. Exchange's switch, the OWA mailbox policies, is not
// in the snapshot.
// https://learn.microsoft.com/en-us/sharepoint/control-access-from-unmanaged-devices
func (t *Tenant) sharePointLimits() truth.Truth {
	v, ok := number(decoded.At(t.facts.Sections, "sharePoint", "tenant", "ConditionalAccessPolicy"))
	if !ok {
		return truth.Maybe
	}
	return truth.Of(v == 1 || v == 2) // AllowLimitedAccess, BlockAccess
}

// AppName is how people know the app.
func (t *Tenant) AppName(id string) string {
	if a := t.apps[id]; a != nil && a.name != "" {
		return a.name
	}
	return cmp.Or(appTable[id].name, id)
}
