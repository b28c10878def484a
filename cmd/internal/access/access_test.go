package access

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/guestward/guestward/collector"
	"github.com/guestward/guestward/policies"
)

func catalogue(t *testing.T) *policies.Catalogue {
	t.Helper()
	c, err := policies.Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func rule(t *testing.T, id string) *policies.Rule {
	t.Helper()
	r, ok := catalogue(t).Rule(id)
	if !ok {
		t.Fatalf("no rule %s", id)
	}
	return r
}

// own makes a rule that requires the paths, each as METADATA writes it.
func own(t *testing.T, requires ...string) *policies.Rule {
	t.Helper()
	text := "# METADATA\n# title: T\n# description: D\n# related_resources:\n#   - ref: https://example.com/\n#     description: D\n" +
		"# custom:\n#   id: OWN-001\n#   severity: low\n#   rationale: R\n#   requires:\n"
	for _, r := range requires {
		text += "#     - \"" + r + "\"\n"
	}
	text += "#   remediation: {portal: P, graph: G, powershell: S}\n#   since: 0.1.0\npackage rules.own.one\n\nfindings contains 1 if false\n"
	c, err := policies.Load(fstest.MapFS{"rule.rego": {Data: []byte(text)}})
	if err != nil {
		t.Fatal(err)
	}
	r, _ := c.Rule("OWN-001")
	return r
}

func names(grants []Grant) []string {
	var list []string
	for _, g := range grants {
		list = append(list, g.Name)
	}
	return list
}

// Every rule can be decided by what the table reads: nothing is required that no source fills.
func TestEveryRequirementHasASource(t *testing.T) {
	for _, r := range catalogue(t).Rules() {
		for _, req := range r.Requires {
			for _, path := range req.Paths() {
				if len(filling(path)) == 0 {
					t.Errorf("%s requires %s, which no source fills", r.ID, path)
				}
			}
		}
	}
}

func TestFilling(t *testing.T) {
	for path, want := range map[string]string{
		"entra.authorizationPolicy.allowInvitesFrom": "entra.authorizationPolicy",
		"entra.groupSettings":                        "entra.groupSettings",
		"guests":                                     "guests",
		"guests.sponsors":                            "guests.sponsors",
		"guests.sponsors.id":                         "guests.sponsors",
		"licences.servicePlans":                      "licences.subscribedSkus",
		"tenant.organization.verifiedDomains":        "tenant.organization",
		"sharePoint":                                 "sharePoint.settings sharePoint.tenant",
		"entra.authorizationPolicyX":                 "",
		"entra.nothing":                              "",
	} {
		var got []string
		for _, s := range filling(path) {
			got = append(got, s.Path)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: filled by %q, want %q", path, got, want)
		}
	}
}

func TestLeastPerRule(t *testing.T) {
	oneThread(t)
	// What every run takes comes on top, unless something else reads it: the organisation and its licences.
	for id, want := range map[string]struct{ grants, withheld, outside string }{
		"GST-002": {grants: "Organization.Read.All Policy.Read.All"},
		"GST-007": {grants: "GroupSettings.Read.All Organization.Read.All"},
		"AR-001":  {grants: "AccessReview.Read.All GroupMember.Read.All Organization.Read.All PrivilegedEligibilitySchedule.Read.AzureADGroup User.Read.All"},
		"LIF-001": {grants: "AuditLog.Read.All Organization.Read.All User.Read.All"},
		"LIF-002": {grants: "LicenseAssignment.Read.All User.Read.All"},
		"LIF-003": {grants: "Organization.Read.All User.Read.All"},
		"LIF-005": {grants: "AccessReview.Read.All EntitlementManagement.Read.All GroupMember.Read.All LifecycleWorkflows-Workflow.Read.All Organization.Read.All"},
		"SPO-001": {grants: "Organization.Read.All SharePointTenantSettings.Read.All"},
		"SPO-002": {grants: "Organization.Read.All", withheld: "Sites.FullControl.All"},
		"TMS-001": {grants: "Organization.Read.All", outside: "Teams Reader (an Entra role)"},
		"EXO-001": {grants: "Organization.Read.All", outside: "Exchange.ManageAsApp"},
	} {
		p := Make([]*policies.Rule{rule(t, id)}, Options{Cloud: "global"})
		for list, got := range map[string][]string{want.grants: names(p.Grants), want.withheld: names(p.Withheld), want.outside: names(p.Outside)} {
			if strings.Join(got, " ") != list {
				t.Errorf("%s: %q, want %q", id, got, list)
			}
		}
		for _, g := range slices.Concat(p.Withheld, p.Outside) {
			undecided := len(p.Unknown) > 0
			if undecided != (len(g.Rules) > 0) {
				t.Errorf("%s: %s is for %q, and unknown are %d", id, g.Name, g.Rules, len(p.Unknown))
			}
		}
	}
}

func TestReadOnlyUnlessAsked(t *testing.T) {
	rules := catalogue(t).Rules()
	for _, all := range []bool{false, true} {
		p := Make(rules, Options{Cloud: "global", All: all})
		for _, g := range p.Grants {
			if g.Writes || writes(g.Name) || g.DelegatedOnly || g.ID == "" || g.API.AppID() == "" {
				t.Errorf("all %v: %s is to be granted", all, g.Name)
			}
		}
		if got := names(p.Withheld); !slices.Equal(got, []string{"Sites.FullControl.All"}) {
			t.Errorf("all %v: withheld %q", all, got)
		}
		admin := Make(rules, Options{Cloud: "global", All: all, SharePointAdmin: true})
		if len(admin.Withheld) > 0 || !slices.Contains(names(admin.Grants), "Sites.FullControl.All") {
			t.Errorf("all %v: with --sharepoint-admin %q, withheld %q", all, names(admin.Grants), names(admin.Withheld))
		}
		for _, v := range admin.Unknown {
			for _, o := range v.Obstacles {
				if o.Cause != NoGrant && o.Path != "conditionalAccess.termsOfUse" { // a signed-in person alone can read these
					t.Errorf("%s stays unknown: %+v", v.Rule.ID, o)
				}
			}
		}
		if got := names(p.Delegated); !slices.Equal(got, []string{"Agreement.Read.All"}) {
			t.Errorf("all %v: delegated %q", all, got)
		}
	}
}

// A permission of the table that only reads says so in its name, and its writing twin would not.
func TestWrites(t *testing.T) {
	for _, p := range collector.Permissions {
		if p.Role == "" && p.API != collector.DevOps && writes(p.Name) != p.Writes {
			t.Errorf("%s: writes is %v", p.Name, !p.Writes)
		}
	}
	for _, name := range []string{"User.ReadWrite.All", "Directory.AccessAsUser.All", "Mail.Send", "full_access_as_app", ""} {
		if !writes(name) {
			t.Errorf("%s only reads", name)
		}
	}
}

// The plan is complete, and nothing in it is too much: without any one of its permissions something is missing, and it is
// named.
func TestEachPermissionOfThePlanIsMissed(t *testing.T) {
	rules := catalogue(t).Rules()
	plan := Make(rules, Options{Cloud: "global", SharePointAdmin: true})
	whole := plan.reach(func(Grant) bool { return true })
	if d := Diagnose(rules, whole); len(d.Missing) > 0 || len(d.Excess) > 0 {
		t.Fatalf("with all of it: missing %q, excess %+v", names(d.Missing), d.Excess)
	}
	for _, without := range plan.Grants {
		if without.Name == "SharePointTenantSettings.Read.All" {
			continue // where it is granted, Sites.FullControl.All reads that too
		}
		d := Diagnose(rules, plan.reach(func(g Grant) bool { return g.Name != without.Name }))
		if d.Complete() || len(d.Excess) > 0 {
			t.Errorf("without %s: complete %v, excess %+v", without.Name, d.Complete(), d.Excess)
		}
		missing := names(d.Missing)
		if !slices.Equal(missing, []string{without.Name}) {
			t.Errorf("without %s: missing %q", without.Name, missing)
		}
		for _, g := range d.Missing {
			// A rule for which another way is open, or that only uses the source, is in the plan and not here.
			stray := slices.DeleteFunc(slices.Clone(g.Rules), func(id string) bool { return slices.Contains(without.Rules, id) })
			if len(g.Rules) == 0 && len(without.Rules) > 0 || len(stray) > 0 {
				t.Errorf("without %s: for %q, the plan says %q", g.Name, g.Rules, without.Rules)
			}
		}
		// Everything else is decided as before.
		for i, v := range d.Verdicts {
			if v.Status != Readable && !slices.Contains(without.Rules, v.Rule.ID) && Judge(rules[i], whole).Status == Readable {
				t.Errorf("without %s: %s is %s", without.Name, v.Rule.ID, v.Status)
			}
		}
	}
}

func TestJudge(t *testing.T) {
	oneThread(t)
	app := func(names ...string) Reach {
		return Reach{Cloud: "global", AppOnly: true, SharePointLogin: true, Graph: Grants{true, names}, SharePoint: Grants{Known: true}}
	}
	base := []string{"Organization.Read.All"}
	with := func(r Reach, change func(*Reach)) Reach { change(&r); return r }
	for _, test := range []struct {
		name   string
		rule   *policies.Rule
		reach  Reach
		status Status
		want   string // path cause permission; ...
	}{
		{"granted", rule(t, "GST-002"), app("Policy.Read.All"), Readable, ""},
		{"not granted", rule(t, "GST-002"), app(base...), Unknown, "entra.authorizationPolicy permission Policy.Read.All"},
		{"case", rule(t, "GST-002"), app("policy.read.all"), Readable, ""},
		{"one that writes reads", rule(t, "LIF-002"), app("User.ReadWrite.All"), Readable, ""},
		{"another that will do", rule(t, "GST-007"), app("Directory.Read.All"), Readable, ""},
		{"a longer name is another", rule(t, "GST-002"), app("Policy.Read.AllX"), Unknown, "entra.authorizationPolicy permission Policy.Read.All"},
		{"rests on another source", rule(t, "LIF-003"), app("Nothing"), Unknown,
			"guests permission User.Read.All; tenant.organization permission Organization.Read.All"},
		{"the token does not tell", rule(t, "GST-002"), with(app(), func(r *Reach) { r.Graph = Grants{} }), Unknown,
			"entra.authorizationPolicy untold Policy.Read.All"},
		{"Graph is enough", rule(t, "SPO-001"), app("SharePointTenantSettings.Read.All"), Readable, ""},
		{"SharePoint is enough", rule(t, "SPO-001"), with(app(base...), func(r *Reach) { r.SharePoint.Names = []string{"Sites.FullControl.All"} }), Readable, ""},
		{"the one that only reads is asked for", rule(t, "SPO-001"), app(), Unknown, "sharePoint.settings permission SharePointTenantSettings.Read.All"},
		{"Graph's permission is not SharePoint's", rule(t, "SPO-002"), app("Organization.Read.All", "Sites.FullControl.All"), Unknown,
			"sharePoint.tenant permission Sites.FullControl.All"},
		{"client secret", rule(t, "SPO-002"), with(app(base...), func(r *Reach) {
			r.SharePointLogin, r.SharePoint.Names = false, []string{"Sites.FullControl.All"}
		}), Unknown, "sharePoint.tenant credential"},
		{"a person's scope", rule(t, "SPO-002"), with(app(base...), func(r *Reach) { r.AppOnly, r.SharePoint.Names = false, []string{AllSites} }), Readable, ""},
		{"a person without it", rule(t, "SPO-002"), with(app(base...), func(r *Reach) { r.AppOnly = false }), Unknown,
			"sharePoint.tenant permission AllSites.FullControl"},
		{"some of it", rule(t, "LIF-005"), app("AccessReview.Read.All", "EntitlementManagement.Read.All", "GroupMember.Read.All"), Partly,
			"governance.lifecycleWorkflows.workflows permission LifecycleWorkflows-Workflow.Read.All"},
		{"Teams", rule(t, "TMS-002"), app(), Unknown, "teams.tenantFederationConfiguration import; teams.externalAccessPolicies import"},
		{"Exchange", rule(t, "LOG-002"), app("Exchange.ManageAsApp"), Unknown, "exchange.adminAuditLogConfig import"},
		{"cloud", rule(t, "GST-004"), with(app("Policy.Read.All"), func(r *Reach) { r.Cloud = "dod" }), Unknown,
			"entra.authenticationFlowsPolicy cloud"},
		{"only a person", own(t, "conditionalAccess.termsOfUse"), app("Agreement.Read.All"), Unknown,
			"conditionalAccess.termsOfUse person Agreement.Read.All"},
		{"a person", own(t, "conditionalAccess.termsOfUse"), with(app("Agreement.Read.All"), func(r *Reach) { r.AppOnly = false }), Readable, ""},
		{"nothing reads it", own(t, `tenant.\u001b[31m`), app(), Unknown, "tenant.\u001b[31m unsupported"},
		{"a way that nothing reads", own(t, "entra.future | entra.groupSettings"), app("GroupSettings.Read.All"), Readable, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			v := Judge(test.rule, test.reach)
			var got []string
			for _, o := range v.Obstacles {
				text := o.Path + " " + string(o.Cause)
				if o.Permission != nil {
					text += " " + o.Permission.Name
				}
				got = append(got, text)
			}
			if v.Status != test.status || strings.Join(got, "; ") != test.want {
				t.Errorf("%s %q, want %s %q", v.Status, got, test.status, test.want)
			}
		})
	}
}

// More permissions never make less readable.
func TestMorePermissionsNeverHurt(t *testing.T) {
	rules := catalogue(t).Rules()
	rank := []Status{Unknown, Partly, Readable}
	var granted []string
	last := make([]Status, len(rules))
	for i := range last {
		last[i] = Unknown
	}
	for _, p := range collector.Permissions {
		granted = append(granted, p.Name)
		for i, r := range rules {
			v := Judge(r, Reach{Cloud: "global", AppOnly: true, SharePointLogin: true, Graph: Grants{true, granted}, SharePoint: Grants{true, granted}})
			if slices.Index(rank, v.Status) < slices.Index(rank, last[i]) {
				t.Errorf("%s was %s, and with %s is %s", r.ID, last[i], p.Name, v.Status)
			}
			if (v.Status == Readable) != (len(v.Obstacles) == 0) {
				t.Errorf("%s is %s with the obstacles %+v", r.ID, v.Status, v.Obstacles)
			}
			last[i] = v.Status
		}
	}
}

func TestExcess(t *testing.T) {
	oneThread(t)
	reach := Reach{Cloud: "global", AppOnly: true, SharePointLogin: true, Graph: Grants{true, []string{
		"Organization.Read.All", "User.ReadWrite.All", "Policy.Read.All", "Mail.Send", "Calendars.Read", "Sites.FullControl.All",
		"Directory.Read.All", "Domain.Read.All", "User.ReadWrite.All",
	}}, SharePoint: Grants{true, []string{"Sites.Read.All"}}}
	d := Diagnose([]*policies.Rule{rule(t, "LIF-002"), rule(t, "GST-002")}, reach)
	want := []Excess{
		{Name: "Mail.Send", API: collector.Graph, Writes: true},
		{Name: "Sites.FullControl.All", API: collector.Graph, Writes: true},
		{Name: "User.ReadWrite.All", API: collector.Graph, Writes: true, Instead: "User.Read.All"},
		{Name: "Calendars.Read", API: collector.Graph},
		{Name: "Directory.Read.All", API: collector.Graph, Reads: "group expiration and delegated grants"},
		{Name: "Domain.Read.All", API: collector.Graph, Reads: "domains"},
		{Name: "Sites.Read.All", API: collector.SharePoint},
	}
	if !slices.Equal(d.Excess, want) {
		t.Errorf("got %+v", d.Excess)
	}
	if !d.Complete() {
		t.Errorf("missing %q", names(d.Missing))
	}

	person := Reach{Cloud: "global", Graph: Grants{true, []string{"openid", "profile", "User.Read", "Policy.Read.All", "Organization.Read.All", "Files.Read"}}}
	if d := Diagnose([]*policies.Rule{rule(t, "GST-002")}, person); len(d.Excess) != 1 || d.Excess[0].Name != "Files.Read" {
		t.Errorf("of a person: %+v", d.Excess)
	}
}

func TestMissingForAPerson(t *testing.T) {
	d := Diagnose([]*policies.Rule{rule(t, "GST-002"), rule(t, "SPO-002")}, Reach{Cloud: "global", SharePointLogin: true,
		Graph: Grants{Known: true}, SharePoint: Grants{Known: true}})
	if got := names(d.Missing); !slices.Equal(got, []string{"Organization.Read.All", "Policy.Read.All", AllSites}) {
		t.Errorf("missing %q", got)
	}
	for _, g := range d.Missing {
		if g.ID != "" {
			t.Errorf("%s is told with the id of the application permission", g.Name)
		}
	}
}

// By default SharePoint's settings are those that Graph has.
func TestSharePointSettingsAreMissed(t *testing.T) {
	rules := []*policies.Rule{rule(t, "SPO-001"), rule(t, "SPO-002")}
	plan := Make(rules, Options{Cloud: "global"})
	d := Diagnose(rules, plan.reach(func(g Grant) bool { return g.Name != "SharePointTenantSettings.Read.All" }))
	if got := names(d.Missing); !slices.Equal(got, []string{"SharePointTenantSettings.Read.All", "Sites.FullControl.All"}) {
		t.Errorf("missing %q", got)
	}
	if got := d.Missing[0].Rules; !slices.Equal(got, []string{"SPO-001"}) {
		t.Errorf("for %q", got)
	}
}

// Every permission id is the one that Microsoft publishes, as far as the research beside the repository has it.
func TestIDsAgainstResearch(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "shared", "research", "sources.md"))
	if err != nil {
		t.Skip("the map of sources is not there:", err)
	}
	checked := 0
	for line := range strings.Lines(string(data)) {
		cells := strings.Split(line, "|")
		if len(cells) < 5 {
			continue
		}
		p, ok := collector.PermissionNamed(strings.TrimSpace(cells[2]))
		id := strings.TrimSpace(cells[3])
		if !ok || strings.Count(id, "-") != 4 || strings.Contains(id, " ") {
			continue
		}
		checked++
		if id != p.ID {
			t.Errorf("%s has the id %s, the map says %s", p.Name, p.ID, id)
		}
	}
	if checked < 20 {
		t.Errorf("only %d permissions found in the map", checked)
	}
}

// oneThread leaves a test out under the race detector, which is slow, where one goroutine is at work.
func oneThread(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("one goroutine: nothing for the race detector")
	}
}
