package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/guestward/guestward/cmd/internal/access"
	"github.com/guestward/guestward/collector"
	"github.com/guestward/guestward/policies"
	"github.com/guestward/guestward/report"
)

// profileSettings are the settings of every profile.
func profileSettings(c *policies.Catalogue) (map[string]*policies.Settings, error) {
	profiles := map[string]*policies.Settings{}
	for _, name := range policies.Profiles() {
		s, err := c.Settings(name)
		if err != nil {
			return nil, err
		}
		profiles[name] = s
	}
	return profiles, nil
}

// rulePage is the page of one rule: everything that is known of it, from its metadata and the collector's table.
func rulePage(r *policies.Rule, s *policies.Settings, profiles map[string]*policies.Settings) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s: %s\n\n%s", r.ID, r.Title, generated)
	fmt.Fprintf(&b, "**Severity:** %s · **Introduced in:** %s", r.Severity, r.Since)
	if r.Each != "" {
		fmt.Fprintf(&b, " · **Judges each of:** `%s`", r.Each)
	}
	if len(r.Aliases) > 0 {
		fmt.Fprintf(&b, " · **Was called:** %s", strings.Join(r.Aliases, ", "))
	}
	if r.Because != "" {
		fmt.Fprintf(&b, "\n\nThe severity is %s because: %s", r.Severity, r.Because)
	}
	fmt.Fprintf(&b, "\n\n%s\n\n## Why\n\n%s\n\n## How to mend it\n\n", r.Description, r.Rationale)
	fmt.Fprintf(&b, "**Portal.** %s\n\n**Microsoft Graph**\n\n%s\n**PowerShell**\n\n%s", r.Remediation.Portal, code(r.Remediation.Graph, "http"), code(r.Remediation.PowerShell, "powershell"))
	decision(&b, r)
	data(&b, r)
	settingTable(&b, r, s, profiles)
	controlTable(&b, r)
	b.WriteString("\n## Read more\n\n")
	for _, l := range r.Links {
		fmt.Fprintf(&b, "- [%s](%s)\n", l.Title, l.URL)
	}
	return []byte(b.String())
}

// decision says what the rule reads, and what comes of it.
func decision(b *strings.Builder, r *policies.Rule) {
	b.WriteString("\n## How it is decided\n\nThe rule needs these parts of the snapshot; without them the result is `unknown`:\n\n")
	for _, req := range r.Requires {
		fmt.Fprintf(b, "- `%s`\n", req)
	}
	if len(r.Uses) > 0 {
		b.WriteString("\nIt reads besides, where it is there:\n\n")
		for _, use := range r.Uses {
			fmt.Fprintf(b, "- `%s`\n", use)
		}
	}
	if len(r.Peer) > 0 {
		b.WriteString("\nFrom the snapshot of another tenant, where it is given with `--peer`, it reads these; without one it judges this tenant's\nhalf alone:\n\n")
		for _, path := range r.Peer {
			fmt.Fprintf(b, "- `%s`\n", path)
		}
	}
	b.WriteString("\n")
	if r.Unknowns {
		b.WriteString("A value that the rule cannot judge, such as one that no documentation knows, makes it `unknown`, unless\nsomething fails anyway.\n")
	}
	if r.Notes {
		b.WriteString("Notes tell what else was seen; they decide nothing.\n")
	}
	b.WriteString("[rule.rego](rule.rego) is the decision itself, [rule_test.rego](rule_test.rego) its cases.\n")
}

// data lists the sources, permissions and licences that the rule needs.
func data(b *strings.Builder, r *policies.Rule) {
	b.WriteString("\n## Data, permissions and licence\n\n")
	always := access.Sources(nil)
	sources := slices.DeleteFunc(access.Sources([]*policies.Rule{r}), func(s *collector.Source) bool { return slices.Contains(always, s) })
	if len(sources) > 0 {
		b.WriteString("| Source | What it is | API | Permissions | Licence to read it |\n| --- | --- | --- | --- | --- |\n")
		for _, s := range sources {
			fmt.Fprintf(b, "| `%s` | %s | %s | %s | %s |\n", s.Path, plain(s.About), plain(string(s.API)), permissionNeeds(s.Needs), codes(s.Licence, " or "))
		}
		b.WriteString("\n")
		if slices.ContainsFunc(sources, func(s *collector.Source) bool {
			return slices.ContainsFunc(s.Needs, func(n collector.Need) bool { return len(n) > 1 })
		}) {
			b.WriteString("Permissions in brackets will do as well. ")
		}
		fmt.Fprintf(b, "`guestward permissions --include %s` lists what to grant, and writes a script that does.\n", r.ID)
	}
	// What is not read live, or not that way alone, has another door.
	var sections []string
	for _, req := range slices.Concat(r.Requires, r.Uses) {
		for _, path := range req.Paths() {
			section, _, _ := strings.Cut(path, ".")
			if note := sectionNotes[section]; note != "" && !slices.Contains(sections, section) {
				sections = append(sections, section)
				fmt.Fprintf(b, "\n`%s`: %s\n", section, strings.ReplaceAll(note, "](../", "](../../../../"))
			}
		}
	}
	if len(r.Licence) > 0 {
		fmt.Fprintf(b, "\nThe control takes a licence with `%s`; in a tenant without one the rule is `not_applicable`.\n", strings.Join(r.Licence, "` or `"))
	} else {
		b.WriteString("\nThe control takes no licence of its own.\n")
	}
}

// settingTable lists the parameters of the rule: the default, and what profiles make of it.
func settingTable(b *strings.Builder, r *policies.Rule, s *policies.Settings, profiles map[string]*policies.Settings) {
	b.WriteString("\n## Settings\n\n")
	if len(r.Settings) == 0 {
		b.WriteString("None.\n")
		return
	}
	b.WriteString("| Setting | Default | Profiles that differ |\n| --- | --- | --- |\n")
	for _, name := range r.Settings {
		value := report.SettingText(s, name)
		var others []string
		for _, profile := range slices.Sorted(maps.Keys(profiles)) {
			if other := report.SettingText(profiles[profile], name); other != value {
				others = append(others, fmt.Sprintf("%s: `%s`", profile, cell(other)))
			}
		}
		fmt.Fprintf(b, "| `%s` | `%s` | %s |\n", name, cell(value), strings.Join(others, "; "))
	}
	b.WriteString("\nThe comments in [settings/data.yaml](../../../settings/data.yaml) say what each means.\n")
}

// controlTable lists the controls that the rule decides, and where frameworks disagree about it.
func controlTable(b *strings.Builder, r *policies.Rule) {
	b.WriteString("\n## Controls\n\n")
	if len(r.Controls) == 0 {
		b.WriteString("No framework that we read asks for this.\n")
	} else {
		b.WriteString("| Framework | Control | What it asks for |\n| --- | --- | --- |\n")
		for _, key := range slices.Sorted(maps.Keys(r.Controls)) {
			title := report.FrameworkTitle(key)
			for _, id := range r.Controls[key] {
				fmt.Fprintf(b, "| [%s](../../../../.github/FRAMEWORKS.md#%s) | %s | %s |\n", cell(title), anchor(title), id, plain(report.ControlTitle(key, id)))
			}
		}
	}
	if conflicts := r.Conflicts(); len(conflicts) > 0 {
		b.WriteString("\n### Where frameworks disagree\n\n")
		conflictTable(b, conflicts, "../../../")
	}
}
