package policies

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/guestward/guestward/collector/snapshot"
)

var (
	update       = flag.Bool("update", false, "write the table of mutations")
	allMutations = flag.Bool("mutations", false, "change every setting of the hardened tenant, what the model of access decides too")
)

const mutationsFile = "testdata/mutations.tsv"

// A reason says why no rule reports a change, of the path and perhaps of the value. With Alone it holds for changes that some
// rule tells, at least once the other policies of Conditional Access are gone.
type reason struct {
	Path, To, Why string
	Alone         bool
}

// A mutation gives one setting of the hardened tenant another of the values that the service knows.
type mutation struct {
	path     snapshot.Path
	from, to any
	index    int // of the element of a list that is taken away; or an element is added
	kind     string
}

func (m mutation) row() string {
	text := func(v any) string {
		b, _ := json.Marshal(v) // of a document that was JSON
		return string(b)
	}
	switch m.kind {
	case "remove":
		return fmt.Sprintf("%s\t%s\t(removed)", m.path.Dotted(), text(m.from))
	case "add":
		return fmt.Sprintf("%s\t(added)\t%s", m.path.Dotted(), text(m.to))
	}
	return fmt.Sprintf("%s\t%s\t%s", m.path.Dotted(), text(m.from), text(m.to))
}

// TestMutationsAreNoticed changes the hardened tenant setting by setting. Each change is reported by a rule, or
// testdata/unnoticed.yaml says why not: that it is stricter, or that nothing follows from it. The whole table is
// testdata/mutations.tsv; of what the model of access decides a part is asked here, all of it with -mutations.
func TestMutationsAreNoticed(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes a minute")
	}
	c := catalogue(t)
	var reasons []reason
	data, err := os.ReadFile("testdata/unnoticed.yaml")
	if err == nil {
		err = yaml.Unmarshal(data, &reasons)
	}
	if err != nil {
		t.Fatal(err)
	}
	used := make([]bool, len(reasons))
	known := map[string]string{}
	if data, err := os.ReadFile(mutationsFile); err == nil {
		for line := range strings.Lines(string(data)) {
			cells := strings.Split(strings.TrimSpace(line), "\t")
			if len(cells) == 4 {
				known[strings.Join(cells[:3], "\t")] = cells[3]
			}
		}
	} else if !*update {
		t.Fatal(err)
	}

	options := hardenedOptions(t, c)
	base := map[string]Status{}
	for _, r := range judge(t, c, document(t, "hardened"), options).Results {
		base[r.Rule.ID] = r.Status
	}
	rows := map[string]string{}
	var lock sync.Mutex
	work := make(chan mutation)
	var group sync.WaitGroup
	for range 2 {
		group.Go(func() {
			for m := range work {
				result := outcome(t, c, options, base, m)
				lock.Lock()
				rows[m.row()] = result
				lock.Unlock()
			}
		})
	}
	of := 1 // one of so many is asked
	if !*allMutations {
		of = 17
	}
	n, every := 0, map[string]bool{}
	for _, section := range sortedKeys(document(t, "hardened")) {
		for _, m := range mutations(section, document(t, "hardened")[section]) {
			every[m.row()] = true
			// Of what the model of access decides, which takes its time, fewer are asked.
			step := 1 + (of-1)/4
			if section == "conditionalAccess" || section == "crossTenantAccess" || section == "guests" {
				step = of
			}
			_, told := known[m.row()]
			if n++; n%step != 0 && (told || !*update) {
				continue
			}
			work <- m
		}
	}
	close(work)
	group.Wait()

	var table []string
	for row := range every {
		_, asked := rows[row]
		was, told := known[row]
		switch {
		case !asked && told:
			table = append(table, row+"\t"+was)
		case !told && !*update:
			t.Errorf("%s is not in the table; go test ./policies -run Mutations -update", row)
		}
	}
	for row := range known {
		if !every[row] && row != "setting\tfrom\tto" && !*update {
			t.Errorf("%s is in the table, and no mutation; go test ./policies -run Mutations -update", row)
		}
	}
	for _, row := range slices.Sorted(maps.Keys(rows)) {
		result := rows[row]
		cells := strings.Split(row, "\t")
		at := slices.IndexFunc(reasons, func(r reason) bool {
			ok, _ := path.Match(r.Path, indexes.ReplaceAllString(cells[0], ".*"))
			return ok && (r.To == "" || r.To == cells[2]) && (!r.Alone || !strings.HasPrefix(result, "-"))
		})
		switch {
		case strings.HasPrefix(result, "fail"):
			if at >= 0 && reasons[at].To != "" {
				t.Errorf("%s: %s, though testdata/unnoticed.yaml calls it %q", row, result, reasons[at].Why)
			}
		case at < 0:
			t.Errorf("%s: no rule reports it (%s)", row, result)
		default:
			used[at] = true
			result = strings.TrimSpace(result + " " + reasons[at].Why)
		}
		if want := known[row]; !*update && want != result {
			t.Errorf("%s: %q, the table has %q; go test ./policies -run Mutations -update", row, result, want)
		}
		table = append(table, row+"\t"+result)
	}
	if !*update {
		return
	}
	for i, r := range reasons {
		if *allMutations && !used[i] {
			t.Errorf("testdata/unnoticed.yaml: nothing needs the reason of %s %s", r.Path, r.To)
		}
	}
	head := "setting\tfrom\tto\tresult\n"
	slices.Sort(table)
	if err := os.WriteFile(mutationsFile, []byte(head+strings.Join(table, "\n")+"\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d mutations", len(table))
}

// indexes of a dotted path, which reasons leave open.
var indexes = regexp.MustCompile(`\[[^\]]*\]|\.\d+\b`)

// outcome says which rules fail, or come out unknown, that passed before.
func outcome(t *testing.T, c *Catalogue, o Options, base map[string]Status, m mutation) string {
	doc := document(t, "hardened")
	apply(map[string]any(doc), m)
	section := m.path[0].(string)
	o.Rules = slices.DeleteFunc(slices.Clone(c.rules), func(r *Rule) bool {
		return base[r.ID] == Unknown || !slices.ContainsFunc(append(slices.Clone(r.Requires), r.Uses...), func(q Requirement) bool {
			return slices.ContainsFunc(q.Alternatives, func(p requiredPath) bool { return p.steps[0] == section })
		})
	})
	if len(o.Rules) == 0 {
		return "-"
	}
	data, err := json.Marshal(doc)
	if err != nil {
		return err.Error()
	}
	s, err := snapshot.OpenBytes("tenant.json", data)
	if err != nil {
		return "refused"
	}
	defer s.Close()
	e, err := c.Evaluate(context.Background(), s, o)
	if err != nil {
		return err.Error()
	}
	defer e.Close()
	ids := map[Status][]string{}
	for _, r := range e.Results {
		if r.Status != base[r.Rule.ID] {
			ids[r.Status] = append(ids[r.Status], r.Rule.ID)
		}
	}
	for _, status := range []Status{Fail, Error, Unknown} {
		if len(ids[status]) > 0 {
			return string(status) + " " + strings.Join(ids[status], " ")
		}
	}
	if i, ok := policyOf(m); ok {
		return tellsAlone(t, c, o, m, i)
	}
	return "-"
}

// policyOf is the index of the policy of Conditional Access that a mutation changes.
func policyOf(m mutation) (int, bool) {
	if len(m.path) < 4 || m.path[0] != "conditionalAccess" || m.path[1] != "policies" {
		return 0, false
	}
	i, ok := m.path[2].(int)
	return i, ok
}

// tellsAlone takes the other policies away, which cover so much of what one policy does: now some rule must tell a difference, or
// the setting is one that nobody looks at.
func tellsAlone(t *testing.T, c *Catalogue, o Options, m mutation, policy int) string {
	o.Rules = slices.DeleteFunc(slices.Clone(o.Rules), func(r *Rule) bool { return r.Area != "conditional_access" })
	told := func(change bool) map[string]string {
		doc := document(t, "hardened")
		if change {
			apply(map[string]any(doc), m)
		}
		section := doc["conditionalAccess"].(map[string]any)
		section["policies"] = section["policies"].([]any)[policy : policy+1]
		out := map[string]string{}
		for _, r := range judge(t, c, doc, o).Results {
			var b strings.Builder
			fmt.Fprint(&b, r.Status, r.Reason)
			for one, err := range r.Findings.All() {
				fmt.Fprint(&b, one.Path.Pointer(), one.Message, err)
			}
			for _, one := range r.Notes {
				fmt.Fprint(&b, one.Path.Pointer(), one.Message)
			}
			out[r.Rule.ID] = b.String()
		}
		return out
	}
	before, after := told(false), told(true)
	var ids []string
	for _, id := range sortedKeys(before) {
		if before[id] != after[id] {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return "-"
	}
	return "alone " + strings.Join(ids, " ")
}

func apply(v any, m mutation) {
	for _, step := range m.path[:len(m.path)-1] {
		switch step := step.(type) {
		case string:
			v = v.(map[string]any)[step]
		case int:
			v = v.([]any)[step]
		}
	}
	set := func(value any) {
		switch last := m.path[len(m.path)-1].(type) {
		case string:
			v.(map[string]any)[last] = value
		case int:
			v.([]any)[last] = value
		}
	}
	var now any
	switch last := m.path[len(m.path)-1].(type) {
	case string:
		now = v.(map[string]any)[last]
	case int:
		now = v.([]any)[last]
	}
	switch m.kind {
	case "remove":
		set(slices.Delete(slices.Clone(now.([]any)), m.index, m.index+1))
	case "add":
		set(append(slices.Clone(now.([]any)), m.to))
	default:
		set(m.to)
	}
}

// mutations lists what can be changed in a section.
func mutations(section string, value any) (out []mutation) {
	if section == "collection" || section == "licences" || section == "tenant" {
		return nil // how it was collected, what was bought, and who it is: no settings
	}
	var walk func(at snapshot.Path, v any)
	walk = func(at snapshot.Path, v any) {
		here := slices.Clone(at)
		name := here.Dotted()
		switch v := v.(type) {
		case map[string]any:
			for _, member := range sortedKeys(v) {
				walk(append(here, member), v[member])
			}
		case []any:
			for i, element := range v {
				switch element.(type) {
				case map[string]any, []any:
					walk(append(here, i), element)
				}
				out = append(out, mutation{path: here, from: brief(i, element), index: i, kind: "remove"})
			}
			for _, extra := range valuesOf(name + "[]") {
				if !slices.Contains(v, extra) {
					out = append(out, mutation{path: here, to: extra, kind: "add"})
				}
			}
		default:
			for _, to := range append(valuesOf(name), others(v)...) {
				if to != v {
					out = append(out, mutation{path: here, from: v, to: to})
				}
			}
		}
	}
	walk(snapshot.Path{section}, value)
	return out
}

// brief names an element by what identifies it.
func brief(i int, v any) any {
	if o, ok := v.(map[string]any); ok {
		for _, name := range []string{"id", "Url", "Identity", "tenantId", "name", "target", "settingName", "Domain", "domainName"} {
			if id, ok := o[name]; ok {
				return id
			}
		}
		return fmt.Sprintf("number %d", i)
	}
	return v
}

var daysText = regexp.MustCompile(`^P\d+D$`)

// others are the values that a kind of value has anyway.
func others(v any) []any {
	switch v := v.(type) {
	case bool:
		return []any{!v}
	case string:
		if daysText.MatchString(v) {
			return []any{"P1D", "P3650D"}
		}
	}
	return nil
}

func sortedKeys[M ~map[string]V, V any](m M) []string { return slices.Sorted(maps.Keys(m)) }

// valuesOf are the values that the service knows of the setting at a dotted path.
func valuesOf(name string) []any {
	name = indexes.ReplaceAllString(strings.TrimSuffix(name, "[]"), "") + strings.Repeat("[]", strings.Count(name[max(0, len(name)-2):], "[]"))
	for _, v := range serviceValues {
		if strings.HasSuffix(name, v.suffix) {
			return v.values
		}
	}
	return nil
}
