package report

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/guestward/guestward/collector/snapshot"
	"github.com/guestward/guestward/policies"
)

// SchemaVersion is the version of the JSON report. Members may be added to it; anything else makes a new version.
const SchemaVersion = 1

// SchemaJSON is the JSON Schema of the JSON report.
//
//go:embed schema.json
var SchemaJSON []byte

// The JSON report has types of its own: it is a promise, while the types of policies may change.

type jsonTool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

type jsonSnapshot struct {
	Name        string             `json:"name"`
	SHA256      string             `json:"sha256"`
	CollectedAt time.Time          `json:"collectedAt"`
	Collector   snapshot.Collector `json:"collector,omitzero"`
	Notes       []string           `json:"notes"`
}

func nameSnapshot(s Snapshot) jsonSnapshot {
	return jsonSnapshot{s.Name, s.SHA256, s.CollectedAt.UTC(), s.Collector, list(s.Notes)}
}

type jsonPeer struct {
	Tenant   Tenant       `json:"tenant"`
	Snapshot jsonSnapshot `json:"snapshot"`
}

type jsonRule struct {
	ID          string               `json:"id"`
	Aliases     []string             `json:"aliases"`
	Area        string               `json:"area"`
	Name        string               `json:"name"`
	Title       string               `json:"title"`
	Description string               `json:"description"`
	Rationale   string               `json:"rationale"`
	Severity    policies.Severity    `json:"severity"`
	Because     string               `json:"severityReason,omitempty"`
	Requires    []string             `json:"requires"`
	Peer        []string             `json:"peer,omitempty"`
	Licence     []string             `json:"licence"`
	Each        string               `json:"each,omitempty"`
	Settings    []string             `json:"settings"`
	Remediation policies.Remediation `json:"remediation"`
	Controls    map[string][]string  `json:"controls"`
	Links       []policies.Link      `json:"links"`
	Since       string               `json:"since"`
	Custom      bool                 `json:"custom"`
}

type jsonGap struct {
	Source     string `json:"source"`
	Reason     string `json:"reason"`
	Detail     string `json:"detail,omitempty"`
	Permission string `json:"permission,omitempty"`
	Code       string `json:"code,omitempty"`
}

type jsonFinding struct {
	Fingerprint string            `json:"fingerprint"`
	Path        string            `json:"path"`
	Resource    policies.Resource `json:"resource"`
	Message     string            `json:"message"`
	Location    *jsonLocation     `json:"location,omitempty"`
	Waived      *policies.Waived  `json:"waived,omitempty"`
}

type jsonLocation struct {
	File        string `json:"file"`
	StartLine   int    `json:"startLine"`
	StartColumn int    `json:"startColumn"`
	EndLine     int    `json:"endLine"`
	EndColumn   int    `json:"endColumn"`
	Exact       bool   `json:"exact"`
}

// JSON writes everything that is known, as one document. Findings are written as they come: there may be a million.
func JSON(w io.Writer, r *Report, _ Options) error {
	// Raw strings are kept as they are because harmlessJSON has escaped them.
	j := &jsonWriter{enc: jsontext.NewEncoder(w, jsontext.WithIndent("  "), jsontext.PreserveRawStrings(true))}
	j.token(jsontext.BeginObject)
	j.member("schemaVersion", SchemaVersion)
	j.member("tool", jsonTool{"guestward", r.Version})
	j.member("tenant", r.Tenant)
	j.member("snapshot", nameSnapshot(r.Snapshot))
	if len(r.Peers) > 0 {
		peers := make([]jsonPeer, len(r.Peers))
		for i, p := range r.Peers {
			peers[i] = jsonPeer{p.Tenant, nameSnapshot(p.Snapshot)}
		}
		j.member("peers", peers)
	}
	j.member("profile", r.Profile)
	summary := r.Summary()
	for _, s := range policies.Severities { // readers need not ask whether one is there
		summary.BySeverity[s] += 0
	}
	j.member("summary", summary)
	j.member("warnings", list(r.Warnings))
	if len(r.Frameworks) > 0 {
		frameworks := make([]jsonFramework, len(r.Frameworks))
		for i, f := range r.Frameworks {
			frameworks[i] = describeFramework(f)
		}
		j.member("frameworks", frameworks)
	}
	j.token(jsontext.String("results"))
	j.token(jsontext.BeginArray)
	for _, res := range r.Results {
		j.result(res)
	}
	j.token(jsontext.EndArray)
	j.token(jsontext.EndObject)
	return j.err
}

// jsonWriter writes members one by one and remembers the first error.
type jsonWriter struct {
	enc *jsontext.Encoder
	buf bytes.Buffer
	err error
}

func (j *jsonWriter) token(t jsontext.Token) {
	if j.err == nil {
		j.err = j.enc.WriteToken(t)
	}
}

func (j *jsonWriter) value(v any) {
	if j.err != nil {
		return
	}
	j.buf.Reset()
	enc := json.NewEncoder(&j.buf)
	enc.SetEscapeHTML(false)
	if j.err = enc.Encode(v); j.err == nil {
		j.err = j.enc.WriteValue(harmlessJSON(j.buf.Bytes()))
	}
}

func (j *jsonWriter) member(name string, v any) {
	j.token(jsontext.String(name))
	j.value(v)
}

func (j *jsonWriter) result(res policies.Result) {
	j.token(jsontext.BeginObject)
	j.member("rule", describe(res.Rule))
	j.member("status", res.Status)
	if res.Reason != "" {
		j.member("reason", res.Reason)
	}
	if g := res.Gap; g != nil {
		j.member("gap", jsonGap{g.Source, g.Reason, g.Detail, g.Permission, g.Code})
	}
	j.member("count", res.Count)
	j.member("waived", res.Waived)
	if res.Group != nil {
		j.member("group", flatten(*res.Group))
	}
	j.token(jsontext.String("findings"))
	j.token(jsontext.BeginArray)
	written := 0
	if res.Findings != nil {
		for f, err := range res.Findings.All() {
			if err != nil && j.err == nil {
				j.err = err
			}
			if j.err != nil {
				return
			}
			j.value(flatten(f))
			written++
		}
	}
	j.token(jsontext.EndArray)
	if written != res.Count && j.err == nil { // a short list would look like a complete one
		j.err = fmt.Errorf("%s: %d of %d findings are there to be written", res.Rule.ID, written, res.Count)
	}
	j.token(jsontext.String("notes"))
	j.token(jsontext.BeginArray)
	for _, f := range res.Notes {
		j.value(flatten(f))
	}
	j.token(jsontext.EndArray)
	j.token(jsontext.EndObject)
}

// describe is the rule as the JSON report holds it.
func describe(r *policies.Rule) jsonRule {
	requires := make([]string, len(r.Requires))
	for i, req := range r.Requires {
		requires[i] = req.String()
	}
	controls := r.Controls
	if controls == nil {
		controls = map[string][]string{}
	}
	return jsonRule{
		ID: r.ID, Aliases: list(r.Aliases), Area: r.Area, Name: r.Name, Title: r.Title, Description: r.Description,
		Rationale: r.Rationale, Severity: r.Severity, Because: r.Because, Requires: requires, Peer: r.Peer, Licence: list(r.Licence), Each: r.Each,
		Settings: list(r.Settings), Remediation: r.Remediation, Controls: controls, Links: list(r.Links), Since: r.Since,
		Custom: r.Custom,
	}
}

func flatten(f policies.Finding) jsonFinding {
	out := jsonFinding{f.Fingerprint, f.Path.Pointer(), f.Resource, f.Message, nil, f.Waived}
	if l := f.Location; l.Start.Line > 0 {
		out.Location = &jsonLocation{l.File, l.Start.Line, l.Start.Column, l.End.Line, l.End.Column, l.Exact}
	}
	return out
}

// list makes [] of nil, so that the document has no null.
func list[T any](l []T) []T {
	if l == nil {
		return []T{}
	}
	return l
}
