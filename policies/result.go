package policies

import (
	"fmt"
	"iter"
	"time"

	"github.com/guestward/guestward/collector/snapshot"
)

// Status is the verdict of one rule on one snapshot.
type Status string

// The statuses. Error is not a verdict: the rule could not be evaluated.
const (
	Pass          Status = "pass"
	Fail          Status = "fail"
	Unknown       Status = "unknown"
	NotApplicable Status = "not_applicable"
	Error         Status = "error"
)

// Statuses lists the statuses in the order in which people want to read them.
var Statuses = []Status{Fail, Error, Unknown, Pass, NotApplicable}

// Result is what one rule says of one snapshot.
type Result struct {
	Rule   *Rule
	Status Status
	// Reason says why the status is unknown, not_applicable or error; empty otherwise.
	Reason string
	// Gap is the hole in the snapshot that makes the status unknown, where there is one.
	Gap *snapshot.Source
	// Count is the number of findings; Findings yields them all, in the order of the snapshot.
	// Waived is how many of them are waived: shown, but they do not make the rule fail.
	Count    int
	Waived   int
	Findings Findings
	// Total is the number of elements that a population rule (Rule.Each) judged; 0 for other rules.
	Total int
	// Affected is how many elements of the collection a rule with each finds something wrong with: one may have several
	// findings.
	Affected int
	// Group is the one alert that stands for the findings of a population rule (Rule.Each); nil for other rules.
	Group *Finding
	// Notes are evidence that decides nothing.
	Notes []Finding
	// Took is the time that the evaluation took, summed over the cores.
	Took time.Duration
}

// Among tells how many elements so many of a population rule's findings are about: "3 of 24 guests", or "2 of 24 guests in
// 5 findings" where an element has several.
func (r *Result) Among(findings int) string {
	if r.Affected > 0 && findings > r.Affected {
		return fmt.Sprintf("%d of %d %s in %d findings", r.Affected, r.Total, r.Rule.Each, findings)
	}
	return fmt.Sprintf("%d of %d %s", findings, r.Total, r.Rule.Each)
}

// Finding is one thing that is wrong, at one place.
type Finding struct {
	// Path leads to the value from the root of the snapshot.
	Path snapshot.Path
	// Location is where the value stands in the file.
	Location snapshot.Location
	// Resource is the object that the value belongs to.
	Resource Resource
	// Message says what is wrong. It may quote the tenant's own text: every writer sanitises it.
	Message string
	// Fingerprint identifies the finding over time: 32 hexadecimal digits.
	Fingerprint string
	// Waived says why the finding is accepted; nil for a live one.
	Waived *Waived
}

// Resource identifies an object of the tenant by what does not change.
type Resource struct {
	Type string `json:"type"` // path of the object's collection or policy, such as conditionalAccess.policies
	ID   string `json:"id"`   // the object's own id; of a policy that exists once, the tenant's id
	Name string `json:"name,omitempty"`
}

// Waived is the decision to accept a finding.
type Waived struct {
	Reason  string `json:"reason"`
	Owner   string `json:"owner,omitempty"`
	Expires string `json:"expires"`
}

// Findings is a list that may be too long for memory: beyond its first elements it lies in a temporary file.
type Findings interface {
	// First returns up to n findings from the beginning.
	First(n int) []Finding
	// All yields every finding in order.
	All() iter.Seq2[Finding, error]
}
