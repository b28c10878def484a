package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/guestward/guestward/cmd/internal/demo"
	"github.com/guestward/guestward/collector/snapshot"
	"github.com/guestward/guestward/policies"
)

// TestRedactedTenantsGetTheSameVerdicts redacts every tenant that the repository has, and one with odd names.
func TestRedactedTenantsGetTheSameVerdicts(t *testing.T) {
	tenants := map[string][]byte{"demo": demo.Tenant, "odd": []byte(oddTenant)}
	files, err := filepath.Glob("../../testdata/tenants/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no tenants", err)
	}
	if testing.Short() {
		files = nil // the demo and the odd tenant will do
	}
	for _, file := range files {
		if tenants[filepath.Base(file)], err = os.ReadFile(file); err != nil {
			t.Fatal(err)
		}
	}
	catalogue, err := policies.Load()
	if err != nil {
		t.Fatal(err)
	}
	redactor, err := snapshot.NewRedactor([]byte("0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	failed := 0
	for name, data := range tenants {
		t.Run(name, func(t *testing.T) {
			original := openBytes(t, data)
			doc, err := redactor.Document(original.Document())
			if err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			if err := doc.Encode(&out); err != nil {
				t.Fatal(err)
			}
			redacted := openBytes(t, out.Bytes())
			for _, settings := range []string{"", "domains:\n  approved: [fabrikam.com, '*.adatum.com', gmail.com]\n"} {
				want, got := verdicts(t, catalogue, original, settings), verdicts(t, catalogue, redacted, settings)
				for id, w := range want {
					if got[id] != w {
						t.Errorf("%s: %+v before, %+v after", id, w, got[id])
					}
					if w.status == policies.Fail {
						failed++
					}
				}
			}
			for _, secret := range personal(t, data) {
				if bytes.Contains(out.Bytes(), []byte(secret)) {
					t.Errorf("%q is still there", secret)
				}
			}
		})
	}
	if failed == 0 {
		t.Error("no rule failed anywhere: the test tests nothing")
	}
}

// TestRedactStops: an interrupted redaction leaves nothing behind.
func TestRedactStops(t *testing.T) {
	dir := t.TempDir()
	ctx, stop := context.WithCancel(context.Background())
	stop()
	out := filepath.Join(dir, "shown.json")
	env := func(string) string { return "0123456789abcdef" }
	s := streams{in: strings.NewReader(oddTenant), out: io.Discard, err: io.Discard, env: env}
	cmd := newRedact(s)
	cmd.SetArgs([]string{"-", "-o", out})
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	if code, _ := exitCode(cmd.ExecuteContext(ctx)); code != exitInterrupt {
		t.Errorf("exit code %d", code)
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) > 0 {
		t.Errorf("there is %v (%v)", files, err)
	}
}

type ruleVerdict struct {
	status                 policies.Status
	findings, total, notes int
}

func verdicts(t *testing.T, c *policies.Catalogue, s *snapshot.Snapshot, settings string) map[string]ruleVerdict {
	t.Helper()
	set, err := c.Settings("", policies.SettingsFile{Name: "settings.yaml", Data: []byte(settings)})
	if err != nil {
		t.Fatal(err)
	}
	e, err := c.Evaluate(context.Background(), s, policies.Options{Settings: set})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	all := map[string]ruleVerdict{}
	for _, r := range e.Results {
		all[r.Rule.ID] = ruleVerdict{r.Status, r.Count, r.Total, len(r.Notes)}
	}
	return all
}

func openBytes(t *testing.T, data []byte) *snapshot.Snapshot {
	t.Helper()
	s, err := snapshot.OpenBytes("tenant.json", data)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// personal finds every name and address of a snapshot, by the names of members alone.
func personal(t *testing.T, data []byte) (found []string) {
	t.Helper()
	var doc any
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	var walk func(name string, v any)
	walk = func(name string, v any) {
		switch v := v.(type) {
		case map[string]any:
			if v["isBuiltIn"] == true || v["policyType"] == "builtIn" { // names that Microsoft gave
				return
			}
			for member, inner := range v {
				walk(member, inner)
			}
		case []any:
			for _, inner := range v {
				walk(name, inner)
			}
		case string:
			if v == "" || v == "Group.Unified" || v == "#EXT#" { // of Microsoft, of nobody
				return
			}
			switch strings.ToLower(name) {
			case "displayname", "mail", "othermails", "userprincipalname", "companyname", "title", "bccexternalsharinginvitationslist":
				found = append(found, v)
				if local, _, ok := strings.Cut(v, "@"); ok && strings.Contains(local, ".") {
					home := strings.LastIndex(local, "_")
					if home > 0 {
						local = local[:home]
					}
					found = append(found, local)
				}
			}
		}
	}
	walk("", doc)
	if len(found) == 0 {
		t.Error("nothing personal in the tenant: the test tests nothing")
	}
	return found
}

// oddTenant has names as people and old tools write them.
const oddTenant = `{
  "tenant": {"organization": {"id": "00000100-0000-4000-8000-000000000100", "displayName": "Contoso Ltd",
    "verifiedDomains": [{"name": "contoso.com", "isInitial": false}, {"name": "contoso.onmicrosoft.com", "isInitial": true}]}},
  "entra": {"b2bManagementPolicy": {"allowedDomains": ["fabrikam.com"], "blockedDomains": null}},
  "guests": [
    {"id": "2", "userPrincipalName": "ALICE_FABRIKAM.COM#ext#@contoso.onmicrosoft.com", "mail": null, "userType": "Guest"},
    {"id": "1", "userPrincipalName": "bob.tables@contoso.com", "mail": "Bob.Tables@Contoso.com", "userType": "Guest", "accountEnabled": true},
    {"id": "3", "userPrincipalName": "carol_x#EXT#@contoso.onmicrosoft.com", "mail": "carol@", "userType": "Guest"},
    {"id": "4", "userPrincipalName": "dan.o'neil_sub.adatum.com#EXT#@contoso.onmicrosoft.com", "mail": "dan.o'neil@sub.adatum.com", "userType": "Member"},
    {"id": "5", "userPrincipalName": "#EXT#", "mail": "no address", "userType": "Guest"},
    {"id": "6", "userPrincipalName": "erin_gmail.com#EXT#@contoso.onmicrosoft.com", "mail": "erin@x@gmail.com", "displayName": "Erin Ünïcode 🙂"}
  ],
  "collection": {"schemaVersion": 1, "collectedAt": "2026-11-20T08:00:00Z"}
}`
