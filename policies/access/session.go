package access

import (
	"fmt"
	"strings"

	"github.com/guestward/guestward/policies/access/truth"
)

// session is the session controls that questions ask about.
// https://learn.microsoft.com/en-us/graph/api/resources/conditionalaccesssessioncontrols
type session struct {
	hours          float64 // of the sign-in frequency; -1 means none
	neverPersist   bool
	appEnforced    bool
	blockDownloads truth.Truth
}

// String is the session controls in words, as far as questions ask about them.
func (s *session) String() string {
	var out []string
	switch {
	case s.hours == 0:
		out = append(out, "signing in every time")
	case s.hours > 0:
		out = append(out, fmt.Sprintf("signing in again every %g hours", s.hours))
	}
	if s.neverPersist {
		out = append(out, "no persistent browser session")
	}
	if s.appEnforced {
		out = append(out, "app-enforced restrictions")
	}
	if s.blockDownloads != truth.No {
		out = append(out, "Defender for Cloud Apps")
	}
	return strings.Join(out, ", ")
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
	// A frequency that asks for the second factor alone leaves the sign-in itself as it is.
	// https://learn.microsoft.com/en-us/graph/api/resources/signinfrequencysessioncontrol
	if f := enabled("signInFrequency"); f != nil && (f["authenticationType"] == nil || f["authenticationType"] == "primaryAndSecondaryAuthentication") {
		interval := f["frequencyInterval"]
		if n, ok := number(f["value"]); interval == "everyTime" {
			s.hours = 0
		} else if ok && n >= 0 && (interval == nil || interval == "timeBased") {
			switch f["type"] {
			case "hours":
				s.hours = n
			case "days":
				s.hours = 24 * n
			}
		}
	}
	if b := enabled("persistentBrowser"); b != nil {
		s.neverPersist = b["mode"] == "never"
	}
	s.appEnforced = enabled("applicationEnforcedRestrictions") != nil
	if m := enabled("cloudAppSecurity"); m != nil {
		switch m["cloudAppSecurityType"] {
		case "blockDownloads":
			s.blockDownloads = truth.Yes
		case "mcasConfigured": // what Defender for Cloud Apps was told to do is not in the snapshot
			s.blockDownloads = truth.Maybe
		}
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
	if q.asks("block_downloads") {
		t = truth.Or(t, s.blockDownloads)
	}
	return t
}
