package access

import (
	_ "embed"
	"strings"

	"github.com/guestward/guestward/policies/access/truth"
)

// microsoftServices is the tenant that owns Microsoft's own applications.
const microsoftServices = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"

// firstParty is what is known of one of Microsoft's applications.
type firstParty struct {
	name                    string
	office365, adminPortals truth.Truth
	management              bool // a policy for Azure management reaches it too
}

//go:embed apps.tsv
var appsTSV string

// appTable has Microsoft's applications by id.
var appTable = readApps(appsTSV)

func readApps(tsv string) map[string]firstParty {
	table := map[string]firstParty{}
	for _, line := range strings.Split(tsv, "\n") {
		f := append(strings.Split(line, "\t"), "")
		if strings.HasPrefix(line, "#") || len(f) < 5 {
			continue
		}
		table[f[0]] = firstParty{f[1], factOf(f[2]), factOf(f[3]), f[4] == "management"}
	}
	return table
}
