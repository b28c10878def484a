package graph

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode"

	"github.com/guestward/guestward/collector"
)

// refusal is an answer other than what was asked for.
type refusal struct {
	status        int
	code, message string
}

func (e *refusal) Error() string {
	s := fmt.Sprintf("%d %s", e.status, http.StatusText(e.status))
	if e.code != "" {
		s += ": " + e.code
	}
	if e.message != "" {
		s += ": " + e.message
	}
	return s
}

// noSegment says whether Graph, in this cloud, has no such path.
func (e *refusal) noSegment() bool {
	return e.status == http.StatusBadRequest && e.code == "BadRequest" && strings.HasPrefix(e.message, "Resource not found for the segment")
}

func newRefusal(status int, body []byte) *refusal {
	var problem struct {
		Error struct {
			Code    string `json:"code"`
			Message string `json:"message"`
		} `json:"error"`
	}
	_ = json.Unmarshal(body, &problem) // an answer in another form has neither code nor message
	return &refusal{status, clip(problem.Error.Code, 100), clip(problem.Error.Message, 240)}
}

// clip shortens the service's words, on one line and without what a terminal would obey.
func clip(s string, most int) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "..."
	}
	return s
}

// licenceCodes are the errors that stand for a missing licence, whatever their status.
// The first is told of a spurious kind too: https://github.com/microsoftgraph/msgraph-sdk-powershell/issues/2407
var licenceCodes = []string{
	"Authentication_RequestFromNonPremiumTenantOrB2CTenant",
	"NoLicense",
	"AadPremiumLicenseRequired",
}

func isLicence(err error) bool {
	var e *refusal
	return errors.As(err, &e) && slices.Contains(licenceCodes, e.code)
}

// gap says what an error of the source amounts to in the snapshot.
func (r *Reader) gap(err error, s *collector.Source, out *collector.Output) error {
	var e *refusal
	var g *collector.Gap
	if errors.As(err, &g) || !errors.As(err, &e) {
		return err
	}
	has, known := out.Licensed(s.Licence)
	made := &collector.Gap{Reason: collector.Failed, Code: e.code, Detail: e.Error()}
	switch {
	case slices.Contains(licenceCodes, e.code) && known && has:
		made.Detail = "Graph says that a licence is missing, but the tenant's subscriptions have it: " + made.Detail
	case slices.Contains(licenceCodes, e.code):
		made.Reason = collector.NoLicence
		if s.Licence != nil {
			made.Detail = joined("the tenant needs "+strings.Join(s.Licence, " or "), made.Detail)
		}
	case e.status == http.StatusTooManyRequests || e.status == http.StatusServiceUnavailable:
		made.Reason = collector.Throttled
	case e.status == http.StatusForbidden && s.Licence != nil && known && !has:
		// Governance interfaces say UnknownError or nothing for want of a licence.
		made.Reason = collector.NoLicence
		made.Detail = joined("the tenant has no "+strings.Join(s.Licence, " or "), made.Detail)
	case e.status == http.StatusForbidden && s.Lacking(r.Granted) == "":
		made.Detail = joined("refused although "+s.Permission()+" is granted; a directory role, a licence or a policy may be missing", made.Detail)
	case e.status == http.StatusForbidden:
		made.Reason, made.Permission = collector.NoPermission, s.Lacking(r.Granted)
	case e.status == http.StatusUnauthorized:
		made.Detail = "Graph does not accept the sign-in: " + made.Detail
	case e.status == http.StatusNotFound || e.noSegment():
		made.Reason = collector.Unavailable
	case e.status >= 300 && e.status < 400:
		made.Detail = "Graph sent elsewhere, which is not followed: " + made.Detail
	}
	return made
}

func joined(parts ...string) string { return strings.Join(parts, ": ") }

// isStatus says whether the error is an answer with the status.
func isStatus(err error, status int) bool {
	var e *refusal
	return errors.As(err, &e) && e.status == status
}
