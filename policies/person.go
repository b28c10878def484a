package policies

import (
	"slices"
	"strings"

	"github.com/guestward/guestward/collector/snapshot"
)

// Person is what a snapshot says of an external user.
type Person struct {
	ID                string    `json:"id"`
	UserPrincipalName string    `json:"userPrincipalName"`
	DisplayName       string    `json:"displayName"`
	Mail              string    `json:"mail"`
	UserType          string    `json:"userType"`
	CompanyName       string    `json:"companyName,omitempty"`
	AccountEnabled    *bool     `json:"accountEnabled"`
	State             string    `json:"externalUserState"`
	Created           string    `json:"createdDateTime"`
	Issuers           []string  `json:"issuers"` // who vouches for the person at sign-in
	Sponsors          []Sponsor `json:"sponsors"`
	// LastSuccess and LastAttempt are when the person signed in; "" where nothing is on record.
	LastSuccess string `json:"lastSuccessfulSignInDateTime"`
	LastAttempt string `json:"lastSignInDateTime"`
}

// Sponsor is somebody who answers for an external user.
type Sponsor struct {
	ID                string `json:"id"`
	UserPrincipalName string `json:"userPrincipalName"`
	AccountEnabled    *bool  `json:"accountEnabled"`
}

// FindGuests are the external users who have the text as id, user principal name or mail address. held is false when the
// snapshot has no external users at all.
func FindGuests(snap *snapshot.Snapshot, text string) (found []Person, held bool, err error) {
	if _, held = snap.Count("guests"); !held {
		return nil, false, nil
	}
	for one, err := range elements(snap, "guests", personOf)() {
		if err != nil {
			return nil, true, err
		}
		if slices.ContainsFunc([]string{one.ID, one.UserPrincipalName, one.Mail}, func(s string) bool { return s != "" && strings.EqualFold(s, text) }) {
			found = append(found, one)
		}
	}
	return found, true, nil
}

func personOf(n node) Person {
	activity := n.member("signInActivity")
	p := Person{
		ID:                n.member("id").text,
		UserPrincipalName: n.member("userPrincipalName").text,
		DisplayName:       n.member("displayName").text,
		Mail:              n.member("mail").text,
		UserType:          n.member("userType").text,
		CompanyName:       n.member("companyName").text,
		AccountEnabled:    n.member("accountEnabled").flag,
		State:             n.member("externalUserState").text,
		Created:           n.member("createdDateTime").text,
		LastSuccess:       activity.member("lastSuccessfulSignInDateTime").text,
		LastAttempt:       max(activity.member("lastSignInDateTime").text, activity.member("lastNonInteractiveSignInDateTime").text),
		Issuers:           []string{},
		Sponsors:          []Sponsor{},
	}
	for _, identity := range n.member("identities").elements {
		issuer := identity.member("issuer").text
		if identity.member("signInType").text != "userPrincipalName" && issuer != "" {
			p.Issuers = append(p.Issuers, issuer)
		}
	}
	for _, s := range n.member("sponsors").elements {
		p.Sponsors = append(p.Sponsors, Sponsor{s.member("id").text, s.member("userPrincipalName").text, s.member("accountEnabled").flag})
	}
	return p
}

// Missing says why the snapshot does not hold the source, or not all of it.
func Missing(snap *snapshot.Snapshot, source string) string {
	if gap, ok := snap.Collection.GapFor(source); ok {
		return gapReason(gap)
	}
	return source + ": the snapshot does not hold it"
}

// Holds says whether the snapshot has what a further source says of a collection's elements.
func Holds(snap *snapshot.Snapshot, source string) bool { return !lacks(snap, nil, source) }
