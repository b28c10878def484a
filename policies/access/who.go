package access

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/guestward/guestward/policies/access/crosstenant"
	"github.com/guestward/guestward/policies/access/membership"
	"github.com/guestward/guestward/policies/access/truth"
)

// User is a class of users whom no policy can tell apart: existing accounts, or those that could come.
type User struct {
	Kind     string
	ID       string // of the one account, where a policy names it; else ""
	Tenant   string // home tenant, lower case; "" where there is none or nobody knows
	Provider string
	Trust    Trust
	Reach    Reach
	Count    int       // of existing accounts
	Examples []Account // the first of them
	Label    string    // of those that could come

	blocked           bool // the account is
	unlisted          bool // stands for accounts that the snapshot does not list
	anyID             bool // may be any account that a policy names ...
	notIDs            []string
	groups, maybeIn   bits
	roles, maybeRoles bits
	deleted           *deleted
}

// Account is one existing account.
type Account struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Reach is what it takes to be there.
type Reach int

// The reaches, nearest first.
const (
	Actual Reach = iota // an account exists
	Open                // an invitation is all it takes
	Latent              // a setting outside Conditional Access must change first
)

func (r Reach) String() string { return [...]string{"actual", "open", "latent"}[r] }

// keptExamples is how many accounts of a class are kept by name.
const keptExamples = 10

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

// in says whether the user is in one of the groups, and whether he holds one of the roles.
func (u *User) in(groups, roles bits) (truth.Truth, truth.Truth) {
	one := func(is, may, of bits) truth.Truth {
		switch {
		case of.meets(is):
			return truth.Yes
		case of.meets(may):
			return truth.Maybe
		}
		return truth.No
	}
	return one(u.groups, u.maybeIn, groups), one(u.roles, u.maybeRoles, roles)
}

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
	for _, d := range objects(t.facts.Sections, "roles", "definitions") {
		id := strings.ToLower(textAt(d, "id"))
		template[id] = cmp.Or(strings.ToLower(textAt(d, "templateId")), id)
		if own, known := d["isBuiltIn"].(bool); known && !own {
			template[id] = "" // custom
		}
	}
	for _, a := range objects(t.facts.Sections, "roles", "assignments") {
		if scope := textAt(a, "directoryScopeId"); scope != "" && scope != "/" {
			continue
		}
		id := strings.ToLower(textAt(a, "roleDefinitionId"))
		role, known := template[id]
		if !known {
			role = id // of built-in roles both ids are the same
		}
		i, wanted := k.roleAt[role]
		if !wanted {
			continue
		}
		principal := strings.ToLower(textAt(a, "principalId"))
		if strings.HasSuffix(strings.ToLower(textAt(a, "principal", "@odata.type")), ".group") {
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
	for _, d := range objects(t.facts.Sections, "roles", "definitions") {
		have[strings.ToLower(textAt(d, "id"))] = true
		have[strings.ToLower(textAt(d, "templateId"))] = true
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

// readUsers makes the classes of users.
func (t *Tenant) readUsers() error {
	k, err := t.track()
	if err != nil {
		return err
	}
	t.groups = k
	named := map[string]bool{}
	for _, p := range t.Policies {
		for _, id := range slices.Concat(p.include.users, p.exclude.users) {
			named[id] = true
		}
	}
	if err := t.existing(k, named); err != nil {
		return err
	}
	t.future(k)
	return nil
}

// existing sorts the external accounts into classes.
func (t *Tenant) existing(k *tracked, named map[string]bool) error {
	if t.facts.Guests == nil {
		return nil
	}
	memberOf, err := t.members(k)
	if err != nil {
		return err
	}
	t.classify = func(g *Guest) User { return t.userOf(g, k, memberOf, named) }
	classes := map[string]*User{}
	var key []byte
	for g, err := range t.facts.Guests() {
		if err != nil {
			return err
		}
		u := t.classify(&g)
		key = u.key(key[:0])
		c := classes[string(key)]
		if c == nil {
			c = &u
			c.Trust = t.trust(c)
			classes[string(key)] = c
		}
		c.Count++
		c.keep(g.account())
	}
	for _, key := range sortedKeys(classes) {
		t.Users = append(t.Users, classes[key])
	}
	return nil
}

// userOf is what policies can know of an account, but for the trust in its tenant.
func (t *Tenant) userOf(g *Guest, k *tracked, memberOf func(string) bits, named map[string]bool) User {
	id := strings.ToLower(g.ID)
	u := User{Kind: KindOf(g), Reach: Actual, groups: memberOf(id), maybeIn: k.unknown, deleted: &k.deleted}
	u.Tenant, u.Provider = t.home(g, u.Kind)
	if named[id] {
		u.ID = id
	}
	if g.AccountEnabled != nil && !*g.AccountEnabled {
		u.Reach, u.blocked = Latent, true // somebody would have to unblock the account
	}
	if u.Provider == Entra && u.Tenant != "" && t.Partners.For(u.Tenant).CollaborationInbound() == truth.No {
		u.Reach = Latent // cross-tenant access would have to be opened
	}
	u.roles = k.noRoles
	if r := k.ofUser[id]; r != nil {
		u.roles = r
	}
	u.maybeRoles = k.rolesThrough(&u)
	return u
}

func (g *Guest) account() Account {
	return Account{g.ID, cmp.Or(g.UserPrincipalName, g.Mail, g.DisplayName, g.ID)}
}

// key is the same for two users whom no policy can tell apart.
func (u *User) key(b []byte) []byte {
	for _, s := range []string{u.Kind, u.ID, u.Tenant, u.Provider} {
		b = append(append(b, s...), '|')
	}
	b = append(b, byte(u.Reach))
	for _, set := range []bits{u.groups, u.roles, u.maybeRoles} {
		for _, w := range set {
			b = binary.BigEndian.AppendUint64(b, w)
		}
	}
	return b
}

// keep notes the account if it is one of the first by id: examples must not depend on the order of the snapshot.
func (u *User) keep(a Account) {
	i, _ := slices.BinarySearchFunc(u.Examples, a, func(x, y Account) int { return cmp.Compare(x.ID, y.ID) })
	if i == keptExamples {
		return
	}
	u.Examples = slices.Insert(u.Examples, i, a)
	if len(u.Examples) > keptExamples {
		u.Examples = u.Examples[:keptExamples]
	}
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

// KindOf tells what kind of user an account of the snapshot's guests is.
// https://learn.microsoft.com/en-us/entra/external-id/user-properties
func KindOf(g *Guest) string {
	external := strings.Contains(strings.ToLower(g.UserPrincipalName), "#ext#") || strings.EqualFold(g.CreationType, "Invitation")
	for _, i := range g.Identities {
		external = external || strings.EqualFold(i.SignInType, "federated")
	}
	switch {
	case strings.EqualFold(g.UserType, "Guest") && external:
		return B2BCollaborationGuest
	case strings.EqualFold(g.UserType, "Guest"):
		return InternalGuest
	case strings.EqualFold(g.UserType, "Member"):
		return B2BCollaborationMember
	}
	return OtherExternalUser
}

// home tells the account's own tenant and where it authenticates.
func (t *Tenant) home(g *Guest, kind string) (tenant, provider string) {
	if kind == InternalGuest {
		return "", Entra
	}
	provider = UnknownProvider
	for _, i := range g.Identities {
		if !strings.EqualFold(i.SignInType, "federated") {
			continue
		}
		provider = OtherProvider // MicrosoftAccount, google.com, mail (one-time code), a domain of SAML
		if strings.EqualFold(i.Issuer, "ExternalAzureAD") {
			provider = Entra
			break
		}
	}
	if provider == OtherProvider {
		return "", provider
	}
	// That Graph finds no tenant of a domain does not prove that the account is not from Microsoft Entra ID: it may be
	// one of another cloud.
	tenant, _ = t.Partners.Tenant(homeDomain(g))
	return tenant, provider
}

// homeDomain is the domain that the account comes from.
func homeDomain(g *Guest) string {
	if name, _, ok := strings.Cut(strings.ToLower(g.UserPrincipalName), "#ext#"); ok {
		if i := strings.LastIndex(name, "_"); i >= 0 {
			return name[i+1:]
		}
	}
	if i := strings.LastIndex(g.Mail, "@"); i >= 0 {
		return strings.ToLower(g.Mail[i+1:])
	}
	return ""
}

// trust is what this tenant believes of the user's.
func (t *Tenant) trust(u *User) Trust {
	if !isExternal(u.Kind) || u.Provider == OtherProvider {
		return Trust{}
	}
	of := func(tenant string) Trust { return Trust(t.Partners.For(tenant).Trust) }
	if u.Tenant != "" {
		return of(u.Tenant)
	}
	// Nobody knows which tenant: certain is what all of them have in common.
	one := of("")
	for _, partner := range t.Partners.Partners() {
		p := of(partner)
		one = Trust{common(one.MFA, p.MFA), common(one.Compliant, p.Compliant), common(one.Hybrid, p.Hybrid)}
	}
	return one
}

func common(a, b truth.Truth) truth.Truth {
	if a == b {
		return a
	}
	return truth.Maybe
}

// anyOtherTenant stands for a tenant that nothing names.
const anyOtherTenant = "99999999-9999-4999-8999-999999999999"

// future adds those who could come: of each kind one from every tenant that is named somewhere, from any other, and from
// no tenant at all; and, where the snapshot does not list all accounts, those that it leaves out.
func (t *Tenant) future(k *tracked) {
	homes := map[string]bool{}
	for _, p := range t.Policies {
		for _, e := range []*externals{p.include.external, p.exclude.external} {
			if e != nil {
				for _, id := range e.tenants {
					homes[id] = true
				}
			}
		}
	}
	for _, id := range t.Partners.Partners() {
		homes[id] = true
	}
	delete(homes, t.id)
	tenants := append(sortedKeys(homes), anyOtherTenant)
	unlisted := t.facts.Guests == nil || t.facts.Lacks("guests")

	add := func(u User) {
		u.deleted = &k.deleted
		u.groups, u.maybeIn = t.joins(k, u.Kind)
		u.roles, u.maybeRoles = newBits(len(k.roles)), newBits(len(k.roles))
		u.Trust = t.trust(&u)
		fresh := u
		t.Users = append(t.Users, &fresh)
		if hasAccount := u.Kind != B2BDirectConnectUser && u.Kind != ServiceProvider; hasAccount && (unlisted || u.Kind == InternalMember) {
			u.unlisted, u.anyID = true, true
			u.maybeIn, u.maybeRoles = allBits(len(k.ids)), allBits(len(k.roles))
			u.Label = "any " + strings.TrimPrefix(u.Label, "any ") + " that the snapshot does not list"
			t.Users = append(t.Users, &u)
		}
	}
	add(User{Kind: InternalMember, Provider: Entra, Reach: Open, Label: "any member of this organisation"})
	add(User{Kind: InternalGuest, Provider: Entra, Reach: Open, Label: "any " + InternalGuest})
	for _, kind := range GuestKinds[1:] {
		for _, tenant := range tenants {
			partner := t.Partners.For(realTenant(tenant))
			add(User{Kind: kind, Tenant: tenant, Provider: Entra, Reach: reachOf(kind, partner, !t.facts.Lacks("crossTenantAccess.partners")), Label: "any " + kind + " from " + t.tenantLabel(tenant)})
		}
		if kind != B2BDirectConnectUser && kind != ServiceProvider {
			add(User{Kind: kind, Provider: OtherProvider, Reach: Open, Label: "any " + kind + " from an OTP/social/SAML identity provider"})
		}
	}
}

func realTenant(tenant string) string {
	if tenant == anyOtherTenant {
		return ""
	}
	return tenant
}

func (t *Tenant) tenantLabel(tenant string) string {
	if tenant == anyOtherTenant {
		return "any other tenant"
	}
	if name := t.Partners.For(tenant).Name; name != "" {
		return fmt.Sprintf("tenant %s (%s)", tenant, name)
	}
	return "tenant " + tenant
}

// reachOf says what it takes until somebody of the kind comes from the tenant.
func reachOf(kind string, partner *crosstenant.Effective, known bool) Reach {
	open := true
	switch kind {
	case B2BDirectConnectUser:
		open = partner.DirectConnectInbound().May()
	case ServiceProvider:
		open = partner.IsServiceProvider || !known
	default:
		open = partner.CollaborationInbound().May()
	}
	if open {
		return Open
	}
	return Latent
}

// joins tells which tracked groups an account is in as soon as it is there: by a rule, never by hand.
func (t *Tenant) joins(k *tracked, kind string) (in, may bits) {
	in, may = newBits(len(k.ids)), slices.Clone(k.unknown)
	if kind == B2BDirectConnectUser || kind == ServiceProvider {
		return in, newBits(len(k.ids)) // no account, no group
	}
	if t.facts.Groups == nil || kind == InternalMember {
		return in, may
	}
	for _, g := range k.rules {
		match := truth.Maybe
		if rule, err := membership.Parse(g.MembershipRule); err == nil {
			match = rule.Match(membership.NewGuest(kind), k.isDynamic)
		}
		if !strings.EqualFold(g.ProcessingState, "On") && g.ProcessingState != "" {
			match = truth.And(match, truth.Maybe) // paused: whether it starts again is not known
		}
		switch to := k.by[g.ID]; match {
		case truth.Yes:
			in.add(to)
		case truth.Maybe:
			may.add(to)
		}
	}
	return in, may
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
