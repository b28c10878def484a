package imports

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/guestward/guestward/collector/snapshot"
)

const exportsFixture = "../../testdata/imports/exports"

// exportOf imports one file of the given name and text.
func exportOf(t *testing.T, name, text string) *Export {
	t.Helper()
	e, err := Exports(writeTeams(t, map[string]any{name: []byte(text)}))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func exportDoc(e *Export) snapshot.Document {
	doc := snapshot.Document{"collection": snapshot.Collection{Sources: e.Sources}}
	for name, section := range e.Sections {
		doc[name] = section
	}
	return doc
}

func TestExports(t *testing.T) {
	dir := t.TempDir() // whose files are of one time, whenever those of the fixture were changed
	if err := os.CopyFS(dir, os.DirFS(exportsFixture)); err != nil {
		t.Fatal(err)
	}
	doc, warnings, err := ExportsDocument(dir)
	if err != nil || len(warnings) > 0 {
		t.Fatal(err, warnings)
	}
	for _, m := range adminOutputs {
		wantCollected(t, doc, m.source)
	}
	for _, m := range teamsCmdlets {
		wantGap(t, doc, m.source, "not_requested", "the export lacks "+m.name)
	}
	setting := doc["azure"].(map[string]any)["diagnosticSettings"].([]any)[0].(map[string]any)
	if setting["name"] != "to-sentinel" || !strings.HasSuffix(text(setting["workspaceId"]), "/law-contoso") || setting["properties"] != nil {
		t.Errorf("diagnostic setting %v", setting)
	}
	policies := doc["azureDevOps"].(map[string]any)["policies"].([]any)
	if len(policies) != 2 || field(policies[0], "effectiveValue") != true || field(policies[1], "effectiveValue") != false {
		t.Errorf("policies %v", policies)
	}
	if config := doc["exchange"].(map[string]any)["adminAuditLogConfig"].(map[string]any); config["OriginatingServer"] != nil {
		t.Errorf("plumbing is left: %v", config)
	}
}

// TestExportsThatAreNoAnswer: what is no answer is a gap at its path, with the reason.
func TestExportsThatAreNoAnswer(t *testing.T) {
	for _, test := range []struct{ name, text, path, detail string }{
		{"diagnosticSettings", "", "azure.diagnosticSettings", "is empty: the command failed"},
		{"diagnosticSettings", "null", "azure.diagnosticSettings", "is empty"},
		{"diagnosticSettings", `{"value": [{"name": "a"}]}`, "azure.diagnosticSettings", "not an object of diagnosticSettings, which has properties"},
		{"diagnosticSettings", `{"value": [{"properties": {}}]}`, "azure.diagnosticSettings", "name is missing"},
		{"diagnosticSettings", `{"value": [{"name": "a", "properties": {}}, {"name": "A", "properties": {}}]}`, "azure.diagnosticSettings", "its name, a, stands twice"},
		{"diagnosticSettings", `{"value": [], "nextLink": "https://example.com"}`, "azure.diagnosticSettings", "one page of several"},
		{"diagnosticSettings", `{"error": {"code": "AuthorizationFailed", "message": "no"}}`, "azure.diagnosticSettings", "failed: no"},
		{"tenantSettings", `{"tenantSettings": []}`, "powerBI.tenantSettings", "is empty"},
		{"tenantSettings", `{"value": [{"settingName": "a"}], "continuationToken": "x"}`, "powerBI.tenantSettings", "one page of several"},
		{"tenantSettings", `{"errorCode": "Forbidden", "message": "no"}`, "powerBI.tenantSettings", "not an object of tenantSettings"},
		{"tenantSettings", `{"value": [{"settingName": "a"}, {"settingName": "A"}]}`, "powerBI.tenantSettings", "stands twice"},
		{"azureDevOpsPolicies", `[]`, "azureDevOps.policies", "is empty"},
		{"azureDevOpsPolicies", `[{"organization": 1}]`, "azureDevOps.policies", "id is missing"},
		{"azureDevOpsPolicies", `[{"organization": "a"}, {"organization": "A"}]`, "azureDevOps.policies", "stands twice"},
		{"azureDevOpsPolicies", `[{"organization": "a", "policies": []}]`, "azureDevOps.policies.effectiveValue", "0 policies named"},
		{"Get-SharingPolicy", `[]`, "exchange.sharingPolicies", "is empty"},
		{"Get-AdminAuditLogConfig", `{"UnifiedAuditLogIngestionEnabled": null, "Other": 1}`, "exchange.adminAuditLogConfig", "not an object of"},
		{"Get-UnifiedAuditLogRetentionPolicy", `[{"RetentionDuration": "TenYears"}]`, "exchange.unifiedAuditLogRetentionPolicies", "Name is missing"},
		{"Get-UnifiedAuditLogRetentionPolicy", `[{"Name": "a", "RetentionDuration": 8}]`, "exchange.unifiedAuditLogRetentionPolicies.RetentionDuration", "found number 8"},
	} {
		wantGap(t, exportDoc(exportOf(t, test.name+".json", test.text)), test.path, "error", test.detail)
	}
}

// TestExportsThatAreEmpty: where the service may have nothing, an empty list is an answer.
func TestExportsThatAreEmpty(t *testing.T) {
	for name, text := range map[string]string{
		"diagnosticSettings": `{"value": []}`, "Get-UnifiedAuditLogRetentionPolicy": `[]`,
	} {
		e := exportOf(t, name+".json", text)
		for _, m := range adminOutputs {
			if m.name == name {
				wantCollected(t, exportDoc(e), m.source)
			}
		}
		if len(e.Sections) != 1 || !e.Brings("azure") && !e.Brings("exchange") || e.Brings("teams") {
			t.Errorf("%s: sections %v", name, e.Sections)
		}
	}
}

// TestExportsTakeBothNamesOfALists: the page of the interface has the list under two names.
func TestExportsTakeBothNamesOfALists(t *testing.T) {
	for _, name := range []string{"value", "tenantSettings"} {
		e := exportOf(t, "TENANTSETTINGS.JSON", `{"`+name+`": [{"settingName": "PublishToWeb", "enabled": false}], "continuationUri": null}`)
		wantCollected(t, exportDoc(e), "powerBI.tenantSettings")
	}
}

// TestExportsDocumentation: the page names every file, and where it goes.
func TestExportsDocumentation(t *testing.T) {
	page, err := os.ReadFile("../../.github/EXPORTS.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range adminOutputs {
		if !bytes.Contains(page, []byte("| `"+m.name+".json` | `"+m.source+"` |")) {
			t.Errorf("the page does not name %s and %s", m.name, m.source)
		}
	}
}

// FuzzExports: no export, however broken or hostile, makes the import panic; what it accepts is a snapshot in which
// nothing is both there and a gap, nor read and not there.
func FuzzExports(f *testing.F) {
	for _, m := range adminOutputs {
		data, err := os.ReadFile(filepath.Join(exportsFixture, m.name+".json"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(m.name, data)
		f.Add("all", []byte(`{"`+m.name+`": `+string(data)+`}`))
	}
	f.Add("azureDevOpsPolicies", []byte(`{"organization": "\u202e/", "policies": {"value": [{"policy": {"policy": null}}], "Count": 1}}`))
	f.Add("diagnosticSettings", []byte(`{"value": [{"name": "@{}", "properties": {"name": 1, "logs": "System.Object[]"}}], "nextlink": ""}`))
	f.Add("tenantSettings", []byte(`{"tenantSettings": [null], "value": [{"settingName": "a", "SettingName": "b"}]}`))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		if exportsFormat.known(name) == "" {
			name = "all"
		}
		file := filepath.Join(dir, name+".json")
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		doc, _, err := ExportsDocument(file)
		if err != nil {
			return
		}
		collection := doc["collection"].(snapshot.Collection)
		for _, path := range ExportPaths() {
			section, property, _ := strings.Cut(path, ".")
			members, _ := doc[section].(map[string]any)
			_, there := members[property]
			if there != collection.HasCollected(path) || !there && source(doc, path).Outcome != snapshot.Gap {
				t.Errorf("%s: there %t, collected %t", path, there, !there)
			}
		}
	})
}
