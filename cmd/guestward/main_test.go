package main

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/guestward/guestward/collector/graph/graphtest"
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
	stories, err := filepath.Glob(filepath.Join(root, "testdata", "scripts", "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	if testing.Short() { // under the race detector: those in which much goes on at once
		stories = slices.DeleteFunc(stories, func(name string) bool {
			return !slices.Contains([]string{"demo.txtar", "redact.txtar"}, filepath.Base(name))
		})
	}
	testscript.Run(t, testscript.Params{
		Files:               stories,
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
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"graph": startGraph},
		Condition: func(cond string) (bool, error) {
			return cond == "root" && os.Geteuid() == 0, nil
		},
	})
}

// oneThread leaves a test out under the race detector, which is slow, where one goroutine is at work.
func oneThread(t *testing.T) {
	if testing.Short() {
		t.Skip("one goroutine: nothing for the race detector")
	}
}

// startGraph is the stories' command
//
//	graph TENANT.json [but=PERMISSION,...] [fault=KIND:PATH] [secret]
//
// It serves a tenant of testdata, one of testdata/graph or a snapshot, until the story ends, and sets GRAPH_URL,
// SHAREPOINT_URL and GUESTWARD_TEST_TOKEN, a token with all permissions but those named.
func startGraph(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: graph TENANT.json [but=PERMISSION,...] [fault=KIND:PATH] [secret]")
	}
	file := ts.MkAbs(args[0])
	load := graphtest.LoadTenant
	if filepath.Base(filepath.Dir(file)) != "graph" {
		load = graphtest.FromSnapshot
	}
	tenant, err := load(file)
	ts.Check(err)
	o := graphtest.Options{Tenant: tenant, Now: time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC), Limits: graphtest.NoLimits}
	grant := graphtest.TokenOptions{Permissions: graphtest.Permissions(), Expires: time.Now().Add(time.Hour)}
	for _, arg := range args[1:] {
		name, value, _ := strings.Cut(arg, "=")
		switch name {
		case "but":
			grant.Permissions = slices.DeleteFunc(grant.Permissions, func(p string) bool { return slices.Contains(strings.Split(value, ","), p) })
		case "fault":
			kind, path, _ := strings.Cut(value, ":")
			o.Faults = append(o.Faults, graphtest.Fault{Kind: kind, Path: path})
		case "secret":
			grant.Secret = true
		default:
			ts.Fatalf("graph: %s?", arg)
		}
	}
	server := graphtest.Start(o)
	ts.Defer(func() {
		server.Close()
		for _, v := range server.Violations() {
			ts.Logf("violation: %s", v)
		}
		if len(server.Violations()) > 0 {
			ts.Fatalf("Graph was asked what it does not understand")
		}
	})
	ts.Setenv("GRAPH_URL", server.URL)
	ts.Setenv("SHAREPOINT_URL", server.SharePointURL)
	ts.Setenv("GUESTWARD_TEST_TOKEN", server.TokenWith(grant))
}
