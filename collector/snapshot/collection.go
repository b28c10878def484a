package snapshot

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// The outcomes of a source.
const (
	Collected = "collected"
	Gap       = "gap"
)

// Reasons lists why a source can be a gap.
var Reasons = []string{"permission", "licence", "throttled", "unavailable", "not_requested", "error"}

// Collection is the section that says how the snapshot came to be. It holds all that changes from run to run.
type Collection struct {
	SchemaVersion int       `json:"schemaVersion"`
	CollectedAt   time.Time `json:"collectedAt"`
	Collector     Collector `json:"collector,omitzero"`
	Cloud         string    `json:"cloud,omitempty"`
	Notes         []string  `json:"notes,omitempty"`
	Sources       []Source  `json:"sources,omitempty"`
}

// Collector names the program that read the tenant.
type Collector struct {
	Name    string `json:"name,omitempty"`
	Version string `json:"version,omitempty"`
}

// Source is one thing that was, or was not, read from the tenant.
type Source struct {
	Source     string `json:"source"`
	Outcome    string `json:"outcome"`
	Reason     string `json:"reason,omitempty"`
	Detail     string `json:"detail,omitempty"`
	Permission string `json:"permission,omitempty"`
	Code       string `json:"code,omitempty"`
	Count      *int   `json:"count,omitempty"`
	StartedAt  string `json:"startedAt,omitempty"`
	EndedAt    string `json:"endedAt,omitempty"`
}

// GapFor returns the gap that makes the dotted path unreadable: of the path itself, of something that holds it, or of
// something that it holds.
func (c Collection) GapFor(path string) (Source, bool) {
	for _, s := range c.Sources {
		if s.Outcome == Gap && (within(path, s.Source) || within(s.Source, path)) {
			return s, true
		}
	}
	return Source{}, false
}

// HasCollected says whether the path itself is recorded as read; what holds it does not vouch for it.
func (c Collection) HasCollected(path string) bool {
	return slices.ContainsFunc(c.Sources, func(s Source) bool { return s.Outcome == Collected && s.Source == path })
}

// within says whether the dotted path is, or lies below, the other.
func within(path, other string) bool {
	return path == other || strings.HasPrefix(path, other+".")
}

// parseCollection reads the section once its types were checked.
func parseCollection(raw []byte) (Collection, *decodeError) {
	bad := func(problem, remedy string, path ...any) (Collection, *decodeError) {
		start, _, _ := find(raw, path)
		return Collection{}, &decodeError{offset: start, path: path, problem: problem, remedy: remedy}
	}
	var head struct {
		SchemaVersion int    `json:"schemaVersion"`
		CollectedAt   string `json:"collectedAt"`
	}
	if err := json.Unmarshal(raw, &head); err != nil {
		return bad("not readable: "+err.Error(), "")
	}
	if head.SchemaVersion != SchemaVersion {
		remedy := "collect or import it again with this version"
		if head.SchemaVersion > SchemaVersion {
			remedy = "a newer guestward wrote it: upgrade this one"
		}
		return bad(fmt.Sprintf("schemaVersion is %d, this version reads %d", head.SchemaVersion, SchemaVersion), remedy, "schemaVersion")
	}
	at, err := time.Parse(time.RFC3339, head.CollectedAt)
	if err != nil {
		return bad("collectedAt is not a time such as 2026-11-23T08:00:00Z", "rules measure every age from it", "collectedAt")
	}
	// Before Microsoft Graph there was nothing to collect; behind 2262 nanoseconds overflow and ages with them.
	if at.Year() < 2015 || at.Year() > 2200 {
		return bad("collectedAt is in no plausible year", "rules measure every age from it", "collectedAt")
	}
	var c Collection
	if err := json.Unmarshal(raw, &c); err != nil {
		return bad("not readable: "+err.Error(), "")
	}
	for i, s := range c.Sources {
		switch {
		case s.Outcome != Collected && s.Outcome != Gap:
			return bad("outcome is neither collected nor gap", "", "sources", i, "outcome")
		case s.Outcome == Gap && !slices.Contains(Reasons, s.Reason):
			return bad("the reason of a gap is none of "+strings.Join(Reasons, ", "), "", "sources", i, "reason")
		}
	}
	return c, nil
}
