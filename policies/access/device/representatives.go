package device

import (
	"maps"
	"slices"
	"strings"

	"github.com/guestward/guestward/policies/access/syntax"
)

// maxWork is how many comparisons Representatives decides before it gives up.
const maxWork = 1 << 20

// state is a device some of whose attributes have been chosen, and what the rules say of the rest.
type state struct {
	device Device
	rules  []*formula
}

// Representatives finds devices for every combination of answers that the rules can give: for any device there is one
// here that is registered, compliant and hybrid alike, and of which all rules say the same. They are in a fixed order,
// the unregistered one first. If that takes more than limit devices, or too long to find out, exact is false and the
// devices are those without attributes.
//
// It chooses the attributes one after the other. Two devices of which the rules say the same whatever comes after are one
// from then on, so that attributes which do not meet in a rule do not multiply.
func Representatives(rules []*Rule, limit int) (devices []Device, exact bool) {
	inexact := base()
	open := make([]*formula, len(rules))
	terms := map[string][]*syntax.Node{} // by attribute
	names := map[string]string{}
	work := 0
	extensions := false
	for i, r := range rules {
		open[i] = normal(r.root, false, names)
		r.root.Comparisons(func(n *syntax.Node) {
			terms[n.Property] = append(terms[n.Property], n)
			extensions = extensions || isExtension(n.Property)
		})
	}
	if extensions { // are there only on some devices
		terms[mdmAppID] = append(terms[mdmAppID], &syntax.Node{Op: syntax.Eq, Values: []syntax.Value{{Text: intune}}})
	}
	order := slices.DeleteFunc(slices.Sorted(maps.Keys(terms)), func(a string) bool {
		return a == isCompliant || a == trustType || a == mdmAppID
	})

	var states []state
	for _, d := range registered() {
		states = append(states, state{d, decide(open, d, isCompliant, trustType)})
	}
	order = append([]string{mdmAppID}, order...)
	for i, attribute := range order {
		if len(terms[attribute]) > 0 {
			values, ok := representatives(attributes[attribute], terms[attribute])
			for _, s := range states {
				work += len(values)
				for _, r := range s.rules {
					work += r.size * len(values)
				}
			}
			if !ok || work > maxWork {
				return inexact, false
			}
			states = choose(states, attribute, values)
		}
		states = distinct(states, slices.ContainsFunc(order[i+1:], isExtension))
	}
	if len(states)+1 > limit {
		return inexact, false
	}
	devices = append(devices, Device{})
	for _, s := range states {
		devices = append(devices, s.device)
	}
	return devices, true
}

// registered has every registered device without other attributes.
func registered() []Device {
	var devices []Device
	for _, trust := range []string{"AzureAD", "ServerAD", "Workplace"} {
		d := Device{Registered: true, Hybrid: trust == "ServerAD", TrustType: trust, Attributes: map[string]any{}}
		said := d
		said.Attributes = map[string]any{isCompliant: false}
		compliant := d
		compliant.Compliant = true
		devices = append(devices, d, said, compliant)
	}
	return devices
}

// base has the devices that differ for a grant control.
func base() []Device {
	return append([]Device{{}}, slices.DeleteFunc(registered(), func(d Device) bool { return d.Attributes[isCompliant] == false })...)
}

// choose gives every device every value.
func choose(states []state, attribute string, values []any) []state {
	var chosen []state
	for _, s := range states {
		for _, v := range values {
			d := s.device
			if v != nil {
				d.Attributes = maps.Clone(d.Attributes)
				d.Attributes[attribute] = v
			}
			chosen = append(chosen, state{d, decide(s.rules, d, attribute)})
		}
	}
	return chosen
}

// distinct keeps the first of the states that cannot be told apart any more. While there are extension attributes to
// come, it matters whether a device has them.
func distinct(states []state, extensions bool) []state {
	seen := map[string]bool{}
	return slices.DeleteFunc(states, func(s state) bool {
		var key strings.Builder
		for _, is := range []bool{s.device.Compliant, s.device.Hybrid} {
			key.WriteString(map[bool]string{true: "+", false: "-"}[is])
		}
		if extensions {
			key.WriteString(s.device.hasExtensions().String())
		}
		for _, r := range s.rules {
			key.WriteString("\n" + r.key)
		}
		double := seen[key.String()]
		seen[key.String()] = true
		return double
	})
}

func decide(rules []*formula, d Device, attributes ...string) []*formula {
	decided := make([]*formula, len(rules))
	for i, r := range rules {
		decided[i] = r.decide(d, attributes)
	}
	return decided
}
