package access

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/guestward/guestward/policies/access/truth"
)

// Assumption is a statement that Microsoft's documentation leaves open, or that the model takes for granted.
type Assumption struct {
	Name      string `json:"name"`
	Statement string `json:"statement"`
	// Value is yes, no, or unknown: then nothing that rests on it is certain.
	Value string `json:"value"`
	// Date is when the source was read, Source where.
	Date   string `json:"date"`
	Source string `json:"source"`
}

const entraDocs = "https://learn.microsoft.com/en-us/entra/"

// assumptions is the table of all of them with their defaults.
var assumptions = []Assumption{
	{"A1", "a policy for all users reaches B2B direct connect users and service providers, who have no account in the directory", "yes", "2026-08", entraDocs + "external-id/authentication-conditional-access"},
	{"A2", "the device of an external user whose tenant's device claims are not trusted counts as unregistered", "yes", "2026-08", entraDocs + "identity/conditional-access/concept-condition-filters-for-devices"},
	{"A3", "a list of external tenants reaches guests who have no Microsoft Entra tenant (one-time code, social, SAML)", "no", "2026-08", entraDocs + "external-id/authentication-conditional-access"},
	{"U1", "a list of external tenants reaches internal guests", "unknown", "2026-08", entraDocs + "identity/conditional-access/concept-conditional-access-users-groups"},
	{"U2", "a policy for a group or role that no longer exists reaches somebody", "unknown", "2026-08", entraDocs + "identity/conditional-access/concept-conditional-access-users-groups"},
	{"U3", "a sign-in that asks for basic profile scopes alone counts as one to the directory (00000002-0000-0000-c000-000000000000) where a policy for all apps excludes some", "yes", "2026-06", entraDocs + "identity/conditional-access/concept-enforcement-resource-exclusions"},
	{"U4", "a filter for applications matches an app whose custom security attributes are not in the snapshot", "unknown", "2026-08", entraDocs + "identity/conditional-access/concept-filter-for-applications"},
	{"U5", "an empty list of client apps means every client", "unknown", "2026-08", "https://learn.microsoft.com/en-us/graph/api/resources/conditionalaccessconditionset"},
	{"U6", "exclusions of users do not hold for Exchange ActiveSync where a policy for all users, guests or roles names that client", "unknown", "2026-08", entraDocs + "identity/conditional-access/concept-conditional-access-conditions"},
	{"U7", "a named location that no longer exists matches", "unknown", "2026-08", entraDocs + "identity/conditional-access/concept-assignment-network"},
	{"U8", "insider risk is evaluated for external users", "unknown", "2026-08", entraDocs + "identity/conditional-access/concept-conditional-access-conditions"},
	{"U9", "of several sign-in frequencies the shortest counts", "yes", "2026-08", entraDocs + "identity/conditional-access/concept-session-lifetime"},
	{"U10", "an authentication strength is enforced on guests who do not sign in with Microsoft Entra ID (one-time code, social, SAML)", "unknown", "2026-08", entraDocs + "identity/authentication/concept-authentication-strength-external-users"},
	{"U11", "a guest whose password is kept elsewhere can use combinations that begin with a password", "unknown", "2026-08", entraDocs + "external-id/authentication-conditional-access"},
	{"U12", "\"require approved client app\" is still enforced", "unknown", "2026-03", entraDocs + "identity/conditional-access/concept-conditional-access-grant"},
	{"U13", "external users can satisfy \"require risk remediation\" and secure sign-in sessions", "unknown", "2026-08", "https://learn.microsoft.com/en-us/graph/api/resources/conditionalaccessgrantcontrols"},
	{"U14", "a policy with a property or value that this model does not know does what its other parts say", "unknown", "2026-08", "https://learn.microsoft.com/en-us/graph/api/resources/conditionalaccesspolicy"},
}

// Assumptions lists what verdicts may rest on, with the defaults.
func Assumptions() []Assumption { return slices.Clone(assumptions) }

// CompareAssumptions puts assumptions into the order of the table.
func CompareAssumptions(a, b Assumption) int {
	at := func(x Assumption) int {
		return slices.IndexFunc(assumptions, func(y Assumption) bool { return x.Name == y.Name })
	}
	return cmp.Compare(at(a), at(b))
}

// Assume is a choice of values, by name.
type Assume map[string]string

// Assuming completes overrides of the form NAME=VALUE with the defaults.
func Assuming(overrides ...string) (Assume, error) {
	a := Assume{}
	for _, one := range assumptions {
		a[one.Name] = one.Value
	}
	for _, o := range overrides {
		name, value, ok := strings.Cut(o, "=")
		name, value = strings.ToUpper(strings.TrimSpace(name)), strings.ToLower(strings.TrimSpace(value))
		if _, known := a[name]; !ok || !known {
			return nil, fmt.Errorf("%q names no assumption; write NAME=VALUE with one of %s", o, strings.Join(assumptionNames(), ", "))
		}
		if value != "yes" && value != "no" && value != "unknown" {
			return nil, fmt.Errorf("%q: the value is yes, no or unknown", o)
		}
		a[name] = value
	}
	return a, nil
}

func assumptionNames() []string {
	var names []string
	for _, one := range assumptions {
		names = append(names, one.Name)
	}
	return names
}

// premises is the assumptions of one answer, and which of them it rests on.
type premises struct {
	values Assume
	used   map[string]bool
}

func newPremises(a Assume) *premises { return &premises{a, map[string]bool{}} }

// holds says whether the statement holds, and notes that somebody asked.
func (p *premises) holds(name string) truth.Truth {
	p.used[name] = true
	switch p.values[name] {
	case "yes":
		return truth.Yes
	case "no":
		return truth.No
	}
	return truth.Maybe
}

// list is what was asked, in the order of the table.
func (p *premises) list() []Assumption {
	out := []Assumption{}
	for _, one := range assumptions {
		if p.used[one.Name] {
			one.Value = p.values[one.Name]
			out = append(out, one)
		}
	}
	return out
}
