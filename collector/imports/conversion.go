package imports

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/guestward/guestward/collector/snapshot"
)

// conversion is one import under way: what every tool's export has in common.
type conversion struct {
	file            string  // stands for the export in warnings
	export          *export // ScubaGear's, nil for the others
	doc             snapshot.Document
	sources         map[string]snapshot.Source
	more            map[string]int // further losses at the path of a source that is a gap
	notes, warnings []string
	path            snapshot.Path // in the document, of the value at hand
}

func newConversion(file string) *conversion {
	return &conversion{file: file, doc: snapshot.Document{}, sources: map[string]snapshot.Source{}, more: map[string]int{}}
}

// put converts what the export has for a section's property, and says why not where that is impossible.
func (c *conversion) put(source string, items []any, convert func(*conversion, []any) (any, string)) (problem string) {
	section, property, _ := strings.Cut(source, ".")
	c.path = snapshot.Path{section, property}
	v, problem := convert(c, items)
	if problem == "" {
		v, problem = c.fit(schemaShape(source), v)
	}
	if problem != "" {
		return problem
	}
	sections, _ := c.doc[section].(map[string]any)
	if sections == nil {
		sections = map[string]any{}
		c.doc[section] = sections
	}
	sections[property] = v
	read := snapshot.Source{Source: source, Outcome: snapshot.Collected}
	if elements, ok := v.([]any); ok {
		n := len(elements)
		read.Count = &n
	}
	c.sources[source] = read
	return ""
}

// gap records that a source was not read.
func (c *conversion) gap(source, reason, detail, permission string) {
	c.sources[source] = snapshot.Source{
		Source: source, Outcome: snapshot.Gap, Reason: reason, Detail: detail, Permission: permission,
	}
}

// lost records that the value at hand could not be taken over.
func (c *conversion) lost(problem string) {
	var names []string
	for _, step := range c.path {
		if name, ok := step.(string); ok {
			names = append(names, clip(name))
		}
	}
	source := strings.Join(names, ".")
	if _, ok := c.sources[source]; ok {
		c.more[source]++
		return
	}
	c.gap(source, "error", fmt.Sprintf("%s: %s", clip(c.path.Dotted()), problem), "")
}

// within runs f with one more step on the path.
func (c *conversion) within(step any, f func()) {
	c.path = append(c.path, step)
	f()
	c.path = c.path[:len(c.path)-1]
}

// warn tells the user now, and whoever reads the snapshot later.
func (c *conversion) warn(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	c.warnings = append(c.warnings, c.file+": "+text)
	c.notes = append(c.notes, text)
}

// covers says whether a source is, lies below, or holds the path.
func (c *conversion) covers(path string) bool {
	for source := range c.sources {
		if source == path || strings.HasPrefix(source, path+".") || strings.HasPrefix(path, source+".") {
			return true
		}
	}
	return false
}

func (c *conversion) sortedSources() []snapshot.Source {
	sources := make([]snapshot.Source, 0, len(c.sources))
	for name, s := range c.sources {
		if n := c.more[name]; n > 0 && s.Outcome == snapshot.Gap {
			s.Detail += fmt.Sprintf(" (and %d more)", n)
		}
		sources = append(sources, s)
	}
	slices.SortFunc(sources, func(a, b snapshot.Source) int { return strings.Compare(a.Source, b.Source) })
	return sources
}

// verify opens the document as a scan would. Every value was held against the schema before, so that a value of a wrong
// type costs no more than itself; what is left are the limits of the reader.
func verify(name string, doc snapshot.Document) error {
	var b bytes.Buffer
	if err := doc.Encode(&b); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	s, err := snapshot.OpenBytes("the snapshot made of "+name, b.Bytes())
	if err != nil {
		return err
	}
	return s.Close()
}
