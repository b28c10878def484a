package main

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the expected output of the stories")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"guestward": main})
}

// TestStories runs the whole program as its users do. Every file of testdata/scripts is one story.
func TestStories(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join(root, "testdata", "scripts"),
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("ROOT", root)
			env.Setenv("TENANTS", filepath.Join(root, "testdata", "tenants"))
			env.Setenv("TMPDIR", env.Getenv("WORK"))
			env.Setenv("NO_COLOR", os.Getenv("NO_COLOR"))
			return nil
		},
		Condition: func(cond string) (bool, error) {
			return cond == "root" && os.Geteuid() == 0, nil
		},
	})
}
