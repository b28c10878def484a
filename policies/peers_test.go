package policies

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/guestward/guestward/collector/snapshot"
)

// The tenants of testdata/peers belong together: Fabrikam and Adatum synchronize into Contoso, and Fabrikam alone is set up
// for it.
const (
	contoso  = "../peers/contoso"
	fabrikam = "../peers/fabrikam"
	adatum   = "../peers/adatum"
)

func openDocument(t *testing.T, name string, doc snapshot.Document) *snapshot.Snapshot {
	t.Helper()
	var b strings.Builder
	if err := doc.Encode(&b); err != nil {
		t.Fatal(err)
	}
	s, err := snapshot.OpenBytes(name, []byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// judgeWith evaluates a tenant beside others.
func judgeWith(t *testing.T, c *Catalogue, doc snapshot.Document, o Options, others ...snapshot.Document) []Result {
	t.Helper()
	scanned := openDocument(t, "tenant.json", doc)
	var snaps []*snapshot.Snapshot
	for i, other := range others {
		snaps = append(snaps, openDocument(t, fmt.Sprintf("peer%d.json", i), other))
	}
	peers, _, err := ReadPeers(scanned, snaps)
	if err != nil {
		t.Fatal(err)
	}
	o.Peers = peers
	e, err := c.Evaluate(t.Context(), scanned, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e.Results
}

// pairs are tenants that pass CTS-007 beside their peer, with the sections of the peer that this rests on.
func pairs(t *testing.T, c *Catalogue) map[string]struct {
	scanned, peer string
	rests         []string
	options       Options
} {
	t.Helper()
	rule, _ := c.Rule("CTS-007")
	settings, err := c.Settings("", SettingsFile{"targets.yaml", []byte("cross_tenant: {sync_targets: [00003701-0000-4000-8000-000000003701=00000700-0000-4000-8000-000000000700]}\n")})
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Rules: []*Rule{rule}, Settings: settings}
	type pair = struct {
		scanned, peer string
		rests         []string
		options       Options
	}
	return map[string]pair{
		"source": {fabrikam, contoso, []string{"crossTenantAccess", "licences"}, o},
		"target": {contoso, fabrikam, []string{"crossTenantAccess", "crossTenantSync", "licences"}, o},
	}
}

// alone leaves the scanned tenant one partner.
func alone(doc snapshot.Document) snapshot.Document {
	access := doc["crossTenantAccess"].(map[string]any)
	access["partners"] = slices.DeleteFunc(access["partners"].([]any), func(p any) bool {
		return p.(map[string]any)["tenantId"] == "00000702-0000-4000-8000-000000000702"
	})
	return doc
}

func TestAPeerMakesTheOtherHalfKnown(t *testing.T) {
	c := catalogue(t)
	for name, p := range pairs(t, c) {
		if r := judgeWith(t, c, alone(document(t, p.scanned)), p.options)[0]; r.Status != Unknown {
			t.Errorf("%s: %s without the peer", name, r.Status)
		}
		if r := judgeWith(t, c, alone(document(t, p.scanned)), p.options, document(t, p.peer))[0]; r.Status != Pass {
			t.Errorf("%s: %s with the peer: %s", name, r.Status, r.Reason)
		}
		if r := judgeWith(t, c, alone(document(t, p.scanned)), p.options, document(t, "default"))[0]; r.Status != Unknown {
			t.Errorf("%s: %s with a stranger's snapshot", name, r.Status)
		}
	}
	// Of two partners one fits.
	rule, _ := c.Rule("CTS-007")
	r := judgeWith(t, c, document(t, contoso), Options{Rules: []*Rule{rule}}, document(t, fabrikam), document(t, adatum))[0]
	var found []string
	for f := range r.Findings.All() {
		found = append(found, f.Path.Dotted()+": "+f.Message)
		if f.Resource.ID != "00000702-0000-4000-8000-000000000702" || f.Location.File != "tenant.json" || f.Location.Start.Line == 0 {
			t.Errorf("%v at %v", f.Resource, f.Location)
		}
	}
	const id = "00000702-0000-4000-8000-000000000702"
	want := []string{
		"crossTenantAccess.partners[1]: " + id + " may synchronize into this tenant, and does not redeem invitations outbound",
		"crossTenantAccess.partners[1]: " + id + " synchronizes without Microsoft Entra ID P1",
	}
	if !slices.Equal(found, want) {
		t.Errorf("found %q", found)
	}
}

// TestALosingPeerNeverMakesARulePass takes sections and sources away from a peer that makes a rule pass, and every single
// value from one that makes it fail.
func TestALosingPeerNeverMakesARulePass(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes a while")
	}
	c := catalogue(t)
	for name, p := range pairs(t, c) {
		check := func(how string, peer snapshot.Document) {
			if r := judgeWith(t, c, alone(document(t, p.scanned)), p.options, peer)[0]; r.Status != Unknown {
				t.Errorf("%s: %s when %s", name, r.Status, how)
			}
		}
		for _, section := range p.rests {
			peer := document(t, p.peer)
			delete(peer, section)
			check(section+" is deleted", peer)
			peer = document(t, p.peer)
			addGap(peer, section)
			check(section+" is a gap", peer)
			for _, path := range PeerPaths {
				if !strings.HasPrefix(path, section+".") || path == "crossTenantAccess.default" {
					continue
				}
				peer := document(t, p.peer)
				remove(map[string]any(peer), strings.Split(path, "."), false)
				check(path+" is deleted", peer)
			}
		}
		for _, path := range []string{"crossTenantAccess.partners", "crossTenantAccess.partners.identitySynchronization", "licences.servicePlans"} {
			peer := document(t, p.peer)
			addGap(peer, path)
			check(path+" is a gap", peer)
		}
		for _, at := range []string{"2026-11-01T08:00:00Z", "2026-12-09T08:00:00Z"} {
			peer := document(t, p.peer)
			peer["collection"].(map[string]any)["collectedAt"] = at
			check("the peer is of "+at, peer)
		}
	}

	rule, _ := c.Rule("CTS-007")
	for _, section := range []string{"crossTenantAccess", "crossTenantSync", "licences"} {
		for _, leaf := range leaves(document(t, adatum)[section], snapshot.Path{section}) {
			for _, null := range []bool{false, true} {
				peer := document(t, adatum)
				lose(map[string]any(peer), leaf, null)
				var b strings.Builder
				if err := peer.Encode(&b); err != nil {
					continue
				}
				if _, err := snapshot.OpenBytes("x", []byte(b.String())); err != nil {
					continue // the reader refuses it, which is no pass
				}
				r := judgeWith(t, c, document(t, contoso), Options{Rules: []*Rule{rule}}, document(t, fabrikam), peer)[0]
				if r.Status == Pass || r.Status == NotApplicable {
					t.Errorf("%s without %s of the peer (null: %v)", r.Status, leaf.Dotted(), null)
				}
			}
		}
	}
}

// TestPeersChangeNothingElse holds that a rule which reads no peers says the same with and without them, and that one which
// does never takes back what is wrong here.
func TestPeersChangeNothingElse(t *testing.T) {
	if testing.Short() {
		t.Skip("a scan like the others, many times")
	}
	c := catalogue(t)
	for _, name := range append(tenantNames(t), contoso, fabrikam, adatum) {
		scanned := document(t, name)
		var others []snapshot.Document
		for _, other := range []string{contoso, fabrikam, adatum, "default"} { // the last is a partner of the messy tenant
			if other != name {
				others = append(others, document(t, other))
			}
		}
		before, after := judgeWith(t, c, scanned, Options{}), judgeWith(t, c, scanned, Options{}, others...)
		for i, r := range after {
			old := before[i]
			switch {
			case len(r.Rule.Peer) == 0:
				if r.Status != old.Status || r.Reason != old.Reason || r.Count != old.Count || !reflect.DeepEqual(r.Notes, old.Notes) {
					t.Errorf("%s: %s is %s (%d) with peers, %s (%d) without", name, r.Rule.ID, r.Status, r.Count, old.Status, old.Count)
				}
			case r.Count < old.Count || old.Status == Fail && r.Status != Fail || r.Status == Error:
				t.Errorf("%s: %s is %s (%d) with peers, %s (%d) without: %s", name, r.Rule.ID, r.Status, r.Count, old.Status, old.Count, r.Reason)
			}
		}
	}
}

func TestSnapshotsThatAreNoPeers(t *testing.T) {
	nameless := document(t, fabrikam)
	delete(nameless, "tenant")
	for name, c := range map[string]struct {
		scanned snapshot.Document
		others  []snapshot.Document
		problem string
		warning string
	}{
		"itself":   {document(t, contoso), []snapshot.Document{document(t, contoso)}, "of the tenant that is scanned", ""},
		"nobody":   {document(t, contoso), []snapshot.Document{nameless}, "does not hold tenant.organization", ""},
		"twice":    {document(t, contoso), []snapshot.Document{document(t, fabrikam), document(t, fabrikam)}, "of the same tenant as other", ""},
		"stranger": {document(t, fabrikam), []snapshot.Document{document(t, adatum)}, "", "no settings for 00000702"},
		"unnamed":  {nameless, []snapshot.Document{document(t, contoso)}, "", "cannot be found"},
		"partner":  {document(t, fabrikam), []snapshot.Document{document(t, contoso)}, "", ""},
	} {
		var snaps []*snapshot.Snapshot
		for i, other := range c.others {
			snaps = append(snaps, openDocument(t, fmt.Sprintf("other%d.json", i), other))
		}
		peers, warnings, err := ReadPeers(openDocument(t, "scanned.json", c.scanned), snaps)
		var wrong *PeerError
		switch {
		case c.problem != "":
			if !errors.As(err, &wrong) || !strings.Contains(err.Error(), c.problem) {
				t.Errorf("%s: %v", name, err)
			}
		case err != nil || len(peers) != len(c.others):
			t.Errorf("%s: %v", name, err)
		case strings.Join(warnings, "") == "" != (c.warning == "") || !strings.Contains(strings.Join(warnings, ""), c.warning):
			t.Errorf("%s: warnings %q", name, warnings)
		}
	}
}

// TestWhatIsKnownOfAPeer holds that people of another tenant never come before a rule.
func TestWhatIsKnownOfAPeer(t *testing.T) {
	peers, _, err := ReadPeers(openTenant(t, "hardened"), []*snapshot.Snapshot{openTenant(t, "messy")})
	if err != nil {
		t.Fatal(err)
	}
	told := map[string][]string{}
	peers[0].value.Value.(ast.Object).Foreach(func(section, v *ast.Term) {
		if o, ok := v.Value.(ast.Object); ok {
			o.Foreach(func(name, _ *ast.Term) {
				told[string(section.Value.(ast.String))] = append(told[string(section.Value.(ast.String))], string(name.Value.(ast.String)))
			})
		}
	})
	want := map[string][]string{
		"collection":        {"collectedAt"},
		"crossTenantAccess": {"default", "partners"},
		"crossTenantSync":   {"jobs"},
		"licences":          {"servicePlans"},
		"tenant":            {"organization"},
	}
	for _, names := range told {
		slices.Sort(names)
	}
	if !reflect.DeepEqual(told, want) {
		t.Errorf("told %v", told)
	}
}

func TestUserRulesAndPeers(t *testing.T) {
	scanned := document(t, contoso)
	scanned["entra"] = map[string]any{"authorizationPolicy": map[string]any{"allowInvitesFrom": "everyone"}}
	const reads = `findings contains finding.at(["entra"], $"{count(input.peers)} peers") if input.peers`
	for name, test := range map[string]struct {
		body, custom string
		status       Status
		reason       string
	}{
		"says so":     {reads, "#   peer: [crossTenantAccess.default]\n", Fail, ""},
		"says not":    {reads, "", Pass, ""},
		"wrong place": {`findings contains finding.at(["peers", 0], "theirs") if input.peers`, "#   peer: [crossTenantAccess.default]\n", Error, "about a peer"},
	} {
		c, err := Load(folder(map[string]string{"rule.rego": userRule("OWN-001", "peers", test.body, test.custom)}))
		if err != nil {
			t.Fatal(err)
		}
		rule, _ := c.Rule("OWN-001")
		r := judgeWith(t, c, scanned, Options{Rules: []*Rule{rule}}, document(t, fabrikam))[0]
		if r.Status != test.status || !strings.Contains(r.Reason, test.reason) {
			t.Errorf("%s: %s: %s", name, r.Status, r.Reason)
		}
	}
	_, err := Load(folder(map[string]string{"rule.rego": userRule("OWN-001", "peers", ordinary, "#   peer: [guests]\n")}))
	if err == nil || !strings.Contains(err.Error(), `custom.peer: "guests"`) {
		t.Errorf("guests of a peer: %v", err)
	}
}

// TestRulesNameWhatTheyReadOfPeers holds the text of a rule against its metadata: without the one it would see no peers.
func TestRulesNameWhatTheyReadOfPeers(t *testing.T) {
	reads := regexp.MustCompile(`import data\.lib\.peer\n|input\.peers`)
	for _, r := range catalogue(t).rules {
		text, err := os.ReadFile(filepath.Join("rules", r.Area, r.Name, "rule.rego"))
		if err != nil {
			t.Fatal(err)
		}
		if reads.Match(text) != (len(r.Peer) > 0) {
			t.Errorf("%s: METADATA custom.peer is %v", r.ID, r.Peer)
		}
		if len(r.Peer) > 0 && !slices.Contains(r.Peer, "collection.collectedAt") {
			t.Errorf("%s does not ask how old the peer's snapshot is", r.ID)
		}
	}
	for _, p := range PeerPaths {
		if err := inSchema(requiredPath{steps: strings.Split(p, ".")}); err != nil {
			t.Errorf("%s: %v", path.Base(p), err)
		}
	}
}
