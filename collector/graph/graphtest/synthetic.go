package graphtest

import (
	_ "embed"
	"encoding/json"
	"strconv"
)

// baseJSON is the small part of a synthetic tenant: policies as a new tenant has them, and all licences.
//
//go:embed base.json
var baseJSON []byte

// Kinds of synthetic ids, told by their first digit.
const (
	kindGuest = 1 + iota
	kindMember
	kindGroup
)

// Synthetic is a tenant of any size that costs no memory: its users and groups are made up from their number whenever
// they are asked for, the same every time. For every hundred guests there is a member of the organisation, and of those
// one in ten is an external member.
func Synthetic(guests, groups int) *Tenant {
	t, err := parseTenant(baseJSON)
	if err != nil {
		panic("base.json: " + err.Error())
	}
	members := max(10, guests/100)
	t.users = &syntheticUsers{guests, members}
	t.groups = &syntheticGroups{groups, guests, members}
	return t
}

func appendSyntheticID(b []byte, kind, i int) []byte {
	var n [8]byte
	n[0] = byte('0' + kind)
	for k := 7; k > 0; k-- {
		n[k] = byte('0' + i%10)
		i /= 10
	}
	b = append(b, n[:]...)
	b = append(b, "-0000-4000-8000-0000"...)
	return append(b, n[:]...)
}

func syntheticID(kind, i int) string { return string(appendSyntheticID(make([]byte, 0, 36), kind, i)) }

// parseSyntheticID reads an id back.
func parseSyntheticID(id string) (kind, i int, ok bool) {
	if len(id) != 36 || id[8:28] != "-0000-4000-8000-0000" || id[28:] != id[:8] {
		return 0, 0, false
	}
	i, err := strconv.Atoi(id[1:8])
	return int(id[0] - '0'), i, err == nil
}

// syntheticUsers are guests first, then members.
type syntheticUsers struct{ guests, members int }

func (u *syntheticUsers) len() int { return u.guests + u.members }

func (u *syntheticUsers) kind(i int) (kind, n int) {
	if i < u.guests {
		return kindGuest, i
	}
	return kindMember, i - u.guests
}

func (u *syntheticUsers) find(id string) (int, bool) {
	kind, i, ok := parseSyntheticID(id)
	switch {
	case ok && kind == kindGuest && i < u.guests:
		return i, true
	case ok && kind == kindMember && i < u.members:
		return u.guests + i, true
	}
	return 0, false
}

func (u *syntheticUsers) span(f *node) (from, to int) {
	switch v, _ := f.equals("userType"); v {
	case "Guest":
		return 0, u.guests
	case "Member":
		return u.guests, u.len()
	}
	return 0, u.len()
}

func (u *syntheticUsers) value(i int, name string) any {
	if name == "userType" { // what every row is filtered by
		if i < u.guests {
			return "Guest"
		}
		return "Member"
	}
	return decodeValue(u, i, name)
}

func decodeValue(r rows, i int, name string) any {
	text, ok := r.appendValue(nil, i, name)
	if !ok {
		return nil
	}
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		panic("synthetic " + name + ": " + err.Error())
	}
	return v
}

var syntheticUserNames = []string{
	"id", "userPrincipalName", "displayName", "mail", "otherMails", "userType", "accountEnabled", "createdDateTime", "creationType",
	"externalUserState", "externalUserStateChangeDateTime", "identities", "companyName", "signInActivity",
}

func (u *syntheticUsers) names(int) []string { return syntheticUserNames }

// partners are the domains that synthetic guests come from.
var partners = []string{"fabrikam.com", "adatum.com", "wingtiptoys.com", "gmail.com", "bücher.example"}

func (u *syntheticUsers) appendValue(b []byte, i int, name string) ([]byte, bool) {
	kind, n := u.kind(i)
	outside := kind == kindGuest || n%10 == 9
	domain := partners[n%len(partners)]
	switch name {
	case "id":
		return append(appendSyntheticID(append(b, '"'), kind, n), '"'), true
	case "userPrincipalName":
		if outside {
			return append(append(appendNumbered(append(b, '"'), "outsider", kind, n), '_'), domain+`#EXT#@contoso.onmicrosoft.com"`...), true
		}
		return append(appendNumbered(append(b, '"'), "employee", kind, n), `@contoso.com"`...), true
	case "mail":
		if outside {
			return append(append(append(appendNumbered(append(b, '"'), "outsider", kind, n), '@'), domain...), '"'), true
		}
		return append(appendNumbered(append(b, '"'), "employee", kind, n), `@contoso.com"`...), true
	case "displayName":
		return append(appendNumbered(append(b, '"'), "Zoë “Łukasz” ", kind, n), '"'), true
	case "otherMails":
		return append(b, "[]"...), true
	case "userType":
		if kind == kindGuest {
			return append(b, `"Guest"`...), true
		}
		return append(b, `"Member"`...), true
	case "accountEnabled":
		return strconv.AppendBool(b, n%17 != 16), true
	case "createdDateTime":
		return appendDay(b, n), true
	case "creationType":
		if outside {
			return append(b, `"Invitation"`...), true
		}
		return append(b, "null"...), true
	case "externalUserState":
		switch {
		case !outside:
			return append(b, "null"...), true
		case n%10 == 3:
			return append(b, `"PendingAcceptance"`...), true
		}
		return append(b, `"Accepted"`...), true
	case "externalUserStateChangeDateTime":
		if !outside {
			return append(b, "null"...), true
		}
		return appendDay(b, n), true
	case "identities":
		if !outside {
			b = append(b, `[{"signInType":"userPrincipalName","issuer":"contoso.onmicrosoft.com","issuerAssignedId":"`...)
			return append(appendNumbered(b, "employee", kind, n), `@contoso.com"}]`...), true
		}
		issuer := "ExternalAzureAD"
		if domain == "gmail.com" {
			issuer = "google.com"
		}
		return append(b, `[{"signInType":"federated","issuer":"`+issuer+`","issuerAssignedId":null}]`...), true
	case "companyName":
		if !outside {
			return append(b, "null"...), true
		}
		return append(append(append(b, '"'), domain...), '"'), true
	case "signInActivity":
		if n%9 == 8 {
			return b, false
		}
		b = appendDay(append(b, `{"lastSignInDateTime":`...), n/3)
		b = appendDay(append(b, `,"lastNonInteractiveSignInDateTime":`...), n/3)
		b = appendDay(append(b, `,"lastSuccessfulSignInDateTime":`...), n/3)
		return append(b, '}'), true
	}
	return b, false
}

func appendNumbered(b []byte, word string, kind, n int) []byte {
	b = strconv.AppendInt(append(b, word...), int64(kind), 10)
	return strconv.AppendInt(append(b, '.'), int64(n), 10)
}

// appendDay is a day of 2024, 2025 or 2026.
func appendDay(b []byte, n int) []byte {
	b = append(b, `"202`...)
	b = append(b, byte('4'+n%3), '-', '0', byte('1'+n%9), '-', byte('1'+n/9%2), byte('0'+n/18%9))
	return append(b, `T08:00:00Z"`...)
}

func (u *syntheticUsers) related(i int, navigation string) int {
	if kind, n := u.kind(i); navigation == "sponsors" && kind == kindGuest && n%7 != 6 {
		return 1 + n%2
	}
	return 0
}

func (u *syntheticUsers) relation(i int, _ string, k int) link {
	return link{id: syntheticID(kindMember, (i+k)%u.members)}
}

// syntheticGroups have members of all kinds.
type syntheticGroups struct{ n, guests, members int }

func (g *syntheticGroups) len() int { return g.n }

func (g *syntheticGroups) find(id string) (int, bool) {
	kind, i, ok := parseSyntheticID(id)
	return i, ok && kind == kindGroup && i < g.n
}

func (g *syntheticGroups) span(*node) (from, to int) { return 0, g.n }

func (g *syntheticGroups) value(i int, name string) any { return decodeValue(g, i, name) }

var syntheticGroupNames = []string{
	"id", "displayName", "description", "visibility", "groupTypes", "securityEnabled", "mailEnabled", "resourceProvisioningOptions", "assignedLabels",
	"classification", "membershipRule", "membershipRuleProcessingState", "isAssignableToRole", "createdDateTime", "renewedDateTime",
	"expirationDateTime", "onPremisesSyncEnabled",
}

func (g *syntheticGroups) names(int) []string { return syntheticGroupNames }

func (g *syntheticGroups) unified(i int) bool { return i%2 == 0 }
func (g *syntheticGroups) team(i int) bool    { return i%4 == 0 }
func (g *syntheticGroups) dynamic(i int) bool { return i%10 == 3 }

func (g *syntheticGroups) appendValue(b []byte, i int, name string) ([]byte, bool) {
	switch name {
	case "id":
		return append(appendSyntheticID(append(b, '"'), kindGroup, i), '"'), true
	case "displayName":
		return append(appendNumbered(append(b, '"'), "Projekt Größe ", kindGroup, i), '"'), true
	case "description", "classification", "expirationDateTime", "onPremisesSyncEnabled":
		return append(b, "null"...), true
	case "visibility":
		switch {
		case g.unified(i) && i%100 == 8:
			return append(b, `"HiddenMembership"`...), true
		case g.unified(i) && i%6 == 0:
			return append(b, `"Private"`...), true
		case g.unified(i):
			return append(b, `"Public"`...), true
		}
		return append(b, "null"...), true
	case "groupTypes":
		switch {
		case g.unified(i):
			return append(b, `["Unified"]`...), true
		case g.dynamic(i):
			return append(b, `["DynamicMembership"]`...), true
		}
		return append(b, "[]"...), true
	case "securityEnabled":
		return strconv.AppendBool(b, !g.unified(i)), true
	case "mailEnabled":
		return strconv.AppendBool(b, g.unified(i)), true
	case "resourceProvisioningOptions":
		if g.team(i) {
			return append(b, `["Team"]`...), true
		}
		return append(b, "[]"...), true
	case "assignedLabels":
		if g.unified(i) && i%6 == 0 {
			return append(b, `[{"labelId":"00000501-0000-4000-8000-000000000501","displayName":"Confidential"}]`...), true
		}
		return append(b, "[]"...), true
	case "membershipRule":
		if g.dynamic(i) {
			return append(b, `"(user.objectId -ne null)"`...), true
		}
		return append(b, "null"...), true
	case "membershipRuleProcessingState":
		if g.dynamic(i) {
			return append(b, `"On"`...), true
		}
		return append(b, "null"...), true
	case "isAssignableToRole":
		return strconv.AppendBool(b, i%50 == 1), true
	case "createdDateTime", "renewedDateTime":
		return appendDay(b, i), true
	case "settings":
		if i%12 == 0 {
			return append(b, `[{"id":"00000700-0000-4000-8000-000000000700","displayName":"Group.Unified.Guest",`+
				`"templateId":"08d542b9-071f-4e16-94b0-74abb372e3d9","values":[{"name":"AllowToAddGuests","value":"False"}]}]`...), true
		}
		return append(b, "[]"...), true
	case "team":
		if !g.team(i) {
			return b, false
		}
		b = appendSyntheticID(append(b, `{"id":"`...), kindGroup, i)
		b = appendNumbered(append(b, `","displayName":"`...), "Projekt Größe ", kindGroup, i)
		return append(b, `","visibility":"public","isArchived":false,`+
			`"guestSettings":{"allowCreateUpdateChannels":false,"allowDeleteChannels":false}}`...), true
	case "channels":
		switch {
		case !g.team(i):
			return b, false
		case i%80 != 0:
			return append(b, "[]"...), true
		}
		b = strconv.AppendInt(append(b, `[{"id":"19:shared`...), int64(i), 10)
		return append(b, `@thread.tacv2","displayName":"Shared","membershipType":"shared","tenantId":"00000100-0000-4000-8000-000000000100",`+
			`"allMembers":[{"@odata.type":"#microsoft.graph.aadUserConversationMember","id":"m1","roles":["guest"],`+
			`"displayName":"Outsider","userId":"00008001-0000-4000-8000-000000008001","email":"outsider@fabrikam.com",`+
			`"tenantId":"00000200-0000-4000-8000-000000000200"}],`+
			`"sharedWithTeams":[{"id":"00008002-0000-4000-8000-000000008002","displayName":"Partners",`+
			`"tenantId":"00000200-0000-4000-8000-000000000200","isHostTeam":false}]}]`...), true
	}
	return b, false
}

// size is how many members a group has: a few, and every thousandth group very many.
func (g *syntheticGroups) size(i int) int {
	n := 5 + i%20
	if i%1000 == 500 {
		n = 12000
	}
	return min(n, g.guests)
}

func (g *syntheticGroups) related(i int, navigation string) int {
	switch navigation {
	case "members":
		n := g.size(i)
		if n > 4 && i%5 == 0 && i+1 < g.n {
			n++ // and the group behind it
		}
		return n
	case "owners":
		return 1 + i%2
	}
	return 0
}

func (g *syntheticGroups) relation(i int, navigation string, k int) link {
	switch {
	case navigation == "owners" && k == 1 && i%40 == 1:
		return link{id: syntheticID(kindGuest, i%max(1, g.guests))}
	case navigation == "owners":
		return link{id: syntheticID(kindMember, (i+k)%g.members)}
	case k == g.size(i):
		return link{id: syntheticID(kindGroup, i+1)}
	case k%3 == 2 && k/3 < g.members:
		return link{id: syntheticID(kindMember, (i+k/3)%g.members)}
	}
	return link{id: syntheticID(kindGuest, (i*7919+k)%g.guests)}
}
