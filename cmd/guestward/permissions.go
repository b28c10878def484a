package main

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/guestward/guestward/cmd/internal/access"
	"github.com/guestward/guestward/collector"
	"github.com/guestward/guestward/collector/signin"
	"github.com/guestward/guestward/policies"
	"github.com/guestward/guestward/report"
)

type permissionsOptions struct {
	include, exclude, policy []string
	format                   string
	cloud                    string
	all                      bool
	sharePointAdmin          bool
}

// permissionsFormats are what --format takes.
var permissionsFormats = []string{"table", "json", "powershell", "terraform"}

func newPermissions(s streams) *cobra.Command {
	var o permissionsOptions
	cmd := &cobra.Command{
		Use:   "permissions",
		Short: "List the least permissions that the rules need",
		Long: `List the least application permissions with which guestward collects what the chosen rules
need, with their ids and what each is for. They come from the same table that drives
collection, and all of them only read.

SharePoint's full settings are an exception: only Sites.FullControl.All opens them, and it
writes as well. It is left out unless --sharepoint-admin asks for it; the rules that stay
unknown without it are listed. Teams and Exchange Online are read by no such permission.

Formats:
  table        for people
  json         {cloud, rules, grants, withheld, delegated, outside, unknown}: the permissions
               to grant; those left out because they write; those that only a person can
               have; services that no permission reads; rules that stay undecided, with the
               reasons. A permission is {name, id, api, appId, writes, reads, rules,
               sources, everyRun}
  powershell   a script for the Microsoft Graph PowerShell SDK that grants them to an
               application, and skips what it has
  terraform    the same for the provider hashicorp/azuread`,
		Example: `  guestward permissions
  guestward permissions --for GST,LIF
  guestward permissions --sharepoint-admin --format powershell > grant.ps1`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error { return runPermissions(s, o) },
	}
	f := cmd.Flags()
	f.StringArrayVar(&o.include, "for", nil, rulesHelp("plan for"))
	f.StringArrayVar(&o.exclude, "exclude", nil, "`RULES` to leave out")
	f.StringArrayVar(&o.policy, "policy", nil, "`DIR` with rules of your own; may be repeated")
	f.StringVarP(&o.format, "format", "f", "table", "`FORMAT`: "+strings.Join(permissionsFormats, ", "))
	f.BoolVar(&o.all, "all", false, "for everything that can be collected, for no rule too")
	f.BoolVar(&o.sharePointAdmin, "sharepoint-admin", false,
		"add Sites.FullControl.All, which reads all settings of SharePoint and can write them")
	f.StringVar(&o.cloud, "cloud", "global", "`CLOUD` of the tenant: global, usgov, dod or china")
	complete(cmd, "for", ruleNames)
	complete(cmd, "exclude", ruleNames)
	complete(cmd, "format", func() []string { return permissionsFormats })
	complete(cmd, "cloud", func() []string { return slices.Sorted(maps.Keys(graphEnvironments)) })
	return cmd
}

// rulesHelp says what a flag takes that selects rules.
func rulesHelp(verb string) string {
	return "`RULES` to " + verb + ": ids, SPO, areas, frameworks or controls such as scuba:MS.AAD.8.* (default all)"
}

func runPermissions(s streams, o permissionsOptions) error {
	if !slices.Contains(permissionsFormats, o.format) {
		return usagef("--format %q: expected %s", o.format, orList(permissionsFormats))
	}
	if o.all && len(o.include)+len(o.exclude) > 0 {
		return usagef("--all is for everything that can be collected; leave out --for and --exclude, or --all")
	}
	if _, err := signin.CloudByName(o.cloud); err != nil {
		return usageError{err}
	}
	rules, err := chooseRules(o.policy, o.include, o.exclude)
	if err != nil {
		return err
	}
	plan := access.Make(rules, access.Options{Cloud: o.cloud, All: o.all, SharePointAdmin: o.sharePointAdmin})
	w := bufio.NewWriter(s.out)
	switch o.format {
	case "json":
		err = writeJSON(w, permissionsDocument(plan))
	case "powershell":
		writePowerShell(w, plan)
	case "terraform":
		writeTerraform(w, plan)
	default:
		writePermissions(w, plan)
	}
	if err = cmp.Or(err, w.Flush()); err != nil {
		return fmt.Errorf("write the permissions to standard output: %w", err)
	}
	return nil
}

// chooseRules loads the catalogue and selects from it.
func chooseRules(policy, include, exclude []string) ([]*policies.Rule, error) {
	catalogue, err := loadCatalogue(policy)
	if err != nil {
		return nil, err
	}
	rules, err := catalogue.Select(words(include), words(exclude))
	if err != nil {
		return nil, usageError{err}
	}
	if len(rules) == 0 {
		return nil, usagef("no rule is left: look at --for and --exclude")
	}
	return rules, nil
}

// orList joins words as a choice.
func orList(list []string) string {
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:len(list)-1], ", ") + " or " + list[len(list)-1]
}

// textColumns is how wide the tables of permissions are.
const textColumns = 90

// block writes text, wrapped, behind a mark; the lines that follow are indented by as much.
func block(w io.Writer, mark, text string) {
	most := textColumns - len(mark)
	line := ""
	flush := func() {
		fmt.Fprintln(w, mark+report.Terminal(line)) // again: what begins a line may be a command to a CI runner
		mark, line = strings.Repeat(" ", len(mark)), ""
	}
	for _, word := range strings.Fields(report.Terminal(text)) {
		if line != "" && len(line)+1+len(word) > most {
			flush()
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	flush()
}

func writePermissions(w io.Writer, p access.Plan) {
	only := ""
	if !slices.ContainsFunc(p.Grants, func(g access.Grant) bool { return g.Writes }) {
		only = ", all of them read-only"
	}
	block(w, "", "Application permissions for "+planFor(p)+cloudNote(p.Cloud)+only)
	for i, g := range p.Grants {
		if i == 0 || g.API != p.Grants[i-1].API {
			fmt.Fprintf(w, "\n%s (application %s)\n", g.API, g.API.AppID())
		}
		fmt.Fprintf(w, "  %s  %s\n", g.Name, g.ID)
		if g.Writes {
			block(w, "      writes  ", "it allows more than reading; there is no smaller one")
		}
		block(w, "      reads   ", g.About)
		block(w, "      for     ", grantFor(g))
	}
	if len(p.Withheld) > 0 {
		fmt.Fprintln(w, "\nLeft out, because they allow more than reading and there is no smaller one")
		for _, g := range p.Withheld {
			fmt.Fprintf(w, "  %s (%s)  %s\n", g.Name, g.API, g.ID)
			block(w, "      reads   ", g.About)
			if len(g.Rules) > 0 {
				block(w, "      unknown ", count(len(g.Rules), "rule")+" without it: "+strings.Join(g.Rules, " "))
			}
			block(w, "      add     ", "guestward permissions --sharepoint-admin")
		}
	}
	if len(p.Delegated) > 0 {
		fmt.Fprintln(w, "\nOnly for a signed-in person (delegated), not for an application")
		for _, g := range p.Delegated {
			fmt.Fprintf(w, "  %s (%s)\n", g.Name, g.API)
			block(w, "      reads   ", g.About)
			if len(g.Rules) > 0 {
				block(w, "      for     ", grantFor(g))
			}
		}
	}
	if len(p.Outside) > 0 {
		fmt.Fprintln(w, "\nNot covered by these permissions")
		for _, g := range p.Outside {
			fmt.Fprintf(w, "  %s\n", g.API)
			block(w, "      how     ", routes[g.API])
			if len(g.Rules) > 0 {
				block(w, "      unknown ", count(len(g.Rules), "rule")+" without it: "+strings.Join(g.Rules, " "))
			}
		}
	}
	writeOther(w, p.Unknown)
}

// writeOther tells of rules that no permission would decide, for reasons that are not told elsewhere.
func writeOther(w io.Writer, unknown []access.Verdict) {
	first := true
	for _, v := range unknown {
		for _, o := range v.Obstacles {
			if o.Cause != access.NotInCloud && o.Cause != access.NotRead && o.Cause != access.NeedsPerson {
				continue
			}
			if first {
				fmt.Fprintln(w, "\nUnknown whatever is granted")
				first = false
			}
			block(w, "  "+v.Rule.ID+"  ", obstacleText(o))
		}
	}
}

const exported = "guestward does not read it from the tenant; an administrator's export brings it (collect --exports, or import exports)"

// routes say how what no permission reads comes into a snapshot.
var routes = map[collector.API]string{
	collector.Teams: "an export of Teams PowerShell (collect --teams-export, or import teams); or " +
		"--experimental-teams-api, an interface that Microsoft does not document, with the directory role Teams Reader (" +
		roleOf(collector.Teams) + ") instead of a permission",
	collector.Exchange: exported + ", or an export of ScubaGear (import scubagear)",
	collector.Azure:    exported,
	collector.Fabric:   exported,
	collector.DevOps:   exported,
}

// roleOf is the directory role that the table names for a service.
func roleOf(api collector.API) string {
	for _, p := range collector.Permissions {
		if p.API == api && p.Role != "" {
			return p.Role
		}
	}
	return ""
}

// obstacleText says what keeps something from being read.
func obstacleText(o access.Obstacle) string {
	switch o.Cause {
	case access.NotGranted:
		return o.Permission.Name + onAPI(o.API)
	case access.NotTold:
		return "the token does not tell whether " + o.Permission.Name + onAPI(o.API) + " was granted"
	case access.NotAccepted:
		return "SharePoint refuses client secrets: sign in with a certificate or a federated credential"
	case access.NeedsPerson:
		return o.Path + " can only be read by a signed-in person with " + o.Permission.Name
	case access.NotInCloud:
		return "this cloud does not have " + o.Path
	case access.NoGrant:
		return string(o.API) + ": " + routes[o.API]
	default:
		return "guestward does not know how to read " + o.Path
	}
}

// onAPI names the service of a permission where it is not Graph's.
func onAPI(api collector.API) string {
	if api == collector.Graph {
		return ""
	}
	return " (" + string(api) + ")"
}

// grantFor says for which rules a permission is.
func grantFor(g access.Grant) string {
	switch {
	case g.Always && len(g.Rules) > 0:
		return "every run, and " + strings.Join(g.Rules, " ")
	case g.Always:
		return "every run"
	case len(g.Rules) == 0:
		return "no rule; collect --all"
	default:
		return strings.Join(g.Rules, " ")
	}
}

// planFor says what the permissions are for.
func planFor(p access.Plan) string {
	if p.All {
		return "everything that can be collected"
	}
	if len(p.Rules) == 1 {
		return p.Rules[0].ID
	}
	return fmt.Sprintf("%d rules", len(p.Rules))
}

func cloudNote(cloud string) string {
	if cloud == "global" {
		return ""
	}
	return " in the cloud " + cloud
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
