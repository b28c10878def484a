package graph

import (
	"bytes"
	"encoding/json"
	"iter"

	"github.com/go-json-experiment/json/jsontext"
)

// ids lists the ids of elements.
func ids(elements iter.Seq2[json.RawMessage, error]) ([]string, error) {
	var list []string
	for raw, err := range elements {
		if err != nil {
			return nil, err
		}
		id, err := member(raw, "id")
		if err != nil {
			return nil, err
		}
		list = append(list, id)
	}
	return list, nil
}

// with is an object with further members.
func with(raw json.RawMessage, more map[string]any) (json.RawMessage, error) {
	object := map[string]any{}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(raw, &members); err != nil {
		return nil, err
	}
	for name, v := range members {
		object[name] = v
	}
	for name, v := range more {
		object[name] = v
	}
	return json.Marshal(object)
}

// without is an object without a member.
func without(raw json.RawMessage, name string) (json.RawMessage, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(raw, &members); err != nil {
		return nil, err
	}
	delete(members, name)
	return json.Marshal(members)
}

// lookup finds a member of an object without reading the rest into memory: it is done for every guest. Nil is none.
func lookup(raw json.RawMessage, name string) (json.RawMessage, error) {
	dec := jsontext.NewDecoder(bytes.NewBuffer(raw), jsontext.AllowDuplicateNames(true))
	if dec.PeekKind() != jsontext.KindBeginObject {
		return nil, notPage(raw)
	}
	if _, err := dec.ReadToken(); err != nil {
		return nil, err
	}
	for dec.PeekKind() != jsontext.KindEndObject {
		token, err := dec.ReadToken()
		if err != nil {
			return nil, err
		}
		if token.String() == name {
			value, err := dec.ReadValue()
			return json.RawMessage(value), err
		}
		if err := dec.SkipValue(); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// member is the string member of an object; null and other types count as none.
func member(raw json.RawMessage, name string) (string, error) {
	value, err := lookup(raw, name)
	if err != nil || len(value) == 0 || value[0] != '"' {
		return "", err
	}
	var s string
	err = json.Unmarshal(value, &s)
	return s, err
}
