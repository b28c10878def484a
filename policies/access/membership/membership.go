// Package membership decides whether a dynamic group takes in an account of which not everything is known.
//
// What it knows is from https://learn.microsoft.com/entra/identity/users/groups-dynamic-membership. Where that page leaves
// an answer open, such as what -ne says of null, the answer is maybe.
package membership

import (
	"fmt"
	"strings"

	"github.com/guestward/guestward/policies/access/syntax"
	"github.com/guestward/guestward/policies/access/truth"
)

// Rule is the membership rule of a dynamic group.
type Rule struct {
	root    *syntax.Node
	manager string // whose direct reports they are; then root is nil
	devices bool   // the group is one of devices
}

// Parse reads a rule. An error names the column and what was expected there.
func Parse(rule string) (*Rule, error) {
	if manager, ok := directReports(rule); ok {
		return &Rule{manager: manager}, nil
	}
	root, err := syntax.Parse(rule)
	if err != nil {
		return nil, err
	}
	r := &Rule{root: root}
	if err := r.check(root, ""); err != nil {
		return nil, err
	}
	return r, nil
}

// check finds properties where they cannot stand. within is the property that -any or -all is about.
func (r *Rule) check(n *syntax.Node, within string) error {
	expected := func(what string) error {
		return fmt.Errorf("column %d: expected %s, found %s", n.Column, what, n.Name())
	}
	if n.Kind >= syntax.Compare {
		outside := n.Object == "user" || n.Object == "device"
		devices := n.Object == "device"
		switch {
		case within == "" && !outside:
			return expected("a property of user or device")
		case within != "" && outside:
			return expected("_ or a property of an element")
		case within == "" && n != first(r.root) && devices != r.devices:
			return expected("properties of users or of devices, not of both")
		case n.Kind != syntax.Compare && n.Property == "memberof" && n.Kind == syntax.All:
			return expected("-any with memberOf")
		}
		r.devices = r.devices || devices
	}
	if n.Kind == syntax.Any || n.Kind == syntax.All {
		within = n.Property
	}
	for _, arg := range n.Args {
		if err := r.check(arg, within); err != nil {
			return err
		}
	}
	return nil
}

// first is the property that a rule begins with.
func first(n *syntax.Node) *syntax.Node {
	for n.Kind < syntax.Compare {
		n = n.Args[0]
	}
	return n
}

// directReports reads the one rule that has another form: Direct Reports for "the object id of a manager".
func directReports(rule string) (manager string, ok bool) {
	words := strings.Fields(rule)
	if len(words) < 4 || !strings.EqualFold(strings.Join(words[:3], " "), "direct reports for") {
		return "", false
	}
	id := strings.Join(words[3:], " ")
	for _, marks := range []string{`""`, `''`} {
		if inner, ok := strings.CutPrefix(id, marks[:1]); ok && strings.HasSuffix(inner, marks[1:]) {
			id = strings.TrimSuffix(inner, marks[1:])
			break
		}
	}
	if inner, ok := strings.CutPrefix(id, "{"); ok && strings.HasSuffix(inner, "}") {
		id = strings.TrimSuffix(inner, "}")
	}
	return id, isID(id)
}

// isID says whether it may be an object id: 32 hexadecimal digits in five groups.
func isID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i, r := range s {
		if dash := i == 8 || i == 13 || i == 18 || i == 23; dash != (r == '-') || !dash && !strings.ContainsRune("0123456789abcdefABCDEF", r) {
			return false
		}
	}
	return true
}

// String is the rule in one way of writing.
func (r *Rule) String() string {
	if r.root == nil {
		return fmt.Sprintf("Direct Reports for %q", r.manager)
	}
	return r.root.String()
}

// Match says whether an account is a member. user knows its properties by their names in lower case and without "user.";
// the id of its manager is "manager". memberOf says whether it is a direct member of a group. It is maybe where what is
// not known may decide.
func (r *Rule) Match(user func(property string) Value, memberOf func(groupID string) truth.Truth) truth.Truth {
	if r.devices {
		return truth.No
	}
	s := subject{property: user, memberOf: memberOf}
	if r.root == nil {
		return user("manager").compare(&syntax.Node{Op: syntax.Eq, Values: []syntax.Value{{Text: r.manager}}}, false)
	}
	return s.match(r.root, false)
}

// subject is who a rule is asked about; within -any and -all, an element of one of its lists.
type subject struct {
	property func(string) Value
	memberOf func(string) truth.Truth
}

// match is the answer of n, or of -not n. A comparison has to know, since what is open differs.
func (s subject) match(n *syntax.Node, not bool) truth.Truth {
	switch n.Kind {
	case syntax.Not:
		return s.match(n.Args[0], !not)
	case syntax.Compare:
		return s.property(n.Property).compare(n, not)
	case syntax.Any, syntax.All:
		return s.elements(n, not)
	}
	join, answer := truth.And, truth.Yes
	if (n.Kind == syntax.Or) != not {
		join, answer = truth.Or, truth.No
	}
	for _, arg := range n.Args {
		answer = join(answer, s.match(arg, not))
	}
	return answer
}

// elements is the answer of -any and -all.
func (s subject) elements(n *syntax.Node, not bool) truth.Truth {
	if n.Property == "memberof" {
		return s.groups(n.Args[0], not)
	}
	v := s.property(n.Property)
	if !v.Known || !v.Null && v.List == nil {
		return truth.Maybe
	}
	join, answer := truth.Or, truth.No
	if (n.Kind == syntax.All) != not {
		join, answer = truth.And, truth.Yes
	}
	cond := n.Args[0]
	if len(v.List) == 0 {
		// The documentation finds who has no plan with -all (assignedPlan.servicePlanId -eq null). That fits an empty list
		// and one element without a value: both have to agree.
		if element(Value{Known: true, Null: true}).match(cond, not) != answer {
			return truth.Maybe
		}
		return answer
	}
	for _, text := range v.List {
		answer = join(answer, element(Value{Known: true, Text: text}).match(cond, not))
	}
	return answer
}

// element is one of a list of texts: _ has the value. Of objects the list does not know more than that they are there.
func element(v Value) subject {
	return subject{property: func(name string) Value {
		if name == "" || v.Null {
			return v
		}
		return Value{}
	}}
}

// groups is the answer of user.memberOf -any, which has one form: (group.objectId -in [...]).
func (s subject) groups(cond *syntax.Node, not bool) truth.Truth {
	if cond.Kind != syntax.Compare || cond.Name() != "group.objectid" || cond.Op != syntax.Eq || cond.Negative || cond.Values[0].Null {
		return truth.Maybe
	}
	answer := truth.No
	for _, id := range cond.Values {
		answer = truth.Or(answer, s.memberOf(id.Text))
	}
	if not {
		answer = truth.Not(answer)
	}
	return answer
}
