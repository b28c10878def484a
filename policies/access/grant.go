package access

import (
	"slices"

	"github.com/guestward/guestward/policies/access/truth"
)

// control is one grant control.
type control struct {
	kind     string // the built-in control's name, or termsOfUse, custom, strength
	strength *strength
	path     []any
}

// grant is the grant controls of a policy: a formula over what the caller can present, without negation.
type grant struct {
	operator string
	controls []control
	strict   bool // blocks whatever is asked for, registering a device too
}

// builtIn are the controls of Graph's enumeration.
// https://learn.microsoft.com/en-us/graph/api/resources/conditionalaccessgrantcontrols
var builtIn = []string{"block", "mfa", "compliantDevice", "domainJoinedDevice", "approvedApplication", "compliantApplication", "passwordChange", "riskRemediation", "secureSignInSession"}

func (r *reader) grant(o map[string]any) (g grant) {
	if o == nil {
		return g
	}
	const at = "grantControls"
	r.known(o, "operator builtInControls customAuthenticationFactors termsOfUse authenticationStrength", at)
	g.operator = r.text(o, "operator", at)
	for _, c := range r.list(o, "builtInControls", at) {
		kind := "unknown"
		if i := slices.Index(builtIn, c); i >= 0 {
			kind = builtIn[i]
		}
		g.controls = append(g.controls, control{kind: kind, path: []any{at, "builtInControls"}})
	}
	for range r.list(o, "customAuthenticationFactors", at) {
		g.controls = append(g.controls, control{kind: "custom", path: []any{at, "customAuthenticationFactors"}})
	}
	for range r.list(o, "termsOfUse", at) {
		g.controls = append(g.controls, control{kind: "termsOfUse", path: []any{at, "termsOfUse"}})
	}
	if r.object(o, "authenticationStrength", at); !isNothing(o["authenticationStrength"]) {
		g.controls = append(g.controls, control{kind: "strength", strength: &strength{}, path: []any{at, "authenticationStrength"}})
	}
	return g
}

// caller is all that what somebody can present depends on.
type caller struct {
	kind     string
	provider string
	trust    Trust
	client   string
	device   Device
}

func (u *User) caller(client string, d Device) caller {
	return caller{u.Kind, u.Provider, u.Trust, client, d}
}

// modern clients can show a page: others can present nothing, however willing their owner.
func modern(client string) bool {
	return client == "browser" || client == "mobileAppsAndDesktopClients"
}

// stops says whether the grant controls keep out a caller who presents everything but what answers the question.
func (g *grant) stops(c caller, r *Resource, q *Question, pr *premises) truth.Truth {
	controls := g.controls
	if r.ignoresDevice() {
		controls = slices.DeleteFunc(slices.Clone(controls), func(c control) bool {
			return c.kind != "mfa" && c.kind != "strength" && c.kind != "block"
		})
	}
	if len(controls) == 0 {
		return truth.No
	}
	all, one := truth.Yes, truth.No
	for i := range controls {
		t := controls[i].satisfiedBy(c, q, pr)
		if r.ignoresDevice() && controls[i].kind == "block" && !g.strict {
			t = truth.Maybe
		}
		all, one = truth.And(all, t), truth.Or(one, t)
	}
	switch {
	case g.operator == "AND" || len(controls) == 1:
		return truth.Not(all)
	case g.operator == "OR":
		return truth.Not(one)
	case one == truth.No: // nobody knows the operator: certain is what both would say
		return truth.Yes
	case all == truth.Yes:
		return truth.No
	}
	return truth.Maybe
}

// satisfiedBy says whether the caller can satisfy the control by something that does not answer the question.
func (ctl *control) satisfiedBy(c caller, q *Question, pr *premises) truth.Truth {
	internal := !isExternal(c.kind)
	switch {
	case ctl.kind == "block" || q.answeredBy(ctl.kind):
		return truth.No
	case ctl.kind == "unknown":
		return truth.Maybe
	case ctl.kind == "approvedApplication" && (!internal || !modern(c.client)):
		return truth.Not(pr.holds("U12")) // once it is not enforced, nobody has to present anything
	case !modern(c.client):
		return truth.No
	}
	switch ctl.kind {
	case "mfa":
		if c.kind == B2BDirectConnectUser {
			return c.trust.MFA
		}
		return truth.Yes
	case "strength":
		return ctl.strength.satisfiedBy(c, q, pr)
	case "compliantDevice":
		return deviceProof(c, c.device.Compliant, c.trust.Compliant)
	case "domainJoinedDevice":
		return deviceProof(c, c.device.Hybrid, c.trust.Hybrid)
	case "approvedApplication":
		return truth.Yes
	case "compliantApplication", "passwordChange":
		return truth.Of(internal)
	case "termsOfUse":
		if c.kind == B2BDirectConnectUser {
			return truth.Maybe
		}
		return truth.Yes
	case "custom":
		if internal {
			return truth.Yes
		}
		return truth.Maybe
	case "riskRemediation", "secureSignInSession":
		if internal {
			return truth.Yes
		}
		return pr.holds("U13")
	}
	panic("no such control: " + ctl.kind) // the reader makes no others
}

// deviceProof says whether the caller can show that the device is what a control wants.
func deviceProof(c caller, is bool, trusted truth.Truth) truth.Truth {
	switch {
	case !is:
		return truth.No
	case !isExternal(c.kind):
		return truth.Yes
	case c.provider == OtherProvider:
		return truth.No
	case c.provider == UnknownProvider:
		return truth.And(trusted, truth.Maybe)
	}
	return trusted
}

func (s *strength) satisfiedBy(c caller, q *Question, pr *premises) truth.Truth {
	// by tries every combination with what says whether the caller has it.
	by := func(has func(combination) truth.Truth) truth.Truth {
		t, can := truth.No, truth.No
		for _, combo := range s.combinations {
			h := has(combo)
			can = truth.Or(can, h)
			t = truth.Or(t, truth.And(h, truth.Not(q.answeredByCombination(combo))))
		}
		if s.odd && q.asks("mfa") { // whether it is MFA is in doubt
			t = truth.Or(t, truth.And(can, truth.Maybe))
		}
		return t
	}
	anything := func(combo combination) truth.Truth {
		if combo.odd() && isExternal(c.kind) {
			return truth.Maybe
		}
		return truth.Yes
	}
	here := func(combo combination) truth.Truth { return combo.here(pr) }
	entra := func(combo combination) truth.Truth {
		switch {
		case combo.odd(): // nobody knows what it takes
			return truth.Maybe
		case c.kind == B2BDirectConnectUser:
			return truth.And(c.trust.MFA, anything(combo))
		case c.trust.MFA == truth.Yes:
			return anything(combo)
		case c.trust.MFA == truth.No:
			return here(combo)
		}
		if a, b := anything(combo), here(combo); a == b {
			return a
		}
		return truth.Maybe
	}
	elsewhere := func() truth.Truth {
		switch pr.holds("U10") {
		case truth.Yes:
			return by(here)
		case truth.No:
			return truth.Yes
		}
		return truth.Or(truth.Maybe, by(here))
	}
	switch {
	case !isExternal(c.kind):
		return by(anything)
	case c.provider == Entra:
		return by(entra)
	case c.provider == OtherProvider:
		return elsewhere()
	}
	if a, b := by(entra), elsewhere(); a == b {
		return a
	}
	return truth.Maybe
}
