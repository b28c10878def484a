package report

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

func TestTerminal(t *testing.T) {
	for _, test := range []struct{ name, in, want string }{
		{"plain", "Zoë Müller", "Zoë Müller"},
		{"wide", "山田太郎 🦊", "山田太郎 🦊"},
		{"colour", "\x1b[31mred", "\uFFFD[31mred"},
		{"title of the window", "\x1b]0;x\x07", "\uFFFD]0;x\uFFFD"},
		{"C1 control", "a\u009b2J", "a\uFFFD2J"},
		{"delete", "a\x7fb", "a\uFFFDb"},
		{"not UTF-8", "a\xffb", "a\uFFFDb"},
		{"right-to-left override", "exe\u202Egnp", "exe\uFFFDgnp"},
		{"isolates and marks", "\u2066a\u2069\u200E\u200F\u061C", "\uFFFDa\uFFFD\uFFFD\uFFFD\uFFFD"},
		{"zero width", "a\u200Bb\uFEFFc\u2060", "a\uFFFDb\uFFFDc\uFFFD"},
		{"joiner in a Latin word", "ad\u200Dmin", "ad\uFFFDmin"},
		{"joiner in a Persian word", "علی\u200Cرضا", "علیرضا"},
		{"joiner in an emoji", "👩\u200D💻", "👩💻"},
		{"hidden tags", "a\U000E0041", "a\uFFFD"},
		{"line breaks", "a\r\nb\u2028c\u0085d\te", "a b c d e"},
		{"pile of marks", "Z" + strings.Repeat("\u0310", 200) + "a", "Z\u0310\u0310\u0310\u0310a"},
		{"GitHub command", "::error::x", ": :error::x"},
		{"GitHub command behind space", " \n ::error::x", " : :error::x"},
		{"colons elsewhere", "fe80::1", "fe80::1"},
		{"legacy GitHub command", "x ##[error]y", "x ## [error]y"},
		{"Azure command", "x ##VSO[task.complete]", "x ## VSO[task.complete]"},
		{"many signs", "####[error]", "#### [error]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := Terminal(test.in); got != test.want {
				t.Errorf("Terminal(%q) = %q, want %q", test.in, got, test.want)
			}
		})
	}
}

func TestSARIFText(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"[click](https://evil.example)", `\[click\](https://evil.example)`},
		{`DOMAIN\user`, `DOMAIN\\user`},
		{"a\nb\x00", "a b\uFFFD"},
		{strings.Repeat("x", 10000), strings.Repeat("x", 39) + "…"},
		{strings.Repeat("[", 41), strings.Repeat(`\[`, 39) + "…"}, // cut first: half an escape would eat what follows
	} {
		if got := sarifText(test.in, 40); got != test.want {
			t.Errorf("sarifText(%.50q) = %q, want %q", test.in, got, test.want)
		}
	}
}

func TestClip(t *testing.T) {
	for _, test := range []struct {
		in   string
		most int
		want string
	}{
		{"short", 5, "short"},
		{"longer", 5, "long…"},
		{"cut behind a word", 5, "cut…"},
		{"山田太郎", 8, "山田太郎"},
		{"山田太郎", 7, "山田太…"},
		{"山田太郎", 6, "山田…"},
		{"e\u0301e\u0301e\u0301", 3, "e\u0301e\u0301e\u0301"},
		{"☎\uFE0Fab", 3, "☎\uFE0F…"},
	} {
		if got := clip(test.in, test.most); got != test.want {
			t.Errorf("clip(%q, %d) = %q, want %q", test.in, test.most, got, test.want)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, test := range []struct {
		in   string
		most int
		want string // lines joined by |
	}{
		{"", 10, ""},
		{"one two three", 7, "one two|three"},
		{"one  two\nthree", 20, "one two three"},
		{"a verylongword b", 6, "a|verylo|ngword|b"},
		{"山田太郎 x", 5, "山田|太郎|x"},
		{"山", 1, "山"},
		{"say ::error::x", 10, "say|: :error::x"}, // a wrapped line begins a line
		{"aaaa::bb::c", 4, "aaaa|: :bb|: :c"},
	} {
		if got := strings.Join(wrap(test.in, test.most), "|"); got != test.want {
			t.Errorf("wrap(%q, %d) = %q, want %q", test.in, test.most, got, test.want)
		}
	}
}

func TestHarmlessJSONKeepsTheValue(t *testing.T) {
	in, err := json.Marshal(hostile + "\u2028\x7f ## heading")
	if err != nil {
		t.Fatal(err)
	}
	out := harmlessJSON(in)
	var before, after string
	if json.Unmarshal(in, &before) != nil || json.Unmarshal(out, &after) != nil || before != after {
		t.Errorf("%q became %q", before, after)
	}
	harmless(t, string(out))
	if !strings.Contains(string(out), "## heading") {
		t.Error("a heading of Markdown was escaped")
	}
}

var (
	command    = regexp.MustCompile(`(?m)^\s*::|##\w*\[`)
	colourings = regexp.MustCompile("\x1b\\[[0-9;]*m")
)

// harmless fails the test when text holds what a terminal or a CI runner would obey.
func harmless(t *testing.T, text string) {
	t.Helper()
	if m := command.FindString(text); m != "" {
		t.Errorf("a CI runner would obey %q", m)
	}
	for i, r := range text {
		if r != '\n' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) {
			t.Fatalf("control character %U in %q", r, text[max(0, i-40):i])
		}
	}
}
