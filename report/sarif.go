package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/owenrumney/go-sarif/v2/sarif"

	"github.com/guestward/guestward/collector/snapshot"
	"github.com/guestward/guestward/policies"
)

// GitHub refuses a file as a whole when one result breaks its rules, and says little about why. Its limits are in
// https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support
const (
	maxResults     = 25_000 // in a run
	maxTags        = 10     // of a rule that are shown
	maxDescription = 1024
	maxRuleName    = 255
	maxMessage     = 1000 // ours: a message is read next to a line of code

	homepage = "https://github.com/guestward/guestward"
)

// SARIF writes the live findings of the failing rules as SARIF 2.1.0. Waived findings are left out: code scanning would
// open alerts for them. A rule about a population makes one result.
func SARIF(w io.Writer, r *Report, o Options) error {
	s := &sarifWriter{places: places{root: o.Root, known: map[string]string{}}, seen: map[string]string{}}
	run, err := s.run(r)
	if err != nil {
		return fmt.Errorf("sarif: %w", err)
	}
	log, err := sarif.New(sarif.Version210)
	if err != nil {
		return err
	}
	log.Schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	log.AddRun(run)
	return writeSARIF(w, log)
}

// writeSARIF replaces the library's own writing, which leaves nulls that make the file invalid, escapes for HTML and
// ends without a newline.
func writeSARIF(w io.Writer, log *sarif.Report) error {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(log); err != nil {
		return err
	}
	out := jsontext.NewEncoder(w, jsontext.WithIndent("  "), jsontext.PreserveRawStrings(true))
	return copyWithoutNulls(out, jsontext.NewDecoder(bytes.NewReader(harmlessJSON(buf.Bytes()))))
}

// copyWithoutNulls copies one document and leaves out members that are null.
func copyWithoutNulls(out *jsontext.Encoder, in *jsontext.Decoder) error {
	for {
		var err error
		switch kind := in.PeekKind(); kind {
		case jsontext.KindBeginObject, jsontext.KindEndObject, jsontext.KindBeginArray, jsontext.KindEndArray:
			var t jsontext.Token
			if t, err = in.ReadToken(); err == nil {
				err = out.WriteToken(t)
			}
		case jsontext.KindInvalid: // the end, or an error
			if _, err = in.ReadToken(); errors.Is(err, io.EOF) {
				return nil
			}
		default:
			holder, n := in.StackIndex(in.StackDepth())
			isName := holder == jsontext.KindBeginObject && n%2 == 0
			var v jsontext.Value // as it is spelt: harmlessJSON has escaped it
			if v, err = in.ReadValue(); err != nil {
				return err
			}
			v = v.Clone()
			if isName && in.PeekKind() == jsontext.KindNull {
				err = in.SkipValue()
			} else {
				err = out.WriteValue(v)
			}
		}
		if err != nil {
			return err
		}
	}
}

type sarifWriter struct {
	places places
	seen   map[string]string // rule by fingerprint
}

func (s *sarifWriter) run(r *Report) (*sarif.Run, error) {
	driver := sarif.NewDriver("guestward").WithInformationURI(homepage)
	if r.Version != "" {
		driver.WithVersion(r.Version)
	}
	if v := strings.TrimPrefix(r.Version, "v"); semanticVersion.MatchString(v) {
		driver.SemanticVersion = &v
	}
	index := map[*policies.Rule]int{}
	for _, res := range r.Results {
		index[res.Rule] = len(driver.Rules)
		driver.Rules = append(driver.Rules, sarifRule(res.Rule))
	}
	run := sarif.NewRun(sarif.Tool{Driver: driver})
	run.WithColumnKind("utf16CodeUnits")
	// The category of the alerts: everything before the last slash. A scan of another tenant must not close them.
	run.WithAutomationDetails(sarif.NewRunAutomationDetails().WithID("guestward/" + segment(r.Tenant.ID, "tenant") + "/"))
	run.Properties = sarif.Properties{"snapshotSha256": r.Snapshot.SHA256, "collectedAt": r.Snapshot.CollectedAt.UTC()}
	if r.Profile != "" {
		run.Properties["profile"] = r.Profile
	}

	expected := 0
	var notifications []*sarif.Notification
	for _, res := range r.WorstFirst() {
		i := index[res.Rule]
		switch res.Status {
		case policies.Fail:
			n, err := s.results(run, res, i)
			if err != nil {
				return nil, err
			}
			expected += n
		case policies.Unknown:
			notifications = append(notifications, notification("warning", res, i, "could not be judged"))
		case policies.Error:
			notifications = append(notifications, notification("error", res, i, "could not be evaluated"))
		}
	}
	if missing := expected - len(run.Results); missing > 0 {
		text := fmt.Sprintf("%d of %d findings are left out: code scanning takes %d. The JSON report has them all.", missing, expected, maxResults)
		notifications = append(notifications, sarif.NewNotification().WithLevel("warning").WithTextMessage(text))
	}
	// Unsuccessful when something was not judged: a reader must not take an absent result for a fixed one.
	complete := !slices.ContainsFunc(r.Results, func(res policies.Result) bool {
		return res.Status == policies.Unknown || res.Status == policies.Error
	})
	invocation := run.AddInvocation(complete)
	invocation.ToolExecutionNotifications = notifications
	return run, nil
}

// https://semver.org
var semanticVersion = regexp.MustCompile(`^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$`)

// notification tells why a rule has no verdict.
func notification(level string, res policies.Result, index int, what string) *sarif.Notification {
	text := fmt.Sprintf("%s (%s) %s: %s", res.Rule.ID, res.Rule.Title, what, res.Reason)
	if res.Gap != nil && res.Gap.Permission != "" {
		text += ". The permission " + res.Gap.Permission + " would close the gap."
	}
	return sarif.NewNotification().WithLevel(level).WithTextMessage(sarifText(text, maxMessage)).
		WithAssociatedRule(sarif.NewReportingDescriptorReference().WithId(res.Rule.ID).WithIndex(index))
}

// results adds the results of a failing rule as far as there is room, and returns how many there should be.
func (s *sarifWriter) results(run *sarif.Run, res policies.Result, index int) (int, error) {
	add := func(f policies.Finding) error {
		if len(run.Results) == maxResults {
			return nil
		}
		result, err := s.result(res.Rule, index, f)
		run.Results = append(run.Results, result)
		return err
	}
	if res.Group != nil {
		return 1, add(*res.Group)
	}
	if res.Findings == nil {
		return 0, fmt.Errorf("%s fails without a finding", res.Rule.ID)
	}
	for f, err := range res.Findings.All() {
		if err != nil {
			return 0, err
		}
		if f.Waived != nil {
			continue
		}
		if err := add(f); err != nil {
			return 0, err
		}
		if len(run.Results) == maxResults {
			break
		}
	}
	return res.Count - res.Waived, nil
}

func (s *sarifWriter) result(rule *policies.Rule, index int, f policies.Finding) (*sarif.Result, error) {
	// What GitHub would refuse, or would silently merge, is a mistake of ours: better no file than that.
	at := fmt.Sprintf("%s at %s", rule.ID, f.Path.Pointer())
	if f.Fingerprint == "" {
		return nil, fmt.Errorf("%s has no fingerprint", at)
	}
	if other, twice := s.seen[f.Fingerprint]; twice {
		return nil, fmt.Errorf("%s and %s have the same fingerprint", other, at)
	}
	s.seen[f.Fingerprint] = at
	l := f.Location
	if l.File == "" || l.Start.Line < 1 || l.Start.Column < 1 {
		return nil, fmt.Errorf("%s has no location", at)
	}
	// One line only: in a pull request an alert shows when all its lines are part of the change.
	endColumn := l.Start.Column + 1
	if l.End.Line == l.Start.Line && l.End.Column > l.Start.Column {
		endColumn = l.End.Column
	}
	message := sarifText(headline(f), maxMessage)
	if message == "" {
		return nil, fmt.Errorf("%s has no message", at)
	}

	physical := sarif.NewPhysicalLocation().
		WithArtifactLocation(sarif.NewSimpleArtifactLocation(s.places.uri(l.File))).
		WithRegion(sarif.NewRegion().WithStartLine(l.Start.Line).WithStartColumn(l.Start.Column).
			WithEndLine(l.Start.Line).WithEndColumn(endColumn))
	location := sarif.NewLocationWithPhysicalLocation(physical)
	if len(f.Path) > 0 {
		location.AddLogicalLocations(sarif.NewLogicalLocation().WithFullyQualifiedName(oneLine(f.Path.Dotted())).WithKind(pathKind(f.Path)))
	}
	result := sarif.NewRuleResult(rule.ID).
		WithRuleIndex(index).
		WithLevel(sarifLevel(rule.Severity)).
		WithMessage(sarif.NewTextMessage(message)).
		WithLocations([]*sarif.Location{location}).
		WithPartialFingerPrints(map[string]any{
			"primaryLocationLineHash": f.Fingerprint + ":1", // the one that GitHub uses
			"guestward/v1":            f.Fingerprint,
		})
	result.Properties = sarif.Properties{
		"pointer": f.Path.Pointer(), "resourceType": f.Resource.Type, "resourceId": f.Resource.ID,
	}
	return result, nil
}

// pathKind is what SARIF 3.33.7 calls the place in a JSON document.
func pathKind(p snapshot.Path) string {
	if _, isMember := p[len(p)-1].(string); isMember {
		return "property"
	}
	return "value"
}
