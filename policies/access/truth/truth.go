// Package truth is three-valued logic: what a snapshot proves, what it refutes, and what it leaves open.
package truth

import "fmt"

// Truth is no, maybe or yes, in this order.
type Truth int8

// The values. The zero value is No.
const (
	No Truth = iota
	Maybe
	Yes
)

// Of makes a Truth of a bool.
func Of(b bool) Truth {
	if b {
		return Yes
	}
	return No
}

// And is yes when both are, no when one is.
func And(a, b Truth) Truth { return min(a, b) }

// Or is yes when one is, no when both are.
func Or(a, b Truth) Truth { return max(a, b) }

// Not turns yes and no around; maybe stays.
func Not(a Truth) Truth { return Yes - a }

// Must says whether it is certain.
func (t Truth) Must() bool { return t == Yes }

// May says whether it is possible.
func (t Truth) May() bool { return t != No }

// String is the word.
func (t Truth) String() string { return [...]string{"no", "maybe", "yes"}[t] }

// MarshalText makes the word of it.
func (t Truth) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads the word.
func (t *Truth) UnmarshalText(text []byte) error {
	for _, v := range []Truth{No, Maybe, Yes} {
		if string(text) == v.String() {
			*t = v
			return nil
		}
	}
	return fmt.Errorf("%q is none of no, maybe, yes", text)
}
