package graphtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// object is a JSON object whose members keep their text and order.
type object struct {
	id      string
	names   []string
	raw     []json.RawMessage
	decoded map[string]any
}

func parseObject(text []byte) (*object, error) {
	dec := json.NewDecoder(bytes.NewReader(text))
	if tok, err := dec.Token(); err != nil || tok != json.Delim('{') {
		return nil, errors.New("not a JSON object")
	}
	o := &object{}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return nil, err
		}
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			return nil, err
		}
		var b bytes.Buffer
		if err := json.Compact(&b, raw); err != nil {
			return nil, err
		}
		o.names, o.raw = append(o.names, name.(string)), append(o.raw, b.Bytes())
	}
	if err := json.Unmarshal(text, &o.decoded); err != nil {
		return nil, err
	}
	for _, key := range []string{"id", "tenantId", "skuId", "Url", "Identity"} {
		if id, ok := o.decoded[key].(string); ok {
			o.id = id
			break
		}
	}
	return o, nil
}

func (o *object) member(name string) json.RawMessage {
	for i, n := range o.names {
		if n == name {
			return o.raw[i]
		}
	}
	return nil
}

func parseList(text []byte) (objects, error) {
	var list []json.RawMessage
	if err := json.Unmarshal(text, &list); err != nil {
		return nil, err
	}
	out := make(objects, len(list))
	for i, raw := range list {
		o, err := parseObject(raw)
		if err != nil {
			return nil, fmt.Errorf("element %d: %w", i, err)
		}
		out[i] = o
	}
	return out, nil
}

// link is one end of a relation: the id of an object of the directory, or an object told in place.
type link struct {
	id string
	o  *object
}

// rows is a list of objects, which need not be in memory.
type rows interface {
	len() int
	find(id string) (int, bool)
	// value is a property, decoded; nil when there is none.
	value(i int, name string) any
	// appendValue adds the JSON text of a property; ok is false when there is none.
	appendValue(b []byte, i int, name string) (out []byte, ok bool)
	// names are the members that an element has.
	names(i int) []string
	// span narrows the elements that a filter can let through.
	span(f *node) (from, to int)
	related(i int, navigation string) int
	relation(i int, navigation string, k int) link
}

// objects are rows in memory.
type objects []*object

func (r objects) len() int { return len(r) }

func (r objects) find(id string) (int, bool) {
	for i, o := range r {
		if strings.EqualFold(o.id, id) {
			return i, true
		}
	}
	return 0, false
}

func (r objects) value(i int, name string) any { return r[i].decoded[name] }

func (r objects) appendValue(b []byte, i int, name string) ([]byte, bool) {
	raw := r[i].member(name)
	return append(b, raw...), raw != nil
}

func (r objects) names(i int) []string { return r[i].names }

func (r objects) span(*node) (from, to int) { return 0, len(r) }

func (r objects) related(i int, navigation string) int {
	switch v := r[i].decoded[navigation].(type) {
	case []any:
		return len(v)
	case nil:
		if id, _ := r[i].decoded[navigation+"Id"].(string); id != "" {
			return 1
		}
		return 0
	default:
		return 1
	}
}

func (r objects) relation(i int, navigation string, k int) link {
	raw := r[i].member(navigation)
	if raw == nil || string(raw) == "null" {
		id, _ := r[i].decoded[navigation+"Id"].(string)
		return link{id: id}
	}
	if raw[0] == '[' {
		var list []json.RawMessage
		_ = json.Unmarshal(raw, &list) // it was parsed before
		raw = list[k]
	}
	var id string
	if json.Unmarshal(raw, &id) == nil {
		return link{id: id}
	}
	o, err := parseObject(raw)
	if err != nil {
		o = &object{}
	}
	return link{id: o.id, o: o}
}
