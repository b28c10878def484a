package graphtest

import (
	"fmt"
	"hash/fnv"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// query is what the options of a request ask for.
type query struct {
	selected []string
	expanded []expansion
	filter   *node
	text     string // of the filter
	top      int
	skip     int
	counted  bool
	ordered  string
	token    string // $skiptoken
	rest     string // everything but the token, as it came
}

// expansion is a navigation property that is expanded, and with what.
type expansion struct {
	name     string
	many     bool
	target   *entity // nil when the table has no such type
	selected []string
	expanded []expansion
}

// parseQuery reads the options. Errors are what the service would not understand.
func parseQuery(raw string, e *endpoint) (*query, error) {
	q := &query{}
	typ := entities[e.typ]
	seen := map[string]bool{}
	var rest []string
	for part := range strings.SplitSeq(raw, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		var err error
		if name, err = url.QueryUnescape(name); err != nil {
			return nil, fmt.Errorf("the option %q is not escaped well", part)
		}
		if value, err = url.QueryUnescape(value); err != nil {
			return nil, fmt.Errorf("the value of %s is not escaped well", name)
		}
		if seen[name] {
			return nil, fmt.Errorf("%s is there twice", name)
		}
		seen[name] = true
		option := strings.TrimPrefix(name, "$")
		if option == name {
			return nil, fmt.Errorf("unknown query option %q", name)
		}
		if option != "skiptoken" {
			rest = append(rest, part)
			if !understands(e, option) {
				return nil, fmt.Errorf("%s is not understood here", name)
			}
		}
		switch option {
		case "select":
			q.selected, err = parseSelect(value, typ, name)
		case "expand":
			q.expanded, err = parseExpand(value, typ, strings.Fields(e.expands))
		case "filter":
			q.text = value
			if q.filter, err = parseFilter(value); err != nil {
				err = fmt.Errorf("$filter=%s: %w", value, err)
			}
		case "top":
			if q.top, err = strconv.Atoi(value); err != nil || q.top < 1 || q.top > e.most {
				err = fmt.Errorf("$top=%s: a page has 1 to %d elements here", value, e.most)
			}
		case "skip":
			if q.skip, err = strconv.Atoi(value); err != nil || q.skip < 0 {
				err = fmt.Errorf("$skip=%s is no number of elements", value)
			}
		case "count":
			if value != "true" && value != "false" {
				err = fmt.Errorf("$count=%s is neither true nor false", value)
			}
			q.counted = value == "true"
		case "orderby":
			q.ordered = value
			err = parseOrder(value, typ)
		case "skiptoken":
			q.token = value
		}
		if err != nil {
			return nil, err
		}
	}
	q.rest = strings.Join(rest, "&")
	for _, name := range q.filter.properties() {
		if _, ok := typ.has(name); !ok {
			return nil, fmt.Errorf("$filter=%s: %s has no property %s", q.text, typ.name, name)
		}
	}
	return q, nil
}

func understands(e *endpoint, option string) bool {
	switch option {
	case "top":
		return e.most > 0
	case "select", "expand", "filter", "count", "orderby", "skip":
		return slices.Contains(strings.Fields(e.options), option)
	}
	return false
}

func parseSelect(value string, typ *entity, option string) ([]string, error) {
	list := strings.Split(value, ",")
	for i, name := range list {
		list[i] = strings.TrimSpace(name)
		_, isProperty := typ.has(list[i])
		_, isNavigation := typ.navs[list[i]]
		if !isProperty && !isNavigation {
			return nil, fmt.Errorf("%s: %s has no property %q", option, typ.name, list[i])
		}
		if slices.Contains(list[:i], list[i]) {
			return nil, fmt.Errorf("%s: %s is there twice", option, list[i])
		}
	}
	return list, nil
}

func parseOrder(value string, typ *entity) error {
	name, direction, _ := strings.Cut(value, " ")
	if _, ok := typ.has(name); !ok || !slices.Contains([]string{"", "asc", "desc"}, direction) {
		return fmt.Errorf("$orderby=%s: %s has no such order", value, typ.name)
	}
	return nil
}

// parseExpand reads name($select=a,b;$expand=c),name.
func parseExpand(value string, typ *entity, allowed []string) ([]expansion, error) {
	var list []expansion
	for _, part := range splitOutside(value, ',') {
		name, inner, nested := strings.Cut(strings.TrimSpace(part), "(")
		target, ok := typ.navs[name]
		if !ok || allowed != nil && !slices.Contains(allowed, name) {
			return nil, fmt.Errorf("$expand: %s has nothing to expand called %q here", typ.name, name)
		}
		plain := strings.TrimSuffix(target, "[]")
		x := expansion{name: name, many: plain != target, target: entities[plain]}
		if nested {
			inner, closed := strings.CutSuffix(inner, ")")
			if !closed {
				return nil, fmt.Errorf("$expand: %q is not closed", part)
			}
			for _, option := range splitOutside(inner, ';') {
				key, text, _ := strings.Cut(option, "=")
				var err error
				switch {
				case x.target == nil:
					err = fmt.Errorf("$expand: the properties of %s are not known here", plain)
				case key == "$select":
					x.selected, err = parseSelect(text, x.target, "$select in $expand="+name)
				case key == "$expand":
					x.expanded, err = parseExpand(text, x.target, nil)
				default:
					err = fmt.Errorf("$expand=%s: %q is not understood", name, option)
				}
				if err != nil {
					return nil, err
				}
			}
		}
		list = append(list, x)
	}
	return list, nil
}

// splitOutside splits at a separator that stands in no parentheses.
func splitOutside(s string, separator byte) []string {
	var parts []string
	depth, start := 0, 0
	for i := range len(s) {
		switch s[i] {
		case '(':
			depth++
		case ')':
			depth--
		case separator:
			if depth == 0 {
				parts = append(parts, s[start:i])
				start = i + 1
			}
		}
	}
	return append(parts, s[start:])
}

// skipToken is where the next page begins. It holds what the page belongs to, so that nobody makes up a token, or changes
// the options beside it.
func skipToken(kind, path, rest string, at string) string {
	plain, err := url.QueryUnescape(rest) // how the options are escaped does not matter
	if err != nil {
		plain = rest
	}
	return kind + at + "." + strconv.FormatUint(tokenSum(kind, path, plain, at), 36)
}

func tokenSum(parts ...string) uint64 {
	h := fnv.New64a()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return h.Sum64()
}

func readSkipToken(token, kind, path, rest string) (at string, ok bool) {
	body, _, _ := strings.Cut(token, ".")
	at, ok = strings.CutPrefix(body, kind)
	return at, ok && token == skipToken(kind, path, rest, at)
}
