package membership

import (
	"strings"

	"github.com/guestward/guestward/policies/access/syntax"
	"github.com/guestward/guestward/policies/access/truth"
)

// Value is what is known of a property. The zero Value is one of which nothing is known.
type Value struct {
	Known bool // it is one of these:
	Null  bool // nothing
	Text  string
	Flag  *bool    // if not nil
	List  []string // if not nil

	// What is certain of a value that is not known.
	NotNull  bool
	Contains []string // it is a text that has all of these in it
	Lacks    []string // if it is a text, it has none of these in it
	OneOf    []Value  // one of these known values; then nothing else here counts
}

// null says whether the property has no value. Whether an empty one counts as none is not documented.
func (v Value) null() truth.Truth {
	switch {
	case v.Known && v.Null:
		return truth.Yes
	case v.Known && v.text() == "" && len(v.List) == 0:
		return truth.Maybe
	case v.Known || v.NotNull || len(v.Contains) > 0:
		return truth.No
	}
	return truth.Maybe
}

func (v Value) text() string {
	if v.Flag == nil {
		return v.Text
	}
	if *v.Flag {
		return "true"
	}
	return "false"
}

// compare is the answer of a comparison, or of its opposite.
func (v Value) compare(n *syntax.Node, not bool) truth.Truth {
	if !v.Known && len(v.OneOf) > 0 {
		answer := v.OneOf[0].compare(n, not)
		for _, other := range v.OneOf[1:] {
			if other.compare(n, not) != answer {
				return truth.Maybe
			}
		}
		return answer
	}
	opposite := n.Negative || not
	null := v.null()
	var answer truth.Truth
	switch {
	case n.Values[0].Null:
		answer = null
	case v.Known && null != truth.No:
		// A positive operator is false of null. What its opposite says, and -not, is not documented.
		if opposite || holds(n, "") != truth.No {
			return truth.Maybe
		}
		return truth.No
	case v.Known && v.List != nil:
		answer = ofList(n, v.List)
	case v.Known:
		answer = holds(n, v.text())
	default:
		answer = v.partly(n)
		if opposite && null != truth.No {
			return truth.Maybe
		}
	}
	if n.Negative != not {
		return truth.Not(answer)
	}
	return answer
}

// ofList compares a list without -any or -all. It is not documented whether one element has to satisfy it or all.
func ofList(n *syntax.Node, list []string) truth.Truth {
	answer := holds(n, list[0])
	for _, s := range list[1:] {
		if holds(n, s) != answer {
			return truth.Maybe
		}
	}
	return answer
}

// holds says whether the positive comparison is true of a text. There is no clock here, and so no time is compared.
func holds(n *syntax.Node, s string) truth.Truth {
	answer := truth.No
	for _, v := range n.Values {
		answer = truth.Or(answer, satisfies(s, n.Op, v.Text))
	}
	if s != "" && n.Property == "employeehiredate" {
		return truth.Maybe
	}
	return answer
}

func satisfies(s string, op syntax.Op, constant string) truth.Truth {
	text, part := fold(s), fold(constant)
	switch op {
	case syntax.Eq:
		return truth.Of(text == part)
	case syntax.StartsWith:
		return truth.Of(strings.HasPrefix(text, part))
	case syntax.EndsWith:
		return truth.Of(strings.HasSuffix(text, part))
	case syntax.Contains:
		return truth.Of(strings.Contains(text, part))
	case syntax.Match:
		return matches(s, constant)
	}
	return truth.And(truth.Of(s != ""), truth.Maybe) // a time
}

// partly says whether the positive comparison is true of a text of which only parts are known, or that may be null.
func (v Value) partly(n *syntax.Node) truth.Truth {
	answer := truth.No
	for _, c := range n.Values {
		answer = truth.Or(answer, v.may(n.Op, c.Text))
	}
	return answer
}

func (v Value) may(op syntax.Op, constant string) truth.Truth {
	text := constant // what of the constant is in any text that satisfies it
	switch op {
	case syntax.Contains:
		for _, part := range v.Contains {
			if has(part, constant) {
				return truth.Yes
			}
		}
	case syntax.Match:
		for _, part := range v.Contains {
			if matchesWithin(part, constant) {
				return truth.Yes
			}
		}
		text = literal(constant)
	case syntax.Le, syntax.Ge:
		return truth.Maybe
	case syntax.Eq:
		for _, part := range v.Contains {
			if !has(constant, part) {
				return truth.No
			}
		}
	}
	for _, part := range v.Lacks {
		if has(text, part) {
			return truth.No
		}
	}
	return truth.Maybe
}

func has(s, part string) bool { return strings.Contains(fold(s), fold(part)) }

func fold(s string) string { return strings.ToLower(s) }
