// Package cmd_test holds the direction of the imports.
package cmd_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/guestward/guestward/"

// allowed lists, for each package, which of ours it may import. What is not listed may import none.
var allowed = map[string][]string{
	"collector":                      {"collector/snapshot"},
	"collector/graph":                {"collector", "collector/wire"},
	"collector/graph/graphtest":      {},
	"collector/graph/graphtest/csdl": {},
	"collector/collectortest":        {"collector/snapshot"},
	"collector/imports":              {"collector", "collector/snapshot"},
	"collector/sharepoint":           {"collector", "collector/snapshot", "collector/wire"},
	"collector/signin":               {},
	"collector/snapshot":             {},
	"collector/teams":                {"collector", "collector/imports", "collector/snapshot", "collector/wire"},
	"collector/wire":                 {},
	"policies":                       {"collector/snapshot", "policies/access", "policies/access/crosstenant", "policies/partners", "policies/reach"},
	"policies/access":                {"policies/access/crosstenant", "policies/access/device", "policies/access/membership", "policies/access/network", "policies/access/truth", "policies/decoded"},
	"policies/access/accesstest":     {},
	"policies/access/crosstenant":    {"policies/access/truth"},
	"policies/access/device":         {"policies/access/syntax", "policies/access/truth"},
	"policies/access/membership":     {"policies/access/syntax", "policies/access/truth"},
	"policies/access/network":        {},
	"policies/access/syntax":         {},
	"policies/access/truth":          {},
	"policies/decoded":               {},
	"policies/reach":                 {"policies/decoded"},
	"policies/partners":              {"policies/access/crosstenant", "policies/access/truth", "policies/decoded"},
	"report":                         {"policies", "policies/partners", "policies/access", "policies/access/crosstenant", "policies/access/truth", "policies/reach", "collector/snapshot"},
	"cmd/internal/access":            {"collector", "policies"},
	"cmd/internal/demo":              {},
	"cmd/internal/live":              {"collector", "collector/graph", "collector/imports", "collector/sharepoint", "collector/signin", "collector/teams", "collector/wire"},
	"cmd/internal/scan":              {"report", "policies", "policies/access", "policies/reach", "collector/snapshot"},
	"cmd/guestward": {
		"cmd/internal/access", "cmd/internal/demo", "cmd/internal/live", "cmd/internal/scan", "report", "policies", "policies/access", "policies/partners",
		"collector", "collector/imports", "collector/signin", "collector/snapshot", "collector/wire",
	},
	"cmd/gendocs": {"cmd/internal/access", "cmd/internal/scan", "cmd/internal/demo", "report", "policies", "policies/access", "collector", "collector/snapshot"},
}

// tests may use the services that misbehave, and what they need to run a collection.
var testsOnly = []string{"collector/collectortest", "collector/graph/graphtest", "collector/graph/graphtest/csdl", "collector/signin", "collector/wire", "collector", "collector/snapshot", "policies", "policies/access", "policies/access/accesstest"}

// only lists third-party packages that one package alone may import.
var only = map[string]string{
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity": "collector/signin",
	"github.com/hashicorp/go-retryablehttp":            "collector/wire",
	"github.com/microsoft/kiota":                       "collector/graph",
	"github.com/microsoftgraph/":                       "collector/graph",
	"github.com/open-policy-agent/opa":                 "policies",
	"github.com/owenrumney/go-sarif":                   "report",
	"github.com/spf13/cobra":                           "cmd/guestward",
	"gopkg.in/yaml.v3":                                 "policies",
}

func TestImportsPointOneWay(t *testing.T) {
	seen := map[string]bool{}
	err := fs.WalkDir(os.DirFS(".."), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == "testdata" || strings.HasPrefix(entry.Name(), ".") && name != ".") {
			return fs.SkipDir
		}
		if path.Ext(name) != ".go" || path.Dir(name) == "cmd" {
			return nil
		}
		pkg := path.Dir(name)
		seen[pkg] = true
		file, err := parser.ParseFile(token.NewFileSet(), path.Join("..", name), nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if own, ok := strings.CutPrefix(imported, module); ok && own != pkg && !slices.Contains(allowed[pkg], own) && !(strings.HasSuffix(name, "_test.go") && slices.Contains(testsOnly, own)) {
				t.Errorf("%s imports %s: the direction is in .github/ARCHITECTURE.md", name, own)
			}
			for prefix, home := range only {
				if strings.HasPrefix(imported, prefix) && pkg != home {
					t.Errorf("%s imports %s, which belongs to %s alone", name, imported, home)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for pkg := range allowed {
		if !seen[pkg] {
			t.Errorf("there is no package %s", pkg)
		}
	}
	for pkg := range seen {
		if _, ok := allowed[pkg]; !ok {
			t.Errorf("say in this test what %s may import", pkg)
		}
	}
}
