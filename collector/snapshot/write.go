package snapshot

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Document is a snapshot, section by section; the writer makes it canonical. A collection may be an Elements, which is
// written without being held.
type Document map[string]any

// Write writes the document in canonical form, readable by its owner alone (0600). A file appears whole or not at all.
// A name that ends in .gz is compressed; a name that ends in a separator, or is a directory, gets one file a section.
func (d Document) Write(name string) error {
	if info, err := os.Stat(name); err == nil && info.IsDir() || os.IsPathSeparator(name[len(name)-1]) {
		return d.writeFolder(name)
	}
	return WriteFile(name, func(w io.Writer) error {
		if !strings.HasSuffix(name, ".gz") {
			return d.Encode(w)
		}
		z := gzip.NewWriter(w) // no name and no time in its header: same document, same bytes
		if err := d.Encode(z); err != nil {
			return err
		}
		return z.Close()
	})
}

// writeFolder writes every section under a passing name first: sections of two snapshots must not end up together.
func (d Document) writeFolder(name string) (err error) {
	if err := os.MkdirAll(name, 0o700); err != nil {
		return err
	}
	if err := d.ownsFolder(name); err != nil {
		return err
	}
	var files []*stagedFile
	defer func() {
		if err != nil {
			for _, f := range files {
				f.discard()
			}
		}
	}()
	for _, member := range d.order() {
		f, err := stage(filepath.Join(name, member+".json"), func(w io.Writer) error {
			b := bufio.NewWriter(w)
			if err := d.writeSection(b, member, 0); err != nil {
				return err
			}
			b.WriteByte('\n')
			return b.Flush()
		})
		if err != nil {
			return err
		}
		files = append(files, f)
	}
	for len(files) > 0 {
		if err := files[0].commit(); err != nil {
			return err
		}
		files = files[1:]
	}
	return nil
}

// ownsFolder refuses a folder with sections that the document does not have: they would stay, and be read as its own.
func (d Document) ownsFolder(name string) error {
	entries, err := os.ReadDir(name)
	if err != nil {
		return err
	}
	for _, e := range entries {
		member, ok := sectionOf(e)
		if _, known := d[member]; ok && (!known || strings.HasSuffix(e.Name(), ".gz")) {
			return &Error{
				File:    filepath.Join(name, e.Name()),
				Problem: "the folder holds a section of another snapshot",
				Remedy:  "remove it, or write into a new folder",
			}
		}
	}
	return nil
}

// Encode writes the document in canonical form: sections in the schema's order, object keys sorted, arrays of objects
// sorted by their key, two blanks of indent, one member a line.
func (d Document) Encode(w io.Writer) error {
	b := bufio.NewWriter(w)
	b.WriteByte('{')
	for i, member := range d.order() {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := json.Marshal(member)
		if err != nil {
			return err
		}
		fmt.Fprintf(b, "\n  %s: ", name)
		if err := d.writeSection(b, member, 1); err != nil {
			return err
		}
	}
	b.WriteString("\n}\n")
	return b.Flush()
}

// order lists the document's sections as the schema does; unknown ones come first, sorted.
func (d Document) order() []string {
	rank := func(name string) int { return slices.Index(SectionNames(), name) }
	return slices.SortedFunc(maps.Keys(d), func(a, b string) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b))
	})
}

func (d Document) writeSection(w io.Writer, member string, depth int) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("section %s: %w", member, err)
		}
	}()
	t := Schema().Property(member)
	if elements, ok := d[member].(Elements); ok {
		return elements.write(w, t, depth)
	}
	raw, ok := d[member].(json.RawMessage)
	if !ok {
		if raw, err = json.Marshal(d[member]); err != nil {
			return err
		}
	}
	out, _, err := new(canonicalizer).canonical(nil, raw, t, depth, "")
	if err != nil {
		return err
	}
	_, err = w.Write(out)
	return err
}

// write writes the collection as the array that it stands for.
func (e Elements) write(w io.Writer, t *Type, depth int) error {
	if e == nil || t == nil || !t.Stream {
		return errors.New("the schema has no collection of that name, or it is nil")
	}
	worker := func() transform {
		c := new(canonicalizer)
		return func(dst, raw []byte) (out, key []byte, err error) {
			out, key, err = c.canonical(appendLine(dst, depth+1), raw, t.Items(), depth+1, t.Key)
			if err == nil && key == nil {
				err = fmt.Errorf("the member %q is missing, or no string", t.Key)
			}
			return out, key, err
		}
	}
	line, last, seen := "[", "", false
	err := e.ordered(worker, func(out, key []byte) error {
		if order := strings.Compare(last, string(key)); seen && order == 0 {
			return fmt.Errorf("two elements have the %s %q", t.Key, clip(last, 100))
		} else if seen && order > 0 {
			return fmt.Errorf("not sorted by %s: %q comes after %q", t.Key, clip(string(key), 100), clip(last, 100))
		}
		if _, err := io.WriteString(w, line); err != nil {
			return err
		}
		line, last, seen = ",", string(key), true
		_, err := w.Write(out)
		return err
	})
	if err != nil {
		return err
	}
	end := []byte("[]")
	if seen {
		end = append(appendLine(nil, depth), ']')
	}
	_, err = w.Write(end)
	return err
}

// WriteFile writes a file, readable by its owner alone, that appears under its name only when it is complete.
func WriteFile(name string, write func(io.Writer) error) error {
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return &Error{File: name, Problem: "it is a folder", Remedy: "name a file"}
	} else if err == nil && !info.Mode().IsRegular() {
		f, err := os.OpenFile(name, os.O_WRONLY, 0) // a device or a pipe: nothing to replace
		if err != nil {
			return err
		}
		if err := cmp.Or(write(f), f.Close()); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
		return nil
	}
	f, err := stage(name, write)
	if err != nil {
		return err
	}
	return f.commit()
}

// stagedFile is complete, but not yet under its name.
type stagedFile struct{ temporary, name string }

// stage writes a file, readable by its owner alone, beside where it will be.
func stage(name string, write func(io.Writer) error) (_ *stagedFile, err error) {
	f, err := os.CreateTemp(filepath.Dir(name), ".guestward-*") // 0600
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", name, err)
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
			err = fmt.Errorf("write %s: %w", name, err)
		}
	}()
	if err := write(f); err != nil {
		return nil, err
	}
	if err := f.Sync(); err != nil {
		return nil, err
	}
	return &stagedFile{f.Name(), name}, f.Close()
}

func (f *stagedFile) commit() error {
	if err := os.Rename(f.temporary, f.name); err != nil {
		f.discard()
		return fmt.Errorf("write %s: %w", f.name, err)
	}
	return nil
}

func (f *stagedFile) discard() { os.Remove(f.temporary) }
