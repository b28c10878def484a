package imports

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/guestward/guestward/collector/snapshot"
)

// wantError wants an error with a place and a remedy, which holds the parts.
func wantError(t *testing.T, name string, err error, parts ...string) {
	t.Helper()
	var e *snapshot.Error
	if !errors.As(err, &e) || e.File == "" || e.Problem == "" || e.Remedy == "" {
		t.Errorf("%s: %v (%T) is not an error with its place and remedy", name, err, err)
		return
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%s: %q lacks %q", name, err, part)
		}
	}
}

func TestTeamsBadFile(t *testing.T) {
	const federation = `"Get-CsTenantFederationConfiguration": {"AllowFederatedUsers": true}`
	for name, test := range map[string]struct {
		data string
		want []string
	}{
		"empty":          {"", []string{"the file is empty", "run the script again"}},
		"blank":          {" \r\n", []string{"the file is empty"}},
		"array":          {"\n[]", []string{"export.json:2:1: expected an object with a member for each cmdlet, found an array", "name the file for it"}},
		"text":           {"Access denied", []string{"export.json:1:1: expected a JSON object"}},
		"null":           {"null", []string{"expected a JSON object"}},
		"cut short":      {`{` + federation[:40], []string{"export.json:1:", "ends in the middle", "copy it again"}},
		"cut in a value": {`{"Get-CsTeamsMeetingPolicy": [{"Identity": "Global"`, []string{"ends in the middle"}},
		"not JSON":       {`{"Get-CsTenant": nope}`, []string{"export.json:1:", "not valid JSON", "run the script again"}},
		"twice":          {`{` + federation + ",\n" + federation + `}`, []string{"export.json:2:1: Get-CsTenantFederationConfiguration: ", "stands twice"}},
		"twice, capitals": {`{` + federation + ",\n" + strings.ToLower(federation) + `}`,
			[]string{"export.json:2:", "Get-CsTenantFederationConfiguration is there twice", "remove one of the two"}},
		"two times":           {`{"collectedAt": "2026-11-20T08:00:00Z", "CollectedAt": "2026-11-20T08:00:00Z"}`, []string{"the time is there twice"}},
		"twice within":        {`{"Get-CsTenant": {"TenantId": "a", "TenantId": "b"}}`, []string{"Get-CsTenant.TenantId: ", "stands twice"}},
		"twice, unread":       {`{"other": {"a": 1, "a": 2}, ` + federation + `}`, []string{"other.a: ", "stands twice"}},
		"deep":                {`{"Get-CsTenant": ` + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + "}", []string{"nested deeper than 50 levels", "-Depth 10"}},
		"more text":           {`{` + federation + "}\n{}", []string{"export.json:2:1: more text after the end"}},
		"not UTF-8":           {"{\"a\": \"\xff\"}", []string{"not valid UTF-8"}},
		"UTF-16 without mark": {string(inUTF16(binary.LittleEndian, `{}`)[2:]), []string{"without a byte-order mark"}},
		"big-endian too":      {string(inUTF16(binary.BigEndian, `{}`)[2:]), []string{"without a byte-order mark"}},
		"zip":                 {"PK\x03\x04", []string{"compressed", "unpack"}},
		"nothing known":       {`{"a": 1}`, []string{"no output of Teams PowerShell is in it", "a member for each cmdlet"}},
		"empty object":        {`{}`, []string{"no output of Teams PowerShell is in it"}},
		"a time alone":        {`{"collectedAt": "2026-11-20T08:00:00Z"}`, []string{"no output of Teams PowerShell is in it"}},
		"a snapshot":          {`{"collection": {}, "teams": {}}`, []string{"a guestward snapshot already: scan it as it is"}},
		"ScubaGear's":         {`{"module_version": "1.8.0"}`, []string{"import scubagear reads it"}},
		"one cmdlet's":        {`{"Identity": "Global", "AllowGuestUser": true}`, []string{"name the file for it"}},
	} {
		file := filepath.Join(writeTeams(t, map[string]any{"export.json": []byte(test.data)}), "export.json")
		e, err := Teams(file)
		wantError(t, name, err, append(test.want, "export.json")...)
		doc, warnings, documentErr := TeamsDocument(file)
		if e != nil || doc != nil || warnings != nil || documentErr == nil {
			t.Errorf("%s: a result beside the error", name)
		}
	}
}

func TestTeamsBadFolder(t *testing.T) {
	good := []byte(`{"AllowGuestUser": true}`)
	const client = "Get-CsTeamsClientConfiguration.json"
	for name, test := range map[string]struct {
		files map[string]any
		want  []string
	}{
		"empty":        {nil, []string{"holds no output of Teams PowerShell", "Get-CsTenantFederationConfiguration.json", "name that"}},
		"the script's": {map[string]any{"teams.json": []byte("{}")}, []string{"holds no output of Teams PowerShell"}},
		"cut short":    {map[string]any{client: []byte(`{"AllowGuestUser": tr`)}, []string{client + ":1:", "ends in the middle"}},
		"one of many":  {map[string]any{client: good, "Get-CsTenant.json": []byte("{")}, []string{"Get-CsTenant.json:1:", "ends in the middle"}},
		"twice in it":  {map[string]any{client: []byte(`{"A": 1, "A": 2}`)}, []string{client + ":1:", "A: the member name stands twice"}},
		"more text":    {map[string]any{client: []byte("{}\n{}")}, []string{client + ":2:1: more text after the end"}},
	} {
		_, err := Teams(writeTeams(t, test.files))
		wantError(t, name, err, test.want...)
	}

	dir := writeTeams(t, map[string]any{client: good})
	if err := os.Mkdir(filepath.Join(dir, "Get-CsTenant.json"), 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := Teams(dir)
	wantError(t, "a folder in the place of a file", err, "Get-CsTenant.json: it is a folder")

	_, err = Teams(filepath.Join(dir, "absent"))
	wantError(t, "absent", err, "absent: no such file or folder")
}

func TestTeamsCapitalsTwice(t *testing.T) {
	dir := writeTeams(t, map[string]any{"Get-CsTenant.json": []byte("{}"), "get-cstenant.json": []byte("{}")})
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 2 {
		t.Skip("the file system does not tell capitals from small letters")
	}
	_, err := Teams(dir)
	wantError(t, "twice", err, "Get-CsTenant is there twice", "remove one of the two files")
}

func TestTeamsUnreadable(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may read every file")
	}
	dir := writeTeams(t, map[string]any{"Get-CsTenant.json": []byte("{}"), "export.json": []byte("{}")})
	for _, name := range []string{"Get-CsTenant.json", "export.json"} {
		if err := os.Chmod(filepath.Join(dir, name), 0); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{dir, filepath.Join(dir, "export.json")} {
		_, err := Teams(name)
		wantError(t, name, err, "permission denied", "readable by you")
	}
}

func TestTeamsTooLarge(t *testing.T) {
	name := filepath.Join(t.TempDir(), "export.json")
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(name, maxOutput+1); err != nil { // a hole: it takes no room
		t.Skip("the file system has no holes:", err)
	}
	_, err := Teams(name)
	wantError(t, "too large", err, "larger than 64 MiB")
}

// TestTeamsHostileNames: names of the export cannot flood the terminal, nor steer it.
func TestTeamsHostileNames(t *testing.T) {
	e := changedTeams(t, func(export map[string]any) {
		for i := range 20 {
			export[fmt.Sprintf("a%02d\x1b[2J\u202e%s", i, strings.Repeat("x", 10_000))] = i
		}
		element(export, "Get-CsTeamsMeetingPolicy")[strings.Repeat("y", 100_000)] = "@{}"
	})
	text := strings.Join(append(e.Warnings, e.Notes...), "\n")
	if len(text) > 2000 || strings.ContainsAny(text, "\x1b\u202e") || !strings.Contains(text, "and 15 more") {
		t.Errorf("%d bytes: %.300q", len(text), text)
	}
	for _, s := range e.Sources {
		if len(s.Source)+len(s.Detail) > 500 {
			t.Errorf("a source has %d bytes", len(s.Source)+len(s.Detail))
		}
	}
	for _, path := range TeamsPaths() {
		wantCollected(t, e.asDocument(), path)
	}
}
