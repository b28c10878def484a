package access

import (
	"slices"
	"strings"

	"github.com/guestward/guestward/policies/access/truth"
	"github.com/guestward/guestward/policies/decoded"
)

// combination is a set of methods that satisfies an authentication strength, such as password and sms.
type combination []string

// Methods that are two factors by themselves, and those that resist phishing.
// https://learn.microsoft.com/en-us/entra/identity/authentication/concept-authentication-strengths
var (
	twoFactors = words("fido2 windowsHelloForBusiness x509CertificateMultiFactor deviceBasedPush temporaryAccessPassOneTime temporaryAccessPassMultiUse federatedMultiFactor")
	resistant  = words("fido2 windowsHelloForBusiness x509CertificateMultiFactor")
	// firstFactors are single; with any other method they make two.
	firstFactors  = words("password federatedSingleFactor x509CertificateSingleFactor")
	secondFactors = words("sms voice hardwareOath softwareOath microsoftAuthenticatorPush email qrCodePin")
	// hereFactors are what a guest can register in the tenant that he visits.
	// https://learn.microsoft.com/en-us/entra/external-id/authentication-conditional-access (table 1)
	hereFactors = words("sms voice microsoftAuthenticatorPush softwareOath")
)

func words(text string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(text) {
		set[w] = true
	}
	return set
}

func readCombination(text string) combination {
	var c combination
	for _, m := range strings.Split(text, ",") {
		if m = strings.TrimSpace(m); m != "" && !slices.Contains(c, m) {
			c = append(c, m)
		}
	}
	slices.Sort(c)
	return c
}

func (c combination) any(set map[string]bool) bool {
	return slices.ContainsFunc(c, func(m string) bool { return set[m] })
}

// odd says whether a method of the combination is one that nobody knows.
func (c combination) odd() bool {
	return len(c) == 0 || slices.ContainsFunc(c, func(m string) bool { return !twoFactors[m] && !firstFactors[m] && !secondFactors[m] })
}

// isMFA says whether the combination is more than one factor.
func (c combination) isMFA() truth.Truth {
	switch {
	case c.odd():
		return truth.Maybe
	case c.any(twoFactors):
		return truth.Yes
	}
	return truth.Of(len(c) > 1 && c.any(firstFactors))
}

// isResistant says whether the combination resists phishing.
func (c combination) isResistant() truth.Truth {
	if c.odd() {
		return truth.Maybe
	}
	return truth.Of(c.any(resistant))
}

// atHome and here are where a guest may have the methods of a combination: in his own tenant, whose word is trusted, or
// in the one that he visits.
func (c combination) here(pr *premises) truth.Truth {
	if c.odd() {
		return truth.Maybe
	}
	first, second := "", 0
	for _, m := range c {
		switch {
		case m == "password" || m == "federatedSingleFactor":
			first = m
		case hereFactors[m]:
			second++
		default:
			return truth.No
		}
	}
	switch {
	case len(c) == 1 && first != "":
		return truth.Yes
	case len(c) != 2 || first == "" || second != 1:
		return truth.No
	case first == "password":
		return pr.holds("U11")
	}
	return truth.Yes
}

// strength is an authentication strength: one of its combinations satisfies it.
type strength struct {
	id, name     string
	combinations []combination
	// odd: Graph's own opinion of whether the strength is MFA is not what its combinations say.
	odd bool
}

// readStrength reads a strength as a policy holds it; one that only names it is looked up. Where the combinations are not
// in the snapshot, they are one that nobody knows.
func readStrength(raw map[string]any, byID map[string]map[string]any) *strength {
	s := &strength{id: strings.ToLower(decoded.Text(raw, "id")), name: decoded.Text(raw, "displayName")}
	list, ok := raw["allowedCombinations"].([]any)
	if !ok && byID[s.id] != nil {
		raw = byID[s.id]
		list, ok = raw["allowedCombinations"].([]any)
	}
	if !ok || len(list) == 0 {
		s.combinations = []combination{nil}
	}
	all, none := truth.Yes, truth.No
	for _, one := range list {
		text, _ := one.(string)
		c := readCombination(text)
		s.combinations = append(s.combinations, c)
		all, none = truth.And(all, c.isMFA()), truth.Or(none, truth.Not(c.isMFA()))
	}
	var satisfies []string
	for _, word := range strings.Split(decoded.Text(raw, "requirementsSatisfied"), ",") {
		satisfies = append(satisfies, strings.TrimSpace(word))
	}
	if slices.Contains(satisfies, "mfa") {
		s.odd = none == truth.Yes
	} else {
		s.odd = all == truth.Yes && len(list) > 0
	}
	return s
}
