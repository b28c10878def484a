package main

import (
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/guestward/guestward/cmd/internal/scan"
	"github.com/guestward/guestward/policies"
	"github.com/guestward/guestward/report"
)

func newExplainGuest(s streams) *cobra.Command {
	var o explainOptions
	cmd := &cobra.Command{
		Use:   "guest USER [SNAPSHOT]",
		Short: "Who an external user is, what the user reaches, and how",
		Long: `Print who an external user is, and everything that the user reaches: directory roles, groups
within groups, teams, shared channels, sites of groups, applications, access packages, grants,
and what the user owns, each with the path that leads there; and what the snapshot does not
tell. USER is an object id, a user principal name or a mail address.`,
		Example: `  guestward explain guest adele.vance@fabrikam.com --demo
  guestward explain guest adele.vance@fabrikam.com tenant.json --json`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(_ *cobra.Command, args []string) error {
			snap, err := o.open(s, args[1:])
			if err != nil {
				return err
			}
			defer snap.Close()
			found, held, err := policies.FindGuests(snap, args[0])
			switch {
			case err != nil:
				return err
			case !held:
				return usagef("the snapshot does not hold guests: %s", policies.Missing(snap, "guests"))
			case len(found) == 0:
				return usagef("no external user of the snapshot has the id, user principal name or mail address %q", args[0])
			case len(found) > 1:
				var ids []string
				for _, p := range found {
					ids = append(ids, p.ID)
				}
				return usagef("%q belongs to %d external users; name one by its id: %s", args[0], len(found), strings.Join(ids, ", "))
			}
			g, err := scan.Guest(snap, found[0])
			if err != nil {
				return err
			}
			return o.print(s, g, func(w io.Writer, ro report.Options) error { return report.ExplainGuest(w, g, ro) })
		},
	}
	o.add(cmd, false)
	return cmd
}
