package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/guestward/guestward/collector/imports"
	"github.com/guestward/guestward/collector/snapshot"
	"github.com/guestward/guestward/report"
)

func newImport(s streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "import",
		Short: "Turn another tool's export into a snapshot",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newImportScubaGear(s), newImportTeams(s), newImportExports(s))
	return cmd
}

func newImportScubaGear(s streams) *cobra.Command {
	return importer{
		name: "scubagear FILE",
		arg:  "the export's file",
		command: cobra.Command{
			Short: "Import ScubaGear's ProviderSettingsExport.json or ScubaResults JSON",
			Long: `Import what CISA's ScubaGear collected: ProviderSettingsExport.json, or the ScubaResults
file, which holds the same under "Raw"; - reads standard input. What the export does not
hold is recorded as a gap, and the rules that need it say unknown.`,
			Example: `  guestward import scubagear ProviderSettingsExport.json -o tenant.json
  guestward scan tenant.json`,
		},
		read: func(name string) (snapshot.Document, []string, error) {
			if name == "-" {
				return imports.ScubaGear("<stdin>", s.in)
			}
			f, err := os.Open(name)
			if err != nil {
				return nil, nil, err
			}
			defer f.Close()
			return imports.ScubaGear(name, f)
		},
	}.build(s)
}

func newImportTeams(s streams) *cobra.Command {
	return importer{
		name: "teams DIR|FILE",
		arg:  "the export's folder or file",
		command: cobra.Command{
			Short: "Import the output of Teams PowerShell as JSON",
			Long: `Import what the cmdlets of Teams PowerShell said, such as Get-CsTeamsMeetingPolicy: the
file that the script in https://github.com/guestward/guestward/blob/main/.github/TEAMS.md
writes, a folder with one file a cmdlet (Get-CsTeamsMeetingPolicy.json), or one such file.
What the export does not hold is recorded as a gap, and the rules that need it say
unknown.`,
			Example: `  guestward import teams teams.json -o tenant.json
  guestward scan tenant.json --include TMS`,
		},
		read: func(name string) (snapshot.Document, []string, error) {
			if name == "-" {
				return nil, nil, usagef("an export of Teams PowerShell is not read from standard input; name its file or folder")
			}
			return imports.TeamsDocument(name)
		},
	}.build(s)
}

func newImportExports(s streams) *cobra.Command {
	return importer{
		name: "exports DIR|FILE",
		arg:  "the export's folder or file",
		command: cobra.Command{
			Short: "Import what administrators exported by hand",
			Long: `Import what no permission of guestward reads: diagnostic settings, retention of the audit
log, sharing in Exchange, tenant settings of Power BI, guests in Azure DevOps. It takes a
folder with one file for each command of
https://github.com/guestward/guestward/blob/main/.github/EXPORTS.md, one such file, or one
file with a member for each; output of Teams PowerShell may be among them. What the export
does not hold is recorded as a gap, and the rules that need it say unknown.`,
			Example: `  guestward import exports exports -o tenant.json
  guestward scan tenant.json --include LOG,PBI,AZDO
  guestward collect --exports exports -o tenant.json`,
		},
		read: func(name string) (snapshot.Document, []string, error) {
			if name == "-" {
				return nil, nil, usagef("an administrator's export is not read from standard input; name its file or folder")
			}
			return imports.ExportsDocument(name)
		},
	}.build(s)
}

// importer is a command that turns another tool's export into a snapshot.
type importer struct {
	name, arg string
	command   cobra.Command // what help says
	read      func(name string) (doc snapshot.Document, warnings []string, err error)
}

func (i importer) build(s streams) *cobra.Command {
	var out string
	var quiet bool
	cmd := &i.command
	cmd.Use, cmd.Args = i.name, oneArg(i.arg)
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		switch {
		case out == "":
			return usagef("say where the snapshot goes: -o tenant.json")
		case sameFile(out, args[0]):
			return usagef("-o %s: that is the export itself; name another file", out)
		case out != "-" && sameFile(filepath.Dir(out), args[0]):
			return usagef("-o %s: that would go into the export; name another file", out)
		}
		doc, warnings, err := i.read(args[0])
		if err != nil {
			return err
		}
		if err := writeSnapshot(s, doc, out); err != nil {
			return err
		}
		if quiet {
			return nil
		}
		for _, w := range warnings {
			fmt.Fprintf(s.err, "warning: %s\n", report.Terminal(w))
		}
		sayImported(s, out, doc)
		return nil
	}
	cmd.Flags().StringVarP(&out, "output", "o", "", "`SNAPSHOT` to write: a file (.json, .json.gz), a directory (ending in /), or - for standard output")
	cmd.Flags().BoolVarP(&quiet, "quiet", "q", false, "print nothing but errors")
	return cmd
}

// sayImported counts what the snapshot holds. It does not read it back: it may have gone into a pipe.
func sayImported(s streams, name string, doc snapshot.Document) {
	collection, _ := doc["collection"].(snapshot.Collection)
	collected, gaps := 0, 0
	for _, source := range collection.Sources {
		if source.Outcome == snapshot.Collected {
			collected++
		} else {
			gaps++
		}
	}
	fmt.Fprintf(s.err, "%d sources imported, %d not in the export (their rules will say unknown)\n", collected, gaps)
	if name != "-" {
		fmt.Fprintf(s.err, "Next: guestward scan %s\n", report.Terminal(name))
	}
}
