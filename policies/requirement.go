package policies

import (
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/guestward/guestward/collector/snapshot"
)

// Requirement is one entry of a rule's requires: paths of which one must be readable for the rule to be asked.
//
//	entra.authorizationPolicy.allowInvitesFrom   there, and not null
//	sharePoint.tenant.WhoCanShare?               there; null is an answer
//	teams.meetingPolicies[].AutoAdmittedUsers    there in every element of the array
//	a.b | c.d                                    one of them
type Requirement struct {
	Alternatives []requiredPath
	text         string
}

// String is the requirement as the metadata writes it.
func (r Requirement) String() string { return r.text }

// Paths are the alternatives as dotted paths without their marks, in the order of the metadata.
func (r Requirement) Paths() []string {
	paths := make([]string, len(r.Alternatives))
	for i, alternative := range r.Alternatives {
		paths[i] = alternative.dotted()
	}
	return paths
}

type requiredPath struct {
	steps    []string // member names; "[]" stands for every element
	nullable bool
}

// dotted is the path without its marks, as gaps name it.
func (p requiredPath) dotted() string {
	var names []string
	for _, s := range p.steps {
		if s != "[]" {
			names = append(names, s)
		}
	}
	return strings.Join(names, ".")
}

func parseRequirement(text string) (Requirement, error) {
	r := Requirement{text: text}
	for alternative := range strings.SplitSeq(text, "|") {
		alternative = strings.TrimSpace(alternative)
		var p requiredPath
		alternative, p.nullable = strings.CutSuffix(alternative, "?")
		for step := range strings.SplitSeq(alternative, ".") {
			name, all := strings.CutSuffix(step, "[]")
			if name == "" {
				return r, fmt.Errorf("requires: %q is not a path such as entra.authorizationPolicy", text)
			}
			p.steps = append(p.steps, name)
			if all {
				p.steps = append(p.steps, "[]")
			}
		}
		r.Alternatives = append(r.Alternatives, p)
	}
	return r, nil
}

// hole is why a requirement is not met.
type hole struct {
	reason string
	gap    *snapshot.Source // the record of the collection that explains it, if there is one
	// part says that the snapshot holds a part of the collection: what it holds can fail, but nothing can pass.
	part bool
}

// unmet returns the first requirement of the rule that the snapshot does not meet, or nil. That the snapshot holds only a
// part of the collection which the rule is about counts last.
func (e *evaluation) unmet(r *Rule) (part *hole) {
	for _, req := range r.Requires {
		var first *hole
		met := false
		for _, alternative := range req.Alternatives {
			h := e.missing(alternative)
			if h == nil {
				met = true
				break
			}
			if first == nil || first.gap == nil && h.gap != nil {
				first = h
			}
		}
		switch {
		case met:
		case first.part && req.text == r.Each:
			part = first
		default:
			first.part = false
			return first
		}
	}
	if part == nil && r.Each != "" { // required or not, the rule speaks of all of it
		if h := e.missingCollection(r.Each, r.Each); h != nil && h.part {
			return h
		}
	}
	return part
}

// missing says why the path cannot be read, or nil when it can.
func (e *evaluation) missing(p requiredPath) *hole {
	dotted := p.dotted()
	section := p.steps[0]
	if t := snapshot.Schema().Property(section); t != nil && t.Stream {
		return e.missingCollection(section, dotted)
	}
	if gap, ok := e.snap.Collection.GapFor(dotted); ok {
		return &hole{reason: gapReason(gap), gap: &gap}
	}
	if place, ok := present(e.config, p.steps, p.nullable, nil); !ok {
		return &hole{reason: fmt.Sprintf("the snapshot does not hold %s", place.Dotted())}
	}
	return nil
}

// missingCollection judges paths at and below a collection. Its elements are not looked at: what was read of all of
// them is on record.
func (e *evaluation) missingCollection(section, dotted string) *hole {
	n, held := e.snap.Count(section)
	for _, path := range []string{section, dotted} {
		for _, s := range e.snap.Collection.Sources {
			if s.Outcome != snapshot.Gap || s.Source != path {
				continue
			}
			part := held && path == section && s.Count != nil && n > 0
			if part && dotted != section {
				continue // the requirement of the collection itself tells of it
			}
			return &hole{reason: gapReason(s), gap: &s, part: part}
		}
	}
	if !held {
		return &hole{reason: "the snapshot does not hold " + section}
	}
	if dotted != section && !e.snap.Collection.HasCollected(dotted) {
		return &hole{reason: fmt.Sprintf("the snapshot does not say that %s was collected", dotted)}
	}
	return nil
}

// gapReason puts a gap into words.
func gapReason(g snapshot.Source) string {
	words := map[string]string{
		"permission":    "no permission to read it",
		"licence":       "a licence is missing",
		"throttled":     "the service throttled the collection",
		"unavailable":   "not available in this cloud",
		"not_requested": "not collected",
		"error":         "the collection failed",
	}
	s := fmt.Sprintf("%s: %s", g.Source, words[g.Reason])
	if g.Detail != "" {
		s += ": " + g.Detail
	}
	return s
}

// present says whether the steps lead to a value, or the place where they end. Null counts as absent unless nullable.
func present(v ast.Value, steps []string, nullable bool, at snapshot.Path) (snapshot.Path, bool) {
	if len(steps) == 0 {
		_, null := v.(ast.Null)
		return at, nullable || !null
	}
	if steps[0] == "[]" {
		list, ok := v.(*ast.Array)
		if !ok {
			return at, false
		}
		for i := range list.Len() {
			if place, ok := present(list.Elem(i).Value, steps[1:], nullable, append(slices.Clone(at), i)); !ok {
				return place, false
			}
		}
		return at, true
	}
	at = append(slices.Clone(at), steps[0])
	next := lookup(v, steps[0])
	if next == nil {
		return at, false
	}
	return present(next, steps[1:], nullable, at)
}
