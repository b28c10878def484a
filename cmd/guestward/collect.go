package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/guestward/guestward/cmd/internal/access"
	"github.com/guestward/guestward/cmd/internal/live"
	"github.com/guestward/guestward/collector"
	"github.com/guestward/guestward/collector/imports"
	"github.com/guestward/guestward/collector/snapshot"
	"github.com/guestward/guestward/report"
)

// collectFlags are what a collection is told beside the sign-in.
type collectFlags struct {
	signInFlags
	sharePointURL string
	teamsExport   string
	exports       string
	teamsLive     bool
	maxGuests     int
	logDays       int
	resume        bool
	resumable     bool // whether the spool outlives the program
	redactKey     string
	redact        bool
	verbose       int
	quiet         bool
}

func addCollectFlags(cmd *cobra.Command, f *collectFlags) {
	addSignInFlags(cmd, &f.signInFlags)
	flags := cmd.Flags()
	flags.StringVar(&f.sharePointURL, "sharepoint-admin-url", "", "`URL` of SharePoint's admin center (default from the tenant's name)")
	flags.StringVar(&f.teamsExport, "teams-export", "", "`FILE` or directory with the output of Teams PowerShell, see .github/TEAMS.md")
	flags.StringVar(&f.exports, "exports", "", "`FILE` or directory with what administrators exported, see .github/EXPORTS.md")
	flags.BoolVar(&f.teamsLive, "experimental-teams-api", false, "read Teams from an interface that Microsoft does not document")
	flags.IntVar(&f.maxGuests, "max-guests", 0, "read `N` external users and no more, for a quick look")
	flags.IntVar(&f.logDays, "logs-days", 30, "count `N` days of the audit and sign-in logs")
}

func newCollect(s streams) *cobra.Command {
	var f collectFlags
	var out string
	var all bool
	var only, include, exclude, policy []string
	cmd := &cobra.Command{
		Use:   "collect -o SNAPSHOT",
		Short: "Read a tenant into a snapshot",
		Long: `Read what the rules need from a live tenant, and write it as a snapshot. It only reads.
What cannot be read becomes a gap in the snapshot, with the permission or licence that
would close it; nothing that failed is taken for empty.

` + signInHelp + `

While it runs, what was read is kept beside the snapshot, in SNAPSHOT.partial, readable
by you alone. After an interruption --resume goes on from there.

Exit codes:
    0  the snapshot is written; gaps in it are listed, and their rules will say unknown
    2  a wrong flag, or nothing to sign in with
    3  could not sign in, or could not write
  130  interrupted`,
		Example: `  guestward collect -o tenant.json
  guestward collect -o tenant.json --auth azure-cli --include GST,LIF
  guestward collect -o tenant.json.gz --all --teams-export teams.json
  guestward collect -o tenant.json --resume
  guestward collect -o shared.json --redact --key-file redact.key`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if out == "" {
				return usagef("say where the snapshot goes: -o tenant.json")
			}
			switch {
			case all && len(only) > 0:
				return usagef("--all and --only exclude each other")
			case (all || len(only) > 0) && len(include)+len(exclude)+len(policy) > 0:
				return usagef("--include, --exclude and --policy choose by rules; leave them out, or leave out --all and --only")
			case f.redactKey != "" && !f.redact:
				return usagef("--key-file is the key of --redact; give both, or the snapshot is written as it is")
			case out == "-" && f.resume:
				return usagef("-o - cannot be resumed: nothing of it is kept; name a file")
			}
			sources, err := chooseSources(all, words(only), words(include), words(exclude), policy)
			if err != nil {
				return err
			}
			return runCollect(cmd.Context(), s, &f, sources, out)
		},
	}
	addCollectFlags(cmd, &f)
	flags := cmd.Flags()
	flags.StringVarP(&out, "output", "o", "", "`SNAPSHOT` to write: a file (.json, .json.gz), a directory (ending in /), or - for standard output")
	flags.BoolVar(&all, "all", false, "read everything, whether a rule needs it or not")
	flags.StringArrayVar(&only, "only", nil, "read these `SECTIONS` alone, such as conditionalAccess or guests.sponsors")
	flags.StringArrayVar(&include, "include", nil, "read what these `RULES` need (default all rules)")
	flags.StringArrayVar(&exclude, "exclude", nil, "`RULES` to leave out")
	flags.StringArrayVar(&policy, "policy", nil, "`DIR` with rules of your own; may be repeated")
	flags.BoolVar(&f.resume, "resume", false, "go on with an interrupted collection")
	flags.BoolVar(&f.redact, "redact", false, "replace names and addresses by pseudonyms")
	flags.StringVar(&f.redactKey, "key-file", "", "`FILE` with the key of the pseudonyms (default GUESTWARD_REDACT_KEY)")
	flags.CountVarP(&f.verbose, "verbose", "v", "list every source and request; twice for more of each")
	flags.BoolVarP(&f.quiet, "quiet", "q", false, "print nothing but errors")
	complete(cmd, "only", sourceNames)
	complete(cmd, "include", ruleNames)
	complete(cmd, "exclude", ruleNames)
	return cmd
}

// sourceNames are what --only takes.
func sourceNames() []string {
	var names []string
	for i := range collector.Sources {
		path := collector.Sources[i].Path
		if section, _, _ := strings.Cut(path, "."); !slices.Contains(names, section) {
			names = append(names, section)
		}
		if !slices.Contains(names, path) {
			names = append(names, path)
		}
	}
	return names
}

// chooseSources finds what to read: everything, some sections, or what rules need.
func chooseSources(all bool, only, include, exclude, policy []string) ([]*collector.Source, error) {
	if all {
		return collector.All(), nil
	}
	for _, name := range only {
		if !slices.ContainsFunc(collector.All(), func(s *collector.Source) bool {
			return s.Path == name || strings.HasPrefix(s.Path, name+".")
		}) {
			return nil, usagef("--only %s: no such section; they are named as in the snapshot, such as entra or guests.sponsors", name)
		}
	}
	if len(only) > 0 {
		return collector.Select(only), nil
	}
	catalogue, err := loadCatalogue(policy)
	if err != nil {
		return nil, err
	}
	rules, err := catalogue.Select(include, exclude)
	if err != nil {
		return nil, usageError{err}
	}
	return access.Sources(rules), nil
}

// runCollect reads the tenant, writes the snapshot, and says what was and was not read.
func runCollect(ctx context.Context, s streams, f *collectFlags, sources []*collector.Source, out string) error {
	var redactor *snapshot.Redactor
	if f.redact {
		var err error
		if redactor, err = newRedactor(s, f.redactKey); err != nil {
			return err
		}
	}
	f.resumable = out != "-"
	spool, forget, err := spoolFor(out)
	if err != nil {
		return err
	}
	defer forget()
	collection, err := collectLive(ctx, s, f, sources, spool)
	if err != nil {
		return err
	}
	document, err := collection.Document()
	if err != nil {
		return err
	}
	document = stoppable(ctx, document)
	if redactor != nil {
		if document, err = redactor.Document(document); err != nil {
			return err
		}
	}
	if err := writeSnapshot(s, document, out); err != nil {
		if !f.resumable {
			return err
		}
		return fmt.Errorf("%w; what was read is kept in %s, and --resume writes it again", err, spool)
	}
	if err := collection.Remove(); err != nil {
		return fmt.Errorf("the snapshot is written, but its spool could not be removed: %w", err)
	}
	if !f.quiet {
		sayCollected(s, out, sources, collection.Records())
	}
	return nil
}

// spoolFor is the folder where what was read is kept until the snapshot is written. For standard output there is nothing
// to resume, so that nothing is to stay: forget removes it.
func spoolFor(out string) (spool string, forget func(), err error) {
	if out == "-" {
		dir, err := os.MkdirTemp("", "guestward-")
		return filepath.Join(dir, "spool"), func() { os.RemoveAll(dir) }, err
	}
	return strings.TrimRight(out, `/\`) + ".partial", func() {}, nil
}

// A collection makes much garbage beside a small heap, and every pause of it delays the next page: garbage is left lying
// until so much memory is used. With half a million guests that takes a ninth of the time, and 250 MB at the most.
const (
	collectGarbage = 800 // percent of what is in use
	collectMemory  = 224 << 20
)

// collectLive signs in and reads the sources into the spool.
func collectLive(ctx context.Context, s streams, f *collectFlags, sources []*collector.Source, spool string) (*collector.Collection, error) {
	switch {
	case f.maxGuests < 0:
		return nil, usagef("--max-guests %d: expected a number of guests", f.maxGuests)
	case f.logDays < 1 || f.logDays > 90:
		return nil, usagef("--logs-days %d: expected 1 to 90; Entra keeps no more than 30", f.logDays)
	case f.teamsExport != "" && f.teamsLive:
		return nil, usagef("--teams-export and --experimental-teams-api exclude each other")
	}
	now := time.Now()
	teamsExport, err := f.readExport(s, f.teamsExport, now, imports.Teams)
	if err != nil {
		return nil, err
	}
	exports, err := f.readExport(s, f.exports, now, imports.Exports)
	if err != nil {
		return nil, err
	}
	session, err := f.open(ctx, s)
	if err != nil {
		return nil, err
	}
	if s.env("GOGC") == "" {
		debug.SetGCPercent(collectGarbage)
	}
	if s.env("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(collectMemory)
	}
	shown := newProgress(s, f.quiet, f.verbose)
	o := live.Options{
		Sources:    sources,
		Credential: session.Credential, SharePoint: session.SharePoint, Cloud: session.Cloud,
		GraphURL: session.GraphURL, SharePointURL: f.sharePointURL, TeamsURL: session.TeamsURL,
		TeamsExport: teamsExport, TeamsLive: f.teamsLive, Exports: exports,
		MaxGuests: f.maxGuests, LogDays: f.logDays,
		Spool: spool, Resume: f.resume, Target: f.target(session, sources),
		Version: programVersion(), Now: now,
		Progress: shown, Waiting: shown.Waiting,
	}
	if f.verbose > 0 {
		o.Log = shown.Log
	}
	collection, err := live.Collect(ctx, o)
	shown.Finish()
	if errors.Is(err, context.Canceled) && !f.quiet && f.resumable {
		if _, statErr := os.Stat(spool); statErr == nil {
			fmt.Fprintf(s.err, "What was read is kept in %s; the same command with --resume goes on from there.\n", report.Terminal(spool))
		}
	}
	return collection, err
}

// readExport reads what a flag names as a collection of that time may hold it, and tells what is to be known of it; nil where
// the flag was not given.
func (f *collectFlags) readExport(s streams, name string, now time.Time, read func(string) (*imports.Export, error)) (*imports.Export, error) {
	if name == "" {
		return nil, nil
	}
	export, err := read(name)
	if err != nil {
		return nil, err
	}
	export = export.At(now, "the collection")
	for _, w := range export.Warnings {
		if !f.quiet {
			fmt.Fprintf(s.err, "warning: %s\n", report.Terminal(w))
		}
	}
	return export, nil
}

// target is what a collection reads from where, in words: only the same one may go on with a spool.
func (f *collectFlags) target(session *session, sources []*collector.Source) string {
	paths := make([]string, len(sources))
	for i, source := range sources {
		paths[i] = source.Path
	}
	return fmt.Sprintf("cloud %s, tenant %s, application %s, %s, SharePoint at %q, at most %d guests, %d days of logs, Teams from %q (live: %t), exports from %q, %s",
		session.Cloud.Name, f.tenant, f.client, session.GraphURL, f.sharePointURL, f.maxGuests, f.logDays, f.teamsExport, f.teamsLive, f.exports, strings.Join(paths, " "))
}

// sayCollected tells what was read of the sources, and what would close the gaps.
func sayCollected(s streams, out string, sources []*collector.Source, records []snapshot.Source) {
	read, asked := 0, 0
	closers := map[string][]string{}
	var order []string
	for _, r := range records {
		if !slices.ContainsFunc(sources, func(source *collector.Source) bool { return source.Path == r.Source }) {
			continue
		}
		asked++
		if r.Outcome == snapshot.Collected {
			read++
			continue
		}
		why := r.Reason
		switch {
		case r.Permission != "" && r.Reason == collector.NoPermission:
			why = "permission " + r.Permission + " (" + r.Detail + ")"
		case r.Detail != "" && r.Reason == collector.NotRequested:
			why = r.Detail
		case r.Detail != "":
			why += ": " + r.Detail
		}
		if closers[why] == nil {
			order = append(order, why)
		}
		closers[why] = append(closers[why], r.Source)
	}
	fmt.Fprintf(s.err, "%d of %d sources read\n", read, asked)
	for _, why := range order {
		fmt.Fprintf(s.err, "  not read: %s\n    %s\n", strings.Join(closers[why], ", "), report.Terminal(why))
	}
	if len(order) > 0 {
		fmt.Fprintln(s.err, "The rules that need these will say unknown. 'guestward doctor' tells which, and what to grant.")
	}
	if out != "-" {
		fmt.Fprintf(s.err, "Next: guestward scan %s\n", report.Terminal(out))
	}
}
