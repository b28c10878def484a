package imports

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"github.com/guestward/guestward/collector/snapshot"
)

// shape is a part of the snapshot's schema, as far as the import needs it.
type shape struct {
	Type       types             `json:"type"`
	Properties map[string]*shape `json:"properties"`
	Required   []string          `json:"required"`
	Items      *shape            `json:"items"`
	Key        string            `json:"x-key"`
	Stream     bool              `json:"x-stream"`
}

// types is the schema's "type": one name or several.
type types []string

func (t *types) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		*t = make(types, 1)
		return json.Unmarshal(data, &(*t)[0])
	}
	return json.Unmarshal(data, (*[]string)(t))
}

var schema = sync.OnceValue(func() *shape {
	s := new(shape)
	if err := json.Unmarshal(snapshot.SchemaJSON, s); err != nil {
		panic(fmt.Sprintf("schema.json: %v", err)) // package snapshot compiles it too
	}
	return s
})

// schemaShape is the shape of a dotted path, nil where the schema does not say.
func schemaShape(path string) *shape {
	s := schema()
	for name := range strings.SplitSeq(path, ".") {
		if s == nil {
			return nil
		}
		s = s.Properties[name]
	}
	return s
}

// schemaPaths lists the sections, and of those that have any the properties.
func schemaPaths() []string {
	var paths []string
	for _, section := range snapshot.SectionNames() {
		s := schema().Properties[section]
		switch {
		case section == "collection":
		case s.Stream || len(s.Properties) == 0:
			paths = append(paths, section)
		default:
			for _, property := range slices.Sorted(maps.Keys(s.Properties)) {
				paths = append(paths, section+"."+property)
			}
		}
	}
	return paths
}

// fit holds a value against the schema. What PowerShell has changed without loss is changed back; a property of another
// type is dropped and recorded; a list of which an element is unusable, or cannot be told from the others, is no list at
// all, for a shorter one would say that the element is not there. A problem makes the whole value unusable.
func (c *conversion) fit(s *shape, v any) (fitted any, problem string) {
	if s == nil || len(s.Type) == 0 {
		return v, ""
	}
	v = s.restore(v)
	if !slices.ContainsFunc(s.Type, func(t string) bool { return isOf(t, v) }) {
		return nil, fmt.Sprintf("expected %s, found %s", strings.Join(s.Type, " or "), describe(v))
	}
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i, element := range v {
			c.within(i, func() { out[i], problem = c.fit(s.Items, element) })
			if problem == "" && s.Key != "" && field(out[i], s.Key) == nil {
				problem = s.Key + " is missing or unusable"
			}
			if problem != "" {
				return nil, fmt.Sprintf("element %d: %s", i, problem)
			}
		}
		return out, ""
	case map[string]any:
		out := maps.Clone(v)
		for _, name := range slices.Sorted(maps.Keys(v)) {
			c.within(name, func() {
				if out[name], problem = c.fit(s.Properties[name], v[name]); problem != "" {
					delete(out, name)
					c.lost(problem)
				}
			})
		}
		for _, name := range s.Required {
			if _, ok := out[name]; !ok {
				return nil, fmt.Sprintf("%s is missing or unusable", name)
			}
		}
		return out, ""
	}
	return v, ""
}

// restore gives a value the type that the schema asks for, where nothing is lost by it.
func (s *shape) restore(v any) any {
	accepts := func(t string) bool { return slices.Contains(s.Type, t) }
	v = unwrap(v)
	if accepts("array") && !isOf("array", v) && s.Items != nil && slices.ContainsFunc(s.Items.Type, func(t string) bool { return isOf(t, v) }) {
		if word, ok := v.(string); ok && !isWord(word) {
			return v // a list that was joined, or nothing of one
		}
		return []any{v}
	}
	word, ok := v.(string)
	switch {
	case !ok || accepts("string"):
	case accepts("boolean") && strings.EqualFold(word, "true"):
		return true
	case accepts("boolean") && strings.EqualFold(word, "false"):
		return false
	case accepts("integer") || accepts("number"):
		if n, err := strconv.ParseInt(word, 10, 64); err == nil && strconv.FormatInt(n, 10) == word {
			return json.Number(word)
		}
	}
	return v
}

// isOf says whether the value is of the schema's type.
func isOf(t string, v any) bool {
	switch v := v.(type) {
	case nil:
		return t == "null"
	case bool:
		return t == "boolean"
	case string:
		return t == "string"
	case json.Number:
		return t == "number" || t == "integer" && isInteger(v.String())
	case []any:
		return t == "array"
	default:
		return t == "object"
	}
}

func isInteger(text string) bool {
	if !strings.ContainsAny(text, ".eE") {
		return true
	}
	f, err := strconv.ParseFloat(text, 64)
	return err == nil && f == math.Trunc(f) && !math.IsInf(f, 0)
}

// isWord says whether text can be one element of a list. PowerShell joins a list that it writes as text with blanks, and
// writes an empty one as "".
func isWord(s string) bool { return s != "" && !strings.ContainsFunc(s, unicode.IsSpace) }

// plainText is the text of a switch or number, for properties that the service has as text only.
func plainText(v any) any {
	switch v := v.(type) {
	case bool:
		return strconv.FormatBool(v)
	case json.Number:
		return v.String()
	}
	return v
}
