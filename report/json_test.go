package report

import (
	"bytes"
	"encoding/json"
	"io"
	"iter"
	"runtime"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/guestward/guestward/collector/snapshot"
	"github.com/guestward/guestward/policies"
)

// validate checks a document against a JSON Schema.
func validate(t *testing.T, schema, document []byte) {
	t.Helper()
	parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("schema.json", parsed); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	if err != nil {
		t.Fatal(err)
	}
	if err := compiled.Validate(value); err != nil {
		t.Error(err)
	}
	dec := json.NewDecoder(bytes.NewReader(document))
	for tok, err := dec.Token(); err != io.EOF; tok, err = dec.Token() {
		if err != nil {
			t.Fatal(err)
		}
		if tok == nil {
			t.Fatalf("null before byte %d", dec.InputOffset())
		}
	}
}

func jsonReport(t *testing.T, r *Report) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := JSON(&b, r, Options{}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestJSONGolden(t *testing.T) {
	got := jsonReport(t, fixture())
	validate(t, SchemaJSON, got)
	golden(t, "report.json", got)
}

func TestJSONOfAnEmptyReport(t *testing.T) {
	validate(t, SchemaJSON, jsonReport(t, &Report{}))
	validate(t, SchemaJSON, jsonReport(t, &Report{Results: []policies.Result{{Rule: &policies.Rule{Severity: policies.Info}, Status: policies.Pass}}}))
}

func TestJSONKeepsTheTenantsText(t *testing.T) {
	got := jsonReport(t, fixture())
	var doc struct {
		Warnings []string
		Results  []struct{ Findings []struct{ Path string } }
	}
	if err := json.Unmarshal(got, &doc); err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(doc.Warnings[0], hostile) {
		t.Errorf("changed: %q", doc.Warnings[0])
	}
	var paths []string
	for _, r := range doc.Results {
		for _, f := range r.Findings {
			paths = append(paths, f.Path)
		}
	}
	if want := "/teams/meetingPolicies/0/a~1b~0c " + hostile[:3]; !strings.Contains(strings.Join(paths, "\n"), want) {
		t.Errorf("no path begins with the pointer %q", want)
	}
	if !bytes.Contains(got, []byte("<script>")) {
		t.Error("escaped for HTML")
	}
}

func TestJSONRefusesAShortList(t *testing.T) {
	r := fixture()
	for i := range r.Results {
		r.Results[i].Count++
	}
	if err := JSON(io.Discard, r, Options{}); err == nil || !strings.Contains(err.Error(), "findings are there") {
		t.Errorf("error %v", err)
	}
}

// manyFindings makes findings as they are asked for, and looks at the memory meanwhile.
type manyFindings struct {
	n    int
	peak *uint64
}

func (m manyFindings) First(int) []policies.Finding { return nil }

func (m manyFindings) All() iter.Seq2[policies.Finding, error] {
	return func(yield func(policies.Finding, error) bool) {
		for i := range m.n {
			if i%20_000 == 0 {
				var s runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&s)
				*m.peak = max(*m.peak, s.HeapAlloc)
			}
			if !yield(fixtureFinding("LIF-001", snapshot.Path{"guests", i}, i+1, policies.Resource{Type: "guests", ID: "x"}, strings.Repeat("m", 200)), nil) {
				return
			}
		}
	}
}

func TestJSONStreamsFindings(t *testing.T) {
	var before runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var peak uint64
	many := manyFindings{100_000, &peak}
	r := &Report{Results: []policies.Result{{Rule: fixtureRule("LIF-001", policies.Low, "Title"), Status: policies.Fail, Count: many.n, Findings: many}}}
	var size counter
	if err := JSON(&size, r, Options{}); err != nil {
		t.Fatal(err)
	}
	grown := int64(peak) - int64(before.HeapAlloc)
	t.Logf("%d bytes written, %d held", size, grown)
	if size < 40<<20 || grown > 4<<20 {
		t.Errorf("%d bytes written, %d held at a time", size, grown)
	}
}

// counter counts what is written.
type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}
