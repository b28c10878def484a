// Package device decides which devices a filter of Conditional Access matches.
//
// What it knows is from https://learn.microsoft.com/entra/identity/conditional-access/concept-condition-filters-for-devices.
package device

import (
	"fmt"
	"strings"

	"github.com/guestward/guestward/policies/access/syntax"
	"github.com/guestward/guestward/policies/access/truth"
)

// Rule is the rule of a device filter.
type Rule struct{ root *syntax.Node }

// Device is a device as the tenant of the resource sees it. An unregistered one has no attribute at all.
type Device struct {
	Registered bool
	Compliant  bool
	Hybrid     bool   // joined to Microsoft Entra ID and to a domain: TrustType is ServerAD
	TrustType  string // AzureAD, ServerAD, Workplace or ""
	// Attributes are the others by their names in lower case: string, bool or []string. What is absent is null; so is
	// isCompliant of a device that is not Compliant, unless false stands here.
	Attributes map[string]any
}

// The attributes that others depend on.
const (
	isCompliant = "iscompliant"
	trustType   = "trusttype"
	mdmAppID    = "mdmappid"
	extension   = "extensionattribute"
)

// intune is the mdmAppId of a device that Intune manages.
const intune = "0000000a-0000-0000-c000-000000000000"

type class int

const (
	plain      class = iota + 1
	flag             // True or False
	collection       // -contains finds a whole element
)

// attributes are those that a filter may use.
var attributes = map[string]class{
	"deviceid": plain, "displayname": plain, "deviceownership": plain, "enrollmentprofilename": plain, isCompliant: flag,
	"manufacturer": plain, mdmAppID: plain, "model": plain, "operatingsystem": plain, "operatingsystemversion": plain,
	"physicalids": collection, "profiletype": plain, "systemlabels": collection, trustType: plain,
}

func init() {
	for i := 1; i <= 15; i++ {
		attributes[fmt.Sprint(extension, i)] = plain
	}
}

// Parse reads a rule. An error names the column and what was expected there.
func Parse(rule string) (*Rule, error) {
	root, err := syntax.Parse(rule)
	if err != nil {
		return nil, err
	}
	root.Comparisons(func(n *syntax.Node) {
		if problem := check(n); problem != "" && err == nil {
			err = fmt.Errorf("column %d: expected %s, found %s", n.Column, problem, n)
		}
	})
	if err != nil {
		return nil, err
	}
	return &Rule{root}, nil
}

// check says what was expected instead of the comparison, if it makes no sense.
func check(n *syntax.Node) string {
	c := attributes[n.Property]
	switch {
	case n.Kind != syntax.Compare:
		return "no -any and no -all"
	case n.Object != "device" || c == 0:
		return "an attribute that filters have, such as device.model"
	case n.Op == syntax.Match || n.Op == syntax.Le || n.Op == syntax.Ge:
		return "an operator that filters have, such as -eq"
	case c == collection && n.Op != syntax.Contains:
		return "-contains or -notContains, as the attribute is a list"
	case c != flag:
		return ""
	case n.Op != syntax.Eq:
		return "-eq or -ne, as the attribute is True or False"
	}
	for _, v := range n.Values {
		if text := fold(v.Text); !v.Null && text != "true" && text != "false" {
			return "True or False"
		}
	}
	return ""
}

// String is the rule in one way of writing.
func (r *Rule) String() string { return r.root.String() }

// Match says whether the filter matches the device. Maybe is where Microsoft's documentation leaves it open: null
// compared with an unregistered device, and what is not said of extension attributes of one that nobody manages.
func (r *Rule) Match(d Device) truth.Truth { return match(r.root, d, false) }

// match is the answer of n, or of -not n. A comparison has to know, since what is open differs.
func match(n *syntax.Node, d Device, not bool) truth.Truth {
	switch {
	case n.Kind == syntax.Not:
		return match(n.Args[0], d, !not)
	case n.Kind == syntax.Compare:
		return compare(n, d, not)
	}
	join, answer := truth.And, truth.Yes
	if (n.Kind == syntax.Or) != not {
		join, answer = truth.Or, truth.No
	}
	for _, arg := range n.Args {
		answer = join(answer, match(arg, d, not))
	}
	return answer
}

func compare(n *syntax.Node, d Device, not bool) truth.Truth {
	negative := n.Negative != not
	value := d.value(n.Property)
	null := value == nil
	available := truth.Yes
	if isExtension(n.Property) {
		available = d.hasExtensions()
	}
	if !d.Registered || available == truth.No {
		null = true
	}
	var answer truth.Truth
	switch {
	case n.Values[0].Null && (!d.Registered || available != truth.Yes):
		// It is null, but positive operators do not match an unregistered device and negative ones do.
		return truth.Maybe
	case n.Values[0].Null:
		answer = truth.Of(null)
	case null:
		answer = truth.No
	default:
		answer = truth.Of(holds(n, value))
	}
	if negative {
		answer = truth.Not(answer)
	}
	// For extension attributes of a registered device that nobody manages the documentation says that the policy applies
	// if the device is compliant or hybrid joined, and not what becomes of a negative operator otherwise.
	if d.Registered && available != truth.Yes && (negative || available == truth.Maybe && answer != truth.No) {
		return truth.Maybe
	}
	return answer
}

// value is an attribute of a registered device, nil if it is null.
func (d Device) value(attribute string) any {
	switch attribute {
	case trustType:
		if d.Hybrid {
			return "ServerAD"
		}
		if d.TrustType == "" {
			return nil
		}
		return d.TrustType
	case isCompliant:
		if d.Compliant {
			return true
		}
		if d.Attributes[attribute] != false {
			return nil
		}
	}
	return d.Attributes[attribute]
}

func isExtension(attribute string) bool { return strings.HasPrefix(attribute, extension) }

// hasExtensions says whether the device's extension attributes are there when a policy is evaluated.
func (d Device) hasExtensions() truth.Truth {
	id, managed := d.Attributes[mdmAppID].(string)
	switch {
	case d.Compliant || d.Hybrid || d.TrustType == "ServerAD" || strings.EqualFold(id, intune):
		return truth.Yes
	case managed:
		return truth.Maybe // by something that may work together with Intune
	}
	return truth.No
}

// holds says whether the positive comparison is true of a value that is not null.
func holds(n *syntax.Node, value any) bool {
	list, isList := value.([]string)
	if isList {
		for _, element := range list {
			if fold(element) == fold(n.Values[0].Text) {
				return true
			}
		}
		return false
	}
	s := fold(fmt.Sprint(value))
	for _, v := range n.Values {
		if satisfies(s, n.Op, fold(v.Text)) {
			return true
		}
	}
	return false
}

// satisfies compares folded strings.
func satisfies(s string, op syntax.Op, constant string) bool {
	switch op {
	case syntax.StartsWith:
		return strings.HasPrefix(s, constant)
	case syntax.EndsWith:
		return strings.HasSuffix(s, constant)
	case syntax.Contains:
		return strings.Contains(s, constant)
	}
	return s == constant
}

func fold(s string) string { return strings.ToLower(s) }
