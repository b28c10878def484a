package access

import (
	"cmp"
	"encoding/binary"
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

// HomeDomain is the domain that the account comes from, in lower case; "" where it does not tell.
func HomeDomain(g *Guest) string { return homeDomain(g) }

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
