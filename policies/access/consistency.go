package access

import (
	"fmt"

	"github.com/guestward/guestward/policies/access/truth"
)

// Consistency says where cross-tenant access and Conditional Access do not fit each other for guests of a tenant, "" being
// any that is not listed: claims that are believed and that no policy asks for, and devices that policies demand and
// nobody believes.
func (t *Tenant) Consistency(tenant string) []string {
	home := tenant
	if home == "" {
		home = anyOtherTenant
	}
	guest := &User{Kind: B2BCollaborationGuest, Tenant: home, Provider: Entra, deleted: &t.groups.deleted}
	guest.groups, guest.maybeIn = t.joins(t.groups, guest.Kind)
	guest.roles, guest.maybeRoles = t.groups.noRoles, t.groups.noRoles
	values, err := Assuming()
	if err != nil {
		return nil
	}
	pr := newPremises(values)
	asked := map[string]string{} // kind of proof, and the first policy that asks for it
	ask := func(kind string, p *Policy) {
		if asked[kind] == "" {
			asked[kind] = p.Name
		}
	}
	for _, p := range t.Policies {
		if !p.counts(pr).May() || !p.reaches(guest, "browser", pr).May() {
			continue
		}
		for _, c := range p.grant.controls {
			switch c.kind {
			case "mfa", "strength":
				ask("mfa", p)
			case "compliantDevice":
				ask("compliant", p)
			case "domainJoinedDevice":
				ask("hybrid", p)
			}
		}
		if p.deviceFilter != nil {
			ask("compliant", p)
			ask("hybrid", p)
		}
	}
	trust := t.Partners.For(tenant).Trust
	notes := []string{}
	for _, one := range []struct {
		kind, words string
		trusted     truth.Truth
	}{
		{"mfa", "multifactor authentication", trust.MFA},
		{"compliant", "compliant devices", trust.Compliant},
		{"hybrid", "hybrid joined devices", trust.Hybrid},
	} {
		switch {
		case one.trusted == truth.Yes && tenant == "":
			notes = append(notes, fmt.Sprintf("claims about %s are believed of every organisation", one.words))
		case one.trusted == truth.Yes && asked[one.kind] == "":
			notes = append(notes, fmt.Sprintf("claims about %s are believed, and no policy asks these guests for them", one.words))
		case one.kind != "mfa" && one.trusted == truth.No && asked[one.kind] != "":
			notes = append(notes, fmt.Sprintf("'%s' asks about %s, and no claim of them is believed: nobody of this tenant can show one", asked[one.kind], one.words))
		}
	}
	return notes
}
