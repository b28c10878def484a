package policies

import "slices"

// Severity ranks what a failing rule means.
type Severity string

// The severities, worst first.
const (
	Critical Severity = "critical"
	High     Severity = "high"
	Medium   Severity = "medium"
	Low      Severity = "low"
	Info     Severity = "info"
)

// Severities lists the severities, worst first.
var Severities = []Severity{Critical, High, Medium, Low, Info}

// Rank is 0 for the worst severity and grows as they get milder.
func (s Severity) Rank() int { return slices.Index(Severities, s) }

// AtLeast says whether s is as bad as other, or worse.
func (s Severity) AtLeast(other Severity) bool { return s.Rank() <= other.Rank() }

// Rule is one entry of the catalogue: what the METADATA of a rule package says.
type Rule struct {
	ID          string
	Aliases     []string // ids that the rule had before; they select it still and are never given to another
	Area        string   // the folder above the rule's, such as sharepoint
	Name        string   // the rule's folder
	Title       string
	Description string
	Rationale   string
	Severity    Severity
	Because     string        // why this severity: who could do what, from where, with what effort
	Requires    []Requirement // what the snapshot must hold for the rule to be asked
	Uses        []Requirement // what the rule reads besides, where the snapshot holds it
	Peer        []string      // what the rule reads of peers, of PeerPaths
	Licence     []string      // service plans of which the control needs one
	Each        string        // the collection of which the rule judges every element, or ""
	Settings    []string      // the settings that the rule reads, dotted
	Remediation Remediation
	Controls    map[string][]string // framework key to control ids
	Links       []Link
	Since       string
	Custom      bool // from --policy rather than built in
	Notes       bool // it gives notes, evidence that decides nothing
	Unknowns    bool // it tells values that it cannot judge
	asksModel   bool // calls the builtins of the model of access
	asksReach   bool // or those of the model of reach
}

// Remediation says how to mend what the rule finds, in three forms.
type Remediation struct {
	Portal     string `json:"portal"`
	Graph      string `json:"graph"`
	PowerShell string `json:"powershell"`
}

// Link is a page that explains the subject.
type Link struct {
	URL   string `json:"url"`
	Title string `json:"title,omitempty"`
}
