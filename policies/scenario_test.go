package policies

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/guestward/guestward/collector/snapshot"
)

// A variant is the worked scenario with one thing broken: testdata/scenario.yaml says how to read it.
type variant struct {
	Name, Story string
	Set         map[string]any
	Delete      []string
	Fails       map[string]string
	Also        map[string]Status
	Because     string
}

// TestScenario tells the worked scenario: a project manager invites a consultant to one team; she gets its files and
// meetings and no other team; a review removes her after 30 days unless somebody renews. As it stands in the hardened tenant
// everything passes. Each variant breaks one thing, and what is judged otherwise then is that thing and nothing else.
func TestScenario(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute")
	}
	variants := scenario(t)
	if len(variants) < 20 {
		t.Fatalf("the scenario has %d variants", len(variants))
	}
	c := catalogue(t)
	whole := statuses(judge(t, c, document(t, "hardened"), hardenedOptions(t, c)))
	for _, v := range variants {
		t.Run(v.Name, func(t *testing.T) {
			e := tell(t, c, v)
			got := map[string]Status{}
			for id, status := range statuses(e) {
				if status != whole[id] {
					got[id] = status
				}
			}
			want := maps.Clone(v.Also)
			if want == nil {
				want = map[string]Status{}
			}
			for id := range v.Fails {
				want[id] = Fail
			}
			if !maps.Equal(got, want) {
				t.Errorf("%s\nchanges %v\nwant    %v", v.Story, got, want)
			}
			for _, r := range e.Results {
				message, named := v.Fails[r.Rule.ID]
				if named != (got[r.Rule.ID] == Fail) || named && !says(r, message) {
					t.Errorf("%s %s: want a finding that says %q in%s", r.Rule.ID, r.Rule.Title, message, said(r))
				}
			}
		})
	}
}

// TestScenarioWithAMember makes the consultant an external member, to whom every rule about outsiders holds as well: nothing
// fails but that the reviews, which ask about guests, leave her out; and each fault of hers is seen.
func TestScenarioWithAMember(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute")
	}
	const kind = "guests/Adele Vance/userType"
	c := catalogue(t)
	e := tell(t, c, variant{Set: map[string]any{kind: "Member"}})
	whole := statuses(e)
	want := statuses(judge(t, c, document(t, "hardened"), hardenedOptions(t, c)))
	want["AR-004"] = Fail
	for id, status := range want {
		if whole[id] != status {
			t.Errorf("with a member %s is %s, want %s", id, whole[id], status)
		}
	}
	for _, r := range e.Results {
		leftOut := func(n Finding) bool { return strings.Contains(n.Message, "does not ask about external members") }
		if r.Rule.ID == "AR-001" && !slices.ContainsFunc(r.Notes, leftOut) {
			t.Errorf("AR-001 does not say that the review leaves her out: %v", r.Notes)
		}
	}
	for _, v := range scenario(t) {
		if !touches(v, "guests/") && !touches(v, "groups/") {
			continue
		}
		set := map[string]any{kind: "Member"}
		maps.Copy(set, v.Set)
		v.Set = set
		t.Run(v.Name, func(t *testing.T) {
			want := maps.Clone(whole)
			maps.Copy(want, v.Also)
			for id := range v.Fails {
				want[id] = Fail
			}
			for id, status := range statuses(tell(t, c, v)) {
				if status != want[id] {
					t.Errorf("%s is %s, want %s", id, status, want[id])
				}
			}
		})
	}
}

// scenario reads the variants, which are whole: each has a story, a change, and what fails.
func scenario(t *testing.T) []variant {
	t.Helper()
	file, err := os.Open("testdata/scenario.yaml")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	dec := yaml.NewDecoder(file)
	dec.KnownFields(true)
	var variants []variant
	if err := dec.Decode(&variants); err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, v := range variants {
		switch {
		case v.Name == "" || names[v.Name]:
			t.Errorf("a variant has no name of its own: %q, %s", v.Name, v.Story)
		case !strings.HasSuffix(v.Story, "."), len(v.Set)+len(v.Delete) == 0:
			t.Errorf("%s: a story in a sentence, and a change", v.Name)
		case (len(v.Fails)+len(v.Also) == 1) == (v.Because != ""):
			t.Errorf("%s: unless it is one rule that sees it, say why", v.Name)
		}
		names[v.Name] = true
	}
	return variants
}

func touches(v variant, prefix string) bool {
	is := func(path string) bool { return strings.HasPrefix(path, prefix) }
	return slices.ContainsFunc(slices.Collect(maps.Keys(v.Set)), is) || slices.ContainsFunc(v.Delete, is)
}

// tell evaluates all rules on a variant.
func tell(t *testing.T, c *Catalogue, v variant) *Evaluation {
	t.Helper()
	root := map[string]any{}
	maps.Copy(root, document(t, "hardened"))
	root["settings"] = decided(t, "hardened")
	for _, path := range slices.Sorted(maps.Keys(v.Set)) {
		if _, err := alter(root, strings.Split(path, "/"), func(any, bool) (any, bool) { return v.Set[path], true }); err != nil {
			t.Fatalf("%s: %s: %v", v.Name, path, err)
		}
	}
	for _, path := range v.Delete {
		gone := func(_ any, there bool) (any, bool) {
			if !there {
				t.Fatalf("%s: %s is not there", v.Name, path)
			}
			return nil, false
		}
		if _, err := alter(root, strings.Split(path, "/"), gone); err != nil {
			t.Fatalf("%s: %s: %v", v.Name, path, err)
		}
	}
	settings, err := c.Settings("", SettingsFile{"settings.yaml", compact(t, root["settings"])})
	if err != nil {
		t.Fatal(err)
	}
	delete(root, "settings")
	return judge(t, c, snapshot.Document(root), Options{Settings: settings})
}

// decided reads the settings of a tenant as a tree that a test may change. Days stay text.
func decided(t *testing.T, tenant string) any {
	t.Helper()
	data, err := os.ReadFile("../testdata/settings/" + tenant + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	var node yaml.Node
	if err := yaml.Unmarshal(data, &node); err != nil {
		t.Fatal(err)
	}
	var text func(n *yaml.Node)
	text = func(n *yaml.Node) {
		if n.ShortTag() == "!!timestamp" {
			n.Tag = "!!str"
		}
		for _, inner := range n.Content {
			text(inner)
		}
	}
	text(&node)
	var tree any
	if err := node.Decode(&tree); err != nil {
		t.Fatal(err)
	}
	return tree
}

// alter changes what lies at the steps of a tree: it gets the value, and whether there is one, and answers with the new one,
// and whether there still is one. Steps are names of members, places in arrays, names of array elements, or "+": one more.
func alter(v any, steps []string, change func(any, bool) (any, bool)) (any, error) {
	next := func(old any, there bool) (any, bool, error) {
		if len(steps) == 1 {
			value, keep := change(old, there)
			return value, keep, nil
		}
		if !there {
			return nil, false, fmt.Errorf("nothing is at %q", steps[0])
		}
		value, err := alter(old, steps[1:], change)
		return value, true, err
	}
	switch v := v.(type) {
	case map[string]any:
		old, there := v[steps[0]]
		value, keep, err := next(old, there)
		if err != nil {
			return nil, err
		}
		if v[steps[0]] = value; !keep {
			delete(v, steps[0])
		}
		return v, nil
	case []any:
		if steps[0] == "+" {
			value, _, err := next(nil, false)
			return append(v, value), err
		}
		i, err := place(v, steps[0])
		if err != nil {
			return nil, err
		}
		value, keep, err := next(v[i], true)
		if !keep {
			return slices.Delete(v, i, i+1), err
		}
		v[i] = value
		return v, err
	default:
		return nil, fmt.Errorf("%q lies within %v", steps[0], v)
	}
}

// place finds the one element of an array that a step means.
func place(array []any, step string) (int, error) {
	if i, err := strconv.Atoi(step); err == nil && i < len(array) {
		return i, nil
	}
	found := -1
	for i, element := range array {
		object, _ := element.(map[string]any)
		for _, name := range []string{"id", "displayName", "name", "Title", "Identity", "tenantId"} {
			if object[name] == step {
				if found >= 0 && found != i {
					return 0, fmt.Errorf("several are called %q", step)
				}
				found = i
			}
		}
	}
	if found < 0 {
		return 0, fmt.Errorf("none is called %q", step)
	}
	return found, nil
}

func statuses(e *Evaluation) map[string]Status {
	out := map[string]Status{}
	for _, r := range e.Results {
		out[r.Rule.ID] = r.Status
	}
	return out
}

func says(r Result, message string) bool {
	return message != "" && slices.ContainsFunc(r.Findings.First(20), func(f Finding) bool { return strings.Contains(f.Message, message) })
}

// said lists what a rule has found, for the one who mends the variant.
func said(r Result) string {
	var b strings.Builder
	for _, f := range r.Findings.First(5) {
		fmt.Fprintf(&b, "\n  %s: %s", f.Path.Pointer(), f.Message)
	}
	return b.String()
}
