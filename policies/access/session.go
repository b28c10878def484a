package access

import (
	"strings"

	"github.com/guestward/guestward/policies/access/truth"
)

// session is the session controls that questions ask about.
// https://learn.microsoft.com/en-us/graph/api/resources/conditionalaccesssessioncontrols
type session struct {
	hours          float64 // of the sign-in frequency; -1 means none
	neverPersist   bool
	appEnforced    bool
	blockDownloads bool
}

func readSession(o map[string]any) session {
	s := session{hours: -1}
	enabled := func(name string) map[string]any {
		c, _ := o[name].(map[string]any)
		if on, _ := c["isEnabled"].(bool); !on {
			return nil
		}
		return c
	}
	if f := enabled("signInFrequency"); f != nil {
		if interval, _ := f["frequencyInterval"].(string); strings.EqualFold(interval, "everyTime") {
			s.hours = 0
		} else if n, ok := number(f["value"]); ok && n >= 0 {
			switch kind, _ := f["type"].(string); strings.ToLower(kind) {
			case "hours":
				s.hours = n
			case "days":
				s.hours = 24 * n
			}
		}
	}
	if b := enabled("persistentBrowser"); b != nil {
		mode, _ := b["mode"].(string)
		s.neverPersist = strings.EqualFold(mode, "never")
	}
	s.appEnforced = enabled("applicationEnforcedRestrictions") != nil
	if m := enabled("cloudAppSecurity"); m != nil {
		kind, _ := m["cloudAppSecurityType"].(string)
		s.blockDownloads = strings.EqualFold(kind, "blockDownloads")
	}
	return s
}

// answers says whether the session controls do what the question asks for.
func (s *session) answers(kind, client string, enforced truth.Truth, q *Question, pr *premises) truth.Truth {
	if !q.session() || kind == B2BDirectConnectUser { // session controls are not for direct connect
		return truth.No
	}
	t := truth.No
	if q.asks("sign_in_frequency") && s.hours >= 0 && s.hours <= q.MaxHours {
		u := pr.holds("U9")
		if u == truth.No {
			u = truth.Maybe
		}
		t = truth.Or(t, u)
	}
	if q.asks("persistent_browser_never") && s.neverPersist {
		t = truth.Yes
	}
	if q.asks("app_enforced_restrictions") && s.appEnforced && client == "browser" {
		t = truth.Or(t, enforced)
	}
	if q.asks("block_downloads") && s.blockDownloads {
		t = truth.Yes
	}
	return t
}
