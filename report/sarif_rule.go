package report

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/owenrumney/go-sarif/v2/sarif"

	"github.com/guestward/guestward/policies"
)

func sarifLevel(s policies.Severity) string {
	switch s {
	case policies.Critical, policies.High:
		return "error"
	case policies.Medium:
		return "warning"
	default:
		return "note"
	}
}

// securitySeverity places a severity in the middle of GitHub's band: above 9.0 critical, 7.0 high, 4.0 medium, 0.1 low.
// GitHub knows nothing below low.
func securitySeverity(s policies.Severity) string {
	switch s {
	case policies.Critical:
		return "9.5"
	case policies.High:
		return "8.0"
	case policies.Medium:
		return "5.5"
	case policies.Low:
		return "2.0"
	default:
		return "0.1"
	}
}

func sarifRule(r *policies.Rule) *sarif.ReportingDescriptor {
	text, markdown := help(r)
	title := cmp.Or(r.Title, r.ID) // GitHub refuses empty texts
	rule := sarif.NewRule(r.ID).
		WithName(shorten(pascal(r.Name), maxRuleName)).
		WithShortDescription(sarif.NewMultiformatMessageString(shorten(oneLine(title), maxDescription))).
		WithFullDescription(sarif.NewMultiformatMessageString(shorten(oneLine(cmp.Or(r.Description, title)), maxDescription))).
		WithHelp(sarif.NewMultiformatMessageString(text).WithMarkdown(markdown)).
		WithDefaultConfiguration(sarif.NewReportingConfiguration().WithLevel(sarifLevel(r.Severity)))
	rule.DeprecatedIds = r.Aliases
	if page := docs(r); page != "" {
		rule.WithHelpURI(page)
	}
	rule.WithProperties(sarif.Properties{
		"tags":              tags(r),
		"precision":         "high",
		"security-severity": securitySeverity(r.Severity),
	})
	return rule
}

// docs is the page of a built-in rule, or the first link of one that is not.
func docs(r *policies.Rule) string {
	if !r.Custom {
		return fmt.Sprintf("%s/blob/main/policies/rules/%s/%s/README.md", homepage, url.PathEscape(r.Area), url.PathEscape(r.Name))
	}
	for _, l := range r.Links {
		if u, err := url.Parse(l.URL); err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" {
			return u.String()
		}
	}
	return ""
}

// pascal turns guest_invitations into GuestInvitations, the form that SARIF wants names in.
func pascal(name string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(oneLine(name), "_") {
		if part != "" {
			b.WriteString(strings.ToUpper(part[:1]) + part[1:])
		}
	}
	return b.String()
}

// shorten cuts text to so many UTF-16 units, the strictest way to count characters.
func shorten(s string, units int) string {
	n, end := 0, 0 // end is where an ellipsis still fits
	for i, r := range s {
		if n < units {
			end = i
		}
		if n += utf16.RuneLen(r); n > units {
			return s[:end] + "…"
		}
	}
	return s
}

// tags are what alerts can be filtered by. Benchmarks of Microsoft 365 come first, then one control of each framework
// before a second one of any.
func tags(r *policies.Rule) []string {
	list := []string{"security", r.Area}
	first := []string{"cis_m365_7.0", "scuba", "eidsca", "zt"}
	frameworks := slices.DeleteFunc(slices.Clone(first), func(f string) bool { return r.Controls[f] == nil })
	for _, f := range slices.Sorted(maps.Keys(r.Controls)) {
		if !slices.Contains(first, f) {
			frameworks = append(frameworks, f)
		}
	}
	for round, more := 0, true; more && len(list) < maxTags; round++ {
		more = false
		for _, f := range frameworks {
			if ids := r.Controls[f]; round < len(ids) && len(list) < maxTags {
				list = append(list, oneLine(f+":"+ids[round]))
				more = true
			}
		}
	}
	return list
}

// help explains a rule, as text and as the Markdown that GitHub shows beside an alert.
func help(r *policies.Rule) (text, markdown string) {
	var t, m strings.Builder
	add := func(title, body string) {
		if body != "" {
			fmt.Fprintf(&t, "%s: %s\n", title, oneLine(body))
			fmt.Fprintf(&m, "## %s\n\n%s\n\n", title, body)
		}
	}
	code := func(title, language, body string) {
		if body != "" {
			fence := "```"
			for strings.Contains(body, fence) {
				fence += "`"
			}
			fmt.Fprintf(&t, "%s: %s\n", title, oneLine(body))
			fmt.Fprintf(&m, "**%s**\n\n%s%s\n%s\n%s\n\n", title, fence, language, body, fence)
		}
	}
	add("What", r.Description)
	add("Why", r.Rationale)
	add("What to do", r.Remediation.Portal)
	code("Microsoft Graph", "http", r.Remediation.Graph)
	code("PowerShell", "powershell", r.Remediation.PowerShell)
	if len(r.Controls) > 0 {
		m.WriteString("## Controls\n\n")
		for _, f := range slices.Sorted(maps.Keys(r.Controls)) {
			ids := strings.Join(r.Controls[f], ", ")
			fmt.Fprintf(&t, "%s: %s\n", f, oneLine(ids))
			fmt.Fprintf(&m, "* `%s`: %s\n", f, ids)
		}
		m.WriteByte('\n')
	}
	if len(r.Links) > 0 {
		m.WriteString("## Links\n\n")
		for _, l := range r.Links {
			fmt.Fprintf(&t, "%s\n", strings.TrimSpace(oneLine(l.Title+" "+l.URL)))
			if l.Title == "" {
				fmt.Fprintf(&m, "* <%s>\n", l.URL)
			} else {
				fmt.Fprintf(&m, "* [%s](%s)\n", l.Title, l.URL)
			}
		}
	}
	if t.Len() == 0 { // help is required
		return r.ID, r.ID
	}
	return strings.TrimSpace(t.String()), strings.TrimSpace(m.String())
}
