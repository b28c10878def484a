package main

import (
	"slices"

	"github.com/spf13/cobra"

	"github.com/guestward/guestward/collector/snapshot"
	"github.com/guestward/guestward/policies"
	"github.com/guestward/guestward/report"
)

func newSchema(s streams) *cobra.Command {
	names := []string{"snapshot", "report", "settings"}
	return &cobra.Command{
		Use:       "schema [snapshot|report|settings]",
		Short:     "Print the JSON Schema of a snapshot, of the JSON report, or of settings",
		ValidArgs: names,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 || len(args) == 1 && !slices.Contains(names, args[0]) {
				return usagef("schema takes one of snapshot, report and settings")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			schema := snapshot.SchemaJSON
			if len(args) == 1 {
				switch args[0] {
				case "report":
					schema = report.SchemaJSON
				case "settings":
					schema = policies.SettingsSchemaJSON()
				}
			}
			_, err := s.out.Write(schema)
			return err
		},
	}
}
