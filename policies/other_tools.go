package policies

import (
	"bytes"

	"gopkg.in/yaml.v3"
)

// OtherTools is where the published logic of other tools and guestward come to different answers (testdata/other_tools.yaml).
// The tests evaluate it, and a page is made of it; nothing else reads it.
type OtherTools struct {
	Tools    []OtherTool  `yaml:"tools"`
	Rows     []Difference `yaml:"rows"`
	NotShown []Omission   `yaml:"not_shown"`
}

// OtherTool is a tool, and the commit at which its sources were read.
type OtherTool struct {
	Name       string `yaml:"name"`
	Repository string `yaml:"repository"`
	Commit     string `yaml:"commit"`
	Date       string `yaml:"date"`
}

// Difference is a tenant about which a check of another tool and a rule disagree.
type Difference struct {
	Tool    string `yaml:"tool"`
	Check   string `yaml:"check"`
	Mistake string `yaml:"mistake"`
	Answers string `yaml:"answers"` // what the check says by its logic
	Rule    string `yaml:"rule"`
	Status  Status `yaml:"status"` // what the rule says

	// The tenant: the hardened one, with these settings over its own, no policies of Conditional Access on but those of the
	// indexes (unless there is no list of them), and these changes: dotted paths with their new values.
	Settings string         `yaml:"settings"`
	Only     Indexes        `yaml:"only"`
	Change   map[string]any `yaml:"change"`
}

// Omission is a weakness of another tool of which no tenant can tell, or about which no rule is.
type Omission struct {
	Tool    string `yaml:"tool"`
	Check   string `yaml:"check"`
	Mistake string `yaml:"mistake"`
	Reason  string `yaml:"reason"`
}

// Indexes is a list of indexes, which may be written as the only one of them. It is nil when it is not there.
type Indexes []int

// UnmarshalYAML reads 3 as [3].
func (l *Indexes) UnmarshalYAML(node *yaml.Node) error {
	var one int
	if node.Decode(&one) == nil {
		*l = Indexes{one}
		return nil
	}
	*l = Indexes{}
	return node.Decode((*[]int)(l))
}

// ReadOtherTools reads testdata/other_tools.yaml. A key that it does not know is an error.
func ReadOtherTools(data []byte) (OtherTools, error) {
	var tools OtherTools
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	return tools, d.Decode(&tools)
}
