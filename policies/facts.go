package policies

import (
	"iter"
	"slices"
	"strings"

	"github.com/guestward/guestward/collector/snapshot"
	"github.com/guestward/guestward/policies/access"
	"github.com/guestward/guestward/policies/reach"
)

// Facts is what the model of access reads of a snapshot. Its collections are streamed.
func Facts(snap *snapshot.Snapshot) (access.Facts, error) {
	f := access.Facts{Sections: map[string]any{}}
	for _, name := range snap.Sections() {
		var v any
		if err := snap.Section(name, &v); err != nil {
			return f, err
		}
		f.Sections[name] = v
	}
	if _, ok := snap.Count("guests"); ok {
		f.Guests = elements(snap, "guests", guestOf)
	}
	if _, ok := snap.Count("groups"); ok {
		f.Groups = elements(snap, "groups", groupOf)
	}
	f.Lacks = func(path string) bool { return lacks(snap, f.Sections, path) }
	return f, nil
}

// ReachFacts is what the model of reach reads of a snapshot. Its collections are streamed.
func ReachFacts(snap *snapshot.Snapshot) (reach.Facts, error) {
	f := reach.Facts{Sections: map[string]any{}}
	for _, name := range []string{"applications", "governance", "licences", "roles", "tenant"} {
		var v any
		if !slices.Contains(snap.Sections(), name) {
			continue
		}
		if err := snap.Section(name, &v); err != nil {
			return f, err
		}
		f.Sections[name] = v
	}
	if _, ok := snap.Count("guests"); ok {
		f.Guests = elements(snap, "guests", func(n node) reach.Guest {
			return reach.Guest{ID: n.member("id").text, UserType: n.member("userType").text}
		})
	}
	if _, ok := snap.Count("groups"); ok {
		f.Groups = elements(snap, "groups", reachGroupOf)
	}
	if _, ok := snap.Count("sites"); ok {
		f.Sites = elements(snap, "sites", reachSiteOf)
	}
	f.Gap = func(path string) (string, bool) {
		section, _, _ := strings.Cut(path, ".")
		for _, s := range snap.Collection.Sources {
			if s.Outcome == snapshot.Gap && (s.Source == path || s.Source == section) {
				return s.Reason, true
			}
		}
		return "", lacks(snap, f.Sections, path)
	}
	return f, nil
}

// lacks says whether the snapshot does not hold the dotted path, or not all of it.
func lacks(snap *snapshot.Snapshot, sections map[string]any, path string) bool {
	for _, s := range snap.Collection.Sources {
		if s.Outcome == snapshot.Gap && s.Source == path {
			return true
		}
	}
	steps := strings.Split(path, ".")
	if t := snapshot.Schema().Property(steps[0]); t != nil && t.Stream {
		_, held := snap.Count(steps[0])
		return !held || len(steps) > 1 && !snap.Collection.HasCollected(path)
	}
	var v any = sections
	for _, step := range steps {
		o, _ := v.(map[string]any)
		v = o[step]
	}
	return v == nil
}

// elements yields a collection's elements, each made by of.
func elements[T any](snap *snapshot.Snapshot, name string, of func(node) T) func() iter.Seq2[T, error] {
	return func() iter.Seq2[T, error] {
		return func(yield func(T, error) bool) {
			var none T
			for chunk, err := range snap.Chunks(name) {
				if err != nil {
					yield(none, err)
					return
				}
				list, err := snapshot.DecodeChunk(chunk, nodeBuilder{})
				if err != nil {
					yield(none, err)
					return
				}
				for _, one := range list.elements {
					if !yield(of(one), nil) {
						return
					}
				}
			}
		}
	}
}

// node is a JSON value of which only texts, flags and what holds them is kept.
type node struct {
	text     string
	flag     *bool
	elements []node
	members  []snapshot.Member[node]
}

type nodeBuilder struct{}

func (nodeBuilder) Null() node           { return node{} }
func (nodeBuilder) Boolean(v bool) node  { return node{flag: &v} }
func (nodeBuilder) Number(string) node   { return node{} }
func (nodeBuilder) String(s string) node { return node{text: s} }
func (nodeBuilder) Array(v []node) node {
	if v == nil {
		v = []node{} // an empty list is not the same as none
	}
	return node{elements: v}
}
func (nodeBuilder) Object(members []snapshot.Member[node]) node { return node{members: members} }

// member is the member of the name, or nothing.
func (n node) member(name string) node {
	for _, m := range n.members {
		if m.Name == name {
			return m.Value
		}
	}
	return node{}
}

func (n node) texts() []string {
	if n.elements == nil {
		return nil
	}
	out := make([]string, len(n.elements))
	for i, e := range n.elements {
		out[i] = e.text
	}
	return out
}

func guestOf(n node) (g access.Guest) {
	for _, m := range n.members {
		switch m.Name {
		case "id":
			g.ID = m.Value.text
		case "userPrincipalName":
			g.UserPrincipalName = m.Value.text
		case "displayName":
			g.DisplayName = m.Value.text
		case "mail":
			g.Mail = m.Value.text
		case "userType":
			g.UserType = m.Value.text
		case "creationType":
			g.CreationType = m.Value.text
		case "accountEnabled":
			g.AccountEnabled = m.Value.flag
		case "identities":
			for _, e := range m.Value.elements {
				var id access.Identity
				for _, m := range e.members {
					switch m.Name {
					case "signInType":
						id.SignInType = m.Value.text
					case "issuer":
						id.Issuer = m.Value.text
					}
				}
				g.Identities = append(g.Identities, id)
			}
		}
	}
	return g
}

func groupOf(n node) (g access.Group) {
	for _, m := range n.members {
		switch m.Name {
		case "id":
			g.ID = m.Value.text
		case "displayName":
			g.DisplayName = m.Value.text
		case "groupTypes":
			g.GroupTypes = m.Value.texts()
		case "membershipRule":
			g.MembershipRule = m.Value.text
		case "membershipRuleProcessingState":
			g.ProcessingState = m.Value.text
		case "memberGroups":
			g.MemberGroups = m.Value.texts()
		case "externalMembers":
			g.ExternalMembers = m.Value.texts()
		}
	}
	return g
}

func reachGroupOf(n node) reach.Group {
	g := reach.Group{
		ID:                          n.member("id").text,
		DisplayName:                 n.member("displayName").text,
		ResourceProvisioningOptions: n.member("resourceProvisioningOptions").texts(),
		ExternalMembers:             n.member("externalMembers").texts(),
		ExternalOwners:              n.member("externalOwners").texts(),
		MemberGroups:                n.member("memberGroups").texts(),
	}
	for _, c := range n.member("channels").elements {
		channel := reach.Channel{ID: c.member("id").text, DisplayName: c.member("displayName").text}
		for _, m := range c.member("allMembers").elements {
			channel.AllMembers = append(channel.AllMembers, reach.Member{UserID: m.member("userId").text})
		}
		g.Channels = append(g.Channels, channel)
	}
	return g
}

func reachSiteOf(n node) reach.Site {
	return reach.Site{
		URL: n.member("Url").text, Title: n.member("Title").text,
		GroupID: n.member("GroupId").text, RelatedGroupID: n.member("RelatedGroupId").text,
	}
}
