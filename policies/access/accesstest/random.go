// Package accesstest makes up tenants for tests of the access model.
package accesstest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// Size says how large a random tenant is.
type Size struct {
	Policies, Guests, Groups, Apps, Locations, Partners int
	// Narrow is how likely a policy restricts a dimension besides users and apps.
	Narrow float64
	// Odd is how likely something is missing, unknown or of a strange form.
	Odd float64
}

// Small is a tenant whose sign-ins can be counted out.
var Small = Size{Policies: 3, Guests: 3, Groups: 2, Apps: 2, Locations: 2, Partners: 2, Narrow: .3, Odd: .1}

// Large is the most that a tenant is expected to have.
var Large = Size{Policies: 200, Guests: 20_000, Groups: 60, Apps: 80, Locations: 25, Partners: 15, Narrow: .2}

type random struct {
	*rand.Rand
	Size
	groups, apps, locations, tenants, guests, roles []string
	strengths                                       []any
}

// Tenant makes up a snapshot. The same seed makes the same one.
func Tenant(seed uint64, size Size) map[string]any {
	r := &random{Rand: rand.New(rand.NewPCG(seed, 1)), Size: size}
	ids := func(kind string, n int) (out []string) {
		for i := range n {
			out = append(out, ID(kind, i))
		}
		return out
	}
	r.groups, r.apps, r.locations, r.tenants, r.guests = ids("a", size.Groups), ids("b", size.Apps), ids("c", size.Locations), ids("d", size.Partners), ids("e", size.Guests)
	r.apps = append(r.apps, "00000003-0000-0ff1-ce00-000000000000", "00000002-0000-0000-c000-000000000000")
	r.roles = []string{"62e90394-69f5-4237-9190-012177145e10", "fe930be7-5e62-47db-91af-98c3a49a38b1"}
	r.makeStrengths()

	doc := map[string]any{
		"tenant":            map[string]any{"organization": map[string]any{"id": ID("f", 0)}},
		"crossTenantAccess": r.crossTenant(),
		"groups":            r.makeGroups(),
		"guests":            r.makeGuests(),
		"roles":             r.makeRoles(),
		"sharePoint":        map[string]any{"tenant": map[string]any{"ConditionalAccessPolicy": float64(r.IntN(3))}},
	}
	policies := []any{}
	for i := range size.Policies {
		policies = append(policies, r.policy(i))
	}
	doc["conditionalAccess"] = map[string]any{"policies": policies, "namedLocations": r.makeLocations(), "authenticationStrengthPolicies": r.strengths}
	doc["entra"] = map[string]any{"identitySecurityDefaultsEnforcementPolicy": map[string]any{"isEnabled": r.chance(.1)}}
	if r.chance(r.Odd) {
		delete(doc, "groups")
	}
	if r.chance(r.Odd) {
		delete(doc, "guests")
	}
	return doc
}

// ID is a synthetic object id.
func ID(kind string, i int) string { return fmt.Sprintf("%s0000000-0000-4000-8000-%012d", kind, i) }

func (r *random) chance(p float64) bool { return r.Float64() < p }

func one[T any](r *random, list []T) T { return list[r.IntN(len(list))] }

// some picks up to n of the list, in its order.
func some(r *random, list []string, n int) []any {
	out := []any{}
	if len(list) == 0 {
		return out
	}
	for range r.IntN(n + 1) {
		id := one(r, list)
		if strings.Contains(id, "-") && r.chance(.2) { // ids compare in any case
			id = strings.ToUpper(id)
		}
		out = append(out, id)
	}
	return out
}

func (r *random) makeStrengths() {
	combos := []string{"fido2", "windowsHelloForBusiness", "x509CertificateMultiFactor", "password,sms", "password, voice", "sms,federatedSingleFactor", "password", "federatedMultiFactor", "hardwareOath,password", "newMethod"}
	for i := range 3 {
		list := []any{}
		for range 1 + r.IntN(3) {
			n := len(combos) - 1
			if r.chance(r.Odd) {
				n++
			}
			list = append(list, combos[r.IntN(n)])
		}
		r.strengths = append(r.strengths, map[string]any{"id": ID("9", i), "displayName": fmt.Sprintf("Strength %d", i), "allowedCombinations": list, "requirementsSatisfied": one(r, []string{"mfa", "none"})})
	}
}

func (r *random) crossTenant() map[string]any {
	trust := func() map[string]any {
		return map[string]any{"isMfaAccepted": r.chance(.5), "isCompliantDeviceAccepted": r.chance(.5), "isHybridAzureADJoinedDeviceAccepted": r.chance(.3)}
	}
	direct := func() map[string]any {
		access := one(r, []string{"allowed", "blocked"})
		return map[string]any{
			"usersAndGroups": map[string]any{"accessType": access, "targets": []any{map[string]any{"target": "AllUsers", "targetType": "user"}}},
			"applications":   map[string]any{"accessType": access, "targets": []any{map[string]any{"target": "AllApplications", "targetType": "application"}}},
		}
	}
	partners, domains := []any{}, []any{}
	for i, id := range r.tenants {
		p := map[string]any{"tenantId": id}
		if r.chance(.6) {
			p["inboundTrust"] = trust()
		}
		if r.chance(.4) {
			p["b2bDirectConnectInbound"] = direct()
		}
		if r.chance(.7) {
			partners = append(partners, p)
		}
		domains = append(domains, map[string]any{"domainName": fmt.Sprintf("partner%d.example", i), "tenantId": id})
	}
	out := map[string]any{"default": map[string]any{"inboundTrust": trust(), "b2bDirectConnectInbound": direct()}, "partners": partners, "domainTenants": domains}
	if r.chance(r.Odd) {
		delete(out, "default")
	}
	return out
}

func (r *random) makeGroups() []any {
	rules := []string{`user.userType -eq "Guest"`, `(user.userType -ne "Guest") and (user.accountEnabled -eq true)`, `user.department -eq "Sales"`, `user.mail -contains "example"`, `user.userType -eq`}
	groups := []any{}
	for i, id := range r.groups {
		g := map[string]any{"id": id, "displayName": fmt.Sprintf("Group %d", i), "externalMembers": []any{}, "memberGroups": []any{}}
		members := []any{}
		for _, u := range r.guests {
			if r.chance(.2) {
				members = append(members, u)
			}
		}
		g["externalMembers"] = members
		if len(r.groups) > 1 && r.chance(.2) {
			g["memberGroups"] = []any{one(r, r.groups)}
		}
		if r.chance(.2) {
			g["membershipRule"], g["membershipRuleProcessingState"] = one(r, rules), one(r, []string{"On", "Paused"})
		}
		if r.chance(r.Odd) {
			delete(g, "externalMembers")
		}
		if !r.chance(r.Odd) {
			groups = append(groups, g)
		}
	}
	return groups
}

func (r *random) makeGuests() []any {
	guests := []any{}
	for i, id := range r.guests {
		domain := fmt.Sprintf("partner%d.example", r.IntN(len(r.tenants)+2))
		g := map[string]any{
			"id": id, "userType": one(r, []any{"Guest", "Guest", "Member", nil}), "accountEnabled": !r.chance(.1),
			"userPrincipalName": fmt.Sprintf("u%d_%s#EXT#@contoso.example", i, domain), "mail": fmt.Sprintf("u%d@%s", i, domain),
		}
		if !r.chance(r.Odd) {
			g["identities"] = []any{map[string]any{"signInType": "federated", "issuer": one(r, []string{"ExternalAzureAD", "ExternalAzureAD", "mail", "google.com"})}}
		}
		if r.chance(.1) {
			g["userPrincipalName"], g["identities"] = fmt.Sprintf("u%d@contoso.example", i), []any{}
		}
		guests = append(guests, g)
	}
	return guests
}

func (r *random) makeRoles() map[string]any {
	assignments, definitions := []any{}, []any{}
	for _, id := range r.roles {
		if !r.chance(r.Odd) {
			definitions = append(definitions, map[string]any{"id": id, "templateId": id, "displayName": "Role " + id[:4], "isBuiltIn": !r.chance(.1)})
		}
	}
	for i := range 3 {
		principal, kind := "", "#microsoft.graph.user"
		switch {
		case len(r.guests) > 0 && r.chance(.6):
			principal = one(r, r.guests)
		case len(r.groups) > 0:
			principal, kind = one(r, r.groups), "#microsoft.graph.group"
		}
		scope := "/"
		if r.chance(.2) {
			scope = "/administrativeUnits/" + ID("8", 1)
		}
		assignments = append(assignments, map[string]any{"id": fmt.Sprint(i), "principalId": principal, "roleDefinitionId": one(r, r.roles), "directoryScopeId": scope, "principal": map[string]any{"@odata.type": kind}})
	}
	return map[string]any{"assignments": assignments, "definitions": definitions}
}

func (r *random) makeLocations() []any {
	out := []any{}
	for i, id := range r.locations {
		l := map[string]any{"id": id, "displayName": fmt.Sprintf("Location %d", i), "isTrusted": r.chance(.3)}
		switch r.IntN(6) {
		case 0:
			l["@odata.type"] = "#microsoft.graph.countryNamedLocation"
			l["countriesAndRegions"] = some(r, []string{"CH", "DE", "FR", "US"}, 3)
			l["includeUnknownCountriesAndRegions"] = r.chance(.3)
			l["countryLookupMethod"] = one(r, []string{"clientIpAddress", "authenticatorAppGps"})
		case 1:
			l["@odata.type"] = "#microsoft.graph.compliantNetworkNamedLocation"
		default:
			l["@odata.type"] = "#microsoft.graph.ipNamedLocation"
			ranges := []any{}
			for range r.IntN(3) {
				cidr := one(r, []string{"198.51.100.0/24", "198.51.100.0/25", "198.51.100.128/25", "203.0.113.0/24", "0.0.0.0/1", "128.0.0.0/1", "2001:db8::/32", "2001:db8:1::/48"})
				ranges = append(ranges, map[string]any{"cidrAddress": cidr})
			}
			l["ipRanges"] = ranges
		}
		if !r.chance(r.Odd) {
			out = append(out, l)
		}
	}
	return out
}

func (r *random) policy(i int) map[string]any {
	state := "enabled"
	if r.chance(.1) {
		state = one(r, []string{"disabled", "enabledForReportingButNotEnforced"})
	}
	conditions := map[string]any{"users": r.users(), "applications": r.applications(), "clientAppTypes": []any{"all"}}
	if r.chance(r.Narrow) {
		conditions["clientAppTypes"] = some(r, []string{"browser", "mobileAppsAndDesktopClients", "exchangeActiveSync", "easSupported", "other"}, 3)
	}
	if r.chance(r.Narrow) {
		conditions["platforms"] = map[string]any{"includePlatforms": []any{one(r, []string{"all", "android", "windows"})}, "excludePlatforms": some(r, []string{"iOS", "linux"}, 1)}
	}
	if r.chance(r.Narrow) {
		places := append([]string{"AllTrusted", "00000000-0000-0000-0000-000000000000"}, r.locations...)
		conditions["locations"] = map[string]any{"includeLocations": []any{one(r, append([]string{"All", "All"}, places...))}, "excludeLocations": some(r, places, 2)}
	}
	if r.chance(r.Narrow) {
		rules := []string{`device.isCompliant -eq True`, `device.trustType -eq "AzureAD"`, `device.model -startsWith "SAW" -or device.trustType -ne "ServerAD"`, `device.extensionAttribute1 -notContains "x"`, `device.nonsense ~ 1`}
		n := len(rules) - 1
		if r.chance(r.Odd) {
			n++
		}
		conditions["devices"] = map[string]any{"deviceFilter": map[string]any{"mode": one(r, []string{"include", "exclude"}), "rule": rules[r.IntN(n)]}}
	}
	if r.chance(r.Narrow) {
		conditions["signInRiskLevels"] = some(r, []string{"high", "medium", "low", "none"}, 2)
	}
	if r.chance(r.Narrow) {
		conditions["userRiskLevels"] = some(r, []string{"high", "medium"}, 2)
	}
	if r.chance(r.Narrow / 2) {
		conditions["insiderRiskLevels"] = one(r, []any{"elevated", "moderate, elevated", nil, ""})
	}
	if r.chance(r.Narrow / 2) {
		conditions["authenticationFlows"] = map[string]any{"transferMethods": one(r, []any{"deviceCodeFlow", "deviceCodeFlow,authenticationTransfer", "none", nil})}
	}
	if r.chance(r.Odd / 2) {
		conditions[one(r, []string{"futureCondition", "clientApplications", "servicePrincipalRiskLevels"})] = []any{"something"}
	}
	p := map[string]any{"id": ID("7", i), "displayName": fmt.Sprintf("Policy %d", i), "state": state, "conditions": conditions}
	if !r.chance(.1) {
		p["grantControls"] = r.grant()
	}
	if r.chance(.2) {
		p["sessionControls"] = map[string]any{
			"signInFrequency":                 map[string]any{"isEnabled": r.chance(.8), "type": one(r, []string{"hours", "days"}), "value": float64(1 + r.IntN(30)), "frequencyInterval": one(r, []string{"timeBased", "everyTime"})},
			"persistentBrowser":               map[string]any{"isEnabled": r.chance(.8), "mode": one(r, []string{"never", "always"})},
			"applicationEnforcedRestrictions": map[string]any{"isEnabled": r.chance(.8)},
		}
	}
	for r.chance(r.Odd) {
		r.mangle(p)
	}
	return p
}

func (r *random) users() map[string]any {
	u := map[string]any{"includeUsers": []any{}, "excludeUsers": []any{}}
	switch r.IntN(5) {
	case 0, 1:
		u["includeUsers"] = []any{"All"}
	case 2:
		u["includeUsers"] = []any{"GuestsOrExternalUsers"}
	case 3:
		u["includeGuestsOrExternalUsers"] = r.external()
	default:
		u["includeUsers"] = some(r, r.guests, 2)
		u["includeGroups"] = some(r, append([]string{ID("a", 999)}, r.groups...), 2)
		u["includeRoles"] = some(r, r.roles, 1)
	}
	if r.chance(.3) {
		u["excludeGroups"] = some(r, append([]string{ID("a", 999)}, r.groups...), 2)
	}
	if r.chance(.2) {
		u["excludeUsers"] = some(r, r.guests, 2)
	}
	if r.chance(.1) {
		u["excludeRoles"] = some(r, r.roles, 1)
	}
	if r.chance(.1) {
		u["excludeGuestsOrExternalUsers"] = r.external()
	}
	if r.chance(r.Odd) {
		delete(u, "excludeUsers")
	}
	return u
}

func (r *random) external() map[string]any {
	kinds := []string{"internalGuest", "b2bCollaborationGuest", "b2bCollaborationMember", "b2bDirectConnectUser", "otherExternalUser", "serviceProvider"}
	var chosen []string
	for _, k := range kinds {
		if r.chance(.7) {
			chosen = append(chosen, k)
		}
	}
	if r.chance(r.Odd) {
		chosen = append(chosen, "unknownFutureValue")
	}
	e := map[string]any{"guestOrExternalUserTypes": strings.Join(chosen, one(r, []string{",", ", "}))}
	switch r.IntN(4) {
	case 0:
		e["externalTenants"] = map[string]any{"@odata.type": "#microsoft.graph.conditionalAccessEnumeratedExternalTenants", "membershipKind": "enumerated", "members": some(r, r.tenants, 2)}
	case 1:
		e["externalTenants"] = map[string]any{"membershipKind": "all"}
	case 2:
		e["externalTenants"] = nil
	}
	return e
}

func (r *random) applications() map[string]any {
	a := map[string]any{"includeApplications": []any{"All"}}
	switch {
	case r.chance(.2):
		a["includeApplications"] = some(r, append([]string{"Office365", "MicrosoftAdminPortals"}, r.apps...), 3)
	case r.chance(.2):
		a["excludeApplications"] = some(r, append([]string{"Office365"}, r.apps...), 2)
	case r.chance(.05):
		a = map[string]any{"includeApplications": []any{}, "includeUserActions": []any{one(r, []string{"urn:user:registersecurityinfo", "urn:user:registerdevice"})}}
	case r.chance(.05):
		a = map[string]any{"includeAuthenticationContextClassReferences": []any{"c1"}}
	}
	if r.chance(r.Odd / 2) {
		a["applicationFilter"] = map[string]any{"mode": one(r, []string{"include", "exclude"}), "rule": `CustomSecurityAttribute.CA_mfa -contains "yes"`}
	}
	return a
}

func (r *random) grant() map[string]any {
	controls := []string{"mfa", "mfa", "mfa", "block", "compliantDevice", "domainJoinedDevice", "passwordChange", "approvedApplication", "compliantApplication", "riskRemediation"}
	if r.chance(r.Odd) {
		controls = []string{"unknownFutureValue"}
	}
	g := map[string]any{"operator": one(r, []string{"OR", "AND"}), "builtInControls": []any{one(r, controls)}, "customAuthenticationFactors": []any{}, "termsOfUse": []any{}}
	if r.chance(.3) {
		g["builtInControls"] = []any{one(r, controls), one(r, controls)}
	}
	if r.chance(.2) {
		s := one(r, r.strengths)
		if r.chance(.5) {
			s = map[string]any{"id": s.(map[string]any)["id"]}
		}
		g["builtInControls"], g["authenticationStrength"] = []any{}, s
		if r.chance(.3) {
			g["builtInControls"] = []any{one(r, controls)}
		}
	}
	if r.chance(.1) {
		g["termsOfUse"] = []any{ID("6", 0)}
	}
	if r.chance(r.Odd / 2) {
		delete(g, "operator")
	}
	return g
}

// mangle changes something of a policy in a way that Graph's documentation does not rule out for ever, or that a tool
// which exports policies gets wrong.
func (r *random) mangle(p map[string]any) {
	var places []func(any)
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for _, name := range sorted(v) {
				if name == "id" || name == "state" {
					continue
				}
				places = append(places, func(with any) { v[name] = with })
				walk(v[name])
			}
		case []any:
			for i := range v {
				places = append(places, func(with any) { v[i] = with })
				walk(v[i])
			}
		}
	}
	walk(p)
	one(r, places)(one(r, []any{
		nil, "", []any{}, map[string]any{}, true, float64(7), "unknownFutureValue", []any{"unknownFutureValue"}, []any{nil}, []any{float64(3), "All"},
		"All", []any{"None"}, "browser,other", []any{"mfa"}, map[string]any{"new": "value"}, []any{"high"}, "include", []any{"fido2,newMethod"}, []any{"fido2", "password,sms"},
	}))
}

func sorted(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
