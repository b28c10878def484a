package access

import (
	"iter"
	mathbits "math/bits"
)

// bits is a set of small numbers. Sets that meet have the same length.
type bits []uint64

func newBits(n int) bits { return make(bits, (n+63)/64) }

// allBits is the set of the numbers below n.
func allBits(n int) bits {
	b := newBits(n)
	for i := range n {
		b.set(i)
	}
	return b
}

func (b bits) set(i int)      { b[i/64] |= 1 << (i % 64) }
func (b bits) has(i int) bool { return b[i/64]&(1<<(i%64)) != 0 }

func (b bits) empty() bool {
	for _, w := range b {
		if w != 0 {
			return false
		}
	}
	return true
}

func (b bits) meets(o bits) bool {
	for i, w := range b {
		if w&o[i] != 0 {
			return true
		}
	}
	return false
}

// within says whether every member of b is one of o.
func (b bits) within(o bits) bool {
	for i, w := range b {
		if w&^o[i] != 0 {
			return false
		}
	}
	return true
}

func (b bits) and(o bits) bits {
	out := make(bits, len(b))
	for i, w := range b {
		out[i] = w & o[i]
	}
	return out
}

func (b bits) minus(o bits) bits {
	out := make(bits, len(b))
	for i, w := range b {
		out[i] = w &^ o[i]
	}
	return out
}

func (b bits) add(o bits) {
	for i, w := range o {
		b[i] |= w
	}
}

func (b bits) equal(o bits) bool {
	for i, w := range b {
		if w != o[i] {
			return false
		}
	}
	return true
}

func (b bits) count() int {
	n := 0
	for _, w := range b {
		n += mathbits.OnesCount64(w)
	}
	return n
}

// all yields the members in order.
func (b bits) all() iter.Seq[int] {
	return func(yield func(int) bool) {
		for i, w := range b {
			for ; w != 0; w &= w - 1 {
				if !yield(i*64 + mathbits.TrailingZeros64(w)) {
					return
				}
			}
		}
	}
}
