package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/guestward/guestward/collector/snapshot"
	"github.com/guestward/guestward/policies"
	"github.com/guestward/guestward/policies/partners"
	"github.com/guestward/guestward/report"
)

func newPartners(s streams) *cobra.Command {
	var o explainOptions
	var settings settingsFlags
	cmd := &cobra.Command{
		Use:   "partners [SNAPSHOT]",
		Short: "Which organisations are let in where, against the register",
		Long: `Print every organisation that the register of partners has, or that the tenant lets in by
name: for invitations, in cross-tenant access, by synchronization, in SharePoint, in Teams,
for calendars, for access packages. A tenant and its domains are one organisation. With it come how many
external users are from there, and whether its review is overdue. What the snapshot does
not tell is unknown, never closed. The register is the list partners in the settings; rules
XTA-007 and XTA-012 hold the tenant against it. Nothing is contacted.`,
		Example: `  guestward partners --demo
  guestward partners tenant.json --settings partners.yaml
  guestward partners tenant.json --json
  guestward partners init tenant.json -o partners.yaml`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			snap, err := o.open(s, args)
			if err != nil {
				return err
			}
			defer snap.Close()
			_, _, m, err := matrix(snap, &settings)
			if err != nil {
				return err
			}
			return o.print(s, m, func(w io.Writer, ro report.Options) error { return report.Partners(w, m, ro) })
		},
	}
	o.add(cmd, false)
	settings.add(cmd)
	cmd.AddCommand(newPartnersInit(s))
	return cmd
}

// matrix joins a snapshot with the register of the settings.
func matrix(snap *snapshot.Snapshot, o *settingsFlags) (*policies.Catalogue, *policies.Settings, *partners.Matrix, error) {
	catalogue, err := loadCatalogue(nil)
	if err != nil {
		return nil, nil, nil, err
	}
	settings, err := o.load(catalogue)
	if err != nil {
		return nil, nil, nil, err
	}
	m, err := policies.Partners(snap, settings)
	return catalogue, settings, m, err
}

func newPartnersInit(s streams) *cobra.Command {
	var o explainOptions
	var settings settingsFlags
	var out string
	var force bool
	var leastGuests int
	cmd := &cobra.Command{
		Use:   "init [SNAPSHOT]",
		Short: "Write a first register of partners, for you to correct",
		Long: `Write a settings file with the organisations that the tenant lets in by name or has external
users from, each with what is open to it today. Owner, relation, purpose and day of review
are yours to fill in: until then XTA-007 fails. Organisations that the register of
--settings has already are left out.`,
		Example: `  guestward partners init tenant.json -o partners.yaml
  guestward scan tenant.json --settings settings.yaml --settings partners.yaml`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			switch {
			case out == "":
				return usagef("say where the register goes: -o partners.yaml")
			case leastGuests < 1:
				return usagef("--min-guests must be at least 1")
			case len(args) == 1 && takesPlaceOf(out, args[0]):
				return usagef("-o %s: that would take the place of, or go into, what is read; name another file", out)
			}
			if info, err := os.Stat(out); err == nil && info.Mode().IsRegular() && !force {
				return usagef("-o %s: the file is there already, and people write in it; name another one, or use --force", out)
			}
			snap, err := o.open(s, args)
			if err != nil {
				return err
			}
			defer snap.Close()
			catalogue, values, m, err := matrix(snap, &settings)
			if err != nil {
				return err
			}
			day := snap.Collection.CollectedAt.UTC().Format(time.DateOnly)
			var b bytes.Buffer
			n, err := catalogue.FirstRegister(&b, m, values, day, leastGuests)
			if err != nil {
				return err
			}
			if out == "-" {
				_, err = s.out.Write(b.Bytes())
				return err
			}
			if err := snapshot.WriteFile(out, func(w io.Writer) error { _, err := w.Write(b.Bytes()); return err }); err != nil {
				return err
			}
			fmt.Fprintf(s.err, "Organisations in the register: %d. Complete what is marked TODO in %s.\n", n, report.Terminal(out))
			return nil
		},
	}
	f := cmd.Flags()
	f.BoolVar(&o.demo, "demo", false, "use the made-up tenant that is part of the program")
	f.StringVarP(&out, "output", "o", "", "`FILE` that the register goes to, - for standard output")
	f.BoolVar(&force, "force", false, "replace the file if it is there")
	f.IntVar(&leastGuests, "min-guests", 1, "leave out organisations that nothing names with fewer external users than `N`")
	settings.add(cmd)
	o.color = "auto"
	return cmd
}
