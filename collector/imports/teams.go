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

// TeamsExport is what an export of Teams PowerShell holds, in the snapshot's form.
type TeamsExport struct {
	// Section is what goes under "teams"; nil if nothing could be taken over.
	Section map[string]any
	// Sources has one record for every path of TeamsPaths, and one for each value below them that was lost.
	Sources []snapshot.Source
	// Notes are for whoever reads the snapshot, Warnings for the user at once: they name the file too.
	Notes, Warnings []string
	// TenantID is the tenant's id, "" where the export does not tell. TenantName is there only if Get-CsTenant is.
	TenantID, TenantName string
	// CollectedAt is when the export was made, or else when its newest file was changed; then a note says so.
	CollectedAt time.Time
	// TimeIsKnown says that the export itself tells when it was made.
	TimeIsKnown bool
}

// Teams reads an export of Teams PowerShell: a folder with one file a cmdlet (Get-CsTeamsMeetingPolicy.json), the one
// file that the script in .github/TEAMS.md writes, or the output of one cmdlet in a file that is named for it. What the
// export lacks, and what is not understood, is a gap in Sources; an error is an export that cannot be read at all.
func Teams(name string) (*TeamsExport, error) {
	files, err := readTeams(name)
	if err != nil {
		return nil, err
	}
	c := newConversion(name)
	e := &TeamsExport{CollectedAt: files.collectedAt, TimeIsKnown: !files.collectedAt.IsZero()}
	if !e.TimeIsKnown {
		e.CollectedAt = files.newest.UTC().Truncate(time.Second)
		c.notes = append(c.notes, "the Teams export does not say when it was made; its time is that of its newest file")
	}
	if len(files.ignored) > 0 {
		c.warn("not read, for no cmdlet that matters here is named so: %s", files.ignoredList())
	}
	if err := e.tenant(c, files); err != nil {
		return nil, err
	}
	for _, m := range teamsCmdlets {
		if items, ok := files.outputs[m.name]; ok {
			c.cmdlet(m, items, m.name)
		} else {
			c.gap(m.source, "not_requested", "the Teams export lacks the output of "+m.name+"; run that cmdlet too", permissionFor(m.source))
		}
	}
	e.Section, _ = c.doc["teams"].(map[string]any)
	if e.Section == nil {
		c.warn("nothing in the export could be taken over: every rule about Teams will be unknown")
	}
	e.Sources, e.Notes, e.Warnings = c.sortedSources(), c.notes, c.warnings
	return e, nil
}

// cmdlet puts what a cmdlet returned into the document, or says why not. From names the place that it came from.
func (c *conversion) cmdlet(m teamsCmdlet, items []any, from string) {
	message, failed := failure(items)
	switch {
	case failed:
		c.gap(m.source, "error", from+" failed: "+message, permissionFor(m.source))
	case len(items) == 0: // every tenant has each of the configurations, and a Global policy of each kind
		c.gap(m.source, "error", from+" is empty: the cmdlet failed, or was not allowed to see anything", permissionFor(m.source))
	default:
		if problem := c.put(m.source, items, m.objects); problem != "" {
			c.gap(m.source, "error", from+": "+problem, "")
		}
	}
}

// tenant finds out whose export it is. Policies of two tenants together would be nobody's.
func (e *TeamsExport) tenant(c *conversion, files *teamsFiles) error {
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
	for _, m := range teamsCmdlets {
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

// TeamsDocument makes a snapshot of an export of Teams PowerShell, which Teams reads. Everything else is a gap. Warnings
// are what the user should know before relying on the result.
func TeamsDocument(name string) (doc snapshot.Document, warnings []string, err error) {
	e, err := Teams(name)
	if err != nil {
		return nil, nil, err
	}
	if !plausible(e.CollectedAt) {
		return nil, nil, &snapshot.Error{
			File:    name,
			Problem: "the export does not say when it was made, and the time of its newest file is in no plausible year",
			Remedy:  `use the script, which writes "collectedAt"`,
		}
	}
	c := newConversion(name)
	for _, s := range e.Sources {
		c.sources[s.Source] = s
	}
	if e.Section != nil {
		c.doc["teams"] = e.Section
	}
	c.organization(e)
	c.onlyTeams()
	c.doc["collection"] = snapshot.Collection{
		SchemaVersion: snapshot.SchemaVersion,
		CollectedAt:   e.CollectedAt,
		Collector:     snapshot.Collector{Name: "Teams PowerShell"},
		Notes:         e.Notes,
		Sources:       c.sortedSources(),
	}
	return c.doc, e.Warnings, verify(name, c.doc)
}

// organization is the little that the export knows of the tenant.
func (c *conversion) organization(e *TeamsExport) {
	const source, permission = "tenant.organization", "Organization.Read.All"
	if e.TenantID == "" {
		c.gap(source, "not_requested", "the Teams export does not name the tenant; run "+tenantCmdlet+" too", permission)
		return
	}
	organization := map[string]any{"id": e.TenantID}
	if e.TenantName != "" {
		organization["displayName"] = e.TenantName
	}
	c.doc["tenant"] = map[string]any{"organization": organization}
	c.sources[source] = snapshot.Source{Source: source, Outcome: snapshot.Collected}
	for _, property := range []string{"verifiedDomains", "assignedPlans"} {
		c.gap(source+"."+property, "not_requested", notOfTeams, permission)
	}
}

const notOfTeams = "an export of Teams PowerShell does not hold it; collect with guestward"

// onlyTeams records everything that no export of Teams PowerShell holds.
func (c *conversion) onlyTeams() {
	rest := func(path, permission string) {
		if _, ok := c.sources[path]; !ok && !strings.HasPrefix(path, "teams.") {
			c.gap(path, "not_requested", notOfTeams, permission)
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

// TeamsObject converts one configuration, as the interface behind Teams PowerShell returns it: an array of objects, one
// object, or either in {"value": ...}. Path is one of TeamsPaths. The first source is the path's own; those after it are
// values that were lost. The value is nil where the first source is a gap. An error is text that is not JSON.
func TeamsObject(path string, raw []byte) (any, []snapshot.Source, error) {
	i := slices.IndexFunc(teamsCmdlets, func(m teamsCmdlet) bool { return m.source == path })
	if i < 0 {
		return nil, nil, fmt.Errorf("%s is not a configuration of Teams", path)
	}
	m := teamsCmdlets[i]
	const remedy = "the interface may have changed"
	p := parser{file: path, text: raw, remedies: remedies{broken: remedy, deep: remedy}}
	value, err := p.whole()
	if err != nil {
		return nil, nil, err
	}
	c := newConversion(path)
	if items, more := page(value); more {
		c.gap(path, "error", "the answer is one page of several", "")
	} else {
		c.cmdlet(m, items, "the answer for "+m.name)
	}
	section, _ := c.doc["teams"].(map[string]any)
	return section[strings.TrimPrefix(path, "teams.")], c.sortedSources(), nil
}

// page is what one answer of the service holds, and whether there is more to come.
func page(v any) (items []any, more bool) {
	object, ok := v.(map[string]any)
	if !ok {
		return list(v), false
	}
	values, isPage := object["value"]
	for name, member := range object {
		switch {
		case strings.HasPrefix(name, "@") && strings.HasSuffix(strings.ToLower(name), "nextlink"):
			more = more || member != nil && member != ""
		case name != "value" && name != "Count" && !strings.HasPrefix(name, "@"):
			isPage = false
		}
	}
	if isPage {
		return list(values), more
	}
	return list(v), more
}
