package access

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/guestward/guestward/policies/access/truth"
)

// Question asks whether every sign-in of a domain meets a requirement. The zero domain is every outsider, every app,
// every client, from everywhere.
type Question struct {
	// Require lists alternatives of which one is enough: see Requirements. A sign-in that a policy stops meets it always.
	Require []string `json:"require"`
	// MaxHours is the longest sign-in frequency that meets sign_in_frequency.
	MaxHours float64 `json:"max_hours,omitempty"`

	Kinds []string `json:"kinds,omitempty"` // of users; default GuestKinds
	// Providers is where they sign in: entra, or other (one-time code, social, SAML).
	Providers []string  `json:"providers,omitempty"`
	Resources Resources `json:"resources,omitzero"`
	Clients   []string  `json:"clients,omitempty"`
	Platforms []string  `json:"platforms,omitempty"`
	// Devices is "" for all, or unmanaged: neither compliant nor hybrid joined.
	Devices    string   `json:"devices,omitempty"`
	Locations  *Outside `json:"locations,omitempty"`
	SignInRisk []string `json:"sign_in_risk,omitempty"`
	UserRisk   []string `json:"user_risk,omitempty"`
	Flows      []string `json:"flows,omitempty"`

	// AcceptUsers and AcceptGroups are ids of accounts, and of groups, whose exclusion is a decision (emergency access).
	AcceptUsers  []string `json:"accept_users,omitempty"`
	AcceptGroups []string `json:"accept_groups,omitempty"`

	Assume []string `json:"assume,omitempty"` // NAME=VALUE
	Budget Budget   `json:"budget,omitzero"`
}

// Resources is what the domain holds: all apps but Except, or the user actions or authentication contexts named.
type Resources struct {
	Except  []string `json:"except,omitempty"` // app ids, or Office365
	Only    []string `json:"only,omitempty"`   // app ids, or Office365
	Actions []string `json:"actions,omitempty"`
}

// Outside is every place but those: named locations by id, AllTrusted, and countries by ISO code.
type Outside struct {
	Named     []string `json:"named,omitempty"`
	Countries []string `json:"countries,omitempty"`
}

// Budget ends the search. The answer is then unknown unless a hole has been found.
type Budget struct {
	Steps int `json:"steps,omitempty"` // boxes looked at; default 5,000,000
	Holes int `json:"holes,omitempty"` // default 12
}

// Requirements are the words of Question.Require.
var Requirements = []string{
	"mfa", "phishing_resistant", "block", "terms_of_use", "managed_device",
	"sign_in_frequency", "persistent_browser_never", "app_enforced_restrictions", "block_downloads",
}

// ReadQuestion reads a question, refusing what it does not know.
func ReadQuestion(data []byte) (*Question, error) {
	dec := json.NewDecoder(strings.NewReader(string(data)))
	dec.DisallowUnknownFields()
	q := &Question{}
	if err := dec.Decode(q); err != nil {
		return nil, fmt.Errorf("question: %w", err)
	}
	return q, q.check()
}

func (q *Question) check() error {
	if len(q.Require) == 0 {
		return fmt.Errorf("question: require is empty; it takes %s", strings.Join(Requirements, ", "))
	}
	for _, list := range []struct {
		name  string
		words []string
		known []string
	}{
		{"require", q.Require, Requirements},
		{"kinds", q.Kinds, append([]string{InternalMember}, GuestKinds...)},
		{"providers", q.Providers, []string{Entra, OtherProvider}},
		{"clients", q.Clients, clientWords[1:]},
		{"platforms", q.Platforms, append([]string{"unknown"}, platformWords[1:]...)},
		{"devices", []string{q.Devices}, []string{"", "unmanaged"}},
		{"sign_in_risk", q.SignInRisk, riskWords},
		{"user_risk", q.UserRisk, riskWords},
		{"flows", q.Flows, append([]string{"none"}, flowWords...)},
		{"resources.actions", q.Resources.Actions, userActions},
	} {
		for _, w := range list.words {
			if !slices.Contains(list.known, w) {
				return fmt.Errorf("question: %s has %q; it takes %s", list.name, w, strings.Join(list.known, ", "))
			}
		}
	}
	return nil
}

var userActions = []string{"urn:user:registersecurityinfo", "urn:user:registerdevice"}

func (q *Question) asks(requirement string) bool { return slices.Contains(q.Require, requirement) }

// session says whether session controls can meet the requirement.
func (q *Question) session() bool {
	return q.asks("sign_in_frequency") || q.asks("persistent_browser_never") || q.asks("app_enforced_restrictions") || q.asks("block_downloads")
}

// answeredBy says whether presenting the control is what the question asks for.
func (q *Question) answeredBy(kind string) bool {
	switch kind {
	case "mfa":
		return q.asks("mfa")
	case "termsOfUse":
		return q.asks("terms_of_use")
	case "compliantDevice", "domainJoinedDevice":
		return q.asks("managed_device")
	}
	return false
}

func (q *Question) answeredByCombination(c combination) truth.Truth {
	t := truth.No
	if q.asks("mfa") {
		t = c.isMFA()
	}
	if q.asks("phishing_resistant") {
		t = truth.Or(t, c.isResistant())
	}
	return t
}
