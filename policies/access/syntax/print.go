package syntax

import "strings"

// whole is what a rule is part of that is part of nothing.
const whole Kind = -1

// String is the rule in one way of writing. Parse reads it as the same rule.
func (n *Node) String() string {
	var b strings.Builder
	n.write(&b, whole)
	return b.String()
}

// write adds the node as a part of one of that kind, in parentheses if it would bind differently without.
func (n *Node) write(b *strings.Builder, within Kind) {
	brackets := within != whole && (n.Kind == Any || n.Kind == All || n.Kind <= Or && !(n.Kind == And && within == Or))
	if brackets {
		b.WriteByte('(')
	}
	switch n.Kind {
	case And, Or:
		for i, arg := range n.Args {
			if i > 0 {
				b.WriteString(map[Kind]string{And: " -and ", Or: " -or "}[n.Kind])
			}
			arg.write(b, n.Kind)
		}
	case Not:
		b.WriteString("-not ")
		n.Args[0].write(b, Not)
	case Any, All:
		b.WriteString(n.Name())
		b.WriteString(map[Kind]string{Any: " -any (", All: " -all ("}[n.Kind])
		n.Args[0].write(b, whole)
		b.WriteByte(')')
	case Compare:
		b.WriteString(n.Name() + " " + n.OpName() + " ")
		for i, v := range n.Values {
			b.WriteString(map[bool]string{true: ", "}[i > 0])
			if n.List && i == 0 {
				b.WriteByte('[')
			}
			b.WriteString(v.String())
		}
		if n.List {
			b.WriteByte(']')
		}
	}
	if brackets {
		b.WriteByte(')')
	}
}

// Name is the property with its object.
func (n *Node) Name() string {
	if n.Object == "_" {
		return n.Object
	}
	return n.Object + "." + n.Property
}

// OpName is the operator as the rule has it.
func (n *Node) OpName() string {
	name := string(n.Op)
	if n.Op == Eq && n.List {
		name = "in"
	}
	switch {
	case n.Negative && name == "eq":
		return "-ne"
	case n.Negative:
		return "-not" + strings.ToUpper(name[:1]) + name[1:]
	}
	return "-" + name
}

// String is the constant as it stands in a rule.
func (v Value) String() string {
	switch {
	case v.Null:
		return "null"
	case v.Bare:
		return v.Text
	}
	return quoted(v.Text)
}

// Comparisons calls f with every comparison and every -any and -all, outer before inner.
func (n *Node) Comparisons(f func(*Node)) {
	if n.Kind >= Compare {
		f(n)
	}
	for _, arg := range n.Args {
		arg.Comparisons(f)
	}
}
