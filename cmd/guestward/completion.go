package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/guestward/guestward/policies"
)

// complete lets the shell complete the values of a flag.
func complete(cmd *cobra.Command, flag string, values func() []string) {
	err := cmd.RegisterFlagCompletionFunc(flag, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return values(), cobra.ShellCompDirectiveNoFileComp
	})
	if err != nil {
		panic(err) // the flag does not exist
	}
}

// ruleNames lists the built-in rules for completion, with their titles.
func ruleNames() []string {
	catalogue, err := policies.Load()
	if err != nil {
		return nil
	}
	var names []string
	for _, r := range catalogue.Rules() {
		names = append(names, fmt.Sprintf("%s\t%s", r.ID, r.Title))
	}
	return names
}

// frameworkNames lists the known frameworks for completion, with their titles.
func frameworkNames() []string {
	var names []string
	for _, key := range policies.FrameworkKeys() {
		names = append(names, fmt.Sprintf("%s\t%s", key, policies.Frameworks()[key].Title))
	}
	return names
}
