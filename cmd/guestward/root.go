package main

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/guestward/guestward/policies"
	"github.com/guestward/guestward/report"
)

// version is set by the linker in releases; go install knows it from the module.
var version = ""

func programVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return strings.TrimPrefix(info.Main.Version, "v")
	}
	return "0.1.0-dev"
}

// run is the whole program: arguments and streams in, exit code out.
func run(ctx context.Context, args []string, s streams) int {
	cmd := newRoot(s)
	cmd.SetArgs(args)
	cmd.SetIn(s.in)
	cmd.SetOut(s.out)
	cmd.SetErr(s.err)
	executed, err := cmd.ExecuteContextC(ctx)
	code, say := exitCode(err)
	if say {
		text := err.Error()
		if code == exitInterrupt {
			text = "interrupted"
		}
		for i, line := range strings.Split(text, "\n") { // a list of ways out has lines of its own
			if i == 0 {
				line = "guestward: " + line
			}
			fmt.Fprintln(s.err, report.Terminal(line))
		}
		if policy := (*policies.PolicyError)(nil); code == exitUsage && !errors.As(err, &policy) {
			fmt.Fprintf(s.err, "Run '%s --help' for usage.\n", executed.CommandPath())
		}
	}
	return code
}

func newRoot(s streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "guestward",
		Short: "How outsiders get into a Microsoft 365 tenant, and what to change",
		Long: `guestward reads a Microsoft 365 tenant into a snapshot and judges it: who may invite
guests, what they see and reach, how far files are shared, whom Teams talks to, and
whether access ends again. What it cannot know it calls unknown, never passed.

  guestward scan --demo                               a first look, on a made-up tenant
  guestward permissions                               what to grant, before the first sign-in
  guestward doctor                                    whether the sign-in can read it
  guestward collect -o tenant.json                    read the tenant, and nothing else
  guestward scan tenant.json -f table -f sarif=tenant.sarif
  guestward explain access tenant.json                which sign-ins no policy stops, and why
  guestward partners tenant.json                      which organisations are let in where`,
		SilenceErrors:              true,
		SuggestionsMinimumDistance: 2,
		SilenceUsage:               true,
		Args:                       noArgs,
		RunE:                       func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	cmd.AddCommand(newScan(s), newCollect(s), newImport(s), newRedact(s), newRules(s), newExplain(s), newPartners(s), newPermissions(s), newDoctor(s),
		newSchema(s), newTest(s), newVersion(s))
	return cmd
}

// noArgs refuses arguments; of the root they are commands that do not exist.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if !cmd.HasParent() || cmd.HasSubCommands() {
		hint := ""
		if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
			hint = fmt.Sprintf("; did you mean %q?", near[0])
		}
		return usagef("%q is not a command of %s%s", args[0], cmd.CommandPath(), hint)
	}
	return usagef("%s takes no argument, found %q", cmd.CommandPath(), args[0])
}

// oneArg requires exactly one argument, called name in the message.
func oneArg(name string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != 1 {
			return usagef("%s takes one argument, %s; found %d", cmd.CommandPath(), name, len(args))
		}
		return nil
	}
}

func newVersion(s streams) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(s.out, "guestward %s\n", programVersion())
			return err
		},
	}
}
