package graph_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/guestward/guestward/collector"
	"github.com/guestward/guestward/collector/graph/graphtest"
	"github.com/guestward/guestward/collector/snapshot"
)

// TestEligibilityOfOrdinaryGroups asks about each group that Privileged Identity Management can manage, not only about those
// that can hold roles, twenty in one batch, and about no other; how long memberships last, of groups that can hold roles.
func TestEligibilityOfOrdinaryGroups(t *testing.T) {
	const eligible, active = "/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances", "/v1.0/identityGovernance/privilegedAccess/group/assignmentScheduleInstances"
	id := func(i int) string { return fmt.Sprintf("%08d-0000-4000-8000-%012d", i, i) }
	var many []any
	for i := range 50 {
		many = append(many, map[string]any{"id": id(9000 + i), "displayName": "Ordinary", "groupTypes": []any{}, "securityEnabled": true, "mailEnabled": false})
	}
	tenant := changed(t, func(state map[string]any) {
		state["groups"] = slices.Concat(state["groups"].([]any), many, []any{
			map[string]any{"id": id(9100), "displayName": "List", "groupTypes": []any{}, "securityEnabled": false, "mailEnabled": true},
			map[string]any{"id": id(9101), "displayName": "Mail-enabled", "groupTypes": []any{}, "securityEnabled": true, "mailEnabled": true},
			map[string]any{"id": id(9102), "displayName": "Synchronized", "groupTypes": []any{}, "securityEnabled": true, "mailEnabled": false, "onPremisesSyncEnabled": true},
			map[string]any{"id": id(9103), "displayName": "Dynamic", "groupTypes": []any{"Unified", "DynamicMembership"}, "securityEnabled": false, "mailEnabled": true},
		})
		collections := state["collections"].(map[string]any)
		collections[eligible] = append(collections[eligible].([]any),
			map[string]any{"id": id(9201), "groupId": id(1705), "principalId": id(1001), "accessId": "member", "endDateTime": nil},
			map[string]any{"id": id(9202), "groupId": id(1701), "principalId": id(1001), "accessId": "owner", "endDateTime": nil})
	})
	s := graphtest.New(t, graphtest.Options{Tenant: tenant, Now: testNow, Limits: graphtest.NoLimits})
	records, snap := collect(t, s, s.Token(granted()...), collector.Select([]string{"governance.pim.groupEligibility", "governance.pim.groupAssignments"}))
	var rows []struct{ GroupID, AccessID string }
	if err := json.Unmarshal([]byte(part(t, snap, "governance.pim.groupEligibility")), &rows); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range rows {
		got = append(got, r.GroupID[4:8]+" "+r.AccessID)
	}
	slices.Sort(got)
	if want := []string{"1701 owner", "1705 member", "1706 member"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	asked, batches := map[string][]string{}, 0
	for _, q := range s.Requests() {
		if _, group, ok := strings.Cut(q.Query, "groupId eq '"); ok {
			asked[q.Path] = append(asked[q.Path], group[4:8])
		}
		if strings.HasSuffix(q.Path, "/$batch") {
			batches++
		}
	}
	want := []string{"1701", "1702", "1703", "1704", "1705", "1706", "1708", "1709"}
	for i := range 50 {
		want = append(want, fmt.Sprint(9000+i))
	}
	slices.Sort(asked["/v1.0"+eligible])
	if !slices.Equal(asked["/v1.0"+eligible], want) || !slices.Equal(asked[active], []string{"1706"}) {
		t.Errorf("asked about %q", asked)
	}
	if batches != 3+1 { // 58 groups, and one
		t.Errorf("%d batches", batches)
	}
	if r := records["governance.pim.groupEligibility"]; r.Outcome != snapshot.Collected || !strings.Contains(r.Detail, "neither dynamic nor synchronized") {
		t.Errorf("%+v", r)
	}
}
