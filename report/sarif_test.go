package report

import (
	"bytes"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/guestward/guestward/collector/snapshot"
	"github.com/guestward/guestward/policies"
)

// sarifDocument is the part of SARIF that GitHub reads, as GitHub names it.
type sarifDocument struct {
	Runs []struct {
		Tool struct {
			Driver struct {
				Name, Version, SemanticVersion string
				Rules                          []struct {
					ID, Name, HelpURI                 string
					ShortDescription, FullDescription struct{ Text string }
					Help                              struct{ Text, Markdown string }
					Properties                        struct {
						Tags     []string
						Security string `json:"security-severity"`
					}
				}
			}
		}
		AutomationDetails struct{ ID string }
		ColumnKind        string
		Invocations       []struct {
			ExecutionSuccessful        bool
			ToolExecutionNotifications []struct {
				Level          string
				Message        struct{ Text string }
				AssociatedRule struct {
					ID    string
					Index int
				}
			}
		}
		Results *[]struct {
			RuleID    string
			RuleIndex int
			Level     string
			Message   struct{ Text string }
			Locations []struct {
				PhysicalLocation struct {
					ArtifactLocation struct{ URI string }
					Region           struct{ StartLine, StartColumn, EndLine, EndColumn int }
				}
				LogicalLocations []struct{ FullyQualifiedName string }
			}
			PartialFingerprints map[string]string
		}
	}
}

func sarifReport(t *testing.T, r *Report, root string) (raw []byte, doc sarifDocument) {
	t.Helper()
	var b bytes.Buffer
	if err := SARIF(&b, r, Options{Root: root}); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), doc
}

func sarifSchema(t *testing.T) []byte {
	t.Helper()
	schema, err := os.ReadFile("testdata/sarif-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func TestSARIFGolden(t *testing.T) {
	raw, _ := sarifReport(t, fixture(), ".")
	validate(t, sarifSchema(t), raw)
	golden(t, "report.sarif", raw)
}

func TestSARIFOfNothing(t *testing.T) {
	raw, doc := sarifReport(t, &Report{}, "")
	validate(t, sarifSchema(t), raw)
	if doc.Runs[0].Results == nil {
		t.Error("results must be there, and empty")
	}
	if !doc.Runs[0].Invocations[0].ExecutionSuccessful {
		t.Error("unsuccessful, though nothing is unknown")
	}
}

// What GitHub asks for: a file that lacks one of these is refused as a whole.
func TestSARIFIsWhatGitHubWants(t *testing.T) {
	_, doc := sarifReport(t, fixture(), ".")
	run := doc.Runs[0]
	if run.AutomationDetails.ID != "guestward/"+tenantID+"/" || run.ColumnKind != "utf16CodeUnits" || run.Tool.Driver.SemanticVersion != "0.1.0" {
		t.Errorf("%+v", run)
	}
	rules := run.Tool.Driver.Rules
	if len(rules) != len(fixture().Results) {
		t.Errorf("%d rules", len(rules))
	}
	for _, r := range rules {
		for what, text := range map[string]string{
			"name": r.Name, "shortDescription": r.ShortDescription.Text, "fullDescription": r.FullDescription.Text,
			"help": r.Help.Text, "help.markdown": r.Help.Markdown, "security-severity": r.Properties.Security,
		} {
			if text == "" {
				t.Errorf("%s: no %s", r.ID, what)
			}
		}
		if len(utf16.Encode([]rune(r.ShortDescription.Text))) > 1024 || len(r.Name) > 255 || len(r.Properties.Tags) > 10 || r.Properties.Tags[0] != "security" {
			t.Errorf("%s: %+v", r.ID, r)
		}
	}
	severity, seen, perRule := 10.0, map[string]bool{}, map[string]int{}
	for _, res := range *run.Results {
		perRule[res.RuleID]++
		if rules[res.RuleIndex].ID != res.RuleID {
			t.Errorf("%s has the index of %s", res.RuleID, rules[res.RuleIndex].ID)
		}
		var s float64
		if err := json.Unmarshal([]byte(rules[res.RuleIndex].Properties.Security), &s); err != nil || s > severity {
			t.Errorf("%s: severity %v behind %v: %v", res.RuleID, s, severity, err)
		}
		severity = s
		if len(res.Locations) != 1 || len(res.Locations[0].LogicalLocations) != 1 {
			t.Fatalf("%s: %+v", res.RuleID, res.Locations)
		}
		region := res.Locations[0].PhysicalLocation.Region
		if region.StartLine < 1 || region.EndLine != region.StartLine || region.StartColumn < 1 || region.EndColumn <= region.StartColumn {
			t.Errorf("%s: %+v", res.RuleID, region)
		}
		hash := res.PartialFingerprints["primaryLocationLineHash"]
		if hash != res.PartialFingerprints["guestward/v1"]+":1" || seen[hash] {
			t.Errorf("%s: fingerprint %s", res.RuleID, hash)
		}
		seen[hash] = true
		if strings.Contains(strings.ReplaceAll(res.Message.Text, `\[`, ""), "[") || len(res.Message.Text) > 2*maxMessage {
			t.Errorf("%s: %q", res.RuleID, res.Message.Text)
		}
	}
	if perRule["LIF-001"] != 1 || perRule["SPO-001"] != 1 || perRule["XTA-003"] != 0 || perRule["CA-001"] != 14 {
		t.Errorf("grouped and waived findings: %v", perRule)
	}
	invocation := run.Invocations[0]
	if invocation.ExecutionSuccessful || len(invocation.ToolExecutionNotifications) != 22 {
		t.Errorf("%+v", invocation)
	}
	for _, n := range invocation.ToolExecutionNotifications {
		if rules[n.AssociatedRule.Index].ID != n.AssociatedRule.ID || !strings.HasPrefix(n.Message.Text, n.AssociatedRule.ID) {
			t.Errorf("%+v", n)
		}
	}
}

// A bad file is refused as a whole, with every finding in it: an error is better.
func TestSARIFRefusesWhatGitHubWould(t *testing.T) {
	for name, spoil := range map[string]func(*policies.Finding){
		"no location":    func(f *policies.Finding) { f.Location = snapshot.Location{} },
		"no file":        func(f *policies.Finding) { f.Location.File = "" },
		"no fingerprint": func(f *policies.Finding) { f.Fingerprint = "" },
		"no message":     func(f *policies.Finding) { f.Message, f.Resource.Name = "", "" },
		"same identity":  func(f *policies.Finding) { f.Fingerprint = "x" },
	} {
		a := fixtureFinding("GST-002", snapshot.Path{"entra", "a"}, 1, policies.Resource{}, "message")
		b := fixtureFinding("GST-002", snapshot.Path{"entra", "b"}, 2, policies.Resource{}, "message")
		spoil(&a)
		spoil(&b)
		r := &Report{Results: []policies.Result{{Rule: fixtureRule("GST-002", policies.High, "Title"), Status: policies.Fail, Count: 2, Findings: fewFindings{a, b}}}}
		var out bytes.Buffer
		if err := SARIF(&out, r, Options{}); err == nil || out.Len() > 0 {
			t.Errorf("%s: error %v, %d bytes written", name, err, out.Len())
		}
	}
}

func TestSARIFIsCapped(t *testing.T) {
	var peak uint64
	many := manyFindings{maxResults + 10, &peak}
	r := &Report{Results: []policies.Result{{Rule: fixtureRule("GST-002", policies.High, "Title"), Status: policies.Fail, Count: many.n, Findings: many}}}
	_, doc := sarifReport(t, r, "")
	notifications := doc.Runs[0].Invocations[0].ToolExecutionNotifications
	if n := len(*doc.Runs[0].Results); n != maxResults || len(notifications) != 1 || !strings.HasPrefix(notifications[0].Message.Text, "10 of 25010 findings are left out") {
		t.Errorf("%d results, %+v", n, notifications)
	}
}

func TestURIs(t *testing.T) {
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(root, "repo", "real"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "repo", "real", "a.json"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	repo := filepath.Join(root, "repo")
	tests := map[string]string{
		filepath.Join(repo, "tenants", "contoso.json"):   "tenants/contoso.json",
		filepath.Join(repo, "a b", "ü:%#?.json"):         "a%20b/%C3%BC%3A%25%23%3F.json",
		filepath.Join(repo, "..data.json"):               "..data.json",
		filepath.Join(root, "elsewhere", "x.json"):       "x.json",
		filepath.Join(root, "repository", "x.json"):      "x.json",
		filepath.Join(repo, "real", "a.json"):            "real/a.json",
		"<stdin>":                                        "stdin",
		"<>":                                             "snapshot",
		repo:                                             "snapshot",
		filepath.Join(repo, "http:", "evil.example.txt"): "http%3A/evil.example.txt",
	}
	if os.Symlink(filepath.Join(repo, "real"), filepath.Join(repo, "link")) == nil { // not everybody may on Windows
		tests[filepath.Join(repo, "link", "a.json")] = "real/a.json"
	}
	p := places{root: repo, known: map[string]string{}}
	for file, want := range tests {
		got := p.uri(file)
		if got != want {
			t.Errorf("%s: %s, want %s", file, got, want)
		}
		if u, err := url.Parse(got); err != nil || u.IsAbs() || u.Host != "" {
			t.Errorf("%s: %s is not relative: %v", file, got, err)
		}
	}
	if got := (places{known: map[string]string{}}).uri(filepath.Join(repo, "x.json")); got != "x.json" {
		t.Errorf("without a root: %s", got)
	}
}

func TestSARIFTags(t *testing.T) {
	r := fixtureRule("GST-002", policies.High, "Title")
	got := strings.Join(tags(r), " ")
	if want := "security entra cis_m365_7.0:5.1.6.3 scuba:MS.AAD.8.2 eidsca:EIDSCA.AP04 cmmc_2.0:AC.L1-b.1.iii guide:G07 " +
		"iso_27001_2022:A.5.2 nist_800_53:AC-6(10) iso_27001_2022:A.5.3"; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	r.Controls = nil
	if got := tags(r); len(got) != 2 {
		t.Errorf("%v", got)
	}
}

func TestSARIFRuleTexts(t *testing.T) {
	r := &policies.Rule{
		ID: "ABC-001", Name: "my_rule", Title: strings.Repeat("🦊", 1000), Custom: true,
		Remediation: policies.Remediation{PowerShell: "a ``` fence"},
		Links:       []policies.Link{{URL: "javascript:alert(1)"}, {URL: "https://example.com/page"}},
	}
	rule := sarifRule(r)
	if *rule.Name != "MyRule" || *rule.HelpURI != "https://example.com/page" {
		t.Errorf("%s, %s", *rule.Name, *rule.HelpURI)
	}
	if n := len(utf16.Encode([]rune(*rule.ShortDescription.Text))); n > maxDescription || !strings.HasSuffix(*rule.ShortDescription.Text, "…") {
		t.Errorf("%d units", n)
	}
	if !strings.Contains(*rule.Help.Markdown, "````powershell\na ``` fence\n````") {
		t.Errorf("the text ends its own block: %s", *rule.Help.Markdown)
	}
	if bare := sarifRule(&policies.Rule{ID: "ABC-002", Custom: true}); bare.HelpURI != nil || *bare.Help.Text == "" || *bare.FullDescription.Text == "" {
		t.Errorf("%+v", bare)
	}
}

func TestCopyWithoutNulls(t *testing.T) {
	const in = `{"a":null,"b":{"c":null},"d":["null",1.50,true,{"e":null,"f":"\u0023"}],"g":null}`
	var b bytes.Buffer
	if err := copyWithoutNulls(jsontext.NewEncoder(&b, jsontext.PreserveRawStrings(true)), jsontext.NewDecoder(strings.NewReader(in))); err != nil {
		t.Fatal(err)
	}
	if want := `{"b":{},"d":["null",1.50,true,{"f":"\u0023"}]}` + "\n"; b.String() != want {
		t.Errorf("got %s want %s", b.String(), want)
	}
	for _, bad := range []string{`{"a":`, `{"a":nul}`, `[1,}`} {
		if err := copyWithoutNulls(jsontext.NewEncoder(&b), jsontext.NewDecoder(strings.NewReader(bad))); err == nil {
			t.Errorf("%s is taken", bad)
		}
	}
}
