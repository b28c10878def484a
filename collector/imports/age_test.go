package imports

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/guestward/guestward/collector/snapshot"
)

// aged is a folder with files that were changed so long before the time.
func aged(t *testing.T, now time.Time, files map[string]time.Duration) string {
	t.Helper()
	text := map[string]string{
		"tenantSettings": `{"value": [{"settingName": "PublishToWeb", "enabled": false}]}`, "diagnosticSettings": `{"value": []}`,
		"azureDevOpsPolicies": `[{"organization": "contoso", "policies": []}]`, "Get-CsTenant": `{"TenantId": "` + contoso + `"}`,
		"Get-SharingPolicy": "", "Get-CsTeamsClientConfiguration": `{"AllowGuestUser": true}`,
	}
	dir := t.TempDir()
	for name, age := range files {
		file := filepath.Join(dir, name+".json")
		if err := os.WriteFile(file, []byte(text[name]), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, now.Add(-age), now.Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const day = 24 * time.Hour

// TestAFreshFileMakesNoOtherFresh: in a folder, what is much older than the newest file is a gap.
func TestAFreshFileMakesNoOtherFresh(t *testing.T) {
	now := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
	dir := aged(t, now, map[string]time.Duration{
		"diagnosticSettings": 0, "tenantSettings": 7*day + time.Second, "azureDevOpsPolicies": 900 * day,
		"Get-SharingPolicy": 900 * day, "Get-CsTeamsClientConfiguration": 7 * day,
	})
	doc, warnings, err := ExportsDocument(dir)
	if err != nil {
		t.Fatal(err)
	}
	collection := doc["collection"].(snapshot.Collection)
	if !collection.CollectedAt.Equal(now) {
		t.Errorf("collected at %v", collection.CollectedAt)
	}
	wantCollected(t, doc, "azure.diagnosticSettings")
	wantGap(t, doc, "powerBI.tenantSettings", "error", "tenantSettings is of 2026-11-13, 7 days before the newest file: export it again")
	wantGap(t, doc, "azureDevOps.policies", "error", "azureDevOpsPolicies is of 2024-06-03, 900 days before the newest file")
	wantGap(t, doc, "exchange.sharingPolicies", "error", "is empty: the command failed")
	if doc["powerBI"] != nil || doc["azureDevOps"] != nil {
		t.Errorf("what is a gap is there: %v, %v", doc["powerBI"], doc["azureDevOps"])
	}
	if slices.ContainsFunc(collection.Sources, func(s snapshot.Source) bool { return s.Source == "azureDevOps.policies.effectiveValue" }) {
		t.Error("a part of what is a gap is one too")
	}
	wantCollected(t, doc, "teams.clientConfiguration")
	note := "of 2026-11-13, 7 days before the newest file: Get-CsTeamsClientConfiguration"
	if !slices.Contains(collection.Notes, note) || !slices.Contains(warnings, dir+": "+note) || len(warnings) != 3 {
		t.Errorf("notes %q, warnings %q", collection.Notes, warnings)
	}
}

// TestAFileOfTheDayNeedsNoWord: a folder is not made in a second.
func TestAFileOfTheDayNeedsNoWord(t *testing.T) {
	now := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
	doc, warnings, err := ExportsDocument(aged(t, now, map[string]time.Duration{"diagnosticSettings": 0, "tenantSettings": day}))
	if err != nil || len(warnings) > 0 || len(doc["collection"].(snapshot.Collection).Notes) != 1 {
		t.Error(err, warnings, doc["collection"])
	}
	wantCollected(t, doc, "powerBI.tenantSettings")
	// The tenant's name is no setting: it makes nothing old, nor new.
	doc, _, err = ExportsDocument(aged(t, now, map[string]time.Duration{"Get-CsTenant": 0, "tenantSettings": 900 * day}))
	if err != nil {
		t.Fatal(err)
	}
	wantCollected(t, doc, "powerBI.tenantSettings")
	if at := doc["collection"].(snapshot.Collection).CollectedAt; !at.Equal(now.Add(-900 * day)) {
		t.Errorf("collected at %v", at)
	}
}

// TestAnExportIsHeldAgainstTheTime: what goes into a collection is of its time, whoever says when it was made.
func TestAnExportIsHeldAgainstTheTime(t *testing.T) {
	now := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
	stated := writeTeams(t, map[string]any{"all.json": []byte(`{"collectedAt": "2026-11-20T08:00:00Z", "tenantSettings": {"value": [{"settingName": "a"}]},
		"diagnosticSettings": {"value": []}}`)}) + "/all.json"
	for name, dir := range map[string]string{
		"files":  aged(t, now, map[string]time.Duration{"diagnosticSettings": 0, "tenantSettings": 0}),
		"stated": stated,
	} {
		e, err := Exports(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, test := range []struct {
			after time.Duration
			gap   string
			note  string
		}{
			{0, "", ""}, {day, "", ""}, {-day, "", ""},
			{day + time.Second, "", "of 2026-11-20, 1 day before the collection: diagnosticSettings, tenantSettings"},
			{7 * day, "", "of 2026-11-20, 7 days before the collection: diagnosticSettings, tenantSettings"},
			{7*day + time.Second, "tenantSettings is of 2026-11-20, 7 days before the collection: export it again", ""},
			{-2 * day, "tenantSettings is of 2026-11-20, 2 days after the collection: export it again", ""},
		} {
			got := e.At(now.Add(test.after), "the collection")
			doc := exportDoc(got)
			if test.gap == "" {
				wantCollected(t, doc, "powerBI.tenantSettings")
			} else {
				wantGap(t, doc, "powerBI.tenantSettings", "error", test.gap)
				if len(got.Sections) > 0 || len(got.Warnings) != 2 || !got.Brings("powerBI") {
					t.Errorf("%s, %v: sections %v, warnings %q", name, test.after, got.Sections, got.Warnings)
				}
			}
			if added := strings.Join(got.Notes[len(e.Notes):], "\n"); added != test.note {
				t.Errorf("%s, %v: note %q, not %q", name, test.after, added, test.note)
			}
		}
		wantCollected(t, exportDoc(e), "powerBI.tenantSettings") // the export itself stays as it was
	}
}
