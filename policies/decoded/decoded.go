// Package decoded reads decoded JSON by name, leniently: what is absent or has the wrong type is nothing. The models of
// access, reach and partners look at the sections of a snapshot with it.
package decoded

import (
	"encoding/json"
	"iter"
)

// At follows member names through objects.
func At(v any, names ...string) any {
	for _, name := range names {
		o, _ := v.(map[string]any)
		v = o[name]
	}
	return v
}

// Text is the string at the names.
func Text(v any, names ...string) string {
	s, _ := At(v, names...).(string)
	return s
}

// List is the array at the names.
func List(v any, names ...string) []any {
	list, _ := At(v, names...).([]any)
	return list
}

// Objects are the objects of the array at the names; nil keeps the index of what is none.
func Objects(v any, names ...string) []map[string]any {
	var out []map[string]any
	for _, e := range List(v, names...) {
		o, _ := e.(map[string]any)
		out = append(out, o)
	}
	return out
}

// Gaps are the sources that a document does not hold, or not all of, with the reason on record.
func Gaps(doc map[string]any) map[string]string {
	gaps := map[string]string{}
	for _, s := range Objects(doc, "collection", "sources") {
		if s["outcome"] == "gap" {
			gaps[Text(s, "source")] = Text(s, "reason")
		}
	}
	return gaps
}

// Elements yields the elements of an array as T, from its beginning at each call.
func Elements[T any](list []any) func() iter.Seq2[T, error] {
	return func() iter.Seq2[T, error] {
		return func(yield func(T, error) bool) {
			for _, e := range list {
				var one T
				if data, err := json.Marshal(e); err == nil {
					_ = json.Unmarshal(data, &one) // fields of the right type are read whatever the others are
				}
				if !yield(one, nil) {
					return
				}
			}
		}
	}
}
