package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/guestward/guestward/cmd/internal/access"
	"github.com/guestward/guestward/collector"
	"github.com/guestward/guestward/collector/signin"
	"github.com/guestward/guestward/report"
)

func (e *examination) write(w io.Writer) {
	fmt.Fprintf(w, "Signed in with %s in the cloud %s\n", e.session.Method, e.session.Cloud.Name)
	if e.claims == nil {
		block(w, "  token        ", e.opaque+". What was granted cannot be told: collect will show it as gaps")
	} else {
		block(w, "  tenant       ", cmp.Or(e.claims.TenantID, "not told by the token"))
		block(w, "  application  ", cmp.Or(e.claims.AppID, "not told by the token"))
		if e.reach.AppOnly {
			block(w, "  permissions  ", fmt.Sprintf("%d for Microsoft Graph, as an application", len(e.reach.Graph.Names)))
		} else {
			block(w, "  permissions  ", fmt.Sprintf("%d for Microsoft Graph, as a person (delegated)", len(e.reach.Graph.Names)))
		}
	}
	block(w, "  SharePoint   ", "all its settings: "+e.sharePoint.Text)
	for _, hint := range e.hints() {
		block(w, "  note         ", hint)
	}
	counts := map[access.Status]int{}
	for _, v := range e.diagnosis.Verdicts {
		counts[v.Status]++
	}
	fmt.Fprintf(w, "\n%s: %d can be decided, %d in part, %d stay unknown\n", count(len(e.rules), "rule"),
		counts[access.Readable], counts[access.Partly], counts[access.Unknown])
	e.writeUnknown(w)
	e.writeMissing(w)
	e.writeExcess(w)
	if e.github != nil {
		fmt.Fprintln(w)
		e.github.write(w)
	}
}

// writeUnknown says per rule what is in the way; rules with the same obstacles share a line.
func (e *examination) writeUnknown(w io.Writer) {
	var order []string
	rules := map[string][]string{}
	for _, v := range e.diagnosis.Verdicts {
		if v.Status == access.Readable {
			continue
		}
		why := whyUnknown(v)
		if rules[why] == nil {
			order = append(order, why)
		}
		rules[why] = append(rules[why], v.Rule.ID)
	}
	for i, why := range order {
		if i == 0 {
			fmt.Fprintln(w, "\nUnknown")
		}
		block(w, "  ", strings.Join(rules[why], " "))
		block(w, "      ", why)
	}
}

func whyUnknown(v access.Verdict) string {
	var parts, needs []string
	for _, o := range v.Obstacles {
		text := obstacleText(o)
		if o.Cause == access.NotGranted {
			if !slices.Contains(needs, text) {
				needs = append(needs, text)
			}
		} else if !slices.Contains(parts, text) {
			parts = append(parts, text)
		}
	}
	if len(needs) > 0 {
		parts = append([]string{"needs " + strings.Join(needs, " and ")}, parts...)
	}
	text := strings.Join(parts, "; ")
	if v.Status == access.Partly {
		text = "in part: " + text
	}
	return text
}

// writeMissing lists the grants that close what is unknown, and how to give them.
func (e *examination) writeMissing(w io.Writer) {
	if len(e.diagnosis.Missing) == 0 {
		return
	}
	fmt.Fprintln(w, "\nGrant")
	for _, g := range e.diagnosis.Missing {
		fmt.Fprintf(w, "  %s%s  %s\n", g.Name, onAPI(g.API), g.ID)
		if g.Writes {
			block(w, "      writes  ", "it allows more than reading; there is no smaller one")
		}
		block(w, "      reads   ", g.About)
		block(w, "      for     ", grantFor(g))
	}
	for _, how := range e.howToGrant() {
		block(w, "  how   ", how)
	}
}

func (e *examination) howToGrant() []string {
	portal := "Entra admin center > App registrations > the application > API permissions > Add a permission > " +
		"Microsoft Graph (or SharePoint) > %s permissions, then Grant admin consent"
	if e.reach.AppOnly {
		admin := ""
		if slices.ContainsFunc(e.diagnosis.Missing, func(g access.Grant) bool { return g.Writes }) {
			admin = " --sharepoint-admin"
		}
		return []string{
			fmt.Sprintf(portal, "Application"),
			"or a script, for managed identities too: guestward permissions" + e.selection + admin +
				cloudFlag(e.session.Cloud.Name) + " --format powershell",
		}
	}
	if e.session.Method == signin.AzureCLI {
		return []string{"the Azure CLI signs in with an application of Microsoft's, whose scopes are fixed: sign in with " +
			"an application of your own, such as --auth browser --client-id ID, to which these are granted"}
	}
	return []string{fmt.Sprintf(portal, "Delegated")}
}

func cloudFlag(cloud string) string {
	if cloud == "global" {
		return ""
	}
	return " --cloud " + cloud
}

func (e *examination) writeExcess(w io.Writer) {
	for i, x := range e.diagnosis.Excess {
		if i == 0 {
			fmt.Fprintln(w, "\nGranted, and not needed")
		}
		mark := "  "
		if x.Writes {
			mark = "  warning: "
		}
		block(w, mark, x.Name+onAPI(x.API)+": "+excessText(x))
	}
}

func excessText(x access.Excess) string {
	switch {
	case x.Instead != "":
		return "allows more than reading; " + x.Instead + " is enough"
	case x.API == collector.Graph && strings.EqualFold(x.Name, "Sites.FullControl.All"):
		return "allows more than reading, and opens no settings: that takes SharePoint's permission of the same name"
	case x.Writes:
		return "allows more than reading, and no chosen rule needs it; take it away"
	case x.Reads != "":
		return "no chosen rule needs it; collect --all reads " + x.Reads
	default:
		return "guestward does not use it"
	}
}

// What holders of these directory roles may read, by template id.
// https://learn.microsoft.com/en-us/entra/identity/role-based-access-control/permissions-reference
const (
	globalAdministrator = "62e90394-69f5-4237-9190-012177145e10"
	globalReader        = "f2ef992c-3afb-46b9-b7cf-a126ee74c451"
)

// hints are what else is worth knowing of the sign-in.
func (e *examination) hints() []string {
	if e.claims == nil {
		return nil
	}
	var hints []string
	holds := func(ids ...string) bool {
		return slices.ContainsFunc(e.claims.WIDs, func(id string) bool { return slices.Contains(ids, strings.ToLower(id)) })
	}
	if !e.reach.AppOnly && !holds(globalReader, globalAdministrator) {
		hints = append(hints, "what a person may read also rests on their Entra roles, and the token does not show "+
			"Global Reader, which reads what the rules need but for SharePoint's full settings (SharePoint Administrator)")
	}
	if e.needs(collector.Teams) && holds(globalReader, globalAdministrator, roleOf(collector.Teams)) {
		hints = append(hints, "the sign-in holds a directory role with which --experimental-teams-api may read Teams")
	}
	return hints
}

// safe is text of a token as it may be shown.
func safe(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = report.Terminal(s)
	}
	return out
}
