package scan

import (
	"slices"

	"github.com/guestward/guestward/collector/snapshot"
	"github.com/guestward/guestward/policies"
	"github.com/guestward/guestward/policies/reach"
	"github.com/guestward/guestward/report"
)

// Guest tells who an external user is and what the user reaches.
func Guest(snap *snapshot.Snapshot, person policies.Person) (*report.Guest, error) {
	facts, err := policies.ReachFacts(snap)
	if err != nil {
		return nil, err
	}
	m, err := reach.New(facts)
	if err != nil {
		return nil, err
	}
	reached, err := m.Of(person.ID)
	if err != nil {
		return nil, err
	}
	who, err := describe(snap)
	if err != nil {
		return nil, err
	}
	g := &report.Guest{Tenant: who.Name, Who: person, Reach: reached, Open: m.Open(), Missing: []report.MissingSource{}}
	unknown := slices.Clone(reached.Unknown)
	for _, source := range []string{"guests.signInActivity", "guests.sponsors"} {
		if !policies.Holds(snap, source) {
			unknown = append(unknown, source)
		}
	}
	for _, source := range unknown {
		g.Missing = append(g.Missing, report.MissingSource{Source: source, Reason: policies.Missing(snap, source)})
	}
	return g, nil
}
