package snapshot

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// reference is the canonical form by way of encoding/json alone.
func reference(t testing.TB, raw []byte, typ *Type) string {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var tree any
	if err := dec.Decode(&tree); err != nil {
		t.Fatal(err)
	}
	sortTree(tree, typ)
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(tree); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(out.String(), "\n")
}

func sortTree(v any, t *Type) {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			sortTree(member, t.Property(name))
		}
	case []any:
		for _, element := range v {
			sortTree(element, t.Items())
		}
		switch {
		case t == nil:
		case t.Set:
			slices.SortStableFunc(v, func(a, b any) int { return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
		case t.Key != "":
			text := func(v any) string {
				object, _ := v.(map[string]any)
				text, _ := object[t.Key].(string)
				return text
			}
			slices.SortStableFunc(v, func(a, b any) int { return cmp.Compare(text(a), text(b)) })
		}
	}
}

// TestCanonicalFormIsThatOfTheReference compares with encoding/json what is odd, and tenants changed at random.
func TestCanonicalFormIsThatOfTheReference(t *testing.T) {
	check := func(raw []byte, typ *Type) {
		t.Helper()
		got, _, err := new(canonicalizer).canonical(nil, raw, typ, 0, "")
		if err != nil {
			t.Fatalf("%s: %v", raw, err)
		}
		if want := reference(t, raw, typ); string(got) != want {
			t.Fatalf("%s\ngot  %s\nwant %s", raw, got, want)
		}
	}
	set := &Type{Set: true}
	keyed := &Type{Key: "id"}
	for _, raw := range []string{
		`{}`, `[]`, `[[], {}, [{}]]`, `null`, ` [ true , false ] `, `-0.50e+07`, `123456789012345678901234567890`,
		`"<a href='x'>&amp;</a>"`, `"\u003c\u00e9\/\b\f\n\r\t\u0001\u001f\u007f\"\\"`, "\"\u2028\u2029\\u2028 é 🙂 \\ud83d\\ude42\"", `"\ud800 \udc00x"`, "\"\xff\"",
		`{"b":1,"a":{"d":[],"c":{}},"":0,"\u0062b":3,"é":4,"z\n":5,"B":6}`,
	} {
		check([]byte(raw), nil)
	}
	for _, raw := range []string{`["b","a","a\u0000","B",null,true,12,"é"]`, `[]`, `["\u0062","a"]`} {
		check([]byte(raw), set)
	}
	for _, raw := range []string{`[{"x":1,"id":"b"},{"id":"a"},{"id":"a","n":2},{"id":7},{},3,"c",[{"id":"0"}]]`, `[{"id":"\u0062"},{"id":"a"}]`} {
		check([]byte(raw), keyed)
	}
	files, err := filepath.Glob("../../testdata/tenants/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no tenants", err)
	}
	rnd := rand.New(rand.NewPCG(3, 4))
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for round := range 50 {
			var doc any
			if err := json.Unmarshal(data, &doc); err != nil {
				t.Fatal(err)
			}
			for range round {
				mutate(rnd, doc)
			}
			check(shuffled(rnd, doc), Schema())
		}
	}
}

// shuffled writes a tree with the members of its objects in any order.
func shuffled(rnd *rand.Rand, v any) []byte {
	var b bytes.Buffer
	switch v := v.(type) {
	case map[string]any:
		names := slices.Sorted(maps.Keys(v))
		rnd.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
		b.WriteByte('{')
		for i, name := range names {
			if i > 0 {
				b.WriteByte(',')
			}
			quoted, _ := json.Marshal(name)
			b.Write(quoted)
			b.WriteByte(':')
			b.Write(shuffled(rnd, v[name]))
		}
		b.WriteByte('}')
	case []any:
		b.WriteByte('[')
		for i, element := range v {
			if i > 0 {
				b.WriteByte(',')
			}
			b.Write(shuffled(rnd, element))
		}
		b.WriteByte(']')
	default:
		raw, _ := json.Marshal(v)
		b.Write(raw)
	}
	return b.Bytes()
}

// guest is as large as Graph's are.
func guest(i int) map[string]any {
	day := fmt.Sprintf("2025-%02d-%02dT08:00:00Z", i%12+1, i%28+1)
	return map[string]any{
		"id": fmt.Sprintf("%08x-0000-4000-8000-%012x", i, i), "userType": "Guest", "accountEnabled": i%7 != 0,
		"displayName": fmt.Sprintf("Zoë <Guest> %d", i), "mail": fmt.Sprintf("guest%d@fabrikam.com", i),
		"userPrincipalName": fmt.Sprintf("guest%d_fabrikam.com#EXT#@contoso.onmicrosoft.com", i),
		"otherMails":        []any{fmt.Sprintf("z%d@fabrikam.com", i), fmt.Sprintf("a%d@adatum.com", i)},
		"createdDateTime":   day, "creationType": "Invitation", "externalUserState": "Accepted", "externalUserStateChangeDateTime": day,
		"companyName": "Fabrikam Engineering & Sons", "department": "Research", "jobTitle": "Engineer", "employeeType": nil,
		"usageLocation": "DE", "onPremisesSyncEnabled": nil, "signInSessionsValidFromDateTime": day, "lastPasswordChangeDateTime": day,
		"assignedLicenses": []any{map[string]any{"disabledPlans": []any{}, "skuId": "00000a01-0000-4000-8000-000000000a01"}},
		"identities": []any{
			map[string]any{"signInType": "federated", "issuer": "ExternalAzureAD", "issuerAssignedId": nil},
			map[string]any{"signInType": "userPrincipalName", "issuer": "contoso.onmicrosoft.com", "issuerAssignedId": fmt.Sprintf("guest%d_fabrikam.com#EXT#@contoso.onmicrosoft.com", i)},
		},
		"signInActivity": map[string]any{"lastSignInDateTime": day, "lastNonInteractiveSignInDateTime": day, "lastSuccessfulSignInDateTime": day,
			"lastSignInRequestId": fmt.Sprintf("%08x-0000-4000-8000-%012x", i, i+1)},
		"sponsors": []any{
			map[string]any{"@odata.type": "#microsoft.graph.user", "id": fmt.Sprintf("%08x-0000-4000-8000-%012x", i%9, 2), "userType": "Member", "accountEnabled": true},
			map[string]any{"@odata.type": "#microsoft.graph.user", "id": fmt.Sprintf("%08x-0000-4000-8000-%012x", i%9, 1), "userType": "Member", "accountEnabled": true},
		},
	}
}

// elementsOf gives raw elements, the buffer of each overwritten by the next as readers do.
func elementsOf(raws ...[]byte) Elements {
	return func(yield func(json.RawMessage, error) bool) {
		var buf []byte
		for _, raw := range raws {
			buf = append(buf[:0], raw...)
			if !yield(buf, nil) {
				return
			}
		}
	}
}

func encode(t testing.TB, d Document) string {
	t.Helper()
	var b strings.Builder
	if err := d.Encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestElementsAreWrittenAsAnArrayIs: whatever the order of members, in one file and in a folder.
func TestElementsAreWrittenAsAnArrayIs(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	for _, n := range []int{0, 1, 2, batchElements, batchElements + 1, 10 * batchElements} {
		var list []any
		var raws [][]byte
		for i := range n {
			g := guest(i)
			if i%50 == 0 {
				g["companyName"] = strings.Repeat("long ", rnd.IntN(2*batchBytes/5)) // a batch of one
			}
			list = append(list, g)
			raws = append(raws, shuffled(rnd, any(g)))
		}
		rnd.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		if list == nil {
			list = []any{}
		}
		collection := Collection{SchemaVersion: 1}
		whole := Document{"collection": collection, "guests": list}
		streamed := Document{"collection": collection, "guests": elementsOf(raws...)}
		if encode(t, whole) != encode(t, streamed) {
			t.Fatalf("%d elements: other bytes", n)
		}
		folders := [2]string{filepath.Join(t.TempDir(), "a") + "/", filepath.Join(t.TempDir(), "b") + "/"}
		for i, d := range []Document{whole, streamed} {
			if err := d.Write(folders[i]); err != nil {
				t.Fatal(err)
			}
		}
		a, errA := os.ReadFile(folders[0] + "guests.json")
		b, errB := os.ReadFile(folders[1] + "guests.json")
		if errA != nil || errB != nil || !bytes.Equal(a, b) {
			t.Fatalf("%d elements: the folders differ (%v, %v)", n, errA, errB)
		}
	}
}

// TestBadElementsStopTheWriter: the error says where, and nothing appears.
func TestBadElementsStopTheWriter(t *testing.T) {
	broken := errors.New("the connection broke")
	many := func(last string) Elements {
		var raws [][]byte
		for i := range 1000 {
			raws = append(raws, fmt.Appendf(nil, `{"id": "a%04d"}`, i))
		}
		return elementsOf(append(raws, []byte(last))...)
	}
	for _, test := range []struct {
		name     string
		elements Elements
		want     string
	}{
		{"error of the source", func(yield func(json.RawMessage, error) bool) {
			_ = yield([]byte(`{"id": "a"}`), nil) && yield(nil, broken)
		}, "section guests: the connection broke"},
		{"unsorted", many(`{"id": "a0998"}`), `section guests: not sorted by id: "a0998" comes after "a0999"`},
		{"twice", many(`{"id": "a0999"}`), `section guests: two elements have the id "a0999"`},
		{"no key", many(`{"mail": "a"}`), `section guests: element 1000: the member "id" is missing, or no string`},
		{"key of another type", many(`{"id": 7}`), `section guests: element 1000: the member "id" is missing, or no string`},
		{"no object", many(`"a"`), `section guests: element 1000: the member "id" is missing`},
		{"duplicate member", many(`{"id": "b", "x": 1, "a": 2, "x": 3}`), `section guests: element 1000: the member "x" stands twice in one object`},
		{"cut short", many(`{"id": "b"`), "section guests: element 1000: the JSON ends in the middle"},
		{"no JSON", many(`{id: "b"}`), "section guests: element 1000: not valid JSON"},
		{"two values", many(`{"id": "b"} {}`), "section guests: element 1000: more text after the end of the JSON value"},
		{"empty", many(` `), "section guests: element 1000: the JSON ends in the middle"},
		{"nil", nil, "section guests: the schema has no collection of that name, or it is nil"},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			d := Document{"collection": Collection{SchemaVersion: 1}, "tenant": map[string]any{}, "guests": test.elements}
			for _, name := range []string{"doc.json", "doc.json.gz", "folder/"} {
				err := d.Write(filepath.Join(dir, name) + name[len(strings.TrimSuffix(name, "/")):])
				if err == nil || !strings.Contains(err.Error(), test.want) {
					t.Errorf("%s: got %v, want %s", name, err, test.want)
				}
			}
			filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
				if err != nil || !e.IsDir() {
					t.Errorf("there is %s (%v)", path, err)
				}
				return nil
			})
		})
	}
	if err := (Document{"guests": many(`{`)}).Encode(io.Discard); err == nil {
		t.Error("no error")
	}
	if err := (Document{"nowhere": elementsOf()}).Encode(io.Discard); err == nil || !strings.Contains(err.Error(), "section nowhere: the schema has no collection of that name") {
		t.Errorf("got %v", err)
	}
}

// TestFailedFolderStaysAsItWas: sections of two snapshots must not end up together.
func TestFailedFolderStaysAsItWas(t *testing.T) {
	dir := t.TempDir()
	d := Document{"collection": Collection{SchemaVersion: 1}, "tenant": "old", "guests": elementsOf()}
	if err := d.Write(dir); err != nil {
		t.Fatal(err)
	}
	d["tenant"], d["guests"] = "new", elementsOf([]byte(`{}`))
	if err := d.Write(dir); err == nil {
		t.Fatal("no error")
	}
	if data, err := os.ReadFile(filepath.Join(dir, "tenant.json")); err != nil || string(data) != "\"old\"\n" {
		t.Errorf("tenant.json holds %q (%v)", data, err)
	}
	if files, _ := filepath.Glob(filepath.Join(dir, "*")); len(files) != 3 {
		t.Errorf("left behind: %v", files)
	}
	if hidden, _ := filepath.Glob(filepath.Join(dir, ".*")); len(hidden) != 0 {
		t.Errorf("left behind: %v", hidden)
	}
}

// TestWriterHoldsLittle writes far more than it may hold.
func TestWriterHoldsLittle(t *testing.T) {
	template, err := json.Marshal(guest(1))
	if err != nil {
		t.Fatal(err)
	}
	id := []byte(guest(1)["id"].(string))
	var peak uint64
	n := 40_000
	elements := func(yield func(json.RawMessage, error) bool) {
		for i := range n {
			if i%5000 == 4999 {
				runtime.GC()
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				peak = max(peak, m.HeapAlloc)
			}
			if !yield(bytes.Replace(template, id, fmt.Appendf(nil, "%036d", i), 1), nil) {
				return
			}
		}
	}
	if err := (Document{"guests": Elements(elements)}).Encode(io.Discard); err != nil {
		t.Fatal(err)
	}
	if most := uint64(24 << 20); peak > most {
		t.Errorf("%d elements of %d bytes took %d bytes, more than %d", n, len(template), peak, most)
	}
}

// TestDocumentOfSnapshotIsTheSnapshot: reading and writing again changes nothing, and sorts what is out of order.
func TestDocumentOfSnapshotIsTheSnapshot(t *testing.T) {
	defer func(before int) { sortBytes = before }(sortBytes)
	for _, sortBytes = range []int{1, 5000, 32 << 20} { // a run for each element, several, none in a file
		var list []any
		for i := range 1200 { // more than two chunks
			list = append(list, guest(i))
		}
		want := encode(t, Document{"collection": Collection{SchemaVersion: 1, CollectedAt: someTime}, "guests": list})
		s, err := OpenBytes("a.json", []byte(want))
		if err != nil {
			t.Fatal(err)
		}
		if encode(t, s.Document()) != want {
			t.Error("other bytes")
		}
		slices.Reverse(list)
		raw, err := json.Marshal(Document{"collection": Collection{SchemaVersion: 1, CollectedAt: someTime}, "guests": list})
		if err != nil {
			t.Fatal(err)
		}
		if s, err = OpenBytes("b.json", raw); err != nil {
			t.Fatal(err)
		}
		if encode(t, s.Document()) != want {
			t.Errorf("not sorted (runs of %d bytes)", sortBytes)
		}
		for range s.Document()["guests"].(Elements) {
			break // whoever stops early leaves nothing open
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	raw, err := json.Marshal(guest(1))
	if err != nil {
		b.Fatal(err)
	}
	id := []byte(guest(1)["id"].(string))
	const n = 10_000
	raws := make([][]byte, n)
	for i := range raws {
		raws[i] = bytes.Replace(raw, id, fmt.Appendf(nil, "%036d", i), 1)
	}
	b.SetBytes(int64(n * len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		if err := (Document{"guests": elementsOf(raws...)}).Encode(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}

// FuzzCanonical feeds anything: what the writer takes it writes as encoding/json would, and again the same.
func FuzzCanonical(f *testing.F) {
	f.Add([]byte(small))
	f.Add([]byte(`{"guests":[{"otherMails":["b","\u0061"],"id":"\ud800"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		out, _, err := new(canonicalizer).canonical(nil, data, Schema(), 0, "")
		if err != nil {
			return
		}
		if want := reference(t, data, Schema()); string(out) != want {
			t.Errorf("got  %s\nwant %s", out, want)
		}
		again, _, err := new(canonicalizer).canonical(nil, out, Schema(), 0, "")
		if err != nil || !bytes.Equal(again, out) {
			t.Errorf("not stable: %v", err)
		}
	})
}
