package snapshot

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// maxSection is the most memory that one config section, or one element of a collection, may take.
const maxSection = 64 << 20

// maxConfig is the most memory that all config sections together may take: a small gzipped file can hold any number of
// large ones. It is a variable for the sake of a test.
var maxConfig = 256 << 20

// absent is the remedy for a name that is none.
const absent = "check the path of the snapshot"

// Peers is the name by which rules see other tenants' snapshots beside the sections of this one. No snapshot may have a
// section of that name: it would speak in other tenants' names.
const Peers = "peers"

// Snapshot is an opened document. Config sections are in memory; collections are read again, in chunks, when asked.
type Snapshot struct {
	// Name is what was opened: a file, a directory, or "<stdin>".
	Name string
	// Digest is the SHA-256 of the bytes that were read, in hexadecimal.
	Digest string
	// Warnings are oddities that were kept.
	Warnings []string
	// Collection says how the snapshot came to be.
	Collection Collection

	sections map[string]section
	held     int // bytes of all sections
	streams  map[string]*stream
	closers  []func() error
}

type section struct {
	file               string
	raw                []byte
	pos                Position // of raw
	nameStart, nameEnd Position // of the member's name; zero in a directory, where the file is named so
}

// part is one file of the document.
type part struct {
	file   string // as findings show it
	member string // the section that the file holds, or "" for all of them
	open   func() (io.ReadCloser, error)
}

// Open reads a snapshot: a file, a gzipped file, or a directory with one file a section.
func Open(name string) (*Snapshot, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, FileError(name, absent, err)
	}
	if info.Mode().IsRegular() {
		return open(name, []part{{file: name, open: opener(name)}})
	}
	if !info.IsDir() { // a pipe, such as <(...) of a shell, can be read but once
		f, err := os.Open(name)
		if err != nil {
			return nil, FileError(name, absent, err)
		}
		defer f.Close()
		return OpenReader(name, f)
	}
	entries, err := os.ReadDir(name)
	if err != nil {
		return nil, FileError(name, absent, err)
	}
	var parts []part
	var ignored []string
	for _, e := range entries {
		member, ok := sectionOf(e)
		if !ok {
			ignored = append(ignored, e.Name())
			continue
		}
		file := filepath.Join(name, e.Name())
		if slices.ContainsFunc(parts, func(p part) bool { return p.member == member }) {
			return nil, &Error{File: file, Problem: fmt.Sprintf("the section %q is there twice", member), Remedy: "remove one of the two files"}
		}
		parts = append(parts, part{file: file, member: member, open: opener(file)})
	}
	if len(parts) == 0 {
		return nil, &Error{File: name, Problem: "the directory holds no section", Remedy: "a snapshot directory has one file a section, such as collection.json and entra.json"}
	}
	s, err := open(name, parts)
	if err == nil && len(ignored) > 0 {
		s.Warnings = append(s.Warnings, fmt.Sprintf("%s: ignored what is not a section: %s", name, clip(strings.Join(ignored, ", "), 200)))
	}
	return s, err
}

// sectionOf is the section that a file of a snapshot folder holds.
func sectionOf(e fs.DirEntry) (member string, ok bool) {
	member, ok = strings.CutSuffix(strings.TrimSuffix(e.Name(), ".gz"), ".json")
	return member, ok && !e.IsDir() && !strings.HasPrefix(member, ".")
}

// OpenReader reads a snapshot from a stream, such as standard input. Collections are read more than once, so the bytes
// are kept in a private temporary file until Close.
func OpenReader(name string, r io.Reader) (*Snapshot, error) {
	spool, err := os.CreateTemp("", "guestward-*.json") // CreateTemp makes it 0600
	if err != nil {
		return nil, &Error{File: name, Problem: "cannot be kept in a temporary file: " + err.Error(), Remedy: "set TMPDIR to a folder that can be written, or name a file"}
	}
	os.Remove(spool.Name()) // where the system allows it, nothing stays behind however the program ends
	remove := func() error {
		err := spool.Close()
		if removeErr := os.Remove(spool.Name()); !errors.Is(removeErr, fs.ErrNotExist) {
			err = errors.Join(err, removeErr)
		}
		return err
	}
	if _, err := io.Copy(spool, r); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", name, err), remove())
	}
	s, err := open(name, []part{{file: name, open: func() (io.ReadCloser, error) {
		return decompress(name, io.NopCloser(io.NewSectionReader(spool, 0, 1<<62)))
	}}})
	if err != nil {
		return nil, errors.Join(err, remove())
	}
	s.closers = append(s.closers, remove)
	return s, nil
}

// OpenBytes reads a snapshot that is in memory.
func OpenBytes(name string, data []byte) (*Snapshot, error) {
	return open(name, []part{{file: name, open: func() (io.ReadCloser, error) {
		return decompress(name, io.NopCloser(bytes.NewReader(data)))
	}}})
}

// Close releases what the snapshot holds.
func (s *Snapshot) Close() error {
	var errs []error
	for _, c := range s.closers {
		errs = append(errs, c())
	}
	s.closers = nil
	return errors.Join(errs...)
}

// Sections lists the config sections that are present, sorted.
func (s *Snapshot) Sections() []string {
	names := make([]string, 0, len(s.sections))
	for name := range s.sections {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// Streams lists the collections that are present, sorted.
func (s *Snapshot) Streams() []string {
	names := make([]string, 0, len(s.streams))
	for name := range s.streams {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// DecodeSection builds a config section, which Open has checked.
func DecodeSection[V any](s *Snapshot, name string, b Builder[V]) (V, error) {
	sec := s.sections[name]
	v, err := decode(sec.raw, Schema().Property(name), b)
	return v, placed(err, sec.file, sec.pos, Path{name})
}

// Section unmarshals a config section; one that is absent leaves v as it is.
func (s *Snapshot) Section(name string, v any) error {
	sec, ok := s.sections[name]
	if !ok {
		return nil
	}
	if err := json.Unmarshal(sec.raw, v); err != nil {
		return fmt.Errorf("%s: section %s: %w", sec.file, name, err)
	}
	return nil
}

func opener(name string) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) {
		f, err := os.Open(name)
		if err != nil {
			return nil, FileError(name, absent, err)
		}
		return decompress(name, f)
	}
}

// decompress undoes gzip, which it knows by its first bytes rather than by the name.
func decompress(name string, r io.ReadCloser) (io.ReadCloser, error) {
	buffered := bufio.NewReaderSize(r, 64<<10)
	magic, err := buffered.Peek(2)
	if err != nil && !errors.Is(err, io.EOF) {
		r.Close()
		return nil, FileError(name, absent, err)
	}
	if !bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		if strings.HasSuffix(name, ".gz") {
			r.Close()
			return nil, &Error{File: name, Problem: "named .gz, but the content is not gzip", Remedy: "rename the file, or compress it"}
		}
		return readCloser{buffered, r}, nil
	}
	z, err := gzip.NewReader(buffered)
	if err != nil {
		r.Close()
		return nil, &Error{File: name, Problem: "damaged gzip: " + err.Error(), Remedy: "compress the snapshot again"}
	}
	return readCloser{z, r}, nil
}

type readCloser struct {
	io.Reader
	io.Closer
}

// placed gives a decode error its place in a file.
func placed(err error, file string, pos Position, prefix Path) error {
	d, ok := err.(*decodeError)
	if !ok {
		return err
	}
	return &Error{File: file, Position: pos, Path: slices.Concat(prefix, d.path), Problem: d.problem, Remedy: d.remedy}
}

func open(name string, parts []part) (*Snapshot, error) {
	s := &Snapshot{Name: name, sections: map[string]section{}, streams: map[string]*stream{}}
	digest := sha256.New()
	for _, p := range parts {
		sum, err := s.readPart(p)
		if err != nil {
			return nil, err
		}
		if len(parts) == 1 {
			s.Digest = hex.EncodeToString(sum)
		} else {
			fmt.Fprintf(digest, "%s\x00%x\n", p.member, sum)
		}
	}
	if len(parts) > 1 {
		s.Digest = hex.EncodeToString(digest.Sum(nil))
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	return s, nil
}

// check holds every config section against the schema, the one with the version first.
func (s *Snapshot) check() error {
	if _, ok := s.sections["collection"]; !ok {
		remedy := "it is not a guestward snapshot, or the section was removed"
		if s.sections["module_version"].raw != nil || s.sections["baseline_version"].raw != nil || s.sections["Raw"].raw != nil {
			remedy = "it looks like a ScubaGear export: run `guestward import scubagear FILE -o SNAPSHOT` first"
		}
		return &Error{File: s.Name, Problem: `the section "collection" is missing`, Remedy: remedy}
	}
	if sec, ok := s.sections[Peers]; ok {
		return &Error{File: sec.file, Position: sec.pos, Path: Path{Peers}, Problem: "a snapshot is of one tenant and has no section of this name", Remedy: "remove it, and give the snapshots of other tenants with --peer"}
	}
	others := slices.DeleteFunc(s.Sections(), func(name string) bool { return name == "collection" })
	names := slices.Concat([]string{"collection"}, others)
	var unknown []string
	for i, name := range names {
		sec := s.sections[name]
		t := Schema().Property(name)
		if t == nil {
			unknown = append(unknown, fmt.Sprintf("%q", clip(name, 60)))
		}
		if _, err := decode(sec.raw, t, discard{}); err != nil {
			d := err.(*decodeError)
			return placed(err, sec.file, sec.pos.After(sec.raw[:d.offset]), Path{name})
		}
		if i == 0 {
			c, err := parseCollection(sec.raw)
			if err != nil {
				return placed(err, sec.file, sec.pos.After(sec.raw[:err.offset]), Path{name})
			}
			s.Collection = c
		}
	}
	if len(unknown) > 0 {
		s.Warnings = append(s.Warnings, fmt.Sprintf("%s: kept but not judged, unknown sections: %s", s.Name, clip(strings.Join(unknown, ", "), 300)))
	}
	return nil
}

// discard builds nothing.
type discard struct{}

func (discard) Null() struct{}                     { return struct{}{} }
func (discard) Boolean(bool) struct{}              { return struct{}{} }
func (discard) Number(string) struct{}             { return struct{}{} }
func (discard) String(string) struct{}             { return struct{}{} }
func (discard) Array([]struct{}) struct{}          { return struct{}{} }
func (discard) Object([]Member[struct{}]) struct{} { return struct{}{} }

// readPart makes the one pass over a file that finds its sections, and returns the file's SHA-256.
func (s *Snapshot) readPart(p part) (sum []byte, err error) {
	r, err := p.open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	h := sha256.New()
	in := newTap(r, h, maxSection)
	dec := jsontext.NewDecoder(in)
	// fail places an error of the pass at the offset that the decoder has reached, or the one that the error names.
	fail := func(err error, path ...any) error {
		problem, remedy := describe(err)
		offset := dec.InputOffset()
		var syntax *jsontext.SyntacticError
		if errors.As(err, &syntax) {
			offset = max(offset, syntax.ByteOffset)
		}
		return &Error{File: p.file, Position: in.at(offset), Path: path, Problem: problem, Remedy: remedy}
	}

	k := dec.PeekKind()
	if head := in.from(0); k == 0 {
		switch {
		case len(bytes.TrimSpace(head)) == 0:
			if _, err := dec.ReadToken(); err != nil && !errors.Is(err, io.EOF) {
				return nil, FileError(p.file, absent, err)
			}
			return nil, &Error{File: p.file, Problem: "the file is empty", Remedy: "collect or import the snapshot again"}
		case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
			return nil, &Error{File: p.file, Position: Position{1, 1}, Problem: "the file begins with a byte-order mark", Remedy: "save it as UTF-8 without one"}
		}
	}
	if p.member != "" {
		if err := s.readMember(p, p.member, in, dec, Position{}, Position{}, fail); err != nil {
			return nil, err
		}
	} else {
		if k != jsontext.KindBeginObject && k != 0 {
			return nil, &Error{File: p.file, Position: Position{1, 1}, Problem: fmt.Sprintf("expected an object whose members are sections, found %s", kindWord(k)), Remedy: "it is not a guestward snapshot"}
		}
		if _, err := dec.ReadToken(); err != nil {
			return nil, fail(err)
		}
		for dec.PeekKind() != jsontext.KindEndObject {
			nameAt := skipFrom(in, dec.InputOffset())
			tok, err := dec.ReadToken()
			if err != nil {
				return nil, fail(err)
			}
			nameStart, nameEnd := in.at(nameAt), in.at(dec.InputOffset())
			if err := s.readMember(p, tok.String(), in, dec, nameStart, nameEnd, fail); err != nil {
				return nil, err
			}
		}
		if _, err := dec.ReadToken(); err != nil {
			return nil, fail(err)
		}
	}
	if _, err := dec.ReadToken(); err == nil {
		return nil, &Error{File: p.file, Position: in.at(dec.InputOffset()), Problem: "more text after the end of the document", Remedy: "a file holds one document"}
	} else if !errors.Is(err, io.EOF) {
		return nil, fail(err)
	}
	return h.Sum(nil), nil
}

// readMember reads one section: raw bytes of a config section, chunk boundaries of a collection.
func (s *Snapshot) readMember(p part, name string, in *tap, dec *jsontext.Decoder, nameStart, nameEnd Position, fail func(error, ...any) error) error {
	k := dec.PeekKind()
	start := skipFrom(in, dec.InputOffset())
	t := Schema().Property(name)
	if t != nil && t.Stream {
		if k != jsontext.KindBeginArray && k != 0 {
			return &Error{File: p.file, Position: in.at(start), Path: Path{name}, Problem: fmt.Sprintf("expected an array, found %s", kindWord(k))}
		}
		st := &stream{name: name, part: p, nameStart: nameStart, nameEnd: nameEnd}
		if nameStart.Line == 0 {
			st.nameStart = in.at(start)
			st.nameEnd = Position{st.nameStart.Line, st.nameStart.Column + 1}
		}
		if err := st.scan(in, dec); err != nil {
			return fail(err, name, st.count)
		}
		s.streams[name] = st
		return nil
	}
	pos := in.settle(start)
	if err := dec.SkipValue(); err != nil {
		return fail(err, name)
	}
	raw := bytes.Clone(in.from(start)[:dec.InputOffset()-start])
	if s.held += len(raw); s.held > maxConfig {
		return &Error{File: p.file, Position: pos, Path: Path{name}, Problem: fmt.Sprintf("the sections up to this one are larger than %d MiB", maxConfig>>20), Remedy: "the configuration of a tenant is smaller; large collections have sections of their own"}
	}
	in.settle(dec.InputOffset())
	s.sections[name] = section{file: p.file, raw: raw, pos: pos, nameStart: nameStart, nameEnd: nameEnd}
	return nil
}

// skipFrom is the offset of the next token, which the decoder has peeked at and so is in the tap.
func skipFrom(in *tap, from int64) int64 {
	return from + skipSeparators(in.from(from), 0)
}

func kindWord(k jsontext.Kind) string {
	switch k {
	case jsontext.KindNull:
		return "null"
	case jsontext.KindTrue, jsontext.KindFalse:
		return "a boolean"
	case jsontext.KindString:
		return "a string"
	case jsontext.KindNumber:
		return "a number"
	case jsontext.KindBeginArray:
		return "an array"
	default:
		return "an object"
	}
}
