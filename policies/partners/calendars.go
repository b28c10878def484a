package partners

import (
	"regexp"
	"slices"
	"strings"

	"github.com/guestward/guestward/policies/decoded"
)

// calendars: whom the sharing policies in force name, read as EXO-001 reads them, which judges what is for everybody. Who
// holds a policy is not in the snapshot, so each counts.
// https://learn.microsoft.com/en-us/powershell/module/exchangepowershell/set-sharingpolicy
func (j *joiner) calendars() (l domainList, unread []Unread) {
	base := []any{"exchange", "sharingPolicies"}
	policies, ok := decoded.At(j.Sections, "exchange", "sharingPolicies").([]any)
	switch {
	case !ok:
		return domainList{rest: Unknown}, []Unread{{Path: base, Why: "not in the snapshot"}}
	case len(policies) == 0:
		return domainList{rest: Unknown}, []Unread{{Path: base, Why: "there is no sharing policy, not even the default one"}}
	}
	everybody := false
	for i, p := range policies {
		path := append(slices.Clone(base), i)
		on, isSwitch := decoded.At(p, "Enabled").(bool)
		entries, isList := decoded.At(p, "Domains").([]any)
		switch {
		case !isSwitch:
			unread = append(unread, Unread{Path: append(path, "Enabled"), Why: "is neither true nor false"})
			continue
		case !on:
			continue
		case !isList:
			unread = append(unread, Unread{Path: append(path, "Domains"), Why: "is no list of domains"})
		}
		for k, e := range entries {
			here := append(slices.Clone(path), "Domains", k)
			switch domain := sharedWith(e); {
			case domain == "*" || domain == "anonymous":
				everybody = true
			case plainDomain.MatchString(domain):
				l.named = append(l.named, namedPlace{Place: Place{Path: here, Domain: domain}})
			default:
				unread = append(unread, Unread{Path: here, Why: "an entry that this version does not understand"})
			}
		}
	}
	switch {
	case everybody:
		l.rest = Open
	case len(unread) > 0:
		l.rest = Unknown
	default:
		l.rest = Closed
	}
	return l, unread
}

var plainDomain = regexp.MustCompile(`^[^\s*:.]+(\.[^\s*:.]+)+$`)

// sharedWith is whom an entry such as "fabrikam.com: CalendarSharingFreeBusySimple, ContactsSharing" shares something with.
func sharedWith(entry any) string {
	text, _ := entry.(string)
	parts := strings.Split(strings.ToLower(text), ":")
	if len(parts) != 2 || strings.Trim(parts[1], ", \t") == "" {
		return ""
	}
	return strings.TrimSpace(parts[0])
}
