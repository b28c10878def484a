package snapshot

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"sort"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

// SchemaVersion is the version of the document that this package reads and writes.
const SchemaVersion = 1

// SchemaJSON is the JSON Schema of a snapshot: the contract between collectors and rules.
//
//go:embed schema.json
var SchemaJSON []byte

// kind is a set of JSON types.
type kind uint8

const (
	kindNull kind = 1 << iota
	kindBoolean
	kindInteger
	kindNumber
	kindString
	kindArray
	kindObject
)

var kindNames = []struct {
	kind kind
	name string
}{
	{kindObject, "object"},
	{kindArray, "array"},
	{kindString, "string"},
	{kindInteger, "integer"},
	{kindNumber, "number"},
	{kindBoolean, "boolean"},
	{kindNull, "null"},
}

// String lists the types in words: "string or null".
func (k kind) String() string {
	var names []string
	for _, n := range kindNames {
		if k&n.kind != 0 {
			names = append(names, n.name)
		}
	}
	return strings.Join(names, " or ")
}

// Type is a compiled part of the schema: the subset of JSON Schema that schema.json uses.
// A nil Type and a Type without kinds accept everything.
type Type struct {
	kinds      kind
	properties map[string]*Type
	required   []string
	items      *Type

	// Key is the property that identifies an element of the array, or "".
	Key string
	// Set says that the order of the array's scalars means nothing.
	Set bool
	// Stream says that the array is a collection: read in chunks, never held whole.
	Stream bool
}

// Property is the type of the object's member, nil where the schema does not say.
func (t *Type) Property(name string) *Type {
	if t == nil {
		return nil
	}
	return t.properties[name]
}

// Items is the type of the array's elements, nil where the schema does not say.
func (t *Type) Items() *Type {
	if t == nil {
		return nil
	}
	return t.items
}

// UnmarshalJSON compiles a schema. It refuses keywords that it would have to ignore.
func (t *Type) UnmarshalJSON(data []byte) error {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil {
		return err
	}
	for keyword, value := range fields {
		var err error
		switch keyword {
		case "$schema", "$id", "title", "description":
		case "type":
			t.kinds, err = parseKinds(value)
		case "properties":
			err = json.Unmarshal(value, &t.properties)
		case "required":
			err = json.Unmarshal(value, &t.required)
		case "items":
			err = json.Unmarshal(value, &t.items)
		case "x-key":
			err = json.Unmarshal(value, &t.Key)
		case "x-set":
			err = json.Unmarshal(value, &t.Set)
		case "x-stream":
			err = json.Unmarshal(value, &t.Stream)
		default:
			err = fmt.Errorf("keyword %q is not supported", keyword)
		}
		if err != nil {
			return err
		}
	}
	sort.Strings(t.required)
	return nil
}

func parseKinds(value json.RawMessage) (kind, error) {
	var names []string
	if err := json.Unmarshal(value, &names); err != nil {
		names = make([]string, 1)
		if err := json.Unmarshal(value, &names[0]); err != nil {
			return 0, err
		}
	}
	var kinds kind
next:
	for _, name := range names {
		for _, n := range kindNames {
			if n.name == name {
				kinds |= n.kind
				continue next
			}
		}
		return 0, fmt.Errorf("type %q is not supported", name)
	}
	if kinds&kindNumber != 0 {
		kinds |= kindInteger
	}
	return kinds, nil
}

// Schema is the compiled SchemaJSON.
var Schema = sync.OnceValue(func() *Type {
	t := new(Type)
	if err := json.Unmarshal(SchemaJSON, t); err != nil {
		panic(fmt.Sprintf("schema.json: %v", err)) // a test compiles it
	}
	return t
})

// SectionNames lists the sections in the order of the schema, which is the canonical order of the document.
var SectionNames = sync.OnceValue(func() []string {
	var schema struct {
		Properties jsontext.Value `json:"properties"`
	}
	if err := json.Unmarshal(SchemaJSON, &schema); err != nil {
		panic(fmt.Sprintf("schema.json: %v", err))
	}
	var names []string
	dec := jsontext.NewDecoder(bytes.NewReader(schema.Properties))
	for _, err := dec.ReadToken(); err == nil && dec.PeekKind() == '"'; err = dec.SkipValue() {
		name, _ := dec.ReadToken()
		names = append(names, name.String())
	}
	return names
})
