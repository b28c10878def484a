package policies

import (
	"slices"
	"testing"

	"github.com/guestward/guestward/collector/snapshot"
)

const (
	inviters     = "00002701-0000-4000-8000-000000002701" // the group of the hardened tenant that holds a role
	oneGuest     = "00001001-0000-4000-8000-000000001001"
	globalAdmin  = "62e90394-69f5-4237-9190-012177145e10"
	guestInviter = "95e79109-95c0-4d8e-aee3-d01accf2d47b"
)

// section is the object in a document to which the names lead.
func section(doc snapshot.Document, names ...string) map[string]any {
	var v any = map[string]any(doc)
	for _, name := range names {
		v = v.(map[string]any)[name]
	}
	return v.(map[string]any)
}

// TestGovernanceAloneLetsActivate takes Entra ID P2 from the hardened tenant and gives it Entra ID Governance, which has
// Privileged Identity Management as well.
// https://learn.microsoft.com/en-us/entra/id-governance/licensing-fundamentals
func TestGovernanceAloneLetsActivate(t *testing.T) {
	c := catalogue(t)
	rules, err := c.Select([]string{"PRV-001", "PRV-003", "PRV-006"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	judged := func(change func(doc snapshot.Document)) []Status {
		doc := document(t, "hardened")
		for _, p := range section(doc, "licences")["servicePlans"].([]any) {
			if plan := p.(map[string]any); plan["servicePlanName"] == "AAD_PREMIUM_P2" {
				plan["servicePlanName"], plan["servicePlanId"] = "Entra_Identity_Governance", "e866a266-3cff-43a3-acca-0c90a7e00c8b"
			}
		}
		change(doc)
		var list []Status
		for _, r := range judge(t, c, doc, hardenedOptions(t, c, rules...)).Results {
			list = append(list, r.Status)
		}
		return list
	}
	lacking := func(doc snapshot.Document) {
		delete(section(doc, "roles"), "eligibility")
		delete(section(doc, "governance"), "pim")
	}
	for _, test := range []struct {
		story  string
		change func(doc snapshot.Document)
		want   []Status
	}{
		{"nobody is eligible", func(snapshot.Document) {}, []Status{Pass, Pass, Pass}},
		{"a guest is eligible for ever", func(doc snapshot.Document) {
			section(doc, "roles")["eligibility"] = []any{map[string]any{"id": "e", "principalId": oneGuest, "roleDefinitionId": globalAdmin, "directoryScopeId": "/", "endDateTime": nil}}
		}, []Status{Fail, Fail, Pass}},
		{"who is eligible is not in the snapshot", lacking, []Status{Unknown, Unknown, Unknown}},
		{"Graph said that a licence was missing", func(doc snapshot.Document) {
			lacking(doc)
			for _, path := range []string{"roles.eligibility", "governance.pim.groupEligibility", "governance.pim.groupAssignments"} {
				addGap(doc, path)
			}
			for _, s := range section(doc, "collection")["sources"].([]any) {
				if source := s.(map[string]any); source["outcome"] == "gap" {
					source["reason"] = "licence"
				}
			}
		}, []Status{Unknown, Unknown, Unknown}},
	} {
		if got := judged(test.change); !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", test.story, got, test.want)
		}
	}
}

// TestAnActivationHidesNoEligibility lets a guest activate membership of the group that invites guests, for ever, and looks
// at the tenant while an activation runs and while none does.
func TestAnActivationHidesNoEligibility(t *testing.T) {
	c := catalogue(t)
	rule, _ := c.Rule("PRV-003")
	for _, running := range []bool{false, true} {
		doc := document(t, "hardened")
		roles := section(doc, "roles")
		roles["schedule"] = append(roles["schedule"].([]any), map[string]any{
			"id": "s", "principalId": inviters, "roleDefinitionId": guestInviter, "directoryScopeId": "/", "assignmentType": "Assigned", "endDateTime": nil,
		})
		pim := section(doc, "governance", "pim")
		pim["groupEligibility"] = []any{map[string]any{"id": "e", "groupId": inviters, "principalId": oneGuest, "accessId": "member", "endDateTime": nil}}
		if running {
			pim["groupAssignments"] = []any{map[string]any{
				"id": "a", "groupId": inviters, "principalId": oneGuest, "accessId": "member", "assignmentType": "activated", "endDateTime": "2026-11-20T15:00:00Z",
			}}
			doc["groups"].([]any)[0].(map[string]any)["externalMembers"] = []any{oneGuest}
		}
		r := judge(t, c, doc, hardenedOptions(t, c, rule)).Results[0]
		want := "can activate the role Guest Inviter without an end: can activate membership of 'Guest inviters', which holds it"
		if r.Status != Fail || !says(r, want) {
			t.Errorf("an activation runs: %v; %s, want a finding that says %q in%s", running, r.Status, want, said(r))
		}
	}
}
