package graphtest

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// client asks as a well-behaved client does.
type client struct {
	t     testing.TB
	token string
	extra map[string]string
}

type answered struct {
	status int
	header http.Header
	text   string
	doc    map[string]any
}

func (c client) get(address string) answered {
	c.t.Helper()
	a, err := c.try("GET", address, "")
	if err != nil {
		c.t.Fatal(err)
	}
	return a
}

func (c client) try(method, address, body string) (a answered, err error) {
	path, query, found := strings.Cut(address, "?")
	if found && !strings.Contains(query, "skiptoken") {
		var parts []string
		for part := range strings.SplitSeq(query, "&") {
			name, value, _ := strings.Cut(part, "=")
			parts = append(parts, name+"="+url.QueryEscape(value))
		}
		query = strings.Join(parts, "&")
	}
	if found {
		path += "?" + query
	}
	req, err := http.NewRequest(method, path, strings.NewReader(body))
	if err != nil {
		return a, err
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Authorization", "Bearer "+c.token)
	req.Header.Set("Prefer", "include-unknown-enum-members")
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for name, value := range c.extra {
		req.Header.Set(name, value)
	}
	plain := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	defer plain.CloseIdleConnections()
	resp, err := plain.Do(req)
	if err != nil {
		return a, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	a = answered{status: resp.StatusCode, header: resp.Header, text: string(text)}
	_ = json.Unmarshal(text, &a.doc) // some answers are no JSON
	return a, err
}

func (a answered) value() []map[string]any {
	var list []map[string]any
	values, _ := a.doc["value"].([]any)
	for _, v := range values {
		list = append(list, v.(map[string]any))
	}
	return list
}

func (a answered) code() string {
	e, _ := a.doc["error"].(map[string]any)
	code, _ := e["code"].(string)
	return code
}

// all reads every page.
func (c client) all(address string) []map[string]any {
	c.t.Helper()
	var list []map[string]any
	for range 1000 {
		a := c.get(address)
		if a.status != 200 {
			c.t.Fatalf("%s: %d %s", address, a.status, a.text)
		}
		list = append(list, a.value()...)
		next, ok := a.doc["@odata.nextLink"].(string)
		if !ok {
			return list
		}
		address = next
	}
	c.t.Fatal("the pages have no end")
	return nil
}

func synthetic(t testing.TB, o Options) (*Server, client) {
	t.Helper()
	if o.Tenant == nil {
		o.Tenant = Synthetic(250, 40)
	}
	s := New(t, o)
	return s, client{t: t, token: "opaque"}
}

func TestPages(t *testing.T) {
	s, c := synthetic(t, Options{})
	list := c.all(s.URL + "/v1.0/users?$filter=userType eq 'Guest'&$select=id,userPrincipalName,identities&$expand=sponsors($select=id)&$top=99")
	seen := map[any]bool{}
	for _, u := range list {
		seen[u["id"]] = true
		if len(u) != 5 { // with sponsors and the context of sponsors
			t.Fatalf("selected 3 properties, got %v", u)
		}
	}
	if len(list) != 250 || len(seen) != 250 {
		t.Errorf("%d guests, %d of them different", len(list), len(seen))
	}
	if n := s.Count("/users"); n != 3 {
		t.Errorf("%d requests for 250 users, 99 at a time", n)
	}
	c.extra = map[string]string{"ConsistencyLevel": "eventual"}
	a := c.get(s.URL + "/v1.0/users?$filter=userType eq 'Member' and endsWith(userPrincipalName,'#EXT#@contoso.onmicrosoft.com')&$count=true&$select=id&$top=999")
	if len(a.value()) != 1 || a.doc["@odata.count"] != 1.0 {
		t.Errorf("external members: %s", a.text)
	}
}

// BenchmarkPage says what a page of a large tenant costs the server.
func BenchmarkPage(b *testing.B) {
	s := Start(Options{Tenant: Synthetic(500_000, 20_000), Limits: NoLimits})
	defer s.Close()
	header := http.Header{"Authorization": {"Bearer opaque"}, "Accept": {"application/json"}}
	for name, path := range map[string]string{
		"guests":   "/users?$filter=userType%20eq%20'Guest'&$select=id,userPrincipalName,displayName,mail,otherMails,userType,accountEnabled,createdDateTime,creationType,externalUserState,externalUserStateChangeDateTime,identities,companyName&$expand=sponsors($select=id)&$top=999",
		"activity": "/users?$filter=userType%20eq%20'Guest'&$select=id,signInActivity&$top=500",
		"delta":    "/groups/delta?$select=id,members,owners",
		"groups":   "/groups?$select=id,displayName,visibility,groupTypes,assignedLabels,membershipRule&$expand=owners($select=id)&$top=999",
	} {
		b.Run(name, func(b *testing.B) {
			path, query, _ := strings.Cut(path, "?")
			for b.Loop() {
				r := s.answer(&call{method: "GET", version: "/v1.0", path: path, query: query, header: header})
				if r.status != 200 {
					b.Fatalf("%s", r.body)
				}
				b.SetBytes(int64(len(r.body)))
			}
		})
	}
}
