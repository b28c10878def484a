package main

import (
	"fmt"
	"os"

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
	cmd.AddCommand(newImportScubaGear(s))
	return cmd
}

func newImportScubaGear(s streams) *cobra.Command {
	var out string
	var quiet bool
	cmd := &cobra.Command{
		Use:   "scubagear FILE",
		Short: "Import ScubaGear's ProviderSettingsExport.json or ScubaResults JSON",
		Long: `Import what CISA's ScubaGear collected: ProviderSettingsExport.json, or the ScubaResults
file, which holds the same under "Raw"; - reads standard input. What the export does not
hold is recorded as a gap, and the rules that need it say unknown.`,
		Example: `  guestward import scubagear ProviderSettingsExport.json -o tenant.json
  guestward scan tenant.json`,
		Args: oneArg("the export's file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if out == "" {
				return usagef("say where the snapshot goes: -o tenant.json")
			}
			if sameFile(out, args[0]) {
				return usagef("-o %s: that is the export itself; name another file", out)
			}
			in, name := s.in, "<stdin>"
			if args[0] != "-" {
				f, err := os.Open(args[0])
				if err != nil {
					return err
				}
				defer f.Close()
				in, name = f, args[0]
			}
			doc, warnings, err := imports.ScubaGear(name, in)
			if err != nil {
				return err
			}
			if out == "-" {
				err = doc.Encode(s.out)
			} else {
				err = doc.Write(out)
			}
			if err != nil {
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
		},
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
