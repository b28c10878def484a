package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/guestward/guestward/cmd/internal/access"
	"github.com/guestward/guestward/cmd/internal/live"
	"github.com/guestward/guestward/collector"
	"github.com/guestward/guestward/collector/graph/graphtest"
	"github.com/guestward/guestward/collector/signin"
	"github.com/guestward/guestward/collector/snapshot"
	"github.com/guestward/guestward/policies"
)

// program is guestward as a process of its own: the test's binary under its name, which testscript.Main answers to.
func program(t *testing.T, s *graphtest.Server, args ...string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "guestward")
	if err := os.Symlink(self, link); err != nil {
		t.Skip("no symbolic links here: " + err.Error())
	}
	cmd := exec.Command(link, append(args, "--graph-url", s.URL, "--sharepoint-admin-url", s.SharePointURL)...)
	cmd.Env = append(os.Environ(), "GUESTWARD_TEST_TOKEN="+s.Token(graphtest.Permissions()...))
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	return cmd, &out
}

// tenantOf is a snapshot without how it was collected.
func tenantOf(t *testing.T, file string) string {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var doc map[string]json.RawMessage
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	delete(doc, "collection")
	raw, err = json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// TestKilledAndResumed kills a collection at several moments, goes on, and expects what an uninterrupted one writes.
func TestKilledAndResumed(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("signals are another matter on Windows")
	}
	tenant := graphtest.Synthetic(400, 40)
	serve := func(latency time.Duration) *graphtest.Server {
		return graphtest.New(t, graphtest.Options{Tenant: tenant, Limits: graphtest.NoLimits, PageCap: 20, Latency: latency})
	}
	args := []string{"collect", "--only", "guests", "--only", "groups.externalMembers"}
	dir := t.TempDir()
	whole := filepath.Join(dir, "whole.json")
	cmd, out := program(t, serve(0), append(args, "-o", whole)...)
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	want := tenantOf(t, whole)
	for _, test := range []struct {
		name   string
		signal os.Signal
		after  int // requests
	}{{"kill", syscall.SIGKILL, 12}, {"kill", syscall.SIGKILL, 45}, {"interrupt", os.Interrupt, 25}} {
		file := filepath.Join(t.TempDir(), "tenant.json")
		s := serve(5 * time.Millisecond)
		cmd, out := program(t, s, append(args, "-o", file)...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		for len(s.Requests()) < test.after && cmd.ProcessState == nil {
			time.Sleep(time.Millisecond)
		}
		if err := cmd.Process.Signal(test.signal); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		err := cmd.Wait()
		if test.signal == os.Interrupt && cmd.ProcessState.ExitCode() != exitInterrupt {
			t.Errorf("interrupted: %v\n%s", err, out)
		}
		if test.signal == os.Interrupt && !strings.Contains(out.String(), "--resume") {
			t.Errorf("an interrupted collection does not say how to go on:\n%s", out)
		}
		if _, err := os.Stat(file); !os.IsNotExist(err) {
			t.Fatalf("%s after %d requests: there is a snapshot", test.name, test.after)
		}
		// Signed in to another tenant with the same flags it does not go on.
		cmd, out = program(t, s, append(args, "-o", file, "--resume")...)
		cmd.Env = append(cmd.Env, "GUESTWARD_TEST_TOKEN="+s.TokenWith(graphtest.TokenOptions{Permissions: graphtest.Permissions(), Tenant: "another"}))
		if err := cmd.Run(); err == nil || !strings.Contains(out.String(), "was begun for something else") {
			t.Errorf("resumed in another tenant: %v\n%s", err, out)
		}
		before := len(s.Requests())
		// The pages' addresses are the first server's, so it goes on there.
		cmd, out = program(t, s, append(args, "-o", file, "--resume")...)
		if err := cmd.Run(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		if got := tenantOf(t, file); got != want {
			t.Errorf("%s after %d requests: the snapshots differ", test.name, test.after)
		}
		if _, err := os.Stat(file + ".partial"); !os.IsNotExist(err) {
			t.Error("the spool is still there")
		}
		t.Logf("%s after %d requests, %d more to go on", test.name, before, len(s.Requests())-before)
	}
}

// TestTheTalkHoldsNoToken listens to everything that the program says at its most talkative.
func TestTheTalkHoldsNoToken(t *testing.T) {
	tenant, err := graphtest.LoadTenant("../../testdata/graph/contoso.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"", graphtest.Expired, graphtest.ForeignLink, graphtest.Redirect} {
		o := graphtest.Options{Tenant: tenant, Limits: graphtest.NoLimits, PageCap: 2}
		if kind != "" {
			o.Faults = []graphtest.Fault{{Kind: kind, Path: "/users*"}, {Kind: kind, Path: "/sharepoint/*"}, {Kind: kind, Path: "/teams/*"}}
		}
		s := graphtest.New(t, o)
		cmd, out := program(t, s, "collect", "-vv", "--only", "guests", "--only", "sharePoint", "--only", "teams", "--only", "sites", "--experimental-teams-api", "-o", filepath.Join(t.TempDir(), "t.json"))
		if err := cmd.Run(); err != nil {
			t.Fatalf("%s: %v\n%s", kind, err, out)
		}
		for _, v := range cmd.Env {
			if bearer, ok := strings.CutPrefix(v, "GUESTWARD_TEST_TOKEN="); ok {
				for _, part := range strings.Split(bearer, ".") {
					if len(part) > 20 && strings.Contains(out.String(), part[:20]) {
						t.Errorf("%s: the token is in what the program says:\n%s", kind, out)
					}
				}
			}
		}
		if !strings.Contains(out.String(), "GET "+s.URL+"/v1.0/users?") {
			t.Errorf("%s: no request is logged:\n%s", kind, out)
		}
		for line := range strings.Lines(out.String()) {
			if strings.Contains(line, "skiptoken") && !strings.Contains(line, "skiptoken=...") {
				t.Errorf("%s: a page's token is logged: %s", kind, line)
			}
		}
	}
}

// TestEachPermissionDecidesItsRules takes every permission of the plan away in turn: doctor names it, and exactly the rules
// of which doctor says so are unknown; all others are decided as with everything granted.
func TestEachPermissionDecidesItsRules(t *testing.T) {
	if testing.Short() {
		t.Skip("the same collection and scan as in the stories, once for each permission")
	}
	catalogue, err := policies.Load()
	if err != nil {
		t.Fatal(err)
	}
	rules := catalogue.Rules()
	tenant, err := graphtest.LoadTenant("../../testdata/graph/contoso.json")
	if err != nil {
		t.Fatal(err)
	}
	cloud, err := signin.CloudByName("global")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
	judge := func(granted []string) map[string]policies.Status {
		s := graphtest.New(t, graphtest.Options{Tenant: tenant, Now: at, Limits: graphtest.NoLimits})
		c, err := live.Collect(t.Context(), live.Options{
			Sources: access.Sources(rules), Credential: testToken(s.Token(granted...)), SharePoint: true, Cloud: cloud,
			GraphURL: s.URL, SharePointURL: s.SharePointURL, LogDays: 30,
			Spool: filepath.Join(t.TempDir(), "spool"), Version: "1", Now: at, Pause: time.Millisecond,
		})
		if err != nil {
			t.Fatal(err)
		}
		doc, err := c.Document()
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		if err := doc.Encode(&b); err != nil {
			t.Fatal(err)
		}
		snap, err := snapshot.OpenBytes("collected", []byte(b.String()))
		if err != nil {
			t.Fatal(err)
		}
		e, err := catalogue.Evaluate(t.Context(), snap, policies.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer e.Close()
		got := map[string]policies.Status{}
		for _, r := range e.Results {
			got[r.Rule.ID] = r.Status
		}
		return got
	}
	plan := access.Make(rules, access.Options{Cloud: "global", SharePointAdmin: true})
	var graph, sharePoint []string
	for _, g := range plan.Grants {
		if g.API == collector.SharePoint {
			sharePoint = append(sharePoint, g.Name)
		} else {
			graph = append(graph, g.Name)
		}
	}
	whole := judge(slices.Concat(graph, sharePoint))
	for _, lost := range plan.Grants {
		t.Run(lost.Name, func(t *testing.T) {
			drop := func(names []string) []string {
				return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return name == lost.Name })
			}
			got := judge(slices.Concat(drop(graph), drop(sharePoint)))
			said := access.Diagnose(rules, access.Reach{
				Cloud: "global", AppOnly: true, SharePointLogin: true,
				Graph: access.Grants{Known: true, Names: drop(graph)}, SharePoint: access.Grants{Known: true, Names: drop(sharePoint)},
			})
			for _, v := range said.Verdicts {
				switch id := v.Rule.ID; {
				case v.Status == access.Unknown && whole[id] == policies.NotApplicable && got[id] == whole[id]:
					// The tenant lacks the licence, of which doctor does not know.
				case v.Status == access.Unknown && got[id] != policies.Unknown:
					t.Errorf("doctor says that %s will be unknown, it is %s", id, got[id])
				case v.Status == access.Readable && got[id] != whole[id]:
					t.Errorf("%s is %s, and %s with all that is needed", id, got[id], whole[id])
				}
			}
			if missing := said.Missing; len(missing) != 1 || missing[0].Name != lost.Name {
				if lost.Name != "SharePointTenantSettings.Read.All" { // Sites.FullControl.All reads that too
					t.Errorf("doctor names %+v", missing)
				}
			}
		})
	}
}
