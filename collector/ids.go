package collector

import (
	"bytes"
	"crypto/sha256"
	"slices"
	"strings"
)

// IDs is a set of object ids that takes 16 bytes for each, whatever its form. Two ids that differ in case alone are one.
type IDs struct{ sorted [][16]byte }

func newIDs(list []element) *IDs {
	set := &IDs{sorted: make([][16]byte, len(list))}
	for i, e := range list {
		set.sorted[i] = digest(e.id)
	}
	slices.SortFunc(set.sorted, compareDigests)
	set.sorted = slices.Compact(set.sorted)
	return set
}

// Has says whether the id is in the set.
func (s *IDs) Has(id string) bool {
	_, ok := slices.BinarySearchFunc(s.sorted, digest(id), compareDigests)
	return ok
}

// Len is the number of ids.
func (s *IDs) Len() int { return len(s.sorted) }

func digest(id string) (d [16]byte) {
	sum := sha256.Sum256([]byte(strings.ToLower(id)))
	copy(d[:], sum[:])
	return d
}

func compareDigests(a, b [16]byte) int { return bytes.Compare(a[:], b[:]) }
