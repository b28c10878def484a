package policies

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// TestWhereOtherToolsErr gives a tenant for each known mistake of other tools, on which guestward must answer rightly.
func TestWhereOtherToolsErr(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes a while")
	}
	data, err := os.ReadFile("testdata/other_tools.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var rows []struct {
		Tool, Check, Mistake, Answers, Rule, Settings string
		Status                                        Status
		Only                                          *int // index of the one policy of Conditional Access that is left on
		Change                                        map[string]any
	}
	if err := yaml.Unmarshal(data, &rows); err != nil {
		t.Fatal(err)
	}
	c := catalogue(t)
	hardened, err := os.ReadFile("../testdata/settings/hardened.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		t.Run(row.Tool+"/"+row.Check, func(t *testing.T) {
			r, ok := c.Rule(row.Rule)
			if !ok || row.Mistake == "" || row.Answers == "" || row.Answers == string(row.Status) {
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
					if i != *row.Only {
						p.(map[string]any)["state"] = "disabled"
					}
				}
			}
			for path, value := range row.Change {
				change(t, map[string]any(doc), strings.Split(path, "."), value)
			}
			e := judge(t, c, doc, Options{Rules: []*Rule{r}, Settings: settings})
			if got := e.Results[0]; got.Status != row.Status {
				t.Errorf("%s %s: guestward's %s is %s, not %s: %s", row.Check, row.Mistake, row.Rule, got.Status, row.Status, got.Reason)
				for _, f := range got.Findings.First(3) {
					t.Logf("  %s %s", f.Path.Dotted(), f.Message)
				}
			}
		})
	}
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
