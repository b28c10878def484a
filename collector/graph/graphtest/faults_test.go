package graphtest

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"
)

const pagePath = "/v1.0/users?$filter=userType eq 'Guest'&$select=id"

func TestFaultsThatAnswer(t *testing.T) {
	for _, test := range []struct {
		fault  Fault
		status int
		text   string
		header string // name: value
	}{
		{Fault{Kind: Throttled}, 429, "TooManyRequests", "Retry-After: "},
		{Fault{Kind: Throttled, RetryAfter: "7"}, 429, "TooManyRequests", "Retry-After: 7"},
		{Fault{Kind: Unavailable, RetryAfter: "1"}, 503, "ServiceNotAvailable", "Retry-After: 1"},
		{Fault{Kind: Timeout}, 504, "GatewayTimeout", ""},
		{Fault{Kind: ServerError}, 500, "InternalServerError", ""},
		{Fault{Kind: Empty}, 200, "", ""},
		{Fault{Kind: HTML}, 200, "<html>", "Content-Type: text/html"},
		{Fault{Kind: WrongType}, 200, `"value":[{"id"`, "Content-Type: text/plain"},
		{Fault{Kind: NullValue}, 200, `"value":null}`, ""},
		{Fault{Kind: WrongValue}, 200, `"value":{"id"`, ""},
		{Fault{Kind: ForeignLink}, 200, `"@odata.nextLink":"https://evil.example/v1.0/users?`, ""},
		{Fault{Kind: DowngradeLink}, 200, `"@odata.nextLink":"http://127.0.0.1:1/v1.0/users?`, ""},
		{Fault{Kind: Forbidden}, 403, "Authorization_RequestDenied", ""},
		{Fault{Kind: Licence}, 403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant", ""},
		{Fault{Kind: Expired}, 401, "InvalidAuthenticationToken", ""},
		{Fault{Kind: NotFound}, 404, "Request_ResourceNotFound", ""},
		{Fault{Kind: Redirect}, 302, "", "Location: https://evil.example/v1.0/users"},
		{Fault{Kind: Huge, Size: 1 << 20}, 200, "aaaaaaaa", ""},
	} {
		s, c := synthetic(t, Options{Faults: []Fault{test.fault}})
		a := c.get(s.URL + pagePath)
		name, value, _ := strings.Cut(test.header, ": ")
		if a.status != test.status || !strings.Contains(a.text, test.text) || name != "" && a.header.Get(name) != value {
			t.Errorf("%s: %d %.200s %v", test.fault.Kind, a.status, a.text, a.header)
		}
		if test.fault.Kind == Huge && len(a.text) < 1<<20 {
			t.Errorf("a huge body of %d bytes", len(a.text))
		}
		if r := s.Requests(); len(r) != 1 || r[0].Fault != test.fault.Kind || r[0].Status != test.status {
			t.Errorf("%s: the log says %+v", test.fault.Kind, r)
		}
	}
	s, c := synthetic(t, Options{Faults: []Fault{{Kind: Throttled, RetryAfter: "date:1h"}}})
	at, err := http.ParseTime(c.get(s.URL + pagePath).header.Get("Retry-After"))
	if d := time.Until(at); err != nil || d < 50*time.Minute || d > time.Hour {
		t.Errorf("Retry-After: %v %v", at, err)
	}
}

func TestFaultsThatBreakOff(t *testing.T) {
	for kind, want := range map[string]error{Reset: syscall.ECONNRESET, Truncated: io.ErrUnexpectedEOF, Cut: io.ErrUnexpectedEOF} {
		s, c := synthetic(t, Options{Faults: []Fault{{Kind: kind, Times: 1}}})
		if _, err := c.try("GET", s.URL+pagePath, ""); !errors.Is(err, want) && !(kind == Reset && errors.Is(err, io.EOF)) {
			t.Errorf("%s: %v", kind, err)
		}
		if a := c.get(s.URL + pagePath); a.status != 200 {
			t.Errorf("after %s: %d", kind, a.status)
		}
	}
	s, c := synthetic(t, Options{Faults: []Fault{{Kind: Drip}}})
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer stop()
	req, err := http.NewRequestWithContext(ctx, "GET", s.URL+"/v1.0/domains", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	req.Header.Set("Accept", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err == nil {
		_, err = io.ReadAll(resp.Body)
		resp.Body.Close()
	}
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a slow answer: %v", err)
	}
}

func TestLinks(t *testing.T) {
	s, c := synthetic(t, Options{Faults: []Fault{{Path: "/users", Kind: RepeatLink}, {Path: "/groups/delta", Kind: RepeatLink}}})
	for _, path := range []string{"/v1.0/users?$select=id", "/v1.0/groups/delta?$select=id"} {
		link := s.URL + path
		links := []string{}
		for range 6 {
			link = c.get(link).doc["@odata.nextLink"].(string)
			links = append(links, link)
		}
		if links[5] != links[4] {
			t.Errorf("the next page changes: %q", links)
		}
	}
	s, c = synthetic(t, Options{Faults: []Fault{{Kind: Duplicate}}})
	list := c.all(s.URL + pagePath + "&$top=100")
	seen := map[any]bool{}
	for _, u := range list {
		seen[u["id"]] = true
	}
	if len(list) != 252 || len(seen) != 250 {
		t.Errorf("shifted pages: %d elements, %d different", len(list), len(seen))
	}
}

func TestFaultsOnTime(t *testing.T) {
	s, c := synthetic(t, Options{Faults: []Fault{{Path: "/users", Query: "signInActivity", Kind: ServerError, After: 1, Times: 2}}})
	var got []int
	for range 5 {
		c.get(s.URL + pagePath)
		got = append(got, c.get(s.URL+"/v1.0/users?$select=id,signInActivity").status)
	}
	for i, want := range []int{200, 500, 500, 200, 200} {
		if got[i] != want {
			t.Fatalf("statuses %v", got)
		}
	}
	statuses := func(seed int64) (list []bool) {
		s, c := synthetic(t, Options{Faults: []Fault{{Kind: Unavailable, Rate: 0.1, Seed: seed}}})
		for range 300 {
			list = append(list, c.get(s.URL+"/v1.0/domains").status == 503)
		}
		return list
	}
	a, b, other := statuses(1), statuses(1), statuses(2)
	n, same := 0, true
	for i := range a {
		if a[i] != b[i] {
			t.Fatal("chance is not the same every time")
		}
		if a[i] {
			n++
		}
		same = same && a[i] == other[i]
	}
	if n < 15 || n > 50 || same {
		t.Errorf("%d of 300 requests failed", n)
	}
}

func TestLimits(t *testing.T) {
	s, c := contoso(t, Options{Limits: map[string]Limit{"/identity/*": {Requests: 2, Per: time.Hour}, "/domains": {Requests: 1, Per: time.Hour, RetryAfter: "5"}}})
	for i, want := range []int{200, 200, 429} {
		a := c.get(s.URL + "/v1.0/identity/conditionalAccess/policies")
		if a.status != want || a.header.Get("Retry-After") != "" {
			t.Errorf("request %d: %d %v", i, a.status, a.header)
		}
	}
	c.get(s.URL + "/v1.0/domains")
	if a := c.get(s.URL + "/v1.0/domains"); a.status != 429 || a.header.Get("Retry-After") != "5" {
		t.Errorf("%d %v", a.status, a.header)
	}
	l := newLimits(nil)
	if len(l.list) == 0 || l.list["/identity/conditionalAccess/*"].RetryAfter != "" {
		t.Error("the documented limits are not the default")
	}
}

type responses struct {
	Responses []struct {
		ID      string
		Status  int
		Headers map[string]string
		Body    map[string]any
	}
}

func (c client) batch(s *Server, body string) (answered, responses) {
	c.t.Helper()
	a, err := c.try("POST", s.URL+"/v1.0/$batch", body)
	if err != nil {
		c.t.Fatal(err)
	}
	var r responses
	if err := json.Unmarshal([]byte(a.text), &r); err != nil {
		c.t.Fatal(err)
	}
	return a, r
}

func TestBatch(t *testing.T) {
	const two = `{"requests":[{"id":"a","method":"GET","url":"/groups/` + "00001701-0000-4000-8000-000000001701" + `/settings"},{"id":"b","method":"GET","url":"/users?$select=id&$top=1"}]}`
	s, c := contoso(t, Options{Faults: []Fault{{Path: "/groups/{}/settings", Kind: Throttled, RetryAfter: "3", Times: 1}}})
	a, r := c.batch(s, two)
	if a.status != 200 || len(r.Responses) != 2 || r.Responses[0].Status != 429 || r.Responses[0].Headers["Retry-After"] != "3" || r.Responses[1].Status != 200 {
		t.Errorf("%d %s", a.status, a.text)
	}
	if _, r := c.batch(s, two); r.Responses[0].Status != 200 || r.Responses[0].Body["value"] == nil {
		t.Errorf("%+v", r)
	}
	if n := s.Count("/groups/*"); n != 2 {
		t.Errorf("%d requests to groups in the log", n)
	}
	for kind, want := range map[string]string{ItemThrottled: "a429 b200", ItemMissing: "b200", ItemOrder: "b200 a200"} {
		s, c := contoso(t, Options{Faults: []Fault{{Path: "/$batch", Kind: kind}}})
		_, r := c.batch(s, two)
		var got []string
		for _, x := range r.Responses {
			got = append(got, x.ID+http.StatusText(x.Status))
		}
		wanted := strings.NewReplacer("200", "OK", "429", "Too Many Requests").Replace(want)
		if strings.Join(got, " ") != wanted {
			t.Errorf("%s: %q, want %q", kind, got, wanted)
		}
	}
	s, c = contoso(t, Options{Faults: []Fault{{Path: "/$batch", Kind: Unavailable}}})
	if a, _ := c.try("POST", s.URL+"/v1.0/$batch", two); a.status != 503 {
		t.Errorf("the whole batch: %d", a.status)
	}
	s, c = contoso(t, Options{Faults: []Fault{{Path: "/users", Kind: Reset}}})
	if _, r := c.batch(s, two); r.Responses[1].Status != 504 {
		t.Errorf("a broken item: %+v", r)
	}
}

func TestBatchIsStrict(t *testing.T) {
	item := func(url string) string { return `{"requests":[{"id":"a","method":"GET","url":"` + url + `"}]}` }
	many := `{"requests":[` + strings.TrimSuffix(strings.Repeat(`{"id":"a","method":"GET","url":"/domains"},`, 21), ",") + `]}`
	for body, want := range map[string]string{
		item("/identity/conditionalAccess/policies"): "Conditional Access",
		item("domains"): "begins with /",
		item("https://graph.microsoft.com/v1.0/domains"):       "begins with /",
		item("/v1.0/domains"):                                  "has no version",
		item("/domains?$select=nothing"):                       "no property",
		item("/users?$filter=userType ne 'Guest'&$count=true"): "without ConsistencyLevel",
		item("/$batch"):                                        "a batch in a batch",
		many:                                                   "21 requests",
		`{"requests":[{"id":"a","method":"GET","url":"/domains"},{"id":"a","method":"GET","url":"/domains"}]}`:                        "differ",
		`{"requests":[{"id":"a","method":"POST","url":"/users"}]}`:                                                                    "writes",
		`{"requests":[{"id":"a","method":"GET","url":"/users","headers":{"Authorization":"Bearer x"}}]}`:                              "a token inside",
		`{"requests":[{"id":"a","method":"GET","url":"/users?$select=id,signInActivity","headers":{"ConsistencyLevel":"eventual"}}]}`: "leaves the times empty",
		`{"requests":[]}`: "0 requests",
	} {
		s, c := contoso(t, Options{Allowed: []string{""}})
		c.batch(s, body)
		if v := s.Violations(); len(v) != 1 || !strings.Contains(v[0], want) {
			t.Errorf("%s: violations %q, want one with %q", body, v, want)
		}
	}
}
