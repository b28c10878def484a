package main

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/guestward/guestward/collector/snapshot"
	"github.com/guestward/guestward/policies"
	"github.com/guestward/guestward/report"
)

// output is one report to write: a format, and a file or standard output.
type output struct {
	format report.Format
	file   string
}

type outputs []output

// parseOutputs reads the -f flags. No report may take the place of an input.
func parseOutputs(flags, inputs []string) (outputs, error) {
	if len(flags) == 0 {
		flags = []string{"table"}
	}
	var list outputs
	for _, flag := range flags {
		format, file, err := report.ParseFormat(flag)
		if err != nil {
			return nil, usageError{err}
		}
		for _, other := range list {
			switch {
			case other.file == "" && file == "":
				return nil, usagef("-f %s: two reports cannot both go to standard output; write one to a file with -f %s=FILE", flag, format.Name)
			case filepath.Clean(other.file) == filepath.Clean(file):
				return nil, usagef("-f %s: another report is written to that file", flag)
			}
		}
		for _, input := range inputs {
			if file != "" && (sameFile(file, input) || sameFile(filepath.Dir(file), input)) {
				return nil, usagef("-f %s: that would take the place of, or go into, what is read; name another file", flag)
			}
		}
		list = append(list, output{format, file})
	}
	return list, nil
}

func sameFile(a, b string) bool {
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}

// forPeople says whether people read the report as it is printed.
func (o outputs) forPeople() bool {
	return slices.ContainsFunc(o, func(o output) bool { return o.file == "" && o.format.Name == "table" })
}

// has says whether a report of the format is written.
func (o outputs) has(format string) bool {
	return slices.ContainsFunc(o, func(o output) bool { return o.format.Name == format })
}

// writeOutputs writes every report. A file appears whole or not at all.
func writeOutputs(s streams, list outputs, r *report.Report, opts report.Options) error {
	for _, o := range list {
		if o.file == "" {
			w := bufio.NewWriter(s.out)
			if err := cmp.Or(o.format.Write(w, r, opts), w.Flush()); err != nil {
				return fmt.Errorf("write %s to standard output: %w", o.format.Name, err)
			}
			continue
		}
		plain := opts
		plain.Color = false
		err := snapshot.WriteFile(o.file, func(w io.Writer) error {
			b := bufio.NewWriter(w)
			return cmp.Or(o.format.Write(b, r, plain), b.Flush())
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// writeSnapshot writes a snapshot to what -o names: a file, a directory, or - for standard output.
func writeSnapshot(s streams, doc snapshot.Document, out string) error {
	if out == "-" {
		return doc.Encode(s.out)
	}
	return doc.Write(out)
}

// repositoryRoot is the folder with .git above the working directory, or the working directory itself.
func repositoryRoot() string {
	wd, err := os.Getwd()
	if err != nil {
		return ""
	}
	for dir := wd; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, ".git")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			return wd
		}
	}
}

// nextSteps says what to do after a report that a person reads.
func nextSteps(s streams, o scanOptions, r *report.Report) {
	if o.demo {
		fmt.Fprint(s.err, `
This was a made-up tenant. Next:
  what a rule means, and how to mend what it finds
    guestward rules show GST-002
  your own tenant: what to grant, whether it suffices, and read it
    guestward permissions
    guestward doctor
    guestward collect -o tenant.json
  scan it; SARIF is for code scanning
    guestward scan tenant.json -f table -f sarif=tenant.sarif
`)
		return
	}
	for _, res := range r.WorstFirst() {
		if res.Status == policies.Fail {
			fmt.Fprintf(s.err, "\nRun 'guestward rules show %s' for the reasons and every way to mend it.\n", res.Rule.ID)
			return
		}
	}
}
