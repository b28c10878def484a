package access

import "slices"

// box is a product of sets of atoms, one for each dimension.
type box [dims]bits

func (b *box) empty() bool {
	for i := dims - 1; i >= 0; i-- { // the small dimensions first
		if b[i].empty() {
			return true
		}
	}
	return false
}

func (b *box) meets(o *box) bool {
	for i := dims - 1; i >= 0; i-- {
		if !b[i].meets(o[i]) {
			return false
		}
	}
	return true
}

func (b *box) within(o *box) bool {
	for i := dims - 1; i >= 0; i-- {
		if !b[i].within(o[i]) {
			return false
		}
	}
	return true
}

// volume is how many combinations of atoms the box holds.
func (b *box) volume() float64 {
	v := 1.0
	for i := range b {
		v *= float64(b[i].count())
	}
	return v
}

// compare puts boxes into some order.
func (b *box) compare(o *box) int {
	for i := range b {
		if c := slices.Compare(b[i], o[i]); c != 0 {
			return c
		}
	}
	return 0
}
