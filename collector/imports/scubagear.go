package imports

import (
	"fmt"
	"io"
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
	c := newConversion(name)
	c.export = e
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

// apply maps one member of the export, or says why not.
func (c *conversion) apply(m mapping) {
	items, gap := c.items(m)
	if gap == nil {
		if problem := c.put(m.source, items, m.convert); problem != "" {
			c.gap(m.source, "error", fmt.Sprintf("the export's %s: %s", m.from, problem), "")
		}
		return
	}
	c.gap(m.source, gap.Reason, gap.Detail, gap.Permission)
}

// items returns what the export holds for the mapping, or why it holds nothing that can be relied on.
func (c *conversion) items(m mapping) ([]any, *snapshot.Source) {
	failed := func(format string, args ...any) ([]any, *snapshot.Source) {
		return nil, &snapshot.Source{Reason: "error", Detail: fmt.Sprintf(format, args...)}
	}
	for _, product := range m.products {
		if c.export.commands.unreadable[product] {
			return failed("ScubaGear's list of the commands that failed for %s is not readable", product)
		}
	}
	if command := find(c.export.commands.failed, m.products, m.commands); command != "" {
		return failed("ScubaGear's command %s failed; what the export holds in its place is no answer", command)
	}
	member, ok := c.export.members[m.from]
	switch {
	case !ok && c.export.wasRun(m.products):
		return failed("ScubaGear ran %s, but the export lacks %s", m.products[0], m.from)
	case !ok:
		return nil, &snapshot.Source{
			Reason:     "not_requested",
			Detail:     fmt.Sprintf("ScubaGear was run without %s; run it with that product, or collect with guestward", m.products[0]),
			Permission: permissionFor(m.source),
		}
	case c.export.torn[m.from]:
		return failed("%s stands twice in the export, with different values", m.from)
	}
	items := list(member.value)
	if len(items) == 0 {
		_, isList := unwrap(member.value).([]any)
		if !m.mayBeEmpty || !isList || find(c.export.commands.ran, m.products, m.commands) == "" {
			return failed("%s is empty in the export", m.from)
		}
	}
	return items, nil
}

// notExported records what ScubaGear never exports, and whatever else of the schema the table does not know.
func (c *conversion) notExported() {
	for _, o := range others() {
		c.gap(o.Path, "not_requested", "ScubaGear does not export "+o.About, o.Permission())
	}
	for _, path := range schemaPaths() {
		if !c.covers(path) {
			c.gap(path, "not_requested", "ScubaGear does not export it, as far as is known", "")
		}
	}
}

// version is the version of ScubaGear that wrote the export; any but the checked one is warned of.
func (c *conversion) version() string {
	version := text(c.export.members["module_version"].value)
	if version == "" {
		version = text(field(c.export.metaData, "ToolVersion"))
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
	environment := text(field(c.export.members["scuba_config"].value, "M365Environment"))
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
