package reach

import (
	"encoding/json"
	"fmt"
	"iter"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
)

const tenant = `{
	"collection": {"sources": [{"source": "groups.channels", "outcome": "gap", "reason": "permission"}]},
	"tenant": {"organization": {"id": "t"}},
	"guests": [{"id": "g1"}, {"id": "g2"}],
	"groups": [
		{"id": "A", "displayName": "Partners", "resourceProvisioningOptions": ["Team"], "externalMembers": ["g1"], "externalOwners": ["g2"], "memberGroups": ["c"],
		 "channels": [{"id": "ch", "displayName": "Shared", "allMembers": [{"userId": "g2"}, {}]}]},
		{"id": "B", "displayName": "Admins", "externalMembers": [], "externalOwners": [], "memberGroups": ["a"]},
		{"id": "C", "displayName": "Circle", "externalMembers": [], "externalOwners": [], "memberGroups": ["b", "nobody"]},
		{"id": "D", "displayName": "Empty", "externalMembers": [], "externalOwners": [], "memberGroups": []},
		{"id": "E", "displayName": "On demand", "externalMembers": [], "externalOwners": [], "memberGroups": []},
		{"id": "F", "displayName": "Behind", "externalMembers": [], "externalOwners": [], "memberGroups": ["e"]}
	],
	"sites": [{"Url": "https://s/1", "Title": "One", "GroupId": "a", "RelatedGroupId": "a"}, {"Url": "https://s/2", "GroupId": ""}],
	"roles": {
		"definitions": [{"id": "r1", "templateId": "T1", "displayName": "Reader", "isBuiltIn": true}, {"id": "r2", "displayName": "Own", "isBuiltIn": false}],
		"assignments": [
			{"id": "1", "principalId": "b", "roleDefinitionId": "r1", "directoryScopeId": "/"},
			{"id": "2", "principalId": "g2", "roleDefinitionId": "r2", "directoryScopeId": "/x"},
			{"id": "3", "principalId": "f", "roleDefinitionId": "r1"},
			{"id": "10", "principalId": "S", "roleDefinitionId": "r2"}],
		"schedule": [
			{"id": "4", "principalId": "g2", "roleDefinitionId": "r2", "directoryScopeId": "/x", "assignmentType": "Activated", "endDateTime": "2026-11-20T10:00:00Z"},
			{"id": "5", "principalId": "f", "roleDefinitionId": "r1", "directoryScopeId": "/", "assignmentType": "Assigned", "endDateTime": null}],
		"eligibility": [{"id": "6", "principalId": "g2", "roleDefinitionId": "r2", "directoryScopeId": "/x", "endDateTime": "2027-01-01T00:00:00Z"}]
	},
	"governance": {
		"pim": {
			"groupEligibility": [{"id": "7", "groupId": "e", "principalId": "a", "accessId": "member", "endDateTime": "2027-02-01T00:00:00Z"},
				{"id": "8", "groupId": "E", "principalId": "g2", "accessId": "owner", "endDateTime": null}],
			"groupAssignments": [{"id": "9", "groupId": "a", "principalId": "g1", "accessId": "member", "endDateTime": "2026-12-01T00:00:00Z"}]
		},
		"entitlementManagement": {"assignments": [
			{"id": "p", "state": "delivered", "target": {"objectId": "g1"}, "accessPackage": {"id": "pk", "displayName": "Project"}, "schedule": {"expiration": {"endDateTime": "2026-12-31T00:00:00Z"}}},
			{"id": "q", "state": "expired", "target": {"objectId": "g1"}},
			{"id": "w", "state": "delivering", "target": null}]}
	},
	"applications": {
		"servicePrincipals": [{"id": "S", "appId": "app", "displayName": "Invoices"}],
		"owners": [{"id": "1", "ownerId": "G2", "resourceType": "application", "resourceId": "reg", "resourceDisplayName": "Bills", "appId": "APP"},
			{"id": "2", "ownerId": "g2", "resourceType": "servicePrincipal", "resourceId": "S", "appId": "app"},
			{"id": "3", "ownerId": "g2", "resourceType": "application", "resourceId": "lonely", "appId": null}],
		"assignments": [{"id": "x", "principalId": "c", "resourceId": "s"}, {"id": "y", "principalId": "g1", "resourceId": "s"}],
		"grants": [{"id": "z", "clientId": "s", "principalId": "g1", "consentType": "Principal", "scope": "User.Read  Mail.Read"},
			{"id": "v", "clientId": "other", "principalId": null, "consentType": "AllPrincipals", "scope": "openid"}]
	}
}`

// TestAccounts asks of ids who is behind them: PIM lets those in A into E, and F holds E.
func TestAccounts(t *testing.T) {
	m := model(t, strings.Replace(tenant, `{"id": "g1"}, {"id": "g2"}`, `{"id": "g1", "userType": "guest"}, {"id": "g2", "userType": "Member"}, {"id": "g3", "userType": "?"}`, 1))
	got, err := m.Accounts([]string{"G1", "g2", "g3", "u1", "a", "b", "C", "d", "e", "f", "g", "b", ""})
	want := Accounts{
		Users:  map[string]string{"G1": "Guest", "g2": "Member", "g3": ""},
		Groups: []string{"a", "b", "C", "e", "f"}, Count: 3, Unknown: []string{},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v %v, want %+v", got, err, want)
	}
	got, err = model(t, `{}`).Accounts([]string{"g1"})
	unknown := []string{"guests", "groups", "groups.externalMembers", "governance.pim.groupEligibility"}
	if err != nil || !reflect.DeepEqual(got, Accounts{map[string]string{}, []string{}, 0, unknown}) {
		t.Errorf("%+v %v", got, err)
	}
}

func model(t *testing.T, text string) *Model {
	t.Helper()
	var doc map[string]any
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	m, err := New(FromDocument(doc))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// told are the items as "name: how", with what matters of their times.
func told(list []Item) []string {
	var out []string
	for _, i := range list {
		s := i.Name + ": " + i.How
		if i.State != "" {
			s += fmt.Sprintf(" [%s until %q %v]", i.State, i.Until, i.UntilKnown)
		}
		out = append(out, s)
	}
	return out
}

func TestReach(t *testing.T) {
	m := model(t, tenant)
	want := map[string]map[string][]string{
		"G1": {
			Groups: {
				"Admins: member of 'Partners', which is a member of 'Admins'",
				"Behind: member of 'Partners', which can activate membership of 'On demand', which is a member of 'Behind'",
				"Circle: member of 'Partners', which is a member of 'Admins', which is a member of 'Circle'",
				"On demand: member of 'Partners', which can activate membership of 'On demand'",
				"Partners: member of 'Partners'",
			},
			Teams: {"Partners: member of 'Partners'"},
			Sites: {"One: member of 'Partners', to which the site belongs"},
			Roles: {
				`Reader: member of 'Partners', which is a member of 'Admins', which holds it [active until "2026-12-01T00:00:00Z" true]`,
				`Reader: member of 'Partners', which can activate membership of 'On demand', which is a member of 'Behind', which holds it [eligible until "2026-12-01T00:00:00Z" true]`,
			},
			Applications: {"Invoices: assigned directly"},
			Packages:     {`Project: assigned until 2026-12-31T00:00:00Z [delivered until "2026-12-31T00:00:00Z" false]`},
			Grants:       {"Invoices: consented to it", "other: an administrator consented for everybody"},
		},
		"g2": {
			Roles: {`Own: can activate it directly [eligible until "2027-01-01T00:00:00Z" true]`},
			Owns: {
				"Bills: owner of the application, which holds Own", "Invoices: owner of the enterprise application, which holds Own",
				"On demand: can activate ownership of the group", "Partners: owner of the group", "lonely: owner of the application",
			},
			Channels: {"Shared: member of the shared channel in team 'Partners'"},
			Grants:   {"other: an administrator consented for everybody"},
		},
		"stranger": {Grants: {"other: an administrator consented for everybody"}},
	}
	for id, kinds := range want {
		r, err := m.Of(id)
		if err != nil {
			t.Fatal(err)
		}
		for _, kind := range Kinds {
			if got := told(*r.List(kind)); !slices.Equal(got, kinds[kind]) {
				t.Errorf("%s reaches the %s\n%q, want\n%q", id, kind, got, kinds[kind])
			}
		}
		if !slices.Equal(r.Unknown, []string{"groups.channels"}) {
			t.Errorf("%s: unknown %v", id, r.Unknown)
		}
	}
	if r, _ := m.Of("g1", Roles); !slices.Equal(r.Roles[0].Path, []string{"A", "B"}) || r.Roles[0].Holder != "B" || r.Roles[0].ID != "t1" {
		t.Errorf("%+v", r.Roles[0])
	}
	if _, err := m.Of("g1", "castles"); err == nil {
		t.Error("castles can be reached")
	}
}

// TestTheLongestWayCounts holds that no way hides another that lasts longer, and that an activation does not hide what it
// rests on. Membership of X, or of Y within X, leads to a role that is held for ever.
func TestTheLongestWayCounts(t *testing.T) {
	const (
		eligible  = `{"groupId": "x", "principalId": "u", "accessId": "member", "endDateTime": null}`
		activated = `{"groupId": "x", "principalId": "u", "accessId": "member", "assignmentType": "Activated", "endDateTime": "2026-11-20T15:00:00Z"}`
		held      = `{"groupId": "x", "principalId": "u", "accessId": "member", "assignmentType": "assigned", "endDateTime": "2026-12-01T00:00:00Z"}`
		inner     = `{"groupId": "y", "principalId": "u", "accessId": "member", "assignmentType": "assigned", "endDateTime": "2026-12-02T00:00:00Z"}`
		notTold   = `{"groupId": "y", "principalId": "u", "accessId": "member", "assignmentType": "assigned"}`
		nested    = `{"groupId": "x", "principalId": "y", "accessId": "member", "assignmentType": "assigned", "endDateTime": "2026-11-21T00:00:00Z"}`
		onDemand  = `Reader: can activate membership of 'X', which holds it [eligible until "" true]`
		byX       = `Reader: member of 'X', which holds it [active until %q %v]`
		byY       = `Reader: member of 'Y', which is a member of 'X', which holds it [active until %q %v]`
	)
	for _, test := range []struct {
		story                    string
		eligibility, assignments string
		x, y                     string // who is in the groups
		roles                    []string
		groups, teams            string
	}{
		{"an activation runs", eligible, activated, `"u"`, ``, []string{onDemand}, "can activate membership of 'X'", "can activate membership of 'X'"},
		{"nothing is activated", eligible, ``, ``, ``, []string{onDemand}, "can activate membership of 'X'", ""},
		{"an activation, and an assignment", eligible, activated + "," + held, `"u"`, ``, []string{fmt.Sprintf(byX, "2026-12-01T00:00:00Z", true), onDemand}, "member of 'X'", "member of 'X'"},
		{"an activation of which nothing tells what it rests on", ``, activated, `"u"`, ``, []string{fmt.Sprintf(byX, "2026-11-20T15:00:00Z", true)}, "member of 'X'", "member of 'X'"},
		{"two ways with an end", ``, held + "," + inner, `"u"`, `"u"`, []string{fmt.Sprintf(byY, "2026-12-02T00:00:00Z", true)}, "member of 'X'", "member of 'X'"},
		{"the longer way without an end", ``, held, `"u"`, `"u"`, []string{fmt.Sprintf(byY, "", true)}, "member of 'X'", "member of 'X'"},
		{"the shorter way without an end", ``, inner, `"u"`, `"u"`, []string{fmt.Sprintf(byX, "", true)}, "member of 'X'", "member of 'X'"},
		{"a way of which nothing tells when it ends", ``, held + "," + notTold, `"u"`, `"u"`, []string{fmt.Sprintf(byY, "", false)}, "member of 'X'", "member of 'X'"},
		{"a way without an end beats that", ``, notTold, `"u"`, `"u"`, []string{fmt.Sprintf(byX, "", true)}, "member of 'X'", "member of 'X'"},
		{"the way ends within", ``, inner + "," + nested, ``, `"u"`, []string{fmt.Sprintf(byY, "2026-11-21T00:00:00Z", true)}, "member of 'Y', which is a member of 'X'", ""},
	} {
		m := model(t, `{
			"groups": [{"id": "X", "displayName": "X", "resourceProvisioningOptions": ["Team"], "externalMembers": [`+test.x+`], "externalOwners": [], "memberGroups": ["y"]},
				{"id": "y", "displayName": "Y", "externalMembers": [`+test.y+`], "externalOwners": [], "memberGroups": ["x"]}],
			"roles": {"definitions": [{"id": "r", "displayName": "Reader"}], "assignments": [], "eligibility": [],
				"schedule": [{"principalId": "x", "roleDefinitionId": "r", "endDateTime": null}]},
			"governance": {"pim": {"groupEligibility": [`+test.eligibility+`], "groupAssignments": [`+test.assignments+`]}}}`)
		r, err := m.Of("U", Roles, Groups, Teams)
		if err != nil {
			t.Fatal(err)
		}
		if got := told(r.Roles); !slices.Equal(got, test.roles) {
			t.Errorf("%s: the roles\n%q, want\n%q", test.story, got, test.roles)
		}
		how := func(list []Item) string {
			for _, i := range list {
				if i.Name == "X" {
					return i.How
				}
			}
			return ""
		}
		if groups, teams := how(r.Groups), how(r.Teams); groups != test.groups || teams != test.teams {
			t.Errorf("%s: in group %q, in team %q; want %q, %q", test.story, groups, teams, test.groups, test.teams)
		}
	}
}

// TestALongerWayIsFoundLate goes from one group to two, and back together: the way through the second lasts longer, and is
// found when what lies behind was passed already.
func TestALongerWayIsFoundLate(t *testing.T) {
	m := model(t, `{
		"groups": [{"id": "a", "displayName": "A", "externalMembers": ["u"]}, {"id": "b", "displayName": "B", "externalMembers": ["u"]},
			{"id": "c", "displayName": "C", "externalMembers": [], "memberGroups": ["b"]},
			{"id": "d", "displayName": "D", "externalMembers": [], "memberGroups": ["a", "c"]},
			{"id": "e", "displayName": "E", "externalMembers": [], "memberGroups": ["d"]}],
		"roles": {"definitions": [{"id": "r", "displayName": "Reader"}], "assignments": [], "eligibility": [],
			"schedule": [{"principalId": "e", "roleDefinitionId": "r", "endDateTime": "2027-06-01T00:00:00Z"}]},
		"governance": {"pim": {"groupEligibility": [],
			"groupAssignments": [{"groupId": "a", "principalId": "u", "accessId": "member", "endDateTime": "2026-12-01T00:00:00Z"}]}}}`)
	r, err := m.Of("u", Roles)
	want := []string{`Reader: member of 'B', which is a member of 'C', which is a member of 'D', which is a member of 'E', which holds it [active until "2027-06-01T00:00:00Z" true]`}
	if got := told(r.Roles); err != nil || !slices.Equal(got, want) {
		t.Errorf("%q %v, want %q", got, err, want)
	}
}

// TestAssignmentsDoNotCascade holds that an application is reached by those who are in the assigned group, or can get into
// it, and not by those in groups within it; not even where they are in both and the way through both is found first.
// https://learn.microsoft.com/en-us/entra/identity/enterprise-apps/assign-user-or-group-access-portal
func TestAssignmentsDoNotCascade(t *testing.T) {
	m := model(t, `{
		"groups": [{"id": "a", "displayName": "Sales apps", "externalMembers": ["direct"], "memberGroups": ["b"]},
			{"id": "b", "displayName": "Falcon", "externalMembers": ["nested", "both"], "memberGroups": []},
			{"id": "c", "displayName": "On demand", "externalMembers": ["through"], "memberGroups": []}],
		"applications": {"servicePrincipals": [{"id": "s", "displayName": "Invoices"}], "assignments": [{"principalId": "a", "resourceId": "s"}]},
		"governance": {"pim": {"groupAssignments": [], "groupEligibility": [
			{"groupId": "a", "principalId": "both", "accessId": "member", "endDateTime": null},
			{"groupId": "b", "principalId": "inner", "accessId": "member", "endDateTime": null},
			{"groupId": "a", "principalId": "c", "accessId": "member", "endDateTime": null}]}}}`)
	for id, want := range map[string][]string{
		"direct":  {"Invoices: member of 'Sales apps', which is assigned to it"},
		"nested":  nil,
		"inner":   nil,
		"both":    {"Invoices: can activate membership of 'Sales apps', which is assigned to it"},
		"through": {"Invoices: member of 'On demand', which can activate membership of 'Sales apps', which is assigned to it"},
	} {
		r, err := m.Of(id, Applications)
		if got := told(r.Applications); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %q %v, want %q", id, got, err, want)
		}
	}
}

// TestWhatIsMissingIsUnknown takes each source away, and looks whether the kinds that are made of it say so.
func TestWhatIsMissingIsUnknown(t *testing.T) {
	for kind, list := range sources {
		for _, source := range list {
			m := model(t, tenant)
			gap := m.facts.Gap
			m.facts.Gap = func(path string) (string, bool) {
				if path == source {
					return "permission", true
				}
				return gap(path)
			}
			if r, err := m.Of("g1", kind); err != nil || !slices.Contains(r.Unknown, source) {
				t.Errorf("%s without %s: %v, %v", kind, source, r.Unknown, err)
			}
		}
	}
	m := model(t, `{"groups": [{"id": "a"}], "roles": {"assignments": [{"id": "1"}], "eligibility": []}, "applications": {"assignments": [{}], "grants": [{}], "owners": [{}]}, "governance": {"pim": {"groupEligibility": [{}]}}}`)
	want := []string{
		"applications.assignments", "applications.grants", "applications.owners", "applications.servicePrincipals", "governance.entitlementManagement.assignments",
		"governance.pim.groupEligibility", "groups.externalMembers", "groups.externalOwners", "roles.assignments", "roles.definitions", "sites",
	}
	if got := m.Unknown(Kinds); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// TestNobodyCanActivateWithoutALicence holds that a tenant without Entra ID P2 and without Entra ID Governance is not asked
// for what it cannot have, and that a gap is excused by a licence only where the plans lack it too.
func TestNobodyCanActivateWithoutALicence(t *testing.T) {
	gap := func(reason string) string {
		return `"collection": {"sources": [{"source": "roles.eligibility", "outcome": "gap", "reason": "` + reason + `"}]}`
	}
	plan := func(member, value, status string) string {
		return `"licences": {"servicePlans": [{"servicePlanName": "AAD_PREMIUM"}, {"` + member + `": "` + value + `", "provisioningStatus": "` + status + `"}]}`
	}
	none := `"licences": {"servicePlans": []}`
	for text, want := range map[string]bool{
		``:   true,
		none: false,
		plan("servicePlanName", "AAD_PREMIUM_P2", "Success"):                          true,
		plan("servicePlanName", "AAD_PREMIUM_P2", "Disabled"):                         false,
		plan("servicePlanName", "Entra_Identity_Governance", "Success"):               true,
		plan("servicePlanName", "Entra_Identity_Governance", "Disabled"):              false,
		plan("servicePlanId", "EEC0EB4F-6444-4f95-aba0-50c24d67f998", "Success"):      true,
		plan("servicePlanId", "e866a266-3cff-43a3-acca-0c90a7e00c8b", "PendingInput"): true,
		plan("servicePlanId", "41781fb2-bc02-4b7c-bd55-b576c07bb09d", "Success"):      false,
		gap("licence"):              true,
		gap("licence") + "," + none: false,
		gap("licence") + "," + plan("servicePlanName", "Entra_Identity_Governance", "Success"): true,
		gap("throttled") + "," + none: true,
	} {
		if got := model(t, "{"+text+"}").lacks("roles.eligibility"); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

func TestOthers(t *testing.T) {
	m := model(t, `{
		"tenant": {"organization": {"id": "t"}},
		"guests": [{"id": "g1"}],
		"roles": {"definitions": [{"id": "r", "templateId": "T", "displayName": "Reader"}], "assignments": [
			{"id": "0", "principalId": "G1", "roleDefinitionId": "r", "principal": {"userType": "Guest"}},
			{"id": "1", "principalId": "g2", "roleDefinitionId": "r", "principal": {"userType": "Guest", "displayName": "Ann"}},
			{"id": "2", "principalId": "m1", "roleDefinitionId": "r", "principal": {"userType": "Member", "userPrincipalName": "a_b.com#EXT#@t.example"}},
			{"id": "3", "principalId": "m2", "roleDefinitionId": "r", "principal": {"userType": "Member", "userPrincipalName": "a@t.example"}},
			{"id": "4", "principalId": "m3", "roleDefinitionId": "r", "principal": {"userType": "Member"}},
			{"id": "5", "principalId": "gr", "roleDefinitionId": "r", "principal": {"@odata.type": "#microsoft.graph.group"}},
			{"id": "6", "principalId": "f", "roleDefinitionId": "r", "principal": null, "principalOrganizationId": "p"},
			{"id": "7", "principalId": "d", "roleDefinitionId": "r", "principal": null, "principalOrganizationId": "T"},
			null],
		"schedule": [{"id": "8", "principalId": "g2", "roleDefinitionId": "r", "principal": {"userType": "guest"}}],
		"eligibility": [{"id": "9", "principalId": "g2", "roleDefinitionId": "r", "principal": {"userType": "Guest"}}]}}`)
	got, err := m.Others()
	want := []Other{
		{Path: []any{"roles", "assignments", 1}, Known: true, Who: "Ann", Name: "Reader", Role: "t", State: "holds"},
		{Path: []any{"roles", "assignments", 2}, Known: true, Who: "a_b.com#EXT#@t.example", Name: "Reader", Role: "t", State: "holds"},
		{Path: []any{"roles", "assignments", 4}, Who: "m3", Name: "Reader", Role: "t", State: "holds"},
		{Path: []any{"roles", "assignments", 6}, Known: true, Who: "f", Name: "Reader", Role: "t", State: "holds", Tenant: "p"},
		{Path: []any{"roles", "eligibility", 0}, Known: true, Who: "g2", Name: "Reader", Role: "t", State: "can activate"},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
}

// many yields groups of a tenant with n outsiders, each in three of n/50 groups.
func many(n int) func() iter.Seq2[Group, error] {
	return func() iter.Seq2[Group, error] {
		return func(yield func(Group, error) bool) {
			for g := range n / 50 {
				one := Group{ID: id(1<<30 + g), DisplayName: fmt.Sprint("Group ", g), ExternalOwners: []string{}}
				for i := range 150 {
					one.ExternalMembers = append(one.ExternalMembers, id((g*50+i*7)%n))
				}
				if g > 0 {
					one.MemberGroups = []string{id(1<<30 + g/2)}
				}
				if !yield(one, nil) {
					return
				}
			}
		}
	}
}

func id(n int) string { return fmt.Sprintf("%08x-0000-4000-8000-%012x", n, n) }

// BenchmarkModel says what a model of half a million outsiders weighs, for each of them.
func BenchmarkModel(b *testing.B) {
	const n = 500_000
	for b.Loop() {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		m, err := New(Facts{Groups: many(n), Gap: func(string) (string, bool) { return "", false }})
		if err != nil {
			b.Fatal(err)
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/n, "B/guest")
		runtime.KeepAlive(m)
	}
}

func BenchmarkOf(b *testing.B) {
	m, err := New(Facts{Groups: many(100_000), Gap: func(string) (string, bool) { return "", false }})
	if err != nil {
		b.Fatal(err)
	}
	i := 0
	for b.Loop() {
		i++
		if _, err := m.Of(id(i%100_000), Roles, Owns); err != nil {
			b.Fatal(err)
		}
	}
}
