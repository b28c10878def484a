// Package scan is the engine room of the program: a snapshot in, a report out. It knows no flags and prints nothing.
package scan

import (
	"context"

	"github.com/guestward/guestward/collector/snapshot"
	"github.com/guestward/guestward/policies"
	"github.com/guestward/guestward/report"
)

// Options say what to judge and how.
type Options struct {
	Version   string // of the program, for the report
	Catalogue *policies.Catalogue
	policies.Options
}

// Result is a report and what it rests on.
type Result struct {
	*report.Report
	evaluation *policies.Evaluation
}

// Close removes what the report keeps on disk.
func (r *Result) Close() error { return r.evaluation.Close() }

// Run judges a snapshot.
func Run(ctx context.Context, snap *snapshot.Snapshot, o Options) (*Result, error) {
	evaluation, err := o.Catalogue.Evaluate(ctx, snap, o.Options)
	if err != nil {
		return nil, err
	}
	tenant, err := describe(snap)
	if err != nil {
		return nil, err
	}
	r := &report.Report{
		Version: o.Version,
		Tenant:  tenant,
		Snapshot: report.Snapshot{
			Name:        snap.Name,
			SHA256:      snap.Digest,
			CollectedAt: snap.Collection.CollectedAt,
			Collector:   snap.Collection.Collector,
			Notes:       snap.Collection.Notes,
		},
		Profile:  o.Settings.Profile,
		Results:  evaluation.Results,
		Warnings: snap.Warnings,
	}
	if tenant.ID == "" {
		r.Warnings = append(r.Warnings, "the snapshot does not hold tenant.organization: findings of several such tenants cannot be told apart")
	}
	return &Result{r, evaluation}, nil
}

// describe reads who was scanned.
func describe(snap *snapshot.Snapshot) (t report.Tenant, err error) {
	var section struct {
		Organization struct {
			ID              string `json:"id"`
			DisplayName     string `json:"displayName"`
			VerifiedDomains []struct {
				Name      string `json:"name"`
				IsInitial bool   `json:"isInitial"`
			} `json:"verifiedDomains"`
		} `json:"organization"`
	}
	if err := snap.Section("tenant", &section); err != nil {
		return t, err
	}
	t.ID, t.Name = section.Organization.ID, section.Organization.DisplayName
	for _, d := range section.Organization.VerifiedDomains {
		if d.IsInitial {
			t.Domain = d.Name
		}
	}
	return t, nil
}
