package syntax

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

type kind int

const (
	end   kind = iota
	punct      // ( ) [ ] ,
	word       // a property, an operator, a literal that needs no quotes
	text       // a quoted string
)

type token struct {
	kind kind
	text string // what is meant: of a quoted string, without quotes and escapes
	dash bool   // a word that a dash begins
	at   int    // byte offset
}

// String is how an error calls it.
func (t token) String() string {
	switch t.kind {
	case end:
		return "the end of the rule"
	case text:
		return "a string"
	}
	name := t.text
	if t.dash {
		name = "-" + name
	}
	if runes := []rune(name); len(runes) > 40 {
		name = string(runes[:40]) + "…"
	}
	return fmt.Sprintf("%q", name)
}

// isDash accepts the dashes of word processors too: Microsoft's own examples have them.
func isDash(r rune) bool { return r == '-' || r == '–' || r == '—' }

func startsWord(r rune) bool {
	return r == '_' || r == '$' || r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// lex cuts the rule into tokens; the last one is its end.
func lex(rule string) ([]token, error) {
	var tokens []token
	for at := 0; at < len(rule); {
		r, size := utf8.DecodeRuneInString(rule[at:])
		next, nextSize := utf8.DecodeRuneInString(rule[at+size:])
		switch {
		case unicode.IsSpace(r):
			at += size
		case strings.ContainsRune("()[],", r):
			tokens = append(tokens, token{kind: punct, text: string(r), at: at})
			at += size
		case r == '"' || r == '\'':
			s, length, ok := unquote(rule[at:])
			if !ok {
				return nil, errorAt(rule, at, "a closing quotation mark", "none")
			}
			tokens = append(tokens, token{kind: text, text: s, at: at})
			at += length
		case isDash(r) && nextSize > 0 && startsWord(next):
			length := wordLength(rule[at+size:])
			tokens = append(tokens, token{kind: word, dash: true, text: rule[at+size : at+size+length], at: at})
			at += size + length
		case startsWord(r):
			length := wordLength(rule[at:])
			tokens = append(tokens, token{kind: word, text: rule[at : at+length], at: at})
			at += length
		default:
			return nil, errorAt(rule, at, "a property, an operator or a value", fmt.Sprintf("%q", r))
		}
	}
	return append(tokens, token{kind: end, at: len(rule)}), nil
}

// wordLength is that of the word at the start of s. A word that begins with a digit is a number or a time, which have
// more signs.
func wordLength(s string) int {
	more := "_$."
	if s[0] >= '0' && s[0] <= '9' {
		more = "_$.:+-"
	}
	for i, r := range s {
		if !startsWord(r) && !strings.ContainsRune(more, r) {
			return i
		}
	}
	return len(s)
}

// unquote reads the string at the start of s. Its own quotation mark stands in it doubled, or after \ or `.
func unquote(s string) (value string, length int, ok bool) {
	quote := s[0]
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == quote && (i+1 == len(s) || s[i+1] != quote):
			return b.String(), i + 1, true
		case i+1 < len(s) && s[i+1] == quote && (s[i] == quote || s[i] == '\\' || s[i] == '`'):
			i++
		}
		b.WriteByte(s[i])
	}
	return "", 0, false
}

// quoted is what unquote reads as s. A string that was read never ends in a \ or a `, so the closing mark is one.
func quoted(s string) string { return `"` + strings.ReplaceAll(s, `"`, `\"`) + `"` }

// errorAt names the column, in characters from 1.
func errorAt(rule string, at int, expected, found string) error {
	return fmt.Errorf("column %d: expected %s, found %s", utf8.RuneCountInString(rule[:at])+1, expected, found)
}
