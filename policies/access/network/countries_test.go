package network

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestCountries(t *testing.T) {
	every := strings.Fields(countries)
	if len(every) != 249 || !slices.IsSorted(every) || len(slices.Compact(every)) != 249 {
		t.Fatalf("%d countries", len(every))
	}
	for _, test := range []struct {
		locations []CountryList
		want      string
	}{
		{nil, `[] "AD"`},
		{[]CountryList{{}}, `[] "AD"`},
		{[]CountryList{{Codes: []string{"de", " AD ", "DE", ""}}}, `[] "AE", [0] "AD"`},
		{[]CountryList{{Codes: []string{"DE"}, IncludeUnknown: true}}, `[] "AD", [0] "DE"`},
		{[]CountryList{{IncludeUnknown: true}}, `[] "AD", [0] ""`},
		{[]CountryList{{Codes: []string{"FR", "DE"}}, {Codes: []string{"de", "US"}, IncludeUnknown: true}, {IncludeUnknown: true}},
			`[] "AD", [0] "FR", [0 1] "DE", [1] "US", [1 2] ""`},
		{[]CountryList{{Codes: every}}, `[] "", [0] "AD"`},
		{[]CountryList{{Codes: every, IncludeUnknown: true}}, `[0] "AD"`},
	} {
		var got []string
		for _, a := range Countries(test.locations) {
			got = append(got, fmt.Sprintf("%v %q", a.In, a.Example))
		}
		if strings.Join(got, ", ") != test.want {
			t.Errorf("%.100v\n got %s\nwant %s", test.locations, strings.Join(got, ", "), test.want)
		}
	}
}
