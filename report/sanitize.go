package report

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// Names of guests, sites and policies are chosen by people who may mean harm, and they end up in every report. This file
// takes the harm out of them, once for each kind of reader. It replaces rather than removes: whoever put an escape
// sequence into a name should be seen to have done so.

const (
	replacement = '\uFFFD'
	maxMarks    = 4 // combining marks on one letter; languages need fewer, and thousands of them hide the lines around
)

// Terminal makes text safe to print within one line of a terminal or of a CI log: no control character, nothing that
// reorders or hides text, no command to a CI runner.
func Terminal(s string) string { return disarm(oneLine(s)) }

// oneLine replaces what has an effect other than being seen: control characters (C0, C1, ESC), bidirectional and
// zero-width controls, by U+FFFD; line breaks and other space, by one space.
func oneLine(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) {
		return s // nearly all text is plain
	}
	var b strings.Builder
	b.Grow(len(s))
	marks := 0
	var last rune
	for _, r := range s {
		switch {
		case unicode.IsSpace(r): // with it U+0085, U+2028 and U+2029, which break lines
			if r, marks = ' ', 0; last == ' ' {
				continue
			}
		case (r == 0x200C || r == 0x200D) && last >= utf8.RuneSelf && last != replacement:
			continue // joiners shape Persian and Indic letters, and compose emoji: the parts can be read without them
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Cs):
			r, marks = replacement, 0
		case unicode.In(r, unicode.Mn, unicode.Me):
			if marks++; marks > maxMarks {
				continue
			}
		default:
			marks = 0
		}
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

// runnerCommand is what Azure Pipelines (##vso[), GitHub (##[) and TeamCity (##teamcity[) obey. The first two look for
// it anywhere in a line.
var runnerCommand = regexp.MustCompile(`##(\w*\[)`)

// disarm breaks up the commands that CI runners read from a log.
func disarm(line string) string {
	if strings.Contains(line, "##") {
		line = runnerCommand.ReplaceAllString(line, "## $1")
	}
	// GitHub obeys ::command:: at the beginning of a line, behind white space too.
	if rest, ok := strings.CutPrefix(strings.TrimLeft(line, " "), "::"); ok {
		line = line[:len(line)-len(rest)-2] + ": :" + rest
	}
	return line
}

// sarifText is tenant text within a message of SARIF. Brackets make links there (SARIF 2.1.0, 3.11.6).
func sarifText(s string, columns int) string {
	return sarifEscaper.Replace(clip(oneLine(s), columns))
}

var sarifEscaper = strings.NewReplacer(`\`, `\\`, `[`, `\[`, `]`, `\]`)

// harmlessJSON writes the characters of a JSON text that have an effect on a terminal or a CI runner as \u escapes: the
// values stay what they are, and the text can be printed.
func harmlessJSON(text []byte) []byte {
	if bytes.Contains(text, []byte("##")) {
		text = runnerCommand.ReplaceAll(text, []byte(`#\u0023$1`))
	}
	isASCII := !slices.ContainsFunc(text, func(c byte) bool { return c >= 0x7F }) // DEL counts as none of them
	if isASCII {
		return text
	}
	out := make([]byte, 0, len(text)+64)
	for _, r := range string(text) {
		if r < 0x7F || !unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) {
			out = utf8.AppendRune(out, r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			out = fmt.Appendf(out, `\u%04x`, unit)
		}
	}
	return out
}

// columns is how many columns of a terminal the text takes.
func columns(s string) int {
	n, last := 0, 0
	for _, r := range s {
		last = runeColumns(r, last)
		n += last
	}
	return n
}

// runeColumns is what the rune adds to the columns of what precedes it.
func runeColumns(r rune, preceding int) int {
	if r < 0x300 {
		return 1
	}
	if r == 0xFE0F && preceding == 1 { // asks for the emoji form of what precedes it, which is wide
		return 1
	}
	if unicode.In(r, unicode.Mn, unicode.Me) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// clip cuts text that takes more columns than that, and shows that it did.
func clip(s string, most int) string {
	if len(s) <= most || columns(s) <= most {
		return s
	}
	head, _ := cut(s, most-1)
	return strings.TrimRight(head, " ") + "…"
}

// cut splits text at the column, or before it where a wide character straddles it.
func cut(s string, at int) (head, tail string) {
	n, last := 0, 0
	for i, r := range s {
		last = runeColumns(r, last)
		if n += last; n > at {
			return s[:i], s[i:]
		}
	}
	return s, ""
}

// wrap breaks text into lines of at most so many columns, between words; a word is broken only if it is longer than a
// line.
func wrap(s string, most int) []string {
	var lines []string
	line, used := "", 0
	flush := func() {
		if line != "" {
			lines = append(lines, disarm(line))
		}
		line, used = "", 0
	}
	for _, word := range strings.Fields(s) {
		n := columns(word)
		if used > 0 && used+1+n > most {
			flush()
		}
		for n > most {
			var head string
			head, word = cut(word, most)
			if head == "" { // a wide character in a line of one column
				head, word = word, ""
			}
			lines = append(lines, disarm(head))
			n = columns(word)
		}
		if used > 0 {
			line, used = line+" ", used+1
		}
		line, used = line+word, used+n
	}
	flush()
	return lines
}
