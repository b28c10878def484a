package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/guestward/guestward/cmd/internal/scan"
	"github.com/guestward/guestward/policies"
	"github.com/guestward/guestward/report"
)

type scanOptions struct {
	demo         bool
	formats      []string
	failOn       string
	severity     string
	include      []string
	exclude      []string
	frameworks   []string
	settings     settingsFlags
	policy       []string
	peers        []string
	allowUnknown bool
	quiet        bool
	verbose      bool
	color        string
	timings      bool
	ruleTimeout  time.Duration
	root         string

	live collectFlags
	keep string // where the snapshot of a live tenant goes
}

func newScan(s streams) *cobra.Command {
	var o scanOptions
	cmd := &cobra.Command{
		Use:   "scan [SNAPSHOT]",
		Short: "Judge a snapshot of a tenant, or the live tenant",
		Long: `Judge a snapshot: a file (.json, .json.gz), a directory with one file a section, or - for
standard input. Without one, sign in, read what the rules need (see 'guestward collect')
and judge that; the snapshot is kept only with --output. The report goes to standard
output, everything else to standard error.

Some rules need both halves of what takes two tenants, such as synchronization. --peer
gives them another tenant's snapshot: how that is set up, and nobody it knows. Findings
are about the scanned tenant alone; without the other half a rule stays unknown.

Exit codes:
    0  nothing found at or above --fail-on
    1  findings at or above --fail-on
    2  a wrong flag, settings file or rule
    3  could not run: the snapshot is unreadable, or a rule broke
    4  incomplete: nothing found at or above --fail-on, but something is unknown
       (--allow-unknown makes it 0)
  130  interrupted`,
		Example: `  guestward scan --demo
  guestward scan tenant.json
  guestward scan tenant.json -f table -f sarif=tenant.sarif -f json=tenant.report.json
  guestward scan tenant.json --profile cis-m365-7.0 --fail-on medium
  guestward scan tenant.json --framework scuba --profile scuba
  guestward scan tenant.json --include SPO --exclude SPO-018
  guestward scan tenant.json --settings settings.yaml --settings partners.yaml
  guestward scan tenant.json --peer partner.json
  guestward scan --auth azure-cli -o tenant.json`,
		Args: func(cmd *cobra.Command, args []string) error {
			switch {
			case o.demo && len(args) > 0:
				return usagef("--demo scans the made-up tenant; leave out %q or the flag", args[0])
			case len(args) > 1:
				return usagef("scan takes one snapshot, found %d arguments", len(args))
			case o.demo || len(args) == 1:
				return o.noLiveFlags(cmd)
			case o.keep == "-":
				return usagef("-o -: standard output has the report; name a file for the snapshot, or use 'guestward collect -o -'")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.demo { // not a gate: it fails only if told to
				o.allowUnknown = o.allowUnknown || !cmd.Flags().Changed("allow-unknown")
				if !cmd.Flags().Changed("fail-on") {
					o.failOn = "none"
				}
			}
			return runScan(cmd, s, o, args)
		},
	}
	f := cmd.Flags()
	f.BoolVar(&o.demo, "demo", false, "scan a made-up tenant that is part of the program")
	f.StringArrayVarP(&o.formats, "format", "f", nil, "`FORMAT[=FILE]` of the report; may be repeated, one of them to standard output (default table)")
	f.StringVar(&o.failOn, "fail-on", "high", "lowest `SEVERITY` whose findings make the exit code 1, or none")
	f.StringVar(&o.severity, "severity", "info", "lowest `SEVERITY` of the rules that are asked")
	f.StringArrayVar(&o.include, "include", nil, "`RULES` to ask: ids, SPO, areas, frameworks or controls such as scuba:MS.AAD.8.* (default all)")
	f.StringArrayVar(&o.exclude, "exclude", nil, "`RULES` to leave out")
	f.StringArrayVar(&o.frameworks, "framework", nil, "`FRAMEWORK` to report by control as well, in the table and in JSON; may be repeated")
	o.settings.add(cmd)
	f.StringArrayVar(&o.policy, "policy", nil, "`DIR` with rules of your own; may be repeated")
	f.StringArrayVar(&o.peers, "peer", nil, "`SNAPSHOT` of another tenant, for rules that need both sides; may be repeated")
	f.BoolVar(&o.allowUnknown, "allow-unknown", false, "exit 0, not 4, when something is unknown")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "print nothing but the report")
	f.BoolVarP(&o.verbose, "verbose", "v", false, "show what passed, notes and what is going on")
	f.StringVar(&o.color, "color", "auto", "`WHEN` to use colours: auto, always or never")
	f.BoolVar(&o.timings, "timings", false, "print how long each rule took")
	f.DurationVar(&o.ruleTimeout, "rule-timeout", policies.DefaultRuleTimeout, "`TIME` that one rule may take on one chunk of the snapshot")
	addCollectFlags(cmd, &o.live)
	f.StringVarP(&o.keep, "output", "o", "", "keep the `SNAPSHOT` of the live tenant: a file (.json, .json.gz) or a directory (ending in /)")
	f.StringVar(&o.root, "sarif-root", "", "`DIR` that file names in SARIF are relative to (default the git repository around the working directory)")

	severities := make([]string, len(policies.Severities))
	for i, severity := range policies.Severities {
		severities[i] = string(severity)
	}
	complete(cmd, "format", func() []string { return report.FormatNames() })
	complete(cmd, "fail-on", func() []string { return append(slices.Clone(severities), "none") })
	complete(cmd, "severity", func() []string { return severities })
	complete(cmd, "framework", frameworkNames)
	complete(cmd, "color", func() []string { return colorChoices })
	complete(cmd, "include", ruleNames)
	complete(cmd, "exclude", ruleNames)
	return cmd
}

// runScan turns flags into options, scans, writes the reports and finds the exit code.
func runScan(cmd *cobra.Command, s streams, o scanOptions, args []string) error {
	o.failOn, o.severity = strings.ToLower(o.failOn), strings.ToLower(o.severity)
	failOn := policies.Severity(o.failOn)
	switch {
	case o.failOn != "none" && failOn.Rank() < 0:
		return usagef("--fail-on %q: expected critical, high, medium, low, info or none", o.failOn)
	case policies.Severity(o.severity).Rank() < 0:
		return usagef("--severity %q: expected critical, high, medium, low or info", o.severity)
	case o.ruleTimeout <= 0:
		return usagef("--rule-timeout must be more than nothing")
	}
	if err := checkColor(o.color); err != nil {
		return err
	}
	if info, err := os.Stat(o.root); o.root != "" && (err != nil || !info.IsDir()) {
		return usagef("--sarif-root %s: not a folder", o.root)
	}
	outputs, err := parseOutputs(o.formats, slices.Concat(args, o.settings.files, o.peers))
	if err != nil {
		return err
	}
	catalogue, err := loadCatalogue(o.policy)
	if err != nil {
		return err
	}
	settings, err := o.settings.load(catalogue)
	if err != nil {
		return err
	}
	rules, err := catalogue.Select(words(o.include), words(o.exclude))
	if err != nil {
		return usageError{err}
	}
	rules = slices.DeleteFunc(rules, func(r *policies.Rule) bool { return !r.Severity.AtLeast(policies.Severity(o.severity)) })
	if len(rules) == 0 {
		return usagef("no rule is left to ask: look at --include, --exclude and --severity")
	}

	var frameworks []policies.Framework
	for _, key := range words(o.frameworks) {
		f, err := catalogue.Framework(key)
		if err != nil {
			return usageError{err}
		}
		if !slices.ContainsFunc(frameworks, func(other policies.Framework) bool { return other.Key == f.Key }) {
			frameworks = append(frameworks, f)
		}
	}

	peers, err := openPeers(o.peers)
	if err != nil {
		return err
	}
	defer closeAll(peers)
	snap, err := openScanned(cmd.Context(), s, &o, args, rules)
	if err != nil {
		return err
	}
	defer snap.Close()
	if o.verbose && !o.quiet {
		fmt.Fprintf(s.err, "%s: %d sections, asking %d rules\n", report.Terminal(snap.Name), len(snap.Sections()), len(rules))
	}
	result, err := scan.Run(cmd.Context(), snap, scan.Options{
		Version:   programVersion(),
		Catalogue: catalogue,
		Options: policies.Options{
			Rules:       rules,
			Settings:    settings,
			RuleTimeout: o.ruleTimeout,
			AllFindings: slices.ContainsFunc(outputs, func(o output) bool { return o.format.AllFindings }),
		},
		Peers: peers,
	})
	var peerError *policies.PeerError
	if errors.As(err, &peerError) {
		return usagef("--peer %w", err)
	}
	if err != nil {
		return err
	}
	defer result.Close()
	for _, f := range frameworks {
		result.Report.Frameworks = append(result.Report.Frameworks, f.Judge(catalogue.Rules(), result.Results))
	}

	if !o.quiet {
		for _, w := range result.Warnings {
			fmt.Fprintf(s.err, "warning: %s\n", report.Terminal(w))
		}
	}
	if len(frameworks) > 0 && !outputs.has("table") && !outputs.has("json") && !o.quiet {
		fmt.Fprintln(s.err, "warning: --framework shows in the formats table and json, and neither is written")
	}
	root := cmp.Or(o.root, repositoryRoot())
	if _, ok := report.Within(root, snap.Name); !ok && !o.quiet && len(args) == 1 && args[0] != "-" && outputs.has("sarif") {
		fmt.Fprintf(s.err, "warning: %s lies outside of %s, so SARIF names the file alone; see --sarif-root\n", report.Terminal(args[0]), report.Terminal(root))
	}
	err = writeOutputs(s, outputs, result.Report, report.Options{Color: s.color(o.color), Verbose: o.verbose, Root: root})
	if err != nil {
		return err
	}
	if o.timings {
		printTimings(s, result.Results)
	}
	code := gate(result.Report, failOn, o.allowUnknown)
	if !o.quiet && outputs.forPeople() {
		nextSteps(s, o, result.Report)
	}
	if code != exitClean {
		return verdict(code)
	}
	return nil
}

// words splits what a flag lists, by commas or as lines of a script.
func words(flags []string) []string {
	return strings.FieldsFunc(strings.Join(flags, ","), func(r rune) bool { return r == ',' || unicode.IsSpace(r) })
}

// gate finds the exit code. A rule that broke comes first: then nobody knows what it would have said.
func gate(r *report.Report, failOn policies.Severity, allowUnknown bool) int {
	code := exitClean
	for _, res := range r.Results {
		switch {
		case res.Status == policies.Error:
			return exitFailed
		case res.Status == policies.Fail && failOn.Rank() >= 0 && res.Rule.Severity.AtLeast(failOn):
			code = exitFindings
		case res.Status == policies.Unknown && !allowUnknown && code == exitClean:
			code = exitIncomplete
		}
	}
	return code
}

// printTimings lists how long the rules took, slowest first, summed over the cores.
func printTimings(s streams, results []policies.Result) {
	sorted := slices.SortedFunc(slices.Values(results), func(a, b policies.Result) int {
		return cmp.Or(cmp.Compare(b.Took, a.Took), cmp.Compare(a.Rule.ID, b.Rule.ID))
	})
	for _, r := range sorted {
		fmt.Fprintf(s.err, "%10s  %s  %s\n", r.Took.Round(time.Microsecond), r.Rule.ID, report.Terminal(r.Rule.Title))
	}
}
