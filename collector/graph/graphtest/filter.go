package graphtest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// node is a part of a filter.
type node struct {
	op          string // and or, eq ne gt ge lt le, startswith endswith contains, any
	left, right *node  // of and and or; left is the condition of any
	path        []string
	literal     any // string, bool, float64, time.Time or nil
}

// advanced says whether directory objects are filtered so only by an advanced query.
// https://learn.microsoft.com/en-us/graph/aad-advanced-queries
func (n *node) advanced() bool {
	if n == nil {
		return false
	}
	return n.op == "ne" || n.op == "endswith" || n.left.advanced() || n.right.advanced()
}

// properties are the properties of the type that the filter names.
func (n *node) properties() []string {
	switch {
	case n == nil:
		return nil
	case n.op == "and" || n.op == "or":
		return append(n.left.properties(), n.right.properties()...)
	}
	return []string{n.path[0]}
}

// equals finds what a property must be equal to.
func (n *node) equals(property string) (any, bool) {
	switch {
	case n == nil:
		return nil, false
	case n.op == "and":
		if v, ok := n.left.equals(property); ok {
			return v, true
		}
		return n.right.equals(property)
	case n.op == "eq" && len(n.path) == 1 && n.path[0] == property:
		return n.literal, true
	}
	return nil, false
}

// match evaluates the filter.
func (n *node) match(r rows, i int) bool {
	switch n.op {
	case "and":
		return n.left.match(r, i) && n.right.match(r, i)
	case "or":
		return n.left.match(r, i) || n.right.match(r, i)
	case "any":
		list, _ := descend(r.value(i, n.path[0]), n.path[1:]).([]any)
		for _, v := range list {
			if n.left == nil || compare(n.left.op, descend(v, n.left.path), n.left.literal) {
				return true
			}
		}
		return false
	}
	return compare(n.op, descend(r.value(i, n.path[0]), n.path[1:]), n.literal)
}

func descend(v any, path []string) any {
	for _, name := range path {
		if strings.Contains(name, ".") {
			continue // a cast: microsoft.graph.accessReviewQueryScope
		}
		m, _ := v.(map[string]any)
		v = m[name]
	}
	return v
}

func compare(op string, v, literal any) bool {
	switch op {
	case "eq":
		return equal(v, literal)
	case "ne":
		return !equal(v, literal)
	case "startswith", "endswith", "contains":
		s, _ := v.(string)
		l, _ := literal.(string)
		s, l = strings.ToLower(s), strings.ToLower(l)
		return op == "startswith" && strings.HasPrefix(s, l) || op == "endswith" && strings.HasSuffix(s, l) ||
			op == "contains" && strings.Contains(s, l)
	}
	var c int
	switch l := literal.(type) {
	case time.Time:
		s, _ := v.(string)
		at, err := time.Parse(time.RFC3339, s)
		if err != nil {
			return false
		}
		c = at.Compare(l)
	case float64:
		f, ok := v.(float64)
		if !ok {
			return false
		}
		c = int(max(-1, min(1, f-l)))
	default:
		return false
	}
	switch op {
	case "gt":
		return c > 0
	case "ge":
		return c >= 0
	case "lt":
		return c < 0
	}
	return c <= 0
}

func equal(v, literal any) bool {
	if s, ok := v.(string); ok {
		switch l := literal.(type) {
		case string:
			return strings.EqualFold(s, l)
		case time.Time:
			at, err := time.Parse(time.RFC3339, s)
			return err == nil && at.Equal(l)
		}
		return false
	}
	return v == literal
}

// filterParser reads the forms of $filter that are known; everything else is an error.
type filterParser struct {
	text string
	pos  int
	// variable is what the condition of an any calls its element.
	variable string
}

func parseFilter(text string) (*node, error) {
	p := &filterParser{text: text}
	n, err := p.disjunction()
	if err != nil {
		return nil, err
	}
	if p.skip(); p.pos < len(p.text) {
		return nil, fmt.Errorf("not understood from %q on", p.text[p.pos:])
	}
	return n, nil
}

func (p *filterParser) skip() {
	for p.pos < len(p.text) && p.text[p.pos] == ' ' {
		p.pos++
	}
}

func (p *filterParser) take(s string) bool {
	p.skip()
	if !strings.HasPrefix(p.text[p.pos:], s) {
		return false
	}
	p.pos += len(s)
	return true
}

func (p *filterParser) need(s string) error {
	if !p.take(s) {
		return fmt.Errorf("%q is missing before %q", s, p.text[p.pos:])
	}
	return nil
}

func (p *filterParser) disjunction() (*node, error) {
	left, err := p.conjunction()
	for err == nil && p.take("or ") {
		var right *node
		right, err = p.conjunction()
		left = &node{op: "or", left: left, right: right}
	}
	return left, err
}

func (p *filterParser) conjunction() (*node, error) {
	left, err := p.condition()
	if err != nil {
		return nil, err
	}
	for p.take("and ") {
		right, err := p.condition()
		if err != nil {
			return nil, err
		}
		left = &node{op: "and", left: left, right: right}
	}
	return left, nil
}

func (p *filterParser) condition() (*node, error) {
	if p.take("(") {
		n, err := p.disjunction()
		if err != nil {
			return nil, err
		}
		return n, p.need(")")
	}
	word := p.word()
	switch fn := strings.ToLower(word); fn {
	case "startswith", "endswith", "contains":
		n := &node{op: fn}
		if err := p.need("("); err != nil {
			return nil, err
		}
		var err error
		if n.path, err = p.path(p.word()); err != nil {
			return nil, err
		}
		if err := p.need(","); err != nil {
			return nil, err
		}
		if n.literal, err = p.literal(); err != nil {
			return nil, err
		}
		if _, ok := n.literal.(string); !ok {
			return nil, fmt.Errorf("%s needs a text", fn)
		}
		return n, p.need(")")
	}
	if path, ok := cutAny(word); ok && p.variable == "" {
		return p.any(path)
	}
	path, err := p.path(word)
	if err != nil {
		return nil, err
	}
	n := &node{op: p.word(), path: path}
	if !slices.Contains([]string{"eq", "ne", "gt", "ge", "lt", "le"}, n.op) {
		return nil, fmt.Errorf("%q is no comparison that is known", n.op)
	}
	n.literal, err = p.literal()
	return n, err
}

func cutAny(word string) (string, bool) {
	if s, ok := strings.CutSuffix(word, "/any"); ok {
		return s, true
	}
	return strings.CutSuffix(word, "/Any")
}

// any reads (x:x eq 'value') or (x:x/name eq 'value').
func (p *filterParser) any(word string) (*node, error) {
	path, err := p.path(word)
	if err != nil {
		return nil, err
	}
	if err := p.need("("); err != nil {
		return nil, err
	}
	variable := p.word()
	if err := p.need(":"); err != nil {
		return nil, err
	}
	inner := &filterParser{text: p.text, pos: p.pos, variable: variable}
	body, err := inner.condition()
	if err != nil {
		return nil, err
	}
	p.pos = inner.pos
	if body.op == "and" || body.op == "or" || body.op == "any" {
		return nil, fmt.Errorf("only one comparison is known inside any")
	}
	return &node{op: "any", path: path, left: body}, p.need(")")
}

func (p *filterParser) word() string {
	p.skip()
	start := p.pos
	for p.pos < len(p.text) && (isWord(p.text[p.pos]) || p.text[p.pos] == '/' || p.text[p.pos] == '.') {
		p.pos++
	}
	return p.text[start:p.pos]
}

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func (p *filterParser) path(word string) ([]string, error) {
	parts := strings.Split(word, "/")
	if p.variable != "" {
		if parts[0] != p.variable {
			return nil, fmt.Errorf("%q is not about %q", word, p.variable)
		}
		return parts[1:], nil
	}
	if slices.Contains(parts, "") {
		return nil, fmt.Errorf("no property before %q", p.text[p.pos:])
	}
	return parts, nil
}

func (p *filterParser) literal() (any, error) {
	p.skip()
	rest := p.text[p.pos:]
	if strings.HasPrefix(rest, "'") {
		var s strings.Builder
		for i := 1; i < len(rest); i++ {
			switch {
			case rest[i] != '\'':
				s.WriteByte(rest[i])
			case i+1 < len(rest) && rest[i+1] == '\'':
				s.WriteByte('\'')
				i++
			default:
				p.pos += i + 1
				return s.String(), nil
			}
		}
		return nil, fmt.Errorf("the text %q has no end", rest)
	}
	end := strings.IndexAny(rest, " )")
	if end < 0 {
		end = len(rest)
	}
	word := rest[:end]
	p.pos += end
	switch word {
	case "true":
		return true, nil
	case "false":
		return false, nil
	case "null":
		return nil, nil
	}
	if f, err := strconv.ParseFloat(word, 64); err == nil {
		return f, nil
	}
	at, err := time.Parse(time.RFC3339, word)
	if err != nil {
		return nil, fmt.Errorf("%q is no value", word)
	}
	return at, nil
}
