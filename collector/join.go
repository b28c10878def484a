package collector

import (
	"encoding/json"
	"errors"
	"slices"
)

// Membership is what one answer of the service says of a group's members and owners. A group may come in many answers.
type Membership struct {
	ExternalMembers []string `json:"externalMembers"`
	ExternalOwners  []string `json:"externalOwners"`
	MemberGroups    []string `json:"memberGroups"`
	Owners          []string `json:"owners"`
}

// joins are the sources that bring an element in parts.
var joins = map[string]func(parts []json.RawMessage) (json.RawMessage, error){
	"groups.externalMembers": joinMemberships,
	"audit.invitations":      joinCounts,
	"audit.guestSignIns":     joinCounts,
}

// joinMemberships adds up the parts. A group without any has no members.
func joinMemberships(parts []json.RawMessage) (json.RawMessage, error) {
	sum := Membership{ExternalMembers: []string{}, ExternalOwners: []string{}, MemberGroups: []string{}, Owners: []string{}}
	for _, raw := range parts {
		var m Membership
		if err := json.Unmarshal(raw, &m); err != nil {
			return nil, err
		}
		sum.ExternalMembers = append(sum.ExternalMembers, m.ExternalMembers...)
		sum.ExternalOwners = append(sum.ExternalOwners, m.ExternalOwners...)
		sum.MemberGroups = append(sum.MemberGroups, m.MemberGroups...)
		sum.Owners = append(sum.Owners, m.Owners...)
	}
	for _, list := range []*[]string{&sum.ExternalMembers, &sum.ExternalOwners, &sum.MemberGroups, &sum.Owners} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	return json.Marshal(sum)
}

// joinCounts adds up what several answers counted of one row.
func joinCounts(parts []json.RawMessage) (json.RawMessage, error) {
	if len(parts) == 0 {
		return nil, nil
	}
	var row map[string]any
	total := 0
	for _, raw := range parts {
		row = nil
		if err := json.Unmarshal(raw, &row); err != nil {
			return nil, err
		}
		if row == nil {
			return nil, errors.New("expected a row, found null")
		}
		n, _ := row["count"].(float64)
		total += int(n)
	}
	row["count"] = total
	return json.Marshal(row)
}
