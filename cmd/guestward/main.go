// Command guestward tells an organisation how outsiders get into its Microsoft 365 tenant, and what to change.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
)

func main() {
	// A scan makes much garbage beside a small heap: collecting it less often saves a third of the time, until the limit
	// keeps the peak flat however many guests there are. Where a tenant really needs more than the limit, Go spends at
	// most half of the time collecting. GOGC and GOMEMLIMIT in the environment win.
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(300)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(96 << 20)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	context.AfterFunc(ctx, stop) // a read of standard input cannot be stopped: a second Ctrl-C ends the program at once
	code := run(ctx, os.Args[1:], systemStreams())
	stop()
	os.Exit(code)
}
