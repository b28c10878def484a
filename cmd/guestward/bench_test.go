//go:build linux

package main

import (
	"bufio"
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/guestward/guestward/policies"
)

// The benchmarks run the whole program, and `opa eval` with the same rules on the same document, in turns, and report
// ratios: machines are noisy, but both sides of a ratio feel the same noise. `make bench` runs them.
//
// Measured on 2026-11-23 with Go 1.26.8 and OPA 1.22.2 on two cores, three reports written in each run:
//
//	a tenant without collections     0.09 s, opa eval 0.09 s
//	100,000 guests                   2.6 s and 106 MB, opa eval 5.7 s and 1,184 MB
//	10,000, 100,000 and a million    100, 106 and 109 MB; 40, 26 and 31 microseconds a guest

// bench holds the two programs and the query that asks OPA what guestward asks.
type bench struct {
	dir, guestward, opa, root, query string
}

func newBench(b *testing.B) *bench {
	b.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		b.Fatal(err)
	}
	x := &bench{dir: b.TempDir(), root: root}
	x.guestward, x.opa = filepath.Join(x.dir, "guestward"), filepath.Join(x.dir, "opa")
	for _, args := range [][]string{
		{"build", "-o", x.guestward, "./cmd/guestward"},
		{"build", "-modfile=.github/tools.mod", "-o", x.opa, "github.com/open-policy-agent/opa"},
	} {
		cmd := exec.Command("go", args...)
		cmd.Dir = root
		if out, err := cmd.CombinedOutput(); err != nil {
			b.Fatalf("go %v: %v\n%s", args, err, out)
		}
	}
	c, err := policies.Load()
	if err != nil {
		b.Fatal(err)
	}
	var refs []string
	for _, r := range c.Rules() {
		refs = append(refs, fmt.Sprintf("data.rules.%s.%s.findings", r.Area, r.Name))
	}
	x.query = "[" + strings.Join(refs, ", ") + "]"
	return x
}

// usage is what one run of a program took.
type usage struct {
	took   time.Duration
	memory int64 // peak, in bytes
}

func (x *bench) run(b *testing.B, name string, args ...string) usage {
	b.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = x.root
	cmd.Env = append(os.Environ(), "TMPDIR="+x.dir)
	start := time.Now()
	out, err := cmd.CombinedOutput()
	took := time.Since(start)
	if code := cmd.ProcessState.ExitCode(); err != nil && code != exitFindings && code != exitIncomplete {
		b.Fatalf("%s %v: %v\n%.2000s", name, args, err, out)
	}
	return usage{took, cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss * 1024}
}

func (x *bench) scan(b *testing.B, file string) usage {
	return x.run(b, x.guestward, "scan", file, "-q", "-f", "table", "-f", "sarif="+filepath.Join(x.dir, "out.sarif"), "-f", "json="+filepath.Join(x.dir, "out.json"))
}

func (x *bench) eval(b *testing.B, file string) usage {
	return x.run(b, x.opa, "eval", "--ignore", "*_test.rego", "--ignore", "conditional_access", "--ignore", "privileges", "--bundle", "policies", "--input", file, "--format", "values", x.query)
}

func best(runs []usage) usage {
	return slices.MinFunc(runs, func(a, b usage) int { return cmp.Compare(a.took, b.took) })
}

// BenchmarkTenant scans one tenant without collections: what a CI gate does at every push.
func BenchmarkTenant(b *testing.B) {
	x := newBench(b)
	export := filepath.Join(x.root, "testdata/imports/scubagear.json")
	if real := filepath.Join(x.root, "../shared/scubagear/ProviderSettingsExport.json"); exists(real) {
		export = real
	}
	file := filepath.Join(x.dir, "t.json")
	x.run(b, x.guestward, "import", "scubagear", export, "-o", file)
	for b.Loop() {
		var ours, theirs []usage
		for range 10 {
			ours = append(ours, x.scan(b, file))
			theirs = append(theirs, x.eval(b, file))
		}
		compare(b, best(ours), best(theirs))
	}
}

func compare(b *testing.B, ours, theirs usage) {
	b.ReportMetric(ours.took.Seconds(), "guestward-s")
	b.ReportMetric(theirs.took.Seconds(), "opa-s")
	b.ReportMetric(theirs.took.Seconds()/ours.took.Seconds(), "times-faster")
	b.ReportMetric(float64(ours.memory)/1e6, "guestward-MB")
	b.ReportMetric(float64(theirs.memory)/1e6, "opa-MB")
	b.ReportMetric(100*float64(ours.memory)/float64(theirs.memory), "%-of-opa's-memory")
}

// BenchmarkGuestsAgainstOPA scans a hundred thousand guests with both.
func BenchmarkGuestsAgainstOPA(b *testing.B) {
	x := newBench(b)
	file := x.guests(b, 100_000)
	for b.Loop() {
		var ours, theirs []usage
		for range 3 {
			ours = append(ours, x.scan(b, file))
			theirs = append(theirs, x.eval(b, file))
		}
		compare(b, best(ours), best(theirs))
	}
}

// BenchmarkGuestsScale compares ten thousand, a hundred thousand and a million guests: the time for each guest and the
// peak of memory should stay what they are.
func BenchmarkGuestsScale(b *testing.B) {
	x := newBench(b)
	sizes := []int{10_000, 100_000, 1_000_000}
	files := map[int]string{}
	for _, n := range sizes {
		files[n] = x.guests(b, n)
	}
	for b.Loop() {
		runs := map[int][]usage{}
		for round := range 3 {
			for _, n := range sizes {
				if n < 1_000_000 || round == 0 {
					runs[n] = append(runs[n], x.scan(b, files[n]))
				}
			}
		}
		for _, n := range sizes {
			u := best(runs[n])
			b.ReportMetric(float64(u.memory)/1e6, fmt.Sprintf("MB-at-%d", n))
			b.ReportMetric(u.took.Seconds()/float64(n)*1e6, fmt.Sprintf("µs/guest-at-%d", n))
		}
	}
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// BenchmarkReach scans half a million guests, each in three groups within groups, with the rules that ask what they reach
// and without them, and compares memory and time. The edges of so many memberships must be held; the guests must not.
func BenchmarkReach(b *testing.B) {
	x := newBench(b)
	const n = 500_000
	file := x.members(b, n)
	for b.Loop() {
		scan := func(flag string) usage { return x.run(b, x.guestward, "scan", file, "-q", "-f", "table", flag, "PRV") }
		without, with := scan("--exclude"), scan("--include")
		all := x.run(b, x.guestward, "scan", file, "-q", "-f", "table")
		b.ReportMetric(float64(without.memory)/1e6, "MB-without")
		b.ReportMetric(float64(with.memory)/1e6, "MB-alone")
		b.ReportMetric(float64(all.memory)/float64(without.memory), "memory-ratio")
		b.ReportMetric(all.took.Seconds()/without.took.Seconds(), "time-ratio")
		b.ReportMetric(with.took.Seconds()/n*1e6, "µs/guest-alone")
	}
}

// members writes the hardened tenant with n guests and n/50 groups: each group has 150 of the guests and lies within another.
func (x *bench) members(b *testing.B, n int) string {
	b.Helper()
	in, err := os.Open(x.guests(b, n))
	if err != nil {
		b.Fatal(err)
	}
	defer in.Close()
	name := filepath.Join(x.dir, "members.json")
	out, err := os.Create(name)
	if err != nil {
		b.Fatal(err)
	}
	w := bufio.NewWriter(out)
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		fmt.Fprintln(w, lines.Text())
		if lines.Text() != "  \"groups\": [" {
			continue
		}
		for g := range n / 50 {
			fmt.Fprintf(w, `    {"id": "%08x-0000-4000-9000-000000000000", "displayName": "Group %d", "externalOwners": [], "memberGroups": ["%08x-0000-4000-9000-000000000000"], "externalMembers": [`, g, g, 2*g+1)
			for i := range 150 {
				who := (g*50 + i*7) % n
				fmt.Fprintf(w, `%s"%08x-0000-4000-8000-%012x"`, [...]string{"", ","}[min(i, 1)], who, who)
			}
			fmt.Fprintln(w, "]},")
		}
	}
	if err := cmp.Or(lines.Err(), w.Flush(), out.Close()); err != nil {
		b.Fatal(err)
	}
	return name
}

// guests writes the hardened tenant with n guests, of whom one in twenty is inactive.
func (x *bench) guests(b *testing.B, n int) string {
	b.Helper()
	base, err := os.ReadFile(filepath.Join(x.root, "testdata/tenants/hardened.json"))
	if err != nil {
		b.Fatal(err)
	}
	head, rest, _ := strings.Cut(string(base), "  \"guests\": [")
	_, tail, ok := strings.Cut(rest, "\n  ],\n")
	if !ok {
		b.Fatal("hardened.json has no guests")
	}
	name := filepath.Join(x.dir, fmt.Sprintf("guests-%d.json", n))
	f, err := os.Create(name)
	if err != nil {
		b.Fatal(err)
	}
	w := bufio.NewWriter(f)
	fmt.Fprint(w, head, "  \"guests\": [")
	for i := range n {
		if i > 0 {
			w.WriteByte(',')
		}
		month := 11
		if i%20 == 7 {
			month = 3
		}
		fmt.Fprintf(w, guestJSON, i, i%12+1, i, i, i, i, month, i)
	}
	fmt.Fprint(w, "\n  ],\n", tail)
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
	return name
}

const guestJSON = `
    {
      "accountEnabled": true,
      "companyName": "Fabrikam %d",
      "createdDateTime": "2024-%02d-11T10:00:00Z",
      "creationType": "Invitation",
      "displayName": "Guest %d",
      "externalUserState": "Accepted",
      "externalUserStateChangeDateTime": "2024-12-20T10:00:00Z",
      "id": "%08x-0000-4000-8000-%012x",
      "identities": [
        {
          "issuer": "ExternalAzureAD",
          "issuerAssignedId": null,
          "signInType": "federated"
        }
      ],
      "mail": "guest%d@fabrikam.com",
      "otherMails": [],
      "signInActivity": {
        "lastNonInteractiveSignInDateTime": "2026-11-01T00:00:00Z",
        "lastSignInDateTime": "2026-11-01T00:00:00Z",
        "lastSuccessfulSignInDateTime": "2026-%02d-01T00:00:00Z"
      },
      "sponsors": [
        {
          "@odata.type": "#microsoft.graph.user",
          "accountEnabled": true,
          "id": "00000901-0000-4000-8000-ffffffffffff",
          "userType": "Member"
        }
      ],
      "userPrincipalName": "guest%d_fabrikam.com#EXT#@contoso.onmicrosoft.com",
      "userType": "Guest"
    }`
