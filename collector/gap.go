package collector

import (
	"cmp"
	"context"
	"errors"

	"github.com/guestward/guestward/collector/snapshot"
)

// The reasons of a gap, as the snapshot writes them.
const (
	NoPermission = "permission"
	NoLicence    = "licence"
	Throttled    = "throttled"
	Unavailable  = "unavailable"
	NotRequested = "not_requested"
	Failed       = "error"
)

// Gap is why something could not be read. It is an error that a Reader returns, and what the snapshot records.
type Gap struct {
	Reason     string // NoPermission, NoLicence, ...
	Detail     string
	Code       string // the service's own error code
	Permission string // that would close the gap; "" lets the table say it
}

func (g *Gap) Error() string {
	s := g.Reason
	if g.Detail != "" {
		s += ": " + g.Detail
	}
	return s
}

// AsGap is the gap that an error amounts to.
func AsGap(err error) *Gap {
	var g *Gap
	if errors.As(err, &g) {
		return g
	}
	return &Gap{Reason: Failed, Detail: err.Error()}
}

// GapOf is the gap that a snapshot's record tells of.
func GapOf(r snapshot.Source) *Gap {
	return &Gap{Reason: r.Reason, Detail: r.Detail, Code: r.Code, Permission: r.Permission}
}

// isStop says whether the user, rather than the service, ended a read.
func isStop(ctx context.Context, err error) bool {
	return ctx.Err() != nil && (errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || AsGap(err).Reason == Failed)
}

// record is the gap as the snapshot writes it.
func (g *Gap) record(path, permission string) snapshot.Source {
	r := snapshot.Source{Source: path, Outcome: snapshot.Gap, Reason: g.Reason, Detail: g.Detail, Code: g.Code, Permission: g.Permission}
	if g.Reason == NoPermission || g.Reason == NotRequested {
		r.Permission = cmp.Or(r.Permission, permission)
	}
	return r
}
