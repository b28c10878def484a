//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/guestward/guestward/collector/graph/graphtest"
)

// BenchmarkCollect reads guests and groups of a large tenant, with sponsors, sign-ins and memberships, from a Graph that
// takes 50 ms to answer. It compares the time with the one that paging leaves: the address of a page is known when the page
// before has come, so that the longest list (of sign-ins, 500 at a time) takes its number of pages times the latency,
// however many requests the service allows at once.
func BenchmarkCollect(b *testing.B) {
	const latency = 50 * time.Millisecond
	dir := b.TempDir()
	program := filepath.Join(dir, "guestward")
	build := exec.Command("go", "build", "-o", program, ".")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	for b.Loop() {
		for _, size := range []struct{ guests, groups int }{{50_000, 2_000}, {500_000, 20_000}} {
			s := graphtest.New(b, graphtest.Options{Tenant: graphtest.Synthetic(size.guests, size.groups), Limits: graphtest.NoLimits, Latency: latency})
			out := filepath.Join(dir, "tenant.json")
			cmd := exec.Command(program, "collect", "-q", "-o", out, "--graph-url", s.URL,
				"--only", "guests.sponsors", "--only", "guests.signInActivity", "--only", "groups.externalMembers")
			cmd.Env = append(os.Environ(), "GUESTWARD_TEST_TOKEN="+s.Token(graphtest.Permissions()...))
			started := time.Now()
			if said, err := cmd.CombinedOutput(); err != nil {
				b.Fatalf("%v\n%s", err, said)
			}
			took := time.Since(started)
			chains := map[string]int{}
			sent := 0
			for _, q := range s.Requests() {
				if q.Item {
					continue
				}
				sent++
				list := q.Path
				if strings.Contains(q.Query, "signInActivity") {
					list += " signInActivity"
				}
				chains[list]++
			}
			longest := 0
			for _, n := range chains {
				longest = max(longest, n)
			}
			allowed := time.Duration(longest) * latency
			at := fmt.Sprintf("-at-%d", size.guests)
			b.ReportMetric(took.Seconds()/allowed.Seconds(), "x-allowed-time"+at)
			b.ReportMetric(took.Seconds(), "s"+at)
			b.ReportMetric(float64(sent), "requests"+at)
			b.ReportMetric(float64(cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss)/1e3, "MB"+at)
			s.Close()
		}
	}
}
