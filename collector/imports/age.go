package imports

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/guestward/guestward/collector/snapshot"
)

// How far an output's time may be from that of the snapshot it goes into: to be taken over at all, and without a word.
const (
	maxAge   = 7 * 24 * time.Hour
	quietAge = 24 * time.Hour
)

// At is the export as a snapshot of that time may hold it; what names that time in messages. A rule takes all of a snapshot
// for as new as the snapshot says, so that an output which is much older is a gap. So is one that is yet to come: its time
// tells nothing. An output that is somewhat older is taken over, and a note says so.
func (e *Export) At(at time.Time, what string) *Export {
	out := *e
	out.Sections, out.Sources = snapshot.Document{}, nil
	for name, section := range e.Sections {
		out.Sections[name] = maps.Clone(section.(map[string]any))
	}
	out.Notes, out.Warnings = slices.Clone(e.Notes), slices.Clone(e.Warnings)
	older := map[string][]string{} // names by how old they are
	stale := ""                    // the source that was last found to be stale
	for _, s := range e.Sources {  // sorted: what lies below a source follows it
		made, known := e.times[s.Source]
		age := at.Sub(made)
		switch {
		case stale != "" && strings.HasPrefix(s.Source, stale+"."):
			continue
		case !known || s.Outcome != snapshot.Collected:
		case age > maxAge, age < -quietAge:
			stale = s.Source
			when := fmt.Sprintf("%s is of %s, %s", e.nameOf(s.Source), made.Format(time.DateOnly), distance(age, what))
			s = snapshot.Source{Source: s.Source, Outcome: snapshot.Gap, Reason: "error", Detail: when + ": export it again"}
			section, property, _ := strings.Cut(s.Source, ".")
			members := out.Sections[section].(map[string]any)
			if delete(members, property); len(members) == 0 {
				delete(out.Sections, section)
			}
			out.Warnings = append(out.Warnings, fmt.Sprintf("%s: %s; its rules will be unknown", e.file, when))
		case age > quietAge:
			key := fmt.Sprintf("of %s, %s", made.Format(time.DateOnly), distance(age, what))
			older[key] = append(older[key], e.nameOf(s.Source))
		}
		out.Sources = append(out.Sources, s)
	}
	for _, key := range slices.Sorted(maps.Keys(older)) {
		note := fmt.Sprintf("%s: %s", key, strings.Join(older[key], ", "))
		out.Notes = append(out.Notes, note)
		out.Warnings = append(out.Warnings, e.file+": "+note)
	}
	return &out
}

// distance says in days how far a time is from another one.
func distance(age time.Duration, what string) string {
	words := "before"
	if age < 0 {
		age, words = -age, "after"
	}
	days := int(age / (24 * time.Hour))
	return fmt.Sprintf("%d day%s %s %s", days, map[bool]string{true: "", false: "s"}[days == 1], words, what)
}

// nameOf is the name of the output that goes there.
func (f *format) nameOf(source string) string {
	i := slices.IndexFunc(f.list, func(m output) bool { return m.source == source })
	return f.list[i].name
}

// newest is when the newest output was made; that of the cmdlet that names the tenant counts only where nothing else is
// there.
func (t *files) newest() time.Time {
	var newest time.Time
	for _, m := range t.list {
		if made := t.times[m.name]; made.After(newest) {
			newest = made
		}
	}
	return cmp.Or(newest, t.times[tenantCmdlet])
}
