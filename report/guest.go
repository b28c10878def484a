package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/guestward/guestward/policies"
	"github.com/guestward/guestward/policies/reach"
)

// Guest is an external user, and what the user reaches.
type Guest struct {
	Tenant string          `json:"tenant"`
	Who    policies.Person `json:"who"`
	Reach  *reach.Reach    `json:"reach"`
	// Open are the tenant's applications that ask for no assignment: everybody in the directory may sign in to them.
	Open    []string        `json:"open_applications"`
	Missing []MissingSource `json:"missing"`
}

// MissingSource is something that the snapshot does not tell, and why.
type MissingSource struct {
	Source string `json:"source"`
	Reason string `json:"reason"`
}

// kindTitles are the kinds of things in words.
var kindTitles = map[string]string{
	reach.Roles: "Directory roles", reach.Owns: "Owns", reach.Groups: "Groups", reach.Teams: "Teams", reach.Channels: "Shared channels",
	reach.Sites: "Sites of groups", reach.Applications: "Applications", reach.Packages: "Access packages", reach.Grants: "Lets act in the user's name",
}

// ExplainGuest writes for people who an external user is, and what the user reaches.
func ExplainGuest(w io.Writer, g *Guest, o Options) error {
	t := &table{out: bufio.NewWriter(w), palette: palette(o.Color)}
	p := g.Who
	t.text("", bold, cmp.Or(p.DisplayName, p.UserPrincipalName, p.ID))
	t.row("id", p.ID)
	t.row("name", cmp.Or(p.UserPrincipalName, "not known"))
	t.row("mail", cmp.Or(p.Mail, "none"))
	t.row("kind", kindOfPerson(p))
	t.row("home", home(p))
	t.row("state", stateOf(p))
	if !g.lacks("guests.sponsors") || len(p.Sponsors) > 0 {
		t.row("sponsors", sponsors(p))
	} else {
		t.row("sponsors", "not known")
	}
	switch {
	case p.LastSuccess != "":
		t.row("signed in", day(p.LastSuccess))
	case p.LastAttempt != "":
		t.row("signed in", "tried on "+day(p.LastAttempt)+", no success on record")
	case g.lacks("guests.signInActivity"):
		t.row("signed in", "not known")
	default:
		t.row("signed in", "never, as far as is on record")
	}
	for _, kind := range reach.Kinds {
		list := *g.Reach.List(kind)
		t.line()
		t.line(t.palette.paint(bold, fmt.Sprintf("%s (%d)", kindTitles[kind], len(list))))
		for _, one := range list {
			t.item(kind, one)
		}
		switch unknown := slices.ContainsFunc(reach.Sources(kind), g.lacks); {
		case unknown && len(list) == 0:
			t.text("  ", amber, "not known")
		case unknown:
			t.text("  ", amber, "perhaps more: not everything is known")
		case len(list) == 0:
			t.text("  ", "", "nothing")
		}
	}
	if len(g.Open) > 0 {
		t.line()
		t.line(t.palette.paint(bold, fmt.Sprintf("Open to everybody in the directory (%d)", len(g.Open))))
		for _, name := range g.Open {
			t.text("  • ", "", clip(oneLine(name), nameColumns)+": asks for no assignment")
		}
	}
	if len(g.Missing) > 0 {
		t.line()
		t.line(t.palette.paint(bold, "Not known"))
		for _, m := range g.Missing {
			t.text("  • ", amber, m.Reason)
		}
	}
	return t.out.Flush()
}

func (g *Guest) lacks(source string) bool {
	return slices.ContainsFunc(g.Missing, func(m MissingSource) bool { return m.Source == source })
}

// item writes one thing and the way to it.
func (t *table) item(kind string, i reach.Item) {
	how := i.How
	if len(i.Path) == 1 && (kind == reach.Groups || kind == reach.Teams) { // the path is the group itself
		how = map[bool]string{false: "member", true: "can activate membership"}[i.ThroughActivation]
	}
	text := clip(oneLine(cmp.Or(i.Name, i.ID)), nameColumns) + ": " + how
	if kind == reach.Roles {
		if i.Scope != "/" {
			text += ", within " + i.Scope
		}
		switch {
		case !i.UntilKnown:
			text += " (until when is not known)"
		case i.Until == "":
			text += " (without an end)"
		default:
			text += " (until " + day(i.Until) + ")"
		}
	}
	if len(i.Scopes) > 0 {
		text += ": " + strings.Join(i.Scopes, " ")
	}
	t.text("  • ", "", text)
	if kind == reach.Sites {
		t.text("    ", dim, i.ID)
	}
}

func kindOfPerson(p policies.Person) string {
	foreign := strings.Contains(strings.ToLower(p.UserPrincipalName), "#ext#")
	switch {
	case strings.EqualFold(p.UserType, "Guest") && foreign:
		return "guest"
	case strings.EqualFold(p.UserType, "Guest"):
		return "internal guest: this tenant keeps the account"
	case strings.EqualFold(p.UserType, "Member"):
		return "external member: rights of a member, not of a guest"
	default:
		return "not known"
	}
}

// providers are names of issuers.
// https://learn.microsoft.com/en-us/graph/api/resources/objectidentity
var providers = map[string]string{
	"ExternalAzureAD": "another organisation's Microsoft Entra ID", "MicrosoftAccount": "a Microsoft account", "google.com": "Google",
	"facebook.com": "Facebook", "mail": "a one-time code by mail",
}

func home(p policies.Person) string {
	var parts []string
	if p.CompanyName != "" {
		parts = append(parts, p.CompanyName)
	}
	if at := strings.LastIndexByte(p.Mail, '@'); at >= 0 {
		parts = append(parts, p.Mail[at+1:])
	}
	for _, issuer := range p.Issuers {
		parts = append(parts, "signs in with "+cmp.Or(providers[issuer], issuer))
	}
	return cmp.Or(strings.Join(parts, ", "), "not known")
}

func stateOf(p policies.Person) string {
	state := cmp.Or(map[string]string{"Accepted": "accepted the invitation", "PendingAcceptance": "has not answered the invitation"}[p.State], p.State, "was not invited")
	switch {
	case p.AccountEnabled == nil:
		state += "; not known whether blocked"
	case !*p.AccountEnabled:
		state += "; blocked"
	}
	if p.Created != "" {
		state += "; created on " + day(p.Created)
	}
	return state
}

func sponsors(p policies.Person) string {
	var list []string
	for _, s := range p.Sponsors {
		name := cmp.Or(s.UserPrincipalName, s.ID)
		if s.AccountEnabled != nil && !*s.AccountEnabled {
			name += " (blocked)"
		}
		list = append(list, name)
	}
	return cmp.Or(strings.Join(list, ", "), "none")
}

// day is the date of a time.
func day(text string) string {
	date, _, _ := strings.Cut(text, "T")
	return date
}
