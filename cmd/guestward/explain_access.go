package main

import (
	"errors"
	"io"

	"github.com/spf13/cobra"

	"github.com/guestward/guestward/cmd/internal/scan"
	"github.com/guestward/guestward/report"
)

func newExplainAccess(s streams) *cobra.Command {
	var o explainOptions
	var include, policy []string
	var settings settingsFlags
	cmd := &cobra.Command{
		Use:   "access [SNAPSHOT]",
		Short: "What outsiders can do: the gaps, the proofs, the lock-outs",
		Long: `Ask of a snapshot what the rules of area conditional_access ask, and print the whole answer:
each gap with one sign-in that gets through and the clauses of the policies that nearly
stop it, what is proven, who is locked out, and the assumptions that it rests on.`,
		Example: `  guestward explain access --demo
  guestward explain access tenant.json --include CA-001 --assume U10=yes
  guestward explain access tenant.json --json`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			snap, err := o.open(s, args)
			if err != nil {
				return err
			}
			defer snap.Close()
			catalogue, err := loadCatalogue(policy)
			if err != nil {
				return err
			}
			rules, err := catalogue.Select(words(include), nil)
			if err != nil {
				return usageError{err}
			}
			values, err := settings.load(catalogue)
			if err != nil {
				return err
			}
			a, err := scan.Access(cmd.Context(), snap, catalogue, rules, values, o.assume)
			if errors.Is(err, scan.ErrNoQuestion) {
				return usagef("--include: %w", err)
			} else if err != nil {
				return err
			}
			return o.print(s, a, func(w io.Writer, ro report.Options) error { return report.ExplainAccess(w, a, ro) })
		},
	}
	o.add(cmd, true)
	f := cmd.Flags()
	f.StringArrayVar(&include, "include", nil, "`RULES` whose questions are asked (default all)")
	f.StringArrayVar(&policy, "policy", nil, "`DIR` with rules of your own; may be repeated")
	settings.add(cmd)
	complete(cmd, "include", ruleNames)
	return cmd
}
