package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// runPermissionsText runs the command alone.
func runPermissionsText(t *testing.T, args ...string) (out, errs string, code int) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	s := streams{in: strings.NewReader(""), out: &stdout, err: &stderr, env: func(string) string { return "" }}
	cmd := newPermissions(s)
	cmd.SetArgs(args)
	cmd.SetOut(&stdout)
	cmd.SetErr(&stderr)
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	err := cmd.ExecuteContext(context.Background())
	code, say := exitCode(err)
	if say {
		stderr.WriteString(err.Error())
	}
	return stdout.String(), stderr.String(), code
}

func TestPermissionsAsJSON(t *testing.T) {
	oneThread(t)
	guid := regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	for _, args := range [][]string{{}, {"--all"}, {"--for", "SPO"}, {"--for", "TMS,EXO"}, {"--cloud", "usgov"}, {"--exclude", "SPO"}} {
		out, errs, code := runPermissionsText(t, append(args, "-f", "json")...)
		if code != 0 || errs != "" {
			t.Fatalf("%q: exit code %d, %s", args, code, errs)
		}
		var doc permissionsJSON
		if err := json.Unmarshal([]byte(out), &doc); err != nil {
			t.Fatalf("%q: %v", args, err)
		}
		if len(doc.Grants) == 0 || len(doc.Rules) == 0 {
			t.Errorf("%q: nothing in %s", args, out)
		}
		seen := map[string]bool{}
		for _, g := range doc.Grants {
			if g.Writes || !strings.Contains(g.Name, ".Read") || strings.Contains(g.Name, "Write") || strings.Contains(g.Name, "FullControl") {
				t.Errorf("%q: %s does more than read", args, g.Name)
			}
			if !guid.MatchString(g.ID) || !guid.MatchString(g.AppID) || seen[g.ID] || g.Reads == "" || len(g.Sources) == 0 {
				t.Errorf("%q: %+v", args, g)
			}
			if len(g.Rules) == 0 && !g.EveryRun && !slices.Contains(args, "--all") {
				t.Errorf("%q: %s is for nothing", args, g.Name)
			}
			seen[g.ID] = true
		}
		if strings.Contains(out, "null") {
			t.Errorf("%q: a list is null", args)
		}
		again, _, _ := runPermissionsText(t, append(args, "-f", "json")...)
		if again != out {
			t.Errorf("%q: another run gives something else", args)
		}
	}
}

// Scripts are read by shells of all ages, and tables by people.
func TestPermissionsAreASCIIAndFit(t *testing.T) {
	oneThread(t)
	for _, format := range permissionsFormats {
		for _, more := range [][]string{{"--sharepoint-admin"}, {"--all"}, {"--cloud", "china", "--all"}} {
			out, _, code := runPermissionsText(t, append(more, "-f", format)...)
			if code != 0 || strings.ContainsFunc(out, func(r rune) bool { return r > unicode.MaxASCII }) {
				t.Errorf("%s %q: exit code %d, or not ASCII", format, more, code)
			}
			for line := range strings.Lines(out) {
				if format == "table" && len(line) > textColumns+1 {
					t.Errorf("%s %q: a long line: %s", format, more, line)
				}
				if strings.TrimRight(line, " \n") != strings.TrimSuffix(line, "\n") {
					t.Errorf("%s %q: blanks at the end of %q", format, more, line)
				}
			}
		}
	}
}

func TestPermissionsRefuseWrongCalls(t *testing.T) {
	oneThread(t)
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"--for", "NOPE"}, `no rule is called "NOPE"`},
		{[]string{"--for", "GST", "--exclude", "GST"}, "no rule is left"},
		{[]string{"-f", "xml"}, "expected table, json, powershell or terraform"},
		{[]string{"--all", "--for", "GST"}, "leave out --for"},
		{[]string{"--cloud", "moon"}, `unknown cloud "moon"`},
		{[]string{"--policy", "absent"}, "not a folder"},
	} {
		out, errs, code := runPermissionsText(t, test.args...)
		if code != exitUsage || !strings.Contains(errs, test.want) || out != "" {
			t.Errorf("%q: exit code %d, %q, %q", test.args, code, errs, out)
		}
	}
}

// A rule of somebody else's cannot reach the terminal, the CI runner or a script.
func TestHostileRuleInPermissions(t *testing.T) {
	oneThread(t)
	dir := t.TempDir()
	text := `# METADATA
# title: T
# description: D
# related_resources:
#   - ref: https://example.com/
#     description: D
# custom:
#   id: OWN-001
#   severity: low
#   rationale: R
#   requires:
#     - "entra.authorizationPolicy"
#     - "tenant.\n'); Remove-Item x #\u001b[31m::error::x\u202e \"} ${x}"
#   remediation: {portal: P, graph: G, powershell: S}
#   since: 0.1.0
package rules.own.one

findings contains 1 if false
`
	if err := os.WriteFile(filepath.Join(dir, "rule.rego"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, format := range permissionsFormats {
		out, errs, code := runPermissionsText(t, "--policy", dir, "--for", "OWN-001", "-f", format)
		if code != 0 {
			t.Fatalf("%s: %s", format, errs)
		}
		if format == "table" && !strings.Contains(out, "does not know how to read tenant.") || !strings.Contains(out, "Policy.Read.All") {
			t.Errorf("%s: %s", format, out)
		}
		if (format == "powershell" || format == "terraform") && strings.Contains(out, "Remove-Item") {
			t.Errorf("%s: the rule's text is in the script: %s", format, out)
		}
		for line := range strings.Lines(out) {
			if strings.ContainsAny(line, "\x1b\u202e") && format != "json" || strings.HasPrefix(strings.TrimSpace(line), "::") {
				t.Errorf("%s: %q", format, line)
			}
		}
		if strings.Contains(out, "\x1b") {
			t.Errorf("%s: an escape sequence", format)
		}
	}
}

// Terraform itself reads what was written, where it is installed.
func TestTerraformReadsIt(t *testing.T) {
	oneThread(t)
	terraform, err := exec.LookPath("terraform")
	if err != nil {
		t.Skip("terraform is not installed")
	}
	for _, more := range [][]string{{}, {"--all", "--sharepoint-admin"}, {"--cloud", "dod"}} {
		out, _, _ := runPermissionsText(t, append(more, "-f", "terraform")...)
		cmd := exec.Command(terraform, "fmt", "-check", "-diff", "-")
		cmd.Stdin = strings.NewReader(out)
		if diff, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%q: %v\n%s", more, err, diff)
		}
	}
}
