package access

import (
	"encoding/binary"

	"github.com/guestward/guestward/policies/access/device"
	"github.com/guestward/guestward/policies/access/truth"
)

// regions are the boxes in which a policy does what the question asks for, in one reading.
func (p *problem) regions(reading func(truth.Truth) bool) []box {
	var out []box
	for i := range p.policies {
		out = p.policyRegions(out, i, reading)
	}
	return out
}

// policyRegions adds those of one policy.
func (p *problem) policyRegions(out []box, index int, reading func(truth.Truth) bool) []box {
	s, policy := p.space, p.policies[index]
	if !reading(policy.counts(p.pr)) {
		return out
	}
	pick := func(dim int, test func(i int) truth.Truth) bits {
		b := newBits(len(p.groups[dim]))
		for g, atoms := range p.groups[dim] {
			if reading(test(atoms[0])) {
				b.set(g)
			}
		}
		return b
	}
	var base box
	base[dimResource] = pick(dimResource, func(i int) truth.Truth { return policy.targets(s.resources[i], p.pr) })
	base[dimPlatform] = pick(dimPlatform, func(i int) truth.Truth { return policy.takesPlatform(s.platforms[i]) })
	base[dimPlace] = pick(dimPlace, func(i int) truth.Truth { return policy.takesPlace(s.places[i], p.pr) })
	base[dimSignInRisk] = pick(dimSignInRisk, func(i int) truth.Truth { return takesRisk(policy.signInRisk, s.risks[i]) })
	base[dimUserRisk] = pick(dimUserRisk, func(i int) truth.Truth { return takesRisk(policy.userRisk, s.risks[i]) })
	base[dimFlow] = pick(dimFlow, func(i int) truth.Truth { return policy.takesFlow(s.flows[i]) })
	for _, dim := range []int{dimResource, dimPlatform, dimPlace, dimSignInRisk, dimUserRisk, dimFlow} {
		if base[dim].empty() {
			return out
		}
	}
	insider := func(kind string) bits {
		return pick(dimInsiderRisk, func(i int) truth.Truth { return policy.takesInsiderRisk(s.insider[i], kind, p.pr) })
	}
	insiderOf := map[bool]bits{true: insider(B2BCollaborationGuest), false: insider(InternalMember)}
	normal, eas := newBits(len(p.groups[dimUser])), newBits(len(p.groups[dimUser]))
	for g, r := range p.reach[index] {
		if reading(r.normal) {
			normal.set(g)
		}
		if reading(r.eas) {
			eas.set(g)
		}
	}

	// Resources that are alike to session and grant controls.
	type sort struct {
		ignoring bool
		enforced truth.Truth
	}
	bySort := map[sort]bits{}
	for g := range base[dimResource].all() {
		r := s.resources[p.groups[dimResource][g][0]]
		k := sort{r.ignoresDevice(), p.tenant.enforced[r.ID]}
		if bySort[k] == nil {
			bySort[k] = newBits(len(p.groups[dimResource]))
		}
		bySort[k].set(g)
	}
	for _, ignoring := range []bool{false, true} {
		for _, enforced := range []truth.Truth{truth.No, truth.Maybe, truth.Yes} {
			resources := bySort[sort{ignoring, enforced}]
			if resources == nil {
				continue
			}
			base[dimResource] = resources
			resource := s.resources[p.groups[dimResource][firstOf(resources)][0]]
			for _, isEASClient := range []bool{false, true} {
				users := normal
				if isEASClient {
					users = eas
				}
				out = p.callerRegions(out, base, policy, reading, users, insiderOf, resource, enforced, isEASClient)
			}
		}
	}
	return out
}

func firstOf(b bits) int {
	for i := range b.all() {
		return i
	}
	return -1
}

// callerRegions adds the boxes over users, clients and devices: classes of callers that fare alike share them.
func (p *problem) callerRegions(out []box, base box, policy *Policy, reading func(truth.Truth) bool, users bits, insiderOf map[bool]bits, resource *Resource, enforced truth.Truth, eas bool) []box {
	// A shape is what a policy makes of a class of callers; classes that fare alike have the same.
	type shape struct {
		external bool
		rows     []bits
		users    bits
	}
	var shapes []*shape
	byKey := map[string]*shape{}
	ofClass := make([]*shape, len(p.classes))
	for g := range users.all() {
		class := p.class[g]
		if ofClass[class] == nil {
			sh := &shape{external: p.classes[class].Kind != InternalMember, rows: p.rows(policy, class, reading, resource, enforced, eas)}
			key := []byte{boolByte(sh.external)}
			for _, row := range sh.rows {
				for _, w := range row {
					key = binary.BigEndian.AppendUint64(key, w)
				}
			}
			if byKey[string(key)] == nil {
				byKey[string(key)] = sh
				shapes = append(shapes, sh)
				sh.users = newBits(len(p.groups[dimUser]))
			}
			ofClass[class] = byKey[string(key)]
		}
		ofClass[class].users.set(g)
	}
	for _, sh := range shapes {
		b := base
		b[dimUser] = sh.users
		b[dimInsiderRisk] = insiderOf[sh.external]
		done := newBits(len(p.groups[dimClient]))
		for c, row := range sh.rows {
			if row.empty() || done.has(c) {
				continue
			}
			b[dimClient] = newBits(len(p.groups[dimClient]))
			for other, otherRow := range sh.rows {
				if row.equal(otherRow) {
					b[dimClient].set(other)
					done.set(other)
				}
			}
			b[dimDevice] = row
			if !b.empty() {
				out = append(out, b)
			}
		}
	}
	return out
}

// rows are, for each client, the devices from which the policy does what the question asks for.
func (p *problem) rows(policy *Policy, class int, reading func(truth.Truth) bool, resource *Resource, enforced truth.Truth, eas bool) []bits {
	s := p.space
	rows := make([]bits, len(p.groups[dimClient]))
	ignoring := resource.ignoresDevice() && !policy.grant.strict
	for c, atoms := range p.groups[dimClient] {
		rows[c] = newBits(len(p.groups[dimDevice]))
		client := s.clients[atoms[0]]
		if isEAS(client) != eas {
			continue
		}
		takes := policy.takesClient(client, p.pr)
		if ignoring {
			takes = truth.Yes
		}
		if !reading(takes) {
			continue
		}
		limits := policy.session.answers(p.classes[class].Kind, client, enforced, p.q, p.pr)
		for d, devices := range p.groups[dimDevice] {
			dev := devices[0]
			t := takes
			if !ignoring && policy.deviceFilter != nil {
				t = truth.And(t, p.filtered(policy, class, dev))
			}
			if !reading(t) {
				continue
			}
			stops := p.stops(policy, class, client, s.devices[dev], resource)
			if reading(truth.And(t, truth.Or(stops, limits))) {
				rows[c].set(d)
			}
		}
	}
	return rows
}

func (p *problem) stops(policy *Policy, class int, client string, d device.Device, resource *Resource) truth.Truth {
	key := stopKey{policy, class, modern(client), d.Compliant, d.Hybrid, resource.ignoresDevice()}
	t, ok := p.stopsAt[key]
	if !ok {
		t = policy.grant.stops(p.classes[class].caller(client, Device{d.Registered, d.Compliant, d.Hybrid}), resource, p.q, p.pr)
		p.stopsAt[key] = t
	}
	return t
}
