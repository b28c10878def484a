package policies

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/cover"
	"github.com/open-policy-agent/opa/v1/format"
	"github.com/open-policy-agent/opa/v1/tester"
	"gopkg.in/yaml.v3"

	"github.com/guestward/guestward/collector/snapshot"
)

// The gate: what every built-in rule must be. It runs offline and is the whole truth about the policies.

func catalogue(t *testing.T) *Catalogue {
	t.Helper()
	c, err := load(true)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestRegoIsFormatted(t *testing.T) {
	err := fs.WalkDir(files, ".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".rego" {
			return err
		}
		data, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		formatted, err := format.SourceWithOpts(name, data, format.Opts{RegoVersion: ast.RegoV1})
		if err != nil {
			return err
		}
		if string(formatted) != string(data) {
			t.Errorf("policies/%s is not formatted; run `make fmt`", name)
		}
		for i, line := range strings.Split(string(data), "\n") {
			if n := len([]rune(line)); n > 120 && !strings.HasPrefix(strings.TrimSpace(line), "#") {
				t.Errorf("policies/%s:%d has %d characters; 120 is the most", name, i+1, n)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestRegoFitsTheSchema compiles the rules against the snapshot's schema, closed, so that a misspelt property is an
// error rather than a rule that is silent for ever.
func TestRegoFitsTheSchema(t *testing.T) {
	var schema any
	if err := json.Unmarshal(snapshot.SchemaJSON, &schema); err != nil {
		t.Fatal(err)
	}
	schema.(map[string]any)["properties"].(map[string]any)[snapshot.Peers] = peerSchema(schema)
	schemas := ast.NewSchemaSet()
	schemas.Put(ast.SchemaRootRef, closed(schema))
	c := ast.NewCompiler().WithCapabilities(capabilities()).WithStrict(true).WithSchemas(schemas)
	modules := maps.Clone(catalogue(t).modules)
	maps.DeleteFunc(modules, func(name string, _ *ast.Module) bool { return strings.HasSuffix(name, "_test.rego") })
	if c.Compile(modules); c.Failed() {
		for _, err := range c.Errors {
			t.Error(err)
		}
	}
}

// peerSchema types input.peers, which is in no snapshot: what PeerPaths take out of the schema of one.
func peerSchema(schema any) any {
	property := func(v any, name string) any { return v.(map[string]any)["properties"].(map[string]any)[name] }
	object := func(properties map[string]any) map[string]any {
		return map[string]any{"type": "object", "properties": properties}
	}
	peer := map[string]any{"tenantId": map[string]any{"type": "string"}}
	for _, path := range PeerPaths {
		section, name, _ := strings.Cut(path, ".")
		if peer[section] == nil {
			peer[section] = object(map[string]any{})
		}
		peer[section].(map[string]any)["properties"].(map[string]any)[name] = property(property(schema, section), name)
	}
	return map[string]any{"type": "array", "items": object(peer)}
}

// closed forbids properties that the schema does not name, and says "string or null" the way OPA understands it.
func closed(schema any) any {
	switch s := schema.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, value := range s {
			if strings.HasPrefix(name, "x-") || name == "$schema" || name == "$id" || name == "required" {
				continue
			}
			out[name] = closed(value)
		}
		if types, ok := s["type"].([]any); ok {
			var options []any
			for _, one := range types {
				option := maps.Clone(out)
				option["type"] = one
				if one == "null" {
					option = map[string]any{"type": "null"}
				}
				if _, ok := option["properties"]; ok {
					option["additionalProperties"] = false
				}
				options = append(options, option)
			}
			return map[string]any{"anyOf": options}
		}
		if _, ok := s["properties"].(map[string]any); ok && s["type"] == "object" {
			out["additionalProperties"] = false
		}
		return out
	case []any:
		out := make([]any, len(s))
		for i, value := range s {
			out[i] = closed(value)
		}
		return out
	default:
		return s
	}
}

func TestRegoTestsPassAndCoverEverything(t *testing.T) {
	oneThread(t)
	c := catalogue(t)
	coverage := cover.New()
	n := 0
	err := c.runTests(context.Background(), "", func(r *tester.Runner) { r.SetCoverageQueryTracer(coverage) }, func(r *tester.Result) bool {
		n++
		if !r.Pass() {
			t.Errorf("%s: %s.%s: fail %v, error %v %s", r.Location, r.Package, r.Name, r.Fail, r.Error, r.Output)
		}
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d Rego tests", n)
	report := coverage.Report(c.modules)
	for file, f := range report.Files {
		if strings.HasSuffix(file, "_test.rego") {
			continue
		}
		for _, r := range f.NotCovered {
			t.Errorf("%s:%d-%d is not covered by a test", file, r.Start.Row, r.End.Row)
		}
	}
}

func TestRulesAreComplete(t *testing.T) {
	c := catalogue(t)
	settings, err := c.Settings("")
	if err != nil {
		t.Fatal(err)
	}
	var retired map[string]string
	data, err := files.ReadFile("retired.yaml")
	if err == nil {
		err = yaml.Unmarshal(data, &retired)
	}
	if err != nil {
		t.Fatal(err)
	}
	settingPattern := regexp.MustCompile(`data\.settings\.([a-z_]+(?:\.[a-z_]+)+)`)
	registerPattern := regexp.MustCompile(`data\.settings\.partners\b|import data\.lib\.partners\n`) // the library reads it too
	used := map[string]bool{}
	for _, r := range c.rules {
		bad := func(format string, args ...any) { t.Errorf("%s: %s", r.ID, fmt.Sprintf(format, args...)) }
		folder := path.Join("rules", r.Area, r.Name)
		source, err := files.ReadFile(folder + "/rule.rego")
		if err != nil {
			bad("its package is not in %s/rule.rego", folder)
			continue
		}
		if _, err := files.ReadFile(folder + "/rule_test.rego"); err != nil {
			bad("%s/rule_test.rego is missing", folder)
		}
		if why, ok := retired[r.ID]; ok {
			bad("the id is retired: %s", why)
		}
		if n := len([]rune(r.Title)); n > 70 {
			bad("the title has %d characters; 70 is the most", n)
		}
		if n := len([]rune(r.Description)); n > 1000 { // SARIF allows 1024
			bad("the description has %d characters; 1000 is the most", n)
		}
		if n := len([]rune(r.Because)); n == 0 || n > 160 {
			bad("severity_reason has %d characters: one sentence, 160 at most", n)
		}
		for _, l := range r.Links {
			if u, err := url.Parse(l.URL); err != nil || u.Scheme != "https" || l.Title == "" {
				bad("the link %q is not https, or has no description", l.URL)
			}
		}
		if len(r.Controls["guide"]) == 0 {
			t.Logf("%s decides no statement of the guide", r.ID)
		}
		for framework, ids := range r.Controls {
			f, ok := Frameworks()[framework]
			if !ok {
				bad("there is no frameworks/%s.yaml", framework)
				continue
			}
			for i, id := range ids {
				if _, ok := f.Control(id); !ok {
					bad("frameworks/%s.yaml has no control %q", framework, id)
				}
				if slices.Contains(ids[:i], id) {
					bad("%s: control %s is named twice", framework, id)
				}
			}
		}
		for _, name := range r.Licence {
			if snapshot.ServicePlans[name] == "" {
				bad("licence.go does not know the service plan %s", name)
			}
		}
		for _, req := range r.Requires {
			for _, p := range req.Alternatives {
				if err := inSchema(p); err != nil {
					bad("requires %s: %v", req, err)
				}
			}
		}
		var read []string
		for _, m := range settingPattern.FindAllStringSubmatch(string(source), -1) {
			read = append(read, m[1])
		}
		if registerPattern.Match(source) {
			read = append(read, "partners")
		}
		for _, s := range r.Settings {
			if _, ok := settings.Value(s); !ok {
				bad("settings/data.yaml has no %s", s)
			}
			used[s] = true
		}
		for _, s := range read {
			if !slices.Contains(r.Settings, s) {
				bad("the rule reads data.settings.%s; METADATA custom.settings does not name it", s)
			}
		}
	}
	for _, s := range settings.Paths() {
		if !used[s] {
			t.Errorf("settings/data.yaml: no rule reads %s", s)
		}
	}
}

// inSchema checks that a required path is one that the schema describes.
func inSchema(p requiredPath) error {
	s := snapshot.Schema()
	for i, step := range p.steps {
		if step == "[]" {
			s = s.Items()
		} else {
			if s != nil && s.Stream {
				s = s.Items()
			}
			s = s.Property(step)
		}
		if s == nil {
			return fmt.Errorf("the schema has no %s", strings.Join(p.steps[:i+1], "."))
		}
	}
	return nil
}

func TestSettingsAreInStep(t *testing.T) {
	c := catalogue(t)
	defaults, err := c.Settings("")
	if err != nil {
		t.Fatal(err)
	}
	data, err := files.ReadFile("settings/data.yaml")
	if err != nil {
		t.Fatal(err)
	}
	// The defaults, given as a settings file, must fit themselves and the schema.
	if _, err := c.Settings("", SettingsFile{"data.yaml", data}); err != nil {
		t.Error(err)
	}
	var schema struct {
		Properties map[string]struct {
			Properties map[string]any
		}
	}
	if err := json.Unmarshal(SettingsSchemaJSON(), &schema); err != nil {
		t.Fatal(err)
	}
	var described []string
	for area, group := range schema.Properties {
		for name := range group.Properties {
			described = append(described, area+"."+name)
		}
		if len(group.Properties) == 0 { // no group, but a list
			described = append(described, area)
		}
	}
	slices.Sort(described)
	if got := defaults.Paths(); !slices.Equal(got, described) {
		t.Errorf("settings/data.yaml and settings/schema.json differ:\n%v\n%v", got, described)
	}
	if len(Profiles()) == 0 {
		t.Error("no profile is embedded")
	}
	for _, name := range Profiles() {
		if _, err := c.Settings(name); err != nil {
			t.Errorf("profile %s: %v", name, err)
		}
	}
}

// TestRulesNameWhatTheyRead holds what the text of a rule reads of the snapshot against its metadata: what it does not
// name is not collected for it. Whoever asks lib.partners for the entry of a tenant reads what Graph says of its domains.
func TestRulesNameWhatTheyRead(t *testing.T) {
	reads := regexp.MustCompile(`\binput\.([A-Za-z0-9]+)\.([A-Za-z0-9]+)`)
	asksForTenant := regexp.MustCompile(`\bpartners\.(of|allows)_tenant\b`)
	for _, r := range catalogue(t).rules {
		text, err := os.ReadFile(filepath.Join("rules", r.Area, r.Name, "rule.rego"))
		if err != nil {
			t.Fatal(err)
		}
		var named []string
		for _, req := range slices.Concat(r.Requires, r.Uses) {
			named = append(named, req.Paths()...)
		}
		read := reads.FindAllStringSubmatch(string(text), -1)
		if asksForTenant.Match(text) {
			read = append(read, []string{"", "crossTenantAccess", "domainTenants"}, []string{"", "crossTenantAccess", "partnerNames"})
		}
		for _, m := range read {
			path := m[1] + "." + m[2]
			// How the snapshot came to be, and what was bought, is in every one.
			if m[1] == "collection" || m[1] == "licences" || snapshot.Schema().Property(m[1]) != nil && snapshot.Schema().Property(m[1]).Stream {
				continue
			}
			if !slices.ContainsFunc(named, func(n string) bool {
				return n == path || strings.HasPrefix(n, path+".") || strings.HasPrefix(path, n+".")
			}) {
				t.Errorf("%s reads %s and names it neither in requires nor in uses", r.ID, path)
			}
		}
	}
}
