// Package report turns results into what people and programs read. It never decides: every verdict comes from policies.
// Each format has a file of its own; sanitize.go makes the tenant's text harmless for all of them.
package report

import (
	"cmp"
	"io"
	"slices"
	"time"

	"github.com/guestward/guestward/collector/snapshot"
	"github.com/guestward/guestward/policies"
)

// Report is all that a writer may show of one scan.
type Report struct {
	Version  string // of guestward
	Tenant   Tenant
	Snapshot Snapshot
	Peers    []Peer // other tenants that answered what the scanned one cannot know
	Profile  string // name of the profile in force, or ""
	// Results has one entry a rule, sorted by rule id.
	Results []policies.Result
	// Frameworks are the results by control, for the frameworks that were asked for.
	Frameworks []policies.FrameworkResult
	// Warnings are oddities of the input that change no verdict.
	Warnings []string
}

// Tenant names the organisation that was scanned.
type Tenant struct {
	ID     string `json:"id"`
	Name   string `json:"name,omitempty"`
	Domain string `json:"domain,omitempty"` // the initial domain
}

// Snapshot names the input of the scan.
type Snapshot struct {
	Name        string             `json:"name"` // as given on the command line
	SHA256      string             `json:"sha256"`
	CollectedAt time.Time          `json:"collectedAt"`
	Collector   snapshot.Collector `json:"collector,omitzero"`
	Notes       []string           `json:"notes,omitempty"`
}

// Peer names another tenant, and the snapshot of it that was given.
type Peer struct {
	Tenant   Tenant
	Snapshot Snapshot
}

// Options say how to write, not what.
type Options struct {
	Color   bool // ANSI colours may be used
	Verbose bool // notes and passed rules too
	// Root is the folder that file names in SARIF are relative to: the root of the repository.
	Root string
}

// Writer writes a report in one format.
type Writer func(w io.Writer, r *Report, o Options) error

// Summary counts the results.
type Summary struct {
	Rules         int                       `json:"rules"`
	Pass          int                       `json:"pass"`
	Fail          int                       `json:"fail"`
	Unknown       int                       `json:"unknown"`
	NotApplicable int                       `json:"notApplicable"`
	Error         int                       `json:"error"`
	Waived        int                       `json:"waived"` // findings, not rules
	BySeverity    map[policies.Severity]int `json:"failBySeverity"`
}

// Summary counts the results by status, and the failing ones by severity.
func (r *Report) Summary() Summary {
	s := Summary{Rules: len(r.Results), BySeverity: map[policies.Severity]int{}}
	for _, res := range r.Results {
		switch res.Status {
		case policies.Pass:
			s.Pass++
		case policies.Fail:
			s.Fail++
			s.BySeverity[res.Rule.Severity]++
		case policies.Unknown:
			s.Unknown++
		case policies.NotApplicable:
			s.NotApplicable++
		case policies.Error:
			s.Error++
		}
		s.Waived += res.Waived
	}
	return s
}

// WorstFirst returns the results in reading order: by status, then severity, then rule id.
func (r *Report) WorstFirst() []policies.Result {
	return slices.SortedStableFunc(slices.Values(r.Results), func(a, b policies.Result) int {
		return cmp.Or(
			cmp.Compare(slices.Index(policies.Statuses, a.Status), slices.Index(policies.Statuses, b.Status)),
			cmp.Compare(a.Rule.Severity.Rank(), b.Rule.Severity.Rank()),
			cmp.Compare(a.Rule.ID, b.Rule.ID),
		)
	})
}
