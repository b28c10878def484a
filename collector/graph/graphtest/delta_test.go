package graphtest

import (
	"maps"
	"testing"
)

// merge reads a whole round of groups/delta: members and owners by group, and how many rows and pages it took.
func merge(c client, address string) (members, owners map[string]map[string]bool, n, pages int) {
	c.t.Helper()
	members, owners = map[string]map[string]bool{}, map[string]map[string]bool{}
	for {
		a := c.get(address)
		if a.status != 200 {
			c.t.Fatalf("%s: %d %s", address, a.status, a.text)
		}
		pages++
		for _, g := range a.value() {
			id := g["id"].(string)
			if g["@removed"] != nil {
				continue
			}
			n++
			for name, to := range map[string]map[string]map[string]bool{"members@delta": members, "owners@delta": owners} {
				if to[id] == nil {
					to[id] = map[string]bool{}
				}
				list, _ := g[name].([]any)
				for _, m := range list {
					m := m.(map[string]any)
					other := m["id"].(string)
					if m["@removed"] != nil {
						continue
					}
					if to[id][other] {
						c.t.Errorf("%s: %s is told twice", id, other)
					}
					to[id][other] = true
				}
			}
		}
		next, more := a.doc["@odata.nextLink"].(string)
		if !more {
			if link, ok := a.doc["@odata.deltaLink"].(string); !ok || link == "" {
				c.t.Error("the last page has no link for the next round")
			}
			return members, owners, n, pages
		}
		address = next
	}
}

// TestDelta says that pages of every size tell the same, and that it is what the groups have.
func TestDelta(t *testing.T) {
	tenant := Synthetic(3000, 510) // group 500 is large
	var first map[string]map[string]bool
	for _, size := range []int{0, 1, 7} {
		s, c := synthetic(t, Options{Tenant: tenant, PageCap: size})
		members, owners, n, pages := merge(c, s.URL+"/v1.0/groups/delta?$select=id,members,owners")
		if len(members) != 510 || len(owners) != 510 {
			t.Fatalf("%d groups", len(members))
		}
		if n <= 510 || pages < 3 {
			t.Errorf("pages of %d: the large group came once: %d rows on %d pages", size, n, pages)
		}
		for i := range 510 {
			id := syntheticID(kindGroup, i)
			if got, want := len(members[id]), tenant.groups.related(i, "members"); got != want {
				t.Errorf("pages of %d: group %d has %d members, want %d", size, i, got, want)
			}
			if got, want := len(owners[id]), tenant.groups.related(i, "owners"); got != want {
				t.Errorf("pages of %d: group %d has %d owners, want %d", size, i, got, want)
			}
		}
		if first == nil {
			first = members
		}
		if !maps.EqualFunc(first, members, maps.Equal) {
			t.Errorf("pages of %d tell something else", size)
		}
	}
	if n := len(first[syntheticID(kindGroup, 500)]); n != 3001 {
		t.Errorf("the large group has %d members", n)
	}
	s, c := synthetic(t, Options{Tenant: tenant})
	a := c.get(s.URL + "/v1.0/groups/delta()?$select=id,displayName")
	if g := a.value()[0]; g["displayName"] == nil || g["members@delta"] != nil {
		t.Errorf("not selected: %v", g)
	}
}

// TestSynthetic says that what is made up holds together.
func TestSynthetic(t *testing.T) {
	tenant := Synthetic(1200, 110)
	for name, r := range map[string]rows{"users": tenant.users, "groups": tenant.groups} {
		seen := map[string]bool{}
		for i := range r.len() {
			id, _ := r.value(i, "id").(string)
			if at, ok := r.find(id); !ok || at != i || seen[id] {
				t.Fatalf("%s %d: id %q is found at %d", name, i, id, at)
			}
			seen[id] = true
			for _, property := range r.names(i) {
				r.value(i, property) // panics when it is not JSON
			}
			for _, navigation := range []string{"sponsors", "members", "owners"} {
				for k := range r.related(i, navigation) {
					l := r.relation(i, navigation, k)
					if _, _, _, ok := tenant.lookup(l.id); !ok {
						t.Errorf("%s %d: %s: there is no %s", name, i, navigation, l.id)
					}
				}
			}
		}
		for _, id := range []string{"", "x", syntheticID(9, 0), syntheticID(kindGuest, 9999999)} {
			if _, ok := r.find(id); ok {
				t.Errorf("%s: %q was found", name, id)
			}
		}
	}
	s, c := synthetic(t, Options{Tenant: tenant})
	team := syntheticID(kindGroup, 80)
	for path, want := range map[string]int{
		"/groups/" + syntheticID(kindGroup, 12) + "/settings":                1,
		"/groups/" + syntheticID(kindGroup, 13) + "/settings":                0,
		"/teams/" + team + "/allChannels?$filter=membershipType eq 'shared'": 1,
		"/teams/" + team + "/channels/19:shared80@thread.tacv2/allMembers":   1,
		"/groups?$filter=groupTypes/any(c:c eq 'Unified')&$top=999":          55,
	} {
		if got := len(c.all(s.URL + "/v1.0" + path)); got != want {
			t.Errorf("%s: %d, want %d", path, got, want)
		}
	}
	for path, status := range map[string]int{"/teams/" + team: 200, "/teams/" + syntheticID(kindGroup, 81): 404, "/teams/" + syntheticID(kindGroup, 81) + "/allChannels": 404} {
		if a := c.get(s.URL + "/v1.0" + path); a.status != status {
			t.Errorf("%s: %d", path, a.status)
		}
	}
}
