//go:build !(darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd || windows)

package collector

import "os"

// openLocked opens a file, and makes it where it is not. Here nothing keeps two programs apart but their users.
func openLocked(name string) (*os.File, error) {
	return os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
}
