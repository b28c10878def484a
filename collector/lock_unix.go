//go:build darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd

package collector

import (
	"errors"
	"os"
	"syscall"
)

// openLocked opens a file for one program at a time, and makes it where it is not. The lock ends with the program, however
// that ends. A file system that knows no locks goes without.
func openLocked(name string) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); errors.Is(err, syscall.EWOULDBLOCK) {
		f.Close()
		return nil, errBusy
	}
	return f, nil
}
