package imports

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/guestward/guestward/collector/snapshot"
)

// Export is what an administrator's export holds, in the snapshot's form.
type Export struct {
	*format
	// Sections is what goes into the snapshot; a section is not there if nothing of it could be taken over.
	Sections snapshot.Document
	// Sources has one record for every path of the format, and one for each value below them that was lost.
	Sources []snapshot.Source
	// Notes are for whoever reads the snapshot, Warnings for the user at once: they name the file too.
	Notes, Warnings []string
	// TenantID is the tenant's id, "" where the export does not tell. TenantName is there only if Get-CsTenant is.
	TenantID, TenantName string
	// CollectedAt is when the export was made, or else when its newest file was changed; then a note says so.
	CollectedAt time.Time
	// TimeIsKnown says that the export itself tells when it was made.
	TimeIsKnown bool

	file  string               // stands for the export in warnings
	times map[string]time.Time // when what goes to a path was made
}

// Section is what the export holds of a section, nil for nothing.
func (e *Export) Section(name string) map[string]any {
	section, _ := e.Sections[name].(map[string]any)
	return section
}

// Brings says whether the export has something of the section, if only a message of what went wrong.
func (e *Export) Brings(section string) bool {
	return slices.ContainsFunc(e.Sources, func(s snapshot.Source) bool {
		return strings.HasPrefix(s.Source, section+".") && s.Reason != "not_requested"
	})
}

// readExport reads an export of the format. What the export lacks, and what is not understood, is a gap in Sources; an
// error is an export that cannot be read at all.
func readExport(name string, f *format) (*Export, error) {
	files, err := readFiles(name, f)
	if err != nil {
		return nil, err
	}
	c := newConversion(name)
	e := &Export{
		format: f, CollectedAt: files.collectedAt, TimeIsKnown: !files.collectedAt.IsZero(),
		file: name, times: map[string]time.Time{},
	}
	if !e.TimeIsKnown {
		e.CollectedAt = files.newest()
		c.notes = append(c.notes, f.name+" does not say when it was made; its time is that of its newest file")
	}
	if len(files.ignored) > 0 {
		c.warn("not read, for no %s that matters here is named so: %s", f.unit, files.ignoredList())
	}
	if err := e.tenant(c, files); err != nil {
		return nil, err
	}
	for _, m := range f.list {
		if items, ok := files.outputs[m.name]; ok {
			e.times[m.source] = files.times[m.name]
			c.output(m, items, m.name)
		} else {
			c.gap(m.source, "not_requested", fmt.Sprintf(f.absent, m.name), permissionFor(m.source))
		}
	}
	if len(c.doc) == 0 {
		c.warn("nothing in the export could be taken over: every rule about it will be unknown")
	}
	e.Sections = c.doc
	e.Sources, e.Notes, e.Warnings = c.sortedSources(), c.notes, c.warnings
	return e, nil
}

// output puts what a command left into the document, or says why not. From names the place that it came from.
func (c *conversion) output(m output, items []any, from string) {
	message, failed := failure(items)
	objects, problem := m.unpack(items)
	switch {
	case failed:
		c.gap(m.source, "error", from+" failed: "+message, permissionFor(m.source))
	case problem != "":
		c.gap(m.source, "error", from+": "+problem, "")
	case len(objects) == 0 && (objects == nil || !m.mayBeEmpty): // every tenant has each of the configurations, and a Global policy of each kind
		c.gap(m.source, "error", from+" is empty: the command failed, or was not allowed to see anything", permissionFor(m.source))
	default:
		if problem := c.put(m.source, objects, m.objects); problem != "" {
			c.gap(m.source, "error", from+": "+problem, "")
		}
	}
}

// tenant finds out whose export it is. Policies of two tenants together would be nobody's.
func (e *Export) tenant(c *conversion, files *files) error {
	found := map[string]string{} // id to the cmdlet that told it
	if items, ok := files.outputs[tenantCmdlet]; ok {
		id := ""
		if len(items) == 1 {
			id, e.TenantName = text(field(items[0], "TenantId")), text(field(items[0], "DisplayName"))
		}
		message, failed := failure(items)
		switch {
		case failed:
			c.warn("%s failed: %s", tenantCmdlet, message)
		case !isGUID.MatchString(id):
			e.TenantName = ""
			c.warn("the output of %s does not tell the tenant's id", tenantCmdlet)
		default:
			found[strings.ToLower(id)] = tenantCmdlet
		}
	}
	for _, m := range e.list {
		for _, item := range files.outputs[m.name] {
			if id := authority(item); id != "" && found[id] == "" {
				found[id] = m.name
			}
		}
	}
	ids := slices.Sorted(maps.Keys(found))
	if len(ids) > 1 {
		return &snapshot.Error{
			File:    c.file,
			Problem: fmt.Sprintf("%s is of tenant %s, %s of %s", found[ids[0]], ids[0], found[ids[1]], ids[1]),
			Remedy:  "export each tenant into a place of its own",
		}
	}
	if len(ids) == 1 {
		e.TenantID = ids[0]
	}
	return nil
}

// authority is the tenant that set the configuration, as some cmdlets tell in its Key; "" where none did, or it is not
// told: "Class=Tenant;InstanceId=c0ffee00-0000-4000-8000-000000000001;XmlRoot=".
func authority(v any) string {
	key := field(field(v, "Key"), "AuthorityId")
	id := ""
	if match := tenantAuthority.FindStringSubmatch(text(key)); match != nil {
		id = match[1]
	} else if text(field(key, "Class")) == "Tenant" {
		id = text(field(key, "InstanceId"))
	}
	if !isGUID.MatchString(id) {
		return ""
	}
	return strings.ToLower(id)
}

var tenantAuthority = regexp.MustCompile(`\bClass=Tenant;InstanceId=([0-9A-Fa-f-]+)(?:;|$)`)

// exportDocument makes a snapshot of an export. Everything that it does not hold is a gap.
func exportDocument(name string, f *format) (doc snapshot.Document, warnings []string, err error) {
	e, err := readExport(name, f)
	if err != nil {
		return nil, nil, err
	}
	if !plausible(e.CollectedAt) {
		return nil, nil, &snapshot.Error{
			File:    name,
			Problem: "the export does not say when it was made, and the time of its newest file is in no plausible year",
			Remedy:  f.timely,
		}
	}
	e = e.At(e.CollectedAt, "the newest file")
	c := newConversion(name)
	for _, s := range e.Sources {
		c.sources[s.Source] = s
	}
	maps.Copy(c.doc, e.Sections)
	c.organization(e)
	c.nothingElse(f)
	c.doc["collection"] = snapshot.Collection{
		SchemaVersion: snapshot.SchemaVersion,
		CollectedAt:   e.CollectedAt,
		Collector:     snapshot.Collector{Name: f.collector},
		Notes:         e.Notes,
		Sources:       c.sortedSources(),
	}
	return c.doc, e.Warnings, verify(name, c.doc)
}

// organization is the little that the export knows of the tenant.
func (c *conversion) organization(e *Export) {
	const source, permission = "tenant.organization", "Organization.Read.All"
	if e.TenantID == "" {
		c.gap(source, "not_requested", e.name+" does not name the tenant; run "+tenantCmdlet+" too", permission)
		return
	}
	organization := map[string]any{"id": e.TenantID}
	if e.TenantName != "" {
		organization["displayName"] = e.TenantName
	}
	c.doc["tenant"] = map[string]any{"organization": organization}
	c.sources[source] = snapshot.Source{Source: source, Outcome: snapshot.Collected}
	for _, property := range []string{"verifiedDomains", "assignedPlans"} {
		c.gap(source+"."+property, "not_requested", e.rest, permission)
	}
}

// nothingElse records everything that no export of the format holds.
func (c *conversion) nothingElse(f *format) {
	rest := func(path, permission string) {
		if _, ok := c.sources[path]; !ok && !f.holds(path) {
			c.gap(path, "not_requested", f.rest, permission)
		}
	}
	for _, m := range mappings {
		rest(m.source, permissionFor(m.source))
	}
	for _, o := range others() {
		rest(o.Path, o.Permission())
	}
	for _, path := range schemaPaths() {
		if !c.covers(path) {
			rest(path, "")
		}
	}
}
