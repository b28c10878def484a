package policies

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestWhereOtherToolsErr gives a tenant for each known mistake of other tools, on which guestward must answer rightly.
func TestWhereOtherToolsErr(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes a while")
	}
	c := catalogue(t)
	hardened, err := os.ReadFile("../testdata/settings/hardened.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range otherTools(t).Rows {
		t.Run(row.Tool+"/"+row.Check+"/"+row.Mistake, func(t *testing.T) {
			r, ok := c.Rule(row.Rule)
			if !ok || row.Change == nil {
				t.Fatalf("%+v says nothing", row)
			}
			settings, err := c.Settings("", SettingsFile{"hardened.yaml", hardened}, SettingsFile{"row.yaml", []byte(row.Settings)})
			if err != nil {
				t.Fatal(err)
			}
			doc := document(t, "hardened")
			if row.Only != nil {
				policies := doc["conditionalAccess"].(map[string]any)["policies"].([]any)
				for i, p := range policies {
					if !slices.Contains(row.Only, i) {
						p.(map[string]any)["state"] = "disabled"
					}
				}
			}
			for path, value := range row.Change {
				change(t, map[string]any(doc), strings.Split(path, "."), value)
			}
			e := judge(t, c, doc, Options{Rules: []*Rule{r}, Settings: settings})
			if got := e.Results[0]; got.Status != row.Status {
				t.Errorf("%s is %s, not %s: %s", row.Rule, got.Status, row.Status, got.Reason)
				for _, f := range got.Findings.First(3) {
					t.Logf("  %s %s", f.Path.Dotted(), f.Message)
				}
			}
		})
	}
}

// TestOtherToolsAreTold checks that each row says what it must, once, of a tool that is listed.
func TestOtherToolsAreTold(t *testing.T) {
	all := otherTools(t)
	listed, seen := map[string]bool{}, map[string]bool{}
	for _, tool := range all.Tools {
		listed[tool.Name] = tool.Repository != "" && tool.Commit != "" && tool.Date != ""
	}
	told := func(tool, check, mistake string) {
		key := tool + "/" + check + "/" + mistake
		if !listed[tool] || check == "" || mistake == "" || seen[key] {
			t.Errorf("%q is there twice, or lacks something", key)
		}
		seen[key] = true
	}
	for _, row := range all.Rows {
		told(row.Tool, row.Check, row.Mistake+" "+row.Answers)
		if row.Answers == "" || row.Answers == string(row.Status) {
			t.Errorf("%s %s: both answer %q", row.Tool, row.Check, row.Answers)
		}
	}
	for _, o := range all.NotShown {
		told(o.Tool, o.Check, o.Mistake)
		if o.Reason == "" {
			t.Errorf("%s %s: why is there no row?", o.Tool, o.Check)
		}
	}
	if _, err := ReadOtherTools([]byte("rows: [{tool: x, chekc: y}]")); err == nil {
		t.Error("a key that is misspelt is read")
	}
}

func otherTools(t *testing.T) OtherTools {
	t.Helper()
	data, err := os.ReadFile("testdata/other_tools.yaml")
	if err != nil {
		t.Fatal(err)
	}
	all, err := ReadOtherTools(data)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// change sets the value at the steps of a document, or takes it away.
func change(t *testing.T, v any, steps []string, value any) {
	t.Helper()
	last := len(steps) - 1
	for _, step := range steps[:last] {
		switch in := v.(type) {
		case map[string]any:
			v = in[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(in) {
				t.Fatalf("there is no %v", steps)
			}
			v = in[i]
		}
	}
	object, ok := v.(map[string]any)
	if !ok {
		t.Fatalf("there is no %v", steps)
	}
	if value == "(removed)" {
		delete(object, steps[last])
		return
	}
	object[steps[last]] = value
}
