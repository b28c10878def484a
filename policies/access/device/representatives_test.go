package device

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"
)

// combination is all that may differ between devices.
func combination(rules []*Rule, d Device) string {
	key := fmt.Sprint(d.Registered, d.Compliant, d.Hybrid)
	for _, r := range rules {
		key += " " + r.Match(d).String()
	}
	return key
}

func parseAll(t *testing.T, texts ...string) []*Rule {
	t.Helper()
	var rules []*Rule
	for _, text := range texts {
		r, err := Parse(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		rules = append(rules, r)
	}
	return rules
}

func TestRepresentatives(t *testing.T) {
	for _, test := range []struct {
		rules []string
		want  int
	}{
		{nil, 5}, // unregistered, and compliant x hybrid
		{[]string{`device.isCompliant -eq True`}, 5},
		{[]string{`device.trustType -eq "ServerAD"`}, 5},
		{[]string{`device.trustType -eq "Workplace"`}, 7},
		{[]string{`device.isCompliant -eq False`}, 7},
		{[]string{`device.model -eq "x"`}, 9},
		{[]string{`device.model -eq "x"`, `device.model -ne "X"`}, 9},
		{[]string{`device.model -startsWith "a"`, `device.model -startsWith "ab"`, `device.model -startsWith "b"`}, 1 + 4*4},
		{[]string{`device.model -contains "a"`, `device.model -eq "ab"`, `device.model -endsWith "c"`}, 1 + 4*5},
		{[]string{`device.extensionAttribute1 -eq "SAW"`}, 10},          // of the unmanaged, one managed by another may match
		{[]string{`device.extensionAttribute1 -ne "SAW"`}, 1 + 3*2 + 3}, // no, maybe, yes
		{[]string{`device.mdmAppId -eq "x"`}, 9},
		{[]string{`device.physicalIds -contains "a"`, `device.physicalIds -contains "b"`}, 1 + 4*4},
		{[]string{`device.model -eq "x" -and device.model -eq "y"`}, 5},
	} {
		rules := parseAll(t, test.rules...)
		devices, exact := Representatives(rules, 1000)
		if !exact || len(devices) != test.want {
			t.Errorf("%q: %d devices, exact: %t, not %d", test.rules, len(devices), exact, test.want)
		}
		if !reflect.DeepEqual(devices[0], Device{}) {
			t.Errorf("%q: %+v is first", test.rules, devices[0])
		}
		for _, d := range devices {
			if d.Hybrid != (d.TrustType == "ServerAD") {
				t.Errorf("%q: %+v", test.rules, d)
			}
		}
		again, _ := Representatives(rules, 1000)
		if !reflect.DeepEqual(devices, again) {
			t.Errorf("%q: not the same again", test.rules)
		}
		if few, exact := Representatives(rules, test.want-1); exact || len(few) != 7 {
			t.Errorf("%q: %d devices within a limit of %d", test.rules, len(few), test.want-1)
		}
	}
}

// Many attributes that do not meet are no reason to give up, many constants to look for in one are.
func TestRepresentativesOfMany(t *testing.T) {
	var parts, one []string
	for i := range 30 {
		one = append(one, fmt.Sprintf(`device.extensionAttribute%d -startsWith "%c" -or device.manufacturer -contains "%[2]c"`, i%15+1, 'a'+i%13))
		parts = append(parts, fmt.Sprintf(`device.model -contains "%d,"`, i))
	}
	wide := parseAll(t, strings.Join(one[:12], " -or "))
	if devices, exact := Representatives(wide, 100); !exact || len(devices) > 20 {
		t.Errorf("%d devices, exact: %t", len(devices), exact)
	}
	if devices, exact := Representatives(parseAll(t, parts...), 1<<20); exact || len(devices) != 7 {
		t.Errorf("%d devices, exact: %t", len(devices), exact)
	}
}

// Rules that are as large as they may be and mix everything end soon.
func TestRepresentativesGiveUp(t *testing.T) {
	for _, signs := range [][2]string{{" -and ", " -or "}, {" -or ", " -and "}} {
		var rules []*Rule
		for r := range 5 {
			var terms []string
			for i := range 60 {
				terms = append(terms, fmt.Sprintf(`(device.extensionAttribute%d -contains "%d"%sdevice.model -contains "%d")`, i%15+1, i, signs[0], (i*7+r)%11))
			}
			rules = append(rules, parseAll(t, strings.Join(terms, signs[1]))...)
		}
		start := time.Now()
		devices, exact := Representatives(rules, 4096)
		if took := time.Since(start); exact || len(devices) != 7 || took > 10*time.Second {
			t.Errorf("%d devices, exact: %t, in %s", len(devices), exact, took)
		}
	}
}

// everyWord has all words of these letters up to a length.
func everyWord(letters string, most int) []string {
	words, longest := []string{""}, []string{""}
	for range most {
		var longer []string
		for _, w := range longest {
			for _, l := range letters {
				longer = append(longer, w+string(l))
			}
		}
		words, longest = append(words, longer...), longer
	}
	return words
}

// Every combination of answers that some device gives has to be that of a representative.
func TestRepresentativesLoseNothing(t *testing.T) {
	var texts []any
	for _, w := range everyWord("abz", 4) {
		texts = append(texts, w)
	}
	texts = append(texts, nil)
	lists := []any{nil, []string{}, []string{"a"}, []string{"b"}, []string{"a", "b"}, []string{"z"}}
	ids := []any{nil, intune, "z"}
	r := rand.New(rand.NewPCG(3, 4))
	constants := []string{"a", "b", "ab", "ba", "aa", "aba"}
	terms := func(attribute string) string {
		op := pick(r, "eq", "ne", "startsWith", "notStartsWith", "endsWith", "notEndsWith", "contains", "notContains")
		switch attribute {
		case "physicalIds":
			return "device.physicalIds -" + pick(r, "contains", "notContains") + ` "` + pick(r, "a", "b") + `"`
		case "isCompliant":
			return "device.isCompliant -" + pick(r, "eq", "ne") + pick(r, " True", " False", " null")
		case "trustType":
			return "device.trustType -" + pick(r, "eq", "ne") + ` "` + pick(r, "AzureAD", "ServerAD", "Workplace") + `"`
		case "mdmAppId":
			return "device.mdmAppId -" + pick(r, "eq", "ne") + ` "` + intune + `"`
		}
		if r.IntN(8) == 0 {
			return "device." + attribute + " -" + pick(r, "eq null", "ne null", `in ["a", "ab"]`, `notIn ["b"]`)
		}
		return "device." + attribute + " -" + op + ` "` + pick(r, constants...) + `"`
	}
	rounds := 250
	if testing.Short() {
		rounds = 40
	}
	for range rounds {
		// One text attribute at a time is enumerated; the others have few values.
		use := []string{pick(r, "model", "extensionAttribute3"), "physicalIds", "isCompliant", "trustType", "mdmAppId"}
		var rules []*Rule
		for range 1 + r.IntN(4) {
			text := terms(use[0])
			for range r.IntN(4) {
				text = pick(r, "", "-not ") + "(" + text + ")" + pick(r, " -and ", " -or ") + terms(pick(r, append(use, use[0], use[0])...))
			}
			rules = append(rules, parseAll(t, text)...)
		}
		devices, exact := Representatives(rules, 10_000)
		if !exact {
			t.Fatalf("%s: gave up", rules)
		}
		have := map[string]bool{}
		for _, d := range devices {
			key := combination(rules, d)
			if have[key] {
				t.Fatalf("%s: %s twice", rules, key)
			}
			have[key] = true
		}
		check := func(d Device) {
			if key := combination(rules, d); !have[key] {
				t.Fatalf("%s: lost %s, as of %+v", rules, key, d)
			}
		}
		check(Device{})
		for _, base := range registered() {
			for _, text := range texts {
				for _, list := range lists[:1+r.IntN(len(lists))] {
					for _, id := range ids {
						attributes := map[string]any{}
						for a, v := range map[string]any{strings.ToLower(use[0]): text, "physicalids": list, "mdmappid": id, isCompliant: base.Attributes[isCompliant]} {
							if v != nil {
								attributes[a] = v
							}
						}
						d := base
						d.Attributes = attributes
						check(d)
					}
				}
			}
		}
	}
}
