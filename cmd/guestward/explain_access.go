package main

import (
	"context"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/guestward/guestward/cmd/internal/scan"
	"github.com/guestward/guestward/policies/access"
	"github.com/guestward/guestward/report"
)

func newExplainAccess(s streams) *cobra.Command {
	var o explainOptions
	var include, policy []string
	var profile, settings string
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
			snap, tenant, err := o.open(s, args)
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
			values, err := loadSettings(catalogue, profile, settings)
			if err != nil {
				return err
			}
			questions, err := catalogue.Questions(cmd.Context(), rules, values)
			if err != nil {
				return err
			}
			if len(questions) == 0 {
				return usagef("--include: none of these rules asks about access; take some of CA-001 to CA-013")
			}
			a := &report.Access{Locate: snap.Locate}
			described, err := scan.Describe(snap)
			if err != nil {
				return err
			}
			a.Tenant = described.Name
			used := map[string]bool{}
			note := func(list []access.Assumption) {
				for _, one := range list {
					if !used[one.Name] {
						used[one.Name] = true
						a.Assumptions = append(a.Assumptions, one)
					}
				}
			}
			for _, q := range questions {
				q.Question.Assume = append(q.Question.Assume, o.assume...)
				answer, err := catalogue.Uncovered(context.WithoutCancel(cmd.Context()), tenant, q.Question)
				if err != nil {
					return err
				}
				note(answer.Assumptions)
				a.Answers = append(a.Answers, report.AccessAnswer{Rule: q.Rule.ID, Title: q.Rule.Title, Question: q.Question, Answer: answer})
			}
			locked, err := tenant.LockedOut(questions[0].Question.Assume)
			if err != nil {
				return err
			}
			note(locked.Assumptions)
			a.LockedOut = locked.LockOuts
			slices.SortFunc(a.Assumptions, access.CompareAssumptions)
			return o.print(s, a, func(w io.Writer, ro report.Options) error { return report.ExplainAccess(w, a, ro) })
		},
	}
	o.add(cmd, true)
	f := cmd.Flags()
	f.StringArrayVar(&include, "include", nil, "`RULES` whose questions are asked (default all)")
	f.StringArrayVar(&policy, "policy", nil, "`DIR` with rules of your own; may be repeated")
	f.StringVar(&profile, "profile", "", "`NAME` of a set of settings that follows a benchmark")
	f.StringVar(&settings, "settings", "", "YAML `FILE` with settings")
	complete(cmd, "include", ruleNames)
	return cmd
}
