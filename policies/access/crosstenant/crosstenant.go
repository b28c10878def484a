// Package crosstenant works out what a tenant's cross-tenant access settings come to for each partner: what a partner
// does not set itself, it inherits from the tenant's default, and what that does not say, Microsoft decides.
//
// https://learn.microsoft.com/en-us/graph/api/resources/crosstenantaccesspolicyconfigurationpartner
package crosstenant

import (
	"maps"
	"slices"
	"strings"

	"github.com/guestward/guestward/policies/access/truth"
)

// Source says where an effective value comes from.
type Source string

// The sources.
const (
	Own            Source = "own"             // the partner's own configuration; of the default, the tenant's
	Inherited      Source = "inherited"       // the tenant's default
	ServiceDefault Source = "service_default" // Microsoft's, which the tenant did not change
	Unknown        Source = "unknown"         // the snapshot does not tell, or tells nothing that is a setting
)

// Value is an effective value, where it comes from, and where in the snapshot that stands. A value that is nowhere in the
// snapshot has the path of the partner or of the default.
type Value struct {
	Value  any    `json:"value"`
	Source Source `json:"source"`
	Path   []any  `json:"path"`
}

// Trust is what this tenant believes of a sign-in elsewhere.
type Trust struct {
	MFA       truth.Truth `json:"mfa"`
	Compliant truth.Truth `json:"compliant"`
	Hybrid    truth.Truth `json:"hybrid"`
}

// Effective is what holds for one tenant.
type Effective struct {
	TenantID string // "" for any tenant that is not listed
	Name     string
	Listed   bool // has a configuration of its own
	Trust    Trust
	// IsServiceProvider and InMultiTenantOrganization are true only where the partner's configuration says so.
	IsServiceProvider         bool
	InMultiTenantOrganization bool

	values map[string]Value
}

// leaf is a setting that is inherited by itself.
type leaf struct {
	path []string
	// service is what Microsoft decides where the tenant's default is silent; nil where no documentation says.
	service any
	kind    func(any) bool
	// single: only partners have it, there is nothing to inherit.
	single bool
}

func (l leaf) name() string { return strings.Join(l.path, ".") }

// leaves are the settings, with Microsoft's defaults.
// https://learn.microsoft.com/en-us/graph/api/crosstenantaccesspolicyconfigurationdefault-get
// https://learn.microsoft.com/en-us/entra/external-id/cross-tenant-access-overview#default-settings
var leaves = []leaf{
	{path: []string{"b2bCollaborationInbound", "usersAndGroups"}, service: everybody("allowed"), kind: isObject},
	{path: []string{"b2bCollaborationInbound", "applications"}, service: everything("allowed"), kind: isObject},
	{path: []string{"b2bCollaborationOutbound", "usersAndGroups"}, service: everybody("allowed"), kind: isObject},
	{path: []string{"b2bCollaborationOutbound", "applications"}, service: everything("allowed"), kind: isObject},
	{path: []string{"b2bDirectConnectInbound", "usersAndGroups"}, service: everybody("blocked"), kind: isObject},
	{path: []string{"b2bDirectConnectInbound", "applications"}, service: everything("blocked"), kind: isObject},
	{path: []string{"b2bDirectConnectOutbound", "usersAndGroups"}, service: everybody("blocked"), kind: isObject},
	{path: []string{"b2bDirectConnectOutbound", "applications"}, service: everything("blocked"), kind: isObject},
	{path: []string{"inboundTrust", "isMfaAccepted"}, service: false, kind: isBool},
	{path: []string{"inboundTrust", "isCompliantDeviceAccepted"}, service: false, kind: isBool},
	{path: []string{"inboundTrust", "isHybridAzureADJoinedDeviceAccepted"}, service: false, kind: isBool},
	{path: []string{"automaticUserConsentSettings", "inboundAllowed"}, service: false, kind: isBool},
	{path: []string{"automaticUserConsentSettings", "outboundAllowed"}, service: false, kind: isBool},
	{path: []string{"tenantRestrictions", "usersAndGroups"}, kind: isObject},
	{path: []string{"tenantRestrictions", "applications"}, kind: isObject},
	{path: []string{"tenantRestrictions", "devices"}, kind: isObject},
	{path: []string{"identitySynchronization", "userSyncInbound", "isSyncAllowed"}, service: false, kind: isBool, single: true},
}

func isBool(v any) bool   { _, ok := v.(bool); return ok }
func isObject(v any) bool { _, ok := v.(map[string]any); return ok }

func everybody(access string) map[string]any  { return all(access, "AllUsers", "user") }
func everything(access string) map[string]any { return all(access, "AllApplications", "application") }

func all(access, target, kind string) map[string]any {
	return map[string]any{"accessType": access, "targets": []any{map[string]any{"target": target, "targetType": kind}}}
}

// Access is the cross-tenant access of a tenant.
type Access struct {
	standard map[string]any // the default's configuration; nil when the snapshot does not hold it
	partners map[string]any // by id in lower case
	index    map[string]int
	complete bool // the snapshot holds the partners
	names    map[string]string
	domains  map[string]string // "" where the domain has no tenant
}

// Read takes the section crossTenantAccess of a snapshot as it is, whatever it lacks.
func Read(section map[string]any) *Access {
	a := &Access{partners: map[string]any{}, index: map[string]int{}, names: map[string]string{}, domains: map[string]string{}}
	a.standard, _ = section["default"].(map[string]any)
	list, ok := section["partners"].([]any)
	a.complete = ok
	for i, p := range list {
		id := text(p, "tenantId")
		if id == "" {
			a.complete = false // a partner that cannot be told: it could be any
			continue
		}
		if _, twice := a.partners[id]; !twice {
			a.partners[id], a.index[id] = p, i
		}
	}
	// The least trustworthy first: what comes later overwrites.
	for _, key := range []string{"domainTenants", "multiTenantOrganizationTenants", "partnerNames"} {
		more, _ := section[key].([]any)
		for _, t := range more {
			id := text(t, "tenantId")
			if name, _ := get(t, "displayName"); id != "" && isText(name) {
				a.names[id] = name.(string)
			}
			if domain := text(t, "defaultDomainName"); id != "" && domain != "" {
				a.domains[domain] = id
			}
		}
	}
	asked, _ := section["domainTenants"].([]any)
	for _, t := range asked {
		id, there := get(t, "tenantId")
		if domain := text(t, "domainName"); domain != "" && (isText(id) || !there || id == nil) {
			a.domains[domain] = text(t, "tenantId")
		}
	}
	return a
}

func isText(v any) bool { s, ok := v.(string); return ok && s != "" }

// text is a string of an object, in lower case.
func text(v any, key string) string {
	x, _ := get(v, key)
	s, _ := x.(string)
	return strings.ToLower(s)
}

func get(v any, key string) (any, bool) {
	o, _ := v.(map[string]any)
	x, ok := o[key]
	return x, ok
}

// Partners lists the tenants with a configuration of their own: their ids in lower case, sorted.
func (a *Access) Partners() []string { return slices.Sorted(maps.Keys(a.partners)) }

// Tenant is the tenant that a domain belongs to, as far as the snapshot knows. A domain that is known and has no id has
// no tenant in this cloud.
func (a *Access) Tenant(domain string) (id string, known bool) {
	id, known = a.domains[strings.ToLower(domain)]
	return id, known
}

// Domains lists the domains that Tenant knows: in lower case, sorted.
func (a *Access) Domains() []string { return slices.Sorted(maps.Keys(a.domains)) }

// For is what holds for a tenant: "" is any that is not listed.
func (a *Access) For(tenantID string) *Effective {
	id := strings.ToLower(tenantID)
	partner, listed := a.partners[id]
	e := &Effective{TenantID: id, Name: a.names[id], Listed: listed, values: map[string]Value{}}
	e.IsServiceProvider = flag(partner, "isServiceProvider")
	e.InMultiTenantOrganization = flag(partner, "isInMultiTenantOrganization")
	for _, l := range leaves {
		switch {
		case listed:
			e.values[l.name()] = a.ofPartner(l, partner, a.index[id])
		case id != "" && !a.complete:
			e.values[l.name()] = Value{Source: Unknown, Path: []any{"crossTenantAccess", "partners"}}
		default:
			e.values[l.name()] = a.ofDefault(l, Own)
		}
	}
	e.Trust = Trust{e.is("inboundTrust.isMfaAccepted"), e.is("inboundTrust.isCompliantDeviceAccepted"), e.is("inboundTrust.isHybridAzureADJoinedDeviceAccepted")}
	return e
}

func flag(v any, key string) bool {
	x, _ := get(v, key)
	b, _ := x.(bool)
	return b
}

func (a *Access) ofPartner(l leaf, partner any, index int) Value {
	base := []any{"crossTenantAccess", "partners", index}
	v, path, silent := walk(partner, l.path, base)
	if silent {
		if _, there := get(partner, l.path[0]); l.single && !there {
			return Value{Source: Unknown, Path: base} // it has to be asked for by itself
		}
		if l.single {
			return Value{Value: l.service, Source: ServiceDefault, Path: path}
		}
		return a.ofDefault(l, Inherited)
	}
	if !l.kind(v) {
		return Value{Source: Unknown, Path: path}
	}
	return Value{Value: v, Source: Own, Path: path}
}

// ofDefault is what the tenant's default says of a setting.
func (a *Access) ofDefault(l leaf, source Source) Value {
	base := []any{"crossTenantAccess", "default"}
	if l.single {
		return Value{Value: l.service, Source: ServiceDefault, Path: base[:1]} // a tenant that is not listed has none
	}
	if a.standard == nil {
		return Value{Source: Unknown, Path: base}
	}
	v, path, silent := walk(a.standard, l.path, base)
	switch {
	case silent && l.service == nil:
		return Value{Source: Unknown, Path: base}
	case silent:
		return Value{Value: l.service, Source: ServiceDefault, Path: base}
	case !l.kind(v):
		return Value{Source: Unknown, Path: path}
	case flag(a.standard, "isServiceDefault"):
		source = ServiceDefault
	}
	return Value{Value: v, Source: source, Path: path}
}

// walk follows a path; silent means that something on it is null or absent. The path that it returns ends there.
func walk(v any, steps []string, base []any) (end any, path []any, silent bool) {
	path = slices.Clone(base)
	for _, s := range steps {
		o, ok := v.(map[string]any)
		if !ok {
			return nil, path, false // neither null nor an object: garbage, and no kind accepts nil
		}
		x, there := o[s]
		if there {
			path = append(path, s)
		}
		if x == nil {
			return nil, path, true
		}
		v = x
	}
	return v, path, false
}

// Value is a setting by its dotted name, such as inboundTrust.isMfaAccepted.
func (e *Effective) Value(name string) Value { return e.values[name] }

func (e *Effective) is(name string) truth.Truth {
	b, ok := e.values[name].Value.(bool)
	if !ok {
		return truth.Maybe
	}
	return truth.Of(b)
}

// CollaborationInbound says whether anybody of the tenant can be a guest here: no means that all are blocked.
func (e *Effective) CollaborationInbound() truth.Truth { return e.open("b2bCollaborationInbound") }

// DirectConnectInbound says whether anybody of the tenant can come through B2B direct connect.
func (e *Effective) DirectConnectInbound() truth.Truth { return e.open("b2bDirectConnectInbound") }

// AutomaticRedemptionInbound says whether invitations of the tenant's people are accepted for them.
func (e *Effective) AutomaticRedemptionInbound() truth.Truth {
	return e.is("automaticUserConsentSettings.inboundAllowed")
}

// SyncInbound says whether the tenant may synchronize its users into this one.
func (e *Effective) SyncInbound() truth.Truth {
	return e.is("identitySynchronization.userSyncInbound.isSyncAllowed")
}

// Open says of a setting whether it lets anything through: of one with users and applications, such as
// b2bCollaborationOutbound, whether both halves do; of any other, by its dotted name, whether it is true.
func (e *Effective) Open(setting string) truth.Truth {
	if _, ok := e.values[setting]; ok {
		return e.is(setting)
	}
	return e.open(setting)
}

func (e *Effective) open(setting string) truth.Truth {
	return truth.And(
		lets(e.values[setting+".usersAndGroups"].Value, "allusers"),
		lets(e.values[setting+".applications"].Value, "allapplications"),
	)
}

// lets says whether a target configuration lets anything pass. Those that are not among the targets get the opposite of
// accessType. An empty list cannot be set, so that nothing follows from one.
func lets(v any, everything string) truth.Truth {
	list, _ := get(v, "targets")
	targets, _ := list.([]any)
	if len(targets) == 0 {
		return truth.Maybe
	}
	whole := slices.ContainsFunc(targets, func(t any) bool { return text(t, "target") == everything })
	known := !slices.ContainsFunc(targets, func(t any) bool { return text(t, "target") == "" })
	switch text(v, "accessType") {
	case "allowed":
		if known || whole {
			return truth.Yes
		}
	case "blocked":
		if whole {
			return truth.No
		}
		if known {
			return truth.Yes
		}
	}
	return truth.Maybe
}

// View is the matrix as JSON has it: any other organisation first, then the partners by id.
func (a *Access) View() []map[string]any {
	other := a.For("").View()
	other["tenantId"], other["name"] = "default", "any other organisation"
	out := []map[string]any{other}
	for _, id := range a.Partners() {
		out = append(out, a.For(id).View())
	}
	return out
}

// View is the tenant's row of the matrix.
func (e *Effective) View() map[string]any {
	out := map[string]any{
		"tenantId":                    e.TenantID,
		"name":                        e.Name,
		"listed":                      e.Listed,
		"isServiceProvider":           e.IsServiceProvider,
		"isInMultiTenantOrganization": e.InMultiTenantOrganization,
		"collaborationInbound":        e.CollaborationInbound().String(),
		"directConnectInbound":        e.DirectConnectInbound().String(),
	}
	for _, l := range leaves {
		at := out
		for _, step := range l.path[:len(l.path)-1] {
			next, ok := at[step].(map[string]any)
			if !ok {
				next = map[string]any{}
				at[step] = next
			}
			at = next
		}
		at[l.path[len(l.path)-1]] = e.values[l.name()]
	}
	return out
}

// Names are the dotted names of the settings, in the order of the portal.
func Names() []string {
	var names []string
	for _, l := range leaves {
		names = append(names, l.name())
	}
	return names
}
