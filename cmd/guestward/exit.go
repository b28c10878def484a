package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/guestward/guestward/policies"
)

// The exit codes. They are an interface: scripts and CI depend on them.
const (
	exitClean      = 0   // nothing found at or above --fail-on
	exitFindings   = 1   // findings at or above --fail-on
	exitUsage      = 2   // a wrong flag, settings file or rule
	exitFailed     = 3   // could not run: unreadable snapshot, a rule that broke
	exitIncomplete = 4   // nothing failed, but something is unknown
	exitInterrupt  = 130 // stopped by the user, as shells say it
)

// usageError is a mistake in how the program was called.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// verdict is a scan that ran well and has something to say through the exit code.
type verdict int

func (v verdict) Error() string { return fmt.Sprintf("exit code %d", int(v)) }

// exitCode is the one place where errors become codes. Say tells whether the error is still to be printed.
func exitCode(err error) (code int, say bool) {
	var v verdict
	var usage usageError
	var policy *policies.PolicyError
	switch {
	case err == nil:
		return exitClean, false
	case errors.As(err, &v):
		return int(v), false
	case errors.Is(err, context.Canceled):
		return exitInterrupt, true
	case errors.As(err, &usage), errors.As(err, &policy):
		return exitUsage, true
	default:
		return exitFailed, true
	}
}
