package imports

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/guestward/guestward/collector/snapshot"
)

// TestTeamsObject: what the service answers becomes what the export of the same cmdlet becomes, in each of the forms in
// which it may come.
func TestTeamsObject(t *testing.T) {
	all := changedTeams(t, func(map[string]any) {})
	for _, m := range teamsCmdlets {
		values := readTeamsFixture(t)[m.name].([]any)
		forms := map[string]any{
			"array": values, "page": map[string]any{"value": values}, "last page": map[string]any{"value": values, "@nextLink": nil},
			"counted": map[string]any{"value": values, "Count": len(values)}, "annotated": map[string]any{"value": values, "@odata.context": "x"},
		}
		if len(values) == 1 {
			forms["object"] = values[0]
		}
		for name, form := range forms {
			raw, err := json.Marshal(form)
			if err != nil {
				t.Fatal(err)
			}
			v, sources, err := TeamsObject(m.source, raw)
			if err != nil {
				t.Fatal(err)
			}
			if want := all.Section("teams")[strings.TrimPrefix(m.source, "teams.")]; !reflect.DeepEqual(v, want) {
				t.Errorf("%s, %s: got\n%v\nwant\n%v", m.name, name, v, want)
			}
			if want := []snapshot.Source{source(all.asDocument(), m.source)}; !reflect.DeepEqual(sources, want) {
				t.Errorf("%s, %s: sources %+v, want %+v", m.name, name, sources, want)
			}
		}
	}
}

// TestTeamsObjectGap: an answer that is none is a gap, and no value stands beside it.
func TestTeamsObjectGap(t *testing.T) {
	const policy = `{"Identity": "Global", "AutoAdmittedUsers": "Everyone"}`
	for raw, detail := range map[string]string{
		`null`: "is empty", `[]`: "is empty", `{"value": []}`: "is empty", `{"value": null}`: "is empty",
		`{"error": {"code": "Forbidden", "message": "Access Denied."}}`: "the answer for Get-CsTeamsMeetingPolicy failed: Access Denied.",
		`{"Message": "Authorization has been denied"}`:                  "not an object of Get-CsTeamsMeetingPolicy",
		`"text"`:                                  "expected an object, found string",
		`[` + policy + `, ` + policy + `]`:        "its Identity, global, stands twice",
		`[{"AutoAdmittedUsers": "Everyone"}]`:     "Identity is missing",
		`{"value": [` + policy + `], "other": 1}`: "not an object of",
		`{"value": [` + policy + `], "@nextLink": "https://example.com/2"}`:       "one page of several",
		`{"value": [` + policy + `], "@odata.nextLink": "https://example.com/2"}`: "one page of several",
	} {
		v, sources, err := TeamsObject("teams.meetingPolicies", []byte(raw))
		if err != nil || v != nil {
			t.Errorf("%s: %v, %v", raw, v, err)
			continue
		}
		doc := snapshot.Document{"collection": snapshot.Collection{Sources: sources}}
		wantGap(t, doc, "teams.meetingPolicies", "error", detail)
		if sources[0].Source != "teams.meetingPolicies" {
			t.Errorf("%s: the first source is %s", raw, sources[0].Source)
		}
	}
	v, sources, err := TeamsObject("teams.tenantFederationConfiguration", []byte(`{"AllowFederatedUsers": true, "AllowedDomains": ""}`))
	if err != nil || len(sources) != 2 || sources[0].Outcome != snapshot.Collected || sources[1].Outcome != snapshot.Gap ||
		!reflect.DeepEqual(v, map[string]any{"AllowFederatedUsers": true}) {
		t.Errorf("%v, %+v, %v", v, sources, err)
	}
}

func TestTeamsObjectError(t *testing.T) {
	for _, raw := range []string{"", "<html>", `[{"Identity": "Global"`, `{} {}`, `{"a": 1, "a": 2}`, strings.Repeat("[", 100)} {
		v, sources, err := TeamsObject("teams.clientConfiguration", []byte(raw))
		if v != nil || sources != nil {
			t.Errorf("%q: %v, %v", raw, v, sources)
		}
		wantError(t, raw, err, "teams.clientConfiguration:", "the ")
	}
	if _, _, err := TeamsObject("teams.other", []byte("{}")); err == nil || !strings.Contains(err.Error(), "teams.other is not a configuration of Teams") {
		t.Error(err)
	}
}

// FuzzTeams: no export, however broken or hostile, makes the import panic; what it accepts is a snapshot in which nothing
// is both there and a gap, nor read and not there. The service's answers are held to the same.
func FuzzTeams(f *testing.F) {
	data, err := os.ReadFile(teamsFixture)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	for _, seed := range []string{
		`{"Get-CsTenant": {"TenantId": "` + contoso + `"}, "collectedAt": "/Date(1795161600000)/"}`,
		`{"Get-CsTenantFederationConfiguration": {"AllowedDomains": {}, "BlockedDomains": "Domain=a.b", "Key": {"AuthorityId": {}}}}`,
		`{"Get-CsExternalAccessPolicy": {"value": [{"Identity": "Global", "EnableFederationAccess": "True", "AllowedExternalDomains": [null]}], "Count": 1}}`,
		`{"Get-CsTeamsMeetingPolicy": [{"Identity": ["Global"], "AutoAdmittedUsers": {"DateTime": "x", "value": "/Date(0)/"}}]}`,
		`{"Get-CsTeamsGuestCallingConfiguration": {"error": {"message": 5}}, "get-cstenant": null}`,
		`{"value": [{"Identity": "Global", "AllowPrivateCalling": true}], "@nextLink": "x"}`,
	} {
		f.Add([]byte(seed))
	}
	name := filepath.Join(f.TempDir(), "export.json")
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, m := range teamsCmdlets {
			v, sources, err := TeamsObject(m.source, data)
			switch {
			case err != nil:
			case len(sources) == 0 || sources[0].Source != m.source:
				t.Errorf("%s: sources %+v", m.source, sources)
			case (v != nil) != (sources[0].Outcome == snapshot.Collected):
				t.Errorf("%s: %v beside %+v", m.source, v, sources[0])
			}
		}
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
		doc, _, err := TeamsDocument(name)
		if err != nil {
			return
		}
		section, _ := doc["teams"].(map[string]any)
		collection := doc["collection"].(snapshot.Collection)
		for _, path := range TeamsPaths() {
			_, there := section[strings.TrimPrefix(path, "teams.")]
			if there != collection.HasCollected(path) || !there && source(doc, path).Outcome != snapshot.Gap {
				t.Errorf("%s: there %t, collected %t", path, there, !there)
			}
		}
	})
}
