package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/guestward/guestward/policies"
)

const otherToolsFile = "policies/testdata/other_tools.yaml"

const otherToolsIntro = `# Where other tools answer differently

<!-- Made by "make docs" from ` + otherToolsFile + `; do not edit. -->

Other tools check Microsoft 365 too, and much in guestward was learnt from them. Where the logic that they published and
guestward's rules come to different answers about outsiders, this page says so: what a check does, what it answers about a
tenant on which that shows, and what guestward answers there. The tenants are small changes to a
[well-kept one](../testdata/tenants/hardened.json), in [other_tools.yaml](../` + otherToolsFile + `). A test evaluates
guestward's rule on every one of them.

The other tools were not run. Their answers were read from their sources, at the commits that are named; later versions may
answer otherwise, and a reader may err. A correction is welcome. Some rows are no faults but other decisions: a check may
follow a benchmark that asks for less, or look at the tenant and leave its parts to another check. "none" means that
the tool says nothing.

`

// otherToolsPage lists where other tools and the rules disagree.
func otherToolsPage(root string, rules []*policies.Rule) ([]byte, error) {
	data, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(otherToolsFile)))
	if err != nil {
		return nil, err
	}
	all, err := policies.ReadOtherTools(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", otherToolsFile, err)
	}
	var b strings.Builder
	b.WriteString(ticked(otherToolsIntro))
	b.WriteString("| Tool | Commit | Of | Rows | Not shown |\n| --- | --- | --- | --- | --- |\n")
	var sections strings.Builder
	for _, tool := range all.Tools {
		rows := slices.DeleteFunc(slices.Clone(all.Rows), func(r policies.Difference) bool { return r.Tool != tool.Name })
		omitted := slices.DeleteFunc(slices.Clone(all.NotShown), func(o policies.Omission) bool { return o.Tool != tool.Name })
		fmt.Fprintf(&b, "| [%s](#%s) | [%s](%s/tree/%s) | %s | %d | %d |\n", plain(tool.Name), anchor(tool.Name), tool.Commit,
			tool.Repository, tool.Commit, tool.Date, len(rows), len(omitted))
		fmt.Fprintf(&sections, "\n## %s\n\n", plain(tool.Name))
		if err := differences(&sections, rows, rules); err != nil {
			return nil, err
		}
		omissions(&sections, omitted)
	}
	return []byte(b.String() + sections.String()), nil
}

// differences writes the rows of a tool, those of one check together.
func differences(b *strings.Builder, rows []policies.Difference, rules []*policies.Rule) error {
	first := map[string]int{}
	for i, row := range slices.Backward(rows) {
		first[row.Check] = i
	}
	slices.SortStableFunc(rows, func(x, y policies.Difference) int { return cmp.Compare(first[x.Check], first[y.Check]) })
	b.WriteString("| Check | What goes wrong | It answers | guestward answers | By |\n| --- | --- | --- | --- | --- |\n")
	for _, row := range rows {
		i := slices.IndexFunc(rules, func(r *policies.Rule) bool { return r.ID == row.Rule })
		if i < 0 {
			return fmt.Errorf("%s: there is no rule %s", otherToolsFile, row.Rule)
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s | [%s](../policies/rules/%s/%s/README.md) |\n", plain(row.Check), plain(row.Mistake),
			plain(row.Answers), words(string(row.Status)), row.Rule, rules[i].Area, rules[i].Name)
	}
	return nil
}

// omissions writes what no tenant shows, and why.
func omissions(b *strings.Builder, omitted []policies.Omission) {
	if len(omitted) == 0 {
		return
	}
	b.WriteString("\nNot shown:\n\n| Check | What goes wrong | Why there is no tenant |\n| --- | --- | --- |\n")
	for _, o := range omitted {
		fmt.Fprintf(b, "| %s | %s | %s |\n", plain(o.Check), plain(o.Mistake), plain(o.Reason))
	}
}

func words(status string) string { return strings.ReplaceAll(status, "_", " ") }
