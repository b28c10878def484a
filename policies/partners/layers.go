package partners

import (
	"slices"

	"github.com/guestward/guestward/policies/access/crosstenant"
	"github.com/guestward/guestward/policies/access/truth"
	"github.com/guestward/guestward/policies/decoded"
)

// Layer is one way in, or out, that organisations are let through by name.
type Layer struct {
	Name  string `json:"name"`
	Allow string `json:"allow"` // what the register has to allow for it
	Title string `json:"title"`
	Says  string `json:"says"` // what is so of an organisation for which it is open

	settings []string // of cross-tenant access; else it has a list
}

// The layers of which each organisation has one cell.
const (
	Invitations    = "invitations"
	GuestsInbound  = "guests_inbound"
	SyncOutbound   = "sync_outbound"
	SharePoint     = "sharepoint"
	Teams          = "teams_federation"
	Calendars      = "calendars"
	AccessPackages = "access_packages"
)

// Layers are all of them, in the order of the table.
var Layers = []Layer{
	{Name: Invitations, Allow: "guests", Title: "invitations", Says: "may be invited"},
	{Name: GuestsInbound, Allow: "guests", Title: "guests in", Says: "may come in as guests", settings: []string{"b2bCollaborationInbound"}},
	{Name: "guests_outbound", Allow: "outbound", Title: "guests out", Says: "may have your people as guests", settings: []string{"b2bCollaborationOutbound"}},
	{Name: "direct_connect_inbound", Allow: "direct_connect", Title: "direct connect in", Says: "may come in through direct connect", settings: []string{"b2bDirectConnectInbound"}},
	{Name: "direct_connect_outbound", Allow: "direct_connect", Title: "direct connect out", Says: "is open to your people through direct connect", settings: []string{"b2bDirectConnectOutbound"}},
	{Name: "mfa_trust", Allow: "mfa_trust", Title: "MFA trusted", Says: "is believed about MFA", settings: []string{"inboundTrust.isMfaAccepted"}},
	{Name: "device_trust", Allow: "device_trust", Title: "devices trusted", Says: "is believed about devices", settings: []string{"inboundTrust.isCompliantDeviceAccepted", "inboundTrust.isHybridAzureADJoinedDeviceAccepted"}},
	{Name: "redemption_inbound", Allow: "automatic_redemption", Title: "auto-accept in", Says: "has its invitations here accepted automatically", settings: []string{"automaticUserConsentSettings.inboundAllowed"}},
	{Name: "redemption_outbound", Allow: "automatic_redemption", Title: "auto-accept out", Says: "has its invitations of your people accepted automatically", settings: []string{"automaticUserConsentSettings.outboundAllowed"}},
	{Name: "sync_inbound", Allow: "sync", Title: "sync in", Says: "may synchronize its people into this tenant", settings: []string{"identitySynchronization.userSyncInbound.isSyncAllowed"}},
	{Name: SyncOutbound, Allow: "sync", Title: "sync out", Says: "has your people synchronized into it"},
	{Name: "foreign_accounts", Allow: "foreign_accounts", Title: "its accounts here", Says: "may have its accounts used on your devices", settings: []string{"tenantRestrictions"}},
	{Name: SharePoint, Allow: "sharepoint", Title: "SharePoint", Says: "may be shared with in SharePoint"},
	{Name: Teams, Allow: "teams_federation", Title: "Teams chat", Says: "may talk to your people in Teams"},
	{Name: Calendars, Allow: "calendars", Title: "calendars", Says: "may be shown calendars and contacts"},
	{Name: AccessPackages, Allow: "access_packages", Title: "access packages", Says: "may ask for access packages"},
}

// fill decides every layer of a row, and says what of its own settings cannot be read.
func (j *joiner) fill(row *Row, lists map[string]domainList) (unread []Unread) {
	for _, l := range Layers {
		switch {
		case l.Name == SyncOutbound:
			row.Layers[l.Name] = j.syncOutbound(row)
		case l.settings != nil:
			cell, places := j.crossTenant(row, l)
			row.Layers[l.Name] = cell
			for _, path := range places {
				unread = append(unread, Unread{Layer: l.Name, Path: path, Why: "cannot be read, or was not"})
			}
		default:
			row.Layers[l.Name] = lists[l.Name].of(row, l.Name)
		}
	}
	if row.Entry != nil {
		for _, what := range row.Entry.Allow {
			if row.closedFor(what) {
				row.Closed = append(row.Closed, what)
			}
		}
	}
	return unread
}

// closedFor says whether the row certainly lacks what the register allows. A guest has to be invited and let in; of other
// things with two directions one is enough.
func (r *Row) closedFor(what string) bool {
	var states []State
	for _, l := range Layers {
		if l.Allow == what {
			states = append(states, r.Layers[l.Name].State)
		}
	}
	if what == "guests" {
		return slices.Contains(states, Closed)
	}
	return len(states) > 0 && !slices.ContainsFunc(states, func(s State) bool { return s != Closed })
}

// crossTenant is a layer of cross-tenant access, and the places of the partner's own settings that cannot be read.
func (j *joiner) crossTenant(row *Row, l Layer) (cell Cell, unread [][]any) {
	if row.TenantID == "" {
		return Cell{State: j.withoutTenant(row), Default: true}, nil
	}
	open := truth.No
	cell.Default = true
	for _, tenant := range row.tenants() {
		e := j.Access.For(tenant)
		for _, setting := range l.settings {
			one := e.Open(setting)
			open = truth.Or(open, one)
			path, own := ownSetting(e, setting)
			if !own {
				continue
			}
			cell.Default = false
			switch one {
			case truth.Yes:
				cell.Places = append(cell.Places, Place{Path: path, Tenant: row.other(tenant)})
			case truth.Maybe:
				unread = append(unread, path)
			}
		}
	}
	cell.State = map[truth.Truth]State{truth.Yes: Open, truth.No: Closed, truth.Maybe: Unknown}[open]
	return cell, unread
}

// ownSetting is where the partner's own setting stands, if it has one.
func ownSetting(e *crosstenant.Effective, setting string) ([]any, bool) {
	for _, name := range []string{setting, setting + ".usersAndGroups", setting + ".applications"} {
		v := e.Value(name)
		if len(v.Path) < 3 || v.Path[1] != "partners" {
			continue
		}
		switch {
		case name != setting:
			return v.Path[:min(4, len(v.Path))], true // the setting that holds both halves
		case v.Source == crosstenant.Own || v.Source == crosstenant.Unknown:
			return v.Path, true
		}
	}
	return nil, false
}

// withoutTenant is what cross-tenant access comes to for an organisation of which no tenant is known: nothing, if Graph
// found none for any of its domains.
func (j *joiner) withoutTenant(row *Row) State {
	for d := range row.domains {
		if id, known := j.Access.Tenant(d); !known || id != "" {
			return Unknown
		}
	}
	if len(row.domains) == 0 {
		return Unknown
	}
	return None
}

// syncOutbound: the tenant that a job of ours writes into is kept with its secrets, which nobody reads.
func (j *joiner) syncOutbound(row *Row) Cell {
	jobs, read := decoded.At(j.Sections, "crossTenantSync", "jobs").([]any)
	switch {
	case row.TenantID == "" && j.withoutTenant(row) == None:
		return Cell{State: None, Default: true}
	case read && len(jobs) == 0:
		return Cell{State: Closed, Default: true}
	}
	return Cell{State: Unknown, Default: true}
}
