// Package crosstenant says what cross-tenant access comes to: a partner's own setting, else the default for everybody,
// else what the service does when nobody has set anything.
package crosstenant

import (
	"slices"
	"strings"

	"github.com/guestward/guestward/policies/access/truth"
)

// Where a value comes from.
const (
	Own            = "own"             // the partner's own setting
	Inherited      = "inherited"       // the tenant's default for every organisation
	ServiceDefault = "service default" // Microsoft's, as the default says nothing
	NotKnown       = "unknown"         // not in the snapshot
)

// Access is the cross-tenant access settings of a tenant.
type Access struct {
	def      map[string]any // nil when it is not in the snapshot
	partners map[string]partner
	listed   bool // whether the snapshot has the list of partners
	names    map[string]string
	domains  map[string]string // domain to tenant id, "" for none
}

type partner struct {
	index int
	raw   map[string]any
}

// Setting is one setting in effect. Value is as Graph writes it, nil when nothing is set.
type Setting struct {
	Value  any    `json:"value"`
	Source string `json:"source"`
	Path   []any  `json:"path"` // of the setting, or of what stands for it, in the snapshot
}

// Trust is what is believed of what the partner's tenant claims.
type Trust struct{ MFA, Compliant, Hybrid truth.Truth }

// Effective is what is in force for one organisation.
type Effective struct {
	TenantID          string // "" for any organisation that is not listed
	Name              string
	Listed            bool
	IsServiceProvider bool
	Trust             Trust
	Settings          map[string]Setting // by Names
}

// Names are the settings of the matrix, in the order of the portal.
var Names = []string{
	"b2bCollaborationInbound", "b2bCollaborationOutbound", "b2bDirectConnectInbound", "b2bDirectConnectOutbound",
	"inboundTrust", "automaticUserConsentSettings", "tenantRestrictions", "identitySynchronization",
}

// serviceDefaults say whether the service lets people through while nobody has set anything.
// https://learn.microsoft.com/en-us/graph/api/resources/crosstenantaccesspolicyconfigurationdefault
var serviceDefaults = map[string]bool{
	"b2bCollaborationInbound": true, "b2bCollaborationOutbound": true,
	"b2bDirectConnectInbound": false, "b2bDirectConnectOutbound": false,
}

// Read reads the snapshot's crossTenantAccess; what is missing or has a wrong type is as if it were not there.
func Read(section map[string]any) *Access {
	a := &Access{partners: map[string]partner{}, names: map[string]string{}, domains: map[string]string{}}
	a.def, _ = section["default"].(map[string]any)
	list, listed := section["partners"].([]any)
	a.listed = listed
	for i, one := range list {
		raw, _ := one.(map[string]any)
		if id := strings.ToLower(text(raw, "tenantId")); id != "" {
			a.partners[id] = partner{i, raw}
		}
	}
	for _, one := range array(section, "partnerNames") {
		id := strings.ToLower(text(one, "tenantId"))
		a.names[id] = text(one, "displayName")
		if domain := strings.ToLower(text(one, "defaultDomainName")); domain != "" {
			a.domains[domain] = id
		}
	}
	for _, one := range array(section, "domainTenants") {
		domain := strings.ToLower(text(one, "domainName"))
		if id := strings.ToLower(text(one, "tenantId")); domain != "" && (id != "" || a.domains[domain] == "") {
			a.domains[domain] = id
		}
	}
	return a
}

// Partners lists the ids of the organisations that have settings of their own, sorted, in lower case.
func (a *Access) Partners() []string {
	ids := make([]string, 0, len(a.partners))
	for id := range a.partners {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// Tenant is the tenant that a domain belongs to; none says that Graph knows of none. Both are empty when nobody asked.
func (a *Access) Tenant(domain string) (id string, none bool) {
	id, known := a.domains[strings.ToLower(domain)]
	return id, known && id == ""
}

// For is what is in force for a tenant; "" means any that is not listed.
func (a *Access) For(tenant string) *Effective {
	tenant = strings.ToLower(tenant)
	p, listed := a.partners[tenant]
	e := &Effective{TenantID: tenant, Name: a.names[tenant], Listed: listed, Settings: map[string]Setting{}}
	e.IsServiceProvider, _ = p.raw["isServiceProvider"].(bool)
	for _, name := range Names {
		e.Settings[name] = a.setting(p, listed, name)
	}
	e.Trust = Trust{e.accepts("isMfaAccepted"), e.accepts("isCompliantDeviceAccepted"), e.accepts("isHybridAzureADJoinedDeviceAccepted")}
	return e
}

func (a *Access) setting(p partner, listed bool, name string) Setting {
	own := []any{"crossTenantAccess", "partners", p.index, name}
	if v := p.raw[name]; listed && v != nil {
		return Setting{v, Own, own}
	}
	if name == "identitySynchronization" { // there is no default: what a partner lacks is not allowed
		if listed {
			return Setting{nil, ServiceDefault, own[:3]}
		}
		return Setting{nil, ServiceDefault, []any{"crossTenantAccess", "partners"}}
	}
	path := []any{"crossTenantAccess", "default", name}
	switch v := a.def[name]; {
	case a.def == nil || !a.listed:
		return Setting{nil, NotKnown, path[:1]} // an unlisted partner may have settings of its own
	case v != nil:
		return Setting{v, Inherited, path}
	}
	return Setting{nil, ServiceDefault, path[:2]}
}

// accepts says whether a claim is trusted.
func (e *Effective) accepts(claim string) truth.Truth {
	s := e.Settings["inboundTrust"]
	if s.Source == NotKnown {
		return truth.Maybe
	}
	o, _ := s.Value.(map[string]any)
	switch v := o[claim].(type) {
	case bool:
		return truth.Of(v)
	case nil:
		return truth.No
	}
	return truth.Maybe
}

// CollaborationInbound says whether anybody of the organisation can become a guest here.
func (e *Effective) CollaborationInbound() truth.Truth { return e.Open("b2bCollaborationInbound") }

// DirectConnectInbound says whether anybody of the organisation can use shared channels here.
func (e *Effective) DirectConnectInbound() truth.Truth { return e.Open("b2bDirectConnectInbound") }

// Open says whether the setting lets anybody reach anything: no only if all users, or all applications, are blocked.
func (e *Effective) Open(name string) truth.Truth {
	s := e.Settings[name]
	switch s.Source {
	case NotKnown:
		return truth.Maybe
	case ServiceDefault:
		return truth.Of(serviceDefaults[name])
	}
	return truth.And(side(s.Value, "usersAndGroups"), side(s.Value, "applications"))
}

// side says whether one half of a setting lets anybody, or anything, through.
func side(setting any, name string) truth.Truth {
	o, _ := setting.(map[string]any)
	half, _ := o[name].(map[string]any)
	var targets []string
	for _, t := range array(half, "targets") {
		targets = append(targets, text(t, "target"))
	}
	all := len(targets) == 0 || slices.Contains(targets, "AllUsers") || slices.Contains(targets, "AllApplications")
	switch strings.ToLower(text(half, "accessType")) {
	case "allowed":
		return truth.Yes
	case "blocked": // of a list, everybody else is let through
		return truth.Of(!all)
	}
	return truth.Maybe
}

// view is one organisation in the answer of the builtin.
type view struct {
	TenantID string             `json:"tenantId"`
	Name     string             `json:"name"`
	Trust    map[string]string  `json:"trust"`
	Open     map[string]string  `json:"open"`
	Settings map[string]Setting `json:"settings"`
	Flags    map[string]any     `json:"flags"`
}

// View is what is in force for every organisation: for those that are not listed first, then by id.
func (a *Access) View() any {
	out := []view{}
	for _, id := range append([]string{""}, a.Partners()...) {
		e := a.For(id)
		v := view{TenantID: id, Name: e.Name, Settings: e.Settings, Open: map[string]string{}, Flags: map[string]any{"listed": e.Listed, "isServiceProvider": e.IsServiceProvider},
			Trust: map[string]string{"mfa": e.Trust.MFA.String(), "compliant": e.Trust.Compliant.String(), "hybrid": e.Trust.Hybrid.String()}}
		if id == "" {
			v.TenantID, v.Name = "default", "any other organisation"
		}
		for name := range serviceDefaults {
			v.Open[name] = e.Open(name).String()
		}
		out = append(out, v)
	}
	return out
}

func text(o map[string]any, name string) string {
	s, _ := o[name].(string)
	return s
}

// array is the objects of an array; nil stands for an element that is none.
func array(o map[string]any, name string) []map[string]any {
	list, _ := o[name].([]any)
	out := make([]map[string]any, len(list))
	for i, e := range list {
		out[i], _ = e.(map[string]any)
	}
	return out
}
