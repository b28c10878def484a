package access

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/guestward/guestward/policies/access/truth"
	"github.com/guestward/guestward/policies/decoded"
)

// tracked are the groups and roles that policies speak of, and through which somebody holds such a role.
type tracked struct {
	ids     []string // of groups
	index   map[string]int
	roles   []string // role template ids
	roleAt  map[string]int
	deleted deleted
	names   map[string]string
	rules   []*Group        // dynamic groups that lead to tracked ones
	dynamic map[string]bool // all dynamic groups
	by      map[string]bits // group -> tracked groups that its members are in
	roleOf  map[int]bits    // tracked group -> roles that its members hold
	ofUser  map[string]bits // principal -> roles
	unknown bits            // tracked groups whose members the snapshot does not tell
	oddRole bool            // who holds which role is not known
	noRoles bits
}

// deleted are the groups and roles that policies name and that no longer exist.
type deleted struct{ groups, roles bits }

// track finds the groups and roles that matter, and what leads to them.
func (t *Tenant) track() (*tracked, error) {
	k := &tracked{index: map[string]int{}, roleAt: map[string]int{}, names: map[string]string{}, by: map[string]bits{}, roleOf: map[int]bits{}, ofUser: map[string]bits{}, dynamic: map[string]bool{}}
	group := func(id string) int {
		i, ok := k.index[id]
		if !ok {
			i = len(k.ids)
			k.index[id] = i
			k.ids = append(k.ids, id)
		}
		return i
	}
	groups, roles := map[string]bool{}, map[string]bool{}
	for _, p := range t.Policies {
		for _, l := range []*userList{&p.include, &p.exclude} {
			for _, id := range l.groups {
				groups[id] = true
			}
			for _, id := range l.roles {
				roles[id] = true
			}
		}
	}
	for _, id := range sortedKeys(groups) { // whatever the order of the policies, the answer is the same
		group(id)
	}
	k.roles = sortedKeys(roles)
	for i, id := range k.roles {
		k.roleAt[id] = i
	}
	policyGroups := len(k.ids)
	direct := t.readRoles(k, group)
	n, m := len(k.ids), len(k.roles)
	k.unknown, k.noRoles = newBits(n), newBits(m)
	k.deleted = deleted{newBits(n), newBits(m)}
	for id, roles := range direct { // principals that turned out to be tracked groups
		if i, ok := k.index[id]; ok {
			k.roleOf[i] = roles
		} else {
			k.ofUser[id] = roles
		}
	}
	t.missingRoles(k, direct)
	if err := t.nest(k, policyGroups); err != nil {
		return nil, err
	}
	for _, p := range t.Policies {
		p.groups, p.roles = k.sets(p.include)
		p.notGroups, p.notRoles = k.sets(p.exclude)
	}
	return k, nil
}

func (k *tracked) sets(l userList) (groups, roles bits) {
	groups, roles = newBits(len(k.ids)), newBits(len(k.roles))
	for _, id := range l.groups {
		groups.set(k.index[id])
	}
	for _, id := range l.roles {
		roles.set(k.roleAt[id])
	}
	return groups, roles
}

// readRoles reads who holds the roles that policies speak of: actively, built in, in the whole tenant. Roles that are
// only eligible, custom ones and those of an administrative unit do not count.
// https://learn.microsoft.com/en-us/entra/identity/conditional-access/concept-conditional-access-users-groups
func (t *Tenant) readRoles(k *tracked, group func(string) int) map[string]bits {
	direct := map[string]bits{}
	if len(k.roles) == 0 {
		return direct
	}
	k.oddRole = t.facts.Lacks("roles.assignments")
	template := map[string]string{}
	for _, d := range decoded.Objects(t.facts.Sections, "roles", "definitions") {
		id := strings.ToLower(decoded.Text(d, "id"))
		template[id] = cmp.Or(strings.ToLower(decoded.Text(d, "templateId")), id)
		if own, known := d["isBuiltIn"].(bool); known && !own {
			template[id] = "" // custom
		}
	}
	for _, a := range decoded.Objects(t.facts.Sections, "roles", "assignments") {
		if scope := decoded.Text(a, "directoryScopeId"); scope != "" && scope != "/" {
			continue
		}
		id := strings.ToLower(decoded.Text(a, "roleDefinitionId"))
		role, known := template[id]
		if !known {
			role = id // of built-in roles both ids are the same
		}
		i, wanted := k.roleAt[role]
		if !wanted {
			continue
		}
		principal := strings.ToLower(decoded.Text(a, "principalId"))
		if strings.HasSuffix(strings.ToLower(decoded.Text(a, "principal", "@odata.type")), ".group") {
			group(principal)
		}
		if direct[principal] == nil {
			direct[principal] = newBits(len(k.roles))
		}
		direct[principal].set(i)
	}
	return direct
}

// missingRoles notes the roles that policies name, the directory does not have and nobody holds.
func (t *Tenant) missingRoles(k *tracked, held map[string]bits) {
	if t.facts.Lacks("roles.definitions") {
		return
	}
	have := map[string]bool{}
	for _, d := range decoded.Objects(t.facts.Sections, "roles", "definitions") {
		have[strings.ToLower(decoded.Text(d, "id"))] = true
		have[strings.ToLower(decoded.Text(d, "templateId"))] = true
	}
	for i, id := range k.roles {
		if !have[id] {
			k.deleted.roles.set(i)
		}
	}
	for _, roles := range held {
		k.deleted.roles = k.deleted.roles.minus(roles)
	}
}

// nest reads the groups once for how they contain each other, and finds which tracked groups each leads to.
func (t *Tenant) nest(k *tracked, policyGroups int) error {
	if len(k.ids) == 0 {
		return nil
	}
	if t.facts.Groups == nil {
		for i := range k.ids {
			k.unknown.set(i)
		}
		return nil
	}
	parents := map[string][]string{}
	dynamic := map[string]*Group{}
	seen := newBits(len(k.ids))
	var untold []string // groups of whose members the snapshot says nothing
	for g, err := range t.facts.Groups() {
		if err != nil {
			return err
		}
		id := strings.ToLower(g.ID)
		if i, ok := k.index[id]; ok {
			seen.set(i)
			k.names[id] = g.DisplayName
		}
		for _, member := range g.MemberGroups {
			member = strings.ToLower(member)
			parents[member] = append(parents[member], id)
		}
		if g.ExternalMembers == nil {
			untold = append(untold, id)
		}
		if g.MembershipRule != "" {
			dynamic[id] = &Group{ID: id, MembershipRule: g.MembershipRule, ProcessingState: g.ProcessingState}
		}
	}
	whole := !t.facts.Lacks("groups")
	for i := range k.ids {
		switch {
		case seen.has(i):
		case whole && i < policyGroups:
			k.deleted.groups.set(i)
		default:
			k.unknown.set(i)
		}
	}
	if t.facts.Lacks("groups.externalMembers") {
		for i := range k.ids {
			k.unknown.set(i)
		}
	}
	// From every tracked group down to the groups within it; a circle ends where it began.
	children := map[string][]string{}
	for child, up := range parents {
		for _, parent := range up {
			children[parent] = append(children[parent], child)
		}
	}
	for i, id := range k.ids {
		below := []string{id}
		visited := map[string]bool{id: true}
		for len(below) > 0 {
			one := below[0]
			below = below[1:]
			if k.by[one] == nil {
				k.by[one] = newBits(len(k.ids))
			}
			k.by[one].set(i)
			for _, child := range children[one] {
				if !visited[child] {
					visited[child] = true
					below = append(below, child)
				}
			}
		}
	}
	for _, id := range untold {
		if to := k.by[id]; to != nil {
			k.unknown.add(to)
		}
	}
	for _, id := range sortedKeys(dynamic) {
		k.dynamic[id] = true
		if k.by[id] != nil {
			k.rules = append(k.rules, dynamic[id])
		}
	}
	return nil
}

// isDynamic says whether somebody whom nobody has put anywhere may be in the group.
func (k *tracked) isDynamic(group string) truth.Truth {
	return truth.And(truth.Of(k.dynamic[strings.ToLower(group)]), truth.Maybe)
}

// memberKey is an id in little space.
type memberKey [16]byte

func keyOf(id string) (key memberKey) {
	if len(id) == 36 {
		if raw, err := hex.DecodeString(strings.ReplaceAll(id, "-", "")); err == nil && len(raw) == 16 {
			copy(key[:], raw)
			return key
		}
	}
	sum := sha256.Sum256([]byte(id))
	copy(key[:], sum[:16])
	return key
}

// members reads the groups again: which tracked groups each external account is in. Accounts in the same groups share
// one set.
func (t *Tenant) members(k *tracked) (func(id string) bits, error) {
	none := newBits(len(k.ids))
	if len(k.by) == 0 {
		return func(string) bits { return none }, nil
	}
	sets := []bits{none}
	known := map[string]uint32{fmt.Sprint(none): 0}
	type step struct {
		set  uint32
		with string
	}
	joined := map[step]uint32{}
	of := map[memberKey]uint32{}
	for g, err := range t.facts.Groups() {
		if err != nil {
			return nil, err
		}
		id := strings.ToLower(g.ID)
		to := k.by[id]
		if to == nil {
			continue
		}
		for _, member := range g.ExternalMembers {
			key := keyOf(strings.ToLower(member))
			s := step{of[key], id}
			next, ok := joined[s]
			if !ok {
				union := slices.Clone(sets[s.set])
				union.add(to)
				name := fmt.Sprint(union)
				if next, ok = known[name]; !ok {
					next = uint32(len(sets))
					sets = append(sets, union)
					known[name] = next
				}
				joined[s] = next
			}
			of[key] = next
		}
	}
	return func(id string) bits { return sets[of[keyOf(id)]] }, nil
}

// rolesThrough adds to the user's roles those that come with groups, and returns those that may.
func (k *tracked) rolesThrough(u *User) bits {
	if !k.oddRole && len(k.roleOf) == 0 {
		return k.noRoles
	}
	may := newBits(len(k.roles))
	if k.oddRole {
		may = allBits(len(k.roles))
	}
	for i, roles := range k.roleOf {
		switch {
		case u.groups.has(i):
			u.roles = slices.Clone(u.roles)
			u.roles.add(roles)
		case u.maybeIn.has(i):
			may.add(roles)
		}
	}
	return may
}
