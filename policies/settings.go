package policies

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
	"gopkg.in/yaml.v3"
)

// maxSettings is the size of the largest settings file that is read.
const maxSettings = 4 << 20

// Settings are the parameters of the rules: the defaults, with a profile and files merged over them, validated.
type Settings struct {
	Profile string
	values  map[string]any
}

// A SettingsFile is the content of a file with settings, with the name that errors give it.
type SettingsFile struct {
	Name string
	Data []byte
}

// Profiles lists the names of the profiles, sorted.
func Profiles() []string {
	entries, err := fs.ReadDir(files, "settings/profiles")
	if err != nil {
		return nil // the folder is embedded; a test reads it
	}
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), path.Ext(e.Name())))
	}
	return names
}

// Settings merges the defaults, the profile (or "") and the files, in that order: a later file wins. Lists are replaced.
func (c *Catalogue) Settings(profile string, own ...SettingsFile) (*Settings, error) {
	s := &Settings{Profile: profile, values: map[string]any{}}
	for i, d := range c.defaults {
		values := map[string]any{}
		if err := mergeYAML(values, nil, d); err != nil {
			return nil, err
		}
		for key, value := range values {
			if _, ok := s.values[key]; ok && i > 0 {
				return nil, &PolicyError{Place: d.name, Problem: fmt.Sprintf("the settings %q are guestward's own", key), Remedy: "put yours under another name, or change values with --settings"}
			}
			s.values[key] = value
		}
	}
	defaults := s.values
	if profile != "" {
		if !slices.Contains(Profiles(), profile) {
			return nil, fmt.Errorf("no profile is called %q; there are %s", profile, strings.Join(Profiles(), ", "))
		}
		file := "settings/profiles/" + profile + ".yaml"
		data, err := files.ReadFile(file)
		if err != nil {
			return nil, err
		}
		if err := mergeYAML(s.values, defaults, source{path.Join("policies", file), data}); err != nil {
			return nil, err
		}
	}
	for _, file := range own {
		if err := mergeYAML(s.values, defaults, source{file.Name, file.Data}); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// Value returns the setting at the dotted path.
func (s *Settings) Value(dotted string) (any, bool) {
	var v any = s.values
	for name := range strings.SplitSeq(dotted, ".") {
		object, ok := v.(map[string]any)
		if !ok {
			return nil, false
		}
		if v, ok = object[name]; !ok {
			return nil, false
		}
	}
	return v, true
}

// Paths lists the dotted paths of all settings, sorted.
func (s *Settings) Paths() []string {
	var paths []string
	var walk func(prefix string, object map[string]any)
	walk = func(prefix string, object map[string]any) {
		for name, value := range object {
			if inner, ok := value.(map[string]any); ok {
				walk(prefix+name+".", inner)
			} else {
				paths = append(paths, prefix+name)
			}
		}
	}
	walk("", s.values)
	slices.Sort(paths)
	return paths
}

// mergeYAML merges a file over values. With defaults, the file may name only what stands in them, with the same type,
// and must fit the schema.
func mergeYAML(values, defaults map[string]any, file source) error {
	bad := func(node *yaml.Node, problem, remedy string) error {
		place := file.name
		if node != nil && node.Line > 0 {
			place = fmt.Sprintf("%s:%d:%d", file.name, node.Line, node.Column)
		}
		return &PolicyError{Place: place, Problem: problem, Remedy: remedy}
	}
	if len(file.data) > maxSettings {
		return bad(nil, fmt.Sprintf("larger than %d MiB", maxSettings>>20), "a settings file names a few parameters")
	}
	dec := yaml.NewDecoder(bytes.NewReader(file.data))
	var doc yaml.Node
	if err := dec.Decode(&doc); errors.Is(err, io.EOF) {
		return nil // nothing but comments
	} else if err != nil {
		return bad(nil, strings.TrimPrefix(err.Error(), "yaml: "), "the file is not valid YAML")
	}
	if err := dec.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return bad(nil, "more than one YAML document", "keep the first alone")
	}
	datesAreTexts(&doc)
	var content any
	if err := doc.Decode(&content); err != nil {
		return bad(nil, strings.ReplaceAll(strings.TrimPrefix(err.Error(), "yaml: "), "\n", " "), "")
	}
	if content == nil {
		return nil
	}
	root := doc.Content[0]
	if root.Kind != yaml.MappingNode {
		return bad(root, "expected settings by name, such as `guests: {inactive_days: 60}`", "")
	}
	if err := merge(values, defaults, root, "", bad); err != nil {
		return err
	}
	if defaults == nil {
		return nil
	}
	if err := registerFits(root, bad); err != nil {
		return err
	}
	if err := attestationsFit(root, bad); err != nil {
		return err
	}
	return fitsSchema(content, root, bad)
}

// merge copies a mapping into values, level by level; lists are replaced.
func merge(values, defaults map[string]any, node *yaml.Node, prefix string, bad func(*yaml.Node, string, string) error) error {
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		for value.Kind == yaml.AliasNode {
			value = value.Alias
		}
		name := prefix + key.Value
		standard, known := defaults[key.Value]
		if defaults != nil && !known {
			return bad(key, fmt.Sprintf("there is no setting %q", name), "here are: "+strings.Join(slices.Sorted(maps.Keys(defaults)), ", "))
		}
		if value.Kind == yaml.MappingNode {
			inner, isObject := standard.(map[string]any)
			if defaults != nil && !isObject {
				return bad(value, fmt.Sprintf("%s is %s, not a group of settings", name, typeWord(standard)), "")
			}
			target, ok := values[key.Value].(map[string]any)
			if ok {
				target = maps.Clone(target)
			} else {
				target = map[string]any{}
			}
			values[key.Value] = target
			if err := merge(target, inner, value, name+".", bad); err != nil {
				return err
			}
			continue
		}
		var v any
		if err := value.Decode(&v); err != nil {
			return bad(value, name+": "+strings.ReplaceAll(err.Error(), "\n", " "), "")
		}
		if defaults != nil && typeWord(v) != typeWord(standard) {
			return bad(value, fmt.Sprintf("%s must be %s, found %s", name, typeWord(standard), typeWord(v)), "")
		}
		values[key.Value] = v
	}
	return nil
}

// datesAreTexts keeps a date as it was written: YAML would make a time of it, which JSON does not have.
func datesAreTexts(node *yaml.Node) {
	if node.Kind == yaml.ScalarNode && node.ShortTag() == "!!timestamp" {
		node.Tag = "!!str"
	}
	for _, inner := range node.Content {
		datesAreTexts(inner)
	}
}

func typeWord(v any) string {
	switch v.(type) {
	case nil:
		return "nothing"
	case map[string]any:
		return "a group of settings"
	case []any:
		return "a list"
	case bool:
		return "true or false"
	case int, int64, uint64:
		return "a whole number"
	case float64:
		return "a number"
	case string:
		return "a text"
	default:
		return "a value of another kind"
	}
}

// SettingsSchemaJSON is the JSON Schema of a settings file.
func SettingsSchemaJSON() []byte {
	data, err := files.ReadFile("settings/schema.json")
	if err != nil {
		panic(err) // embedded; a test reads it
	}
	return data
}

// settingsSchema is the schema as OPA's validator takes it, which wants to know neither draft nor address.
var settingsSchema = sync.OnceValues(func() (*ast.Term, error) {
	var schema map[string]any
	if err := json.Unmarshal(SettingsSchemaJSON(), &schema); err != nil {
		return nil, err
	}
	delete(schema, "$schema")
	delete(schema, "$id")
	v, err := ast.InterfaceToValue(schema)
	return ast.NewTerm(v), err
})

var inList = regexp.MustCompile(`\.[0-9]+(\.|$)`)

// fitsSchema checks what types alone do not say: allowed names and ranges. OPA's own validator does it: it is in the
// program already, and others take milliseconds at every start.
func fitsSchema(content any, root *yaml.Node, bad func(*yaml.Node, string, string) error) error {
	schema, err := settingsSchema()
	if err != nil {
		return err
	}
	v, err := ast.InterfaceToValue(content)
	if err != nil {
		return bad(root, err.Error(), "")
	}
	var violations []ast.Value
	err = topdown.GetBuiltin(ast.JSONMatchSchema.Name)(topdown.BuiltinContext{}, []*ast.Term{ast.NewTerm(v), schema}, func(answer *ast.Term) error {
		answer.Value.(*ast.Array).Elem(1).Value.(*ast.Array).Foreach(func(violation *ast.Term) {
			// merge has checked the names: one that the schema lacks is a setting that a user's own rules brought along.
			// What stands in a list it does not look into.
			if text(violation.Value, "type") != "additional_property_not_allowed" || inList.MatchString(text(violation.Value, "field")) {
				violations = append(violations, violation.Value)
			}
		})
		return nil
	})
	if err != nil || len(violations) == 0 {
		return err
	}
	first := slices.MinFunc(violations, ast.Value.Compare)
	field := text(first, "field")
	return bad(nodeAt(root, strings.Split(field, ".")), field+": "+strings.TrimPrefix(text(first, "desc"), field+" "), "")
}

// nodeAt finds the YAML node at the location that the validator names.
func nodeAt(node *yaml.Node, location []string) *yaml.Node {
	for _, step := range location {
		for node.Kind == yaml.AliasNode {
			node = node.Alias
		}
		next := -1
		if node.Kind == yaml.SequenceNode {
			if i, err := strconv.Atoi(step); err == nil {
				next = i
			}
		}
		for i := 0; node.Kind == yaml.MappingNode && i+1 < len(node.Content); i += 2 {
			if node.Content[i].Value == step {
				next = i + 1
			}
		}
		if next < 0 || next >= len(node.Content) {
			return node
		}
		node = node.Content[next]
	}
	return node
}
