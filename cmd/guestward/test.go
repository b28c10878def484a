package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/guestward/guestward/policies"
	"github.com/guestward/guestward/report"
)

func newTest(s streams) *cobra.Command {
	var verbose bool
	var run string
	cmd := &cobra.Command{
		Use:   "test [DIR]",
		Short: "Run the Rego tests of your own rules, or of the built-in ones",
		Long: `Run the tests (rules called test_...) of the folder's _test.rego files, with guestward's
libraries, settings and restrictions in place, just as 'guestward scan --policy DIR' would
run the rules. Without a folder, the tests of the built-in rules run.`,
		Example: `  guestward test
  guestward test ./my-rules -v`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usagef("test takes one folder, found %d", len(args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			folders, err := policyFolders(args)
			if err != nil {
				return err
			}
			failed, total := 0, 0
			for t, err := range policies.Test(cmd.Context(), run, folders...) {
				if err != nil {
					return err
				}
				total++
				if !t.Passed {
					failed++
				}
				if !t.Passed || verbose {
					fmt.Fprintln(s.out, report.Terminal(t.String()))
				}
			}
			fmt.Fprintf(s.out, "%d passed, %d failed\n", total-failed, failed)
			switch {
			case failed > 0:
				return verdict(exitFindings)
			case total == 0:
				return usagef("there is no test: name rules test_... in files that end in _test.rego")
			}
			return nil
		},
	}
	cmd.Flags().BoolVarP(&verbose, "verbose", "v", false, "name the tests that passed too")
	cmd.Flags().StringVar(&run, "run", "", "`REGEX` of the tests to run")
	return cmd
}
