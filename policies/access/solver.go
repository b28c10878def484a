package access

import (
	"cmp"
	"errors"
	"slices"
)

var errBudget = errors.New("the search took more steps than it was given")

// solver finds what of a domain no region covers.
type solver struct {
	regions []box
	steps   int // left
}

// reduce sorts the regions, largest first, whatever order they come in, and drops those within another.
func reduce(regions []box) []box {
	type sized struct {
		box
		volume float64
	}
	order := make([]sized, len(regions))
	for i, b := range regions {
		order[i] = sized{b, b.volume()}
	}
	slices.SortFunc(order, func(a, b sized) int { return cmp.Or(cmp.Compare(b.volume, a.volume), a.compare(&b.box)) })
	for i := range order {
		regions[i] = order[i].box
	}
	var out []box
	for i := range regions {
		if !slices.ContainsFunc(out, func(o box) bool { return regions[i].within(&o) }) {
			out = append(out, regions[i])
		}
	}
	return out
}

// find returns a part of x that none of the regions from the i-th on touches, or nil when they cover x.
func (s *solver) find(x box, i int) (*box, error) {
	for i < len(s.regions) && !s.regions[i].meets(&x) {
		i++
	}
	if s.steps--; s.steps < 0 {
		return nil, errBudget
	}
	if i == len(s.regions) {
		return &x, nil
	}
	r := &s.regions[i]
	rest := x // within r in the dimensions that have been dealt with
	for k := range x {
		outside := rest[k].minus(r[k])
		if outside.empty() {
			continue
		}
		piece := rest
		piece[k] = outside
		if hole, err := s.find(piece, i+1); hole != nil || err != nil {
			return hole, err
		}
		rest[k] = rest[k].and(r[k])
	}
	return nil, nil
}

// growOrder is the order in which a hole takes in further atoms: who comes last, for that is what people want to see whole.
var growOrder = []int{dimInsiderRisk, dimUserRisk, dimSignInRisk, dimFlow, dimPlatform, dimPlace, dimDevice, dimClient, dimResource, dimUser}

// grow makes the hole as large as the regions and the domain allow: readable, for a dimension that became full is "any".
func (s *solver) grow(hole, domain box) box {
	for _, k := range growOrder {
		allowed := domain[k].minus(hole[k])
		if allowed.empty() {
			continue
		}
		// Regions that touch the hole in every other dimension limit this one.
		for i := range s.regions {
			r := &s.regions[i]
			if !r[k].meets(allowed) {
				continue
			}
			touches := true
			for j := dims - 1; j >= 0; j-- {
				if j != k && !r[j].meets(hole[j]) {
					touches = false
					break
				}
			}
			if touches {
				allowed = allowed.minus(r[k])
			}
		}
		grown := slices.Clone(hole[k])
		grown.add(allowed)
		hole[k] = grown
	}
	return hole
}

// holes returns up to most boxes that no region touches and that have a part in the domain, each as large as wide allows.
// more says that there are others.
func (s *solver) holes(domain, wide box, most int) (found []box, more bool, err error) {
	open := solver{regions: slices.Clone(s.regions), steps: s.steps}
	defer func() { s.steps = open.steps }()
	for {
		hole, err := open.find(domain, 0)
		if err != nil || hole == nil {
			return found, false, err
		}
		if len(found) == most {
			return found, true, nil
		}
		h := s.grow(*hole, wide)
		found = append(found, h)
		open.regions = append(open.regions, h)
	}
}
