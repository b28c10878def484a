package reach

import (
	"encoding/json"
	"iter"
	"strings"
)

// Facts is what the model reads of a snapshot. Collections come one element at a time.
type Facts struct {
	// Sections holds the decoded sections of the configuration, by name.
	Sections map[string]any
	// Guests yields the ids of the outsiders; Groups and Sites the collections. Each begins anew when it is called; nil when
	// the snapshot lacks the collection.
	Guests func() iter.Seq2[string, error]
	Groups func() iter.Seq2[Group, error]
	Sites  func() iter.Seq2[Site, error]
	// Gap says of a dotted path whether the snapshot does not hold it, or not all of it, and the reason if one is on record.
	Gap func(path string) (reason string, lacks bool)
}

// Group is what matters of a group. A list that the snapshot does not have is nil.
type Group struct {
	ID                          string    `json:"id"`
	DisplayName                 string    `json:"displayName"`
	ResourceProvisioningOptions []string  `json:"resourceProvisioningOptions"`
	ExternalMembers             []string  `json:"externalMembers"`
	ExternalOwners              []string  `json:"externalOwners"`
	MemberGroups                []string  `json:"memberGroups"`
	Channels                    []Channel `json:"channels"`
}

// Channel is a shared channel.
type Channel struct {
	ID          string   `json:"id"`
	DisplayName string   `json:"displayName"`
	AllMembers  []Member `json:"allMembers"`
}

// Member is somebody in a channel.
type Member struct {
	UserID string `json:"userId"`
}

// Site is what matters of a SharePoint site.
type Site struct {
	URL            string `json:"Url"`
	Title          string `json:"Title"`
	GroupID        string `json:"GroupId"`
	RelatedGroupID string `json:"RelatedGroupId"`
}

// FromDocument reads the facts out of a whole document, collections included: a small snapshot, or the input of a test.
func FromDocument(doc map[string]any) Facts {
	f := Facts{Sections: doc}
	if list, ok := doc["guests"].([]any); ok {
		f.Guests = func() iter.Seq2[string, error] {
			return func(yield func(string, error) bool) {
				for _, e := range list {
					if !yield(textAt(e, "id"), nil) {
						return
					}
				}
			}
		}
	}
	if list, ok := doc["groups"].([]any); ok {
		f.Groups = elements[Group](list)
	}
	if list, ok := doc["sites"].([]any); ok {
		f.Sites = elements[Site](list)
	}
	gaps := map[string]string{}
	for _, s := range objects(doc, "collection", "sources") {
		if s["outcome"] == "gap" {
			gaps[textAt(s, "source")] = textAt(s, "reason")
		}
	}
	f.Gap = func(path string) (string, bool) {
		steps := strings.Split(path, ".")
		for _, p := range []string{path, steps[0]} {
			if reason, ok := gaps[p]; ok {
				return reason, true
			}
		}
		switch steps[0] {
		case "guests", "groups", "sites":
			return "", doc[steps[0]] == nil
		}
		return "", at(doc, steps...) == nil
	}
	return f
}

// elements decodes an array, leniently: what has the wrong type is as if it were absent.
func elements[T any](list []any) func() iter.Seq2[T, error] {
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

// at follows member names through objects.
func at(v any, names ...string) any {
	for _, name := range names {
		o, _ := v.(map[string]any)
		v = o[name]
	}
	return v
}

// objects are the objects of the array at the names; nil keeps the index of what is none.
func objects(v any, names ...string) []map[string]any {
	list, _ := at(v, names...).([]any)
	var out []map[string]any
	for _, e := range list {
		o, _ := e.(map[string]any)
		out = append(out, o)
	}
	return out
}

func textAt(v any, names ...string) string {
	s, _ := at(v, names...).(string)
	return s
}
