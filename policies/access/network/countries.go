package network

import (
	"slices"
	"strings"
)

// CountryList is a location that is made of countries.
type CountryList struct {
	Codes          []string // ISO 3166-1 alpha-2, in any case
	IncludeUnknown bool     // has addresses whose country is not known
}

// CountryArea is all countries that are in the same locations.
type CountryArea struct {
	In      []int  // indexes of the locations, sorted
	Example string // a code, or "" for an unknown country
}

// Countries divides the countries, and the unknown one, by the locations that they are in. Each set of locations that has
// a country comes once, the empty set first. A country that no list names stands for all such.
func Countries(locations []CountryList) []CountryArea {
	lists := make([]map[string]bool, len(locations))
	named := map[string]bool{}
	for i, l := range locations {
		lists[i] = map[string]bool{"": l.IncludeUnknown}
		for _, code := range l.Codes {
			if code = strings.ToUpper(strings.TrimSpace(code)); code != "" {
				lists[i][code], named[code] = true, true
			}
		}
	}
	examples := make([]string, 0, len(named)+2)
	for code := range named {
		examples = append(examples, code)
	}
	slices.Sort(examples)
	for _, code := range strings.Fields(countries) {
		if !named[code] {
			examples = append(examples, code)
			break
		}
	}
	examples = append(examples, "") // last, so that a set with a country has a country as its example

	var areas []CountryArea
	seen := map[string]bool{}
	for _, code := range examples {
		in := []int{}
		for i := range lists {
			if lists[i][code] {
				in = append(in, i)
			}
		}
		if key := signature(in); !seen[key] {
			seen[key] = true
			areas = append(areas, CountryArea{In: in, Example: code})
		}
	}
	slices.SortFunc(areas, func(a, b CountryArea) int { return slices.Compare(a.In, b.In) })
	return areas
}

// countries are the codes of ISO 3166-1 alpha-2.
const countries = `
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF
CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH
GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW
KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG
NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN
SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT
ZA ZM ZW`
