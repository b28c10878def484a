// Package network divides addresses and countries by which named locations they lie in.
package network

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// mapped are the IPv6 addresses that mean IPv4 ones. Nothing is in them: the IPv4 addresses stand for them.
var mapped = netip.MustParsePrefix("::ffff:0:0/96")

// ParseRange reads a range of a named location, as 192.0.2.0/24 or 2001:db8::/32. Bits of the host are ignored.
func ParseRange(cidr string) (netip.Prefix, error) {
	p, err := netip.ParsePrefix(strings.TrimSpace(cidr))
	if err != nil {
		return netip.Prefix{}, fmt.Errorf("range %.100q: expected an address and a length, such as 192.0.2.0/24 or 2001:db8::/32", cidr)
	}
	return normal(p), nil
}

// normal has no bits of the host, and an IPv4 address where IPv6 means one.
func normal(p netip.Prefix) netip.Prefix {
	if p.Addr().Is4In6() && p.Bits() >= mapped.Bits() {
		p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-mapped.Bits())
	}
	return p.Masked()
}

// Contains says whether the address is in one of the ranges.
func Contains(ranges []netip.Prefix, a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	return slices.ContainsFunc(ranges, func(p netip.Prefix) bool { return normal(p).Contains(a) })
}

// Area is all addresses that lie in the same locations.
type Area struct {
	In      []int // indexes of the locations, sorted
	Example netip.Addr
}

// node is a range and the locations that have it.
type node struct {
	netip.Prefix
	in []int
}

// Areas divides all IPv4 and IPv6 addresses by the locations that they are in. Each set of locations that has an address
// comes once, the empty set first; an IPv4 address is its example if there is one.
func Areas(locations [][]netip.Prefix) []Area {
	nodes := []node{{Prefix: netip.MustParsePrefix("0.0.0.0/0")}, {Prefix: netip.MustParsePrefix("::/0")}}
	for i, ranges := range locations {
		for _, p := range ranges {
			if p.IsValid() {
				nodes = append(nodes, node{normal(p), []int{i}})
			}
		}
	}
	// A range comes before those that lie in it; IPv4 before IPv6. Equal ones keep the order of the locations.
	slices.SortStableFunc(nodes, func(a, b node) int { return a.Compare(b.Prefix) })
	nodes = merge(nodes)

	w := walker{nodes: nodes, areas: map[string]Area{}}
	for len(w.nodes) > 0 {
		w.walk(nil)
	}
	areas := make([]Area, 0, len(w.areas))
	for _, a := range w.areas {
		areas = append(areas, a)
	}
	slices.SortFunc(areas, func(a, b Area) int { return slices.Compare(a.In, b.In) })
	return areas
}

// merge joins equal ranges, which are neighbours.
func merge(nodes []node) []node {
	merged := nodes[:1]
	for _, n := range nodes[1:] {
		if last := &merged[len(merged)-1]; last.Prefix == n.Prefix {
			last.in = append(last.in, n.in...)
		} else {
			merged = append(merged, n)
		}
	}
	return merged
}

type walker struct {
	nodes []node
	areas map[string]Area
}

// walk takes the first range with all that lie in it, and notes what of it no smaller one has. It goes from gap to gap,
// so that nothing has to be counted. It is never deeper than an address has bits.
func (w *walker) walk(outer []int) {
	n := w.nodes[0]
	w.nodes = w.nodes[1:]
	in := append(slices.Clone(outer), n.in...)
	slices.Sort(in)
	in = slices.Compact(in)

	at, end := n.Addr(), last(n.Prefix) // at is invalid once there is nothing left
	for len(w.nodes) > 0 && n.Overlaps(w.nodes[0].Prefix) {
		inner := w.nodes[0].Prefix
		if at.IsValid() && at.Less(inner.Addr()) {
			w.note(in, at, inner.Addr().Prev())
		}
		w.walk(in)
		if at = last(inner).Next(); end.Less(at) {
			at = netip.Addr{}
		}
	}
	if at.IsValid() {
		w.note(in, at, end)
	}
}

// note adds the addresses from one to the other, both in it.
func (w *walker) note(in []int, from, to netip.Addr) {
	if mapped.Contains(from) {
		if from = last(mapped).Next(); to.Less(from) {
			return
		}
	}
	if key := signature(in); w.areas[key].Example == (netip.Addr{}) {
		w.areas[key] = Area{In: in, Example: from}
	}
}

// last is the highest address of a range.
func last(p netip.Prefix) netip.Addr {
	bytes := p.Masked().Addr().AsSlice()
	for bit := p.Bits(); bit < 8*len(bytes); bit++ {
		bytes[bit/8] |= 0x80 >> (bit % 8)
	}
	a, _ := netip.AddrFromSlice(bytes)
	return a
}

// signature is a key of a set of locations.
func signature(in []int) string {
	var key []byte
	for _, i := range in {
		key = binary.AppendUvarint(key, uint64(i))
	}
	return string(key)
}
