package imports

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/guestward/guestward/collector/snapshot"
)

var update = flag.Bool("update", false, "write the golden files anew")

const fixture = "../../testdata/imports/scubagear.json"

func readFixture(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile(fixture)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// changed imports the fixture after the change.
func changed(t *testing.T, change func(export map[string]any)) (snapshot.Document, []string) {
	t.Helper()
	var export map[string]any
	if err := json.Unmarshal(readFixture(t), &export); err != nil {
		t.Fatal(err)
	}
	change(export)
	data, err := json.Marshal(export)
	if err != nil {
		t.Fatal(err)
	}
	doc, warnings, err := ScubaGear("export.json", bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return doc, warnings
}

// value is the value at a dotted path of the document, as JSON would have it; nil where there is none.
func value(t *testing.T, doc snapshot.Document, path string) any {
	t.Helper()
	data, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	for name := range strings.SplitSeq(path, ".") {
		v = field(v, name)
	}
	return v
}

// source is what the document says of a source.
func source(doc snapshot.Document, name string) (found snapshot.Source) {
	for _, s := range doc["collection"].(snapshot.Collection).Sources {
		if s.Source == name {
			found = s
		}
	}
	return found
}

func wantGap(t *testing.T, doc snapshot.Document, name, reason, detail string) {
	t.Helper()
	if s := source(doc, name); s.Outcome != snapshot.Gap || s.Reason != reason || !strings.Contains(s.Detail, detail) {
		t.Errorf("%s: got %+v, want a gap %q with %q", name, s, reason, detail)
	}
}

func wantCollected(t *testing.T, doc snapshot.Document, name string) {
	t.Helper()
	if s := source(doc, name); s.Outcome != snapshot.Collected {
		t.Errorf("%s: got %+v, want it collected", name, s)
	}
}

func wantValue(t *testing.T, doc snapshot.Document, path string, want any) {
	t.Helper()
	if got := value(t, doc, path); !reflect.DeepEqual(got, want) {
		t.Errorf("%s is %#v, want %#v", path, got, want)
	}
}

// first is the only element of a member of the fixture.
func first(export map[string]any, name string) map[string]any {
	return export[name].([]any)[0].(map[string]any)
}

func TestGolden(t *testing.T) {
	doc, warnings, err := ScubaGear("scubagear.json", bytes.NewReader(readFixture(t)))
	if err != nil {
		t.Fatal(err)
	}
	if len(warnings) > 0 {
		t.Errorf("warnings: %q", warnings)
	}
	var got bytes.Buffer
	if err := doc.Encode(&got); err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join(filepath.Dir(fixture), "scubagear.golden.json")
	if *update {
		if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), want) {
		t.Errorf("the snapshot differs from %s; go test ./collector/imports -update writes it anew:\n%s", golden, firstDifference(got.Bytes(), want))
	}
}

func firstDifference(got, want []byte) string {
	a, b := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return "got  " + a[i] + "\nwant " + b[i]
		}
	}
	return "one is longer"
}

// TestNoPersonalData makes sure that what identifies people stays behind.
func TestNoPersonalData(t *testing.T) {
	doc, _ := changed(t, func(map[string]any) {})
	data, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"Adele Vance", "admin@contoso.com", "555-0100", "Example Street", "OUTLOOK.COM"} {
		if bytes.Contains(data, []byte(secret)) {
			t.Errorf("the snapshot holds %q", secret)
		}
	}
}

// TestEverySourceIsAnswered makes sure that the table keeps up with the schema.
func TestEverySourceIsAnswered(t *testing.T) {
	known := map[string]bool{}
	for _, m := range mappings {
		known[m.source] = true
		if schemaShape(m.source) == nil {
			t.Errorf("%s is not in the schema", m.source)
		}
	}
	for _, o := range others() {
		known[o.Path] = true
		if schemaShape(o.Path) == nil && !strings.HasPrefix(o.Path, "guests.") && !strings.HasPrefix(o.Path, "groups.") {
			t.Errorf("%s is not in the schema", o.Path)
		}
	}
	doc, _ := changed(t, func(map[string]any) {})
	for _, s := range doc["collection"].(snapshot.Collection).Sources {
		if !known[s.Source] {
			t.Errorf("the tables do not name %s: %s", s.Source, s.Detail)
		}
	}
}

func TestScubaResults(t *testing.T) {
	plain, _, err := ScubaGear("export.json", bytes.NewReader(readFixture(t)))
	if err != nil {
		t.Fatal(err)
	}
	results := `{"MetaData": {"TenantId": "c0ffee00-0000-4000-8000-000000000001", "Tool": "ScubaGear", "ToolVersion": "1.8.0"},
		"Summary": {}, "Results": {"AAD": [{"Controls": []}]}, "Raw": ` + string(readFixture(t)) + "}"
	doc, warnings, err := ScubaGear("ScubaResults.json", strings.NewReader(results))
	if err != nil {
		t.Fatal(err)
	}
	if len(warnings) > 0 {
		t.Errorf("warnings: %q", warnings)
	}
	if !reflect.DeepEqual(doc, plain) {
		t.Error("the results file gives another snapshot than its settings alone")
	}
}

func TestProductNotRun(t *testing.T) {
	without := func(export map[string]any, product string, members ...string) {
		var left []any
		for _, name := range export["scuba_config"].(map[string]any)["ProductNames"].([]any) {
			if !strings.EqualFold(name.(string), product) {
				left = append(left, name)
			}
		}
		export["scuba_config"].(map[string]any)["ProductNames"] = left
		for _, name := range append(members, product+ranSuffix, product+failedSuffix) {
			delete(export, name)
		}
	}
	doc, _ := changed(t, func(export map[string]any) {
		without(export, "teams", "meeting_policies", "federation_configuration", "client_configuration")
	})
	for _, m := range mappings {
		if m.products[0] == "teams" {
			wantGap(t, doc, m.source, "not_requested", "without teams")
		} else {
			wantCollected(t, doc, m.source)
		}
	}
	if _, ok := doc["teams"]; ok {
		t.Error("there is a section of what was not run")
	}
	if got := source(doc, "teams.meetingPolicies").Permission; got != teamsReader {
		t.Errorf("permission is %q", got)
	}

	// Without Entra ID the organization is the little that the other products know.
	doc, _ = changed(t, func(export map[string]any) {
		without(export, "aad", "conditional_access_policies", "authorization_policies", "service_plans", "directory_settings",
			"authentication_method", "domain_settings", "license_information")
		details := first(export, "tenant_details")
		delete(details, "AADAdditionalData")
		details["TeamsAdditionalData"] = map[string]any{"DisplayName": "Contoso"}
	})
	wantValue(t, doc, "tenant.organization", map[string]any{"id": "c0ffee00-0000-4000-8000-000000000001", "displayName": "Contoso"})
	wantCollected(t, doc, "tenant.organization")
	wantGap(t, doc, "tenant.organization.verifiedDomains", "not_requested", "without aad")
	wantGap(t, doc, "entra.authorizationPolicy", "not_requested", "without aad")
}

func TestProductRunWithoutResult(t *testing.T) {
	doc, _ := changed(t, func(export map[string]any) {
		delete(export, "SPO_tenant")
		delete(export, "SharePoint_successful_commands")
		delete(export, "SharePoint_unsuccessful_commands")
	})
	wantGap(t, doc, "sharePoint.tenant", "error", "ScubaGear ran sharepoint, but the export lacks SPO_tenant")
}

// TestFailedCommand makes sure that what stands in the place of data that was not read is not taken for data: whatever
// ScubaGear, or somebody who merged exports, wrote there.
func TestFailedCommand(t *testing.T) {
	lists := map[string]string{
		"aad": "aad", "sharepoint": "SharePoint", "teams": "teams", "exo": "exo", "securitysuite": "securitysuite",
	}
	for _, m := range mappings {
		for _, command := range m.commands {
			for name, stand := range map[string]any{"empty": []any{}, "null": nil, "object": map[string]any{}, "data": 1} {
				doc, _ := changed(t, func(export map[string]any) {
					list := lists[m.products[0]]
					export[list+failedSuffix] = []any{"Get-Other", strings.ToUpper(command)}
					export[list+ranSuffix] = []any{}
					if name != "data" {
						export[m.from] = stand
					}
				})
				wantGap(t, doc, m.source, "error", command)
				if got := value(t, doc, m.source); got != nil {
					t.Errorf("%s (%s): data in spite of the failure: %v", m.source, name, got)
				}
			}
		}
	}
}

func TestFailedCommandsNotReadable(t *testing.T) {
	doc, _ := changed(t, func(export map[string]any) { export["exo"+failedSuffix] = []any{7} })
	wantGap(t, doc, "exchange.sharingPolicies", "error", "not readable")
	wantCollected(t, doc, "teams.meetingPolicies")
	doc, _ = changed(t, func(export map[string]any) { export["exo"+failedSuffix] = []any{nil} })
	wantCollected(t, doc, "exchange.sharingPolicies")
}

// TestEmpty makes sure that nothing is an answer only where it can be one, and only if the question was asked.
func TestEmpty(t *testing.T) {
	for _, m := range mappings {
		for name, empty := range map[string]any{
			"list": []any{}, "null": nil, "list of null": []any{nil}, "object": map[string]any{}, "list of empty": []any{map[string]any{}},
			"nulls": []any{map[string]any{"Id": nil, "Identity": nil}},
		} {
			doc, _ := changed(t, func(export map[string]any) { export[m.from] = empty })
			if m.mayBeEmpty && (name == "list" || name == "list of null") {
				wantCollected(t, doc, m.source)
				wantValue(t, doc, m.source, []any{})
				continue
			}
			wantGap(t, doc, m.source, "error", "")
			if got := value(t, doc, m.source); got != nil {
				t.Errorf("%s: %s became %v", m.source, name, got)
			}
		}
		doc, _ := changed(t, func(export map[string]any) {
			export[m.from] = []any{}
			for name := range export {
				if isCommandList(name) {
					delete(export, name)
				}
			}
		})
		wantGap(t, doc, m.source, "error", "is empty in the export")
	}
}

// TestNothingKnown: an object of which no name is known is not what was expected, so it is no answer.
func TestNothingKnown(t *testing.T) {
	doc, _ := changed(t, func(export map[string]any) {
		export["authorization_policies"] = []any{map[string]any{"Value": []any{map[string]any{"AllowInvitesFrom": "none"}}}}
		export["SPO_tenant"] = []any{map[string]any{"__metadata": map[string]any{"type": "T"}}}
	})
	wantGap(t, doc, "entra.authorizationPolicy", "error", "nothing in the object is known")
	wantGap(t, doc, "sharePoint.tenant", "error", "nothing in the object is known")
}

func TestSeveralWhereOneIsExpected(t *testing.T) {
	for _, from := range []string{"tenant_details", "authorization_policies", "authentication_method", "SPO_tenant", "federation_configuration", "client_configuration", "admin_audit_log_config"} {
		doc, _ := changed(t, func(export map[string]any) {
			export[from] = append(export[from].([]any), export[from].([]any)[0])
		})
		for _, m := range mappings {
			if m.from == from {
				wantGap(t, doc, m.source, "error", "one object is expected and 2 are there")
				wantValue(t, doc, m.source, nil)
			}
		}
	}
	doc, _ := changed(t, func(export map[string]any) {
		details := first(export, "tenant_details")
		details["AADAdditionalData"] = append(details["AADAdditionalData"].([]any), details["AADAdditionalData"].([]any)[0])
	})
	wantGap(t, doc, "tenant.organization", "error", "AADAdditionalData: one object is expected and 2 are there")
}

func TestListOfOneAsElement(t *testing.T) {
	doc, _ := changed(t, func(export map[string]any) {
		for _, m := range mappings {
			if elements, ok := export[m.from].([]any); ok && m.from != "service_plans" {
				export[m.from] = elements[0]
			}
		}
		details := export["tenant_details"].(map[string]any)
		details["AADAdditionalData"] = details["AADAdditionalData"].([]any)[0]
	})
	for _, m := range mappings {
		wantCollected(t, doc, m.source)
	}
	if n := source(doc, "conditionalAccess.policies").Count; n == nil || *n != 1 {
		t.Errorf("count is %v", n)
	}
}

func TestOrganization(t *testing.T) {
	for name, change := range map[string]func(details, organization map[string]any){
		"expected an object, found string": func(details, _ map[string]any) { details["AADAdditionalData"] = "Error retrieving additional data" },
		"no Id that is a tenant's":         func(_, organization map[string]any) { organization["Id"] = "Error retrieving Tenant ID" },
		"neither AADAdditionalData nor": func(details, _ map[string]any) {
			delete(details, "AADAdditionalData")
			details["TenantId"] = "Error retrieving Tenant ID"
		},
	} {
		doc, _ := changed(t, func(export map[string]any) {
			details := first(export, "tenant_details")
			change(details, details["AADAdditionalData"].([]any)[0].(map[string]any))
		})
		wantGap(t, doc, "tenant.organization", "error", name)
	}
}

func TestTenantIDsDisagree(t *testing.T) {
	const other = "fab21ca0-0000-4000-8000-000000000002"
	doc, warnings := changed(t, func(export map[string]any) {
		first(export, "tenant_details")["TenantId"] = other
		export["tenant_id"] = other
	})
	wantValue(t, doc, "tenant.organization.id", "c0ffee00-0000-4000-8000-000000000001")
	if len(warnings) != 2 {
		t.Fatalf("warnings: %q", warnings)
	}
	for i, where := range []string{"tenant_details[0].TenantId", "tenant_id"} {
		for _, part := range []string{"export.json: " + where, other, "c0ffee00-0000-4000-8000-000000000001"} {
			if !strings.Contains(warnings[i], part) {
				t.Errorf("%q lacks %q", warnings[i], part)
			}
		}
	}
	if notes := doc["collection"].(snapshot.Collection).Notes; len(notes) != 3 {
		t.Errorf("notes: %q", notes)
	}
}

func TestVersion(t *testing.T) {
	for version, want := range map[any]string{"1.9.1": `ScubaGear "1.9.1"`, nil: "does not say which version", 18: "does not say which version"} {
		doc, warnings := changed(t, func(export map[string]any) { export["module_version"] = version })
		notes := strings.Join(doc["collection"].(snapshot.Collection).Notes, "\n")
		if len(warnings) != 1 || !strings.Contains(warnings[0], want) || !strings.Contains(warnings[0], checkedVersion) || !strings.Contains(notes, want) {
			t.Errorf("%v: warnings %q, notes %q", version, warnings, notes)
		}
	}
}

func TestCloud(t *testing.T) {
	for environment, want := range map[any]string{"commercial": "global", "gcc": "global", "GCCHigh": "usgov", "dod": "dod", "moon": "", nil: ""} {
		doc, warnings := changed(t, func(export map[string]any) {
			export["scuba_config"].(map[string]any)["M365Environment"] = environment
		})
		if got := doc["collection"].(snapshot.Collection).Cloud; got != want {
			t.Errorf("%v: cloud is %q", environment, got)
		}
		if (len(warnings) == 1) != (want == "") {
			t.Errorf("%v: warnings %q", environment, warnings)
		}
	}
}

func TestCollectedAt(t *testing.T) {
	for _, test := range []struct {
		zulu, date any
		want       string
	}{
		{"2026-11-20T08:00:00.307Z", nil, "2026-11-20T08:00:00.307Z"},
		{"2026-11-20T10:00:00+02:00", nil, "2026-11-20T08:00:00Z"},
		{"/Date(1795161600000)/", nil, "2026-11-20T08:00:00Z"},
		{nil, "11/20/2026 08:00:00 Coordinated Universal Time", "2026-11-20T08:00:00Z"},
		{nil, "20/11/2026 08:00:00 UTC", "2026-11-20T08:00:00Z"},
		{"soon", "11/11/2026 08:00:00 UTC", "2026-11-11T08:00:00Z"},
		{nil, "05/04/2026 08:00:00 Coordinated Universal Time", ""},
		{nil, "11/20/2026 08:00:00 Pacific Standard Time", ""},
		{nil, "11/20/2026", ""},
		{nil, nil, ""},
		{5, nil, ""},
	} {
		export := map[string]any{"module_version": "1.8.0", "timestamp_zulu": test.zulu, "date": test.date}
		data, err := json.Marshal(export)
		if err != nil {
			t.Fatal(err)
		}
		doc, _, err := ScubaGear("export.json", bytes.NewReader(data))
		switch {
		case test.want == "" && err == nil:
			t.Errorf("%v, %v: no error", test.zulu, test.date)
		case test.want == "":
			for _, part := range []string{"export.json:1:", "timestamp_zulu", "run ScubaGear again"} {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%v lacks %q", err, part)
				}
			}
		case err != nil:
			t.Error(err)
		default:
			if got := doc["collection"].(snapshot.Collection).CollectedAt.Format(time.RFC3339Nano); got != test.want {
				t.Errorf("%v, %v: got %s, want %s", test.zulu, test.date, got, test.want)
			}
		}
	}
}

// TestNothingInIt: an export of nothing is a snapshot of gaps, and says so.
func TestNothingInIt(t *testing.T) {
	doc, warnings, err := ScubaGear("export.json", strings.NewReader(`{"module_version": "1.8.0", "timestamp_zulu": "2026-11-20T08:00:00Z", "scuba_config": {"M365Environment": "gcc"}}`))
	if err != nil {
		t.Fatal(err)
	}
	if len(doc) != 1 || len(warnings) != 1 || !strings.Contains(warnings[0], "every rule will be unknown") {
		t.Errorf("%v, %q", doc, warnings)
	}
	for _, s := range doc["collection"].(snapshot.Collection).Sources {
		if s.Outcome != snapshot.Gap || s.Reason != "not_requested" || s.Detail == "" {
			t.Errorf("%+v", s)
		}
	}
}

// TestRealExport imports the export of a real tenant that ScubaGear publishes, where it is at hand; it is not ours to
// keep here.
func TestRealExport(t *testing.T) {
	f, err := os.Open("../../../shared/scubagear/ProviderSettingsExport.json")
	if err != nil {
		t.Skip("ScubaGear's published export is not at hand:", err)
	}
	defer f.Close()
	doc, warnings, err := ScubaGear("ProviderSettingsExport.json", f)
	if err != nil {
		t.Fatal(err)
	}
	if len(warnings) != 1 || !strings.Contains(warnings[0], "tenant_details[0].TenantId") {
		t.Errorf("warnings: %q", warnings)
	}
	for _, m := range mappings {
		wantCollected(t, doc, m.source)
	}
	for path, n := range map[string]int{"licences.servicePlans": 61, "conditionalAccess.policies": 7, "teams.meetingPolicies": 11, "entra.groupSettings": 2} {
		if count := source(doc, path).Count; count == nil || *count != n {
			t.Errorf("%s: count %v, want %d", path, count, n)
		}
	}
	for path, want := range map[string]any{
		"tenant.organization.id":                                        "3c19c757-3b55-411f-b03f-2bcc514a598d",
		"tenant.organization.createdDateTime":                           "2021-02-18T20:14:04Z",
		"tenant.organization.businessPhones":                            nil,
		"entra.authorizationPolicy.allowInvitesFrom":                    "adminsAndGuestInviters",
		"entra.authorizationPolicy.guestUserRoleId":                     "10dae51f-b6af-4016-8d66-8c2a99b929b3",
		"entra.authorizationPolicy.enabledPreviewFeatures":              nil,
		"sharePoint.tenant.SharingCapability":                           0.0,
		"sharePoint.tenant.RequireAnonymousLinksExpireInDays":           -1.0,
		"sharePoint.tenant.SharingAllowedDomainList":                    "admirable.us good.org",
		"sharePoint.tenant.OneDriveStorageQuota":                        "1048576",
		"sharePoint.tenant.Sites":                                       nil,
		"sharePoint.tenant.__metadata":                                  nil,
		"sharePoint.tenant.WhoCanShareAllowListInTenantByGroupId":       []any{},
		"sharePoint.tenant.GuestSharingGroupAllowListInTenantByGroupId": []any{"d7a0de5c-b25a-460a-b0b1-1e177187bfa9"},
		"teams.tenantFederationConfiguration.AllowedDomains":            map[string]any{"AllowedDomain": []any{map[string]any{"Domain": "domains.r.us"}}},
		"teams.tenantFederationConfiguration.BlockedDomains":            []any{},
		"teams.clientConfiguration.AllowGuestUser":                      true,
		"exchange.adminAuditLogConfig.UnifiedAuditLogIngestionEnabled":  true,
	} {
		wantValue(t, doc, path, want)
	}
	permissions, _ := value(t, doc, "entra.authorizationPolicy.defaultUserRolePermissions.permissionGrantPoliciesAssigned").([]any)
	if len(permissions) != 3 {
		t.Errorf("permissionGrantPoliciesAssigned is %v", permissions)
	}
}
