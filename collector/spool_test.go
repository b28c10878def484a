package collector

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/guestward/guestward/collector/snapshot"
)

// part is one thing that a reader brings: an element under an id.
type part struct{ id, raw string }

// paged is a reading that brings two parts a page, and goes on where it was interrupted.
func paged(parts ...part) func(context.Context, *Output) error {
	return func(_ context.Context, out *Output) error {
		from := 0
		if c := out.Cursor(); c != "" {
			if _, err := fmt.Sscanf(c, "page %d", &from); err != nil {
				return err
			}
		}
		for page := from; 2*page < len(parts); page++ {
			for _, p := range parts[2*page : min(2*page+2, len(parts))] {
				if err := out.Add(p.id, json.RawMessage(p.raw)); err != nil {
					return err
				}
			}
			if err := out.Also("guests.sponsors", &Gap{Reason: NoPermission, Detail: fmt.Sprint("page ", page)}); err != nil {
				return err
			}
			if 2*page+2 < len(parts) {
				if err := out.Checkpoint(fmt.Sprint("page ", page+1)); err != nil {
					return err
				}
			}
		}
		return nil
	}
}

// spooled are two sources as they are read for real: one of objects, and one whose rows are added up.
func spooled() scripted {
	return scripted{
		"tenant.organization": list(`{"id":"t"}`),
		"guests": paged(part{"c", `{"id":"c","displayName":"Zoë \t\"\\"}`}, part{"a", `{"id":"a","displayName":"old"}`},
			part{"b", `{"id":"b"}`}, part{"a", `{"id":"a","displayName":"new"}`}, part{"d", `{"id":"d"}`}),
		"audit.invitations": paged(part{"x", `{"id":"x","count":1}`}, part{"y", `{"id":"y","count":10}`},
			part{"x", `{"id":"x","count":100}`}, part{"z", `{"id":"z","count":3}`}, part{"x", `{"id":"x","count":1000}`}),
	}
}

// left is what a spool file holds by the description of its format.
type left struct {
	cursor string
	count  int
	also   map[string]string
	done   bool
	bytes  int
}

func model(content []byte) (m left) {
	offset, elements, also := 0, 0, map[string]string{}
	m.also = map[string]string{}
	for text := range strings.SplitAfterSeq(string(content), "\n") {
		if !strings.HasSuffix(text, "\n") {
			break
		}
		offset += len(text)
		fields := strings.SplitN(strings.TrimSuffix(text, "\n"), "\t", 3)
		switch fields[0] {
		case "E":
			elements++
			continue
		case "G":
			var r snapshot.Source
			if json.Unmarshal([]byte(fields[2]), &r) == nil {
				also[fields[1]] = r.Detail
			}
			continue
		case "P":
			m.cursor = fields[2]
		case "D":
			m.done = true
		}
		m.count, m.bytes, m.also = elements, offset, maps.Clone(also)
	}
	return m
}

// TestCutSpools cuts the file of a real collection at every byte: what is left is what its last checkpoint says.
func TestCutSpools(t *testing.T) {
	o := options(t, spooled(), "guests", "audit.invitations")
	whole := collect(t, o)
	wantGuests := fmt.Sprint(elements(t, whole, "guests"))
	var wantAudit, gotAudit struct{ Invitations []map[string]any }
	if err := whole.Section("audit", &wantAudit); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(wantAudit) != "{[map[count:1101 id:x] map[count:10 id:y] map[count:3 id:z]]}" {
		t.Fatal(wantAudit)
	}
	for _, path := range []string{"guests", "audit.invitations"} {
		content, err := os.ReadFile(filepath.Join(o.Spool, path+".spool"))
		if err != nil {
			t.Fatal(err)
		}
		checkpoints := map[string]int{}
		dir := t.TempDir()
		for n := range len(content) + 1 {
			name := filepath.Join(dir, path+".spool")
			if err := os.WriteFile(name, content[:n], 0o600); err != nil {
				t.Fatal(err)
			}
			want := model(content[:n])
			if want.cursor == "" && !want.done { // the beginning
				want = left{also: map[string]string{}}
			}
			file, err := (&spool{dir}).open(path)
			if err != nil {
				t.Fatalf("%s cut at %d: %v", path, n, err)
			}
			got := left{file.cursor, file.count, map[string]string{}, file.done != nil, 0}
			for path, r := range file.also {
				got.also[path] = r.Detail
			}
			if err := file.close(); err != nil {
				t.Fatal(err)
			}
			kept, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			got.bytes = len(kept)
			if fmt.Sprint(got) != fmt.Sprint(want) || !bytes.Equal(kept, content[:want.bytes]) {
				t.Fatalf("%s cut at %d: got %+v, want %+v", path, n, got, want)
			}
			checkpoints[fmt.Sprint(want)]++

			// Going on from there brings what was there without the cut. Cuts within a line leave the same as one before it.
			if n > 0 && content[n-1] != '\n' && n%64 != 0 {
				continue
			}
			cut := o
			cut.Spool, cut.Resume = filepath.Join(t.TempDir(), "spool"), true
			if err := os.CopyFS(cut.Spool, os.DirFS(o.Spool)); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(cut.Spool, path+".spool"), content[:n], 0o600); err != nil {
				t.Fatal(err)
			}
			snap := collect(t, cut)
			if got := fmt.Sprint(elements(t, snap, "guests")); got != wantGuests {
				t.Fatalf("%s cut at %d:\ngot  %s\nwant %s", path, n, got, wantGuests)
			}
			gotAudit.Invitations = nil
			if err := snap.Section("audit", &gotAudit); err != nil {
				t.Fatal(err)
			}
			if fmt.Sprint(gotAudit) != fmt.Sprint(wantAudit) {
				t.Fatalf("%s cut at %d: got %v", path, n, gotAudit)
			}
			if got, want := *sourceOf(t, snap, path).Count, *sourceOf(t, whole, path).Count; got != want {
				t.Fatalf("%s cut at %d: %d were counted, want %d", path, n, got, want)
			}
			if got := sourceOf(t, snap, "guests.sponsors"); got.Detail != sourceOf(t, whole, "guests.sponsors").Detail {
				t.Fatalf("%s cut at %d: %+v", path, n, got)
			}
		}
		if len(checkpoints) != 4 { // nothing, two pages, the end
			t.Errorf("%s: the cuts left %v", path, checkpoints)
		}
	}
}

func newSpoolFile(t *testing.T) (*spool, *spoolFile) {
	t.Helper()
	s := &spool{t.TempDir()}
	f, err := s.open("guests")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.close() })
	return s, f
}

// TestNothingBreaksTheLines tries to smuggle lines of their own into a spool.
func TestNothingBreaksTheLines(t *testing.T) {
	s, f := newSpoolFile(t)
	out := &Output{source: &Source{Path: "guests"}, file: f, tick: func(int) {}}
	for _, p := range []part{
		{"a\tb", `{}`}, {"a\nP\t\tx", `{}`}, {"\t", `{}`}, {"\n", `{}`},
		{"a", "{\n}"}, {"a", "{}\n"}, {"a", "\nD\t\t{}"},
	} {
		if err := out.Add(p.id, json.RawMessage(p.raw)); err == nil {
			t.Errorf("%q was taken", p)
		}
	}
	if err := out.Checkpoint("x\nD\t\t{}"); err == nil || out.Cursor() != "" {
		t.Errorf("a cursor with a line break was taken: %q", out.Cursor())
	}
	if err := out.Also("guests\n", &Gap{Reason: Failed}); err == nil {
		t.Error("a path with a line break was taken")
	}
	if err := f.w.Flush(); err != nil {
		t.Fatal(err)
	}
	if info, err := f.f.Stat(); err != nil || info.Size() != 0 {
		t.Errorf("something was written: %v, %v", info.Size(), err)
	}
	// Everything else is kept as it is.
	odd := []part{{"", `{}`}, {"a b", `"\t"`}, {"é\u2028\r\x00", `"x` + "\t" + `y"`}, {strings.Repeat("l", 300<<10), `"` + strings.Repeat("v", 600<<10) + `"`}}
	for _, p := range odd {
		if err := out.Add(p.id, json.RawMessage(p.raw)); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Checkpoint("c\td"); err != nil {
		t.Fatal(err)
	}
	if err := f.close(); err != nil {
		t.Fatal(err)
	}
	f, err := s.open("guests")
	if err != nil {
		t.Fatal(err)
	}
	defer f.close()
	if f.cursor != "c\td" || f.count != len(odd) {
		t.Errorf("cursor %q, count %d", f.cursor, f.count)
	}
	index, err := s.index("guests")
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(s.file("guests"))
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range index {
		if got := string(content[e.offset : e.offset+int64(e.length)]); e.id != odd[i].id || got != odd[i].raw {
			t.Errorf("element %d is %.40q: %.40q", i, e.id, got)
		}
	}
	if len(index) != len(odd) {
		t.Errorf("%d elements", len(index))
	}
}

// TestAnIDThatBreaksTheLinesIsAGap expects that the one source is lost, and loudly.
func TestAnIDThatBreaksTheLinesIsAGap(t *testing.T) {
	snap := collect(t, options(t, scripted{
		"tenant.organization": list(`{"id":"t"}`),
		"guests":              paged(part{"a", `{"id":"a"}`}, part{"b\tE", `{"id":"b\tE"}`}),
	}, "guests"))
	if got := sourceOf(t, snap, "guests"); got.Outcome != snapshot.Gap || got.Reason != Failed || !strings.Contains(got.Detail, `"b\tE"`) {
		t.Errorf("%+v", got)
	}
}

// TestADiskThatFailsEndsTheCollection expects no gap: nothing that is read can be kept any more.
func TestADiskThatFailsEndsTheCollection(t *testing.T) {
	for name, read := range map[string]func(out *Output) error{
		"at a checkpoint": func(out *Output) error { return out.Checkpoint("x") },
		"at an element":   func(out *Output) error { return out.Add("a", json.RawMessage(`"`+strings.Repeat("x", 1<<20)+`"`)) },
		"at the end":      func(out *Output) error { return out.Add("a", json.RawMessage(`{}`)) },
	} {
		o := options(t, scripted{
			"tenant.organization": list(`{"id":"t"}`),
			"guests": func(_ context.Context, out *Output) error {
				out.file.f.Close()
				return read(out)
			},
		}, "guests")
		_, err := Collect(t.Context(), o)
		var disk *diskError
		if !errors.Is(err, os.ErrClosed) || !errors.As(err, &disk) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTwoCollectionsInOneFolder(t *testing.T) {
	t.Run("that begin at once", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "spool")
		var began atomic.Int32
		var all sync.WaitGroup
		for range 16 {
			all.Go(func() {
				if _, _, err := openSpool(dir, false, manifest{Format: spoolFormat, StartedAt: testNow}); err == nil {
					began.Add(1)
				}
			})
		}
		all.Wait()
		if began.Load() != 1 {
			t.Errorf("%d began", began.Load())
		}
	})
	t.Run("that both found it empty", func(t *testing.T) {
		name := filepath.Join(t.TempDir(), manifestName)
		if err := writeNew(name, []byte("first")); err != nil {
			t.Fatal(err)
		}
		if err := writeNew(name, []byte("second")); !errors.Is(err, os.ErrExist) {
			t.Error(err)
		}
		if got, err := os.ReadFile(name); string(got) != "first" || err != nil {
			t.Errorf("%q, %v", got, err)
		}
	})
	t.Run("that go on with the same", func(t *testing.T) {
		reading, end := make(chan struct{}), make(chan struct{})
		o := options(t, scripted{
			"tenant.organization": list(`{"id":"t"}`),
			"guests": func(ctx context.Context, out *Output) error {
				if err := list(`{"id":"a"}`)(ctx, out); err != nil {
					return err
				}
				close(reading)
				<-end
				return nil
			},
		}, "guests")
		var c *Collection
		var all sync.WaitGroup
		all.Go(func() {
			var err error
			if c, err = Collect(t.Context(), o); err != nil {
				t.Error(err)
			}
		})
		<-reading
		other := o
		other.Resume = true
		other.Readers = map[API]Reader{Graph: scripted{"guests": func(context.Context, *Output) error {
			t.Error("the second one read")
			return nil
		}}}
		if _, err := Collect(t.Context(), other); !errors.Is(err, errBusy) {
			t.Errorf("the second one: %v", err)
		}
		close(end)
		all.Wait()
		if t.Failed() {
			return
		}
		if got := elements(t, reopen(t, c), "guests"); fmt.Sprint(got) != `[{"id":"a"}]` {
			t.Errorf("the first one: %v", got)
		}
	})
}

func TestDamagedManifests(t *testing.T) {
	want := manifest{Format: spoolFormat, Version: "1", Target: "test", StartedAt: testNow}
	whole, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	open := func(content string) (manifest, error) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, manifestName), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		again := want
		again.StartedAt = testNow.Add(time.Hour)
		_, m, err := openSpool(dir, true, again)
		return m, err
	}
	if m, err := open(string(whole)); err != nil || m != want {
		t.Fatalf("%+v, %v", m, err)
	}
	bad := []string{
		`null`, `{}`, `[]`, `7`, "\x00\x00\x00\x00", string(whole) + "x",
		strings.Replace(string(whole), `"format":1`, `"format":2`, 1), strings.Replace(string(whole), `"version":"1"`, `"version":"2"`, 1),
		strings.Replace(string(whole), `"startedAt"`, `"began"`, 1), strings.Replace(string(whole), `"target":"test"`, `"target":"other"`, 1),
	}
	for n := range whole {
		bad = append(bad, string(whole[:n]))
	}
	for _, content := range bad {
		if m, err := open(content); err == nil || !strings.Contains(err.Error(), "remove the folder") {
			t.Errorf("%q: %+v, %v", content, m, err)
		}
	}
}

func TestCountsThatAreNone(t *testing.T) {
	if raw, err := joinCounts(nil); raw != nil || err != nil {
		t.Errorf("%s, %v", raw, err)
	}
	for _, text := range []string{`null`, `[]`, `7`, `{`} {
		if raw, err := joinCounts([]json.RawMessage{json.RawMessage(text)}); err == nil {
			t.Errorf("%s became %s", text, raw)
		}
	}
}

func FuzzSpool(f *testing.F) {
	for _, seed := range []string{
		"", "E\ta\t{}\nP\t\tx\nE\tb\t{}\n", "E\ta\t{}\nG\tp\t{\"source\":\"p\"}\nP\t\t\nD\t\t{\"source\":\"s\",\"outcome\":\"collected\"}\n",
		"P\t\tx\nD\t\tnull\nE\t\t\nP\t\ty\n", "X\t\t\nP\t\tx\n", "P\t\tx\n\x00\x00\x00\n", "\n\n", "E\t\n", "D\t\t{\n", "E\ta\tb\tc\r\nP\tq\tx\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		s := &spool{t.TempDir()}
		if err := os.WriteFile(s.file("guests"), content, 0o600); err != nil {
			t.Fatal(err)
		}
		open := func() *spoolFile {
			file, err := s.open("guests")
			if err != nil {
				t.Fatal(err)
			}
			return file
		}
		check := func(file *spoolFile) {
			index, err := s.index("guests")
			if err != nil {
				t.Fatal(err)
			}
			if len(index) != file.count {
				t.Fatalf("%d elements, %d were counted: %q", len(index), file.count, content)
			}
			latest(slices.Clone(index))
		}
		first := open()
		if err := first.close(); err != nil {
			t.Fatal(err)
		}
		check(first)
		kept, err := os.ReadFile(s.file("guests"))
		if err != nil || !bytes.HasPrefix(content, kept) {
			t.Fatalf("%q became %q", content, kept)
		}
		second := open()
		if second.cursor != first.cursor || second.count != first.count || (second.done == nil) != (first.done == nil) {
			t.Fatalf("%+v was opened again as %+v: %q", first, second, content)
		}
		if err := second.line(lineElement, "new", []byte(`{}`)); err != nil {
			t.Fatal(err)
		}
		second.added++
		if err := second.checkpoint("further"); err != nil {
			t.Fatal(err)
		}
		if err := second.close(); err != nil {
			t.Fatal(err)
		}
		third := open()
		defer third.close()
		if third.cursor != "further" || third.count != first.count+1 {
			t.Fatalf("cursor %q, count %d after %d: %q", third.cursor, third.count, first.count, content)
		}
		check(third)
	})
}

// TestWhatIsNoLineEndsTheFile lets a machine that lost its power leave something else in the middle of a file.
func TestWhatIsNoLineEndsTheFile(t *testing.T) {
	const before, after = "E\ta\t{}\nP\t\tx\n", "E\tb\t{}\nP\t\ty\n"
	for _, odd := range []string{"X\t\t{}\n", "e\ta\t{}\n", "\n", "\x00\x00\x00\x00\n", "\x00\t\t\n", "E a {}\n", "E\ta\n", "PP\tx\ty\n", "\xff\t\t\n"} {
		s := &spool{t.TempDir()}
		if err := os.WriteFile(s.file("guests"), []byte(before+odd+after), 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := s.open("guests")
		if err != nil {
			t.Fatal(err)
		}
		if err := f.close(); err != nil {
			t.Fatal(err)
		}
		kept, err := os.ReadFile(s.file("guests"))
		if f.cursor != "x" || f.count != 1 || string(kept) != before || err != nil {
			t.Errorf("%q: cursor %q, count %d, kept %q, %v", odd, f.cursor, f.count, kept, err)
		}
	}
}
