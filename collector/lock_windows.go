package collector

import (
	"errors"
	"os"
	"syscall"
)

// sharingViolation is what Windows says of a file that another program keeps for itself.
// https://learn.microsoft.com/en-us/windows/win32/debug/system-error-codes--0-499-
const sharingViolation = syscall.Errno(32)

// openLocked opens a file for one program at a time, and makes it where it is not: others may read it, but not write.
func openLocked(name string) (*os.File, error) {
	path, err := syscall.UTF16PtrFromString(name)
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: name, Err: err}
	}
	h, err := syscall.CreateFile(path, syscall.GENERIC_READ|syscall.GENERIC_WRITE, syscall.FILE_SHARE_READ, nil,
		syscall.OPEN_ALWAYS, syscall.FILE_ATTRIBUTE_NORMAL, 0)
	switch {
	case errors.Is(err, sharingViolation):
		return nil, errBusy
	case err != nil:
		return nil, &os.PathError{Op: "open", Path: name, Err: err}
	}
	return os.NewFile(uintptr(h), name), nil
}
