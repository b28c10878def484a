// Package syntax reads the rules of Microsoft Entra ID's dynamic groups, whose syntax the device filters of Conditional
// Access share. It knows the grammar and no property.
//
// The grammar is that of https://learn.microsoft.com/entra/identity/users/groups-dynamic-membership. Where two readings of
// it differ, the rule is refused: who asks must not take one of them for certain.
package syntax

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Limits of what is read. Entra ID takes 3,072 characters.
const (
	MaxLength = 8192
	MaxDepth  = 64
)

// Kind is what a node of a rule is.
type Kind int

// The kinds of node.
const (
	And Kind = iota
	Or
	Not
	Compare // Property Op Values
	Any     // Property -any (Args[0])
	All     // Property -all (Args[0])
)

// Node is a rule, or a part of one.
type Node struct {
	Kind Kind
	Args []*Node
	// Object and Property of user.department are "user" and "department", in lower case; of _ "_" and "".
	Object, Property string
	// Op is the positive operator of a comparison, Negative says that the rule has its opposite.
	Op       Op
	Negative bool
	Values   []Value
	List     bool // the values stand in brackets
	Column   int  // of the property, from 1
}

// Op is a comparison.
type Op string

// The comparisons. -in is Eq with a list.
const (
	Eq         Op = "eq"
	StartsWith Op = "startsWith"
	EndsWith   Op = "endsWith"
	Contains   Op = "contains"
	Match      Op = "match"
	Le         Op = "le"
	Ge         Op = "ge"
)

type operator struct {
	op       Op
	negative bool
	list     bool
}

var operators = map[string]operator{
	"eq": {op: Eq}, "ne": {op: Eq, negative: true},
	"in": {op: Eq, list: true}, "notin": {op: Eq, negative: true, list: true},
	"startswith": {op: StartsWith}, "notstartswith": {op: StartsWith, negative: true},
	"endswith": {op: EndsWith}, "notendswith": {op: EndsWith, negative: true},
	"contains": {op: Contains}, "notcontains": {op: Contains, negative: true},
	"match": {op: Match}, "notmatch": {op: Match, negative: true},
	"le": {op: Le}, "ge": {op: Ge},
}

// Value is a constant. Text of true and false is "true" and "false".
type Value struct {
	Null bool
	Bare bool // stood without quotes
	Text string
}

// Parse reads a rule. An error names the column and what was expected there.
func Parse(rule string) (*Node, error) {
	if len(rule) > MaxLength {
		return nil, fmt.Errorf("column 1: expected a rule of at most %d bytes, found %d", MaxLength, len(rule))
	}
	if !utf8.ValidString(rule) {
		return nil, fmt.Errorf("column 1: expected UTF-8, found other bytes")
	}
	tokens, err := lex(rule)
	if err != nil {
		return nil, err
	}
	p := &parser{rule: rule, tokens: tokens}
	n, err := p.or()
	if err != nil {
		return nil, err
	}
	if p.peek().kind != end {
		return nil, p.expected("-and, -or or the end of the rule")
	}
	return n, nil
}

type parser struct {
	rule   string
	tokens []token
	depth  int
	inside int // how many -any and -all it is in
	// What Microsoft's table of precedence says of -any and -all, the last of all operators, lets what follows their
	// parentheses belong to them. Nobody writes rules so. last is how loosely the one before binds: 1 where an -or after
	// it would have two readings, 2 where -and would too.
	last int
}

func (p *parser) peek() token { return p.tokens[0] }

func (p *parser) next() token {
	t := p.tokens[0]
	if t.kind != end {
		p.tokens = p.tokens[1:]
	}
	return t
}

func (p *parser) expected(what string) error {
	return errorAt(p.rule, p.peek().at, what, p.peek().String())
}

// take takes the next token if it is this word, with or without a dash.
func (p *parser) take(name string) bool {
	if t := p.peek(); t.kind != word || !strings.EqualFold(t.text, name) {
		return false
	}
	p.next()
	return true
}

func (p *parser) takePunct(sign string) bool {
	if t := p.peek(); t.kind != punct || t.text != sign {
		return false
	}
	p.next()
	return true
}

// deeper counts a level; the caller takes it back with leave.
func (p *parser) deeper() error {
	if p.depth++; p.depth > MaxDepth {
		return p.expected(fmt.Sprintf("at most %d levels", MaxDepth))
	}
	return nil
}

func (p *parser) or() (*Node, error) { return p.chain(Or, "or", 1, p.and) }

func (p *parser) and() (*Node, error) { return p.chain(And, "and", 2, p.not) }

func (p *parser) chain(kind Kind, name string, loose int, operand func() (*Node, error)) (*Node, error) {
	first, err := operand()
	if err != nil {
		return nil, err
	}
	n := &Node{Kind: kind, Args: []*Node{first}}
	for {
		if t := p.peek(); t.kind == word && strings.EqualFold(t.text, name) && p.last >= loose {
			return nil, p.expected("parentheses around -any or -all and its condition")
		}
		if !p.take(name) {
			break
		}
		arg, err := operand()
		if err != nil {
			return nil, err
		}
		n.Args = append(n.Args, arg)
	}
	if len(n.Args) == 1 {
		return first, nil
	}
	return n, nil
}

func (p *parser) not() (*Node, error) {
	if !p.take("not") {
		return p.single()
	}
	if err := p.deeper(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	arg, err := p.not()
	if err != nil {
		return nil, err
	}
	return &Node{Kind: Not, Args: []*Node{arg}}, nil
}

// single is a comparison, or anything in parentheses.
func (p *parser) single() (*Node, error) {
	if p.peek().kind == punct && p.peek().text == "(" {
		return p.group()
	}
	t := p.peek()
	if t.kind != word || t.dash {
		return nil, p.expected("a property, -not or (")
	}
	object, property, ok := strings.Cut(strings.ToLower(t.text), ".")
	if ok != (object != "_") || ok && (object == "" || property == "" || strings.Contains(property, ".")) {
		return nil, p.expected("a property, such as user.department or device.model")
	}
	n := &Node{Object: object, Property: property, Column: utf8.RuneCountInString(p.rule[:t.at]) + 1}
	p.next()
	switch {
	case p.take("any"):
		n.Kind = Any
		return n, p.quantified(n, 1)
	case p.take("all"):
		n.Kind = All
		return n, p.quantified(n, 2)
	}
	n.Kind = Compare
	return n, p.comparison(n)
}

// group is a rule in parentheses.
func (p *parser) group() (*Node, error) {
	if err := p.deeper(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	p.next()
	outer := p.last
	p.last = 0
	n, err := p.or()
	if err != nil {
		return nil, err
	}
	if !p.takePunct(")") {
		return nil, p.expected("-and, -or or )")
	}
	p.last = outer
	return n, nil
}

// quantified reads what every or some element has to satisfy.
func (p *parser) quantified(n *Node, loose int) error {
	if p.inside > 0 {
		return p.expected("no -any or -all within another")
	}
	if n.Object == "_" {
		return p.expected("a comparison: _ is one value, not a list")
	}
	p.inside++
	defer func() { p.inside-- }()
	if p.peek().kind != punct {
		loose = 2 // it is not said where the condition ends
	}
	cond, err := p.single()
	if err != nil {
		return err
	}
	n.Args = []*Node{cond}
	p.last = max(p.last, loose)
	return nil
}

func (p *parser) comparison(n *Node) error {
	t := p.peek()
	o, ok := operators[strings.ToLower(t.text)]
	if t.kind != word || !ok {
		return p.expected("an operator, such as -eq")
	}
	p.next()
	n.Op, n.Negative, n.List = o.op, o.negative, o.list
	if o.list {
		return p.list(n)
	}
	if p.peek().kind == punct {
		return p.expected("a value")
	}
	v, err := p.value(n.Op)
	if err != nil {
		return err
	}
	n.Values = []Value{v}
	return nil
}

func (p *parser) list(n *Node) error {
	if !p.takePunct("[") {
		return p.expected("[ and a list of values")
	}
	for {
		v, err := p.value(Eq)
		if err != nil {
			return err
		}
		if v.Null {
			return p.expected("no null before this: it is compared with -eq and -ne")
		}
		n.Values = append(n.Values, v)
		if p.takePunct("]") {
			return nil
		}
		if !p.takePunct(",") {
			return p.expected(", or ]")
		}
	}
}

// value reads a constant. Only numbers, times, true, false and null need no quotation marks.
func (p *parser) value(op Op) (Value, error) {
	t := p.peek()
	if t.kind == text {
		p.next()
		return Value{Text: t.text}, nil
	}
	name := strings.ToLower(strings.TrimPrefix(t.text, "$"))
	switch {
	case t.kind != word || t.dash && !isDigit(t.text[0]):
		return Value{}, p.expected("a value")
	case name == "true" || name == "false":
		p.next()
		return Value{Bare: true, Text: name}, nil
	case name == "null" && op == Eq:
		p.next()
		return Value{Bare: true, Null: true}, nil
	case name == "system.now" && (op == Le || op == Ge):
		p.next()
		return p.shifted(name)
	case isDigit(t.text[0]):
		p.next()
		if t.dash {
			name = "-" + name
		}
		return Value{Bare: true, Text: name}, nil
	}
	return Value{}, p.expected("a value: a string in quotation marks, a number, true, false, or null after -eq or -ne")
}

// shifted reads a duration that is added to the present time or taken from it.
func (p *parser) shifted(now string) (Value, error) {
	for _, by := range []string{"plus", "minus"} {
		if p.take(by) {
			t := p.peek()
			if t.kind != word || t.dash || !strings.HasPrefix(strings.ToLower(t.text), "p") {
				return Value{}, p.expected("a duration, such as p1d")
			}
			p.next()
			return Value{Bare: true, Text: now + " -" + by + " " + strings.ToLower(t.text)}, nil
		}
	}
	return Value{Bare: true, Text: now}, nil
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }
