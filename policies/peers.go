package policies

import (
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/guestward/guestward/collector/snapshot"
)

// PeerPaths are what rules may know of a peer: how it is set up, and nobody whom it knows. Whom its synchronization is
// assigned to, and the domains of its guests, are left out for that reason.
var PeerPaths = []string{
	"collection.collectedAt",
	"crossTenantAccess.default",
	"crossTenantAccess.partners",
	"crossTenantSync.jobs",
	"licences.servicePlans",
	"tenant.organization",
}

// Peer is another tenant whose snapshot answers what the scanned one cannot know: the other half of what takes two
// tenants. Rules that name in METADATA custom.peer what they read of it see it as an element of input.peers; the findings
// are about the scanned tenant all the same.
type Peer struct {
	TenantID string // lower case
	value    *ast.Term
}

// ReadPeers takes out of other tenants' snapshots what rules may know of them, sorted by tenant. A snapshot that cannot be
// a peer of the scanned one is an error; one that the scanned tenant does not know is worth a warning.
func ReadPeers(snap *snapshot.Snapshot, others []*snapshot.Snapshot) (peers []*Peer, warnings []string, err error) {
	if len(others) == 0 {
		return nil, nil, nil
	}
	us, err := ownTenant(snap)
	if err != nil {
		return nil, nil, err
	}
	if us == "" {
		warnings = append(warnings, "the snapshot does not hold tenant.organization: what its peers say of this tenant cannot be found")
	}
	var access struct {
		Partners []struct {
			TenantID string `json:"tenantId"`
		} `json:"partners"`
	}
	if err := snap.Section("crossTenantAccess", &access); err != nil {
		return nil, nil, err
	}
	names := map[string]string{} // of the snapshots, by tenant
	for _, other := range others {
		id, err := ownTenant(other)
		if err != nil {
			return nil, nil, err
		}
		switch {
		case id == "":
			return nil, nil, &PeerError{other.Name, "it does not hold tenant.organization, so nobody knows whose snapshot it is; collect it again"}
		case id == us:
			return nil, nil, &PeerError{other.Name, "it is of the tenant that is scanned (" + id + "); name the snapshot of another tenant"}
		case names[id] != "":
			return nil, nil, &PeerError{other.Name, fmt.Sprintf("it is of the same tenant as %s (%s); name one of the two", names[id], id)}
		}
		names[id] = other.Name
		known := false
		for _, partner := range access.Partners {
			known = known || strings.EqualFold(partner.TenantID, id)
		}
		if !known {
			warnings = append(warnings, fmt.Sprintf("%s: the scanned tenant has no settings for %s: only its default applies to that tenant", other.Name, id))
		}
		value, err := peerValue(other, id)
		if err != nil {
			return nil, nil, err
		}
		peers = append(peers, &Peer{id, value})
	}
	slices.SortFunc(peers, func(a, b *Peer) int { return strings.Compare(a.TenantID, b.TenantID) })
	return peers, warnings, nil
}

// PeerError is a snapshot that cannot be a peer of the scanned one.
type PeerError struct {
	Name    string // of the snapshot
	Problem string
}

func (e *PeerError) Error() string { return e.Name + ": " + e.Problem }

func ownTenant(snap *snapshot.Snapshot) (string, error) {
	var tenant struct {
		Organization struct {
			ID string `json:"id"`
		} `json:"organization"`
	}
	err := snap.Section("tenant", &tenant)
	return strings.ToLower(tenant.Organization.ID), err
}

// peerValue is the element of input.peers. What is a gap, or has one in it, is left out, whatever the section holds: so
// that rules take it for unknown.
func peerValue(snap *snapshot.Snapshot, id string) (*ast.Term, error) {
	peer := ast.NewObject(ast.Item(ast.StringTerm("tenantId"), ast.StringTerm(id)))
	builder := newASTBuilder()
	held := snap.Sections()
	for _, path := range PeerPaths {
		section, name, _ := strings.Cut(path, ".")
		if _, gap := snap.Collection.GapFor(path); gap || !slices.Contains(held, section) {
			continue
		}
		v, err := snapshot.DecodeSection(snap, section, builder)
		if err != nil {
			return nil, err
		}
		member := lookup(v.Value, name)
		if member == nil {
			continue
		}
		key := ast.StringTerm(section)
		part := ast.NewObject(ast.Item(ast.StringTerm(name), ast.NewTerm(member)))
		if before := peer.Get(key); before != nil {
			part, _ = before.Value.(ast.Object).Merge(part)
		}
		peer.Insert(key, ast.NewTerm(part))
	}
	return ast.NewTerm(peer), nil
}

// withPeers is the input of rules that read peers.
func withPeers(input ast.Object, peers []*Peer) ast.Object {
	out := ast.NewObjectWithCapacity(input.Len() + 1)
	input.Foreach(out.Insert)
	list := make([]*ast.Term, len(peers))
	for i, p := range peers {
		list[i] = p.value
	}
	out.Insert(ast.StringTerm(snapshot.Peers), ast.ArrayTerm(list...))
	return out
}

// inputFor is what the rule sees: without a word about peers in its METADATA, nothing of them. So they cannot change what
// it says.
func (e *evaluation) inputFor(r *Rule, input ast.Object) *ast.Term {
	if len(r.Peer) == 0 || len(e.Peers) == 0 {
		return ast.NewTerm(input)
	}
	return ast.NewTerm(withPeers(input, e.Peers))
}
