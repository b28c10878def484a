package snapshot

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

const head = `"collection": {"schemaVersion": 1, "collectedAt": "2026-11-20T08:00:00Z"}`

// TestBadInput holds what the reader says of input that is no snapshot: the place and the remedy.
func TestBadInput(t *testing.T) {
	for _, test := range []struct{ name, data, want string }{
		{"empty", "", "x.json: the file is empty; collect or import the snapshot again"},
		{"blank", " \n\n", "x.json: the file is empty"},
		{"truncated section", "{\n  \"entra\": {\"a\": ", "x.json:2:18: entra: the JSON ends in the middle; the file was cut short"},
		{"truncated collection", "{\n  \"guests\": [{\"id\": \"1\"}, {\"id\"", "guests[1]: the JSON ends in the middle"},
		{"not JSON", "hello", "x.json:1:1: not valid JSON: invalid character 'h'"},
		{"PowerShell output", "@{a=1}", "x.json:1:1: not valid JSON: invalid character '@'"},
		{"array", "[1]", "x.json:1:1: expected an object whose members are sections, found an array"},
		{"scalar", "12", "expected an object whose members are sections, found a number"},
		{"duplicate section", `{"entra": {}, "entra": {}}`, "x.json:1:15: the member name stands twice in one object; remove one of the two"},
		{"duplicate key", `{"entra": {"a": 1, "a": 2}}`, "x.json:1:20: entra: the member name stands twice"},
		{"duplicate key in an element", `{"guests": [{"id": "1", "id": "2"}]}`, "guests[0]: the member name stands twice"},
		{"invalid UTF-8", "{\"entra\": {\"a\": \"\xff\"}}", "entra: the text is not valid UTF-8; save the file as UTF-8"},
		{"byte-order mark", "\xef\xbb\xbf{}", "x.json:1:1: the file begins with a byte-order mark; save it as UTF-8 without one"},
		{"more after the end", "{" + head + "} {}", "more text after the end of the document"},
		{"no collection section", `{"entra": {}}`, `the section "collection" is missing; it is not a guestward snapshot`},
		{"ScubaGear export", `{"baseline_version": "1", "module_version": "1.8.0"}`, "run `guestward import scubagear FILE -o SNAPSHOT` first"},
		{"newer version", `{"collection": {"schemaVersion": 9, "collectedAt": "2026-11-20T08:00:00Z"}}`, "x.json:1:34: collection.schemaVersion: schemaVersion is 9, this version reads 1; a newer guestward wrote it: upgrade"},
		{"older version", `{"collection": {"schemaVersion": 0, "collectedAt": "2026-11-20T08:00:00Z"}}`, "collect or import it again with this version"},
		{"no version", `{"collection": {"collectedAt": "2026-11-20T08:00:00Z"}}`, `collection: the member "schemaVersion" is missing`},
		{"bad time", `{"collection": {"schemaVersion": 1, "collectedAt": "yesterday"}}`, "x.json:1:52: collection.collectedAt: collectedAt is not a time"},
		{"time before the service", `{"collection": {"schemaVersion": 1, "collectedAt": "1970-01-01T00:00:00Z"}}`, "collectedAt is in no plausible year"},
		{"time that overflows", `{"collection": {"schemaVersion": 1, "collectedAt": "9999-12-31T23:59:59Z"}}`, "collectedAt is in no plausible year"},
		{"bad outcome", `{"collection": {"schemaVersion": 1, "collectedAt": "2026-11-20T08:00:00Z", "sources": [{"source": "entra", "outcome": "fine"}]}}`, "collection.sources[0].outcome: outcome is neither collected nor gap"},
		{"bad reason", `{"collection": {"schemaVersion": 1, "collectedAt": "2026-11-20T08:00:00Z", "sources": [{"source": "entra", "outcome": "gap", "reason": "lazy"}]}}`, "collection.sources[0].reason: the reason of a gap is none of permission"},
		{"section of the wrong type", "{\n" + head + ",\n\"entra\": []}", "x.json:3:10: entra: expected object, found array"},
		{"collection of the wrong type", "{" + head + `, "guests": {}}`, "guests: expected an array, found an object"},
		{"number for a string", "{" + head + ",\n\"entra\": {\"authorizationPolicy\": {\"allowInvitesFrom\": 12}}}", "x.json:2:55: entra.authorizationPolicy.allowInvitesFrom: expected string or null, found number 12"},
		{"fraction for an integer", "{" + head + `, "sharePoint": {"tenant": {"SharingCapability": 1.5}}}`, "sharePoint.tenant.SharingCapability: expected integer or null, found number 1.5"},
		{"deep nesting in a section", "{" + head + `, "entra": {"x": ` + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + "}}", "nested deeper than 64 levels"},
		{"deeper than the parser goes", "{" + head + `, "entra": ` + strings.Repeat("[", 20000), "not valid JSON: exceeded max depth"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := OpenBytes("x.json", []byte(test.data))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
		})
	}
}

// TestBadElements holds what streaming says of elements that are well-formed but wrong.
func TestBadElements(t *testing.T) {
	many := strings.Repeat("{\"id\": \"a\"},\n", 2345)
	for _, test := range []struct{ name, data, want string }{
		{"wrong type", many + `{"id": "b", "mail": 7}`, "x.json:2347:21: guests[2345].mail: expected string or null, found number 7"},
		{"missing id", many + `{"mail": "a"}`, `x.json:2347:1: guests[2345]: the member "id" is missing`},
		{"not an object", many + `12`, "x.json:2347:1: guests[2345]: expected object, found number 12"},
		{"deep nesting", many + `{"id": "b", "x": ` + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + "}", "nested deeper than 64 levels"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, err := OpenBytes("x.json", []byte("{"+head+", \"guests\": [\n"+test.data+"]}"))
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			for c, chunkErr := range s.Chunks("guests") {
				if chunkErr != nil {
					t.Fatal(chunkErr)
				}
				if c.Count > chunkElements {
					t.Errorf("a chunk of %d elements", c.Count)
				}
				if _, err = DecodeChunk(c, discard{}); err != nil {
					break
				}
				n++
			}
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
			if n != 2345/chunkElements {
				t.Errorf("%d good chunks before the bad one", n)
			}
		})
	}
}

func TestUnknownSectionIsKeptAndSaid(t *testing.T) {
	s, err := OpenBytes("x.json", []byte("{"+head+`, "vivaEngage": {"networks": []}}`))
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Warnings) != 1 || !strings.Contains(s.Warnings[0], `x.json: kept but not judged, unknown sections: "vivaEngage"`) {
		t.Errorf("warnings %q", s.Warnings)
	}
	if !strings.Contains(strings.Join(s.Sections(), " "), "vivaEngage") {
		t.Errorf("sections %q", s.Sections())
	}
}

// TestNoSnapshotSpeaksForPeers refuses the section by which rules see other tenants.
func TestNoSnapshotSpeaksForPeers(t *testing.T) {
	for _, value := range []string{"[]", "null", `[{"tenantId": "x"}]`} {
		_, err := OpenBytes("x.json", []byte("{"+head+`, "peers": `+value+"}"))
		if err == nil || !strings.Contains(err.Error(), "peers: a snapshot is of one tenant") {
			t.Errorf("%s: %v", value, err)
		}
	}
}

// TestFilesAndFolders opens the same document as a file, gzipped, as a folder and from a stream.
func TestFilesAndFolders(t *testing.T) {
	dir := t.TempDir()
	doc := Document{
		"collection": map[string]any{"schemaVersion": 1, "collectedAt": "2026-11-20T08:00:00Z"},
		"entra":      map[string]any{"authorizationPolicy": map[string]any{"allowInvitesFrom": "none"}},
		"guests":     []any{map[string]any{"id": "b"}, map[string]any{"id": "a"}},
	}
	var out bytes.Buffer
	if err := doc.Encode(&out); err != nil {
		t.Fatal(err)
	}
	check := func(name string, s *Snapshot, err error, line int) {
		t.Helper()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		defer s.Close()
		if n, ok := s.Count("guests"); n != 2 || !ok {
			t.Errorf("%s: %d guests", name, n)
		}
		loc := s.Locate(Path{"entra", "authorizationPolicy", "allowInvitesFrom"})
		if !loc.Exact || loc.Start.Line != line {
			t.Errorf("%s: value at %v, want line %d", name, loc, line)
		}
		for c, err := range s.Chunks("guests") {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if _, err := DecodeChunk(c, discard{}); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	for name, line := range map[string]int{"doc.json": 4, "doc.json.gz": 4, "folder/": 3} {
		full := filepath.Join(dir, name)
		if strings.HasSuffix(name, "/") {
			full += string(filepath.Separator)
		}
		if err := doc.Write(full); err != nil {
			t.Fatal(err)
		}
		s, err := Open(full)
		check(name, s, err, line)
		if info, err := os.Stat(full); err == nil && !info.IsDir() && runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("%s has the mode %v", name, info.Mode())
		}
	}
	s, err := OpenReader("<stdin>", bytes.NewReader(out.Bytes()))
	check("stream", s, err, 4)
	if runtime.GOOS == "linux" { // what a shell makes of <(...): a file that can be read but once
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		go func() {
			w.Write(out.Bytes())
			w.Close()
		}()
		s, err := Open(fmt.Sprintf("/dev/fd/%d", r.Fd()))
		check("pipe", s, err, 4)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".guestward-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestForeignFolderIsLeftAlone(t *testing.T) {
	dir := t.TempDir()
	doc := Document{"collection": map[string]any{"schemaVersion": 1, "collectedAt": "2026-11-20T08:00:00Z"}}
	for range 2 { // once more over itself is fine
		if err := doc.Write(dir); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"teams.json", "collection.json.gz"} {
		foreign := filepath.Join(dir, name)
		if err := os.WriteFile(foreign, []byte("{}"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := doc.Write(dir); err == nil || !strings.Contains(err.Error(), name+": the folder holds a section of another snapshot") {
			t.Errorf("%s: %v", name, err)
		}
		os.Remove(foreign)
	}
}

func TestBadFiles(t *testing.T) {
	dir := t.TempDir()
	write := func(name, data string) string {
		full := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
		return full
	}
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	w.Write([]byte("{" + head + strings.Repeat(" ", 100000) + "}"))
	w.Close()
	both := filepath.Dir(write("both/entra.json", "{}"))
	write("both/entra.json.gz", z.String())
	bad := filepath.Dir(write("bad/guests.json", "[{\"id\": 1}"))
	write("bad/collection.json", "{}")
	tests := map[string]string{
		filepath.Join(dir, "absent.json"):       "no such file or folder; check the path",
		write("plain.json.gz", "{}"):            "named .gz, but the content is not gzip; rename the file",
		write("cut.json.gz", z.String()[:60]):   "ends in the middle",
		filepath.Dir(write("none/README", "x")): "the directory holds no section",
		both:                                    `the section "entra" is there twice`,
		bad:                                     "guests.json:1:11: guests[1]: the JSON ends in the middle",
		filepath.Dir(write("bom/a.json", "\xef\xbb\xbf{}")): "begins with a byte-order mark",
	}
	if runtime.GOOS != "windows" && os.Geteuid() != 0 {
		secret := write("secret.json", "{}")
		os.Chmod(secret, 0)
		tests[secret] = "permission denied; it must be readable by you"
	}
	for name, want := range tests {
		if _, err := Open(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", name, err, want)
		}
	}
	// Compressed under a plain name is no mistake worth stopping for.
	s, err := Open(write("odd.json", z.String()))
	if err != nil {
		t.Error(err)
	} else {
		s.Close()
	}
}

// TestHugeValueIsRefused feeds a string that never ends; memory stays bounded.
func TestHugeValueIsRefused(t *testing.T) {
	r := &endless{head: []byte(`{"entra": "`)}
	_, err := open("x.json", []part{{file: "x.json", open: r.open}})
	if err == nil || !strings.Contains(err.Error(), "one value is larger than 64 MiB") {
		t.Errorf("got %v", err)
	}
}

// TestSectionsAreBoundedTogether: a few KiB of gzip can unpack to any number of sections that are each small enough.
func TestSectionsAreBoundedTogether(t *testing.T) {
	defer func(before int) { maxConfig = before }(maxConfig)
	maxConfig = 1 << 20
	half := strings.Repeat(" ", 600<<10)
	data := fmt.Sprintf(`{%s, "entra": {%s}, "teams": {%s}, "guests": []}`, head, half, half)
	_, err := OpenBytes("x.json", []byte(data))
	if err == nil || !strings.Contains(err.Error(), ": teams: the sections up to this one are larger than 1 MiB") {
		t.Errorf("got %v", err)
	}
	data = fmt.Sprintf(`{%s, "entra": {%s}, "guests": [{"id": "a"}%s, {"id": "b"}]}`, head, half, half)
	if s, err := OpenBytes("x.json", []byte(data)); err != nil {
		t.Errorf("a collection counts as configuration: %v", err)
	} else {
		s.Close()
	}
}

// TestDamagedGzip: it is not the JSON that is wrong.
func TestDamagedGzip(t *testing.T) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	fmt.Fprintf(z, "{%s}", head)
	z.Close()
	data := b.Bytes()
	data[len(data)-5] ^= 1 // the checksum is the last but four bytes
	_, err := OpenBytes("x.json.gz", data)
	if err == nil || !strings.HasSuffix(err.Error(), ": cannot be read: gzip: invalid checksum; the file may be damaged: write it again") {
		t.Errorf("got %v", err)
	}
}

type endless struct{ head []byte }

func (e *endless) open() (io.ReadCloser, error) { return e, nil }

func (e *endless) Read(p []byte) (int, error) {
	if len(e.head) > 0 {
		n := copy(p, e.head)
		e.head = e.head[n:]
		return n, nil
	}
	for i := range p {
		p[i] = 'a'
	}
	return len(p), nil
}

func (e *endless) Close() error { return nil }

func TestCanonicalForm(t *testing.T) {
	doc := Document{
		"guests": []any{map[string]any{"id": "b", "displayName": "<b>"}, map[string]any{"id": "a"}},
		"zzz":    true,
		"collection": map[string]any{"schemaVersion": 1, "collectedAt": "2026-11-20T08:00:00Z", "sources": []any{
			map[string]any{"source": "guests", "outcome": "collected"}, map[string]any{"source": "entra", "outcome": "collected"},
		}},
		"tenant": map[string]any{"organization": map[string]any{"id": "1", "big": 12345678901234567}},
	}
	var b strings.Builder
	if err := doc.Encode(&b); err != nil {
		t.Fatal(err)
	}
	want := `{
  "zzz": true,
  "tenant": {
    "organization": {
      "big": 12345678901234567,
      "id": "1"
    }
  },
  "guests": [
    {
      "id": "a"
    },
    {
      "displayName": "<b>",
      "id": "b"
    }
  ],
  "collection": {
    "collectedAt": "2026-11-20T08:00:00Z",
    "schemaVersion": 1,
    "sources": [
      {
        "outcome": "collected",
        "source": "entra"
      },
      {
        "outcome": "collected",
        "source": "guests"
      }
    ]
  }
}
`
	if b.String() != want {
		t.Errorf("got\n%s", b.String())
	}
}

// FuzzOpen feeds anything: the reader never panics, and what it accepts it can locate and read to the end.
func FuzzOpen(f *testing.F) {
	f.Add([]byte(small))
	f.Add([]byte("{" + head + "}"))
	f.Add([]byte(`{"guests": [{"id": "1"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := OpenBytes("fuzz.json", data)
		if err != nil {
			return
		}
		for _, name := range s.Sections() {
			loc := s.Locate(Path{name, "a", 0, "b"})
			if loc.Start.Line < 1 || loc.Start.Column < 1 || loc.End.Line != loc.Start.Line || loc.End.Column < loc.Start.Column {
				t.Errorf("%s at %v", name, loc)
			}
		}
		for _, name := range s.Streams() {
			n, _ := s.Count(name)
			seen := 0
			for c, err := range s.Chunks(name) {
				if err != nil {
					t.Fatal(err)
				}
				seen += c.Count
				if _, err := DecodeChunk(c, discard{}); err != nil {
					break
				}
				l := c.Locator()
				for i := range c.Count {
					if loc := l.Locate(Path{i, "id"}); loc.Start.Line < 1 || !loc.Exact {
						t.Errorf("element %d at %v", i, loc)
					}
				}
			}
			if seen > n {
				t.Errorf("%d of %d elements", seen, n)
			}
		}
	})
}
