// Command gendocs writes the pages that are made from the rules' metadata, the frameworks and the collector's table: a
// page beside every rule, the catalogue in policies/README.md, the controls in FRAMEWORKS.md, what is read in
// collector/README.md, where other tools differ in OTHER_TOOLS.md, and the tables between the markers of README.md and
// ACCESS.md. With -check it writes nothing and fails when a page is out of step.
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/guestward/guestward/cmd/internal/demo"
	"github.com/guestward/guestward/cmd/internal/scan"
	"github.com/guestward/guestward/collector/snapshot"
	"github.com/guestward/guestward/policies"
	"github.com/guestward/guestward/policies/access"
	"github.com/guestward/guestward/report"
)

func main() {
	check := flag.Bool("check", false, "fail, rather than write, when a page is out of step")
	root := flag.String("root", ".", "the repository")
	flag.Parse()
	if err := run(*root, *check); err != nil {
		fmt.Fprintln(os.Stderr, "gendocs:", err)
		os.Exit(1)
	}
}

func run(root string, check bool) error {
	pages, err := generate(root)
	if err != nil {
		return err
	}
	var stale []string
	for _, name := range slices.Sorted(maps.Keys(pages)) {
		file := filepath.Join(root, filepath.FromSlash(name))
		old, err := os.ReadFile(file)
		if err == nil && bytes.Equal(bytes.ReplaceAll(old, []byte("\r\n"), []byte("\n")), pages[name]) {
			continue
		}
		if check {
			stale = append(stale, name)
			continue
		}
		if err := os.WriteFile(file, pages[name], 0o644); err != nil {
			return err
		}
		fmt.Println("wrote", name)
	}
	if len(stale) > 0 {
		return fmt.Errorf("out of step with what they are made from: %s; run `make docs`", strings.Join(stale, ", "))
	}
	return nil
}

// generate makes every page, by its name in the repository.
func generate(root string) (map[string][]byte, error) {
	c, err := policies.Load()
	if err != nil {
		return nil, err
	}
	settings, err := c.Settings("")
	if err != nil {
		return nil, err
	}
	pages := map[string][]byte{
		"policies/README.md": catalogue(c, settings), "collector/README.md": sourcePage(c.Rules()),
		".github/FRAMEWORKS.md": frameworkPage(c.Rules()),
	}
	profiles, err := profileSettings(c)
	if err != nil {
		return nil, err
	}
	for _, r := range c.Rules() {
		pages[fmt.Sprintf("policies/rules/%s/%s/README.md", r.Area, r.Name)] = rulePage(r, settings, profiles)
	}
	if pages[".github/OTHER_TOOLS.md"], err = otherToolsPage(root, c.Rules()); err != nil {
		return nil, err
	}
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		return nil, err
	}
	if readme, err = fill(readme, "rules", ruleTable(c.Rules(), "policies/")); err != nil {
		return nil, err
	}
	shown, err := demoRun(c, settings)
	if err != nil {
		return nil, err
	}
	if readme, err = fill(readme, "demo", shown); err != nil {
		return nil, err
	}
	if shown, err = demoAccess(c, settings); err != nil {
		return nil, err
	}
	if pages["README.md"], err = fill(readme, "access", shown); err != nil {
		return nil, err
	}
	model, err := os.ReadFile(filepath.Join(root, ".github", "ACCESS.md"))
	if err != nil {
		return nil, err
	}
	pages[".github/ACCESS.md"], err = fill(model, "assumptions", assumptionTable())
	return pages, err
}

// demoAccess is the real output of guestward explain access for one rule.
func demoAccess(c *policies.Catalogue, settings *policies.Settings) (string, error) {
	snap, err := snapshot.OpenBytes(demo.Name, demo.Tenant)
	if err != nil {
		return "", err
	}
	defer snap.Close()
	rules, err := c.Select([]string{"CA-004", "CA-009"}, nil)
	if err != nil {
		return "", err
	}
	a, err := scan.Access(context.Background(), snap, c, rules, settings, nil)
	if err != nil {
		return "", err
	}
	var out bytes.Buffer
	if err := report.ExplainAccess(&out, a, report.Options{}); err != nil {
		return "", err
	}
	return fmt.Sprintf("```\n$ guestward explain access --demo --include CA-004,CA-009\n%s```\n", out.String()), nil
}

// assumptionTable lists what verdicts may rest on.
func assumptionTable() string {
	var b strings.Builder
	b.WriteString("| Name | Statement | Default | Read | Source |\n| --- | --- | --- | --- | --- |\n")
	for _, a := range access.Assumptions() {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | [page](%s) |\n", a.Name, cell(a.Statement), a.Value, a.Date, a.Source)
	}
	return b.String()
}

// demoRules are the ones whose output the README shows: a screen with a bit of everything.
const demoRules = "GST-002,PRV-001,LIF-003,LOG-002"

// demoRun is the real output of a scan of the made-up tenant.
func demoRun(c *policies.Catalogue, settings *policies.Settings) (string, error) {
	snap, err := snapshot.OpenBytes(demo.Name, demo.Tenant)
	if err != nil {
		return "", err
	}
	defer snap.Close()
	rules, err := c.Select(strings.Split(demoRules, ","), nil)
	if err != nil {
		return "", err
	}
	result, err := scan.Run(context.Background(), snap, scan.Options{
		Catalogue: c, Options: policies.Options{Rules: rules, Settings: settings},
	})
	if err != nil {
		return "", err
	}
	defer result.Close()
	var out bytes.Buffer
	if err := report.Table(&out, result.Report, report.Options{}); err != nil {
		return "", err
	}
	return fmt.Sprintf("```\n$ guestward scan --demo -q --include %s\n%s```\n", demoRules, out.String()), nil
}

const generated = "<!-- Made by `make docs` from the rules' metadata; do not edit. -->\n\n"

// fill replaces what stands between the markers of a name.
func fill(page []byte, name, content string) ([]byte, error) {
	text := strings.ReplaceAll(string(page), "\r\n", "\n")
	begin, end := fmt.Sprintf("<!-- begin %s: made by `make docs` -->\n", name), fmt.Sprintf("<!-- end %s -->", name)
	before, rest, ok := strings.Cut(text, begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		return nil, fmt.Errorf("the markers of %q are missing", name)
	}
	return []byte(before + begin + content + end + after), nil
}

func ruleTable(rules []*policies.Rule, prefix string) string {
	var b strings.Builder
	b.WriteString("| Rule | Severity | What must hold | Otherwise |\n| --- | --- | --- | --- |\n")
	for _, r := range rules {
		fmt.Fprintf(&b, "| [%s](%srules/%s/%s/README.md) | %s | %s | %s |\n", r.ID, prefix, r.Area, r.Name, r.Severity, cell(r.Title), cell(r.Because))
	}
	return b.String()
}

func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }

func catalogue(c *policies.Catalogue, s *policies.Settings) []byte {
	var b strings.Builder
	b.WriteString("# The rules\n\n" + generated)
	fmt.Fprintf(&b, "%d rules. `guestward rules show ID` prints one; settings are changed with `--settings FILE`.\n\n", len(c.Rules()))
	b.WriteString(ruleTable(c.Rules(), ""))
	b.WriteString("\n## Settings\n\n| Setting | Default | Rules |\n| --- | --- | --- |\n")
	for _, name := range s.Paths() {
		var users []string
		for _, r := range c.Rules() {
			if slices.Contains(r.Settings, name) {
				users = append(users, r.ID)
			}
		}
		fmt.Fprintf(&b, "| `%s` | `%s` | %s |\n", name, cell(report.SettingText(s, name)), strings.Join(users, ", "))
	}
	b.WriteString("\nThe comments in [settings/data.yaml](settings/data.yaml) say what each means.\n\n## Profiles\n\n")
	for _, name := range policies.Profiles() {
		fmt.Fprintf(&b, "- [`--profile %s`](settings/profiles/%s.yaml)\n", name, name)
	}
	b.WriteString("\n## Controls\n\n[FRAMEWORKS](../.github/FRAMEWORKS.md) lists the controls of every framework with the rules that decide them.\n" +
		"Select with `--include FRAMEWORK:CONTROL`, report with `guestward scan --framework FRAMEWORK`.\n")
	return []byte(b.String())
}

// code fences a command; a plain sentence stays one.
func code(text, language string) string {
	if strings.HasPrefix(text, "Microsoft Graph does not") || strings.HasPrefix(text, "PowerShell does not") {
		return text + "\n"
	}
	return fmt.Sprintf("```%s\n%s\n```\n", language, text)
}
