package imports

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/guestward/guestward/collector/snapshot"
)

// export is what a ScubaGear export holds, as far as the mapping asks for it.
type export struct {
	parser
	members map[string]member
	// torn are members that stand twice with different values.
	torn map[string]bool
	// metaData is the header of a ScubaResults file, beside "Raw"; nil for ProviderSettingsExport.json.
	metaData map[string]any
	commands commands
}

// writtenTwice are members that two of ScubaGear's providers write, so that a run of both leaves them twice in the file
// that it puts together as text; its own reader takes the last. conn_filter and accepted_domains are Exchange Online's
// and the security suite's, service_plans is Entra ID's and the security suite's:
// https://github.com/cisagov/ScubaGear/tree/main/PowerShell/ScubaGear/Modules/Providers
var writtenTwice = []string{"accepted_domains", "conn_filter", "service_plans"}

func isWrittenTwice(name string) bool { return slices.Contains(writtenTwice, name) }

var scubaGearRemedies = remedies{
	broken: "copy the file again; Invalid-*.json is what ScubaGear had to repair: take the one beside it",
	deep:   "ScubaGear writes 20 at most: it is not its export",
}

// parseExport reads ProviderSettingsExport.json, or a ScubaResults file, which holds the same under "Raw".
func parseExport(name string, text []byte) (*export, error) {
	e := &export{parser: parser{file: name, text: text, remedies: scubaGearRemedies}, members: map[string]member{}, torn: map[string]bool{}}
	if err := e.checkStart(); err != nil {
		return nil, err
	}
	members, err := e.split(text, 0, isWrittenTwice)
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(members, func(m member) bool { return m.name == "Raw" }); i >= 0 {
		raw := members[i]
		if err := e.readHeader(slices.Delete(members, i, i+1)); err != nil {
			return nil, err
		}
		if jsontext.Value(raw.raw).Kind() != jsontext.KindBeginObject {
			return nil, e.fail(raw.offset, snapshot.Path{"Raw"}, "expected the settings as an object", "it is not ScubaGear's ScubaResults file")
		}
		if members, err = e.split(raw.raw, raw.offset, isWrittenTwice); err != nil {
			return nil, err
		}
	}
	return e, e.take(members)
}

// readHeader takes what stands beside "Raw".
func (e *export) readHeader(members []member) error {
	for _, m := range members {
		if err := e.read(&m, m.name == "MetaData"); err != nil {
			return err
		}
		if m.name == "MetaData" {
			e.metaData, _ = m.value.(map[string]any)
		}
	}
	return nil
}

// checkStart refuses what is not a JSON object, before anything is parsed.
func (e *export) checkStart() error {
	trimmed := bytes.TrimLeft(e.text, " \t\r\n")
	at := int64(len(e.text) - len(trimmed))
	switch {
	case len(trimmed) == 0:
		return &snapshot.Error{File: e.file, Problem: "the file is empty", Remedy: "run ScubaGear again"}
	case trimmed[0] == '[':
		return e.fail(at, nil, "expected an object, found an array", "ScubaGear's TestResults.json has the verdicts alone: take "+exportNames)
	case trimmed[0] != '{':
		return e.fail(at, nil, "expected a JSON object", "take "+exportNames)
	}
	return nil
}

const exportNames = "ProviderSettingsExport.json or ScubaResults*.json"

// take reads the members, and makes sure that they are ScubaGear's.
func (e *export) take(members []member) error {
	scubaGear := false
	for _, m := range members {
		if err := e.read(&m, isWanted(m.name)); err != nil {
			return err
		}
		if first, ok := e.members[m.name]; ok && !reflect.DeepEqual(first.value, m.value) {
			e.torn[m.name] = true
		}
		e.members[m.name] = m
		scubaGear = scubaGear || m.name == "module_version" || m.name == "scuba_config" || isCommandList(m.name)
	}
	e.commands = readCommands(e.members)
	if scubaGear {
		return nil
	}
	problem, remedy := "not an export of ScubaGear", "take "+exportNames
	if _, ok := e.members["collection"]; ok {
		problem, remedy = "a guestward snapshot already", "scan it as it is"
	} else if _, ok := e.members["Results"]; ok {
		problem, remedy = "ScubaGear's results without the settings that they are about", "take "+exportNames
	}
	return &snapshot.Error{File: e.file, Problem: problem, Remedy: remedy}
}

// isWanted says whether the mapping asks for the member.
func isWanted(name string) bool {
	return slices.Contains([]string{"module_version", "timestamp_zulu", "date", "tenant_id", "scuba_config"}, name) ||
		isCommandList(name) || slices.ContainsFunc(mappings, func(m mapping) bool { return m.from == name })
}

// text is a member, or a member of an object, that is text; "" where it is not.
func text(v any) string {
	s, _ := v.(string)
	return s
}

// field is a member of an object, nil where there is none.
func field(v any, name string) any {
	object, _ := v.(map[string]any)
	return object[name]
}

// list is what PowerShell wrote for a collection. ConvertTo-Json may write a list of one as the element itself, none as
// null or as [null], and, in Windows PowerShell 5.1, any list as {"value": [...], "Count": n}.
func list(v any) []any {
	switch v := unwrap(v).(type) {
	case nil:
		return nil
	case []any:
		if len(v) == 1 && v[0] == nil {
			return nil
		}
		return v
	default:
		return []any{v}
	}
}

// unwrap undoes the object that Windows PowerShell 5.1 writes for a list that was extended with a Count:
// https://github.com/PowerShell/PowerShell/issues/3153
func unwrap(v any) any {
	object, ok := v.(map[string]any)
	if !ok || len(object) != 2 {
		return v
	}
	if values, ok := object["value"].([]any); ok && object["Count"] == json.Number(strconv.Itoa(len(values))) {
		return values
	}
	return v
}

// commands are the commands that ScubaGear ran, by product in lower case.
type commands struct {
	ran, failed map[string][]string
	// unreadable are products whose list of failed commands is not one.
	unreadable map[string]bool
}

const (
	ranSuffix    = "_successful_commands"
	failedSuffix = "_unsuccessful_commands"
)

func isCommandList(name string) bool {
	return strings.HasSuffix(name, ranSuffix) || strings.HasSuffix(name, failedSuffix)
}

func readCommands(members map[string]member) commands {
	c := commands{ran: map[string][]string{}, failed: map[string][]string{}, unreadable: map[string]bool{}}
	for name, m := range members {
		product, into := strings.TrimSuffix(name, failedSuffix), c.failed
		if product == name {
			if product = strings.TrimSuffix(name, ranSuffix); product == name {
				continue
			}
			into = c.ran
		}
		product = strings.ToLower(product)
		into[product] = append(into[product], "") // the list is there, though it may be empty
		for _, command := range list(m.value) {
			s, ok := command.(string)
			if !ok && strings.HasSuffix(name, failedSuffix) {
				c.unreadable[product] = true
			}
			into[product] = append(into[product], s)
		}
	}
	return c
}

// find returns the first of the commands that stands in the lists of the products.
func find(lists map[string][]string, products, commands []string) string {
	for _, product := range products {
		for _, command := range commands {
			if slices.ContainsFunc(lists[product], func(s string) bool { return strings.EqualFold(s, command) }) {
				return command
			}
		}
	}
	return ""
}

// wasRun says whether ScubaGear was asked for one of the products.
func (e *export) wasRun(products []string) bool {
	named := list(field(e.members["scuba_config"].value, "ProductNames"))
	return slices.ContainsFunc(products, func(product string) bool {
		return len(e.commands.ran[product])+len(e.commands.failed[product]) > 0 ||
			slices.ContainsFunc(named, func(v any) bool { s := text(v); return s == "*" || strings.EqualFold(s, product) })
	})
}
