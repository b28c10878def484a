package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/guestward/guestward/cmd/internal/access"
	"github.com/guestward/guestward/collector/snapshot"
	"github.com/guestward/guestward/policies"
)

// noLiveFlags refuses flags about a live tenant where a snapshot is given: they would do nothing.
func (o *scanOptions) noLiveFlags(cmd *cobra.Command) error {
	var probe cobra.Command
	addCollectFlags(&probe, new(collectFlags))
	probe.Flags().String("output", "", "")
	var err error
	probe.Flags().VisitAll(func(f *pflag.Flag) {
		if cmd.Flags().Changed(f.Name) && err == nil {
			err = usagef("--%s is for a live tenant; leave it out, or leave out the snapshot", f.Name)
		}
	})
	return err
}

// openScanned opens what is to be scanned: the snapshot that is named, the made-up tenant, or the live tenant.
func openScanned(ctx context.Context, s streams, o *scanOptions, args []string, rules []*policies.Rule) (*snapshot.Snapshot, error) {
	if o.demo || len(args) == 1 {
		return openSnapshot(s, args)
	}
	snap, err := o.collect(ctx, s, rules)
	var usage usageError
	if errors.As(err, &usage) {
		err = usageError{fmt.Errorf("%w\nOr name a snapshot: guestward scan tenant.json; guestward scan --demo judges a made-up tenant", err)}
	}
	return snap, err
}

// collect reads the live tenant into a snapshot that is gone when the scan ends, unless it is to be kept.
func (o *scanOptions) collect(ctx context.Context, s streams, rules []*policies.Rule) (*snapshot.Snapshot, error) {
	dir, err := os.MkdirTemp("", "guestward-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	o.live.quiet = o.quiet
	if o.verbose {
		o.live.verbose = 1
	}
	collection, err := collectLive(ctx, s, &o.live, access.Sources(rules), filepath.Join(dir, "spool"))
	if err != nil {
		return nil, err
	}
	document, err := collection.Document()
	if err != nil {
		return nil, err
	}
	document = stoppable(ctx, document)
	if o.keep != "" {
		if err := document.Write(o.keep); err != nil {
			return nil, err
		}
		return snapshot.Open(o.keep)
	}
	r, w := io.Pipe()
	defer r.Close()
	go func() { w.CloseWithError(document.Encode(w)) }()
	return snapshot.OpenReader("<tenant>", r)
}
