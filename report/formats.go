package report

import (
	"fmt"
	"strings"
)

// Format is one way to write a report.
type Format struct {
	Name        string
	Description string // one line
	Write       Writer
	// AllFindings says that the format shows every finding, so that the evaluation must keep them all.
	AllFindings bool
}

// Formats lists the formats by name.
var Formats = []Format{
	{Name: "json", Description: "everything, for programs; 'guestward schema report' describes it", Write: JSON, AllFindings: true},
	{Name: "sarif", Description: "SARIF 2.1.0, for GitHub code scanning and other viewers", Write: SARIF},
	{Name: "table", Description: "findings as text, for people (default)", Write: Table},
}

// FormatNames lists the names of the formats.
func FormatNames() []string {
	names := make([]string, len(Formats))
	for i, f := range Formats {
		names[i] = f.Name
	}
	return names
}

// ParseFormat reads FORMAT or FORMAT=FILE. The file is "" for standard output.
func ParseFormat(text string) (f Format, file string, err error) {
	name, file, toFile := strings.Cut(text, "=")
	for _, f := range Formats {
		if f.Name != name {
			continue
		}
		if file == "-" { // as elsewhere
			file = ""
			return f, file, nil
		}
		if toFile && file == "" {
			return Format{}, "", fmt.Errorf("format %q: the name of the file is missing behind the =", text)
		}
		return f, file, nil
	}
	return Format{}, "", fmt.Errorf("format %q is not known: expected one of %s", name, strings.Join(FormatNames(), ", "))
}
