// Package partners joins the register of partners with what a tenant lets in by name, layer by layer: invitations,
// cross-tenant access, synchronization, SharePoint, Teams, Exchange, entitlement management. One organisation is one row,
// whether a layer knows it by its tenant or by a domain. What the snapshot does not tell is unknown, never closed.
package partners

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/guestward/guestward/policies/access/crosstenant"
	"github.com/guestward/guestward/policies/decoded"
)

// Entry is an organisation in the register, as the settings have it.
type Entry struct {
	TenantID string   `json:"tenant_id,omitempty"`
	Domains  []string `json:"domains,omitempty"`
	Name     string   `json:"name,omitempty"`
	Owner    string   `json:"owner,omitempty"`
	Relation string   `json:"relation,omitempty"`
	Purpose  string   `json:"purpose,omitempty"`
	ReviewBy string   `json:"review_by,omitempty"`
	Allow    []string `json:"allow,omitempty"`
}

// State is how a layer stands to an organisation.
type State string

// The states.
const (
	Open    State = "open"
	Closed  State = "closed"
	Unknown State = "unknown"
	None    State = "none" // the layer is for organisations with a tenant in this cloud, and this one has none
)

// Place is where the snapshot names an organisation, and the domain by which it does; "" where it is the tenant's id.
type Place struct {
	Path   []any  `json:"path"`
	Domain string `json:"domain,omitempty"`
	Tenant string `json:"tenant,omitempty"` // where it is not the row's tenant, but one of the others
}

// Cell is one layer of one organisation.
type Cell struct {
	State State `json:"state"`
	// Default says that nothing names the organisation here: what holds is what holds for any other.
	Default bool    `json:"default"`
	Places  []Place `json:"places,omitempty"`
}

// Row is one organisation.
type Row struct {
	ID       string          `json:"id"` // the tenant's id, else a domain
	Name     string          `json:"name,omitempty"`
	TenantID string          `json:"tenant_id,omitempty"`
	Others   []string        `json:"other_tenants,omitempty"` // of an entry whose domains have several
	Domains  []string        `json:"domains"`
	Entry    *Entry          `json:"entry,omitempty"` // nil where the register does not have it
	Overdue  bool            `json:"overdue"`
	Layers   map[string]Cell `json:"layers"`
	// Guests is how many external users come from it; nil where the snapshot does not hold them.
	Guests *int `json:"guests"`
	// Closed is what the register allows and the tenant does not.
	Closed []string `json:"allowed_but_closed"`

	domains map[string]bool
	named   map[string][]Place
}

// Unread is a place that could name organisations and cannot be read.
type Unread struct {
	Layer string `json:"layer"`
	Says  string `json:"says"` // the layer's title
	Path  []any  `json:"path"`
	Why   string `json:"why"`
}

// Facts is what the join reads.
type Facts struct {
	Sections map[string]any
	Access   *crosstenant.Access
	Register []Entry
	// Unassigned are the identities of Teams policies that nobody holds.
	Unassigned []string
	// Today is the day of the snapshot, YYYY-MM-DD.
	Today string
	// Guests is how many external users come from each domain; "" is those who do not tell. Nil: not known.
	Guests map[string]int
}

// Matrix is who is open where.
type Matrix struct {
	Layers []Layer  `json:"layers"`
	Rows   []*Row   `json:"organisations"`
	Unread []Unread `json:"not_read"`
	// Homeless is how many external users do not tell where they come from; nil where the snapshot does not hold them.
	Homeless *int `json:"guests_of_unknown_origin"`
}

// joiner finds the row of a tenant or domain.
type joiner struct {
	Facts
	rows      map[string]*Row // by id of tenant, or by domain
	entries   []*Row
	byTenant  map[string]*Row
	byDomain  map[string]*Row
	ownTenant string
	ownDomain map[string]bool
}

// Join makes the matrix.
func Join(f Facts) *Matrix {
	j := &joiner{Facts: f, rows: map[string]*Row{}, byTenant: map[string]*Row{}, byDomain: map[string]*Row{}, ownDomain: map[string]bool{}}
	j.ownTenant = strings.ToLower(decoded.Text(f.Sections, "tenant", "organization", "id"))
	for _, d := range decoded.List(f.Sections, "tenant", "organization", "verifiedDomains") {
		j.ownDomain[strings.ToLower(decoded.Text(d, "name"))] = true
	}
	j.readRegister()
	m := &Matrix{Layers: Layers, Rows: []*Row{}, Unread: []Unread{}}
	lists, unread := j.readLists()
	m.Unread = append(m.Unread, unread...)
	for _, id := range f.Access.Partners() {
		j.ofTenant(id)
	}
	for _, layer := range slices.Sorted(maps.Keys(lists)) {
		for _, p := range lists[layer].named {
			row := j.ofTenant(p.tenant)
			if p.tenant == "" {
				row = j.ofDomain(p.Domain)
			}
			if row != nil {
				p.Tenant = row.other(p.tenant)
				row.named[layer] = append(row.named[layer], p.Place)
			}
		}
	}
	if f.Guests != nil {
		none := f.Guests[""]
		for domain, n := range f.Guests {
			if row := j.ofDomain(domain); row != nil {
				*row.Guests += n
			} else if domain != "" {
				none += n // of this organisation's own domains: the home is elsewhere, and not told
			}
		}
		m.Homeless = &none
	}
	for row := range j.all() {
		row.Domains = slices.Sorted(maps.Keys(row.domains))
		m.Unread = append(m.Unread, j.fill(row, lists)...)
		m.Rows = append(m.Rows, row)
	}
	for i := range m.Unread {
		m.Unread[i].Says = Layers[slices.IndexFunc(Layers, func(l Layer) bool { return l.Name == m.Unread[i].Layer })].Title
	}
	slices.SortFunc(m.Rows, func(a, b *Row) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(strings.ToLower(a.Label()), strings.ToLower(b.Label())), cmp.Compare(a.ID, b.ID))
	})
	return m
}

func rank(r *Row) int {
	if r.Entry != nil {
		return 0
	}
	return 1
}

// Label is how people know the organisation.
func (r *Row) Label() string { return cmp.Or(r.Name, r.ID) }

func (j *joiner) all() func(func(*Row) bool) {
	return func(yield func(*Row) bool) {
		for _, r := range j.entries {
			if !yield(r) {
				return
			}
		}
		for _, id := range slices.Sorted(maps.Keys(j.rows)) {
			if !yield(j.rows[id]) {
				return
			}
		}
	}
}

func (j *joiner) newRow(id, tenant string) *Row {
	r := &Row{ID: id, TenantID: tenant, Layers: map[string]Cell{}, Closed: []string{}, domains: map[string]bool{}, named: map[string][]Place{}}
	if j.Guests != nil {
		r.Guests = new(int)
	}
	r.Name = j.nameOf(tenant)
	return r
}

// readRegister makes a row of each entry. An entry without a tenant has those of its domains, as far as the snapshot tells
// them, unless another has them; lib.partners does the same.
func (j *joiner) readRegister() {
	for i := range j.Register {
		e := &j.Register[i]
		r := j.newRow(strings.ToLower(e.TenantID), strings.ToLower(e.TenantID))
		r.Entry = e
		r.Overdue = e.ReviewBy != "" && j.Today != "" && e.ReviewBy < j.Today
		for _, d := range e.Domains {
			r.domains[strings.ToLower(d)] = true
			j.byDomain[strings.ToLower(d)] = r
		}
		if r.TenantID != "" {
			j.byTenant[r.TenantID] = r
		}
		j.entries = append(j.entries, r)
	}
	known := map[*Row][]string{}
	for _, d := range j.Access.Domains() {
		r := j.entryOf(d)
		known[r] = append(known[r], d)
	}
	for _, r := range j.entries {
		for _, d := range slices.Concat(r.Entry.Domains, known[r]) {
			id, _ := j.Access.Tenant(d)
			switch {
			case r.Entry.TenantID != "" || id == "" || j.byTenant[id] != nil:
				continue
			case r.TenantID == "":
				r.ID, r.TenantID = id, id
			default:
				r.Others = append(r.Others, id)
			}
			j.byTenant[id] = r
		}
		if r.ID == "" && len(r.Entry.Domains) > 0 {
			r.ID = strings.ToLower(r.Entry.Domains[0])
		}
		r.Name = cmp.Or(strings.TrimSpace(r.Entry.Name), j.nameOf(r.TenantID))
	}
}

// tenants are all that the organisation has.
func (r *Row) tenants() []string {
	if r.TenantID == "" {
		return nil
	}
	return append([]string{r.TenantID}, r.Others...)
}

// other is the tenant if it is not the first of the organisation's.
func (r *Row) other(tenant string) string {
	if tenant = strings.ToLower(tenant); tenant != r.TenantID {
		return tenant
	}
	return ""
}

func (j *joiner) nameOf(tenant string) string {
	if tenant == "" {
		return ""
	}
	return j.Access.For(tenant).Name
}

// ofTenant is the row of a tenant; nil for this one.
func (j *joiner) ofTenant(id string) *Row {
	id = strings.ToLower(id)
	switch {
	case id == "" || id == j.ownTenant:
		return nil
	case j.byTenant[id] != nil:
		return j.byTenant[id]
	case j.rows[id] == nil:
		j.rows[id] = j.newRow(id, id)
	}
	return j.rows[id]
}

// ofDomain is the row of a domain: that of its entry in the register, else of its tenant, else its own. Nil for domains of
// this tenant.
func (j *joiner) ofDomain(domain string) (r *Row) {
	domain = strings.ToLower(strings.TrimSpace(domain))
	if domain == "" || j.ownDomain[domain] {
		return nil
	}
	defer func() {
		if r != nil {
			r.domains[domain] = true
		}
	}()
	if r = j.entryOf(domain); r != nil {
		return r
	}
	if id, _ := j.Access.Tenant(domain); id != "" {
		return j.ofTenant(id)
	}
	if j.rows[domain] == nil {
		j.rows[domain] = j.newRow(domain, "")
	}
	return j.rows[domain]
}

// entryOf is the entry that has the domain, else the nearest with a pattern that does; as lib.partners has it.
func (j *joiner) entryOf(domain string) *Row {
	if r := j.byDomain[domain]; r != nil {
		return r
	}
	var best string
	for d := range j.byDomain {
		if below(domain, d) && len(d) > len(best) {
			best = d
		}
	}
	return j.byDomain[best]
}

// below says whether a pattern such as *.fabrikam.com covers the domain.
func below(domain, pattern string) bool {
	suffix, ok := strings.CutPrefix(pattern, "*")
	return ok && strings.HasPrefix(suffix, ".") && strings.HasSuffix(domain, suffix) && domain != pattern
}

// Named says whether something in the tenant lets the organisation in by name.
func (r *Row) Named() bool {
	for _, cell := range r.Layers {
		if len(cell.Places) > 0 {
			return true
		}
	}
	return false
}
