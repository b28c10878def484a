package policies

import (
	"context"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/tester"
)

// TestResult is the outcome of one Rego test.
type TestResult struct {
	Name   string // package and rule
	Place  string // file:line
	Passed bool
	Detail string // an error, or what the test printed
	Took   time.Duration
}

// String is the line that people read.
func (t TestResult) String() string {
	word := "FAIL"
	if t.Passed {
		word = "ok  "
	}
	s := fmt.Sprintf("%s %s (%s)", word, t.Name, t.Place)
	if t.Detail != "" {
		s += ": " + t.Detail
	}
	return s
}

// Test runs the Rego tests of the folders, or of the built-in rules when there are none, against the rules, libraries,
// settings and restrictions of a scan.
func Test(ctx context.Context, filter string, folders ...fs.FS) iter.Seq2[TestResult, error] {
	return func(yield func(TestResult, error) bool) {
		c, err := load(true, folders...)
		if err != nil {
			yield(TestResult{}, err)
			return
		}
		wanted := true // after a false, yield must not be called again
		err = c.runTests(ctx, filter, nil, func(r *tester.Result) bool {
			t := TestResult{
				Name:   strings.TrimPrefix(r.Package, "data.") + "." + r.Name,
				Place:  fmt.Sprintf("%s:%d", r.Location.File, r.Location.Row),
				Passed: r.Pass(),
				Detail: strings.TrimSpace(string(r.Output)),
				Took:   r.Duration,
			}
			if r.Error != nil {
				t.Detail = strings.TrimSpace(t.Detail + " " + r.Error.Error())
			}
			wanted = yield(t, nil)
			return wanted
		})
		if err != nil && wanted {
			yield(TestResult{}, err)
		}
	}
}

// runTests runs every test of the catalogue's modules.
func (c *Catalogue) runTests(ctx context.Context, filter string, configure func(*tester.Runner), each func(*tester.Result) bool) error {
	settings, err := c.Settings("")
	if err != nil {
		return err
	}
	store := storeOf(settings)
	return storage.Txn(ctx, store, storage.WriteParams, func(txn storage.Transaction) error {
		modules := maps.Clone(c.modules)
		compiler := ast.NewCompiler().WithCapabilities(capabilities()).WithStrict(true).WithEnablePrintStatements(true)
		r := tester.NewRunner().SetCompiler(compiler).SetStore(store).SetModules(modules).
			CapturePrintOutput(true).Filter(filter).SetTimeout(DefaultRuleTimeout)
		if configure != nil {
			configure(r)
		}
		results, err := r.RunTests(context.WithValue(ctx, compilerKey{}, compiler), txn)
		if err != nil {
			return compileError(err)
		}
		going := true
		for result := range results {
			going = going && each(result)
		}
		return ctx.Err()
	})
}
