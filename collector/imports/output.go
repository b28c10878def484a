package imports

import (
	"fmt"
	"slices"
	"strings"
)

// output is what a command leaves in an administrator's export: a cmdlet of PowerShell, or a request to a service.
type output struct {
	name    string // of the cmdlet, or of the file that the answer is kept in
	source  string // where it goes: section and property of the snapshot
	convert func(c *conversion, v any) any
	list    bool // of policies, rather than the tenant's one configuration
	// tells are properties by which its objects are known: each has one of them at least. An object without any is
	// something else, such as the error page of a proxy, or another command's output under a wrong name.
	tells []string
	// never is a property that tells its objects from another command's that have the same ones.
	never string
	// within are the members of which one holds the objects, where the service answers with an object around them.
	within []string
	// mayBeEmpty says that an empty list is an answer; a file without text never is.
	mayBeEmpty bool
}

// format is a kind of administrator's export: what it may hold, and what it is called.
type format struct {
	name      string // as the subject of a sentence
	tool      string // whose output it is
	collector string // as the snapshot names it
	unit      string // what one member of the file is of
	folder    string // what to do about a folder that holds nothing
	timely    string // how to say when the export was made
	absent    string // what to do about an output that is not there; %s is its name
	rest      string // why nothing else is there
	list      []output
	remedies
}

// known is the output's name as it is in the table, "" for one that the format does not read. PowerShell does not care
// for capitals.
func (f *format) known(name string) string {
	if strings.EqualFold(name, tenantCmdlet) {
		return tenantCmdlet
	}
	i := slices.IndexFunc(f.list, func(m output) bool { return strings.EqualFold(m.name, name) })
	if i < 0 {
		return ""
	}
	return f.list[i].name
}

// holds says whether the format has outputs that go into the section of the path.
func (f *format) holds(path string) bool {
	section, _, _ := strings.Cut(path, ".")
	return slices.ContainsFunc(f.list, func(m output) bool { return strings.HasPrefix(m.source, section+".") })
}

// unpack takes the objects out of a service's answer, which holds them in one of its members.
func (m output) unpack(items []any) (objects []any, problem string) {
	if len(items) != 1 || m.within == nil {
		return items, ""
	}
	answer, _ := items[0].(map[string]any)
	for _, name := range m.within {
		objects, ok := answer[name].([]any)
		if !ok {
			continue
		}
		for member, v := range answer {
			if more := strings.ToLower(member); v != nil && v != "" &&
				(strings.HasSuffix(more, "nextlink") || strings.HasPrefix(more, "continuation")) {
				return nil, "it is one page of several, and the others may say otherwise"
			}
		}
		return objects, ""
	}
	return items, ""
}

// objects converts the output.
func (m output) objects(c *conversion, items []any) (any, string) {
	if !m.list {
		if problem := single(items); problem != "" {
			return nil, problem
		}
		if problem := m.recognize(items[0]); problem != "" {
			return nil, problem
		}
		return m.convert(c, items[0]), ""
	}
	key := schemaShape(m.source).Key
	out := make([]any, len(items))
	seen := map[string]bool{}
	for i, item := range items {
		if problem := m.recognize(item); problem != "" {
			return nil, fmt.Sprintf("element %d: %s", i, problem)
		}
		c.within(i, func() { out[i] = m.convert(c, item) })
		identity := strings.ToLower(text(field(out[i], key)))
		switch {
		case identity == "":
			return nil, fmt.Sprintf("element %d: %s is missing or unusable", i, key)
		case seen[identity]:
			return nil, fmt.Sprintf("element %d: its %s, %s, stands twice", i, key, clip(identity))
		}
		seen[identity] = true
	}
	return out, ""
}

// recognize says why the value is no object of the output.
func (m output) recognize(v any) string {
	object, ok := v.(map[string]any)
	if !ok {
		return "expected an object, found " + describe(v)
	}
	known := slices.ContainsFunc(m.tells, func(name string) bool { return object[name] != nil })
	if !known || object[m.never] != nil {
		return "it is not an object of " + m.name + ", which has " + m.tells[0]
	}
	return ""
}

// failure is the message that the script leaves in the place of output that it could not get: {"error": "..."}.
func failure(items []any) (message string, failed bool) {
	if len(items) != 1 {
		return "", false
	}
	object, _ := items[0].(map[string]any)
	for name, v := range object {
		if !strings.EqualFold(name, "error") {
			continue
		}
		if inner, ok := v.(map[string]any); ok {
			if v = inner["message"]; v == nil {
				v = inner["Message"]
			}
		}
		message = shorten(strings.Join(strings.Fields(text(v)), " "), 200)
		if message == "" {
			message = "it left no message"
		}
		return message, true
	}
	return "", false
}
