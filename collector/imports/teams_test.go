package imports

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/guestward/guestward/collector/snapshot"
)

const (
	teamsFixture = "../../testdata/imports/teams.json"
	contoso      = "c0ffee00-0000-4000-8000-000000000001"
)

func readTeamsFixture(t testing.TB) map[string]any {
	t.Helper()
	data, err := os.ReadFile(teamsFixture)
	if err != nil {
		t.Fatal(err)
	}
	var export map[string]any
	if err := json.Unmarshal(data, &export); err != nil {
		t.Fatal(err)
	}
	return export
}

// writeTeams writes values as JSON, each in a file of its own, and returns the folder.
func writeTeams(t testing.TB, files map[string]any) string {
	t.Helper()
	dir := t.TempDir()
	for name, v := range files {
		data, ok := v.([]byte)
		if !ok {
			var err error
			if data, err = json.Marshal(v); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// changedTeams imports the fixture after the change.
func changedTeams(t *testing.T, change func(export map[string]any)) *Export {
	t.Helper()
	export := readTeamsFixture(t)
	change(export)
	e, err := Teams(filepath.Join(writeTeams(t, map[string]any{"export.json": export}), "export.json"))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// asDocument lets the helpers for documents look at an export.
func (e *Export) asDocument() snapshot.Document {
	return snapshot.Document{"teams": e.Section("teams"), "collection": snapshot.Collection{Sources: e.Sources}}
}

// elements are a cmdlet's objects in the export.
func elements(export map[string]any, cmdlet string) []any { return export[cmdlet].([]any) }

func element(export map[string]any, cmdlet string) map[string]any {
	return elements(export, cmdlet)[0].(map[string]any)
}

func TestTeamsGolden(t *testing.T) {
	doc, warnings, err := TeamsDocument(teamsFixture)
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
	golden := filepath.Join(filepath.Dir(teamsFixture), "teams.golden.json")
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

func TestTeamsExport(t *testing.T) {
	e := changedTeams(t, func(map[string]any) {})
	if e.TenantID != contoso || e.TenantName != "Contoso" {
		t.Errorf("tenant is %q, %q", e.TenantID, e.TenantName)
	}
	if want := time.Date(2026, 11, 20, 8, 0, 0, 123456700, time.UTC); !e.CollectedAt.Equal(want) || !e.TimeIsKnown {
		t.Errorf("collected at %v, %t", e.CollectedAt, e.TimeIsKnown)
	}
	if len(e.Notes)+len(e.Warnings) > 0 {
		t.Errorf("notes %q, warnings %q", e.Notes, e.Warnings)
	}
	if len(e.Sources) != len(TeamsPaths()) || len(e.Section("teams")) != len(TeamsPaths()) {
		t.Errorf("%d sources and %d properties, want %d", len(e.Sources), len(e.Section("teams")), len(TeamsPaths()))
	}
	for _, path := range TeamsPaths() {
		wantCollected(t, e.asDocument(), path)
	}
	if n := source(e.asDocument(), "teams.meetingPolicies").Count; n == nil || *n != 2 {
		t.Errorf("count is %v", n)
	}
}

// TestTeamsForms: however PowerShell writes an export, it is the same one.
func TestTeamsForms(t *testing.T) {
	want := changedTeams(t, func(map[string]any) {})
	same := func(name string, got *Export) {
		t.Helper()
		if !reflect.DeepEqual(got.Section("teams"), want.Section("teams")) || !reflect.DeepEqual(got.Sources, want.Sources) || got.TenantID != want.TenantID {
			t.Errorf("%s: got\n%v\n%v\nwant\n%v\n%v", name, got.Section("teams"), got.Sources, want.Section("teams"), want.Sources)
		}
	}
	forms := map[string]func(export map[string]any){
		"elements in the place of lists": func(export map[string]any) {
			for name, v := range export {
				if list, ok := v.([]any); ok && len(list) == 1 {
					export[name] = list[0]
				}
			}
		},
		"lists with a Count": func(export map[string]any) {
			for name, v := range export {
				if list, ok := v.([]any); ok {
					export[name] = map[string]any{"value": list, "Count": len(list)}
				}
			}
		},
		"names in small letters": func(export map[string]any) {
			for name, v := range maps.Clone(export) {
				delete(export, name)
				export[strings.ToLower(name)] = v
			}
		},
		"more cmdlets": func(export map[string]any) { export["Get-CsTeamsCallingPolicy"] = []any{1} },
		"switches as text": func(export map[string]any) {
			for _, policy := range elements(export, "Get-CsTeamsMeetingPolicy") {
				policy.(map[string]any)["AllowPSTNUsersToBypassLobby"] = "False"
			}
		},
		"domains as text": func(export map[string]any) {
			element(export, "Get-CsTenantFederationConfiguration")["AllowedDomains"] =
				map[string]any{"AllowedDomain": "Domain=fabrikam.com,Domain=northwind.example"}
			elements(export, "Get-CsExternalAccessPolicy")[1].(map[string]any)["AllowedExternalDomains"] = "fabrikam.com"
		},
		"domains as objects": func(export map[string]any) {
			elements(export, "Get-CsExternalAccessPolicy")[1].(map[string]any)["AllowedExternalDomains"] =
				[]any{map[string]any{"Domain": "fabrikam.com"}}
		},
		"without Get-CsTenant": func(export map[string]any) { delete(export, "Get-CsTenant") },
		"a key that is an object": func(export map[string]any) {
			delete(export, "Get-CsTenant")
			element(export, "Get-CsTenantFederationConfiguration")["Key"] =
				map[string]any{"AuthorityId": map[string]any{"Class": "Tenant", "InstanceId": strings.ToUpper(contoso)}}
		},
	}
	for name, change := range forms {
		same(name, changedTeams(t, change))
	}

	files := map[string]any{"readme.txt": []byte("x")}
	for i, cmdlet := range slices.Sorted(maps.Keys(readTeamsFixture(t))) {
		v := readTeamsFixture(t)[cmdlet]
		if cmdlet == "collectedAt" {
			continue
		}
		data, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		switch i % 4 {
		case 0:
			files[cmdlet+".json"] = v
		case 1:
			files[strings.ToUpper(cmdlet)+".JSON"] = inUTF16(binary.LittleEndian, string(data))
		case 2:
			files[strings.ToLower(cmdlet)+".json"] = inUTF16(binary.BigEndian, string(data))
		default:
			files[cmdlet+".json"] = append([]byte("\xef\xbb\xbf"), data...)
		}
	}
	folder, err := Teams(writeTeams(t, files))
	if err != nil {
		t.Fatal(err)
	}
	same("a folder", folder)
	if len(folder.Warnings) != 1 || !strings.Contains(folder.Warnings[0], `"readme.txt"`) {
		t.Errorf("warnings: %q", folder.Warnings)
	}
}

// TestTeamsOneCmdlet: the output of one cmdlet, in a file that is named for it, is an export too.
func TestTeamsOneCmdlet(t *testing.T) {
	all := changedTeams(t, func(map[string]any) {})
	for _, m := range teamsCmdlets {
		file := m.name + ".json"
		dir := writeTeams(t, map[string]any{file: readTeamsFixture(t)[m.name]})
		for _, name := range []string{dir, filepath.Join(dir, file)} {
			e, err := Teams(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, path := range TeamsPaths() {
				if path == m.source {
					wantCollected(t, e.asDocument(), path)
				} else {
					wantGap(t, e.asDocument(), path, "not_requested", "lacks the output of Get-Cs")
				}
			}
			property := strings.TrimPrefix(m.source, "teams.")
			if !reflect.DeepEqual(e.Section("teams"), map[string]any{property: all.Section("teams")[property]}) {
				t.Errorf("%s: the section is %v", name, e.Section("teams"))
			}
		}
	}
}

// TestTeamsCmdletMissing: what one cmdlet lacks, or has in a form that is no answer, costs that cmdlet's path alone.
func TestTeamsCmdletMissing(t *testing.T) {
	type answer struct {
		v                          any
		reason, detail, permission string
	}
	all := changedTeams(t, func(map[string]any) {})
	for _, m := range teamsCmdlets {
		valid := readTeamsFixture(t)[m.name].([]any)
		broken := map[string]answer{
			"none":          {nil, "error", m.name + " is empty", teamsReader},
			"empty list":    {[]any{}, "error", m.name + " is empty", teamsReader},
			"list of null":  {[]any{nil}, "error", m.name + " is empty", teamsReader},
			"empty object":  {map[string]any{}, "error", "", ""},
			"failed":        {map[string]any{"error": "Access\r\n  Denied."}, "error", m.name + " failed: Access Denied.", teamsReader},
			"failed, list":  {[]any{map[string]any{"Error": "x"}}, "error", m.name + " failed: x", teamsReader},
			"failed, mute":  {map[string]any{"error": ""}, "error", "left no message", teamsReader},
			"failed, inner": {map[string]any{"error": map[string]any{"message": "no"}}, "error", "failed: no", teamsReader},
			"text":          {"Get-CsX : The term is not recognized", "error", "expected an object, found string", ""},
			"number":        {7, "error", "expected an object, found number", ""},
			"something":     {map[string]any{"Identity": "Global", "Other": true}, "error", "not an object of " + m.name, ""},
			"strings":       {[]any{"@{Identity=Global}", "@{Identity=Tag:A}"}, "error", "", ""},
			"one of them":   {append(slices.Clone(valid), "x"), "error", "", ""},
			"twice":         {append(slices.Clone(valid), valid[0]), "error", "", ""},
			"nulls":         {map[string]any{"Identity": "Global", m.tells[0]: nil}, "error", "not an object of", ""},
			"a wrong Count": {map[string]any{"value": valid, "Count": 9}, "error", "", ""},
		}
		if m.list {
			named := func(identity any) map[string]any {
				policy := maps.Clone(valid[0].(map[string]any))
				policy["Identity"] = identity
				return policy
			}
			for name, identity := range map[string]any{"null": nil, "empty": "", "number": 7} {
				broken[name+" as Identity"] = answer{[]any{named(identity)}, "error", "element 0: Identity is missing", ""}
			}
			broken["twice, capitals"] = answer{[]any{named("Tag:A"), named("tag:a")}, "error", "element 1: its Identity, tag:a, stands twice", ""}
		}
		for _, other := range teamsCmdlets { // which covers a file under a wrong name
			if other.name != m.name {
				broken[other.name] = answer{readTeamsFixture(t)[other.name].([]any)[:1], "error", "", ""}
			}
		}
		for name, test := range broken {
			e := changedTeams(t, func(export map[string]any) { export[m.name] = test.v })
			wantGap(t, e.asDocument(), m.source, test.reason, test.detail)
			if got := source(e.asDocument(), m.source).Permission; got != test.permission {
				t.Errorf("%s, %s: permission is %q", m.name, name, got)
			}
			wantOthers(t, name, e, all, m.source)
		}
		e := changedTeams(t, func(export map[string]any) { delete(export, m.name) })
		wantGap(t, e.asDocument(), m.source, "not_requested", "lacks the output of "+m.name)
		if got := source(e.asDocument(), m.source).Permission; got != teamsReader {
			t.Errorf("%s: permission is %q", m.name, got)
		}
		wantOthers(t, "absent", e, all, m.source)

		// A folder in which the redirection left an empty file.
		dir := writeTeams(t, map[string]any{m.name + ".json": []byte("\r\n"), "Get-CsTenant.json": []byte("null")})
		e, err := Teams(dir)
		if err != nil {
			t.Fatal(err)
		}
		wantGap(t, e.asDocument(), m.source, "error", m.name+" is empty")
		if len(e.Warnings) != 2 || e.Section("teams") != nil {
			t.Errorf("warnings %q, section %v", e.Warnings, e.Section("teams"))
		}
	}
}

// wantOthers makes sure that nothing but the path differs.
func wantOthers(t *testing.T, name string, got, all *Export, path string) {
	t.Helper()
	want := maps.Clone(all.Section("teams"))
	delete(want, strings.TrimPrefix(path, "teams."))
	if !reflect.DeepEqual(got.Section("teams"), want) {
		t.Errorf("%s, %s: the section is\n%v\nwant\n%v", path, name, got.Section("teams"), want)
	}
	for _, other := range TeamsPaths() {
		if other != path {
			wantCollected(t, got.asDocument(), other)
		}
	}
}

// TestTeamsValueLost: a value that is not understood costs no more than itself.
func TestTeamsValueLost(t *testing.T) {
	e := changedTeams(t, func(export map[string]any) {
		federation := element(export, "Get-CsTenantFederationConfiguration")
		federation["AllowedDomains"] = map[string]any{"AllowedDomain": ""}
		federation["ExternalAccessWithTrialTenants"] = 0 // an enumeration that ConvertTo-Json wrote as its number
		element(export, "Get-CsTeamsMeetingPolicy")["AutoAdmittedUsers"] = "@{Value=Everyone}"
		element(export, "Get-CsExternalAccessPolicy")["AllowedExternalDomains"] = "System.Object[]"
		element(export, "Get-CsExternalAccessPolicy")["BlockedExternalDomains"] = nil
	})
	doc := e.asDocument()
	for path, detail := range map[string]string{
		"teams.tenantFederationConfiguration.AllowedDomains":                 `found string ""`,
		"teams.tenantFederationConfiguration.ExternalAccessWithTrialTenants": "expected string or null, found number 0",
		"teams.meetingPolicies.AutoAdmittedUsers":                            "teams.meetingPolicies[0].AutoAdmittedUsers: " + cutOffProblem,
		"teams.externalAccessPolicies.AllowedExternalDomains":                cutOffProblem,
	} {
		wantGap(t, doc, path, "error", detail)
	}
	for _, path := range TeamsPaths() {
		wantCollected(t, doc, path)
	}
	policy := e.Section("teams")["externalAccessPolicies"].([]any)[0].(map[string]any)
	if _, ok := policy["AllowedExternalDomains"]; ok || policy["BlockedExternalDomains"] != nil || policy["EnableFederationAccess"] != true {
		t.Errorf("the policy is %v", policy)
	}
	if _, ok := e.Section("teams")["meetingPolicies"].([]any)[0].(map[string]any)["AutoAdmittedUsers"]; ok {
		t.Error("text that stands for an object was taken over")
	}
}

// TestTeamsNoPersonalData makes sure that what Get-CsTenant knows of people stays behind, and plumbing too.
func TestTeamsNoPersonalData(t *testing.T) {
	e := changedTeams(t, func(export map[string]any) {
		tenant := export["Get-CsTenant"].(map[string]any)
		tenant["Street"], tenant["TechnicalNotificationMails"] = "1 Example Street", []any{"admin@contoso.com"}
	})
	data, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	for _, left := range []string{"Example Street", "admin@contoso.com", "ConfigMetadata", "AuthorityId"} {
		if bytes.Contains(data, []byte(left)) {
			t.Errorf("the export holds %q", left)
		}
	}
}

func TestTeamsTenant(t *testing.T) {
	const other = "fab21ca0-0000-4000-8000-000000000002"
	for name, test := range map[string]struct {
		change   func(export map[string]any)
		id, warn string
	}{
		"failed": {func(export map[string]any) { export["Get-CsTenant"] = map[string]any{"error": "no"} }, contoso, "Get-CsTenant failed: no"},
		"null":   {func(export map[string]any) { export["Get-CsTenant"] = nil }, contoso, "does not tell the tenant's id"},
		"no id": {func(export map[string]any) {
			export["Get-CsTenant"] = map[string]any{"TenantId": "contoso.com", "DisplayName": "Contoso"}
		}, contoso, "does not tell the tenant's id"},
		"nowhere": {func(export map[string]any) {
			delete(export, "Get-CsTenant")
			delete(element(export, "Get-CsTenantFederationConfiguration"), "Key")
		}, "", ""},
	} {
		e := changedTeams(t, test.change)
		if e.TenantID != test.id || e.TenantName != "" {
			t.Errorf("%s: tenant is %q, %q", name, e.TenantID, e.TenantName)
		}
		if got := strings.Join(e.Warnings, "\n"); !strings.Contains(got, test.warn) || (got == "") != (test.warn == "") {
			t.Errorf("%s: warnings %q", name, got)
		}
	}

	export := readTeamsFixture(t)
	export["Get-CsTenant"].(map[string]any)["TenantId"] = other
	_, err := Teams(filepath.Join(writeTeams(t, map[string]any{"export.json": export}), "export.json"))
	wantError(t, "two tenants", err, "export.json: ", "Get-CsTenantFederationConfiguration is of tenant "+contoso, "Get-CsTenant of "+other, "a place of its own")
}

// TestTeamsDocument makes sure that every path of the schema is answered, and that the permissions are named.
func TestTeamsDocument(t *testing.T) {
	doc, _, err := TeamsDocument(teamsFixture)
	if err != nil {
		t.Fatal(err)
	}
	wantValue(t, doc, "tenant.organization", map[string]any{"id": contoso, "displayName": "Contoso"})
	wantGap(t, doc, "tenant.organization.verifiedDomains", "not_requested", "collect with guestward")
	collection := doc["collection"].(snapshot.Collection)
	for _, path := range schemaPaths() {
		collected := path == "tenant.organization" || slices.Contains(TeamsPaths(), path)
		if _, gap := collection.GapFor(path); collection.HasCollected(path) != collected || !collected && !gap {
			t.Errorf("%s: collected %t, a gap %t", path, !collected, gap)
		}
	}
	for path, permission := range map[string]string{
		"guests.signInActivity": "AuditLog.Read.All and User.Read.All", "conditionalAccess.policies": "Policy.Read.All", "sites": "Sites.FullControl.All",
	} {
		if got := source(doc, path); got.Permission != permission || got.Reason != "not_requested" {
			t.Errorf("%s: %+v", path, got)
		}
	}

	export := readTeamsFixture(t)
	delete(export, "Get-CsTenant")
	delete(element(export, "Get-CsTenantFederationConfiguration"), "Key")
	doc, _, err = TeamsDocument(filepath.Join(writeTeams(t, map[string]any{"export.json": export}), "export.json"))
	if err != nil {
		t.Fatal(err)
	}
	wantGap(t, doc, "tenant.organization", "not_requested", "run Get-CsTenant too")
	if _, ok := doc["tenant"]; ok {
		t.Error("there is a section of a tenant that is not named")
	}
}

func TestTeamsCollectedAt(t *testing.T) {
	want := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
	for _, stamp := range []any{
		"2026-11-20T08:00:00Z", "2026-11-20T10:00:00+02:00", "/Date(1795161600000)/", "/Date(1795161600000+0200)/",
		map[string]any{"value": "/Date(1795161600000)/", "DisplayHint": 2, "DateTime": "Friday, November 20, 2026 8:00:00 AM"},
	} {
		e := changedTeams(t, func(export map[string]any) { export["collectedAt"] = stamp })
		if !e.CollectedAt.Equal(want) || !e.TimeIsKnown {
			t.Errorf("%v: collected at %v", stamp, e.CollectedAt)
		}
	}
	for _, stamp := range []any{"", "2026-11-20T08:00:00", "11/20/2026 08:00:00", nil, 5, []any{}, map[string]any{}, "1601-01-01T00:00:00Z"} {
		export := readTeamsFixture(t)
		export["collectedAt"] = stamp
		_, err := Teams(filepath.Join(writeTeams(t, map[string]any{"export.json": export}), "export.json"))
		wantError(t, "a wrong time", err, "export.json:1:", "collectedAt: it is")
	}

	// Without a time, that of the newest file counts.
	files := map[string]any{}
	for _, m := range teamsCmdlets {
		files[m.name+".json"] = readTeamsFixture(t)[m.name]
	}
	dir := writeTeams(t, files)
	setTime := func(at time.Time) {
		for i, m := range teamsCmdlets {
			changed := at.Add(-time.Duration(i) * time.Hour)
			if err := os.Chtimes(filepath.Join(dir, m.name+".json"), changed, changed); err != nil {
				t.Fatal(err)
			}
		}
	}
	setTime(want)
	doc, _, err := TeamsDocument(dir)
	if err != nil {
		t.Fatal(err)
	}
	collection := doc["collection"].(snapshot.Collection)
	if !collection.CollectedAt.Equal(want) || len(collection.Notes) != 1 || !strings.Contains(collection.Notes[0], "that of its newest file") {
		t.Errorf("collected at %v, notes %q", collection.CollectedAt, collection.Notes)
	}
	setTime(time.Unix(0, 0))
	_, _, err = TeamsDocument(dir)
	wantError(t, "no plausible time", err, "no plausible year", `"collectedAt"`)
	if _, err := Teams(dir); err != nil {
		t.Errorf("into a collection of another time it could be taken: %v", err)
	}
}

// TestTeamsDocumentation: the page with the script names what the import reads.
func TestTeamsDocumentation(t *testing.T) {
	page, err := os.ReadFile("../../.github/TEAMS.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range teamsCmdlets {
		if !bytes.Contains(page, []byte(strings.TrimPrefix(m.name, "Get-"))) || !bytes.Contains(page, []byte(strings.TrimPrefix(m.source, "teams."))) {
			t.Errorf("the page does not name %s and %s", m.name, m.source)
		}
	}
}

const teamsReader = "Teams Reader (an Entra role)"
