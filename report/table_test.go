package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/guestward/guestward/policies"
)

func table80(t *testing.T, r *Report, o Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := Table(&b, r, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTableGolden(t *testing.T) {
	golden(t, "report.table.txt", []byte(table80(t, fixture(), Options{})))
	golden(t, "report.verbose.txt", []byte(table80(t, fixture(), Options{Verbose: true})))
}

func TestTableFitsAndColourChangesNothingElse(t *testing.T) {
	plain := table80(t, fixture(), Options{Verbose: true})
	for line := range strings.Lines(plain) {
		if n := columns(strings.TrimSuffix(line, "\n")); n > lineColumns {
			t.Errorf("%d columns: %s", n, line)
		}
		if line != "\n" && strings.HasSuffix(line, " \n") {
			t.Errorf("space at the end: %q", line)
		}
	}
	colour := table80(t, fixture(), Options{Verbose: true, Color: true})
	if colour == plain || colourings.ReplaceAllString(colour, "") != plain {
		t.Error("colour does more than colouring")
	}
}

func TestTableSaysWhatTheCountsMean(t *testing.T) {
	result := func(status policies.Status, waived int) policies.Result {
		return policies.Result{Rule: fixtureRule("GST-001", policies.High, "Title"), Status: status, Waived: waived, Count: waived, Reason: "why"}
	}
	for _, test := range []struct {
		name    string
		results []policies.Result
		want    string
	}{
		{"nothing", nil, "No rule was asked, so nothing was judged."},
		{"clean", []policies.Result{result(policies.Pass, 0)}, "Nothing fails."},
		{"waived", []policies.Result{result(policies.Pass, 2)}, "Nothing fails, with 2 findings waived."},
		{"unknown", []policies.Result{result(policies.Pass, 0), result(policies.Unknown, 0)}, "this is not an all-clear."},
		{"error", []policies.Result{result(policies.Pass, 0), result(policies.Error, 0)}, "this is not an all-clear."},
		{"only unknown", []policies.Result{result(policies.Unknown, 0)}, "Nothing could be judged: the tenant may be wide open."},
		{"only not applicable", []policies.Result{result(policies.NotApplicable, 0)}, "No rule applies to this tenant, so nothing was judged."},
		{"fail and unknown", []policies.Result{result(policies.Fail, 0), result(policies.Unknown, 0)}, "There may be more: 1 rule could not be judged."},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := table80(t, &Report{Results: test.results}, Options{})
			if flat := strings.Join(strings.Fields(got), " "); !strings.HasSuffix(flat, test.want) {
				t.Errorf("got\n%s\nwant at its end: %s", got, test.want)
			}
		})
	}
}

func TestTableGroupsUnknownRulesByCause(t *testing.T) {
	got := table80(t, fixture(), Options{})
	if n := strings.Count(got, "no permission to read it"); n != 1 {
		t.Errorf("the same gap is told %d times", n)
	}
	for _, want := range []string{"missing sharePoint.tenant sharePoint.sites", "needs   SharePointTenantSettings.Read.All"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing", want)
		}
	}
}
