package imports

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/guestward/guestward/collector/snapshot"
)

// maxOutput is the largest file of an administrator's export that is read, in bytes. A policy of Teams has some 5 KiB.
const maxOutput = 64 << 20

// absent is the remedy for a name that is none.
const absent = "name the file, or the folder with the files"

// files is what an administrator's export holds, before anything is made of it.
type files struct {
	*format
	outputs     map[string][]any // by the output's name; nil where nothing was written, not even an empty list
	collectedAt time.Time        // as the export says it, else zero
	// times are when the outputs were made: as the export says, or else when their files were changed.
	times   map[string]time.Time
	ignored []string
}

// readFiles reads a folder with a file for each output, one file with a member for each, or one output.
func readFiles(name string, f *format) (*files, error) {
	t := &files{format: f, outputs: map[string][]any{}, times: map[string]time.Time{}}
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return nil, snapshot.FileError(name, absent, err)
	case info.IsDir():
		return t, t.readFolder(name)
	case t.outputFile(name) != "":
		return t, t.readOutput(name, t.outputFile(name))
	}
	return t, t.readWhole(name)
}

// outputFile is the output that the file holds by its name, "" for none.
func (f *format) outputFile(name string) string {
	base := filepath.Base(name)
	if extension := filepath.Ext(base); strings.EqualFold(extension, ".json") {
		return f.known(strings.TrimSuffix(base, extension))
	}
	return ""
}

func (t *files) readFolder(name string) error {
	entries, err := os.ReadDir(name)
	if err != nil {
		return snapshot.FileError(name, absent, err)
	}
	for _, entry := range entries {
		file, cmdlet := filepath.Join(name, entry.Name()), t.outputFile(entry.Name())
		if cmdlet == "" {
			t.ignored = append(t.ignored, entry.Name())
			continue
		}
		if _, ok := t.outputs[cmdlet]; ok {
			return &snapshot.Error{
				File: file, Problem: "the output of " + cmdlet + " is there twice, under names that differ in capitals",
				Remedy: "remove one of the two files",
			}
		}
		if err := t.readOutput(file, cmdlet); err != nil {
			return err
		}
	}
	if len(t.outputs) == 0 {
		return &snapshot.Error{
			File: name, Problem: "the folder holds no " + t.tool,
			Remedy: "it takes files such as " + t.list[0].name + ".json; " + t.folder,
		}
	}
	return nil
}

// readOutput reads the output of one command. A file without text is what is left of one that failed.
func (t *files) readOutput(name, cmdlet string) error {
	p, changed, err := t.open(name)
	if err != nil {
		return err
	}
	t.outputs[cmdlet], t.times[cmdlet] = nil, changed
	if len(bytes.TrimSpace(p.text)) == 0 {
		return nil
	}
	value, err := p.whole()
	t.outputs[cmdlet] = list(value)
	return err
}

// readWhole reads one file with everything: an object with a member for each output, as the script for Teams writes it.
func (t *files) readWhole(name string) error {
	p, changed, err := t.open(name)
	if err != nil {
		return err
	}
	if err := t.checkObject(p); err != nil {
		return err
	}
	members, err := p.split(p.text, 0, func(string) bool { return false })
	if err != nil {
		return err
	}
	other := ""
	for _, m := range members {
		cmdlet, isTime := t.known(m.name), strings.EqualFold(m.name, "collectedAt")
		if err := p.read(&m, cmdlet != "" || isTime); err != nil {
			return err
		}
		_, twice := t.outputs[cmdlet]
		switch {
		case twice:
			return p.fail(m.offset, snapshot.Path{m.name}, "the output of "+cmdlet+" is there twice", "remove one of the two")
		case cmdlet != "":
			t.outputs[cmdlet] = list(m.value)
		case isTime && !t.collectedAt.IsZero():
			return p.fail(m.offset, snapshot.Path{m.name}, "the time is there twice", "remove one of the two")
		case isTime:
			if t.collectedAt, err = p.time(m); err != nil {
				return err
			}
		default:
			t.ignored = append(t.ignored, m.name)
			if known := t.mistaken(m.name); known != "" {
				other = known
			}
		}
	}
	for cmdlet := range t.outputs {
		t.times[cmdlet] = cmp.Or(t.collectedAt, changed)
	}
	switch {
	case len(t.outputs) > 0:
		return nil
	case other == "":
		other = "it takes an object with a member for each " + t.unit
	}
	return &snapshot.Error{File: name, Problem: "no " + t.tool + " is in it", Remedy: other}
}

// mistaken says what to do with a file that is something else, as a member of it tells; "" where it does not.
func (f *format) mistaken(member string) string {
	switch member {
	case "collection":
		return "it is a guestward snapshot already: scan it as it is"
	case "module_version", "Raw":
		return "it is ScubaGear's: guestward import scubagear reads it"
	case "Identity", "value", "tenantSettings":
		return "it is the output of one " + f.unit + ": name the file for it, such as " + f.list[0].name + ".json"
	}
	return ""
}

// checkObject refuses what is not an object, before anything is parsed.
func (f *format) checkObject(p *parser) error {
	trimmed := bytes.TrimLeft(p.text, " \t\r\n")
	at := int64(len(p.text) - len(trimmed))
	switch {
	case len(trimmed) == 0:
		return &snapshot.Error{File: p.file, Problem: "the file is empty", Remedy: p.broken}
	case trimmed[0] == '[':
		return p.fail(at, nil, "expected an object with a member for each "+f.unit+", found an array",
			"of the output of one "+f.unit+", name the file for it, such as "+f.list[0].name+".json")
	case trimmed[0] != '{' && trimmed[0] != 0:
		return p.fail(at, nil, "expected a JSON object", p.broken)
	}
	return nil
}

// open reads a file of the export, and tells when it was changed.
func (t *files) open(name string) (*parser, time.Time, error) {
	var changed time.Time
	f, err := os.Open(name)
	if err != nil {
		return nil, changed, snapshot.FileError(name, absent, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, changed, snapshot.FileError(name, absent, err)
	}
	if info.IsDir() {
		return nil, changed, &snapshot.Error{File: name, Problem: "it is a folder", Remedy: "a file is expected"}
	}
	changed = info.ModTime().UTC().Truncate(time.Second)
	text, err := readText(name, f, maxOutput)
	if err != nil {
		return nil, changed, err
	}
	return &parser{file: name, text: text, remedies: t.remedies}, changed, nil
}

// time reads when the export was made, in the forms in which PowerShell writes a time.
func (p *parser) time(m member) (time.Time, error) {
	stamp := text(m.value)
	if object, ok := m.value.(map[string]any); ok {
		stamp, _ = dateObject(object)
	}
	at, err := time.Parse(time.RFC3339, date(stamp))
	switch {
	case err != nil:
		return at, p.fail(m.offset, snapshot.Path{m.name}, "it is not a time such as 2026-05-04T17:15:48Z",
			"rules measure ages from it: write it in UTC")
	case !plausible(at):
		return at, p.fail(m.offset, snapshot.Path{m.name}, "it is in no plausible year", p.broken)
	}
	return at.UTC(), nil
}

// plausible says whether a snapshot may be of that time: the same years as its reader has.
func plausible(t time.Time) bool { return t.Year() >= 2015 && t.Year() <= 2200 }

// ignoredList names what was not read, for a warning. The names are an outsider's.
func (t *files) ignoredList() string {
	const most = 5
	var names []string
	for i, name := range t.ignored {
		if i == most {
			names = append(names, fmt.Sprintf("and %d more", len(t.ignored)-most))
			break
		}
		names = append(names, strconv.QuoteToASCII(clip(name)))
	}
	return strings.Join(names, ", ")
}
