package access

import (
	"strings"

	"github.com/guestward/guestward/policies/access/membership"
	"github.com/guestward/guestward/policies/access/truth"
)

// GuestGroup is a dynamic group whose rule takes in guests and nobody of the organisation.
type GuestGroup struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Rule string `json:"rule"`
	// Takes is every, some, or unknown where the rule cannot be read: the guests that get into it, whatever else is known
	// of them than that their userType is Guest.
	Takes string `json:"takes"`
	// Runs is yes, paused or unknown: whether the service keeps the group up to date.
	Runs string `json:"runs"`
}

// GuestGroups is what a snapshot tells of dynamic groups of guests.
type GuestGroups struct {
	Groups []GuestGroup `json:"groups"`
	// Whole says that the snapshot holds every group.
	Whole bool `json:"whole"`
}

// GuestGroups reads the groups once.
func (t *Tenant) GuestGroups() (*GuestGroups, error) {
	out := &GuestGroups{Groups: []GuestGroup{}, Whole: t.facts.Groups != nil && !t.facts.Lacks("groups")}
	if t.facts.Groups == nil {
		return out, nil
	}
	for g, err := range t.facts.Groups() {
		if err != nil {
			return nil, err
		}
		if !g.isRuled() {
			continue
		}
		takes := takesGuests(g.MembershipRule)
		if takes == "" {
			continue
		}
		out.Groups = append(out.Groups, GuestGroup{ID: strings.ToLower(g.ID), Name: g.DisplayName, Rule: g.MembershipRule, Takes: takes, Runs: g.runs()})
	}
	return out, nil
}

// takesGuests is every, some, unknown, or "" for a rule that is not about guests, or not about them alone. Everything
// but the userType is unknown, so that a rule which asks for anything else takes in some.
func takesGuests(text string) string {
	rule, err := membership.Parse(text)
	if err != nil {
		// Without the property no rule is certain to take in every guest.
		if strings.Contains(strings.ToLower(text), "usertype") {
			return "unknown"
		}
		return ""
	}
	guest, colleague := rule.Match(ofType("Guest"), anywhere), rule.Match(ofType("Member"), anywhere)
	switch {
	case colleague != truth.No || guest == truth.No:
		return ""
	case guest == truth.Yes:
		return "every"
	}
	return "some"
}

// anywhere leaves open which groups somebody is in.
func anywhere(string) truth.Truth { return truth.Maybe }

// ofType is an account of which little is known but the userType: of a guest nothing, of a member that nobody invited her.
func ofType(userType string) func(string) membership.Value {
	return func(property string) membership.Value {
		switch {
		case strings.EqualFold(property, "usertype"):
			return membership.Value{Known: true, Text: userType}
		case userType == "Guest":
			return membership.Value{}
		}
		switch strings.ToLower(property) {
		case "userprincipalname":
			return membership.Value{NotNull: true, Lacks: []string{"#EXT#"}}
		case "creationtype":
			return membership.Value{Known: true, Null: true}
		}
		return membership.Value{}
	}
}
