package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/guestward/guestward/cmd/internal/access"
	"github.com/guestward/guestward/collector"
	"github.com/guestward/guestward/policies"
)

const sourceHead = `# What guestward reads

<!-- Made by "make docs" from table.go and permission.go; do not edit. -->

Every row is one source: what it fills in the snapshot, and what the service asks for. A collection reads the sources
that the chosen rules need, those that are named ("--only"), or all of them ("--all"). What cannot be read becomes a
gap under the same name.

- **Permissions:** the least that reads it. Those in brackets will do as well, where they were granted already.
- **Licence:** service plans of which the service wants one before it answers.
- **Not in:** clouds that do not have it.
- **For:** rules that require it, or something that rests on it. Without a rule it takes "--all" or "--only".

`

const permissionHead = `## Permissions

Ids are those of application permissions. "guestward permissions" lists what the chosen rules need, and writes a script
that grants it.

| Permission | API | Id | Reads | Note |
| --- | --- | --- | --- | --- |
`

const sourceColumns = `| Source | What it is | API | Permissions | Licence | Not in | For |
| --- | --- | --- | --- | --- | --- | --- |
`

// ticked is text in which double quotes stand for backticks, which a raw string cannot hold.
func ticked(s string) string { return strings.ReplaceAll(s, `"`, "`") }

// sourcePage lists everything that can be read from a tenant, and the permissions for it.
func sourcePage(rules []*policies.Rule) []byte {
	var b strings.Builder
	b.WriteString(ticked(sourceHead))
	needed := needers(rules)
	for _, section := range sections() {
		fmt.Fprintf(&b, "## `%s`\n\n", section.name)
		if note := sectionNotes[section.name]; note != "" {
			b.WriteString(note + "\n\n")
		}
		shared := section.unsupported()
		if shared != "" {
			fmt.Fprintf(&b, "What is read live may change: %s.\n\n", plain(shared))
		}
		b.WriteString(sourceColumns)
		for _, s := range section.sources {
			about := plain(s.About)
			if s.Unsupported != shared {
				about += "; *may change: " + plain(s.Unsupported) + "*"
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s | %s |\n", s.Path, about, plain(string(s.API)),
				permissionNeeds(s.Needs), codes(s.Licence, " or "), strings.Join(s.Absent, ", "),
				strings.Join(needed[s.Path], " "))
		}
		b.WriteString("\n")
	}
	b.WriteString(ticked(permissionHead))
	for _, p := range collector.Permissions {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", permissionName(p.Name), plain(string(p.API)), codes(ids(p), ""),
			plain(p.About), permissionNote(p))
	}
	b.WriteString("\n| API | Its application id |\n| --- | --- |\n")
	for _, api := range []collector.API{collector.Graph, collector.SharePoint, collector.Exchange} {
		fmt.Fprintf(&b, "| %s | `%s` |\n", api, api.AppID())
	}
	return []byte(b.String())
}

const exported = "an administrator's export brings it (`--exports`, [EXPORTS](../.github/EXPORTS.md))"

// sectionNotes say what holds for all of a section and stands nowhere in the table.
var sectionNotes = map[string]string{
	"teams": "Read from an export of Teams PowerShell (`--teams-export`, [TEAMS](../.github/TEAMS.md)), or live with\n" +
		"`--experimental-teams-api`.",
	"exchange":    "Not read from a tenant: " + exported + ", and but for the retention policies `guestward import scubagear`.",
	"azure":       "Not read from a tenant: " + exported + ".",
	"powerBI":     "Not read from a tenant: " + exported + ".",
	"azureDevOps": "Not read from a tenant: " + exported + ".",
}

// section is the sources that fill one section of the snapshot.
type section struct {
	name    string
	sources []*collector.Source
}

// unsupported is why what all of the section is read from may change; "" where that is not one reason.
func (s section) unsupported() string {
	for _, source := range s.sources {
		if source.Unsupported != s.sources[0].Unsupported {
			return ""
		}
	}
	return s.sources[0].Unsupported
}

// sections groups the table, in its order.
func sections() []section {
	var list []section
	for _, s := range collector.All() {
		name, _, _ := strings.Cut(s.Path, ".")
		i := slices.IndexFunc(list, func(g section) bool { return g.name == name })
		if i < 0 {
			i, list = len(list), append(list, section{name: name})
		}
		list[i].sources = append(list[i].sources, s)
	}
	return list
}

// needers lists, by source, the rules that it is read for.
func needers(rules []*policies.Rule) map[string][]string {
	needed := map[string][]string{}
	for _, s := range access.Sources(nil) {
		needed[s.Path] = []string{"every run"}
	}
	for _, r := range rules {
		for _, s := range access.Sources([]*policies.Rule{r}) {
			if !slices.Contains(needed[s.Path], "every run") {
				needed[s.Path] = append(needed[s.Path], r.ID)
			}
		}
	}
	return needed
}

// permissionNeeds writes the needs of a source: the least permission of each, and what else would do.
func permissionNeeds(needs []collector.Need) string {
	var parts []string
	for _, need := range needs {
		var others []string
		for _, name := range need[1:] {
			others = append(others, permissionName(name))
		}
		part := permissionName(need[0])
		if len(others) > 0 {
			part += " (" + strings.Join(others, ", ") + ")"
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, " and ")
}

// permissionName sets a permission as code, and a role, which has a name in words, as text.
func permissionName(name string) string {
	if strings.Contains(name, " ") {
		return plain(name)
	}
	return "`" + name + "`"
}

func ids(p collector.Permission) []string {
	return slices.DeleteFunc([]string{p.ID, p.Role}, func(id string) bool { return id == "" })
}

func permissionNote(p collector.Permission) string {
	switch {
	case p.DelegatedOnly:
		return "only a signed-in person can have it"
	case p.Role != "":
		return "the template id of the role"
	case p.Writes:
		return "allows more than reading; there is no smaller one"
	}
	return ""
}

func codes(list []string, between string) string {
	var set []string
	for _, s := range list {
		set = append(set, "`"+cell(s)+"`")
	}
	return strings.Join(set, between)
}

// plain is text of a table's cell in which no character means anything to Markdown.
func plain(s string) string {
	for _, mark := range []string{`\`, "`", "*", "_", "[", "]", "<", ">", "|"} { // the backslash first: the others bring some
		s = strings.ReplaceAll(s, mark, `\`+mark)
	}
	return strings.ReplaceAll(s, "\n", " ")
}
