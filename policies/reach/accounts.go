package reach

import (
	"bytes"
	"slices"
	"strings"
)

// Accounts says of ids which of them outsiders are behind.
type Accounts struct {
	// Users is the userType of those that are outsiders, Groups those that are groups with an outsider in them, nested or
	// after activation too. Both are by the ids as they were given.
	Users  map[string]string `json:"users"`
	Groups []string          `json:"groups"`
	// Count is how many outsiders the snapshot lists, whatever was asked about.
	Count int `json:"count"`
	// Unknown are the sources without which the answer may be too short.
	Unknown []string `json:"unknown"`
}

// account is an outsider in little space.
type account struct {
	key  key
	kind uint8 // an index of userTypes
}

// https://learn.microsoft.com/en-us/graph/api/resources/user
var userTypes = []string{"", "Guest", "Member"}

// Accounts tells which of the ids are outsiders, and which are groups that hold some.
func (m *Model) Accounts(ids []string) (Accounts, error) {
	m.accountOnce.Do(func() { m.accountErr = m.readAccounts() })
	a := Accounts{Users: map[string]string{}, Groups: []string{}, Unknown: []string{}}
	if m.accountErr != nil {
		return a, m.accountErr
	}
	a.Count = len(m.accounts)
	for _, id := range ids {
		k := keyOf(id)
		if i, ok := slices.BinarySearchFunc(m.accounts, k, func(a account, k key) int { return bytes.Compare(a.key[:], k[:]) }); ok {
			a.Users[id] = userTypes[m.accounts[i].kind]
		}
		if n, ok := m.number[k]; ok && m.holds[n] && !slices.Contains(a.Groups, id) {
			a.Groups = append(a.Groups, id)
		}
	}
	for _, source := range []string{"guests", "groups", "groups.externalMembers", "governance.pim.groupEligibility"} {
		if m.lacks(source) {
			a.Unknown = append(a.Unknown, source)
		}
	}
	return a, nil
}

func (m *Model) readAccounts() error {
	if m.facts.Guests != nil {
		for g, err := range m.facts.Guests() {
			if err != nil {
				return err
			}
			kind := max(0, slices.IndexFunc(userTypes, func(t string) bool { return strings.EqualFold(t, g.UserType) }))
			m.accounts = append(m.accounts, account{keyOf(g.ID), uint8(kind)})
		}
		slices.SortFunc(m.accounts, func(a, b account) int { return bytes.Compare(a.key[:], b.key[:]) })
		m.accounts = slices.Clip(m.accounts)
	}
	m.holds = make([]bool, len(m.groups))
	var list []int32
	add := func(n int32) {
		if !m.holds[n] {
			m.holds[n] = true
			list = append(list, n)
		}
	}
	for _, e := range m.edges {
		if e.kind() == member || e.kind() == eligibleMember {
			add(e.group())
		}
	}
	for i := 0; i < len(list); i++ {
		g := m.groups[list[i]]
		for _, parent := range g.parents {
			add(parent)
		}
		for _, e := range g.eligible {
			add(e.group())
		}
	}
	return nil
}
