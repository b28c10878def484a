package device

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/guestward/guestward/policies/access/truth"
)

// This file has a second way to the same answers, which shares no code with the first: a regular expression cuts the
// rule, two stacks evaluate it while it is read, and every value is a pair: the answer and that of its opposite.

var cut = regexp.MustCompile(`(?i)\s*(\(|\)|-?\b(?:and|or|not)\b|device\.(\w+)\s+-?(\w+)\s+(\[[^\]]*\]|"[^"]*"|'[^']*'|\$?\w+))`)

var constant = regexp.MustCompile(`"[^"]*"|'[^']*'`)

type pair struct{ it, opposite truth.Truth }

func second(rule string, d Device) truth.Truth {
	var values []pair
	var pending []string
	reduce := func() {
		op := pending[len(pending)-1]
		pending = pending[:len(pending)-1]
		top := &values[len(values)-1]
		if op == "not" {
			top.it, top.opposite = top.opposite, top.it
			return
		}
		under := &values[len(values)-2]
		if op == "and" {
			*under = pair{min(under.it, top.it), max(under.opposite, top.opposite)}
		} else {
			*under = pair{max(under.it, top.it), min(under.opposite, top.opposite)}
		}
		values = values[:len(values)-1]
	}
	binds := map[string]int{"or": 1, "and": 2, "not": 3}
	for _, m := range cut.FindAllStringSubmatch(rule, -1) {
		switch sign := strings.ToLower(strings.TrimPrefix(m[1], "-")); {
		case m[2] != "":
			values = append(values, secondTerm(strings.ToLower(m[2]), strings.ToLower(m[3]), m[4], d))
		case sign == "(" || sign == "not":
			pending = append(pending, sign)
		case sign == ")":
			for pending[len(pending)-1] != "(" {
				reduce()
			}
			pending = pending[:len(pending)-1]
		default:
			for len(pending) > 0 && binds[pending[len(pending)-1]] >= binds[sign] {
				reduce()
			}
			pending = append(pending, sign)
		}
	}
	for len(pending) > 0 {
		reduce()
	}
	if len(values) != 1 {
		panic(rule)
	}
	return values[0].it
}

// secondTerm looks at every case for itself.
func secondTerm(attribute, op, written string, d Device) pair {
	op, negative := strings.CutPrefix(op, "not")
	if op == "ne" {
		op, negative = "eq", true
	}
	var strs []string
	switch attribute {
	case "iscompliant":
		if d.Compliant {
			strs = []string{"TRUE"}
		} else if b, ok := d.Attributes["iscompliant"].(bool); ok && !b {
			strs = []string{"FALSE"}
		}
	case "trusttype":
		if d.TrustType != "" {
			strs = []string{d.TrustType}
		}
	default:
		switch v := d.Attributes[attribute].(type) {
		case string:
			strs = []string{v}
		case []string:
			strs = v
		}
	}
	null := len(strs) == 0
	isNull := strings.TrimPrefix(strings.ToLower(written), "$") == "null"
	extension := strings.HasPrefix(attribute, "ext")
	managed, _ := d.Attributes["mdmappid"].(string)
	unclear := false // whether extension attributes are there
	if extension && !d.Compliant && !d.Hybrid && !strings.EqualFold(managed, "0000000a-0000-0000-c000-000000000000") {
		unclear = true
		null = null || managed == ""
	}

	pattern := []string{}
	for _, c := range constant.FindAllString(written, -1) {
		pattern = append(pattern, regexp.QuoteMeta(c[1:len(c)-1]))
	}
	if len(pattern) == 0 {
		pattern = append(pattern, strings.TrimPrefix(written, "$"))
	}
	form := map[string]string{"startswith": "(?is)^(%s)", "endswith": "(?is)(%s)$", "contains": "(?is)(%s)"}[op]
	if form == "" || attribute == "physicalids" || attribute == "systemlabels" {
		form = "(?is)^(%s)$"
	}
	re := regexp.MustCompile(fmt.Sprintf(form, strings.Join(pattern, "|")))

	var p pair
	switch {
	case isNull && (!d.Registered || unclear):
		p = pair{truth.Maybe, truth.Maybe}
	case !d.Registered:
		p = pair{truth.No, truth.Yes}
	case isNull:
		p = pair{truth.Of(null), truth.Of(!null)}
	case null && unclear:
		p = pair{truth.No, truth.Maybe}
	case null:
		p = pair{truth.No, truth.Yes}
	default:
		holds := false
		for _, s := range strs {
			holds = holds || re.MatchString(s)
		}
		p = pair{truth.Of(holds), truth.Of(!holds)}
		if unclear {
			p = pair{min(p.it, truth.Maybe), truth.Maybe}
		}
	}
	if negative {
		p.it, p.opposite = p.opposite, p.it
	}
	return p
}

func pick[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }

// words are short, so that they meet.
func randomWord(r *rand.Rand, letters string, most int) string {
	var b strings.Builder
	for range r.IntN(most + 1) {
		b.WriteByte(letters[r.IntN(len(letters))])
	}
	return b.String()
}

func randomTerm(r *rand.Rand, letters string) string {
	quote := func(s string) string { return pick(r, `"`+s+`"`, `'`+s+`'`) }
	list := func(f func() string) string {
		items := []string{quote(f())}
		for range r.IntN(3) {
			items = append(items, quote(f()))
		}
		return "[" + strings.Join(items, pick(r, ",", ", ")) + "]"
	}
	constant := func() string { return randomWord(r, letters, 2) }
	attribute, op, value := "", "", ""
	switch r.IntN(8) {
	case 0:
		attribute, op, value = "isCompliant", pick(r, "eq", "ne"), pick(r, "True", `"true"`, "'False'", "false", "null", "$true")
	case 1:
		attribute, op, value = "trustType", pick(r, "eq", "ne"), quote(pick(r, "AzureAD", "ServerAD", "Workplace", "serverad"))
	case 2:
		attribute, op, value = "mdmAppId", pick(r, "eq", "ne"), quote(pick(r, intune, "other", ""))
	case 3:
		attribute, op, value = pick(r, "physicalIds", "systemLabels"), pick(r, "contains", "notContains"), quote(constant())
	default:
		attribute = pick(r, "model", "displayName", "extensionAttribute1", "extensionAttribute2")
		switch op = pick(r, "eq", "ne", "startsWith", "notStartsWith", "endsWith", "notEndsWith", "contains", "notContains", "in", "notIn"); op {
		case "in", "notIn":
			value = list(constant)
		case "eq", "ne":
			value = pick(r, quote(constant()), quote(constant()), "null", "$NULL")
		default:
			value = quote(constant())
		}
	}
	if r.IntN(3) == 0 {
		attribute, op = strings.ToUpper(attribute), strings.ToLower(op)
	}
	return "device." + attribute + pick(r, " ", "  ") + pick(r, "-", "") + op + " " + value
}

func randomRule(r *rand.Rand, letters string, depth int) string {
	if depth == 0 || r.IntN(4) == 0 {
		return randomTerm(r, letters)
	}
	switch r.IntN(4) {
	case 0:
		return pick(r, "-not ", "not ", "-NOT ") + "(" + randomRule(r, letters, depth-1) + ")"
	case 1:
		return "(" + randomRule(r, letters, depth-1) + ")"
	}
	return randomRule(r, letters, depth-1) + pick(r, " -and ", " and ", " -or ", " OR ", " -and -not ") + randomRule(r, letters, depth-1)
}

func randomDevice(r *rand.Rand, letters string) Device {
	if r.IntN(8) == 0 {
		return Device{}
	}
	d := Device{Registered: true, Compliant: r.IntN(2) == 0, TrustType: pick(r, "AzureAD", "ServerAD", "Workplace"), Attributes: map[string]any{}}
	d.Hybrid = d.TrustType == "ServerAD"
	if !d.Compliant && r.IntN(2) == 0 {
		d.Attributes["iscompliant"] = false
	}
	if r.IntN(2) == 0 {
		d.Attributes["mdmappid"] = pick(r, intune, strings.ToUpper(intune), "other", "x")
	}
	for _, a := range []string{"model", "displayname", "extensionattribute1", "extensionattribute2"} {
		if r.IntN(4) > 0 {
			d.Attributes[a] = pick(r, strings.ToUpper, strings.ToLower)(randomWord(r, letters, 4))
		}
	}
	for _, a := range []string{"physicalids", "systemlabels"} {
		list := []string{}
		for range r.IntN(3) {
			list = append(list, randomWord(r, letters, 2))
		}
		if r.IntN(3) > 0 {
			d.Attributes[a] = list
		}
	}
	return d
}

func TestSecondEvaluator(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	rules := 30_000
	if testing.Short() {
		rules = 3_000
	}
	var count [3]int
	for range rules {
		text := randomRule(r, "ab", 4)
		rule, err := Parse(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		again, err := Parse(rule.String())
		if err != nil {
			t.Fatalf("%s: %v", rule, err)
		}
		for range 4 {
			d := randomDevice(r, "ab")
			got, want := rule.Match(d), second(text, d)
			if got != want || again.Match(d) != got {
				t.Fatalf("%s\nof %+v\nis %s, printed %s, and the second evaluator says %s", text, d, got, again.Match(d), want)
			}
			count[got]++
		}
	}
	t.Log("no, maybe, yes:", count)
}
