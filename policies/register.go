package policies

import (
	"cmp"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/guestward/guestward/policies/partners"
)

// What the schema of settings takes.
var (
	tenantID   = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
	domainName = regexp.MustCompile(`^(\*\.)?[^\s*@]+$`)
)

// maxRegisterName is how much of a name that somebody else chose goes into a register.
const maxRegisterName = 120

// FirstRegister writes a register of partners for a human to correct: every organisation of the matrix that is not in one
// yet, and that something names or external users come from, at least so many. It is a settings file that loads. Nobody
// owns an entry and all are due for review on the day of the snapshot, so that XTA-007 fails until somebody has looked.
// It returns how many entries it wrote.
func (c *Catalogue) FirstRegister(w io.Writer, m *partners.Matrix, s *Settings, day string, leastGuests int) (int, error) {
	var consumer []string
	if err := s.decode("domains.consumer", &consumer); err != nil {
		return 0, err
	}
	var b strings.Builder
	fmt.Fprintf(&b, `# The register of partners: a first one, of %s, made from what the tenant lets in by name
# and from the external users it has. Correct every entry, above all what is marked TODO:
#   owner      who answers for the organisation; empty is a finding (XTA-007)
#   relation   same_organisation, supplier or customer
#   review_by  the last day before somebody looks again
#   allow      what is open today. Take out what should not be, and close it in the tenant.
# Use it with: guestward scan tenant.json --settings partners.yaml
`, day)
	isConsumer := map[string]bool{}
	for _, d := range consumer {
		isConsumer[strings.ToLower(d)] = true
	}
	var few, private int
	list := ""
	n := 0
	for _, row := range m.Rows {
		entry := firstEntry(row)
		switch {
		case row.Entry != nil, entry.TenantID == "" && len(entry.Domains) == 0:
			continue
		case row.TenantID == "" && !slices.ContainsFunc(entry.Domains, func(d string) bool { return !isConsumer[d] }):
			private++
			continue
		case !row.Named() && (row.Guests == nil || *row.Guests < leastGuests):
			few++
			continue
		}
		n++
		list += entryText(entry, row, day)
	}
	if private > 0 {
		fmt.Fprintf(&b, "# Left out: domains where anybody can have an address (domains.consumer): %d\n", private)
	}
	if few > 0 {
		fmt.Fprintf(&b, "# Left out: organisations that nothing names, with too few external users: %d\n", few)
	}
	if n == 0 {
		b.WriteString("partners: []\n")
	} else {
		b.WriteString("partners:\n" + list)
	}
	if _, err := c.Settings("", SettingsFile{"the new register", []byte(b.String())}); err != nil {
		return 0, fmt.Errorf("%w (leave out organisations with few external users)", err)
	}
	_, err := io.WriteString(w, b.String())
	return n, err
}

// firstEntry is what the tenant has of a row today.
func firstEntry(row *partners.Row) partners.Entry {
	e := partners.Entry{Name: row.Name}
	if tenantID.MatchString(row.TenantID) {
		e.TenantID = row.TenantID
	}
	for _, d := range row.Domains {
		if domainName.MatchString(d) {
			e.Domains = append(e.Domains, d)
		}
	}
	for _, l := range partners.Layers {
		open := len(row.Layers[l.Name].Places) > 0 || l.Allow == "guests" && row.Guests != nil && *row.Guests > 0
		if open && !slices.Contains(e.Allow, l.Allow) {
			e.Allow = append(e.Allow, l.Allow)
		}
	}
	return e
}

// entryText is an entry as YAML. Texts that others chose stand in quotes, with everything escaped that is not plainly
// visible: what strconv.Quote writes is a double-quoted scalar of YAML as well.
func entryText(e partners.Entry, row *partners.Row, day string) string {
	var b strings.Builder
	guests := "how many external users come from it is not known"
	if row.Guests != nil {
		guests = fmt.Sprintf("external users: %d", *row.Guests)
	}
	fmt.Fprintf(&b, "  # %s\n", guests)
	lead := "  - "
	line := func(format string, args ...any) {
		fmt.Fprintf(&b, lead+format+"\n", args...)
		lead = "    "
	}
	if e.TenantID != "" {
		line("tenant_id: %s", strconv.Quote(e.TenantID))
	}
	if len(e.Domains) > 0 {
		quoted := make([]string, len(e.Domains))
		for i, d := range e.Domains {
			quoted[i] = strconv.Quote(d)
		}
		line("domains: [%s]", strings.Join(quoted, ", "))
	}
	name := []rune(cmp.Or(e.Name, row.ID))
	line("name: %s", strconv.Quote(string(name[:min(len(name), maxRegisterName)])))
	line(`owner: "" # TODO`)
	line("# TODO relation: same_organisation, supplier or customer")
	line(`purpose: "" # TODO`)
	line("review_by: %s # TODO", strconv.Quote(day))
	line("allow: [%s]", strings.Join(e.Allow, ", "))
	return b.String()
}
