package report

import (
	"encoding/json"
	"io"

	"github.com/guestward/guestward/policies"
)

// jsonFramework is a framework, control by control.
type jsonFramework struct {
	Key      string        `json:"key"`
	Title    string        `json:"title"`
	Version  string        `json:"version,omitempty"`
	URL      string        `json:"url,omitempty"`
	Controls []jsonControl `json:"controls"`
}

type jsonControl struct {
	ID         string            `json:"id"`
	Title      string            `json:"title,omitempty"`
	Status     policies.Status   `json:"status,omitempty"` // of a scan
	NotCovered string            `json:"notCovered,omitempty"`
	Rules      []jsonControlRule `json:"rules"`
	Conflicts  []jsonConflict    `json:"conflicts"`
}

type jsonControlRule struct {
	ID       string            `json:"id"`
	Severity policies.Severity `json:"severity"`
	Status   policies.Status   `json:"status,omitempty"` // of a scan
}

type jsonConflict struct {
	Rule      string         `json:"rule"`
	Subject   string         `json:"subject"`
	Setting   string         `json:"setting"`
	Positions []jsonPosition `json:"positions"`
}

type jsonPosition struct {
	Controls []string `json:"controls"`
	Source   string   `json:"source,omitempty"`
	Says     string   `json:"says"`
	Profiles []string `json:"profiles"`
	Default  bool     `json:"default"`
}

// FrameworkJSON writes the controls of a framework with the rules that decide them, in the form that a JSON report has
// them, without the statuses.
func FrameworkJSON(w io.Writer, f policies.Framework, controls []policies.ControlRules) error {
	out := frameworkHead(f)
	for _, c := range controls {
		out.Controls = append(out.Controls, describeControl(c))
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(out)
}

func frameworkHead(f policies.Framework) jsonFramework {
	return jsonFramework{Key: f.Key, Title: f.Title, Version: f.Version, URL: f.URL, Controls: []jsonControl{}}
}

// describeFramework is a framework as the JSON report holds it.
func describeFramework(f policies.FrameworkResult) jsonFramework {
	out := frameworkHead(f.Framework)
	for _, c := range f.Results {
		control := describeControl(c.ControlRules)
		control.Status = c.Status
		for i := range control.Rules {
			control.Rules[i].Status = policies.NotAsked
			for _, res := range c.Results {
				if res.Rule.ID == control.Rules[i].ID {
					control.Rules[i].Status = res.Status
				}
			}
		}
		out.Controls = append(out.Controls, control)
	}
	return out
}

func describeControl(c policies.ControlRules) jsonControl {
	out := jsonControl{ID: c.ID, Title: c.Title, NotCovered: c.NotCovered, Rules: []jsonControlRule{}, Conflicts: []jsonConflict{}}
	for _, r := range c.Rules {
		out.Rules = append(out.Rules, jsonControlRule{ID: r.ID, Severity: r.Severity})
	}
	for _, conflict := range c.Conflicts {
		j := jsonConflict{Rule: conflict.Rule, Subject: conflict.Subject, Setting: conflict.Setting}
		for _, p := range conflict.Positions {
			j.Positions = append(j.Positions, jsonPosition{list(p.Controls), p.Source, p.Says, list(p.Profiles), p.Default()})
		}
		out.Conflicts = append(out.Conflicts, j)
	}
	return out
}
