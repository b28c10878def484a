package collector

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/guestward/guestward/collector/snapshot"
)

// A spool is the folder in which a collection keeps what it has read until the snapshot is written: one file a source,
// readable by its owner alone. What a file holds up to its last checkpoint survives whatever ends the program.
//
// A file is lines of a letter, a tab, a key, a tab and JSON (or text):
//
//	E <id> <element>       one element
//	P - <cursor>           a checkpoint: everything above is complete, reading goes on at the cursor
//	G <path> <record>      something that was read in the same requests is a gap, or was read
//	D - <record>           the end: the source was read
type spool struct{ dir string }

const (
	lineElement    = 'E'
	lineCheckpoint = 'P'
	lineAlso       = 'G'
	lineDone       = 'D'

	lineKinds = "EPGD"
)

// manifest says of which collection a spool is. Only the same one may go on with it.
type manifest struct {
	Format    int       `json:"format"`
	Version   string    `json:"version"` // of guestward
	Target    string    `json:"target"`  // cloud, tenant and options that change what is read
	StartedAt time.Time `json:"startedAt"`
}

const (
	spoolFormat  = 1
	manifestName = "manifest.json"
)

// ErrNoSpool says that there is nothing to resume.
var ErrNoSpool = errors.New("there is no interrupted collection to resume")

// openSpool makes the folder, or goes on with the one that is there.
func openSpool(dir string, resume bool, m manifest) (*spool, manifest, error) {
	raw, err := os.ReadFile(filepath.Join(dir, manifestName))
	switch {
	case err == nil && !resume:
		return nil, m, fmt.Errorf("%s holds an interrupted collection; go on with it (--resume), or remove the folder", dir)
	case err == nil:
		var old manifest
		err := json.Unmarshal(raw, &old)
		if err == nil && (old.Format == 0 || old.StartedAt.IsZero()) {
			err = errors.New("it does not say what was begun when")
		}
		if err != nil {
			return nil, m, fmt.Errorf("%s is not readable (%v); remove the folder and collect again", filepath.Join(dir, manifestName), err)
		}
		if old.Format != m.Format || old.Version != m.Version {
			return nil, m, fmt.Errorf("%s was begun by guestward %s; go on with that version, or remove the folder", dir, old.Version)
		}
		if old.Target != m.Target {
			return nil, m, fmt.Errorf("%s was begun for something else (%s, now %s); use the same flags, or remove the folder", dir, old.Target, m.Target)
		}
		return &spool{dir}, old, nil
	case errors.Is(err, fs.ErrNotExist) && resume:
		return nil, m, fmt.Errorf("%s: %w", dir, ErrNoSpool)
	case !errors.Is(err, fs.ErrNotExist):
		return nil, m, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, m, fmt.Errorf("make the spool: %w", err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 {
		return nil, m, fmt.Errorf("%s is needed for the spool and is not empty; remove it or name another output", dir)
	}
	raw, err = json.Marshal(m)
	if err != nil {
		return nil, m, err
	}
	return &spool{dir}, m, writeNew(filepath.Join(dir, manifestName), raw)
}

// writeNew makes a file that is not there yet: of two collections that begin at once in one folder, one gets it.
func writeNew(name string, content []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("begin the spool, where another collection may have begun at the same time: %w", err)
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Close())
}

// errBusy says that another program has the file.
var errBusy = errors.New("another collection is under way in the same folder; wait for its end, or name another output")

func (s *spool) remove() error { return os.RemoveAll(s.dir) }

func (s *spool) file(path string) string { return filepath.Join(s.dir, path+".spool") }

// spoolFile is one source under way.
type spoolFile struct {
	name   string
	f      *os.File
	w      *bufio.Writer
	cursor string // of the last checkpoint; "" before the first
	count  int    // elements up to the last checkpoint
	added  int    // elements since
	also   map[string]snapshot.Source
	remark string
	done   *snapshot.Source
}

// open finds what an earlier run left of the source, and cuts off what came after its last checkpoint. Until it is closed
// no other program opens the file.
func (s *spool) open(path string) (*spoolFile, error) {
	f, err := openLocked(s.file(path))
	if err != nil {
		return nil, err
	}
	file := &spoolFile{name: f.Name(), f: f, also: map[string]snapshot.Source{}}
	var offset, keep int64
	elements := 0
	pending := map[string]snapshot.Source{}
	for line, err := range lines(f) {
		if err != nil {
			f.Close()
			return nil, err
		}
		kind, key, value, ok := splitLine(line)
		if !ok || !strings.ContainsRune(lineKinds, rune(kind)) {
			break // the program, or the machine, ended in the middle of a line
		}
		offset += int64(len(line))
		switch kind {
		case lineElement:
			elements++
			continue
		case lineAlso:
			var r snapshot.Source
			if json.Unmarshal(value, &r) == nil {
				pending[string(key)] = r
			}
			continue
		case lineCheckpoint:
			file.cursor = string(value)
		case lineDone:
			file.done = new(snapshot.Source)
			if json.Unmarshal(value, file.done) != nil {
				file.done = nil
			}
		}
		keep, file.count = offset, elements
		for path, r := range pending {
			file.also[path] = r
		}
	}
	if file.cursor == "" && file.done == nil {
		// The next run begins at the beginning: what is there already would be there twice.
		keep, file.count, file.also = 0, 0, map[string]snapshot.Source{}
	}
	if err := f.Truncate(keep); err != nil {
		f.Close()
		return nil, err
	}
	if _, err := f.Seek(keep, io.SeekStart); err != nil {
		f.Close()
		return nil, err
	}
	file.w = bufio.NewWriterSize(f, 256<<10)
	return file, nil
}

// restart forgets everything that was read.
func (f *spoolFile) restart() error {
	f.w.Reset(f.f)
	f.cursor, f.count, f.added, f.done = "", 0, 0, nil
	f.also = map[string]snapshot.Source{}
	if err := f.f.Truncate(0); err != nil {
		return err
	}
	_, err := f.f.Seek(0, io.SeekStart)
	return err
}

// line writes a line. One that would be read as something else is refused: it is the reader's fault, not the disk's.
func (f *spoolFile) line(kind byte, key string, value []byte) error {
	if strings.ContainsAny(key, "\t\n") {
		return fmt.Errorf("the id %q holds a tab or a line break", key)
	}
	if bytes.IndexByte(value, '\n') >= 0 {
		return fmt.Errorf("what was read of %q holds a line break", key)
	}
	f.w.WriteByte(kind)
	f.w.WriteByte('\t')
	f.w.WriteString(key)
	f.w.WriteByte('\t')
	f.w.Write(value)
	return onDisk(f.w.WriteByte('\n'))
}

func (f *spoolFile) checkpoint(cursor string) error {
	if err := f.line(lineCheckpoint, "", []byte(cursor)); err != nil {
		return err
	}
	f.cursor, f.count, f.added = cursor, f.count+f.added, 0
	return onDisk(f.w.Flush())
}

// onDisk marks an error of the spool, with which the whole collection ends.
func onDisk(err error) error {
	if err == nil {
		return nil
	}
	return &diskError{err}
}

func (f *spoolFile) finish(record snapshot.Source) error {
	// Others go on by the place of its elements: they must not be able to change once that is written.
	if err := errors.Join(f.w.Flush(), f.f.Sync()); err != nil {
		return err
	}
	raw, err := json.Marshal(record)
	if err != nil {
		return err
	}
	if err := f.line(lineDone, "", raw); err != nil {
		return err
	}
	f.done = &record
	return f.w.Flush()
}

func (f *spoolFile) close() error {
	return errors.Join(f.w.Flush(), f.f.Close())
}

// element is a place in a spool file.
type element struct {
	id     string
	offset int64
	length int
}

// index lists the elements of a source that was read, in the order in which they came.
func (s *spool) index(path string) ([]element, error) {
	var list []element
	var ids arena
	for line, err := range s.lines(path) {
		if err != nil {
			return nil, err
		}
		list = append(list, element{id: ids.keep(line.key), offset: line.offset, length: len(line.value)})
	}
	return list, nil
}

// sorted is the index in the order of the ids; what came under one id stays in the order in which it came.
func (s *spool) sorted(path string) ([]element, error) {
	list, err := s.index(path)
	slices.SortStableFunc(list, func(a, b element) int { return strings.Compare(a.id, b.id) })
	return list, err
}

// latest keeps the last of several elements with one id: while a list is read page by page, an object may move from one
// page to another.
func latest(list []element) []element {
	kept := list[:0]
	for _, e := range list {
		if n := len(kept); n > 0 && kept[n-1].id == e.id {
			kept[n-1] = e
			continue
		}
		kept = append(kept, e)
	}
	return kept
}

// elementLine is an element in a spool file. Its bytes are valid until the next step.
type elementLine struct {
	key    []byte
	value  json.RawMessage
	offset int64 // of the value
}

// lines reads what a source brought, in the order in which it came.
func (s *spool) lines(path string) iter.Seq2[elementLine, error] {
	return func(yield func(elementLine, error) bool) {
		f, err := os.Open(s.file(path))
		if errors.Is(err, fs.ErrNotExist) {
			return
		}
		if err != nil {
			yield(elementLine{}, err)
			return
		}
		defer f.Close()
		var offset int64
		for line, err := range lines(f) {
			if err != nil {
				yield(elementLine{}, err)
				return
			}
			kind, key, value, ok := splitLine(line)
			if ok && kind == lineElement && !yield(elementLine{key, value, offset + int64(len(key)) + 3}, nil) {
				return
			}
			offset += int64(len(line))
		}
	}
}

// elements reads what a source brought, without the ids.
func (s *spool) elements(path string) iter.Seq2[json.RawMessage, error] {
	return func(yield func(json.RawMessage, error) bool) {
		for line, err := range s.lines(path) {
			if !yield(line.value, err) {
				return
			}
		}
	}
}

// lines reads lines of any length, with their ends. The bytes are valid until the next step.
func lines(r io.Reader) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		in := bufio.NewReaderSize(r, 256<<10)
		var long []byte
		for {
			part, err := in.ReadSlice('\n')
			switch {
			case errors.Is(err, bufio.ErrBufferFull):
				long = append(long, part...)
				continue
			case errors.Is(err, io.EOF):
				if len(long)+len(part) > 0 {
					yield(append(long, part...), nil)
				}
				return
			case err != nil:
				yield(nil, err)
				return
			}
			if len(long) > 0 {
				part = append(long, part...)
				long = long[:0]
			}
			if !yield(part, nil) {
				return
			}
		}
	}
}

// splitLine takes a line apart; ok is false for one that was cut short.
func splitLine(line []byte) (kind byte, key, value []byte, ok bool) {
	if len(line) < 4 || line[len(line)-1] != '\n' || line[1] != '\t' {
		return 0, nil, nil, false
	}
	key, value, ok = bytes.Cut(line[2:len(line)-1], []byte{'\t'})
	return line[0], key, value, ok
}

// arena keeps many short strings in few allocations: the ids of a million users take a third of the memory.
type arena struct{ b strings.Builder }

func (a *arena) keep(s []byte) string {
	if a.b.Cap()-a.b.Len() < len(s) { // growing would copy what earlier strings hold on to
		a.b = strings.Builder{}
		a.b.Grow(max(64<<10, len(s)))
	}
	start := a.b.Len()
	a.b.Write(s)
	return a.b.String()[start:]
}
