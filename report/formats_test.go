package report

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestFormatsAreSortedAndDescribed(t *testing.T) {
	if !slices.IsSorted(FormatNames()) {
		t.Errorf("not sorted: %v", FormatNames())
	}
	for _, f := range Formats {
		if f.Name == "" || f.Description == "" || f.Write == nil {
			t.Errorf("incomplete: %+v", f)
		}
	}
}

func TestParseFormat(t *testing.T) {
	for _, test := range []struct{ in, name, file, err string }{
		{"table", "table", "", ""},
		{"sarif=out.sarif", "sarif", "out.sarif", ""},
		{"json=a=b", "json", "a=b", ""},
		{"json=", "", "", "the name of the file is missing"},
		{"SARIF", "", "", "expected one of"},
		{"=x", "", "", "expected one of"},
	} {
		f, file, err := ParseFormat(test.in)
		if test.err != "" {
			if err == nil || !strings.Contains(err.Error(), test.err) {
				t.Errorf("%s: error %v, want %q", test.in, err, test.err)
			}
			continue
		}
		if err != nil || f.Name != test.name || file != test.file {
			t.Errorf("%s: %s, %q, %v", test.in, f.Name, file, err)
		}
	}
}

// Every format must take every report, give the same bytes for the same report, and hold nothing that does harm.
func TestEveryFormat(t *testing.T) {
	for _, f := range Formats {
		t.Run(f.Name, func(t *testing.T) {
			write := func(r *Report) string {
				var b bytes.Buffer
				if err := f.Write(&b, r, Options{Root: ".", Verbose: true}); err != nil {
					t.Fatal(err)
				}
				return b.String()
			}
			got := write(fixture())
			if got != write(fixture()) {
				t.Error("two runs differ")
			}
			slower := fixture()
			for i := range slower.Results {
				slower.Results[i].Took += time.Hour
			}
			if got != write(slower) {
				t.Error("depends on how long it took")
			}
			if !strings.HasSuffix(got, "\n") || strings.HasSuffix(got, "\n\n") {
				t.Error("does not end with one newline")
			}
			harmless(t, got)
			if empty := write(&Report{}); empty == "" {
				t.Error("an empty report gives nothing")
			}
		})
	}
}

func TestWritersReturnErrors(t *testing.T) {
	for _, f := range Formats {
		if err := f.Write(full{}, fixture(), Options{}); err == nil {
			t.Errorf("%s: a full disk goes unnoticed", f.Name)
		}
		r := fixture()
		for i := range r.Results {
			if l, ok := r.Results[i].Findings.(fewFindings); ok && len(l) > 0 && r.Results[i].Group == nil {
				r.Results[i].Findings = brokenFindings{l}
			}
		}
		if err := f.Write(new(bytes.Buffer), r, Options{}); err == nil {
			t.Errorf("%s: findings that cannot be read go unnoticed", f.Name)
		}
	}
}
