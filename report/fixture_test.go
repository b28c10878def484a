package report

import (
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/guestward/guestward/collector/snapshot"
	"github.com/guestward/guestward/policies"
)

// hostile is what somebody may call herself.
const hostile = "\x1b[31mred\x1b[0m \u009b2J ::error::a ##[error]b ##vso[task.complete]c <script>alert(1)</script> " +
	"\u202Egnp.exe [click](https://evil.example) a\u200bb \x07 {0} line\r\nbreak | =1+1 \U000E0041"

const tenantID = "11111111-2222-3333-4444-555555555555"

// fewFindings is a list in memory.
type fewFindings []policies.Finding

func (l fewFindings) First(n int) []policies.Finding { return l[:min(n, len(l))] }

func (l fewFindings) All() iter.Seq2[policies.Finding, error] {
	return func(yield func(policies.Finding, error) bool) {
		for _, f := range l {
			if !yield(f, nil) {
				return
			}
		}
	}
}

// fixture is a report with every status and every kind of finding.
func fixture() *Report {
	r := &Report{
		Version: "0.1.0",
		Tenant:  Tenant{ID: tenantID, Name: "Contoso", Domain: "contoso.onmicrosoft.com"},
		Snapshot: Snapshot{
			Name: "tenants/contoso.json", SHA256: strings.Repeat("0123456789abcdef", 4),
			CollectedAt: time.Date(2026, 11, 20, 9, 0, 0, 0, time.FixedZone("", 3600)),
			Collector:   snapshot.Collector{Name: "guestward", Version: "0.1.0"},
			Notes:       []string{"imported from a ScubaGear export: what it does not hold is not_requested"},
		},
		Profile:  "scuba",
		Warnings: []string{"entra has a member that is not known: " + hostile},
	}
	add := func(id string, s policies.Severity, status policies.Status, title string, edit func(*policies.Result)) {
		res := policies.Result{Rule: fixtureRule(id, s, title), Status: status, Took: time.Duration(len(r.Results)) * time.Millisecond}
		if edit != nil {
			edit(&res)
		}
		if l, ok := res.Findings.(fewFindings); ok {
			res.Count = len(l)
			for _, f := range l {
				if f.Waived != nil {
					res.Waived++
				}
			}
		} else {
			res.Findings = fewFindings{}
		}
		r.Results = append(r.Results, res)
	}

	add("AR-001", policies.High, policies.NotApplicable, "Guests are reviewed", func(res *policies.Result) {
		res.Reason = "the tenant has no service plan AAD_PREMIUM_P2, which this control needs"
	})
	add("AR-003", policies.Low, policies.NotApplicable, "Decisions of reviews are kept", func(res *policies.Result) {
		res.Reason = "the tenant has no service plan AAD_PREMIUM_P2, which this control needs"
	})
	add("CA-001", policies.Critical, policies.Fail, "Every sign-in of an outsider needs a second factor, in every application and with every client", func(res *policies.Result) {
		var l fewFindings
		for i := range 14 {
			l = append(l, fixtureFinding("CA-001", snapshot.Path{"conditionalAccess", "policies", i, "conditions"}, 40+12*i,
				policies.Resource{Type: "conditionalAccess.policies", ID: fmt.Sprintf("policy-%d", i), Name: fmt.Sprintf("Guests %d", i)},
				"a guest who signs in from a named location to Office 365 with an old client needs no second factor"))
		}
		l[3].Location.Exact = false
		res.Findings = l
	})
	add("CA-012", policies.Low, policies.Unknown, "Guests accept terms of use", func(res *policies.Result) {
		res.Reason = "the grant control is of a kind that this version does not know (conditionalAccess.policies[3].grantControls)"
	})
	add("CTS-001", policies.Medium, policies.NotApplicable, "Cross-tenant synchronization is filtered", func(res *policies.Result) {
		res.Reason = "no partner is synchronized"
	})
	add("ELM-001", policies.Medium, policies.Error, "Access packages expire", func(res *policies.Result) {
		res.Reason = "took longer than 30s: it may never end; see --rule-timeout " + hostile
	})
	add("GST-001", policies.Medium, policies.Pass, "Guests see only what is theirs in the directory", func(res *policies.Result) {
		res.Notes = []policies.Finding{fixtureFinding("GST-001/note", snapshot.Path{"entra", "authorizationPolicy", "guestUserRoleId"}, 12,
			policies.Resource{Type: "entra.authorizationPolicy", ID: tenantID}, "stricter than the recommended value")}
	})
	add("GST-002", policies.High, policies.Fail, "Only chosen roles may invite guests", func(res *policies.Result) {
		res.Findings = fewFindings{fixtureFinding("GST-002", snapshot.Path{"entra", "authorizationPolicy", "allowInvitesFrom"}, 8,
			policies.Resource{Type: "entra.authorizationPolicy", ID: tenantID}, "everybody, guests included, may invite guests (allowInvitesFrom is everyone)")}
		res.Notes = []policies.Finding{fixtureFinding("GST-002/note", snapshot.Path{"entra", "authorizationPolicy", "extra"}, 9,
			policies.Resource{Type: "entra.authorizationPolicy", ID: tenantID}, "cannot be judged: "+hostile)}
	})
	add("GST-009", policies.Info, policies.Fail, "Guests sign in with a work account", func(res *policies.Result) {
		res.Findings = fewFindings{fixtureFinding("GST-009", snapshot.Path{"entra", "authenticationMethods"}, 20,
			policies.Resource{Type: "entra.authenticationMethods", ID: tenantID}, "one-time codes are on")}
	})
	add("LIF-001", policies.Medium, policies.Fail, "Guests who stopped signing in are removed", func(res *policies.Result) {
		res.Rule.Each, res.Total = "guests", 40
		names := []string{
			"Zoë Müller", "株式会社サンプル 山田太郎", "🦊 Fox 👩‍💻 Dev", hostile, strings.Repeat("A very long name ", 600)[:10000],
			"Z" + strings.Repeat("\u0310\u0323", 200) + "algo", "=cmd|' /C calc'!A0", "علی\u200cرضا", "O'Brien & Söhne <b>", "G10", "G11", "G12",
		}
		var l fewFindings
		for i, name := range names {
			l = append(l, fixtureFinding("LIF-001", snapshot.Path{"guests", i, "signInActivity", "lastSuccessfulSignInDateTime"}, 1000+20*i,
				policies.Resource{Type: "guests", ID: fmt.Sprintf("guest-%d", i), Name: name}, "last signed in on 2026-02-01, 292 days ago"))
		}
		l[1].Waived = &policies.Waived{Reason: "project Fuji ends in March", Owner: "a.jansen@contoso.example", Expires: "2027-03-31"}
		res.Findings = l
		group := fixtureFinding("LIF-001/group", snapshot.Path{"guests"}, 999, policies.Resource{Type: "guests", ID: tenantID},
			"11 of 40 guests, for example Zoë Müller: last signed in on 2026-02-01, 292 days ago; "+hostile)
		res.Group = &group
	})
	add("PRV-001", policies.Low, policies.Pass, "Guests own no groups", nil)
	add("SPO-001", policies.Critical, policies.Fail, "Nobody shares with anyone links", func(res *policies.Result) {
		l := fewFindings{
			fixtureFinding("SPO-001", snapshot.Path{"sharePoint", "tenant", "sharingCapability"}, 500,
				policies.Resource{Type: "sharePoint.tenant", ID: tenantID}, "anyone links are allowed in SharePoint"),
			fixtureFinding("SPO-001", snapshot.Path{"sharePoint", "tenant", "oneDriveSharingCapability"}, 501,
				policies.Resource{Type: "sharePoint.tenant", ID: tenantID}, "anyone links are allowed in OneDrive"),
		}
		l[1].Waived = &policies.Waived{Reason: hostile, Expires: "2026-12-31"}
		res.Findings = l
	})
	gap := func(source string) func(*policies.Result) {
		return func(res *policies.Result) {
			res.Rule = &policies.Rule{
				ID: res.Rule.ID, Area: "sharepoint", Name: "sharing", Title: res.Rule.Title, Severity: policies.Medium,
				Remediation: policies.Remediation{Portal: "SharePoint admin center > Policies > Sharing"},
			}
			res.Gap = &snapshot.Source{
				Source: source, Outcome: snapshot.Gap, Reason: "permission", Detail: "Authorization_RequestDenied",
				Permission: "SharePointTenantSettings.Read.All", StartedAt: "2026-11-20T08:00:01Z",
			}
			res.Reason = source + ": no permission to read it: Authorization_RequestDenied"
		}
	}
	for i := 2; i <= 21; i++ {
		source := "sharePoint.tenant"
		if i > 15 {
			source = "sharePoint.sites"
		}
		add(fmt.Sprintf("SPO-%03d", i), policies.Medium, policies.Unknown, fmt.Sprintf("Sharing rule %d", i), gap(source))
	}
	add("TMS-004", policies.Low, policies.Fail, "Hostile names do no harm: "+hostile, func(res *policies.Result) {
		res.Rule.Custom = true
		res.Findings = fewFindings{
			fixtureFinding("TMS-004", snapshot.Path{"teams", "meetingPolicies", 0, "a/b~c " + hostile}, 700,
				policies.Resource{Type: "teams.meetingPolicies", ID: hostile, Name: hostile}, "the policy "+hostile+" admits everybody"),
			fixtureFinding("TMS-004", snapshot.Path{"teams", "meetingPolicies", 1}, 710,
				policies.Resource{Type: "teams.meetingPolicies", ID: "Global", Name: strings.Repeat("y", 10000)}, "the policy "+strings.Repeat("y", 10000)+" admits everybody"),
			fixtureFinding("TMS-004", snapshot.Path{"teams", "meetingPolicies", 2}, 720,
				policies.Resource{Type: "teams.meetingPolicies", ID: "W", Name: "::warning::x"}, "admits everybody"),
		}
	})
	add("XTA-003", policies.High, policies.Pass, "The MFA of other tenants is not trusted by default", func(res *policies.Result) {
		f := fixtureFinding("XTA-003", snapshot.Path{"crossTenantAccess", "default", "inboundTrust", "isMfaAccepted"}, 300,
			policies.Resource{Type: "crossTenantAccess.default", ID: tenantID}, "the second factor of every tenant is trusted")
		f.Waived = &policies.Waived{Reason: "the group's tenants all require it", Owner: "identity team", Expires: "2027-01-31"}
		res.Findings = fewFindings{f}
	})
	return r
}

func fixtureRule(id string, s policies.Severity, title string) *policies.Rule {
	return &policies.Rule{
		ID: id, Aliases: []string{"OLD-" + id[len(id)-3:]}, Area: "entra", Name: "rule_" + strings.ToLower(strings.ReplaceAll(id, "-", "_")),
		Title: title, Severity: s, Since: "0.1.0",
		Description: "What the rule asks, in two sentences that everybody understands. This is the second.",
		Rationale:   "Why it matters: `code`, and a\n\nsecond paragraph.",
		Settings:    []string{"entra.guest_invitations_from"},
		Licence:     []string{"AAD_PREMIUM_P2"},
		Remediation: policies.Remediation{
			Portal:     `Entra admin center > External Identities > External collaboration settings > Guest invite settings, choose "Only users assigned to specific admin roles can invite guest users".`,
			Graph:      `PATCH https://graph.microsoft.com/v1.0/policies/authorizationPolicy {"allowInvitesFrom": "adminsAndGuestInviters"}`,
			PowerShell: "Update-MgPolicyAuthorizationPolicy -AllowInvitesFrom adminsAndGuestInviters",
		},
		Controls: map[string][]string{
			"guide": {"G07"}, "cis_m365_7.0": {"5.1.6.3"}, "scuba": {"MS.AAD.8.2"}, "eidsca": {"EIDSCA.AP04"},
			"nist_800_53": {"AC-6(10)"}, "iso_27001_2022": {"A.5.2", "A.5.3", "A.5.24"}, "cmmc_2.0": {"AC.L1-b.1.iii"},
		},
		Links: []policies.Link{
			{URL: "https://learn.microsoft.com/en-us/graph/api/resources/authorizationpolicy", Title: "authorizationPolicy in Microsoft Graph"},
			{URL: "https://learn.microsoft.com/en-us/entra/"},
		},
	}
}

// fixtureFinding makes a finding whose identity depends on the rule and the path.
func fixtureFinding(rule string, path snapshot.Path, line int, resource policies.Resource, message string) policies.Finding {
	return policies.Finding{
		Path:     path,
		Location: snapshot.Location{File: "tenants/contoso.json", Start: snapshot.Position{Line: line, Column: 27}, End: snapshot.Position{Line: line, Column: 37}, Exact: true},
		Resource: resource, Message: message,
		Fingerprint: fmt.Sprintf("%032x", hash(rule+path.Pointer())),
	}
}

func hash(s string) (h uint64) {
	for _, c := range []byte(s) {
		h = h*1099511628211 + uint64(c)
	}
	return h
}

// brokenFindings is a list whose temporary file cannot be read.
type brokenFindings struct{ fewFindings }

func (brokenFindings) All() iter.Seq2[policies.Finding, error] {
	return func(yield func(policies.Finding, error) bool) { yield(policies.Finding{}, errBroken) }
}

var errBroken = errors.New("cannot be read")

// full is a disk without space.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space") }
