package main

import (
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/guestward/guestward/report"
)

func newExplainPartner(s streams) *cobra.Command {
	var o explainOptions
	cmd := &cobra.Command{
		Use:   "partner TENANT [SNAPSHOT]",
		Short: "What cross-tenant access comes to for one organisation",
		Long: `Print what is in force for an organisation: its own setting, else the default, else what the
service does when nobody has set anything; and where that does not fit Conditional Access,
such as trust that no policy asks for. TENANT is a tenant id, a domain that the snapshot
knows, or default.`,
		Example: `  guestward explain partner default --demo
  guestward explain partner fabrikam.com tenant.json`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(_ *cobra.Command, args []string) error {
			snap, tenant, err := o.model(s, args[1:])
			if err != nil {
				return err
			}
			defer snap.Close()
			id := strings.ToLower(args[0])
			switch {
			case id == "default":
				id = ""
			case strings.Contains(id, "."):
				domain := id
				if id, _ = tenant.Partners.Tenant(domain); id == "" {
					return usagef("the snapshot does not tell the tenant of the domain %s; give its id", domain)
				}
			case len(id) != 36:
				return usagef("%q is no tenant id, no domain and not default", args[0])
			}
			e := tenant.Partners.For(id)
			view, notes := e.View(), tenant.Consistency(id)
			view["notes"] = notes
			return o.print(s, view, func(w io.Writer, ro report.Options) error {
				return report.ExplainPartner(w, e, notes, snap.Locate, ro)
			})
		},
	}
	o.add(cmd, false)
	return cmd
}
