package main

import (
	"io"
	"os"
	"slices"

	"golang.org/x/term"
)

// streams are where the program reads and writes. Standard output is the report, standard error the talk.
type streams struct {
	in                    io.Reader
	out, err              io.Writer
	inTTY, outTTY, errTTY bool
	env                   func(string) string
}

func systemStreams() streams {
	return streams{
		in: os.Stdin, out: os.Stdout, err: os.Stderr, env: os.Getenv,
		inTTY: isTerminal(os.Stdin), outTTY: isTerminal(os.Stdout), errTTY: isTerminal(os.Stderr),
	}
}

func isTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

var colorChoices = []string{"auto", "always", "never"}

func checkColor(flag string) error {
	if !slices.Contains(colorChoices, flag) {
		return usagef("--color %q: expected auto, always or never", flag)
	}
	return nil
}

// color decides whether the report may use colours: the flag first, then NO_COLOR, FORCE_COLOR, the terminal.
// https://no-color.org and https://force-color.org
func (s streams) color(flag string) bool {
	switch {
	case flag == "always":
		return true
	case flag == "never", s.env("NO_COLOR") != "":
		return false
	case s.env("FORCE_COLOR") != "", s.env("CLICOLOR_FORCE") != "":
		return true
	default:
		return s.outTTY && s.env("TERM") != "dumb"
	}
}
