package graph

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	azpolicy "github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	abs "github.com/microsoft/kiota-abstractions-go"

	"github.com/guestward/guestward/collector/snapshot"
	"github.com/guestward/guestward/collector/wire"
)

// guestPage is a page as Graph writes one: annotations everywhere, escapes, nested objects, a next page.
const guestPage = `{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#users(id,displayName,sponsors())","@odata.count":3,` +
	`"@odata.nextLink":"https://graph.microsoft.com/v1.0/users?$top=3&$skiptoken=RFNwdAIAAQ",` + "\r\n" + `"value":[` +
	`{"@odata.id":"x","id":"1f0a","displayName":"Zo\u00eb \ud83d\ude42 \"Z\" \\","mail":null,"accountEnabled":true,` +
	`"sponsors@odata.context":"y","sponsors":[{"@odata.type":"#microsoft.graph.user","id":"aa","accountEnabled":false}],` +
	`"identities":[{"signInType":"federated","issuer":"mail","issuerAssignedId":null}],"otherMails":[]},` + "\n  " +
	`{"id":"2b","displayName":"","employeeOrgData":{"costCenter":12345678901234567890123,"n":-0.10e+2}} , {"id":"3c"}` +
	`]}`

func TestPage(t *testing.T) {
	p, err := parsePage([]byte(guestPage), "id")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, it := range p.items {
		got = append(got, it.id+" "+string(it.raw))
	}
	want := []string{
		`1f0a {"id":"1f0a","displayName":"Zoë 🙂 \"Z\" \\","mail":null,"accountEnabled":true,` +
			`"sponsors":[{"@odata.type":"#microsoft.graph.user","id":"aa","accountEnabled":false}],` +
			`"identities":[{"signInType":"federated","issuer":"mail","issuerAssignedId":null}],"otherMails":[]}`,
		`2b {"id":"2b","displayName":"","employeeOrgData":{"costCenter":12345678901234567890123,"n":-0.10e+2}}`,
		`3c {"id":"3c"}`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if p.next != "https://graph.microsoft.com/v1.0/users?$top=3&$skiptoken=RFNwdAIAAQ" || p.delta != "" {
		t.Errorf("next %q, delta %q", p.next, p.delta)
	}
}

// TestPartsOfPagesAreNone cuts a page at every byte: what is left must never be taken for a page with fewer elements.
func TestPartsOfPagesAreNone(t *testing.T) {
	for n := range guestPage {
		if p, err := parsePage([]byte(guestPage[:n]), "id"); err == nil {
			t.Errorf("cut at %d it is a page of %d elements", n, len(p.items))
		}
	}
}

func TestPages(t *testing.T) {
	for _, test := range []struct {
		name, body string
		want       string // the elements, or a part of the error behind a !
	}{
		{"empty", `{"value":[]}`, ""},
		{"blanks around", " \r\n{ \"value\" : [ ] }\n\t ", ""},
		{"the list first", `{"value":[{"id":"a"}],"@odata.count":1}`, `{"id":"a"}`},
		{"members nobody knows", `{"value":[{"id":"a"}],"new":{"value":[1],"@odata.nextLink":7}}`, `{"id":"a"}`},
		{"no list", `{"id":"a"}`, "!has no list"},
		{"only another's list", `{"Value":[{"id":"a"}]}`, "!has no list"},
		{"value null", `{"value":null}`, "!value is no list"},
		{"value object", `{"value":{"id":"a"}}`, "!value is no list"},
		{"value text", `{"value":"[]"}`, "!value is no list"},
		{"two lists", `{"value":[{"id":"a"}],"value":[{"id":"b"}]}`, `!has "value" twice`},
		{"two lists, one in other letters", `{"value":[{"id":"a"}],"val\u0075e":[{"id":"b"}]}`, `!has "value" twice`},
		{"two next pages", `{"value":[],"@odata.nextLink":"a","@odata.nextLink":"b"}`, `!twice`},
		{"next page null", `{"value":[],"@odata.nextLink":null}`, "!nextLink is no address"},
		{"next page empty", `{"value":[],"@odata.nextLink":""}`, "!nextLink is no address"},
		{"next page number", `{"@odata.nextLink":5,"value":[]}`, "!nextLink is no address"},
		{"next page object", `{"@odata.nextLink":{},"value":[]}`, "!nextLink is no address"},
		{"delta wrong", `{"@odata.deltaLink":[],"value":[]}`, "!deltaLink is no address"},
		{"next page in an older form", `{"odata.nextLink":"a","value":[]}`, "!a form that is not known"},
		{"next page in a newer form", `{"@nextLink":"a","value":[]}`, "!a form that is not known"},
		{"next page of the list", `{"value":[],"value@odata.nextLink":"a"}`, "!a form that is not known"},
		{"an error behind the list", `{"value":[{"id":"a"}],"error":{"code":"InternalServerError"}}`, "!ends in an error: {\"code\":\"InternalServerError\"}"},
		{"two pages", `{"value":[]}{"value":[]}`, "!goes on behind its end"},
		{"text behind", `{"value":[]}x`, "!goes on behind its end"},
		{"a list alone", `[{"id":"a"}]`, "!no JSON object"},
		{"nothing", ``, "!no JSON object"},
		{"HTML", `<html><title>502</title></html>`, `!begins with "<html>`},
		{"null", `null`, "!no JSON object"},
		{"a comma too much", `{"value":[{"id":"a"},]}`, "!not whole JSON"},
		{"a comma missing", `{"value":[{"id":"a"}{"id":"b"}]}`, "!not whole JSON"},
		{"element null", `{"value":[{"id":"a"},null]}`, "!element 1 of the answer"},
		{"element text", `{"value":["a"]}`, "!element 0 of the answer"},
		{"element number", `{"value":[1]}`, "!element 0 of the answer"},
		{"element list", `{"value":[[{"id":"a"}]]}`, "!element 0 of the answer"},
	} {
		p, err := parsePage([]byte(test.body), "id")
		if want, bad := strings.CutPrefix(test.want, "!"); bad {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: got %v, want %s", test.name, err, want)
			}
			continue
		}
		var got []string
		for _, it := range p.items {
			got = append(got, string(it.raw))
		}
		if err != nil || strings.Join(got, " ") != test.want {
			t.Errorf("%s: got %s, %v", test.name, got, err)
		}
	}
}

func TestClean(t *testing.T) {
	deep := func(n int) string { return `{"a":` + strings.Repeat("[", n-1) + strings.Repeat("]", n-1) + `}` }
	for _, test := range []struct{ name, in, want, id string }{
		{"annotations", `{"@odata.etag":"e","id":"a","x@odata.type":"#Collection(String)","x":[{"@odata.id":{"deep":[1]},"y":1}]}`, `{"id":"a","x":[{"y":1}]}`, "a"},
		{"annotations in lists of lists", `{"x":[[{"@odata.id":1}],{"y":{"z@odata.count":2}}]}`, `{"x":[[{}],{"y":{}}]}`, ""},
		{"an annotation in other letters", `{"\u0040odata.etag":"e"}`, `{}`, ""},
		{"types stay", `{"@odata.type":"#t","a":{"@odata.type":"#u"}}`, `{"@odata.type":"#t","a":{"@odata.type":"#u"}}`, ""},
		{"changes of members stay", `{"members@delta":[{"@odata.type":"#t","id":"m","@removed":{"reason":"deleted"}}]}`,
			`{"members@delta":[{"@odata.type":"#t","id":"m","@removed":{"reason":"deleted"}}]}`, ""},
		{"text that looks like an annotation", `{"a":"@odata.id","b":["@odata.id","x"]}`, `{"a":"@odata.id","b":["@odata.id","x"]}`, ""},
		{"numbers", `{"a":12345678901234567890123,"b":1e400,"c":-0,"d":1.50,"e":1E+2}`, `{"a":12345678901234567890123,"b":1e400,"c":-0,"d":1.50,"e":1E+2}`, ""},
		{"blanks", "{ \"a\" :\t[ 1 ,\r\n 2 ] , \"b\" : { } }", `{"a":[1,2],"b":{}}`, ""},
		{"line breaks in text", `{"id":"a\nb","c\td":"\r"}`, `{"id":"a\nb","c\td":"\r"}`, "a\nb"},
		{"bytes that are no UTF-8", "{\"id\":\"a\xff\",\"b\xc3\":\"\xed\xa0\x80\"}", "{\"id\":\"a\ufffd\",\"b\ufffd\":\"\ufffd\ufffd\ufffd\"}", "a\ufffd"},
		{"half of a surrogate pair", `{"id":"\ud83d","b":["\ude42x"]}`, "{\"id\":\"\ufffd\",\"b\":[\"\ufffdx\"]}", "\ufffd"},
		{"the id in other letters", `{"\u0069d":"\u0061"}`, `{"id":"a"}`, "a"},
		{"an inner id", `{"a":{"id":"inner"},"b":[{"id":"inner"}]}`, `{"a":{"id":"inner"},"b":[{"id":"inner"}]}`, ""},
		{"an id that is a number", `{"id":7}`, `{"id":7}`, ""},
		{"an id that is null", `{"id":null}`, `{"id":null}`, ""},
		{"an id that is an object", `{"id":{"id":"a"}}`, `{"id":{"id":"a"}}`, ""},
		{"deep", deep(maxDepth), deep(maxDepth), ""},
		{"too deep", deep(maxDepth + 1), "!nested deeper", ""},
		{"a name twice", `{"a":1,"a":2}`, "!duplicate", ""},
		{"an inner name twice", `{"a":{"b":1,"b":2}}`, "!duplicate", ""},
		{"an id twice", `{"id":"a","id":"b"}`, "!duplicate", ""},
		{"a name twice in other letters", `{"a":1,"\u0061":2}`, "!duplicate", ""},
		{"names that become the same", "{\"a\xff\":1,\"a\xfe\":2}", "!duplicate", ""},
		{"a part of a list", `{"id":"a","sponsors":[{"id":"b"}],"sponsors@odata.nextLink":"https://graph.microsoft.com/x"}`, `{"id":"a"}`, "a"},
		{"a part of an inner list", `{"a":[{"b":[],"b@odata.nextLink":"x"}]}`, `{"a":[{}]}`, ""},
		{"a list instead of the object", `{"value":[],"@odata.nextLink":"x"}`, "!only a part is there", ""},
		{"no object", `[]`, "!no JSON object", ""},
		{"cut", `{"a":1`, "!not whole JSON", ""},
		{"more behind", `{"a":1} {}`, "!goes on", ""},
		{"no JSON", `{"a":01}`, "!not whole JSON", ""},
		{"a raw line break in text", "{\"a\":\"\n\"}", "!not whole JSON", ""},
	} {
		id, raw, err := clean([]byte(test.in), "id")
		if want, bad := strings.CutPrefix(test.want, "!"); bad {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: got %s, %v, want %s", test.name, raw, err, want)
			}
			continue
		}
		if err != nil || string(raw) != test.want || id != test.id {
			t.Errorf("%s: got %s, id %q, %v", test.name, raw, id, err)
		}
	}
	if id, _, err := clean([]byte(`{"id":"a","tenantId":"t"}`), "tenantId"); id != "t" || err != nil {
		t.Errorf("another key: %q, %v", id, err)
	}
}

// nothing builds nothing of a value: it is there to let the snapshot's reader look at it.
type nothing struct{}

func (nothing) Null() (_ struct{})                              { return }
func (nothing) Boolean(bool) (_ struct{})                       { return }
func (nothing) Number(string) (_ struct{})                      { return }
func (nothing) String(string) (_ struct{})                      { return }
func (nothing) Array([]struct{}) (_ struct{})                   { return }
func (nothing) Object([]snapshot.Member[struct{}]) (_ struct{}) { return }

// TestEveryElementCanBeRead puts odd elements as deep into a snapshot as any source does, and reads it as a scan would.
func TestEveryElementCanBeRead(t *testing.T) {
	for _, in := range []string{
		`{"a":` + strings.Repeat("[", maxDepth-1) + strings.Repeat("]", maxDepth-1) + `}`,
		`{"a":[1e400,-0,12345678901234567890123]}`,
		"{\"id\":\"\xff\xed\xa0\x80\",\"\xc3\":\"\\ud83d\"}",
		`{"":{"a\u0000\u2028":"\u0000\u2029\u007f"}}`,
		`{"<&>":"<script>"}`,
		`{}`,
	} {
		_, raw, err := clean([]byte(in), "id")
		if err != nil {
			t.Fatal(err)
		}
		joined, err := with(raw, map[string]any{"schema": raw})
		if err != nil {
			t.Fatal(err)
		}
		doc := snapshot.Document{
			"collection": snapshot.Collection{SchemaVersion: snapshot.SchemaVersion, CollectedAt: time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)},
			"unknown":    map[string]any{"a": map[string]any{"b": []any{map[string]any{"c": []json.RawMessage{joined}}}}},
		}
		var b strings.Builder
		if err := doc.Encode(&b); err != nil {
			t.Errorf("%s: not written: %v", raw, err)
			continue
		}
		snap, err := snapshot.OpenBytes("test", []byte(b.String()))
		if err != nil {
			t.Errorf("%s: not opened: %v", raw, err)
			continue
		}
		if _, err := snapshot.DecodeSection(snap, "unknown", nothing{}); err != nil {
			t.Errorf("%s: not read: %v", raw, err)
		}
	}
}

func TestDomainLimit(t *testing.T) {
	b2b := func(domains string) string {
		return `{"B2BManagementPolicy":{"PreviewPolicy":{"Features":[]},"InvitationsAllowedAndBlockedDomainsPolicy":` + domains + `}}`
	}
	for _, test := range []struct {
		name        string
		definitions []string
		want        string
	}{
		{"no policy", nil, `{}`},
		{"another policy", []string{`{"TokenLifetimePolicy":{"Version":1}}`, `not JSON at all`}, `{}`},
		{"allowed", []string{b2b(`{"AllowedDomains":["a.example","b.example"]}`)}, `{"allowedDomains":["a.example","b.example"]}`},
		{"nobody allowed", []string{b2b(`{"AllowedDomains":[]}`)}, `{"allowedDomains":[]}`},
		{"blocked", []string{b2b(`{"BlockedDomains":["a.example"]}`)}, `{"blockedDomains":["a.example"]}`},
		{"nobody blocked", []string{b2b(`{"BlockedDomains":[]}`)}, `{"blockedDomains":[]}`},
		{"both", []string{b2b(`{"AllowedDomains":["a"],"BlockedDomains":["b"]}`)}, `{"allowedDomains":["a"],"blockedDomains":["b"]}`},
		{"no lists", []string{b2b(`{}`), `{"B2BManagementPolicy":{}}`, `{"B2BManagementPolicy":null}`}, `{}`},
		{"among others", []string{`{"X":1}`, b2b(`{"BlockedDomains":["b"]}`)}, `{"blockedDomains":["b"]}`},
		{"two with one list each", []string{b2b(`{"AllowedDomains":["a"]}`), b2b(`{"BlockedDomains":["b"]}`)}, `{"allowedDomains":["a"],"blockedDomains":["b"]}`},
		{"two with the same list", []string{b2b(`{"AllowedDomains":["a"]}`), b2b(`{"AllowedDomains":["b"]}`)}, "!two B2B policies"},
		{"two, one empty", []string{b2b(`{"AllowedDomains":[]}`), b2b(`{"AllowedDomains":["b"]}`)}, "!two B2B policies"},
		{"cut", []string{b2b(`{"AllowedDomains":["a"`)[:90]}, "!not readable"},
		{"a list that is text", []string{b2b(`{"AllowedDomains":"a"}`)}, "!not readable"},
		{"a domain that is a number", []string{b2b(`{"AllowedDomains":[1]}`)}, "!not readable"},
	} {
		raw, err := domainLimit(test.definitions)
		if want, bad := strings.CutPrefix(test.want, "!"); bad {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: got %s, %v, want %s", test.name, raw, err, want)
			}
			continue
		}
		if err != nil || string(raw) != test.want {
			t.Errorf("%s: got %s, %v", test.name, raw, err)
		}
	}
}

func TestRefusals(t *testing.T) {
	for _, test := range []struct{ body, want string }{
		{`{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges to complete the operation."}}`, "403 Forbidden: Authorization_RequestDenied: Insufficient privileges to complete the operation."},
		{`{"error":{"code":"","message":""}}`, "403 Forbidden"},
		{`{"error":"invalid_grant"}`, "403 Forbidden"},
		{`{"error":{"code":"A\u001b[31m\u0085B","message":"two\r\nlines\u0000"}}`, "403 Forbidden: A [31m B: two lines"},
		{`{"error":{"message":"` + strings.Repeat("ä", 200) + `"}}`, "403 Forbidden: " + strings.Repeat("ä", 120) + "..."},
		{`"PGh0bWw+"`, "403 Forbidden"},
		{`null`, "403 Forbidden"},
		{`<html>`, "403 Forbidden"},
		{``, "403 Forbidden"},
	} {
		if got := newRefusal(403, []byte(test.body)).Error(); got != test.want {
			t.Errorf("%s: got %s", test.body, got)
		}
	}
}

// bearer is a credential with one token.
type bearer struct{}

func (bearer) GetToken(context.Context, azpolicy.TokenRequestOptions) (azcore.AccessToken, error) {
	return azcore.AccessToken{Token: "t", ExpiresOn: time.Now().Add(time.Hour)}, nil
}

// batches is a Graph that knows batches alone: answer gives what it says in each round.
func batches(t *testing.T, answer func(round int, list []batchRequest) string) (*Reader, *[]time.Duration) {
	t.Helper()
	round := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		var sent struct{ Requests []batchRequest }
		body, err := io.ReadAll(q.Body)
		if err == nil {
			err = json.Unmarshal(body, &sent)
		}
		if err != nil || q.URL.Path != "/v1.0/$batch" || q.Method != http.MethodPost || q.Header.Get("Authorization") != "Bearer t" {
			t.Errorf("%s %s: %v\n%s", q.Method, q.URL, err, body)
		}
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, answer(round, sent.Requests))
		round++
	}))
	t.Cleanup(s.Close)
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	client := wire.NewClient(wire.Options{Hosts: []string{u.Host}})
	r, err := New(Options{URL: s.URL, Credential: bearer{}, HTTP: client, Pause: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	waits := new([]time.Duration)
	r.pause = func(_ context.Context, d time.Duration) error {
		*waits = append(*waits, d)
		return nil
	}
	return r, waits
}

// askAbout makes requests for the users of the names.
func askAbout(t *testing.T, r *Reader, names ...string) (infos []request) {
	t.Helper()
	for _, name := range names {
		info, err := r.raw(abs.GET, r.adapter.GetBaseUrl()+"/users/"+name+"?%24select=id")
		if err != nil {
			t.Fatal(err)
		}
		infos = append(infos, info)
	}
	return infos
}

// item200 is a good answer that says the request's own address.
func item200(q batchRequest) string {
	return fmt.Sprintf(`{"id":%q,"status":200,"headers":{},"body":{"url":%q}}`, q.ID, q.URL)
}

func responses(items ...string) string { return `{"responses":[` + strings.Join(items, ",") + `]}` }

func TestBatchAnswersComeInAnyOrder(t *testing.T) {
	r, waits := batches(t, func(_ int, list []batchRequest) string {
		var items []string
		for _, q := range slices.Backward(list) {
			items = append(items, item200(q))
		}
		return responses(append(items, `{"id":"77","status":200,"body":{}}`)...) // and one that nobody asked for
	})
	got, err := r.batch(t.Context(), askAbout(t, r, "a", "b", "c"))
	if err != nil || len(got) != 3 || len(*waits) != 0 {
		t.Fatal(got, err, *waits)
	}
	for i, name := range []string{"a", "b", "c"} {
		body, err := got[i].good()
		if want := `{"url":"/users/` + name + `?$select=id"}`; err != nil || string(body) != want {
			t.Errorf("%d: %s, %v", i, body, err)
		}
	}
}

// TestBatchItemsAreSentAgain lets each request fail by itself, and expects that those alone are sent again.
func TestBatchItemsAreSentAgain(t *testing.T) {
	var sent []string
	r, waits := batches(t, func(round int, list []batchRequest) string {
		var items, ids []string
		for _, q := range list {
			ids = append(ids, q.ID)
			fail := func(rest string) string { return fmt.Sprintf(`{"id":%q,%s}`, q.ID, rest) }
			switch {
			case round == 0 && q.ID == "1":
				items = append(items, fail(`"status":429,"headers":{"retry-after":"7"},"body":{"error":{"code":"TooManyRequests"}}`))
			case round == 0 && q.ID == "2":
				items = append(items, fail(`"status":429,"headers":{"Retry-After":"11"}`))
			case round == 0 && q.ID == "3": // left out
			case round == 1 && q.ID == "1":
				items = append(items, fail(`"status":503,"headers":{}`))
			case round == 1 && q.ID == "2":
				items = append(items, fail(`"status":500,"headers":{},"body":"b29wcw=="`))
			default:
				items = append(items, item200(q))
			}
		}
		sent = append(sent, strings.Join(ids, " "))
		return responses(items...)
	})
	got, err := r.batch(t.Context(), askAbout(t, r, "a", "b", "c", "d"))
	if err != nil {
		t.Fatal(err)
	}
	for i, a := range got {
		if body, err := a.good(); err != nil || !strings.Contains(string(body), "/users/"+"abcd"[i:i+1]) {
			t.Errorf("%d: %s, %v", i, body, err)
		}
	}
	if want := []string{"0 1 2 3", "1 2 3", "1 2"}; !slices.Equal(sent, want) {
		t.Errorf("sent %q", sent)
	}
	if want := []time.Duration{11 * time.Second, 2 * time.Second}; !slices.Equal(*waits, want) {
		t.Errorf("waited %v", *waits)
	}
}

func TestBatchItemsThatStayThrottled(t *testing.T) {
	for _, test := range []struct {
		after  string
		rounds int
	}{{"", 1 + batchRounds}, {"garbage", 1 + batchRounds}, {"0", 1 + batchRounds}, {"1", 1 + batchRounds}, {"301", 1}} {
		rounds := 0
		r, waits := batches(t, func(_ int, list []batchRequest) string {
			rounds++
			return responses(fmt.Sprintf(`{"id":%q,"status":429,"headers":{"Retry-After":%q}}`, list[0].ID, test.after))
		})
		got, err := r.batch(t.Context(), askAbout(t, r, "a"))
		if err != nil || got[0].status != 429 || rounds != test.rounds || len(*waits) != test.rounds-1 {
			t.Errorf("%q: %+v, %v, %d rounds", test.after, got, err, rounds)
		}
		if slices.Contains(*waits, 0) {
			t.Errorf("%q: no wait: %v", test.after, *waits)
		}
	}
}

func TestBatchThatIsStopped(t *testing.T) {
	r, _ := batches(t, func(_ int, list []batchRequest) string { return responses() })
	r.pause = func(context.Context, time.Duration) error { return context.Canceled }
	if _, err := r.batch(t.Context(), askAbout(t, r, "a")); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestBatchItemsThatAreNoAnswers expects an error of every item that is not what was asked for.
func TestBatchItemsThatAreNoAnswers(t *testing.T) {
	for _, test := range []struct{ item, want string }{
		{`"status":200`, "the answer is empty"},
		{`"status":200,"body":null`, "no JSON object"},
		{`"status":200,"body":"PGh0bWw+"`, `no JSON object: it begins with "\"PGh0bWw+\""`},
		{`"status":200,"body":[]`, "no JSON object"},
		{`"status":200,"body":{"value":"x"}`, "value is no list"},
		{`"status":0,"body":{"value":[]}`, "0"},
		{`"body":{"value":[]}`, "0"},
		{`"status":302,"headers":{"Location":"https://evil.example"}`, "302 Found"},
		{`"status":404,"body":{"error":{"code":"Request_ResourceNotFound","message":"gone"}}`, "404 Not Found: Request_ResourceNotFound: gone"},
		{`"status":403,"body":"Zm9yYmlkZGVu"`, "403 Forbidden"},
		{`"status":-1`, "-1"},
	} {
		r, _ := batches(t, func(_ int, list []batchRequest) string { return responses(`{"id":"0",` + test.item + `}`) })
		got, err := r.batch(t.Context(), askAbout(t, r, "a"))
		if err != nil {
			t.Errorf("%s: %v", test.item, err)
			continue
		}
		body, err := got[0].good()
		if err == nil {
			_, err = parsePage(body, "id")
		}
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %s", test.item, err, test.want)
		}
	}
}

// TestBatchesThatAreNone expects an error of an answer that is no batch's.
func TestBatchesThatAreNone(t *testing.T) {
	for _, test := range []struct{ body, want string }{
		{responses(`{"id":"0","status":200,"body":{}}`, `{"id":"0","status":404}`), "one id twice"},
		{`{"responses":[{"id":"0","status":200,"body":{"value":[`, "the answer to a batch"},
		{`{"responses":{}}`, "the answer to a batch"},
		{`{"responses":[{"id":0,"status":200}]}`, "the answer to a batch"},
		{`{"responses":[{"id":"0","status":"200"}]}`, "the answer to a batch"},
		{`<html>`, "the answer to a batch"},
		{``, "the answer is empty"},
	} {
		r, _ := batches(t, func(int, []batchRequest) string { return test.body })
		if got, err := r.batch(t.Context(), askAbout(t, r, "a")); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %+v, %v", test.body, got, err)
		}
	}
	r, _ := batches(t, func(int, []batchRequest) string { return `{}` })
	if got, err := r.batch(t.Context(), askAbout(t, r, "a")); err != nil || got[0].status != http.StatusServiceUnavailable {
		t.Errorf("without answers: %+v, %v", got, err)
	}
	if _, err := r.batch(t.Context(), make([]request, batchSize+1)); err == nil {
		t.Error("a batch that is too large was sent")
	}
}

// TestNextPagesStayWithGraph offers addresses of next pages that would carry the token elsewhere.
func TestNextPagesStayWithGraph(t *testing.T) {
	root := &url.URL{Scheme: "https", Host: "graph.microsoft.com"}
	r := &Reader{root: root}
	for address, good := range map[string]bool{
		"https://graph.microsoft.com/v1.0/users?$skiptoken=x":      true,
		"https://GRAPH.microsoft.com/v1.0/users":                   true,
		"http://graph.microsoft.com/v1.0/users":                    false,
		"https://graph.microsoft.com.evil.example/v1.0/users":      false,
		"https://graph.microsoft.com@evil.example/v1.0/users":      false,
		"https://user@graph.microsoft.com/v1.0/users":              false,
		"https://graph.microsoft.com:8443/v1.0/users":              false,
		"https://graph.microsoft.us/v1.0/users":                    false,
		"//evil.example/v1.0/users":                                false,
		"/v1.0/users?$skiptoken=x":                                 false,
		"file:///etc/passwd":                                       false,
		"https:graph.microsoft.com/v1.0":                           false,
		"https://graph.microsoft.com\\@evil.example/":              false,
		"https://evil.example/\x1b[31m?next=graph.microsoft.com/x": false,
		"": false,
	} {
		info, err := r.follow(address)
		if (err == nil) != good || err != nil && strings.ContainsRune(err.Error(), 0x1b) {
			t.Errorf("%s: %v", address, err)
		}
		if good && info == nil {
			t.Errorf("%s: no request", address)
		}
	}
}
