package imports

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/guestward/guestward/collector/snapshot"
)

// checkedVersion is the version of ScubaGear whose export the mapping was checked against.
const checkedVersion = "1.8.0"

// ScubaGear turns an export of CISA's ScubaGear, ProviderSettingsExport.json or ScubaResults*.json, into a snapshot.
// The name stands for the export in errors and warnings. Warnings are what the user should know before relying on the
// result; what is missing in it is told by collection.sources.
func ScubaGear(name string, r io.Reader) (doc snapshot.Document, warnings []string, err error) {
	data, err := readText(name, r, maxExport)
	if err != nil {
		return nil, nil, err
	}
	e, err := parseExport(name, data)
	if err != nil {
		return nil, nil, err
	}
	at, err := e.collectedAt()
	if err != nil {
		return nil, nil, err
	}
	c := &conversion{export: e, doc: snapshot.Document{}, sources: map[string]snapshot.Source{}, more: map[string]int{}}
	version := c.version()
	for _, m := range mappings {
		c.apply(m)
	}
	if len(c.doc) == 0 {
		c.warn("nothing in the export could be taken over: every rule will be unknown")
	}
	c.notExported()
	c.doc["collection"] = snapshot.Collection{
		SchemaVersion: snapshot.SchemaVersion,
		CollectedAt:   at,
		Collector:     snapshot.Collector{Name: "ScubaGear", Version: version},
		Cloud:         c.cloud(),
		Notes:         c.notes,
		Sources:       c.sortedSources(),
	}
	return c.doc, c.warnings, verify(name, c.doc)
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

// conversion is one import under way.
type conversion struct {
	*export
	doc             snapshot.Document
	sources         map[string]snapshot.Source
	more            map[string]int // further losses at the path of a source that is a gap
	notes, warnings []string
	path            snapshot.Path // in the document, of the value at hand
}

// apply maps one member of the export, or says why not.
func (c *conversion) apply(m mapping) {
	section, property, _ := strings.Cut(m.source, ".")
	c.path = snapshot.Path{section, property}
	items, gap := c.items(m)
	if gap == nil {
		v, problem := m.convert(c, items)
		if problem == "" {
			v, problem = c.fit(schemaShape(m.source), v)
		}
		if problem == "" {
			sections, _ := c.doc[section].(map[string]any)
			if sections == nil {
				sections = map[string]any{}
				c.doc[section] = sections
			}
			sections[property] = v
			source := snapshot.Source{Source: m.source, Outcome: snapshot.Collected}
			if elements, ok := v.([]any); ok {
				n := len(elements)
				source.Count = &n
			}
			c.sources[m.source] = source
			return
		}
		gap = &snapshot.Source{Reason: "error", Detail: fmt.Sprintf("the export's %s: %s", m.from, problem)}
	}
	gap.Source, gap.Outcome = m.source, snapshot.Gap
	c.sources[m.source] = *gap
}

// items returns what the export holds for the mapping, or why it holds nothing that can be relied on.
func (c *conversion) items(m mapping) ([]any, *snapshot.Source) {
	failed := func(format string, args ...any) ([]any, *snapshot.Source) {
		return nil, &snapshot.Source{Reason: "error", Detail: fmt.Sprintf(format, args...)}
	}
	for _, product := range m.products {
		if c.commands.unreadable[product] {
			return failed("ScubaGear's list of the commands that failed for %s is not readable", product)
		}
	}
	if command := find(c.commands.failed, m.products, m.commands); command != "" {
		return failed("ScubaGear's command %s failed; what the export holds in its place is no answer", command)
	}
	member, ok := c.members[m.from]
	switch {
	case !ok && c.wasRun(m.products):
		return failed("ScubaGear ran %s, but the export lacks %s", m.products[0], m.from)
	case !ok:
		return nil, &snapshot.Source{
			Reason:     "not_requested",
			Detail:     fmt.Sprintf("ScubaGear was run without %s; run it with that product, or collect with guestward", m.products[0]),
			Permission: m.permission,
		}
	case c.torn[m.from]:
		return failed("%s stands twice in the export, with different values", m.from)
	}
	items := list(member.value)
	if len(items) == 0 {
		_, isList := unwrap(member.value).([]any)
		if !m.mayBeEmpty || !isList || find(c.commands.ran, m.products, m.commands) == "" {
			return failed("%s is empty in the export", m.from)
		}
	}
	return items, nil
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
	c.sources[source] = snapshot.Source{
		Source: source, Outcome: snapshot.Gap, Reason: "error",
		Detail: fmt.Sprintf("%s: %s", clip(c.path.Dotted()), problem),
	}
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

// notExported records what ScubaGear never exports, and whatever else of the schema the table does not know.
func (c *conversion) notExported() {
	for _, n := range neverExported {
		c.sources[n.source] = snapshot.Source{
			Source: n.source, Outcome: snapshot.Gap, Reason: "not_requested",
			Detail: "ScubaGear does not export " + n.what, Permission: n.permission,
		}
	}
	for _, path := range schemaPaths() {
		if !c.covers(path) {
			c.sources[path] = snapshot.Source{
				Source: path, Outcome: snapshot.Gap, Reason: "not_requested", Detail: "ScubaGear does not export it, as far as is known",
			}
		}
	}
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

// version is the version of ScubaGear that wrote the export; any but the checked one is warned of.
func (c *conversion) version() string {
	version := text(c.members["module_version"].value)
	if version == "" {
		version = text(field(c.metaData, "ToolVersion"))
	}
	version = clip(version)
	switch version {
	case checkedVersion:
	case "":
		c.warn("the export does not say which version of ScubaGear wrote it; the import was checked against %s", checkedVersion)
	default:
		c.warn("the export was written by ScubaGear %q; the import was checked against %s, another version may name or mean things otherwise", version, checkedVersion)
	}
	return version
}

// cloud is the national cloud of the tenant.
// https://github.com/cisagov/ScubaGear/blob/main/docs/configuration/parameters.md#m365environment
func (c *conversion) cloud() string {
	environment := text(field(c.members["scuba_config"].value, "M365Environment"))
	switch strings.ToLower(environment) {
	case "commercial", "gcc": // GCC is in the global cloud
		return "global"
	case "gcchigh":
		return "usgov"
	case "dod":
		return "dod"
	}
	c.warn("the export does not say in which cloud the tenant is (scuba_config.M365Environment is %q)", clip(environment))
	return ""
}

// collectedAt is when ScubaGear ran. Rules measure every age from it, so it is never guessed.
func (e *export) collectedAt() (time.Time, error) {
	stamp := e.members["timestamp_zulu"]
	for _, s := range []string{text(stamp.value), text(field(e.metaData, "TimestampZulu"))} {
		if t, err := time.Parse(time.RFC3339, date(s)); err == nil {
			return t.UTC(), nil
		}
	}
	if t, ok := unambiguousDate(text(e.members["date"].value)); ok {
		return t, nil
	}
	problem := "the export does not say when it was made: timestamp_zulu is missing"
	if stamp.raw != nil {
		problem = "timestamp_zulu is not a time such as 2026-05-04T17:15:48.307Z"
	}
	return time.Time{}, e.fail(stamp.offset, snapshot.Path{"timestamp_zulu"}, problem, "rules measure every age from it: run ScubaGear again")
}

// unambiguousDate reads ScubaGear's "date": the local time in the form of the machine's language, and the name of its
// zone. It is taken only where the zone is UTC and day and month cannot be mistaken for each other.
func unambiguousDate(s string) (time.Time, bool) {
	for _, zone := range []string{" Coordinated Universal Time", " UTC"} {
		day, found := strings.CutSuffix(s, zone)
		if !found {
			continue
		}
		american, err1 := time.Parse("01/02/2006 15:04:05", day)
		european, err2 := time.Parse("02/01/2006 15:04:05", day)
		switch {
		case err1 == nil && (err2 != nil || american.Equal(european)):
			return american, true
		case err2 == nil && err1 != nil:
			return european, true
		}
	}
	return time.Time{}, false
}
