package reach

import (
	"cmp"
	"strings"

	"github.com/guestward/guestward/policies/decoded"
)

// Other is an assignment of a directory role to an outsider who is not among the guests, by what the assignment itself says
// of its principal; or, when Known is false, to somebody of whom it says too little.
type Other struct {
	Path   []any  `json:"path"` // of the assignment
	Known  bool   `json:"known"`
	Who    string `json:"who"` // in words
	Name   string `json:"name"`
	Role   string `json:"role"` // its template's id
	State  string `json:"state"`
	Tenant string `json:"tenant,omitempty"` // to which the principal belongs, if the assignment says so
}

// Others are the roles that outsiders hold whom the list of guests does not have: it was read in part, or earlier, or they
// belong to another organisation that administers this tenant.
func (m *Model) Others() ([]Other, error) {
	m.otherOnce.Do(func() { m.others, m.otherErr = m.readOthers() })
	return m.others, m.otherErr
}

func (m *Model) readOthers() ([]Other, error) {
	list := []Other{}
	suspects := map[key][]int{}
	own := strings.ToLower(decoded.Text(m.facts.Sections, "tenant", "organization", "id"))
	seen := map[[2]string]bool{}
	for _, source := range []string{"assignments", "schedule", "eligibility"} {
		for i, o := range decoded.Objects(m.facts.Sections, "roles", source) {
			if o == nil {
				continue
			}
			external, known := outsider(o, own)
			if known && !external {
				continue
			}
			id, definition := decoded.Text(o, "principalId"), strings.ToLower(decoded.Text(o, "roleDefinitionId"))
			state := map[string]string{"eligibility": "can activate"}[source]
			what := [2]string{strings.ToLower(id), definition + " " + decoded.Text(o, "directoryScopeId") + " " + state}
			if id != "" && seen[what] { // the schedule repeats what is assigned
				continue
			}
			seen[what] = true
			name := m.names[definition]
			suspects[keyOf(id)] = append(suspects[keyOf(id)], len(list))
			list = append(list, Other{
				Path: []any{"roles", source, i}, Known: known, State: cmp.Or(state, "holds"), Tenant: foreign(o, own),
				Who:  cmp.Or(decoded.Text(o, "principal", "displayName"), decoded.Text(o, "principal", "userPrincipalName"), id, "somebody"),
				Name: cmp.Or(name.name, definition), Role: cmp.Or(name.template, definition),
			})
		}
	}
	if len(list) == 0 || m.facts.Guests == nil {
		return list, nil
	}
	listed := map[int]bool{}
	for g, err := range m.facts.Guests() {
		if err != nil {
			return nil, err
		}
		for _, i := range suspects[keyOf(g.ID)] {
			listed[i] = true
		}
	}
	kept := []Other{}
	for i, o := range list {
		if !listed[i] {
			kept = append(kept, o)
		}
	}
	return kept, nil
}

// foreign is the other organisation to which the principal belongs; "" if it is not known to.
// https://learn.microsoft.com/en-us/graph/api/resources/unifiedroleassignment
func foreign(assignment map[string]any, own string) string {
	if org := decoded.Text(assignment, "principalOrganizationId"); org != "" && own != "" && !strings.EqualFold(org, own) {
		return org
	}
	return ""
}

// outsider says whether a principal is an external user by the wide definition, and whether that is known. Groups and
// applications are no users; of whom they hold, the groups tell.
func outsider(assignment map[string]any, own string) (external, known bool) {
	if foreign(assignment, own) != "" {
		return true, true
	}
	p, _ := assignment["principal"].(map[string]any)
	if p == nil { // deleted, if it was one of ours
		return false, own != "" && decoded.Text(assignment, "principalOrganizationId") != ""
	}
	name := strings.ToLower(decoded.Text(p, "userPrincipalName"))
	switch kind := decoded.Text(p, "userType"); {
	case strings.EqualFold(kind, "Guest"), strings.Contains(name, "#ext#"), decoded.Text(p, "externalUserState") != "", strings.EqualFold(decoded.Text(p, "creationType"), "Invitation"):
		return true, true
	case strings.EqualFold(kind, "Member") && name != "":
		return false, true
	}
	switch kind := decoded.Text(p, "@odata.type"); {
	case strings.HasSuffix(kind, ".group"), strings.HasSuffix(kind, ".servicePrincipal"):
		return false, true
	}
	return false, false
}
