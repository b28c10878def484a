package scan

import (
	"context"
	"errors"
	"slices"

	"github.com/guestward/guestward/collector/snapshot"
	"github.com/guestward/guestward/policies"
	"github.com/guestward/guestward/policies/access"
	"github.com/guestward/guestward/report"
)

// ErrNoQuestion says that none of the rules asks the model of access.
var ErrNoQuestion = errors.New("none of these rules asks about access; take some of CA-001 to CA-013")

// Model makes the model of access of a snapshot.
func Model(snap *snapshot.Snapshot) (*access.Tenant, error) {
	facts, err := policies.Facts(snap)
	if err != nil {
		return nil, err
	}
	return access.New(facts)
}

// Access asks of a snapshot what the rules ask, and who is locked out. Assumptions, as NAME=VALUE, go over those of the
// settings.
func Access(ctx context.Context, snap *snapshot.Snapshot, c *policies.Catalogue, rules []*policies.Rule, settings *policies.Settings, assume []string) (*report.Access, error) {
	tenant, err := Model(snap)
	if err != nil {
		return nil, err
	}
	who, err := describe(snap)
	if err != nil {
		return nil, err
	}
	questions, err := c.Questions(ctx, rules, settings)
	if err != nil {
		return nil, err
	}
	if len(questions) == 0 {
		return nil, ErrNoQuestion
	}
	a := &report.Access{Tenant: who.Name, Locate: snap.Locate}
	for _, q := range questions {
		q.Question.Assume = append(q.Question.Assume, assume...)
		answer, err := c.Uncovered(ctx, tenant, q.Question)
		if err != nil {
			return nil, err
		}
		a.Answers = append(a.Answers, report.AccessAnswer{Rule: q.Rule.ID, Title: q.Rule.Title, Question: q.Question, Answer: answer})
		a.Assumptions = append(a.Assumptions, answer.Assumptions...)
	}
	locked, err := tenant.LockedOut(questions[0].Question.Assume)
	if err != nil {
		return nil, err
	}
	a.LockedOut, a.LockedOutReason = locked.LockOuts, locked.Reason
	a.Assumptions = append(a.Assumptions, locked.Assumptions...)
	slices.SortStableFunc(a.Assumptions, access.CompareAssumptions)
	a.Assumptions = slices.CompactFunc(a.Assumptions, func(x, y access.Assumption) bool { return x.Name == y.Name })
	return a, nil
}
