package graph

import (
	"encoding/json"
	"iter"
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

// hasMember says whether an object has the member.
func hasMember(raw json.RawMessage, name string) (bool, error) {
	var members map[string]json.RawMessage
	err := json.Unmarshal(raw, &members)
	return members[name] != nil, err
}
