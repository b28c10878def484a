package decoded

import (
	"encoding/json"
	"fmt"
	"testing"
)

// TestLenient reads what is there, what is not, and what has the wrong type.
func TestLenient(t *testing.T) {
	var doc any
	if err := json.Unmarshal([]byte(`{"a": {"b": "text", "c": [{"id": "1"}, 5, {"id": 7, "name": "x"}]}, "n": null}`), &doc); err != nil {
		t.Fatal(err)
	}
	gaps := Gaps(map[string]any{"collection": map[string]any{"sources": []any{
		map[string]any{"source": "a.b", "outcome": "gap", "reason": "licence"}, map[string]any{"source": "c", "outcome": "collected"}, 5,
	}}})
	if fmt.Sprint(gaps) != "map[a.b:licence]" {
		t.Errorf("gaps %v", gaps)
	}
	type one struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	var elements []one
	for e, err := range Elements[one](List(doc, "a", "c"))() {
		if err != nil {
			t.Fatal(err)
		}
		elements = append(elements, e)
	}
	for what, got := range map[string]any{
		"text":                               Text(doc, "a", "b"),
		"":                                   Text(doc, "a", "b", "c") + Text(doc, "a") + Text(doc, "n") + Text(nil, "a"),
		"<nil>":                              At(doc, "x", "y"),
		"[map[id:1] map[] map[id:7 name:x]]": Objects(doc, "a", "c"),
		"[]":                                 List(doc, "a"),
		"[{1 } { } { x}]":                    elements,
	} {
		if fmt.Sprint(got) != what {
			t.Errorf("%v, want %s", got, what)
		}
	}
}
