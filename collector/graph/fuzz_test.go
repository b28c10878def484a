package graph

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

// checkElement holds an element that was accepted against what the rest of the collector relies on.
func checkElement(t *testing.T, it item, key string) {
	t.Helper()
	if bytes.ContainsAny(it.raw, "\r\n") {
		t.Fatalf("a line break in %q", it.raw)
	}
	strict := jsontext.NewDecoder(bytes.NewReader(it.raw))
	if err := strict.SkipValue(); err != nil || strict.InputOffset() != int64(len(it.raw)) {
		t.Fatalf("not strict JSON (%v): %q", err, it.raw)
	}
	dec := json.NewDecoder(bytes.NewReader(it.raw))
	dec.UseNumber()
	var object map[string]any
	if err := dec.Decode(&object); err != nil {
		t.Fatalf("%v: %q", err, it.raw)
	}
	if id, _ := object[key].(string); id != it.id {
		t.Fatalf("the id is %q, the member %q", it.id, id)
	}
	withoutAnnotations(t, object)
	id, again, err := clean(it.raw, key)
	if err != nil || id != it.id || !bytes.Equal(again, it.raw) {
		t.Fatalf("%q became %q (%v)", it.raw, again, err)
	}
	if d := depth(it.raw); d > maxDepth {
		t.Fatalf("%d levels: %q", d, it.raw)
	}
}

// depth is how many objects and lists lie in each other.
func depth(raw []byte) (deepest int) {
	dec := jsontext.NewDecoder(bytes.NewReader(raw))
	for {
		if _, err := dec.ReadToken(); err != nil {
			return deepest
		}
		deepest = max(deepest, dec.StackDepth())
	}
}

func withoutAnnotations(t *testing.T, v any) {
	t.Helper()
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			withoutAnnotations(t, e)
		}
	case map[string]any:
		for name, e := range v {
			if strings.Contains(name, "@odata.") && name != "@odata.type" {
				t.Fatalf("the annotation %q is still there", name)
			}
			withoutAnnotations(t, e)
		}
	}
}

func FuzzPage(f *testing.F) {
	for _, seed := range []string{
		guestPage, `{"value":[]}`, `{"value":[{"id":"a"},{"id":"b"}],"@odata.deltaLink":"x"}`,
		`{"value":[{"members@delta":[{"id":"\ud83d"}],"x":[[1e400,-0,{}]]}]}`, "{\"value\":[{\"id\":\"\xff\xed\xa0\x80\"}]}",
		`{"value":[{"a":` + strings.Repeat("[", 47) + strings.Repeat("]", 47) + `}]}`, `{"value":[{"id":"a","id":"b"}]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		p, err := parsePage(bytes.Clone(body), "id")
		if err != nil {
			return
		}
		for _, it := range p.items {
			checkElement(t, it, "id")
		}
		// A part of a page is none. Blanks may be missing at its end.
		whole := bytes.TrimRight(body, " \t\r\n")
		for _, n := range []int{0, 1, len(whole) / 2, len(whole) - 1} {
			if _, err := parsePage(bytes.Clone(whole[:n]), "id"); err == nil {
				t.Fatalf("the first %d bytes are a page too: %q", n, whole)
			}
		}
	})
}

func FuzzDomainLimit(f *testing.F) {
	for _, seed := range []string{
		`{"B2BManagementPolicy":{"InvitationsAllowedAndBlockedDomainsPolicy":{"AllowedDomains":["a"],"BlockedDomains":[]}}}`,
		`{"B2BManagementPolicy":{}}`, `{"B2BManagementPolicy":{"InvitationsAllowedAndBlockedDomainsPolicy":{"AllowedDomains":["\ud83d","<&>"]}}}`, `B2BManagementPolicy`,
	} {
		f.Add(seed, "")
	}
	f.Fuzz(func(t *testing.T, one, two string) {
		raw, err := domainLimit([]string{one, two})
		if err != nil {
			return
		}
		var limit map[string][]string
		if err := json.Unmarshal(raw, &limit); err != nil {
			t.Fatalf("%v: %s", err, raw)
		}
		for name, list := range limit {
			if name != "allowedDomains" && name != "blockedDomains" || list == nil {
				t.Fatalf("%s", raw)
			}
		}
		if _, _, err := clean(raw, "id"); err != nil {
			t.Fatalf("%v: %s", err, raw)
		}
	})
}
