package device

import (
	"slices"
	"strings"

	"github.com/guestward/guestward/policies/access/syntax"
)

// maxValues is how many values of an attribute are tried.
const maxValues = 1 << 12

// representatives are for every combination of answers to the comparisons of one attribute one value that gives it, null first.
// They are not ok if there would be too many to try.
//
// Of a text that begins with some constants, ends with some and has some in it, the longest beginning, the longest end and
// the others, joined by a character that is in none of them, satisfies the same comparisons: none of them can reach over
// that character. What equals a constant has to be tried for itself.
func representatives(c class, terms []*syntax.Node) (values []any, ok bool) {
	constants := map[syntax.Op][]string{}
	for _, n := range terms {
		for _, v := range n.Values {
			known := slices.ContainsFunc(constants[n.Op], func(s string) bool { return fold(s) == fold(v.Text) })
			if !v.Null && !known {
				constants[n.Op] = append(constants[n.Op], v.Text)
			}
		}
	}
	for _, list := range constants {
		slices.Sort(list)
	}
	parts := constants[syntax.Contains]
	starts := append([]string{""}, constants[syntax.StartsWith]...)
	ends := append([]string{""}, constants[syntax.EndsWith]...)
	if len(parts) > 12 || len(starts)*len(ends)<<len(parts) > maxValues {
		return nil, false
	}

	seen := map[string]bool{}
	add := func(v any, text bool) {
		answers := map[bool]string{true: "text", false: "list or null"}[text]
		for _, n := range terms {
			answers += map[bool]string{true: "+", false: "-"}[v != nil && !n.Values[0].Null && holds(n, v)]
		}
		if !seen[answers] {
			seen[answers] = true
			values = append(values, v)
		}
	}
	add(nil, false)
	if c == collection {
		for subset := range 1 << len(parts) {
			add(choice(parts, subset), false)
		}
		return values, true
	}
	add("other", true)
	for _, s := range constants[syntax.Eq] {
		add(s, true)
	}
	separator := absent(constants)
	for _, start := range starts {
		for _, end := range ends {
			for subset := range 1 << len(parts) {
				add(strings.Join(slices.Concat([]string{start}, choice(parts, subset), []string{end}), separator), true)
			}
		}
	}
	return values, true
}

// choice has the elements whose bits are set.
func choice(list []string, subset int) []string {
	chosen := []string{}
	for i, s := range list {
		if subset>>i&1 == 1 {
			chosen = append(chosen, s)
		}
	}
	return chosen
}

// absent is a character that no constant has.
func absent(constants map[syntax.Op][]string) string {
	for r := '~'; ; r = max(r+1, '\uE000') { // the private characters have no other case
		has := false
		for _, list := range constants {
			has = has || slices.ContainsFunc(list, func(s string) bool { return strings.ContainsRune(s, r) })
		}
		if !has {
			return string(r)
		}
	}
}
