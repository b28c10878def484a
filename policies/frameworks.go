package policies

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"gopkg.in/yaml.v3"
)

// Framework is a benchmark or standard whose controls rules name.
type Framework struct {
	Key      string    `yaml:"-"`     // the name of its file
	Title    string    `yaml:"title"` // with the version, as people say it
	Version  string    `yaml:"version"`
	URL      string    `yaml:"url"`
	Controls []Control `yaml:"controls"` // in the framework's order
}

// Control is one thing that a framework asks for. Which rules decide it stands in the METADATA of the rules.
type Control struct {
	ID         string `yaml:"id"`
	Title      string `yaml:"title"`
	NotCovered string `yaml:"not_covered"` // why no rule decides it
}

// Control finds a control by its id.
func (f Framework) Control(id string) (Control, bool) {
	i := slices.IndexFunc(f.Controls, func(c Control) bool { return c.ID == id })
	if i < 0 {
		return Control{}, false
	}
	return f.Controls[i], true
}

// Conflict is a rule of which frameworks want different things.
type Conflict struct {
	Rule      string     `yaml:"rule"`
	Subject   string     `yaml:"subject"`
	Setting   string     `yaml:"setting"` // the one that decides between the positions
	Positions []Position `yaml:"positions"`
}

// Position is one side of a conflict.
type Position struct {
	Controls []string `yaml:"controls"` // as framework:id
	Source   string   `yaml:"source"`   // a page, where it is no control that says so
	Says     string   `yaml:"says"`
	Profiles []string `yaml:"profiles"` // the profiles that judge by it
}

// DefaultProfile is the name of the profile that changes none of the defaults.
const DefaultProfile = "guide"

// Default says whether the rule follows this position unless it is told otherwise.
func (p Position) Default() bool { return slices.Contains(p.Profiles, DefaultProfile) }

// Concerns says whether the control is on one of the sides.
func (c Conflict) Concerns(framework, control string) bool {
	return slices.ContainsFunc(c.Positions, func(p Position) bool { return slices.Contains(p.Controls, framework+":"+control) })
}

const conflictsFile = "conflicts.yaml"

// frameworkFiles reads frameworks/ once. It panics: the folder is embedded, and a test reads it.
var frameworkFiles = sync.OnceValues(func() (map[string]Framework, []Conflict) {
	read := func(name string, into any) {
		data, err := files.ReadFile(path.Join("frameworks", name))
		if err == nil {
			err = yaml.Unmarshal(data, into)
		}
		if err != nil {
			panic(err)
		}
	}
	entries, err := fs.ReadDir(files, "frameworks")
	if err != nil {
		panic(err)
	}
	frameworks, conflicts := map[string]Framework{}, []Conflict{}
	for _, entry := range entries {
		if entry.Name() == conflictsFile {
			read(entry.Name(), &conflicts)
			continue
		}
		f := Framework{Key: strings.TrimSuffix(entry.Name(), path.Ext(entry.Name()))}
		read(entry.Name(), &f)
		frameworks[f.Key] = f
	}
	return frameworks, conflicts
})

// Frameworks are the known frameworks by key.
func Frameworks() map[string]Framework {
	frameworks, _ := frameworkFiles()
	return frameworks
}

// FrameworkKeys lists the keys of the known frameworks, sorted.
func FrameworkKeys() []string { return slices.Sorted(maps.Keys(Frameworks())) }

// Conflicts lists where frameworks want different things.
func Conflicts() []Conflict {
	_, conflicts := frameworkFiles()
	return conflicts
}

// Conflicts lists the conflicts about the rule.
func (r *Rule) Conflicts() []Conflict {
	return slices.DeleteFunc(slices.Clone(Conflicts()), func(c Conflict) bool { return c.Rule != r.ID })
}

// Framework finds a framework by its key, in any case: a known one, or one that only rules of the catalogue name. Controls
// that rules name and the framework's file does not have come last: rules of one's own may bring some.
func (c *Catalogue) Framework(key string) (Framework, error) {
	keys := FrameworkKeys()
	for _, r := range c.rules {
		for k := range r.Controls {
			if !slices.Contains(keys, k) {
				keys = append(keys, k)
			}
		}
	}
	slices.Sort(keys)
	i := slices.IndexFunc(keys, func(k string) bool { return strings.EqualFold(k, key) })
	if i < 0 {
		return Framework{}, fmt.Errorf("no framework is called %q; there are %s", key, strings.Join(keys, ", "))
	}
	f, ok := Frameworks()[keys[i]]
	if !ok {
		f = Framework{Key: keys[i], Title: keys[i]}
	}
	f.Controls = slices.Clone(f.Controls)
	for _, r := range c.rules {
		for _, id := range r.Controls[f.Key] {
			if _, ok := f.Control(id); !ok {
				f.Controls = append(f.Controls, Control{ID: id})
			}
		}
	}
	return f, nil
}
