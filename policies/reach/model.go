package reach

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/guestward/guestward/policies/decoded"
)

// key is an id in little space: ids of the service are GUIDs, others are hashed.
type key [16]byte

func keyOf(id string) (k key) {
	id = strings.ToLower(id)
	if len(id) == 36 {
		if raw, err := hex.DecodeString(strings.ReplaceAll(id, "-", "")); err == nil && len(raw) == 16 {
			copy(k[:], raw)
			return k
		}
	}
	sum := sha256.Sum256([]byte(id))
	copy(k[:], sum[:16])
	return k
}

// What an edge from a principal to a group says.
const (
	member = iota
	eligibleMember
	owner
	eligibleOwner
	kindBits = 2
)

// edge leads from an outsider to a group.
type edge struct {
	who key
	to  int32 // number of the group, and the kind in the lowest bits
}

// toward is where an edge of a kind leads.
func toward(group int32, kind int) int32 { return group<<kindBits | int32(kind) }

func (e edge) group() int32 { return e.to >> kindBits }
func (e edge) kind() int    { return int(e.to & (1<<kindBits - 1)) }

// group is a group through which an outsider may reach something.
type group struct {
	key      key
	id, name string
	team     bool
	parents  []int32
	eligible []edge // what its members can activate membership of
	// roles and apps say whether membership leads to a role or an application, through further groups too.
	roles, apps bool
}

// channel is a shared channel with somebody in it.
type channel struct {
	id, name       string
	team, teamName string
}

// Model is what leads from outsiders to what they reach. It is safe for concurrent use.
type Model struct {
	facts  Facts
	groups []group
	number map[key]int32
	edges  []edge // sorted by outsider

	channels map[key][]channel
	ends     map[edge]end // until when an edge holds, where the snapshot has it
	// unlimited is until when a membership holds of which nothing is in ends.
	unlimited end
	// activated are the memberships that come of an activation which runs, and of nothing else.
	activated map[edge]bool
	roles     map[key][]role
	names     map[string]roleName // by id of the definition
	apps      map[key][]assigned
	packages  map[key][]held
	grants    map[key][]grant
	services  map[string]service

	principals map[string]string // service principals by the application's id
	owned      map[key][]ownership

	untold map[string]bool // sources of which a group or an assignment lacks its share

	siteOnce sync.Once
	sites    map[int32][]Site
	siteErr  error

	accountOnce sync.Once
	accounts    []account // sorted by key
	holds       []bool    // by number of the group
	accountErr  error

	otherOnce sync.Once
	others    []Other
	otherErr  error
}

// New reads the configuration, and the groups once.
func New(f Facts) (*Model, error) {
	m := &Model{
		facts: f, number: map[key]int32{}, channels: map[key][]channel{}, untold: map[string]bool{},
		ends: map[edge]end{}, unlimited: never, activated: map[edge]bool{},
	}
	m.readRoles()
	m.readApplications()
	m.readPackages()
	if err := m.readGroups(); err != nil {
		return nil, err
	}
	slices.SortFunc(m.edges, func(a, b edge) int { return cmp.Or(bytes.Compare(a.who[:], b.who[:]), cmp.Compare(a.to, b.to)) })
	m.edges = slices.Clip(slices.Compact(m.edges))
	m.markGroups()
	if m.lacks("governance.pim.groupAssignments") {
		m.unlimited = untold
	}
	return m, nil
}

// readGroups keeps the groups that an outsider may be in: those that hold one, or another group, or that one can get into.
func (m *Model) readGroups() error {
	pim := map[key]bool{}
	for _, source := range []string{"groupEligibility", "groupAssignments"} {
		for _, o := range decoded.Objects(m.facts.Sections, "governance", "pim", source) {
			pim[keyOf(decoded.Text(o, "groupId"))] = true
		}
	}
	type nesting struct {
		child  key
		parent int32
	}
	var nested []nesting
	if m.facts.Groups != nil {
		for g, err := range m.facts.Groups() {
			if err != nil {
				return err
			}
			if g.ExternalMembers == nil {
				m.untold["groups.externalMembers"] = true
			}
			if g.ExternalOwners == nil {
				m.untold["groups.externalOwners"] = true
			}
			for _, c := range g.Channels {
				for _, one := range c.AllMembers {
					if one.UserID != "" {
						k := keyOf(one.UserID)
						m.channels[k] = append(m.channels[k], channel{c.ID, c.DisplayName, g.ID, g.DisplayName})
					}
				}
			}
			k := keyOf(g.ID)
			if len(g.ExternalMembers)+len(g.ExternalOwners)+len(g.MemberGroups) == 0 && !pim[k] {
				continue
			}
			n := m.add(group{key: k, id: g.ID, name: g.DisplayName, team: slices.Contains(g.ResourceProvisioningOptions, "Team")})
			for _, id := range g.ExternalMembers {
				m.edges = append(m.edges, edge{keyOf(id), toward(n, member)})
			}
			for _, id := range g.ExternalOwners {
				m.edges = append(m.edges, edge{keyOf(id), toward(n, owner)})
			}
			for _, id := range g.MemberGroups {
				nested = append(nested, nesting{keyOf(id), n})
			}
		}
	}
	m.readPIM()
	for _, e := range nested {
		if child, ok := m.number[e.child]; ok { // others hold nobody
			m.groups[child].parents = append(m.groups[child].parents, e.parent)
		}
	}
	return nil
}

// markGroups goes from the groups that hold a role or an application down to the groups in them, and to those whose members
// can activate membership.
func (m *Model) markGroups() {
	within := make([][]int32, len(m.groups))
	for n, g := range m.groups {
		for _, parent := range g.parents {
			within[parent] = append(within[parent], int32(n))
		}
		for _, e := range g.eligible {
			within[e.group()] = append(within[e.group()], int32(n))
		}
	}
	mark := func(holds func(key) bool, mark func(*group) *bool) {
		var list []int32
		for n := range m.groups {
			if holds(m.groups[n].key) {
				*mark(&m.groups[n]) = true
				list = append(list, int32(n))
			}
		}
		for i := 0; i < len(list); i++ {
			for _, n := range within[list[i]] {
				if is := mark(&m.groups[n]); !*is {
					*is = true
					list = append(list, n)
				}
			}
		}
	}
	mark(func(k key) bool { return len(m.roles[k]) > 0 }, func(g *group) *bool { return &g.roles })
	mark(func(k key) bool { return len(m.apps[k]) > 0 }, func(g *group) *bool { return &g.apps })
}

func (m *Model) add(g group) int32 {
	if n, ok := m.number[g.key]; ok {
		return n
	}
	n := int32(len(m.groups))
	m.number[g.key] = n
	m.groups = append(m.groups, g)
	return n
}

// readPIM adds who can make themselves a member or an owner of a group for a while, and until when they are one. What a
// group is eligible for, its members are. An activation comes and goes; what it rests on stays, and is what counts.
func (m *Model) readPIM() {
	for _, part := range []struct {
		source            string
		asMember, asOwner int
	}{{"groupEligibility", eligibleMember, eligibleOwner}, {"groupAssignments", member, owner}} {
		for _, o := range decoded.Objects(m.facts.Sections, "governance", "pim", part.source) {
			id, who := decoded.Text(o, "groupId"), decoded.Text(o, "principalId")
			if id == "" || who == "" {
				m.untold["governance.pim."+part.source] = true
				continue
			}
			kind := part.asMember
			if strings.EqualFold(decoded.Text(o, "accessId"), "owner") {
				kind = part.asOwner
			}
			n := m.add(group{key: keyOf(id), id: id, name: id})
			e := edge{keyOf(who), toward(n, kind)}
			if strings.EqualFold(decoded.Text(o, "assignmentType"), "activated") {
				kinds := map[int]int{member: eligibleMember, owner: eligibleOwner}
				if _, ok := m.ends[edge{e.who, toward(n, kinds[kind])}]; ok {
					m.activated[e] = true
					continue
				}
			}
			m.ends[e] = max(m.ends[e], endOf(o)) // of several the one that holds longest
			if n, ok := m.number[e.who]; !ok {
				m.edges = append(m.edges, e)
			} else if kind == eligibleMember && !slices.Contains(m.groups[n].eligible, e) {
				m.groups[n].eligible = append(m.groups[n].eligible, e)
			}
		}
	}
	maps.DeleteFunc(m.activated, func(e edge, _ bool) bool { return m.ends[e] != "" }) // assigned as well
}

// until is when the edge ends.
func (m *Model) until(e edge) end { return cmp.Or(m.ends[e], m.unlimited) }

// of are the edges that leave the principal.
func (m *Model) of(who key) []edge {
	from, _ := slices.BinarySearchFunc(m.edges, who, func(e edge, k key) int { return bytes.Compare(e.who[:], k[:]) })
	to := from
	for to < len(m.edges) && m.edges[to].who == who {
		to++
	}
	return m.edges[from:to]
}

// unlicensed are sources that are empty where no plan has Privileged Identity Management: without it nobody can activate
// anything, and the service removes what had been set up.
// https://learn.microsoft.com/en-us/entra/id-governance/licensing-fundamentals
var unlicensed = []string{"roles.eligibility", "governance.pim.groupEligibility", "governance.pim.groupAssignments"}

// lacks says whether the source may hold something that the snapshot does not tell. That a licence was missing is believed
// where the plans say so too: Graph tells of it at times where there is one.
func (m *Model) lacks(source string) bool {
	if m.untold[source] {
		return true
	}
	reason, lacks := m.facts.Gap(source)
	if !lacks || !slices.Contains(unlicensed, source) || reason != "" && reason != "licence" {
		return lacks
	}
	plans, ok := decoded.At(m.facts.Sections, "licences", "servicePlans").([]any)
	return !ok || slices.ContainsFunc(plans, func(p any) bool {
		id := strings.ToLower(decoded.Text(p, "servicePlanId"))
		return decoded.Text(p, "provisioningStatus") != "Disabled" && (pimPlans[decoded.Text(p, "servicePlanName")] != "" || slices.Contains(slices.Collect(maps.Values(pimPlans)), id))
	})
}

// pimPlans are the service plans that Privileged Identity Management comes with, by name; names differ by cloud, ids do not.
// https://learn.microsoft.com/en-us/entra/id-governance/licensing-fundamentals
// https://learn.microsoft.com/en-us/entra/identity/users/licensing-service-plan-reference
var pimPlans = map[string]string{
	"AAD_PREMIUM_P2":            "eec0eb4f-6444-4f95-aba0-50c24d67f998",
	"Entra_Identity_Governance": "e866a266-3cff-43a3-acca-0c90a7e00c8b",
}
