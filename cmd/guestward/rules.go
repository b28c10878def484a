package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/guestward/guestward/policies"
	"github.com/guestward/guestward/report"
)

func newRules(s streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "rules",
		Short: "List and explain the rules",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newRulesList(s), newRulesShow(s))
	return cmd
}

func newRulesList(s streams) *cobra.Command {
	var policy, include []string
	var framework string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the rules",
		Example: `  guestward rules list
  guestward rules list --include sharepoint
  guestward rules list --include scuba:MS.AAD.8.2
  guestward rules list --framework guide`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			catalogue, err := loadCatalogue(policy)
			if err != nil {
				return err
			}
			rules, err := catalogue.Select(words(include), nil)
			if err != nil {
				return usageError{err}
			}
			if framework != "" {
				f, err := catalogue.Framework(framework)
				if err != nil {
					return usageError{err}
				}
				return listControls(s, f, rules, len(include) > 0, asJSON)
			}
			if asJSON {
				return report.ExplainJSON(s.out, rules)
			}
			w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
			fmt.Fprintln(w, "ID\tSEVERITY\tTITLE")
			for _, r := range rules {
				fmt.Fprintf(w, "%s\t%s\t%s\n", r.ID, r.Severity, report.Terminal(r.Title))
			}
			return w.Flush()
		},
	}
	cmd.Flags().StringArrayVar(&policy, "policy", nil, "`DIR` with rules of your own; may be repeated")
	cmd.Flags().StringArrayVar(&include, "include", nil, "`RULES` to list: ids, SPO, areas, frameworks or controls such as scuba:MS.AAD.8.* (default all)")
	cmd.Flags().StringVar(&framework, "framework", "", "`FRAMEWORK` to list control by control, with the rules that decide each")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print everything that is known of the rules, as JSON")
	complete(cmd, "include", ruleNames)
	complete(cmd, "framework", frameworkNames)
	return cmd
}

// listControls prints one row a control: the rules that decide it, or why there is none. With an --include, it is those
// of the chosen rules, and only the controls that they decide.
func listControls(s streams, f policies.Framework, rules []*policies.Rule, chosen, asJSON bool) error {
	controls := f.ByControl(rules)
	if chosen {
		controls = slices.DeleteFunc(controls, func(c policies.ControlRules) bool { return len(c.Rules) == 0 })
	}
	if asJSON {
		return report.FrameworkJSON(s.out, f, controls)
	}
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "CONTROL\tTITLE\tRULES")
	for _, c := range controls {
		var names []string
		for _, r := range c.Rules {
			names = append(names, fmt.Sprintf("%s (%s)", r.ID, r.Severity))
		}
		decided := strings.Join(names, ", ")
		if len(names) == 0 {
			decided = "not covered: " + cmp.Or(c.NotCovered, "there is no rule yet")
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", report.Terminal(c.ID), report.Terminal(c.Title), decided)
	}
	return w.Flush()
}

func newRulesShow(s streams) *cobra.Command {
	var policy []string
	var color string
	cmd := &cobra.Command{
		Use:     "show ID",
		Short:   "Explain one rule: why, what it reads, how to mend what it finds",
		Example: "  guestward rules show GST-002",
		Args:    oneArg("a rule id"),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return ruleNames(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if err := checkColor(color); err != nil {
				return err
			}
			catalogue, err := loadCatalogue(policy)
			if err != nil {
				return err
			}
			rule, ok := catalogue.Rule(args[0])
			if !ok {
				return usagef("no rule is called %q; 'guestward rules list' shows them all", args[0])
			}
			settings, err := catalogue.Settings("")
			if err != nil {
				return err
			}
			return report.Explain(s.out, rule, settings, report.Options{Color: s.color(color)})
		},
	}
	cmd.Flags().StringArrayVar(&policy, "policy", nil, "`DIR` with rules of your own; may be repeated")
	cmd.Flags().StringVar(&color, "color", "auto", "`WHEN` to use colours: auto, always or never")
	complete(cmd, "color", func() []string { return colorChoices })
	return cmd
}
