package graphtest

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestPermissions takes each permission away that opens a path, and gives each one alone.
func TestPermissions(t *testing.T) {
	s, c := contoso(t, Options{})
	for _, a := range asked {
		path, _, _ := strings.Cut(a.path, "?")
		e := route(strings.TrimPrefix(path, "/v1.0"))
		c.token = s.Token(slices.DeleteFunc(Permissions(), func(name string) bool { return slices.Contains(e.accepts, name) })...)
		got := c.get(s.URL + a.path)
		if got.status != 403 || !slices.Contains([]string{"Authorization_RequestDenied", "AccessDenied", "accessDenied", "UnknownError"}, got.code()) {
			t.Errorf("%s without %v: %d %s", a.path, e.accepts, got.status, got.text)
		}
		for _, name := range e.accepts {
			if strings.Contains(a.path, "signInActivity") {
				continue // needs two
			}
			c.token = s.Token(name)
			if got := c.get(s.URL + a.path); got.status != 200 {
				t.Errorf("%s with %s: %d %s", a.path, name, got.status, got.text)
			}
		}
	}
	const activity = "/v1.0/users?$select=id,signInActivity"
	for permissions, status := range map[string]int{"User.Read.All": 403, "AuditLog.Read.All": 403, "User.Read.All AuditLog.Read.All": 200} {
		c.token = s.Token(strings.Fields(permissions)...)
		if got := c.get(s.URL + activity); got.status != status {
			t.Errorf("sign-in times with %s: %d", permissions, got.status)
		}
	}
	const terms = "/v1.0/identityGovernance/termsOfUse/agreements"
	c.token = s.Token("Agreement.Read.All")
	if got := c.get(s.URL + terms); got.status != 403 {
		t.Errorf("an application reads terms of use: %d", got.status)
	}
	c.token = s.TokenWith(TokenOptions{Scopes: []string{"Agreement.Read.All"}})
	if got := c.get(s.URL + terms); got.status != 200 || len(got.value()) != 1 {
		t.Errorf("a person does not read terms of use: %d %s", got.status, got.text)
	}
}

func TestTokens(t *testing.T) {
	now := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
	s, c := contoso(t, Options{Now: now, Permissions: []string{"Domain.Read.All"}})
	for _, test := range []struct {
		about, token, path string
		status             int
	}{
		{"none", "", "/v1.0/domains", 401},
		{"opaque", "opaque", "/v1.0/domains", 200},
		{"opaque, without the permission", "opaque", "/v1.0/users", 403},
		{"good", s.Token("Domain.Read.All"), "/v1.0/domains", 200},
		{"of no permissions", s.Token(), "/v1.0/domains", 403},
		{"expired", s.TokenWith(TokenOptions{Permissions: []string{"Domain.Read.All"}, Expires: now.Add(-time.Second)}), "/v1.0/domains", 401},
		{"not readable", "a.b.c", "/v1.0/domains", 401},
	} {
		c.token = test.token
		for range 2 { // the second time it is remembered
			if a := c.get(s.URL + test.path); a.status != test.status || a.status == 401 && a.code() != "InvalidAuthenticationToken" {
				t.Errorf("a token that is %s: %d %s", test.about, a.status, a.text)
			}
		}
	}
}

// TestLimited says what related objects show to whom.
func TestLimited(t *testing.T) {
	s, c := contoso(t, Options{})
	first := func(a answered, member string) map[string]any {
		t.Helper()
		if a.status != 200 {
			t.Fatalf("%d %s", a.status, a.text)
		}
		switch v := a.value()[0][member].(type) {
		case []any:
			return v[0].(map[string]any)
		case map[string]any:
			return v
		}
		t.Fatalf("no %s in %s", member, a.text)
		return nil
	}
	const sponsors = "/v1.0/users?$filter=userType eq 'Guest'&$select=id&$expand=sponsors($select=id,accountEnabled)"
	const roles = "/v1.0/roleManagement/directory/roleAssignments?$expand=principal($select=id,userType)"
	for _, test := range []struct {
		permissions, path, member, property string
		want                                any
	}{
		{"User.Read.All", sponsors, "sponsors", "accountEnabled", true},
		{"Directory.Read.All", sponsors, "sponsors", "accountEnabled", nil},
		{"RoleManagement.Read.Directory", roles, "principal", "userType", nil},
		{"RoleManagement.Read.Directory User.Read.All", roles, "principal", "userType", "Member"},
	} {
		c.token = s.Token(strings.Fields(test.permissions)...)
		o := first(c.get(s.URL+test.path), test.member)
		if _, there := o[test.property]; !there || o[test.property] != test.want || o["id"] != id(901) || o["@odata.type"] != "#microsoft.graph.user" {
			t.Errorf("%s with %s: %v", test.path, test.permissions, o)
		}
	}
	c.token = s.Token("User.ReadBasic.All")
	u := c.get(s.URL + "/v1.0/users?$select=id,displayName,userType").value()[0]
	if u["displayName"] == nil || u["userType"] != nil {
		t.Errorf("a basic profile: %v", u)
	}
	c.token = s.Token("GroupMember.Read.All")
	if a := c.get(s.URL + "/v1.0/groups/" + id(1708) + "/members"); a.status != 403 {
		t.Errorf("hidden members: %d", a.status)
	}
	for permissions, want := range map[string]int{"GroupMember.Read.All": 1, "GroupMember.Read.All Member.Read.Hidden": 2} {
		c.token = s.Token(strings.Fields(permissions)...)
		if a := c.get(s.URL + "/v1.0/groups/delta?$select=id,members"); strings.Count(a.text, id(1011)) != want || a.status != 200 {
			t.Errorf("a hidden member in delta with %s: %d %s", permissions, a.status, a.text)
		}
	}
}

// TestLicences takes the plans away.
func TestLicences(t *testing.T) {
	s, c := contoso(t, Options{})
	s.options.Tenant.collections["/subscribedSkus"] = objects{}
	for path, want := range map[string]string{
		"/v1.0/users?$select=id,signInActivity":                           "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
		"/v1.0/auditLogs/signIns":                                         "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
		em + "settings":                                                   "NoLicense",
		"/v1.0/identityGovernance/accessReviews/definitions":              "UnknownError",
		"/v1.0/roleManagement/directory/roleEligibilityScheduleInstances": "AadPremiumLicenseRequired",
		"/v1.0/identityGovernance/lifecycleWorkflows/workflows":           "UnknownError",
	} {
		if a := c.get(s.URL + path); a.code() != want || a.status < 400 {
			t.Errorf("%s: %d %s, want %s", path, a.status, a.text, want)
		}
	}
	if a := c.get(s.URL + "/v1.0/roleManagement/directory/roleAssignments"); a.status != 200 {
		t.Errorf("what is free: %d", a.status)
	}
	s.options.Tenant.licensed = []string{"/identityGovernance/*"}
	if a := c.get(s.URL + em + "settings"); a.status != 200 {
		t.Errorf("licensed by the state: %d", a.status)
	}
}

// TestSnapshots serves every tenant of the tests that is a snapshot.
func TestSnapshots(t *testing.T) {
	const dir = "../../../testdata/tenants/"
	type want struct {
		path   string
		status int
		text   string
	}
	for file, list := range map[string][]want{
		"hardened.json": {
			{"/v1.0/policies/authorizationPolicy", 200, "adminsAndGuestInviters"},
			{"/v1.0/users?$select=id,signInActivity", 200, "2026-11-10T08:00:00Z"},
			{"/v1.0/users?$filter=userType eq 'Guest'&$expand=sponsors($select=id,userType)", 200, `"#microsoft.graph.user"`},
			{"/beta/legacy/policies", 200, "AllowedDomains"},
			{"/v1.0/subscribedSkus", 200, "AAD_PREMIUM_P2"},
			{"/v1.0/identityGovernance/lifecycleWorkflows/workflows", 200, `"value":[]`},
			{"/v1.0/identity/conditionalAccess/policies", 200, "mfa"},
			{"/teams/Skype.Policy/configurations/TeamsMeetingPolicy", 200, "Tag:Board"},
		},
		"partial.json": {
			{"/v1.0/policies/authenticationFlowsPolicy", 400, "Resource not found for the segment"},
			{"/v1.0/groupSettings", 429, "TooManyRequests"},
			{"/v1.0/users?$select=id,signInActivity", 403, "Authorization_RequestDenied"},
			{"/v1.0/users?$select=id", 200, id(1001)},
			{em + "settings", 403, "NoLicense"},
			{"/v1.0/identityGovernance/accessReviews/definitions", 403, "NoLicense"},
			{"/v1.0/identityGovernance/lifecycleWorkflows/workflows", 403, "NoLicense"},
			{"/teams/Skype.Policy/configurations/TeamsMeetingPolicy", 404, "NotFound"},
		},
		"messy.json": {{"/v1.0/groupSettings", 200, "Group.Unified"}},
		"community.json": {
			{"/v1.0/policies/authorizationPolicy", 200, "allowInvitesFrom"},
			{"/v1.0/identity/conditionalAccess/policies", 400, "Resource not found for the segment 'policies'."},
		},
		"default.json": {{"/v1.0/policies/authorizationPolicy", 200, "allowInvitesFrom"}},
	} {
		tenant, err := FromSnapshot(dir + file)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		s := New(t, Options{Tenant: tenant})
		c := client{t: t, token: "opaque"}
		for _, w := range list {
			if a := c.get(s.URL + w.path); a.status != w.status || !strings.Contains(a.text, w.text) {
				t.Errorf("%s: %s: %d %s, want %d %s", file, w.path, a.status, a.text, w.status, w.text)
			}
		}
	}
}

// TestGapErrors says that every reason of a gap has its error.
func TestGapErrors(t *testing.T) {
	for reason, status := range map[string]int{"permission": 403, "licence": 403, "unavailable": 400, "throttled": 429, "error": 500, "not_requested": 0} {
		e, ok := gapError("/auditLogs/signIns", reason, "")
		if ok != (status > 0) || ok && e.Status != status {
			t.Errorf("%s: %+v", reason, e)
		}
	}
	if e, _ := gapError("/users", "permission", "Own"); e.Code != "Own" {
		t.Errorf("the snapshot's own code: %+v", e)
	}
}

func TestByIDs(t *testing.T) {
	s, c := contoso(t, Options{Allowed: []string{"0 ids"}})
	ask := func(body any) answered {
		t.Helper()
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		a, err := c.try("POST", s.URL+"/v1.0/directoryObjects/getByIds", string(text))
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	if a := ask(map[string]any{"ids": []string{id(901), id(1701), id(404), id(999)}}); len(a.value()) != 3 {
		t.Errorf("%s", a.text)
	}
	if a := ask(map[string]any{"ids": []string{id(901), id(1701)}, "types": []string{"group"}}); len(a.value()) != 1 {
		t.Errorf("%s", a.text)
	}
	if a := ask(map[string]any{"ids": []string{}}); a.status != 400 {
		t.Errorf("no ids: %d", a.status)
	}
	c.extra = map[string]string{"ConsistencyLevel": "eventual"}
	if a := c.get(s.URL + "/v1.0/users/$count?$filter=userType eq 'Guest'"); a.text != "16" {
		t.Errorf("count: %s", a.text)
	}
}
