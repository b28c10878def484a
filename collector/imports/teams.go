package imports

import (
	"fmt"
	"slices"
	"strings"

	"github.com/guestward/guestward/collector/snapshot"
)

// teamsFormat is an export of Teams PowerShell.
var teamsFormat = &format{
	name: "the Teams export", tool: "output of Teams PowerShell", collector: "Teams PowerShell", unit: "cmdlet",
	folder: "if the script wrote one file, name that",
	timely: `use the script, which writes "collectedAt"`,
	absent: "the Teams export lacks the output of %s; run that cmdlet too",
	rest:   "an export of Teams PowerShell does not hold it; collect with guestward",
	list:   teamsCmdlets,
	remedies: remedies{
		broken: "run the script again and copy its file unchanged",
		deep:   "ConvertTo-Json -Depth 10 writes less: it is not the output of Teams PowerShell",
	},
}

// Teams reads an export of Teams PowerShell: a folder with one file a cmdlet (Get-CsTeamsMeetingPolicy.json), the one
// file that the script in .github/TEAMS.md writes, or the output of one cmdlet in a file that is named for it.
func Teams(name string) (*Export, error) { return readExport(name, teamsFormat) }

// TeamsDocument makes a snapshot of an export of Teams PowerShell, which Teams reads. Everything else is a gap. Warnings
// are what the user should know before relying on the result.
func TeamsDocument(name string) (doc snapshot.Document, warnings []string, err error) {
	return exportDocument(name, teamsFormat)
}

// TeamsObject converts one configuration, as the interface behind Teams PowerShell returns it: an array of objects, one
// object, or either in {"value": ...}. Path is one of TeamsPaths. The first source is the path's own; those after it are
// values that were lost. The value is nil where the first source is a gap. An error is text that is not JSON.
func TeamsObject(path string, raw []byte) (any, []snapshot.Source, error) {
	i := slices.IndexFunc(teamsCmdlets, func(m output) bool { return m.source == path })
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
		c.output(m, items, "the answer for "+m.name)
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
