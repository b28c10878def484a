package access

import (
	"fmt"
	"slices"
	"strings"

	"github.com/guestward/guestward/policies/access/device"
	"github.com/guestward/guestward/policies/decoded"
)

// Policy is a Conditional Access policy in closed-world form: what Graph leaves out, writes as null or joins with commas
// is the same here, and what the model does not know is listed instead of overlooked.
type Policy struct {
	Index int // in conditionalAccess.policies; -1 for security defaults
	ID    string
	Name  string
	State string
	// Inapplicable says why the policy never reaches a person, or is "".
	Inapplicable string
	// Odd are the properties and values that nobody knows: they keep the policy from counting for certain.
	Odd []Oddity

	include, exclude  userList
	apps              appList
	clients           wordList
	platforms         *wordPair
	locations         *wordPair
	deviceFilter      *filter
	signInRisk        wordList
	userRisk          wordList
	insiderRisk       wordList
	flows             wordList
	grant             grant
	session           session
	onlyMaybe         bool // security defaults beside enabled policies, which exclude them
	groups, notGroups bits // include.groups and exclude.groups by the tenant's index
	roles, notRoles   bits
}

// Oddity is something that the model does not know, and where it stands.
type Oddity struct {
	Path []any
	Text string
}

// userList is one side of the users condition.
type userList struct {
	all, guests bool // the words All and GuestsOrExternalUsers
	users       []string
	groups      []string
	roles       []string
	external    *externals
}

// externals is includeGuestsOrExternalUsers or its counterpart.
type externals struct {
	kinds      []string
	odd        bool // a kind that nobody knows
	enumerated bool
	oddTenants bool // neither all nor enumerated
	tenants    []string
}

type appList struct {
	everything        bool // whatever is asked for, user actions too
	include, exclude  []string
	filter            *filter
	actions, contexts []string
}

// wordList is a list of words of an enumeration.
type wordList struct {
	words []string
	odd   bool // holds a word that nobody knows
}

func (l wordList) empty() bool           { return len(l.words) == 0 && !l.odd }
func (l wordList) has(words string) bool { return slices.Contains(l.words, words) }

type wordPair struct{ include, exclude wordList }

type filter struct {
	exclude bool
	rule    string
	device  *device.Rule // the rule of a device filter; nil where it cannot be read
}

// enabled says whether the policy enforces anything.
func (p *Policy) enabled() bool { return p.State == "enabled" && p.Inapplicable == "" }

// reader walks a raw policy and notes what it does not understand.
type reader struct {
	base []any
	odd  []Oddity
}

func (r *reader) note(text string, path ...any) {
	r.odd = append(r.odd, Oddity{append(slices.Clone(r.base), path...), text})
}

// object is the object at a name, nil when it is absent or null.
func (r *reader) object(parent map[string]any, name string, at ...any) map[string]any {
	v, ok := parent[name]
	if !ok || isNothing(v) {
		return nil
	}
	o, ok := v.(map[string]any)
	if !ok {
		r.note(name+" is no object", append(slices.Clone(at), name)...)
	}
	return o
}

// list is the strings at a name: an array, or one string with commas.
func (r *reader) list(parent map[string]any, name string, at ...any) []string {
	var words []string
	add := func(s string) {
		if s = strings.TrimSpace(s); s != "" {
			words = append(words, s)
		}
	}
	switch v := parent[name].(type) {
	case nil:
	case string:
		for _, s := range strings.Split(v, ",") {
			add(s)
		}
	case []any:
		if isNothing(v) {
			return nil
		}
		for i, e := range v {
			s, ok := e.(string)
			if !ok {
				r.note(fmt.Sprintf("%s[%d] is no text", name, i), append(slices.Clone(at), name, i)...)
				continue
			}
			add(s)
		}
	default:
		if isNothing(v) {
			return nil
		}
		r.note(name+" is no list", append(slices.Clone(at), name)...)
	}
	return words
}

// words is a list of an enumeration; others than the known ones are set apart.
func (r *reader) words(parent map[string]any, name string, known []string, at ...any) (l wordList) {
	for _, w := range r.list(parent, name, at...) {
		i := slices.Index(known, w)
		if i < 0 {
			l.odd = true
			continue
		}
		l.words = append(l.words, known[i])
	}
	return l
}

func (r *reader) text(parent map[string]any, name string, at ...any) string {
	s, ok := parent[name].(string)
	if !ok && !isNothing(parent[name]) {
		r.note(name+" is no text", append(slices.Clone(at), name)...)
	}
	return s
}

// known notes every property with a value that is none of the names.
func (r *reader) known(object map[string]any, names string, at ...any) {
	all := strings.Fields(names)
	var others []string
	for name, v := range object {
		if !isNothing(v) && !slices.Contains(all, name) && !strings.HasPrefix(name, "@") && !strings.Contains(name, "@odata.") {
			others = append(others, name)
		}
	}
	slices.Sort(others)
	for _, name := range others {
		r.note("the model does not know the property "+name, append(slices.Clone(at), name)...)
	}
}

// isNothing says whether the value is as good as absent: null, or empty all the way down.
func isNothing(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return !slices.ContainsFunc(v, isSomething)
	case map[string]any:
		for _, one := range v {
			if isSomething(one) {
				return false
			}
		}
		return true
	}
	return false
}

// saying are the conditions that are null where nobody has set them, and what they say where somebody has.
var saying = map[string]string{
	"platforms": "includePlatforms excludePlatforms", "locations": "includeLocations excludeLocations", "devices": "deviceFilter",
	"authenticationFlows": "transferMethods", "includeGuestsOrExternalUsers": "guestOrExternalUserTypes", "excludeGuestsOrExternalUsers": "guestOrExternalUserTypes",
}

// empty notes conditions that are there and say nothing: they have lost something, and without it they would match all.
func (r *reader) empty(parent map[string]any, at ...any) {
	for _, name := range sortedKeys(saying) {
		o, ok := parent[name].(map[string]any)
		if ok && !slices.ContainsFunc(strings.Fields(saying[name]), func(property string) bool { return isSomething(o[property]) }) {
			r.note(name+" says nothing", append(slices.Clone(at), name)...)
		}
	}
}

func isSomething(v any) bool { return !isNothing(v) }

// The words of Graph's enumerations; what comes besides is noted, unknownFutureValue too.
// https://learn.microsoft.com/en-us/graph/api/resources/conditionalaccessconditionset
var (
	clientWords   = []string{"all", "browser", "mobileAppsAndDesktopClients", "exchangeActiveSync", "easSupported", "other"}
	platformWords = []string{"all", "android", "iOS", "windows", "windowsPhone", "macOS", "linux"}
	riskWords     = []string{"none", "low", "medium", "high", "hidden"}
	insiderWords  = []string{"none", "minor", "moderate", "elevated"}
	flowWords     = []string{"deviceCodeFlow", "authenticationTransfer"}
)

// readPolicy normalises a policy as Graph gives it.
func readPolicy(raw map[string]any, index int) *Policy {
	r := &reader{base: []any{"conditionalAccess", "policies", index}}
	p := &Policy{Index: index}
	p.ID, p.Name, p.State = r.text(raw, "id"), decoded.Text(raw, "displayName"), r.text(raw, "state")
	r.known(raw, "id displayName description createdDateTime modifiedDateTime deletedDateTime state templateId conditions grantControls sessionControls")

	const c = "conditions"
	conditions := r.object(raw, c)
	r.known(conditions, "applications authenticationFlows clientApplications clientAppTypes devices insiderRiskLevels locations platforms servicePrincipalRiskLevels signInRiskLevels userRiskLevels users", c)
	if l := r.list(conditions, "servicePrincipalRiskLevels", c); len(l) > 0 {
		r.note("servicePrincipalRiskLevels is for applications, not for people", c, "servicePrincipalRiskLevels")
	}

	users := r.object(conditions, "users", c)
	if users == nil {
		p.Inapplicable = "it names no users"
	}
	if apps := r.object(conditions, "clientApplications", c); len(r.list(apps, "includeServicePrincipals", c, "clientApplications")) > 0 {
		p.Inapplicable = "it is for applications, not for people"
	}
	r.known(users, "includeUsers excludeUsers includeGroups excludeGroups includeRoles excludeRoles includeGuestsOrExternalUsers excludeGuestsOrExternalUsers", c, "users")
	p.include = r.users(users, "include", c, "users")
	p.exclude = r.users(users, "exclude", c, "users")

	apps := r.object(conditions, "applications", c)
	r.known(apps, "includeApplications excludeApplications includeUserActions includeAuthenticationContextClassReferences applicationFilter", c, "applications")
	p.apps = appList{
		include:  lowered(r.list(apps, "includeApplications", c, "applications")),
		exclude:  lowered(r.list(apps, "excludeApplications", c, "applications")),
		actions:  lowered(r.list(apps, "includeUserActions", c, "applications")),
		contexts: lowered(r.list(apps, "includeAuthenticationContextClassReferences", c, "applications")),
		filter:   r.filter(apps, "applicationFilter", c, "applications"),
	}

	p.clients = r.words(conditions, "clientAppTypes", clientWords, c)
	if o := r.object(conditions, "platforms", c); o != nil {
		r.known(o, "includePlatforms excludePlatforms", c, "platforms")
		p.platforms = condition(r.words(o, "includePlatforms", platformWords, c, "platforms"), r.words(o, "excludePlatforms", platformWords, c, "platforms"))
	}
	if o := r.object(conditions, "locations", c); o != nil {
		r.known(o, "includeLocations excludeLocations", c, "locations")
		p.locations = condition(
			wordList{words: lowered(r.list(o, "includeLocations", c, "locations"))},
			wordList{words: lowered(r.list(o, "excludeLocations", c, "locations"))},
		)
	}
	if o := r.object(conditions, "devices", c); o != nil {
		r.known(o, "deviceFilter", c, "devices")
		if p.deviceFilter = r.filter(o, "deviceFilter", c, "devices"); p.deviceFilter != nil {
			if rule, err := device.Parse(p.deviceFilter.rule); err == nil {
				p.deviceFilter.device = rule
			}
		}
	}
	p.signInRisk = r.words(conditions, "signInRiskLevels", riskWords, c)
	p.userRisk = r.words(conditions, "userRiskLevels", riskWords, c)
	p.insiderRisk = r.words(conditions, "insiderRiskLevels", insiderWords, c)
	flows := r.object(conditions, "authenticationFlows", c)
	r.known(flows, "transferMethods", c, "authenticationFlows")
	for _, w := range r.list(flows, "transferMethods", c, "authenticationFlows") {
		if w == "none" {
			continue
		}
		if i := slices.Index(flowWords, w); i >= 0 {
			p.flows.words = append(p.flows.words, flowWords[i])
		} else {
			p.flows.odd = true
		}
	}
	r.empty(conditions, c)
	r.empty(users, c, "users")
	p.grant = r.grant(r.object(raw, "grantControls"))
	p.session = readSession(r.object(raw, "sessionControls"))
	p.Odd = r.odd
	return p
}

// condition is nil where neither list says anything.
func condition(include, exclude wordList) *wordPair {
	if include.empty() && exclude.empty() {
		return nil
	}
	return &wordPair{include, exclude}
}

func (r *reader) users(o map[string]any, side string, at ...any) (l userList) {
	for _, u := range r.list(o, side+"Users", at...) {
		switch strings.ToLower(u) {
		case "all":
			l.all = true
		case "guestsorexternalusers":
			l.guests = true
		case "none":
		default:
			l.users = append(l.users, strings.ToLower(u))
		}
	}
	l.groups = lowered(r.list(o, side+"Groups", at...))
	l.roles = lowered(r.list(o, side+"Roles", at...))
	name := side + "GuestsOrExternalUsers"
	e := r.object(o, name, at...)
	if e == nil {
		return l
	}
	at = append(slices.Clone(at), name)
	kinds := r.words(e, "guestOrExternalUserTypes", append([]string{"none"}, GuestKinds...), at...)
	l.external = &externals{kinds: kinds.words, odd: kinds.odd}
	switch t := e["externalTenants"].(type) {
	case map[string]any:
		switch t["membershipKind"] {
		case nil, "all":
		case "enumerated":
			l.external.enumerated = true
			l.external.tenants = lowered(r.list(t, "members", append(slices.Clone(at), "externalTenants")...))
		default:
			l.external.oddTenants = true
		}
	default:
		l.external.oddTenants = !isNothing(t)
	}
	return l
}

func (r *reader) filter(o map[string]any, name string, at ...any) *filter {
	f := r.object(o, name, at...)
	if f == nil {
		return nil
	}
	at = append(slices.Clone(at), name)
	r.known(f, "mode rule", at...)
	out := &filter{rule: r.text(f, "rule", at...)}
	switch mode := r.text(f, "mode", at...); mode {
	case "include":
	case "exclude":
		out.exclude = true
	default:
		r.note(fmt.Sprintf("the filter has the mode %q", mode), append(slices.Clone(at), "mode")...)
		return nil
	}
	return out
}

func lowered(list []string) []string {
	for i, s := range list {
		list[i] = strings.ToLower(s)
	}
	return list
}
