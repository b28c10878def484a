package policies

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"

	"github.com/guestward/guestward/collector/snapshot"
)

// keptFindings is how many findings of one rule stay in memory. The rest waits in a temporary file, so that a tenant
// with half a million inactive guests needs no more memory than one with a thousand.
const keptFindings = 1000

// findings is the list that the engine builds; it implements Findings.
type findings struct {
	kept    []Finding
	spilled int
	spill   *os.File
	out     *bufio.Writer
	enc     *json.Encoder
	drop    bool // forget what does not fit into memory: nobody will ask
}

func (f *findings) add(one Finding) error {
	if len(f.kept) < keptFindings {
		f.kept = append(f.kept, one)
		return nil
	}
	if f.drop {
		return nil
	}
	if f.spill == nil {
		file, err := os.CreateTemp("", "guestward-findings-*") // 0600
		if err != nil {
			return fmt.Errorf("findings cannot be kept in a temporary file: %w; set TMPDIR to a folder that can be written", err)
		}
		os.Remove(file.Name()) // where the system allows it, nothing stays behind however the program ends
		f.spill = file
		f.out = bufio.NewWriterSize(file, 64<<10)
		f.enc = json.NewEncoder(f.out)
	}
	f.spilled++
	return f.enc.Encode(one)
}

// full says whether another finding would be forgotten.
func (f *findings) full() bool { return f.drop && len(f.kept) >= keptFindings }

// First returns up to n findings from the beginning; n is at most keptFindings.
func (f *findings) First(n int) []Finding { return f.kept[:min(n, len(f.kept))] }

// All yields every finding in order.
func (f *findings) All() iter.Seq2[Finding, error] {
	return func(yield func(Finding, error) bool) {
		for _, one := range f.kept {
			if !yield(one, nil) {
				return
			}
		}
		if f.spill == nil {
			return
		}
		if err := f.out.Flush(); err != nil {
			yield(Finding{}, err)
			return
		}
		dec := json.NewDecoder(bufio.NewReaderSize(io.NewSectionReader(f.spill, 0, 1<<62), 64<<10))
		for range f.spilled {
			var one Finding
			if err := dec.Decode(&one); err != nil {
				yield(Finding{}, fmt.Errorf("findings in %s: %w", f.spill.Name(), err))
				return
			}
			one.Path = restorePath(one.Path)
			if !yield(one, nil) {
				return
			}
		}
	}
}

// restorePath turns the numbers that JSON made of indexes back into ints.
func restorePath(path snapshot.Path) snapshot.Path {
	for i, step := range path {
		if n, ok := step.(float64); ok {
			path[i] = int(n)
		}
	}
	return path
}

func (f *findings) close() error {
	if f.spill == nil {
		return nil
	}
	err := f.spill.Close()
	if removeErr := os.Remove(f.spill.Name()); !errors.Is(removeErr, fs.ErrNotExist) {
		err = errors.Join(err, removeErr)
	}
	return err
}
