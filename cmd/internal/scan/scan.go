// Package scan is the engine room of the program: a snapshot in, a report out. It knows no flags and prints nothing.
package scan

import (
	"context"
	"slices"

	"github.com/guestward/guestward/collector/snapshot"
	"github.com/guestward/guestward/policies"
	"github.com/guestward/guestward/report"
)

// Options say what to judge and how.
type Options struct {
	Version   string // of the program, for the report
	Catalogue *policies.Catalogue
	policies.Options
	// Peers are snapshots of other tenants, which answer what the judged one cannot know.
	Peers []*snapshot.Snapshot
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
	peers, warnings, err := policies.ReadPeers(snap, o.Peers)
	if err != nil {
		return nil, err
	}
	o.Options.Peers = peers
	if len(peers) > 0 && o.Options.Rules != nil && !slices.ContainsFunc(o.Options.Rules, func(r *policies.Rule) bool { return len(r.Peer) > 0 }) {
		warnings = append(warnings, "--peer: none of the rules that are asked reads another tenant's snapshot")
	}
	evaluation, err := o.Catalogue.Evaluate(ctx, snap, o.Options)
	if err != nil {
		return nil, err
	}
	tenant, err := describe(snap)
	if err != nil {
		return nil, err
	}
	r := &report.Report{
		Version:  o.Version,
		Tenant:   tenant,
		Snapshot: input(snap),
		Profile:  o.Settings.Profile,
		Results:  evaluation.Results,
		Warnings: slices.Concat(snap.Warnings, warnings),
	}
	for _, peer := range o.Peers {
		tenant, err := describe(peer)
		if err != nil {
			return nil, err
		}
		r.Peers = append(r.Peers, report.Peer{Tenant: tenant, Snapshot: input(peer)})
	}
	if tenant.ID == "" {
		r.Warnings = append(r.Warnings, "the snapshot does not hold tenant.organization: findings of several such tenants cannot be told apart")
	}
	return &Result{r, evaluation}, nil
}

// input names a snapshot.
func input(snap *snapshot.Snapshot) report.Snapshot {
	return report.Snapshot{
		Name:        snap.Name,
		SHA256:      snap.Digest,
		CollectedAt: snap.Collection.CollectedAt,
		Collector:   snap.Collection.Collector,
		Notes:       snap.Collection.Notes,
	}
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
