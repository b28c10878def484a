package reach

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// TestNothingIsHiddenByTheShortWay holds the quick answer that somebody reaches nothing, and the numbers, against the ways
// themselves, in tenants of chance: groups in circles, roles and applications anywhere, memberships to activate.
func TestNothingIsHiddenByTheShortWay(t *testing.T) {
	full, empty := 0, 0
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		group := func() string { return fmt.Sprint("g", r.IntN(8)) }
		anybody := func() string { return fmt.Sprint([]string{"u", "g"}[r.IntN(2)], r.IntN(8)) }
		some := func(n int, make func() any) []any {
			list := []any{}
			for range r.IntN(n + 1) {
				list = append(list, make())
			}
			return list
		}
		groups := []any{}
		for i := range 8 {
			groups = append(groups, map[string]any{
				"id": fmt.Sprint("g", i), "resourceProvisioningOptions": some(1, func() any { return "Team" }),
				"externalMembers": some(2, func() any { return fmt.Sprint("u", r.IntN(8)) }),
				"externalOwners":  some(1, func() any { return fmt.Sprint("u", r.IntN(8)) }),
				"memberGroups":    some(2, func() any { return group() }),
			})
		}
		m, err := New(FromDocument(map[string]any{
			"groups": groups,
			"sites":  some(2, func() any { return map[string]any{"Url": "s", "GroupId": group()} }),
			"roles": map[string]any{
				"assignments": some(2, func() any { return map[string]any{"principalId": anybody(), "roleDefinitionId": "r"} }),
				"eligibility": some(1, func() any { return map[string]any{"principalId": anybody(), "roleDefinitionId": "e"} }),
			},
			"governance": map[string]any{"pim": map[string]any{"groupEligibility": some(3, func() any {
				return map[string]any{"groupId": group(), "principalId": anybody(), "accessId": []string{"member", "owner"}[r.IntN(2)]}
			})}},
			"applications": map[string]any{
				"assignments": some(2, func() any { return map[string]any{"principalId": anybody(), "resourceId": "a"} }),
				"owners":      some(1, func() any { return map[string]any{"ownerId": anybody(), "resourceId": "a"} }),
			},
		}))
		if err != nil {
			t.Fatal(err)
		}
		for u := range 8 {
			id := fmt.Sprint("u", u)
			w := m.walk(id, keyOf(id))
			for _, kind := range Kinds {
				list, err := m.items(w, kind)
				if err != nil {
					t.Fatal(err)
				}
				if len(list) > 0 {
					full++
				} else {
					empty++
				}
				if may := m.may(keyOf(id), []string{kind}); len(list) > 0 && !may {
					t.Errorf("seed %d: %s reaches %d %s, and it is said to be none", seed, id, len(list), kind)
				}
				counts, err := m.Count(id, []string{kind})
				if n := append(counts, 0)[0]; err != nil || n != len(list) {
					t.Errorf("seed %d: %s reaches %d %s, and is said to reach %d (%v)", seed, id, len(list), kind, n, err)
				}
			}
		}
	}
	if full < 1000 || empty < 1000 {
		t.Errorf("%d with something, %d with nothing: the test tests nothing", full, empty)
	}
}
