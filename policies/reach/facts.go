package reach

import (
	"iter"
	"strings"

	"github.com/guestward/guestward/policies/decoded"
)

// Facts is what the model reads of a snapshot. Collections come one element at a time.
type Facts struct {
	// Sections holds the decoded sections of the configuration, by name.
	Sections map[string]any
	// Guests, Groups and Sites yield the collections, each from its beginning at every call; nil when the snapshot lacks it.
	Guests func() iter.Seq2[Guest, error]
	Groups func() iter.Seq2[Group, error]
	Sites  func() iter.Seq2[Site, error]
	// Gap says of a dotted path whether the snapshot does not hold it, or not all of it, and the reason if one is on record.
	Gap func(path string) (reason string, lacks bool)
}

// Guest is what matters of an external account.
type Guest struct {
	ID       string `json:"id"`
	UserType string `json:"userType"`
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
		f.Guests = decoded.Elements[Guest](list)
	}
	if list, ok := doc["groups"].([]any); ok {
		f.Groups = decoded.Elements[Group](list)
	}
	if list, ok := doc["sites"].([]any); ok {
		f.Sites = decoded.Elements[Site](list)
	}
	gaps := decoded.Gaps(doc)
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
		return "", decoded.At(doc, steps...) == nil
	}
	return f
}
