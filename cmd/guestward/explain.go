package main

import (
	"encoding/json"
	"io"

	"github.com/spf13/cobra"

	"github.com/guestward/guestward/cmd/internal/scan"
	"github.com/guestward/guestward/collector/snapshot"
	"github.com/guestward/guestward/policies/access"
	"github.com/guestward/guestward/report"
)

// explainOptions are what the explain commands share.
type explainOptions struct {
	demo   bool
	asJSON bool
	color  string
	assume []string
}

func newExplain(s streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "explain",
		Short: "Show what outsiders can do and reach, and why",
		Long: `Show what the model of Conditional Access and cross-tenant access makes of a snapshot: which
sign-ins of outsiders no policy stops, what one sign-in meets, what holds for one partner; and
what one external user reaches.
Nothing is contacted.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newExplainAccess(s), newExplainGuest(s), newExplainSignIn(s), newExplainPartner(s))
	return cmd
}

func (o *explainOptions) add(cmd *cobra.Command, assumes bool) {
	f := cmd.Flags()
	f.BoolVar(&o.demo, "demo", false, "explain the made-up tenant that is part of the program")
	f.BoolVar(&o.asJSON, "json", false, "print JSON")
	f.StringVar(&o.color, "color", "auto", "`WHEN` to use colours: auto, always or never")
	complete(cmd, "color", func() []string { return colorChoices })
	if assumes {
		f.StringArrayVar(&o.assume, "assume", nil, "`NAME=VALUE` of an assumption: yes, no or unknown; may be repeated")
	}
}

// open opens the snapshot that the command line names.
func (o *explainOptions) open(s streams, args []string) (*snapshot.Snapshot, error) {
	if err := checkColor(o.color); err != nil {
		return nil, err
	}
	switch {
	case o.demo && len(args) > 0:
		return nil, usagef("--demo explains the made-up tenant; leave out %q or the flag", args[0])
	case !o.demo && len(args) == 0:
		return nil, usagef("name a snapshot, - for standard input, or --demo")
	}
	if _, err := access.Assuming(o.assume...); err != nil {
		return nil, usagef("--assume: %w", err)
	}
	return openSnapshot(s, args)
}

// model opens the snapshot and makes the model of its tenant.
func (o *explainOptions) model(s streams, args []string) (*snapshot.Snapshot, *access.Tenant, error) {
	snap, err := o.open(s, args)
	if err != nil {
		return nil, nil, err
	}
	tenant, err := scan.Model(snap)
	if err != nil {
		snap.Close()
		return nil, nil, err
	}
	return snap, tenant, nil
}

// print writes v as JSON if asked, else what human writes.
func (o *explainOptions) print(s streams, v any, human func(io.Writer, report.Options) error) error {
	if o.asJSON {
		enc := json.NewEncoder(s.out)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		return enc.Encode(v)
	}
	return human(s.out, report.Options{Color: s.color(o.color)})
}
