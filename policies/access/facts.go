package access

import (
	"encoding/json"
	"iter"
	"slices"
	"strings"

	"github.com/guestward/guestward/policies/decoded"
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

// isDynamic says whether a rule decides who is in the group.
func (g *Group) isDynamic() bool { return slices.Contains(g.GroupTypes, "DynamicMembership") }

// isRuled says whether the group has a rule that is in force, or may be: assigned groups keep none, and what is left of one
// does nothing.
func (g *Group) isRuled() bool {
	return g.MembershipRule != "" && (g.GroupTypes == nil || g.isDynamic())
}

// runs is yes, paused or unknown: whether the service keeps a group with a rule up to date.
func (g *Group) runs() string {
	switch state := strings.ToLower(g.ProcessingState); {
	case state == "paused":
		return state
	case state == "on" && g.isDynamic():
		return "yes"
	}
	return "unknown"
}

// FromDocument reads the facts out of a whole document, collections included: a small snapshot, or the input of a test.
func FromDocument(doc map[string]any) Facts {
	f := Facts{Sections: doc}
	if list, ok := doc["guests"].([]any); ok {
		f.Guests = decoded.Elements[Guest](list)
	}
	if list, ok := doc["groups"].([]any); ok {
		f.Groups = decoded.Elements[Group](list)
	}
	gaps := decoded.Gaps(doc)
	f.Lacks = func(path string) bool {
		if _, gap := gaps[path]; gap {
			return true
		}
		steps := strings.Split(path, ".")
		if steps[0] == "guests" || steps[0] == "groups" {
			_, gap := gaps[steps[0]]
			return gap || doc[steps[0]] == nil
		}
		return decoded.At(doc, steps...) == nil
	}
	return f
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
