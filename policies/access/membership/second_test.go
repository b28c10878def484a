package membership

import (
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/guestward/guestward/policies/access/truth"
)

// This file has a second way to the same answers, which shares no code with the first: it rewrites the text of the rule,
// from the inside out, until one digit is left. A digit from 0 to 8 stands for an answer and that of its opposite.

func digit(it, opposite truth.Truth) string { return strconv.Itoa(3*int(it) + int(opposite)) }

func answers(d string) (it, opposite truth.Truth) {
	n, err := strconv.Atoi(d)
	if err != nil || n > 8 {
		panic(d)
	}
	return truth.Truth(n / 3), truth.Truth(n % 3)
}

var (
	quantifier = regexp.MustCompile(`(?i)user\.(\w+) -?(any|all) \(([^()]*)\)`)
	comparison = regexp.MustCompile(`(?i)(user\.\w+|\b_|group\.\w+|plan\.\w+) -?(\w+) (\[[^\]]*\]|"[^"]*"|'[^']*'|\$?\w+)`)
	innermost  = regexp.MustCompile(`\(([^()]*)\)`)
	constant   = regexp.MustCompile(`"[^"]*"|'[^']*'`)
	connective = regexp.MustCompile(`(?i) -?(and|or) `)
	negation   = regexp.MustCompile(`(?i)-?not (\d)`)
)

func second(rule string, user func(string) Value, memberOf func(string) truth.Truth) truth.Truth {
	rule = quantifier.ReplaceAllStringFunc(rule, func(s string) string {
		m := quantifier.FindStringSubmatch(s)
		name, all, cond := strings.ToLower(m[1]), strings.EqualFold(m[2], "all"), m[3]
		if name == "memberof" {
			return groupsSecond(cond, memberOf)
		}
		v := user(name)
		if !v.Known || (v.List == nil && !v.Null) {
			return "4"
		}
		texts := make([]Value, len(v.List))
		for i := range v.List {
			texts[i] = Value{Known: true, Text: v.List[i]}
		}
		if len(texts) == 0 {
			it, opposite := answers(flat(cond, func(string) Value { return Value{Known: true, Null: true} }))
			empty := truth.Of(all)
			if it != empty {
				it = truth.Maybe
			}
			if opposite != truth.Not(empty) {
				opposite = truth.Maybe
			}
			return digit(it, opposite)
		}
		var parts []string
		for _, text := range texts {
			parts = append(parts, flat(cond, func(name string) Value {
				if name == "_" {
					return text
				}
				return Value{}
			}))
		}
		return flat(strings.Join(parts, map[bool]string{true: " and ", false: " or "}[all]), nil)
	})
	for innermost.MatchString(rule) {
		rule = innermost.ReplaceAllStringFunc(rule, func(s string) string { return flat(s[1:len(s)-1], user) })
	}
	it, _ := answers(flat(rule, user))
	return it
}

// flat rewrites a rule without parentheses.
func flat(rule string, value func(string) Value) string {
	rule = comparison.ReplaceAllStringFunc(rule, func(s string) string {
		m := comparison.FindStringSubmatch(s)
		return leaf(value(strings.TrimPrefix(strings.ToLower(m[1]), "user.")), strings.ToLower(m[2]), m[3])
	})
	for negation.MatchString(rule) {
		rule = negation.ReplaceAllStringFunc(rule, func(s string) string {
			it, opposite := answers(s[len(s)-1:])
			return digit(opposite, it)
		})
	}
	words := strings.Fields(connective.ReplaceAllStringFunc(rule, func(s string) string { return strings.ToLower(strings.ReplaceAll(s, "-", "")) }))
	or, orNot := truth.No, truth.Yes
	and, andNot := truth.Yes, truth.No
	for _, w := range append(words, "or") {
		switch w {
		case "and":
		case "or":
			or, orNot = max(or, and), min(orNot, andNot)
			and, andNot = truth.Yes, truth.No
		default:
			it, opposite := answers(w)
			and, andNot = min(and, it), max(andNot, opposite)
		}
	}
	return digit(or, orNot)
}

func groupsSecond(cond string, memberOf func(string) truth.Truth) string {
	ids := regexp.MustCompile(`(?i)^group\.objectId -?(in|eq) (.*)$`).FindStringSubmatch(cond)
	if ids == nil || connective.MatchString(cond) || !constant.MatchString(cond) {
		return "4"
	}
	best := truth.No
	for _, id := range constant.FindAllString(ids[2], -1) {
		best = max(best, memberOf(id[1:len(id)-1]))
	}
	return digit(best, truth.Yes-best)
}

// leaf looks at every case for itself.
func leaf(v Value, op, written string) string {
	if v.OneOf != nil && !v.Known {
		set := map[string]bool{}
		its, opposites := map[truth.Truth]bool{}, map[truth.Truth]bool{}
		for _, one := range v.OneOf {
			d := leaf(one, op, written)
			it, opposite := answers(d)
			set[d], its[it], opposites[opposite] = true, true, true
		}
		it, opposite := truth.Maybe, truth.Maybe
		for only := range its {
			if len(its) == 1 {
				it = only
			}
		}
		for only := range opposites {
			if len(opposites) == 1 {
				opposite = only
			}
		}
		return digit(it, opposite)
	}
	op, negative := strings.CutPrefix(op, "not")
	if op == "ne" {
		op, negative = "eq", true
	}
	it, opposite := truth.Maybe, truth.Maybe
	texts := v.List
	if v.Flag != nil {
		texts = []string{strconv.FormatBool(*v.Flag)}
	} else if v.List == nil && v.Text != "" {
		texts = []string{v.Text}
	}
	var constants []string
	for _, c := range constant.FindAllString(written, -1) {
		constants = append(constants, c[1:len(c)-1])
	}
	if constants == nil {
		constants = []string{written}
	}
	switch toNull := strings.EqualFold(strings.Trim(written, "$"), "null"); {
	case toNull && v.Known && v.Null:
		it, opposite = truth.Yes, truth.No
	case toNull && (v.Known && len(texts) > 0 || !v.Known && (v.NotNull || v.Contains != nil)):
		it, opposite = truth.No, truth.Yes
	case toNull:
	case v.Known && len(texts) == 0:
		if !negative && found("", op, constants) == truth.No {
			it = truth.No
		}
	case v.Known:
		it = found(texts[0], op, constants)
		for _, s := range texts {
			if found(s, op, constants) != it {
				it = truth.Maybe
			}
		}
		opposite = truth.Yes - it
	default:
		it, opposite = guess(v, op, negative, constants)
	}
	if negative {
		it, opposite = opposite, it
	}
	return digit(it, opposite)
}

// found is a regular expression whatever the operator is.
func found(s, op string, constants []string) truth.Truth {
	if op == "le" || op == "ge" {
		if s == "" {
			return truth.No
		}
		return truth.Maybe
	}
	best := truth.No
	for _, c := range constants {
		if op != "match" {
			c = map[string]string{"startswith": "^", "eq": "^", "in": "^"}[op] + regexp.QuoteMeta(c) + map[string]string{"endswith": "$", "eq": "$", "in": "$"}[op]
		} else if strings.Contains(c, `\`) || strings.Contains(s, "ü") {
			return truth.Maybe
		}
		best = max(best, truth.Of(regexp.MustCompile("(?i)"+c).MatchString(s)))
	}
	return best
}

// guess knows of a text only the parts that it has and lacks.
func guess(v Value, op string, negative bool, constants []string) (it, opposite truth.Truth) {
	impossible := 0
	for _, c := range constants {
		upper := strings.ToUpper(c)
		certain, never := false, false
		for _, part := range v.Contains {
			part = strings.ToUpper(part)
			certain = certain || op == "contains" && strings.Contains(part, upper)
			certain = certain || op == "match" && !strings.ContainsAny(c, "^$") && found(part, op, []string{c}) == truth.Yes
			never = never || (op == "eq" || op == "in") && !strings.Contains(upper, part)
		}
		for _, part := range v.Lacks {
			plain := op != "match" || regexp.QuoteMeta(c) == c
			never = never || plain && op != "le" && op != "ge" && strings.Contains(upper, strings.ToUpper(part))
		}
		if certain {
			return truth.Yes, truth.No
		}
		if never {
			impossible++
		}
	}
	if impossible < len(constants) {
		return truth.Maybe, truth.Maybe
	}
	if v.NotNull || v.Contains != nil {
		return truth.No, truth.Yes
	}
	if negative {
		return truth.Maybe, truth.Maybe
	}
	return truth.No, truth.Maybe
}

func pick[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }

var alphabet = []string{"", "a", "b", "ab", "ba", "aa", "aab", "#", "#a", "b#", "true", "a#b"}

func randomComparison(r *rand.Rand, property string) string {
	quote := func(s string) string { return pick(r, `"`+s+`"`, `'`+s+`'`) }
	op := pick(r, "eq", "ne", "startsWith", "notStartsWith", "endsWith", "notEndsWith", "contains", "notContains", "match", "notMatch", "in", "notIn", "le", "ge")
	value := quote(pick(r, alphabet...))
	switch op {
	case "in", "notIn":
		value = "[" + value + ", " + quote(pick(r, alphabet...)) + "]"
	case "eq", "ne":
		value = pick(r, value, value, "null", "$null", "true", "False")
	case "match", "notMatch":
		value = quote(pick(r, "a", "#", "^a", "b$", "a.*b", ".*", "^$", "#?a", `\x61`, "[ab]", "a#", "a|#"))
	}
	if r.IntN(4) == 0 {
		op = strings.ToUpper(op)
	}
	return property + " " + pick(r, "-", "") + op + " " + value
}

func randomTerm(r *rand.Rand) string {
	switch r.IntN(8) {
	case 0:
		return "(user.memberOf -any (group.objectId " + pick(r, "-in ['1', '2']", "-in ['3']", "-eq '2'", "-ne '1'", "-in ['4', '3']") + "))"
	case 1, 2:
		cond := randomComparison(r, pick(r, "_", "_", "plan.service"))
		for r.IntN(3) == 0 {
			cond += pick(r, " -and ", " -or ", " -and -not ") + randomComparison(r, pick(r, "_", "plan.state"))
		}
		return "(user." + pick(r, properties...) + pick(r, " -any (", " all (") + cond + "))"
	}
	return randomComparison(r, "user."+pick(r, properties...))
}

func randomRule(r *rand.Rand, depth int) string {
	if depth == 0 || r.IntN(4) == 0 {
		return randomTerm(r)
	}
	switch r.IntN(4) {
	case 0:
		return pick(r, "-not ", "not ", "-NOT ") + "(" + randomRule(r, depth-1) + ")"
	case 1:
		return "(" + randomRule(r, depth-1) + ")"
	}
	return randomRule(r, depth-1) + pick(r, " -and ", " and ", " -or ", " OR ", " -and -not ") + randomRule(r, depth-1)
}

var properties = []string{"p0", "p1", "P2", "p3"}

func randomKnown(r *rand.Rand) Value {
	b := r.IntN(2) == 0
	switch r.IntN(6) {
	case 0:
		return Value{Known: true, Null: true}
	case 1:
		return Value{Known: true, Flag: &b}
	case 2:
		list := []string{}
		for range r.IntN(4) {
			list = append(list, pick(r, alphabet[1:]...))
		}
		return Value{Known: true, List: list}
	}
	return Value{Known: true, Text: pick(r, append(alphabet, "ü", "aüb")...)}
}

func randomValue(r *rand.Rand) Value {
	switch r.IntN(8) {
	case 0:
		return Value{}
	case 1:
		return Value{OneOf: []Value{randomKnown(r), randomKnown(r)}}
	case 2:
		return Value{NotNull: true}
	case 3:
		return Value{Contains: []string{pick(r, "#", "a#b")}}
	case 4:
		return Value{Lacks: []string{pick(r, "#", "ab")}, NotNull: r.IntN(2) == 0}
	}
	return randomKnown(r)
}

// subjectOf has the same values at every look.
func subjectOf(r *rand.Rand) map[string]Value {
	user := map[string]Value{}
	for _, p := range properties {
		user[strings.ToLower(p)] = randomValue(r)
	}
	return user
}

func memberOf(id string) truth.Truth {
	return map[string]truth.Truth{"1": truth.No, "2": truth.Maybe, "3": truth.Yes}[id]
}

func TestSecondEvaluator(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	rules := 30_000
	if testing.Short() {
		rules = 3_000
	}
	var count [3]int
	for range rules {
		text := randomRule(r, 3)
		rule, err := Parse(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		again, err := Parse(rule.String())
		if err != nil {
			t.Fatalf("%s: %v", rule, err)
		}
		for range 4 {
			values := subjectOf(r)
			user := func(property string) Value { return values[property] }
			got, want := rule.Match(user, memberOf), second(text, user, memberOf)
			if got != want || again.Match(user, memberOf) != got {
				t.Fatalf("%s\nof %+v\nis %s, printed %s, and the second evaluator says %s", text, values, got, again.Match(user, memberOf), want)
			}
			count[got]++
		}
	}
	t.Log("no, maybe, yes:", count)
}

// complete is a value that there may be, of which v is what is known.
func complete(r *rand.Rand, v Value) Value {
	if v.Known {
		return v
	}
	if len(v.OneOf) > 0 {
		return pick(r, v.OneOf...)
	}
	for {
		full := randomKnown(r)
		if v.Contains != nil || v.Lacks != nil {
			full = Value{Known: true, Text: pick(r, alphabet...) + pick(r, alphabet...) + pick(r, alphabet...)}
			if !v.NotNull && v.Contains == nil && r.IntN(3) == 0 {
				full = Value{Known: true, Null: true}
			}
		}
		fits := !v.NotNull || full.null() == truth.No
		for _, part := range v.Contains {
			fits = fits && strings.Contains(full.Text, part)
		}
		for _, part := range v.Lacks {
			fits = fits && !strings.Contains(full.Text, part)
		}
		if fits {
			return full
		}
	}
}

// What is certain of an account of which little is known has to be so however the rest turns out.
func TestNothingIsCertainTooEarly(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	rules := 20_000
	if testing.Short() {
		rules = 2_000
	}
	for range rules {
		text := randomRule(r, 2)
		rule, err := Parse(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		values := subjectOf(r)
		got := rule.Match(func(property string) Value { return values[property] }, memberOf)
		for range 10 {
			full := map[string]Value{}
			for name, v := range values {
				full[name] = complete(r, v)
			}
			then := rule.Match(func(property string) Value { return full[property] }, memberOf)
			if got != truth.Maybe && then != truth.Maybe && then != got {
				t.Fatalf("%s\nof %+v\nis %s, and of %+v it is %s", text, values, got, full, then)
			}
		}
	}
}
