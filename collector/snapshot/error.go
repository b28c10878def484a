package snapshot

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Error is what the reader refuses, with its place and the remedy.
type Error struct {
	File     string
	Position Position // zero where the whole file is meant
	Path     Path     // of the value, where one is known
	Problem  string
	Remedy   string
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Position.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", e.Position.Line, e.Position.Column)
	}
	b.WriteString(": ")
	if len(e.Path) > 0 {
		b.WriteString(clip(e.Path.Dotted(), 200))
		b.WriteString(": ")
	}
	b.WriteString(e.Problem)
	if e.Remedy != "" {
		b.WriteString("; ")
		b.WriteString(e.Remedy)
	}
	return b.String()
}

// FileError says why the system does not let a file or folder be read; absent is the remedy where it does not exist.
func FileError(name, absent string, err error) *Error {
	problem, remedy := err.Error(), ""
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		problem = pathError.Err.Error()
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		problem, remedy = "no such file or folder", absent
	case errors.Is(err, fs.ErrPermission):
		problem, remedy = "permission denied", "it must be readable by you"
	}
	return &Error{File: name, Problem: problem, Remedy: remedy}
}

// clip shortens text that came from the file, so that a hostile name cannot flood the terminal.
func clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "..."
}

// describe puts an error of the decoder into plain words.
func describe(err error) (problem, remedy string) {
	var tooLarge *sizeError
	switch {
	case errors.As(err, &tooLarge):
		return fmt.Sprintf("one value is larger than %d MiB", tooLarge.limit>>20), "a section or element of that size is not a snapshot of a tenant"
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return "the JSON ends in the middle", "the file was cut short: write it again"
	case errors.Is(err, jsontext.ErrDuplicateName):
		return "the member name stands twice in one object", "remove one of the two"
	}
	var syntax *jsontext.SyntacticError
	if !errors.As(err, &syntax) { // from below the decoder: the disk, or gzip
		if cause := errors.Unwrap(err); cause != nil {
			err = cause
		}
		return "cannot be read: " + clip(err.Error(), 200), "the file may be damaged: write it again"
	}
	text := err.Error()
	if syntax.Err != nil {
		text = syntax.Err.Error()
	}
	if strings.Contains(text, "UTF-8") {
		return "the text is not valid UTF-8", "save the file as UTF-8 without a byte-order mark"
	}
	return "not valid JSON: " + clip(text, 200), ""
}
