package snapshot

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Document is a snapshot in memory, section by section; the writer makes it canonical.
type Document map[string]any

// Write writes the document in canonical form, readable by its owner alone (0600). A file appears whole or not at all.
// A name that ends in .gz is compressed; a name that ends in a separator, or is a directory, gets one file a section.
func (d Document) Write(name string) error {
	if info, err := os.Stat(name); err == nil && info.IsDir() || os.IsPathSeparator(name[len(name)-1]) {
		if err := os.MkdirAll(name, 0o700); err != nil {
			return err
		}
		if err := d.ownsFolder(name); err != nil {
			return err
		}
		for _, member := range d.order() {
			err := WriteFile(filepath.Join(name, member+".json"), func(w io.Writer) error {
				if err := writeValue(w, d[member], Schema().Property(member), ""); err != nil {
					return err
				}
				_, err := io.WriteString(w, "\n")
				return err
			})
			if err != nil {
				return err
			}
		}
		return nil
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
		if err := writeValue(b, d[member], Schema().Property(member), "  "); err != nil {
			return fmt.Errorf("section %s: %w", member, err)
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

func writeValue(w io.Writer, v any, t *Type, prefix string) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var tree any
	if err := dec.Decode(&tree); err != nil {
		return err
	}
	canonical(tree, t)
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent(prefix, "  ")
	if err := enc.Encode(tree); err != nil {
		return err
	}
	_, err = w.Write(bytes.TrimRight(out.Bytes(), "\n"))
	return err
}

// canonical sorts, in place, the arrays whose order means nothing.
func canonical(v any, t *Type) {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			canonical(member, t.Property(name))
		}
	case []any:
		for _, element := range v {
			canonical(element, t.Items())
		}
		switch {
		case t == nil:
		case t.Set:
			slices.SortStableFunc(v, func(a, b any) int { return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
		case t.Key != "":
			slices.SortStableFunc(v, func(a, b any) int { return cmp.Compare(key(a, t.Key), key(b, t.Key)) })
		}
	}
}

func key(element any, name string) string {
	object, _ := element.(map[string]any)
	text, _ := object[name].(string)
	return text
}

// WriteFile writes a file, readable by its owner alone, that appears under its name only when it is complete.
func WriteFile(name string, write func(io.Writer) error) (err error) {
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
	f, err := os.CreateTemp(filepath.Dir(name), ".guestward-*") // 0600
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
			err = fmt.Errorf("write %s: %w", name, err)
		}
	}()
	if err := write(f); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}
