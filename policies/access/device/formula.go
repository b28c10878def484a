package device

import (
	"slices"
	"strconv"
	"strings"

	"github.com/guestward/guestward/policies/access/syntax"
	"github.com/guestward/guestward/policies/access/truth"
)

// formula is a rule of which some comparisons are decided. Equal keys are equal formulas.
type formula struct {
	kind   syntax.Kind // And, Or, Compare, or answered
	args   []*formula
	term   *syntax.Node
	not    bool
	answer truth.Truth
	key    string
	size   int // how many comparisons are left
}

const answered syntax.Kind = -1

var answers = [...]*formula{
	{kind: answered, answer: truth.No, key: "no"},
	{kind: answered, answer: truth.Maybe, key: "maybe"},
	{kind: answered, answer: truth.Yes, key: "yes"},
}

// normal is the rule, or its opposite, with -not at comparisons only. names has a short key of every comparison.
func normal(n *syntax.Node, not bool, names map[string]string) *formula {
	switch n.Kind {
	case syntax.Not:
		return normal(n.Args[0], !not, names)
	case syntax.Compare:
		text := n.String()
		key, ok := names[text]
		if !ok {
			key = strconv.Itoa(len(names))
			names[text] = key
		}
		if not {
			key = "-" + key
		}
		return &formula{kind: syntax.Compare, term: n, not: not, key: key, size: 1}
	}
	kind := n.Kind
	if not {
		kind = syntax.And + syntax.Or - kind
	}
	args := make([]*formula, len(n.Args))
	for i, arg := range n.Args {
		args[i] = normal(arg, not, names)
	}
	return join(kind, args)
}

// join folds what is decided.
func join(kind syntax.Kind, args []*formula) *formula {
	neutral, final := truth.Yes, truth.No
	if kind == syntax.Or {
		neutral, final = final, neutral
	}
	var kept []*formula
	for _, arg := range args {
		switch {
		case arg.kind == answered && arg.answer == final:
			return arg
		case arg.kind == answered && arg.answer == neutral:
		case arg.kind == kind:
			kept = append(kept, arg.args...)
		default:
			kept = append(kept, arg)
		}
	}
	slices.SortFunc(kept, func(a, b *formula) int { return strings.Compare(a.key, b.key) })
	kept = slices.CompactFunc(kept, func(a, b *formula) bool { return a.key == b.key })
	switch len(kept) {
	case 0:
		return answers[neutral]
	case 1:
		return kept[0]
	}
	f := &formula{kind: kind, args: kept}
	keys := make([]string, len(kept))
	for i, arg := range kept {
		keys[i] = arg.key
		f.size += arg.size
	}
	f.key = "(" + strings.Join(keys, map[syntax.Kind]string{syntax.And: "&", syntax.Or: "|"}[kind]) + ")"
	return f
}

// decide answers the comparisons of these attributes as the device has them.
func (f *formula) decide(d Device, attributes []string) *formula {
	switch {
	case f.kind == answered:
		return f
	case f.kind == syntax.Compare && slices.Contains(attributes, f.term.Property):
		return answers[compare(f.term, d, f.not)]
	case f.kind == syntax.Compare:
		return f
	}
	args := make([]*formula, len(f.args))
	for i, arg := range f.args {
		args[i] = arg.decide(d, attributes)
	}
	return join(f.kind, args)
}
