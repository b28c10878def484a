package graphtest

import (
	"strings"
	"testing"
)

// TestStrict asks for what no service would understand.
func TestStrict(t *testing.T) {
	eventual := map[string]string{"ConsistencyLevel": "eventual"}
	tests := []struct {
		path  string
		extra map[string]string
		want  string // in the violation
		code  string
	}{
		{path: "/v1.0/nothing", want: "unknown path"},
		{path: "/v2.0/users", want: "unknown path"},
		{path: "/beta/users", want: "unknown path"},
		{path: "/v1.0/policies/externalIdentitiesPolicy", want: "unknown path"},
		{path: "/v1.0/users?$search=x", want: "$search is not understood"},
		{path: "/v1.0/users?select=id", want: `unknown query option "select"`},
		{path: "/v1.0/users?$select=id&$select=id", want: "there twice"},
		{path: "/v1.0/users?$select=id,id", want: "there twice"},
		{path: "/v1.0/users?$select=id,upn", want: `user has no property "upn"`},
		{path: "/v1.0/users?$select=ID", want: `user has no property "ID"`},
		{path: "/v1.0/users?$expand=sponsors($select=nothing)", want: `directoryObject has no property "nothing"`},
		{path: "/v1.0/users?$expand=memberOf", want: "nothing to expand"},
		{path: "/v1.0/users?$expand=sponsors($top=1)", want: "not understood"},
		{path: "/v1.0/users?$expand=sponsors($select=id", want: "not closed"},
		{path: "/v1.0/users?$top=1000", want: "1 to 999"},
		{path: "/v1.0/users?$top=0", want: "1 to 999"},
		{path: "/v1.0/users?$top=501&$select=id,signInActivity", want: "at most 500"},
		{path: "/v1.0/users?$filter=usertype eq 'Guest'", want: "no property usertype"},
		{path: "/v1.0/users?$filter=userType in ('Guest')", want: "no comparison"},
		{path: "/v1.0/users?$filter=userType eq 'Guest' userType eq 'Member'", want: "not understood"},
		{path: "/v1.0/users?$filter=userType like 'G'", want: "no comparison"},
		{path: "/v1.0/users?$filter=userType eq 'Guest", want: "no end"},
		{path: "/v1.0/users?$filter=userType eq Guest", want: "no value"},
		{path: "/v1.0/users?$filter=not(userType eq 'Guest')", want: "comparison"},
		{path: "/v1.0/users?$count=yes", want: "neither"},
		{path: "/v1.0/users?$select=id&$filter=userType ne 'Guest'&$count=true", want: "without ConsistencyLevel", code: "Request_UnsupportedQuery"},
		{path: "/v1.0/users?$filter=endsWith(mail,'x')", extra: eventual, want: "without $count=true", code: "Request_UnsupportedQuery"},
		{path: "/v1.0/users?$filter=endsWith(mail,'x')&$count=true&$expand=sponsors", extra: eventual, want: "$expand in an advanced", code: "Request_UnsupportedQuery"},
		{path: "/v1.0/users/$count", want: "without ConsistencyLevel", code: "Request_UnsupportedQuery"},
		{path: "/v1.0/users", extra: map[string]string{"ConsistencyLevel": "session"}, want: "ConsistencyLevel: session"},
		{path: "/v1.0/users", extra: map[string]string{"Accept": "text/html"}, want: "Accept"},
		{path: "/v1.0/users?$skiptoken=made-up", want: "$skiptoken"},
		{path: "/v1.0/subscribedSkus?$top=1", want: "$top is not understood"},
		{path: "/v1.0/identityGovernance/accessReviews/definitions?$top=101", want: "1 to 100"},
		{path: "/v1.0/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances", want: "groupId or principalId"},
		{path: "/v1.0/policies/authorizationPolicy?$top=1", want: "not understood"},
		{path: "/v1.0" + domainPath("b%C3%BCcher.example"), want: "no name of a domain"},
		{path: "/v1.0" + domainPath("localhost"), want: "no name of a domain"},
		{path: "/v1.0" + domainPath("it's.example"), want: "unknown path"},
		{path: "/v1.0" + domainPath("fabrikam.com%2Fx"), want: "unknown path"},
		{path: "/teams/Skype.Policy/configurations", want: "unknown path"},
		{path: "/sharepoint/_api/SPO.Tenant", extra: map[string]string{"Accept": "application/json;odata=verbose"}, want: "nometadata"},
	}
	s, c := contoso(t, Options{Allowed: []string{""}})
	for _, test := range tests {
		c.extra = test.extra
		before := len(s.Violations())
		a := c.get(s.URL + test.path)
		violations := s.Violations()[before:]
		if len(violations) != 1 || !strings.Contains(violations[0], test.want) {
			t.Errorf("%s: violations %q, want one with %q", test.path, violations, test.want)
		}
		if code := test.code; a.status != 400 || code != "" && a.code() != code {
			t.Errorf("%s: %d %s", test.path, a.status, a.text)
		}
	}
}

func TestWrites(t *testing.T) {
	s, c := contoso(t, Options{Allowed: []string{""}})
	for i, request := range []string{"POST /v1.0/users", "PATCH /v1.0/policies/authorizationPolicy", "DELETE /v1.0/users/" + id(1001), "POST /sharepoint/_api/SPO.Tenant"} {
		method, path, _ := strings.Cut(request, " ")
		if a, err := c.try(method, s.URL+path, "{}"); err != nil || a.status != 400 || len(s.Violations()) != i+1 {
			t.Errorf("%s: %d %v, violations %q", request, a.status, err, s.Violations())
		}
	}
}

// recorder stands for the test that a server is bound to.
type recorder struct {
	testing.TB
	errors int
}

func (r *recorder) Errorf(string, ...any) { r.errors++ }

func TestViolationsFailTheTest(t *testing.T) {
	r := &recorder{TB: t}
	s := New(r, Options{Tenant: Synthetic(1, 1), Allowed: []string{"$search"}})
	c := client{t: t, token: "opaque"}
	c.get(s.URL + "/v1.0/users?$search=x")
	if r.errors != 0 {
		t.Error("a violation that is allowed failed the test")
	}
	c.get(s.URL + "/v1.0/users?$select=nothing")
	if r.errors != 1 {
		t.Errorf("%d errors after a violation", r.errors)
	}
}

// TestSkipToken says that nobody gets anywhere with another list's token, or with other options.
func TestSkipToken(t *testing.T) {
	s, c := contoso(t, Options{PageCap: 1, Allowed: []string{""}})
	next, _ := c.get(s.URL + "/v1.0/users?$select=id").doc["@odata.nextLink"].(string)
	if !strings.HasPrefix(next, s.URL+"/v1.0/users?$select=id&$skiptoken=") {
		t.Fatalf("next page: %q", next)
	}
	for _, changed := range []string{
		strings.Replace(next, "/users?", "/groups?", 1), strings.Replace(next, "=id&", "=mail&", 1), next + "0", strings.Replace(next, "$select=id&", "", 1),
	} {
		if a := c.get(changed); a.status != 400 {
			t.Errorf("%s: %d", changed, a.status)
		}
	}
	if a := c.get(next); a.status != 200 || len(a.value()) != 1 {
		t.Errorf("%s: %d %s", next, a.status, a.text)
	}
}

// TestSignInActivityOfAdvancedQuery says that the service's own fault is served, and told.
func TestSignInActivityOfAdvancedQuery(t *testing.T) {
	s, c := contoso(t, Options{Allowed: []string{"leaves the times empty"}})
	const path = "/v1.0/users?$filter=userType eq 'Guest'&$select=id,signInActivity&$top=500"
	count := func(a answered) (n int) {
		for _, u := range a.value() {
			if u["signInActivity"] != nil {
				n++
			}
		}
		return n
	}
	if n := count(c.get(s.URL + path)); n != 15 {
		t.Errorf("%d guests have signed in, want 15", n)
	}
	c.extra = map[string]string{"ConsistencyLevel": "eventual"}
	if n := count(c.get(s.URL + path)); n != 0 || len(s.Violations()) != 1 {
		t.Errorf("%d times with ConsistencyLevel, violations %q", n, s.Violations())
	}
}

// TestUnknownMembers says who sees new members of enumerations.
func TestUnknownMembers(t *testing.T) {
	s, c := contoso(t, Options{})
	for path, want := range map[string]string{
		"/v1.0/identity/conditionalAccess/policies":             "riskRemediation",
		"/v1.0/teams/" + id(1701) + "/allChannels":              `"shared"`,
		"/v1.0/identityGovernance/lifecycleWorkflows/workflows": `"mover"`,
		"/v1.0/policies/authenticationStrengthPolicies":         `"qrCodePin"`,
		"/v1.0/auditLogs/signIns":                               "reportOnlyFailure",
	} {
		if a := c.get(s.URL + path); !strings.Contains(a.text, want) || strings.Contains(a.text, "unknownFutureValue") {
			t.Errorf("%s does not say %s", path, want)
		}
		plain := c
		plain.extra = map[string]string{"Prefer": ""}
		if a := plain.get(s.URL + path); strings.Contains(a.text, want) || !strings.Contains(a.text, "unknownFutureValue") {
			t.Errorf("%s says %s to who did not ask", path, want)
		}
	}
}

func TestFilters(t *testing.T) {
	o, err := parseObject([]byte(`{"id":"1","userType":"Guest","mail":"a'b@x.example","n":5,"on":true,"none":null,"at":"2026-11-20T08:00:00Z",
		"tags":["one","Two"],"plans":[{"id":"p"}],"scope":{"query":"./members"}}`))
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]bool{
		"userType eq 'Guest'":                                 true,
		"userType eq 'guest'":                                 true,
		"userType ne 'Guest'":                                 false,
		"mail eq 'a''b@x.example'":                            true,
		"endsWith(mail,'X.EXAMPLE')":                          true,
		"startswith(mail, 'b')":                               false,
		"n eq 5":                                              true,
		"n gt 5":                                              false,
		"n le 5 and n ge 5 and n lt 6":                        true,
		"on eq true":                                          true,
		"none eq null":                                        true,
		"absent eq null":                                      true,
		"at ge 2026-11-20T08:00:00Z":                          true,
		"at lt 2026-11-20T09:00:00+01:00":                     false,
		"at eq 2026-11-20T09:00:00+01:00":                     true,
		"tags/any(t:t eq 'two')":                              true,
		"tags/Any(t:t eq 'three')":                            false,
		"plans/any(p:p/id eq 'p')":                            true,
		"(userType eq 'Guest' and on eq true) and (n eq 5)":   true,
		"contains(scope/microsoft.graph.x/query, './member')": true,
		"on eq false or n eq 5 and on eq true":                true,
		"(on eq false or n eq 5) and on eq false":             false,
		"scope/query eq './members'":                          true,
		"mail ge 'a'":                                         false,
	} {
		n, err := parseFilter(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if got := n.match(objects{o}, 0); got != want {
			t.Errorf("%s is %v", text, got)
		}
	}
}
