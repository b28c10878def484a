package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/guestward/guestward/collector"
	"github.com/guestward/guestward/collector/snapshot"
	"github.com/guestward/guestward/collector/wire"
)

// TestProgress tells the same collection to a terminal and to a log.
func TestProgress(t *testing.T) {
	tell := func(tty bool, verbose int) string {
		var out bytes.Buffer
		at := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
		p := &progress{w: &out, tty: tty, verbose: verbose, now: func() time.Time { return at }}
		guests, groups := collector.SourceAt("guests"), collector.SourceAt("groups")
		n := 1000
		p.began, p.total = at, 2
		p.Start(guests)
		at = at.Add(2 * time.Second)
		p.Add(guests, n)
		p.Waiting("/v1.0/groups", 30*time.Second)
		if verbose > 0 {
			p.Log(wire.Entry{Method: "GET", URL: "https://graph.microsoft.com/v1.0/users\x1b[2J", Status: 200, Took: 3 * time.Millisecond})
		}
		p.End(guests, snapshot.Source{Source: "guests", Outcome: snapshot.Collected, Count: &n})
		p.End(groups, snapshot.Source{Source: "groups", Outcome: snapshot.Gap, Reason: collector.NoPermission, Permission: "GroupMember.Read.All"})
		p.Finish()
		return out.String()
	}
	terminal := tell(true, 0)
	for _, want := range []string{"0 of 2 sources, 1000 objects, 500 a second, waiting 30s for the service", "2 of 2 sources"} {
		if !strings.Contains(terminal, want) {
			t.Errorf("%q is not in %q", want, terminal)
		}
	}
	if strings.Contains(terminal, "\n") || !strings.HasSuffix(terminal, "\r") {
		t.Errorf("the terminal keeps a line: %q", terminal)
	}
	want := "waiting 30s for /v1.0/groups\n" +
		"guests                                           1000\n" +
		"groups                                           gap, permission: needs GroupMember.Read.All\n"
	if got := tell(false, 0); got != want {
		t.Errorf("got %q\nwant %q", got, want)
	}
	if got := tell(false, 1); !strings.Contains(got, "GET https://graph.microsoft.com/v1.0/users") || strings.Contains(got, "\x1b") {
		t.Errorf("the log: %q", got)
	}
}
