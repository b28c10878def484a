package imports

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/guestward/guestward/collector/snapshot"
)

// maxTeams is the largest file that is read, in bytes. A policy has some 5 KiB.
const maxTeams = 64 << 20

var teamsRemedies = remedies{
	broken: "run the script again and copy its file unchanged",
	deep:   "ConvertTo-Json -Depth 10 writes less: it is not the output of Teams PowerShell",
}

// teamsFiles is what an export holds, before anything is made of it.
type teamsFiles struct {
	outputs     map[string][]any // by cmdlet
	collectedAt time.Time        // as the export says it, else zero
	newest      time.Time        // when the newest file was changed
	ignored     []string
}

// readTeams reads a folder with one file a cmdlet, the file that the script writes, or the output of one cmdlet.
func readTeams(name string) (*teamsFiles, error) {
	t := &teamsFiles{outputs: map[string][]any{}}
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return nil, teamsFileError(name, err)
	case info.IsDir():
		return t, t.readFolder(name)
	case cmdletFile(name) != "":
		return t, t.readCmdlet(name, cmdletFile(name))
	}
	return t, t.readScript(name)
}

// cmdletFile is the cmdlet whose output the file holds by its name, "" for none.
func cmdletFile(name string) string {
	base := filepath.Base(name)
	if extension := filepath.Ext(base); strings.EqualFold(extension, ".json") {
		return teamsName(strings.TrimSuffix(base, extension))
	}
	return ""
}

func (t *teamsFiles) readFolder(name string) error {
	entries, err := os.ReadDir(name)
	if err != nil {
		return teamsFileError(name, err)
	}
	for _, entry := range entries {
		file, cmdlet := filepath.Join(name, entry.Name()), cmdletFile(entry.Name())
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
		if err := t.readCmdlet(file, cmdlet); err != nil {
			return err
		}
	}
	if len(t.outputs) == 0 {
		return &snapshot.Error{
			File: name, Problem: "the folder holds no output of Teams PowerShell",
			Remedy: "it takes files such as " + teamsCmdlets[0].name + ".json; if the script wrote one file, name that",
		}
	}
	return nil
}

// readCmdlet reads the output of one cmdlet. A file without text is what is left of a cmdlet that failed.
func (t *teamsFiles) readCmdlet(name, cmdlet string) error {
	p, err := t.open(name)
	if err != nil {
		return err
	}
	t.outputs[cmdlet] = nil
	if len(bytes.TrimSpace(p.text)) == 0 {
		return nil
	}
	value, err := p.whole()
	t.outputs[cmdlet] = list(value)
	return err
}

// readScript reads the file that the script writes: an object with a member for each cmdlet.
func (t *teamsFiles) readScript(name string) error {
	p, err := t.open(name)
	if err != nil {
		return err
	}
	if err := p.checkTeams(); err != nil {
		return err
	}
	members, err := p.split(p.text, 0, func(string) bool { return false })
	if err != nil {
		return err
	}
	other := ""
	for _, m := range members {
		cmdlet, isTime := teamsName(m.name), strings.EqualFold(m.name, "collectedAt")
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
			if known := knownExports[m.name]; known != "" {
				other = known
			}
		}
	}
	switch {
	case len(t.outputs) > 0:
		return nil
	case other == "":
		other = "it takes an object with a member for each cmdlet, as the script writes it"
	}
	return &snapshot.Error{File: name, Problem: "no output of Teams PowerShell is in it", Remedy: other}
}

// knownExports are members by which files are known that are something else, and what to do with those.
var knownExports = map[string]string{
	"collection":     "it is a guestward snapshot already: scan it as it is",
	"module_version": "it is ScubaGear's: guestward import scubagear reads it",
	"Raw":            "it is ScubaGear's: guestward import scubagear reads it",
	"Identity":       "it is the output of one cmdlet: name the file for it, such as " + teamsCmdlets[0].name + ".json",
}

// checkTeams refuses what is not an object, before anything is parsed.
func (p *parser) checkTeams() error {
	trimmed := bytes.TrimLeft(p.text, " \t\r\n")
	at := int64(len(p.text) - len(trimmed))
	switch {
	case len(trimmed) == 0:
		return &snapshot.Error{File: p.file, Problem: "the file is empty", Remedy: p.broken}
	case trimmed[0] == '[':
		return p.fail(at, nil, "expected an object with a member for each cmdlet, found an array",
			"of the output of one cmdlet, name the file for it, such as Get-CsTeamsMeetingPolicy.json")
	case trimmed[0] != '{' && trimmed[0] != 0:
		return p.fail(at, nil, "expected a JSON object", p.broken)
	}
	return nil
}

// open reads a file of the export.
func (t *teamsFiles) open(name string) (*parser, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, teamsFileError(name, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, teamsFileError(name, err)
	}
	if info.IsDir() {
		return nil, &snapshot.Error{File: name, Problem: "it is a folder", Remedy: "a file with the cmdlet's output is expected"}
	}
	if changed := info.ModTime(); changed.After(t.newest) {
		t.newest = changed
	}
	text, err := readText(name, f, maxTeams)
	if err != nil {
		return nil, err
	}
	return &parser{file: name, text: text, remedies: teamsRemedies}, nil
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
			"rules measure ages from it: write it in UTC, as the script does")
	case !plausible(at):
		return at, p.fail(m.offset, snapshot.Path{m.name}, "it is in no plausible year", "run the script again")
	}
	return at.UTC(), nil
}

// plausible says whether a snapshot may be of that time: the same years as its reader has.
func plausible(t time.Time) bool { return t.Year() >= 2015 && t.Year() <= 2200 }

func teamsFileError(name string, err error) error {
	problem, remedy := err.Error(), ""
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		problem = pathError.Err.Error()
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		problem, remedy = "no such file or folder", "name the script's file, or the folder with the cmdlets' files"
	case errors.Is(err, fs.ErrPermission):
		problem, remedy = "permission denied", "it must be readable by you"
	}
	return &snapshot.Error{File: name, Problem: problem, Remedy: remedy}
}

// ignoredList names what was not read, for a warning. The names are an outsider's.
func (t *teamsFiles) ignoredList() string {
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
