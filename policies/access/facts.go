package access

import (
	"encoding/json"
	"iter"
	"strings"
)

// Facts is what the model reads of a snapshot. Collections come one element at a time: nobody holds a million guests.
type Facts struct {
	// Sections holds the decoded sections of the configuration, by name.
	Sections map[string]any
	// Guests and Groups yield the collections from their beginning, each time anew; nil when the snapshot lacks them.
	Guests func() iter.Seq2[Guest, error]
	Groups func() iter.Seq2[Group, error]
	// Lacks says of a dotted path that the snapshot does not hold it, or not all of it.
	Lacks func(path string) bool
}

// Guest is what matters of an external account.
type Guest struct {
	ID                string     `json:"id"`
	UserPrincipalName string     `json:"userPrincipalName"`
	DisplayName       string     `json:"displayName"`
	Mail              string     `json:"mail"`
	UserType          string     `json:"userType"`
	CreationType      string     `json:"creationType"`
	AccountEnabled    *bool      `json:"accountEnabled"`
	Identities        []Identity `json:"identities"`
}

// Identity is one way in which an account signs in.
type Identity struct {
	SignInType string `json:"signInType"`
	Issuer     string `json:"issuer"`
}

// Group is what matters of a group.
type Group struct {
	ID              string   `json:"id"`
	DisplayName     string   `json:"displayName"`
	GroupTypes      []string `json:"groupTypes"`
	MembershipRule  string   `json:"membershipRule"`
	ProcessingState string   `json:"membershipRuleProcessingState"`
	MemberGroups    []string `json:"memberGroups"`
	ExternalMembers []string `json:"externalMembers"`
}

// FromDocument reads the facts out of a whole document, collections included: a small snapshot, or the input of a test.
func FromDocument(doc map[string]any) Facts {
	f := Facts{Sections: doc}
	if list, ok := doc["guests"].([]any); ok {
		f.Guests = elements[Guest](list)
	}
	if list, ok := doc["groups"].([]any); ok {
		f.Groups = elements[Group](list)
	}
	gaps := map[string]bool{}
	for _, s := range objects(doc, "collection", "sources") {
		if s["outcome"] == "gap" {
			source, _ := s["source"].(string)
			gaps[source] = true
		}
	}
	f.Lacks = func(path string) bool {
		if gaps[path] {
			return true
		}
		steps := strings.Split(path, ".")
		if steps[0] == "guests" || steps[0] == "groups" {
			return doc[steps[0]] == nil || gaps[steps[0]]
		}
		return at(doc, steps...) == nil
	}
	return f
}

// elements decodes an array, leniently: what has the wrong type is as if it were absent.
func elements[T any](list []any) func() iter.Seq2[T, error] {
	return func() iter.Seq2[T, error] {
		return func(yield func(T, error) bool) {
			for _, e := range list {
				if !yield(Element[T](e), nil) {
					return
				}
			}
		}
	}
}

// Element makes a Guest or a Group of decoded JSON.
func Element[T any](v any) (out T) {
	data, err := json.Marshal(v)
	if err == nil {
		_ = json.Unmarshal(data, &out) // fields of the right type are read whatever the others are
	}
	return out
}

// at follows member names through objects.
func at(v any, names ...string) any {
	for _, name := range names {
		o, _ := v.(map[string]any)
		v = o[name]
	}
	return v
}

// objects are the objects of the array at the names.
func objects(v any, names ...string) []map[string]any {
	list, _ := at(v, names...).([]any)
	var out []map[string]any
	for _, e := range list {
		o, _ := e.(map[string]any)
		out = append(out, o) // nil keeps the index
	}
	return out
}

func textAt(v any, names ...string) string {
	s, _ := at(v, names...).(string)
	return s
}

func number(v any) (float64, bool) {
	switch n := v.(type) {
	case float64:
		return n, true
	case int:
		return float64(n), true
	case json.Number:
		f, err := n.Float64()
		return f, err == nil
	}
	return 0, false
}
