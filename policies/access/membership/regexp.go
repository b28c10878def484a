package membership

import (
	"regexp"
	resyntax "regexp/syntax"
	"strings"

	"github.com/guestward/guestward/policies/access/truth"
)

// matches says whether the expression is found anywhere in a text: "ago" finds Lagos, says
// https://learn.microsoft.com/entra/identity/users/groups-dynamic-rule-more-efficient. It is maybe where the expressions
// of .NET, which we take the service to use, may differ from Go's.
func matches(s, expression string) truth.Truth {
	re, ok := compile(expression)
	if !ok || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) {
		return truth.Maybe
	}
	return truth.Of(re.MatchString(s))
}

// compile reads an expression that means the same in .NET.
func compile(expression string) (re *regexp.Regexp, ok bool) {
	for _, differs := range []string{"(?", "[[", "-["} {
		if strings.Contains(expression, differs) {
			return nil, false
		}
	}
	for i := 0; i < len(expression); i++ {
		if c := expression[i]; c < ' ' || c > '~' {
			return nil, false
		}
		if expression[i] == '\\' && i+1 < len(expression) {
			i++
			if c := expression[i]; isAlphanumeric(c) && !strings.ContainsRune("dDwWsSbB", rune(c)) {
				return nil, false
			}
		}
	}
	re, err := regexp.Compile("(?i)" + expression)
	return re, err == nil
}

func isAlphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z'
}

// matchesWithin says whether the expression is found in every text that has this part: it is found in the part itself, and
// does not look at what is around.
func matchesWithin(part, expression string) bool {
	if matches(part, expression) != truth.Yes {
		return false
	}
	tree, err := resyntax.Parse(expression, resyntax.Perl)
	return err == nil && !looksAround(tree)
}

func looksAround(tree *resyntax.Regexp) bool {
	switch tree.Op {
	case resyntax.OpBeginLine, resyntax.OpEndLine, resyntax.OpBeginText, resyntax.OpEndText, resyntax.OpWordBoundary, resyntax.OpNoWordBoundary:
		return true
	}
	for _, sub := range tree.Sub {
		if looksAround(sub) {
			return true
		}
	}
	return false
}

// literal is the text that the expression finds, if it is no more than a text.
func literal(expression string) string {
	if _, ok := compile(expression); !ok {
		return ""
	}
	text, complete := regexp.MustCompile(expression).LiteralPrefix()
	if !complete {
		return ""
	}
	return text
}
