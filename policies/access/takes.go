package access

import (
	"strings"

	"github.com/guestward/guestward/policies/access/membership"
	"github.com/guestward/guestward/policies/access/truth"
)

// Takes says whom a group takes in by a rule, its own or that of a group within it: every, some, or unknown where the rule
// cannot be read or the service may not keep to it. An assigned group takes in some, whoever they are.
type Takes struct {
	// Guests are accounts of userType Guest, Members those of userType Member that nobody invited. Of an account nothing
	// else is known than that it can sign in.
	Guests  string `json:"guests"`
	Members string `json:"members"`
}

// dynamicGroup is what a group with a rule in force takes in.
type dynamicGroup struct {
	rule *membership.Rule // nil where it cannot be read
	runs bool
}

// Takes answers for those of the ids that are groups of the snapshot, and leaves out the others. It reads the groups once.
func (t *Tenant) Takes(ids []string) (map[string]Takes, error) {
	out := map[string]Takes{}
	if len(ids) == 0 || t.facts.Groups == nil {
		return out, nil
	}
	wanted, found := map[string]bool{}, map[string]bool{}
	for _, id := range ids {
		wanted[strings.ToLower(id)] = true
	}
	nested, dynamic := map[string][]string{}, map[string]dynamicGroup{}
	for g, err := range t.facts.Groups() {
		if err != nil {
			return nil, err
		}
		id := strings.ToLower(g.ID)
		found[id] = wanted[id]
		if len(g.MemberGroups) > 0 {
			nested[id] = g.MemberGroups
		}
		if !g.isRuled() {
			continue
		}
		rule, err := membership.Parse(g.MembershipRule)
		if err != nil {
			rule = nil
		}
		dynamic[id] = dynamicGroup{rule, g.runs() == "yes"}
	}
	for _, id := range ids {
		if at := strings.ToLower(id); found[at] {
			out[id] = Takes{whom(at, "Guest", nested, dynamic), whom(at, "Member", nested, dynamic)}
		}
	}
	return out, nil
}

// whom asks about accounts of the userType, the group first and then all that are within it.
func whom(id, userType string, nested map[string][]string, dynamic map[string]dynamicGroup) string {
	answer := "some"
	seen := map[string]bool{id: true}
	for list := []string{id}; len(list) > 0; list = list[1:] {
		switch ruled(list[0], userType, dynamic, true) {
		case "every":
			return "every"
		case "unknown":
			answer = "unknown"
		}
		for _, child := range nested[list[0]] {
			if child = strings.ToLower(child); !seen[child] {
				seen[child] = true
				list = append(list, child)
			}
		}
	}
	return answer
}

// ruled asks the group's own rule. One that names other groups takes in whom they do; the service lets those name no more.
// https://learn.microsoft.com/en-us/entra/identity/users/groups-dynamic-rule-member-of
func ruled(id, userType string, dynamic map[string]dynamicGroup, others bool) string {
	g, ok := dynamic[id]
	if !ok {
		return "some"
	}
	if g.rule == nil {
		return "unknown"
	}
	open := false
	within := func(other string) truth.Truth {
		if !others {
			return truth.Maybe
		}
		switch ruled(strings.ToLower(other), userType, dynamic, false) {
		case "every":
			return truth.Yes
		case "unknown":
			open = true
		}
		return truth.Maybe
	}
	switch answer := g.rule.Match(able(userType), within); {
	case answer == truth.Yes && g.runs:
		return "every"
	case answer == truth.Yes, answer == truth.Maybe && open:
		return "unknown"
	}
	return "some"
}

// able is an account that can sign in, and that has what every account has.
func able(userType string) func(string) membership.Value {
	known, yes := ofType(userType), true
	return func(property string) membership.Value {
		value := known(property)
		switch strings.ToLower(property) {
		case "accountenabled":
			return membership.Value{Known: true, Flag: &yes}
		case "displayname", "id", "mailnickname", "objectid", "userprincipalname":
			value.NotNull = true
		}
		return value
	}
}
