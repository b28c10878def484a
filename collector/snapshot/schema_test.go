package snapshot

import (
	"bytes"
	"encoding/json"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// validator is the published schema as an independent implementation understands it.
func validator(t *testing.T) *jsonschema.Schema {
	t.Helper()
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(SchemaJSON))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("snapshot.json", schema); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile("snapshot.json")
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

// TestReaderAgreesWithTheSchema changes tenants at random and compares the reader's verdict on the types with that of
// a JSON Schema validator: the reader checks while it parses, so that a million guests need no second pass.
func TestReaderAgreesWithTheSchema(t *testing.T) {
	if testing.Short() {
		t.Skip("one goroutine: nothing for the race detector")
	}
	compiled := validator(t)
	files, err := filepath.Glob("../../testdata/tenants/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no tenants", err)
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	refused := 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for round := range 300 {
			var doc map[string]any
			if err := json.Unmarshal(data, &doc); err != nil {
				t.Fatal(err)
			}
			for range round % 3 { // the first of three is the tenant as it is
				mutate(rnd, doc)
			}
			raw, err := json.Marshal(doc)
			if err != nil {
				t.Fatal(err)
			}
			instance, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
			if err != nil {
				t.Fatal(err)
			}
			want := compiled.Validate(instance)
			_, got := decode(raw, Schema(), discard{})
			if (want == nil) != (got == nil) {
				t.Fatalf("%s: the schema says %v, the reader %v\n%s", file, want, got, raw)
			}
			if got != nil {
				refused++
			}
		}
	}
	if refused == 0 {
		t.Error("no change was refused: the test tests nothing")
	}
}

// mutate replaces, or removes, one value somewhere in the tree.
func mutate(rnd *rand.Rand, v any) {
	replacements := []any{nil, true, "text", 7, 1.5, []any{}, map[string]any{}}
	switch v := v.(type) {
	case map[string]any:
		if len(v) == 0 {
			return
		}
		names := slices.Sorted(maps.Keys(v))
		name := names[rnd.IntN(len(names))]
		switch {
		case rnd.IntN(4) > 0 && isContainer(v[name]):
			mutate(rnd, v[name])
		case rnd.IntN(8) == 0:
			delete(v, name)
		default:
			v[name] = replacements[rnd.IntN(len(replacements))]
		}
	case []any:
		if len(v) == 0 {
			return
		}
		i := rnd.IntN(len(v))
		if rnd.IntN(4) > 0 && isContainer(v[i]) {
			mutate(rnd, v[i])
		} else {
			v[i] = replacements[rnd.IntN(len(replacements))]
		}
	}
}

func isContainer(v any) bool {
	switch v.(type) {
	case map[string]any, []any:
		return true
	}
	return false
}
