package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/guestward/guestward/collector/snapshot"
	"github.com/guestward/guestward/report"
)

// redactKeyVariable is the environment variable with the key of --redact and `guestward redact`.
const redactKeyVariable = "GUESTWARD_REDACT_KEY"

func newRedact(s streams) *cobra.Command {
	var out, keyFile string
	var quiet bool
	cmd := &cobra.Command{
		Use:   "redact SNAPSHOT",
		Short: "Replace names and addresses in a snapshot by pseudonyms",
		Long: `Rewrite a snapshot with pseudonyms for the names of people, groups, sites and policies and
for mail addresses, so that it can be shown to others: alice@fabrikam.com becomes something
like user-3f9a2c1b77d0@fabrikam.com. - reads standard input.

Ids, domains, settings and times stay: rules decide as before, and whoever knows the tenant
may still recognise it. Two kinds of settings name what is replaced, and have to name the
pseudonyms: teams.unassigned_policies and sharepoint.sharing_notification_addresses.

The same key gives the same pseudonyms in every snapshot. It is the content of --key-file, or
of the environment variable ` + redactKeyVariable + `: at least 16 bytes. Keep it secret: who
has it can find out which pseudonym belongs to a name.`,
		Example: `  openssl rand -hex 32 > redact.key
  guestward redact tenant.json -o shown.json --key-file redact.key
  guestward scan shown.json`,
		Args: oneArg("a snapshot"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if out == "" {
				return usagef("say where the redacted snapshot goes: -o shown.json")
			}
			if takesPlaceOf(out, args[0]) {
				return usagef("-o %s: that would take the place of, or go into, what is read; name another file", out)
			}
			if sameFile(out, keyFile) {
				return usagef("-o %s: that is the key; name another file", out)
			}
			redactor, err := newRedactor(s, keyFile)
			if err != nil {
				return err
			}
			snap, err := openSnapshot(s, args)
			if err != nil {
				return err
			}
			defer snap.Close()
			doc, err := redactor.Document(stoppable(cmd.Context(), snap.Document()))
			if err != nil {
				return fmt.Errorf("%s: %w", snap.Name, err)
			}
			if err := writeSnapshot(s, doc, out); err != nil {
				return err
			}
			if quiet {
				return nil
			}
			for _, w := range snap.Warnings {
				fmt.Fprintf(s.err, "warning: %s\n", report.Terminal(w))
			}
			fmt.Fprintln(s.err, "Names and addresses are pseudonyms; ids, domains and settings are as they were.")
			if out != "-" {
				fmt.Fprintf(s.err, "Next: guestward scan %s\n", report.Terminal(out))
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVarP(&out, "output", "o", "", "`SNAPSHOT` to write: a file (.json, .json.gz), a directory (ending in /), or - for standard output")
	f.StringVar(&keyFile, "key-file", "", "`FILE` with the key (default: the environment variable "+redactKeyVariable+")")
	f.BoolVarP(&quiet, "quiet", "q", false, "print nothing but errors")
	return cmd
}

// stoppable ends the document's collections when the user does.
func stoppable(ctx context.Context, doc snapshot.Document) snapshot.Document {
	for name, v := range doc {
		elements, ok := v.(snapshot.Elements)
		if !ok {
			continue
		}
		doc[name] = snapshot.Elements(func(yield func(json.RawMessage, error) bool) {
			for raw, err := range elements {
				if ctx.Err() != nil {
					raw, err = nil, ctx.Err()
				}
				if !yield(raw, err) || err != nil {
					return
				}
			}
		})
	}
	return doc
}

// takesPlaceOf says whether writing a snapshot to out would replace the input, or one of its sections.
func takesPlaceOf(out, input string) bool {
	switch {
	case out == "-" || input == "-":
		return false
	case sameFile(out, input), sameFile(filepath.Dir(out), input): // the input may be a folder
		return true
	default: // or the output is one, and holds the input
		return sameFile(out, filepath.Dir(input))
	}
}

// newRedactor makes one from the key in the file, or else in the environment.
func newRedactor(s streams, keyFile string) (*snapshot.Redactor, error) {
	key, from := []byte(s.env(redactKeyVariable)), redactKeyVariable
	if keyFile != "" {
		var err error
		if key, err = os.ReadFile(keyFile); err != nil {
			return nil, usagef("--key-file: %w", err)
		}
		key, from = bytes.TrimRight(key, "\r\n"), "--key-file "+keyFile
	} else if len(key) == 0 {
		return nil, usagef("redaction needs a key: --key-file FILE, or the environment variable %s; "+
			"make one with `openssl rand -hex 32`", redactKeyVariable)
	}
	redactor, err := snapshot.NewRedactor(key)
	if err != nil {
		return nil, usagef("%s: %w", from, err)
	}
	return redactor, nil
}
